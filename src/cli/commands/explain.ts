import type { Command } from 'commander';
import { type ExplainProgress, explain } from '../../explain/index.ts';
import { type ExplainReport, explainToJson, type RenderOptions, renderExplain } from '../../report/index.ts';
import { commandLine } from '../command-line.ts';
import { exitStatus } from '../exit-status.ts';
import { loadPlan } from '../load.ts';
import { checkNamed } from '../named.ts';
import { addOutputOptions, addProfileOption, addRunOptions } from '../options.ts';
import { addPageOptions, checkPages, type PageFlags, savePages } from '../pages.ts';
import { pooled } from '../pooled.ts';
import { checkOutput, save, show } from '../report-output.ts';
import type { Shell } from '../shell.ts';
import { defaultWorkers } from '../worker-pool.ts';

const EXAMPLES = `
Examples:
  tenfold explain shop.yaml
  tenfold explain shop.yaml --traffic buyers
  tenfold explain shop.yaml --scenario cache-loss
  tenfold explain shop.yaml --json > explain.json`;

interface ExplainFlags extends PageFlags {
  readonly seed: number;
  readonly scenario?: string;
  readonly traffic?: string;
  readonly workers?: number;
  readonly profile?: string;
  readonly json?: true;
  readonly output?: string;
}

/** `tenfold explain`: where the time of requests goes, and which inputs move it. */
export function addExplain(program: Command, shell: Shell): void {
  const command = program
    .command('explain <design>')
    .summary('say where the time of mean, median and p99 requests goes, and which inputs move it')
    .description(
      'Charges every instant of simulated requests to a queue, a server, a network, a retry or a timeout, says what parallel steps wait for, and which inputs and guessed constants move the figures most.',
    )
    .option('--scenario <name>', 'lay a scenario of the design over it: a course of traffic, and faults')
    .option('--traffic <name>', 'explain this traffic alone');
  addRunOptions(command);
  addProfileOption(command);
  addOutputOptions(command);
  addPageOptions(command);
  command.addHelpText('after', EXAMPLES).action(async (design: string, flags: ExplainFlags) => {
    const { seed, scenario, traffic, workers = defaultWorkers(), profile, output } = flags;
    checkOutput(output, design, shell);
    checkPages(flags, design, shell);
    const loaded = await loadPlan(design, profile, shell);
    if (loaded === null) return;
    const { plan, kinds, own } = loaded;
    checkNamed(plan, 'scenario', plan.scenarios, scenario);
    checkNamed(plan, 'traffic', plan.traffic, traffic);
    const again = commandLine(
      ['explain', design],
      [
        ['--scenario', scenario],
        ['--traffic', traffic],
        ['--seed', seed],
        ['--profile', profile],
      ],
    );
    let progress: ExplainProgress = { doing: 'blame', done: 0, of: 0 };
    const options = {
      seed,
      version: shell.version,
      command: again,
      blocks: own.blocks,
      onProgress: (told: ExplainProgress) => {
        progress = told;
      },
      ...(scenario !== undefined && { scenario }),
      ...(traffic !== undefined && { traffic }),
    };
    const report = await pooled(
      loaded,
      {
        workers,
        text: (done, of) => progressText(plan.name, progress, done, of),
        work: (pool) => explain(loaded, kinds.simulated, options, pool),
      },
      shell,
    );
    deliver(report, flags, shell);
    await savePages({ plan, kinds, explain: report }, again, flags, shell);
  });
}

function progressText(name: string, { doing, done, of }: ExplainProgress, run: number, runs: number): string {
  if (doing === 'blame') return `${name}: where the time goes, replication ${run} of ${runs}`;
  if (doing === 'screening') return `${name}: which inputs may move it`;
  return `${name}: what moves it, input ${done + 1} of ${of}`;
}

function deliver(report: ExplainReport, flags: ExplainFlags, shell: Shell): void {
  const faces = {
    text: (dress: RenderOptions) => renderExplain(report, dress),
    json: () => explainToJson(report),
  };
  shell.status = exitStatus.ok;
  show(faces, flags, shell);
  save(faces, flags, shell);
}
