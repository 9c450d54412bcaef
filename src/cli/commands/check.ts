import type { Command } from 'commander';
import type { KindParts } from '../../components/index.ts';
import type { Plan } from '../../design/index.ts';
import { goalLines, orderedReport, type Report, themeOf } from '../../report/index.ts';
import { exitStatus } from '../exit-status.ts';
import { FaultyInput } from '../faulty-input.ts';
import { type GoalRun, runGoals, runsToJunit, statusOfRuns } from '../goal-check.ts';
import { type Loaded, load, planOf, printDiagnostics } from '../load.ts';
import { checkNamed } from '../named.ts';
import { addProfileOption, readMultiple, readPrecision, readWholeNumber, readWorkers } from '../options.ts';
import { checkOutput, write } from '../report-output.ts';
import type { Shell } from '../shell.ts';
import { defaultWorkers } from '../worker-pool.ts';

const EXAMPLES = `
Examples:
  tenfold check shop.yaml
  cat shop.yaml | tenfold check -
  tenfold check shop.yaml --json                          the problems as data
  tenfold check shop.yaml --goals                         its goals too, as it is and in every scenario
  tenfold check shop.yaml --goals --scenario zone-gone --load 2x --junit goals.xml`;

interface CheckFlags {
  readonly profile?: string;
  readonly json?: true;
  readonly goals?: true;
  readonly scenario?: readonly string[];
  readonly load?: number;
  readonly precision?: number;
  readonly seed?: number;
  readonly workers?: number;
  readonly junit?: string;
}

/** `tenfold check`: is this a design, and does it meet its goals? */
export function addCheck(program: Command, shell: Shell): void {
  const command = program
    .command('check <design>')
    .summary('check a design and print all its problems; with --goals, that it meets its goals')
    .description(
      'Checks a design. Prints every problem with file, line and column, what was found and what was expected. With --goals it simulates the design as it is and under its scenarios, and judges every goal in each: a test of the architecture, for CI.',
    )
    .option('--json', 'print the result as JSON')
    .option('--goals', 'simulate, and judge every goal as the design is and under its scenarios')
    .option(
      '--scenario <name>',
      'with --goals: this scenario only, and others so named (default: all)',
      (name: string, before: readonly string[] = []) => [...new Set([...before, name])],
    )
    .option(
      '--load <times>',
      'with --goals: so many times the traffic of the design, e.g. 4x',
      readMultiple(0.001, 10_000),
    )
    .option(
      '--precision <share>',
      'with --goals: how precise the figures have to be (default: 5%)',
      readPrecision,
    )
    .option('--junit <file>', 'with --goals: also write the results as JUnit XML')
    .option(
      '--seed <n>',
      'with --goals: seed of the random streams (default: 1)',
      readWholeNumber(0, Number.MAX_SAFE_INTEGER),
    )
    .option('--workers <n>', 'with --goals: worker threads (default: one a core, at most 8)', readWorkers);
  addProfileOption(command);
  command.addHelpText('after', EXAMPLES).action(async (design: string, flags: CheckFlags) => {
    checkTogether(flags);
    checkOutput(flags.junit, design, shell);
    const loaded = await load(design, flags.profile, shell);
    if (loaded.plan === null) shell.status = exitStatus.faulty;
    const runs = flags.goals === true ? await goalsOf(loaded, design, flags, shell) : [];
    if (flags.json) printJson(loaded, flags, runs, shell);
    else printText(loaded, runs, shell);
    if (runs.length > 0 && flags.junit !== undefined)
      write(flags.junit, runsToJunit(loaded.plan!.name, runs), shell);
  });
}

/** @throws FaultyInput when an option makes nothing without `--goals` */
function checkTogether({ goals, profile: _, json: __, ...others }: CheckFlags): void {
  const [first] = Object.keys(others);
  if (goals !== true && first !== undefined)
    throw new FaultyInput(`--${first} needs --goals: without, nothing is run`);
}

/** Runs of a design without errors, as it is and under scenarios; none of one that has no goals, or no plan. */
async function goalsOf(loaded: Loaded, design: string, flags: CheckFlags, shell: Shell): Promise<GoalRun[]> {
  const runnable = planOf(loaded);
  if (runnable === null) return [];
  const { plan } = runnable;
  for (const name of flags.scenario ?? []) checkNamed(plan, 'scenario', plan.scenarios, name);
  if (plan.goals.length === 0) throw new FaultyInput(`${plan.name} has no goals to check`);
  const { load: times, precision, profile, seed = 1, workers = defaultWorkers() } = flags;
  const scenarios = flags.scenario ?? plan.scenarios.map(({ name }) => name);
  const options = { design, scenarios, load: times, precision, profile, seed, workers };
  const runs = await runGoals(runnable, options, shell);
  shell.status = statusOfRuns(runs);
  return runs;
}

function printJson(
  { plan, diagnostics, source }: Loaded,
  { goals }: CheckFlags,
  runs: readonly GoalRun[],
  shell: Shell,
): void {
  const judged = runs.map(({ scenario, report }) => ({ scenario, report: orderedReport(report) }));
  const result = {
    valid: plan !== null,
    file: source.file,
    diagnostics,
    ...(goals === true ? { goals: judged } : {}),
  };
  shell.io.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}

function printText(loaded: Loaded, runs: readonly GoalRun[], shell: Shell): void {
  const { plan, source, kinds } = loaded;
  const { stdout } = shell.io;
  printDiagnostics(loaded, shell);
  if (plan === null) return;
  stdout.write(`${source.file} is a valid design: ${contents(plan, kinds)}\n`);
  const theme = themeOf(shell.dress(stdout));
  for (const { scenario, report } of runs) {
    const under = scenario === null ? 'As it is' : `Under ${scenario}`;
    const lines = [theme.accent(theme.bold(under)), ...goalLines(report.goals, theme)];
    const again = isMet(report) ? [] : [`  ${theme.dim('again:')} ${report.command}`];
    stdout.write(`\n${[...lines, ...again].join('\n')}\n`);
  }
}

const isMet = ({ goals }: Report): boolean => goals.every(({ met }) => met === true);

/** What the user wrote; operations that a kind brings along or passes on are not of that. */
function contents(plan: Plan, { described }: KindParts): string {
  const writing = new Set(
    described.filter(({ operations }) => operations.from === 'design').map(({ name }) => name),
  );
  const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;
  const written = plan.components.filter(({ kind }) => writing.has(kind)).flatMap((each) => each.operations);
  return [
    count(plan.traffic.length, 'traffic', 'traffics'),
    count(plan.components.length, 'component', 'components'),
    count(written.length, 'operation', 'operations'),
    count(plan.goals.length, 'goal', 'goals'),
  ].join(', ');
}
