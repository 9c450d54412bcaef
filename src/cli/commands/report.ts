import type { Command } from 'commander';
import { estimate } from '../../estimate/index.ts';
import { explain, type StressProgress, stress } from '../../explain/index.ts';
import {
  type ExplainReport,
  type Report,
  renderPage,
  renderSummary,
  type StressReport,
  type Trace,
} from '../../report/index.ts';
import {
  type ReplicationRunner,
  simulate,
  TooMuchToSimulate,
  trace,
  USUAL_MAX_WALL,
} from '../../simulate/index.ts';
import { commandLine } from '../command-line.ts';
import { statusOf } from '../exit-status.ts';
import { type LoadedPlan, loadPlan } from '../load.ts';
import { addProfileOption, addRunOptions, readMultiple, readTime, readWholeNumber } from '../options.ts';
import { addPageOptions, checkPages, type Known, type PageFlags, resultsOf, savePages } from '../pages.ts';
import { faultOf, pooled } from '../pooled.ts';
import type { Shell } from '../shell.ts';
import { defaultWorkers } from '../worker-pool.ts';

const EXAMPLES = `
Examples:
  tenfold report shop.yaml --html shop.html            a page for a browser, and for paper
  tenfold report shop.yaml --md shop.md --most 20x     a design document, stressed up to twenty times the load
  tenfold report shop.yaml --no-stress > shop.md       without the part that takes longest`;

interface ReportFlags extends PageFlags {
  readonly seed: number;
  readonly replications?: number;
  readonly maxWall?: number;
  readonly most?: number;
  readonly stress: boolean;
  readonly explain: boolean;
  readonly scenarios: boolean;
  readonly workers?: number;
  readonly profile?: string;
}

/** `tenfold report`: all answers in one document. */
export function addReport(program: Command, shell: Shell): void {
  const command = program
    .command('report <design>')
    .summary('estimate, simulate, lay every scenario over it, stress it: all on one page')
    .description(
      'Estimates and simulates a design, shows single requests, lays every scenario over it, raises the load until it gives way, and writes one document of it: requirements, estimates, high-level design, data, interface, deep dive, bottlenecks, cost, trade-offs, assumptions. Without a file, the document goes to standard output as Markdown.',
    );
  addPageOptions(command);
  command
    .option('--no-stress', 'do not raise the load')
    .option('--no-explain', 'do not say where the time goes, nor what would change it')
    .option('--no-scenarios', 'lay no scenario over it')
    .option('--most <times>', 'the highest load to look at (default: 100x)', readMultiple(1, 10_000))
    .option(
      '--replications <n>',
      'replications of each simulation (default: 10; of a scenario 20)',
      readWholeNumber(2, 10_000),
    )
    .option(
      '--max-wall <time>',
      `real time that each simulation may take (default: ${USUAL_MAX_WALL}s)`,
      readTime,
    );
  addRunOptions(command);
  addProfileOption(command);
  command.addHelpText('after', EXAMPLES).action(async (design: string, flags: ReportFlags) => {
    checkPages(flags, design, shell);
    const loaded = await loadPlan(design, flags.profile, shell);
    if (loaded === null) return;
    const known = await findOut(loaded, design, flags, shell);
    shell.status = statusOf(known.simulation ?? known.estimate!);
    const again = commandOf('report', design, flags);
    const { stdout, stderr } = shell.io;
    for (const sentence of known.omitted ?? []) stderr.write(`${sentence}\n`);
    if (flags.html === undefined && flags.md === undefined) {
      stdout.write(await renderPage(resultsOf(known, again, shell), 'md'));
      return;
    }
    await savePages(known, again, flags, shell);
    stdout.write(renderSummary(resultsOf(known, again, shell), shell.dress(stdout)));
  });
}

