import type { Command } from 'commander';
import { type AdviseProgress, advise } from '../../explain/index.ts';
import { type AdviceReport, adviceToJson, type RenderOptions, renderAdvice } from '../../report/index.ts';
import { apply, checkApplicable } from '../apply.ts';
import { commandLine } from '../command-line.ts';
import { headroomStatus } from '../exit-status.ts';
import { type LoadedPlan, loadPlan } from '../load.ts';
import { checkNamed } from '../named.ts';
import { addOutputOptions, addProfileOption, addRunOptions, addSearchOptions } from '../options.ts';
import { addPageOptions, checkPages, type PageFlags, savePages } from '../pages.ts';
import { pooled } from '../pooled.ts';
import { checkOutput, save, show } from '../report-output.ts';
import type { Shell } from '../shell.ts';
import { defaultWorkers } from '../worker-pool.ts';

const EXAMPLES = `
Examples:
  tenfold advise shop.yaml
  tenfold advise shop.yaml --apply               make the best change, and write down why
  tenfold advise shop.yaml --apply store.cores   or another of those that help, by its name
  tenfold advise shop.yaml --scenario rush       what helps the goals to hold during a scenario
  tenfold advise shop.yaml --json > advice.json`;

interface AdviseFlags extends PageFlags {
  readonly seed: number;
  readonly most?: number;
  readonly precision?: number;
  readonly scenario?: string;
  readonly workers?: number;
  readonly profile?: string;
  readonly apply?: string | true;
  readonly json?: true;
  readonly output?: string;
}

/** `tenfold advise`: next steps, each simulated before it is shown. */
export function addAdvise(program: Command, shell: Shell): void {
  const command = program
    .command('advise <design>')
    .summary('what to change next: each change simulated, ranked by headroom for the money')
    .description(
      'Looks for what gives way first, makes every change of a catalogue that fits, simulates each, and ranks those that raise the headroom by what they cost. What does not help is told too.',
    )
    .option('--apply [change]', 'make the best change in the file, or the one of this name, with a decision')
    .option('--scenario <name>', 'the goals are to hold during this scenario');
  addSearchOptions(command);
  addRunOptions(command);
  addProfileOption(command);
  addOutputOptions(command);
  addPageOptions(command);
  command.addHelpText('after', EXAMPLES).action(async (design: string, flags: AdviseFlags) => {
    checkOutput(flags.output, design, shell);
    checkPages(flags, design, shell);
    const loaded = await loadPlan(design, flags.profile, shell);
    if (loaded === null) return;
    checkNamed(loaded.plan, 'scenario', loaded.plan.scenarios, flags.scenario);
    if (flags.apply !== undefined) checkApplicable(loaded.source, shell);
    const report = await advised(loaded, design, flags, shell);
    deliver(report, flags, shell);
    await savePages({ plan: loaded.plan, kinds: loaded.kinds, advice: report }, report.command, flags, shell);
    if (flags.apply !== undefined) apply(report, flags.apply, loaded.source, shell);
  });
}

async function advised(
  loaded: LoadedPlan,
  design: string,
  flags: AdviseFlags,
  shell: Shell,
): Promise<AdviceReport> {
  const { seed, most, precision, scenario, workers = defaultWorkers(), profile } = flags;
  const command = commandLine(
    ['advise', design],
    [
      ['--scenario', scenario],
      ['--most', most === undefined ? undefined : `${most}x`],
      ['--precision', precision],
      ['--seed', seed],
      ['--profile', profile],
    ],
  );
  let progress: AdviseProgress = { runs: 0, move: null };
  const options = {
    seed,
    version: shell.version,
    command,
    onProgress: (told: AdviseProgress) => {
      progress = told;
    },
    ...(most === undefined ? {} : { most }),
    ...(precision === undefined ? {} : { precision }),
    ...(scenario === undefined ? {} : { scenario }),
  };
  return pooled(
    loaded,
    {
      workers,
      text: () =>
        `${loaded.plan.name}: simulation ${progress.runs}, ${progress.move ?? 'the design as it is'}`,
      work: (pool) => advise(loaded.changeable, loaded.kinds, options, pool),
    },
    shell,
  );
}

function deliver(report: AdviceReport, flags: AdviseFlags, shell: Shell): void {
  const faces = {
    text: (dress: RenderOptions) => renderAdvice(report, dress),
    json: () => adviceToJson(report),
  };
  shell.status = headroomStatus(report.headroom);
  show(faces, flags, shell);
  save(faces, flags, shell);
}
