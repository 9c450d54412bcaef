import type { Command } from 'commander';
import { underLoad } from '../../design/index.ts';
import { estimate } from '../../estimate/index.ts';
import type { Report } from '../../report/index.ts';
import {
  type Progress,
  type ReplicationRunner,
  type SimulateOptions,
  simulate,
  USUAL_MAX_WALL,
} from '../../simulate/index.ts';
import { commandLine } from '../command-line.ts';
import { FaultyInput } from '../faulty-input.ts';
import { type LoadedPlan, loadPlan } from '../load.ts';
import { checkNamed } from '../named.ts';
import {
  addOutputOptions,
  addProfileOption,
  addRunOptions,
  readMultiple,
  readPrecision,
  readTime,
  readTimeFromZero,
  readWholeNumber,
} from '../options.ts';
import { addPageOptions, checkPages, savePages } from '../pages.ts';
import { pooled } from '../pooled.ts';
import { progressText } from '../progress.ts';
import { checkOutput, deliver } from '../report-output.ts';
import type { Shell } from '../shell.ts';
import { defaultWorkers } from '../worker-pool.ts';

const EXAMPLES = `
Examples:
  tenfold simulate shop.yaml
  tenfold simulate url-shortener --compare           the estimate beside it
  tenfold simulate shop.yaml --precision 1%          narrower margins, longer run
  tenfold simulate shop.yaml --time 60s --seed 7     exactly a minute, another seed
  tenfold simulate shop.yaml --scenario cache-loss   what breaks, and whether it comes back
  tenfold simulate shop.yaml --json > report.json
  tenfold simulate shop.yaml --html shop.html         a page for a browser`;

const MOST_REPLICATIONS = 10_000;

interface SimulateFlags {
  readonly seed: number;
  readonly scenario?: string;
  readonly recoveryLoad?: true;
  readonly load?: number;
  readonly precision?: number;
  readonly time?: number;
  readonly warmup?: number;
  readonly replications?: number;
  readonly maxWall?: number;
  readonly workers?: number;
  readonly profile?: string;
  readonly compare?: true;
  readonly timing?: true;
  readonly json?: true;
  readonly output?: string;
  readonly html?: string;
  readonly md?: string;
}

/** `tenfold simulate`: request by request, with error bars. */
export function addSimulate(program: Command, shell: Shell): void {
  const command = program
    .command('simulate <design>')
    .summary('simulate request by request, with error bars, and judge the goals')
    .description(
      'Simulates a design request by request until every goal is known precisely enough, and says whether it holds.',
    )
    .option('--scenario <name>', 'lay a scenario of the design over it: a course of traffic, and faults')
    .option('--recovery-load', 'under a scenario: find the highest load from which the design comes back')
    .option('--load <times>', 'so many times the traffic of the design, e.g. 4x', readMultiple(0.001, 10_000))
    .option(
      '--precision <share>',
      'how precise the figures of the goals have to be (default: 5%)',
      readPrecision,
    )
    .option('--time <time>', 'a fixed simulated time for each replication instead, e.g. 60s', readTime)
    .option(
      '--warmup <time>',
      'simulated time before measuring (default: found by trial runs)',
      readTimeFromZero,
    )
    .option(
      '--replications <n>',
      'replications to run (default: 10; of a scenario 20)',
      readWholeNumber(2, MOST_REPLICATIONS),
    )
    .option(
      '--max-wall <time>',
      `real time it may take; a stage that would end later is not begun (default: ${USUAL_MAX_WALL}s)`,
      readTime,
    );
  addRunOptions(command);
  addProfileOption(command);
  command
    .option('--compare', 'lay the estimate beside the simulation, figure by figure')
    .option('--timing', 'report how much real time it took');
  addOutputOptions(command);
  addPageOptions(command);
  command.addHelpText('after', EXAMPLES).action(async (design: string, flags: SimulateFlags) => {
    checkOutput(flags.output, design, shell);
    checkPages(flags, design, shell);
    const loaded = await loadPlan(design, flags.profile, shell);
    if (loaded === null) return;
    const plan = underLoad(loaded.plan, flags.load ?? 1);
    const { kinds } = loaded;
    checkNamed(plan, 'scenario', plan.scenarios, flags.scenario);
    checkTogether(flags);
    const load = flags.load === undefined ? undefined : `${flags.load}x`;
    const commandOf = (verb: string) =>
      commandLine(
        [verb, design],
        [
          ['--profile', flags.profile],
          ['--load', load],
        ],
      );
    const report = await run({ ...loaded, plan }, flags, commandOf('simulate'), shell);
    const { version } = shell;
    // Of the same constants as the simulation: their values alone, without `replan`.
    const beside =
      flags.compare === true
        ? estimate(plan, kinds.estimated, { version, command: commandOf('estimate') })
        : undefined;
    deliver({ report, beside, options: flags }, shell);
    const known = flags.scenario === undefined ? { simulation: report } : { scenarios: [report] };
    await savePages({ plan, kinds, estimate: beside, ...known }, report.command, flags, shell);
  });
}

/** @throws FaultyInput where one option makes nothing of another */
function checkTogether({ scenario, recoveryLoad, compare }: SimulateFlags): void {
  if (recoveryLoad === true && scenario === undefined)
    throw new FaultyInput('--recovery-load needs a --scenario to recover from');
  if (compare === true && scenario !== undefined)
    throw new FaultyInput('--compare lays the estimate beside, and the estimate knows of no scenario');
}

/** Runs the simulation with a progress line. */
async function run(
  loaded: LoadedPlan,
  flags: SimulateFlags,
  invocation: string,
  shell: Shell,
): Promise<Report> {
  const { plan, kinds } = loaded;
  let progress: Progress | null = null;
  const options: SimulateOptions = {
    seed: flags.seed,
    maxWall: flags.maxWall ?? USUAL_MAX_WALL,
    clock: () => shell.io.now() / 1000,
    timing: flags.timing ?? false,
    version: shell.version,
    invocation,
    onProgress: (told) => {
      progress = told;
    },
    ...defined({
      scenario: flags.scenario,
      recoveryLoad: flags.recoveryLoad,
      precision: flags.precision,
      time: flags.time,
      warmup: flags.warmup,
      replications: flags.replications,
    }),
  };
  const workers = flags.workers ?? defaultWorkers();
  const text = (done: number, of: number) => progressText({ design: plan.name, progress, done, of });
  const work = (pool: ReplicationRunner) => simulate(plan, kinds.simulated, options, pool);
  return pooled(loaded, { workers, text, work }, shell);
}

/** Without the entries that are undefined. */
function defined<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
