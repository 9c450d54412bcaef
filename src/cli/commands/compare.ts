import type { Command } from 'commander';
import { compare, type Subject } from '../../explain/index.ts';
import {
  type CompareReport,
  compareToHtml,
  compareToJson,
  compareToMarkdown,
  type RenderOptions,
  renderCompare,
} from '../../report/index.ts';
import type { ReplicationRunner } from '../../simulate/index.ts';
import { commandLine, quoted } from '../command-line.ts';
import { exitStatus } from '../exit-status.ts';
import { type LoadedPlan, loadPlan } from '../load.ts';
import { checkNamed } from '../named.ts';
import { addOutputOptions, addProfileOption, addWorkersOption, readWholeNumber } from '../options.ts';
import { pooled } from '../pooled.ts';
import { checkOutput, save, show, write } from '../report-output.ts';
import type { Shell } from '../shell.ts';
import { defaultWorkers } from '../worker-pool.ts';

const EXAMPLES = `
Examples:
  tenfold compare shop.yaml with-cache.yaml
  tenfold compare shop.yaml@HEAD~1 shop.yaml          two revisions of one file, from git
  tenfold compare shop.yaml@main shop.yaml --md       Markdown, for a pull request
  tenfold compare a.yaml b.yaml --scenario zone-gone  what a fault does to each`;

interface CompareFlags {
  readonly scenario?: string;
  readonly pairs?: number;
  readonly seed: number;
  readonly workers?: number;
  readonly profile?: string;
  readonly md?: true;
  readonly html?: string;
  readonly json?: true;
  readonly output?: string;
}

/** `tenfold compare`: designs, or revisions of one, on common random numbers. */
export function addCompare(program: Command, shell: Shell): void {
  const command = program
    .command('compare <design> <others...>')
    .summary('what another design, or revision, changes: paired differences with intervals')
    .description(
      'Runs designs on common random numbers and says what each changes against the first: every traffic, goal, station, cost and availability, with the interval of the difference, and single points of failure that come or go. A design can be a revision in git: shop.yaml@HEAD~1.',
    )
    .option('--scenario <name>', 'lay a scenario over all of them, which each has to have')
    .option('--pairs <n>', 'pairs of runs (default: 10)', readWholeNumber(3, 1000))
    .option('--seed <n>', 'seed of the random streams', readWholeNumber(0, 2 ** 40), 1)
    .option('--md', 'print Markdown')
    .option('--html <file>', 'also write a page with charts: one file that needs no network');
  addWorkersOption(command);
  addProfileOption(command);
  addOutputOptions(command);
  command
    .addHelpText('after', EXAMPLES)
    .action(async (first: string, others: readonly string[], flags: CompareFlags) => {
      const names = [first, ...others];
      for (const name of names) {
        checkOutput(flags.output, name, shell);
        checkOutput(flags.html, name, shell);
      }
      const loaded: LoadedPlan[] = [];
      for (const name of names) {
        const design = await loadPlan(name, flags.profile, shell);
        if (design === null) return;
        checkNamed(design.plan, 'scenario', design.plan.scenarios, flags.scenario);
        loaded.push(design);
      }
      const { seed, pairs, scenario, profile, workers = defaultWorkers() } = flags;
      let progress = { done: 0, of: 1 };
      const report = await withRunners(
        loaded,
        { workers, text: () => progressText(progress) },
        shell,
        (runners) =>
          compare(
            loaded.map(
              ({ plan, kinds }, at): Subject => ({ name: names[at]!, plan, kinds, runner: runners[at]! }),
            ),
            {
              seed,
              version: shell.version,
              command: commandLine(
                ['compare', ...names],
                [
                  ['--scenario', scenario],
                  ['--pairs', pairs],
                  ['--seed', seed],
                  ['--profile', profile],
                ],
              ),
              onProgress: (done, of) => {
                progress = { done, of };
              },
              ...(pairs === undefined ? {} : { pairs }),
              ...(scenario === undefined ? {} : { scenario }),
            },
          ),
      );
      deliver(report, flags, shell);
      if (flags.html !== undefined) await savePage(report, flags.html, shell);
    });
}

const progressText = ({ done, of }: { readonly done: number; readonly of: number }): string =>
  `run ${done + 1} of ${of}`;

/** Work on runners of several designs: one for all that bring no parts of their own, since threads import those. */
async function withRunners<T>(
  loaded: readonly LoadedPlan[],
  pool: { readonly workers: number; readonly text: () => string },
  shell: Shell,
  work: (runners: readonly ReplicationRunner[]) => Promise<T>,
): Promise<T> {
  const modules = [...new Set(loaded.map(({ module }) => module))];
  const found = new Map<string | null, ReplicationRunner>();
  const open = (at: number): Promise<T> => {
    if (at === modules.length) return work(loaded.map(({ module }) => found.get(module)!));
    const { own, module } = loaded.find((each) => each.module === modules[at])!;
    return pooled(
      { own, module },
      {
        ...pool,
        work: (runner) => {
          found.set(module, runner);
          return open(at + 1);
        },
      },
      shell,
    );
  };
  return open(0);
}

/** The page carries the command that writes it again. */
async function savePage(report: CompareReport, file: string, shell: Shell): Promise<void> {
  const command = `${report.command} --html ${quoted(file)}`;
  write(file, await compareToHtml({ ...report, command }), shell);
}

function deliver(report: CompareReport, flags: CompareFlags, shell: Shell): void {
  const faces = {
    text: (dress: RenderOptions) => (flags.md ? compareToMarkdown(report) : renderCompare(report, dress)),
    json: () => compareToJson(report),
  };
  const met = (wanted: boolean | 'unknown') =>
    report.comparisons.some(({ goals }) => goals.some(({ after }) => after === wanted));
  shell.status = met(false) ? exitStatus.missed : met('unknown') ? exitStatus.undecided : exitStatus.ok;
  show(faces, flags, shell);
  save(faces, flags, shell);
}