/** The command that gives a part of the document again. */
function commandOf(verb: string, design: string, flags: ReportFlags, scenario?: string): string {
  const { seed, profile, replications, most } = flags;
  const simulates = verb === 'report' || verb === 'simulate';
  return commandLine(
    [
      verb,
      design,
      ...(verb === 'report' && !flags.stress ? ['--no-stress'] : []),
      ...(verb === 'report' && !flags.explain ? ['--no-explain'] : []),
      ...(verb === 'report' && !flags.scenarios ? ['--no-scenarios'] : []),
    ],
    [
      ['--scenario', scenario],
      ['--most', most === undefined || !(verb === 'report' || verb === 'stress') ? undefined : `${most}x`],
      ['--replications', simulates ? replications : undefined],
      ['--seed', verb === 'estimate' ? undefined : seed],
      ['--profile', profile],
    ],
  );
}

/** Runs everything, one after the other. What is too much to simulate is left out, and said. */
async function findOut(loaded: LoadedPlan, design: string, flags: ReportFlags, shell: Shell): Promise<Known> {
  const { plan, kinds, replan, own } = loaded;
  const { version } = shell;
  const { seed } = flags;
  const omitted: string[] = [];
  const attempt = async <T>(what: string, find: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await find();
    } catch (error) {
      if (!(error instanceof TooMuchToSimulate)) throw faultOf(error);
      omitted.push(`${what} left out: ${error.message}`);
      return undefined;
    }
  };
  let stage = 'simulation';
  const simulated = (pool: ReplicationRunner, scenario?: string): Promise<Report> => {
    stage = scenario === undefined ? 'simulation' : `scenario ${scenario}`;
    const options = {
      seed,
      version,
      invocation: commandLine(['simulate', design], [['--profile', flags.profile]]),
      maxWall: flags.maxWall ?? USUAL_MAX_WALL,
      clock: () => shell.io.now() / 1000,
      ...(flags.replications === undefined ? {} : { replications: flags.replications }),
      ...(scenario === undefined ? {} : { scenario }),
    };
    return simulate(plan, kinds.simulated, options, pool);
  };
  const stressed = (pool: ReplicationRunner): Promise<StressReport> => {
    const onProgress = ({ runs, times }: StressProgress): void => {
      stage = `stress, simulation ${runs} at ${times} times the load`;
    };
    const { most } = flags;
    const command = commandOf('stress', design, flags);
    return stress(
      plan,
      kinds,
      { seed, version, command, onProgress, ...(most === undefined ? {} : { most }) },
      pool,
    );
  };
  const blamed = (pool: ReplicationRunner): Promise<ExplainReport> => {
    stage = 'where the time goes';
    const command = commandOf('explain', design, flags);
    return explain(loaded, kinds.simulated, { seed, version, command, blocks: own.blocks }, pool);
  };
  const work = async (pool: ReplicationRunner) => {
    const simulation = await attempt('The simulation is', () => simulated(pool));
    const scenarios: Report[] = [];
    for (const { name } of flags.scenarios ? plan.scenarios : []) {
      const report = await attempt(`Scenario ${name} is`, () => simulated(pool, name));
      if (report !== undefined) scenarios.push(report);
    }
    const climbed = flags.stress ? await attempt('The stress is', () => stressed(pool)) : undefined;
    const explained = flags.explain ? await attempt('Where the time goes is', () => blamed(pool)) : undefined;
    return { simulation, scenarios, stress: climbed, explain: explained };
  };
  const found = await pooled(
    loaded,
    { workers: flags.workers ?? defaultWorkers(), text: () => `${plan.name}: ${stage}`, work },
    shell,
  );
  const traced = (): Promise<Trace> =>
    trace(plan, kinds.simulated, { seed, version, command: commandOf('trace', design, flags) }, own.blocks);
  return {
    plan,
    kinds,
    estimate: estimate(plan, kinds.estimated, {
      replan,
      version,
      command: commandOf('estimate', design, flags),
    }),
    ...found,
    trace: await attempt('Single requests are', traced),
    omitted,
  };
}
