import { underLoad } from '../design/index.ts';
import {
  figureText,
  type GoalReport,
  goalMeaning,
  type Report,
  renderReport,
  themeOf,
} from '../report/index.ts';
import { type ReplicationRunner, simulate, USUAL_MAX_WALL } from '../simulate/index.ts';
import { commandLine } from './command-line.ts';
import { exitStatus, statusOf } from './exit-status.ts';
import { type JunitSuite, toJunit } from './junit.ts';
import type { LoadedPlan } from './load.ts';
import { pooled } from './pooled.ts';
import type { Shell } from './shell.ts';

/** What goals are judged under, and how. */
export interface GoalCheckOptions {
  readonly design: string;
  /** Names of the scenarios to run besides the design as it is. */
  readonly scenarios: readonly string[];
  /** Multiple of the load; default 1. */
  readonly load?: number | undefined;
  readonly precision?: number | undefined;
  readonly profile?: string | undefined;
  readonly seed: number;
  readonly workers: number;
}

/** The goals of a design in one run: as it is, or under a scenario. */
export interface GoalRun {
  readonly scenario: string | null;
  readonly report: Report;
}

/** Simulates a design as it is and under scenarios, so that its goals are judged in each. */
export async function runGoals(
  loaded: LoadedPlan,
  options: GoalCheckOptions,
  shell: Shell,
): Promise<GoalRun[]> {
  const { design, scenarios, load, precision, profile, seed, workers } = options;
  const plan = underLoad(loaded.plan, load ?? 1);
  const invocation = commandLine(
    ['simulate', design],
    [
      ['--profile', profile],
      ['--load', load === undefined ? undefined : `${load}x`],
    ],
  );
  let name = 'as it is';
  const work = async (pool: ReplicationRunner): Promise<GoalRun[]> => {
    const runs: GoalRun[] = [];
    for (const scenario of [null, ...scenarios]) {
      name = scenario ?? 'as it is';
      const report = await simulate(
        plan,
        loaded.kinds.simulated,
        {
          seed,
          invocation,
          version: shell.version,
          clock: () => shell.io.now() / 1000,
          maxWall: USUAL_MAX_WALL,
          ...(scenario === null ? {} : { scenario }),
          ...(precision === undefined ? {} : { precision }),
        },
        pool,
      );
      runs.push({ scenario, report });
    }
    return runs;
  };
  return pooled(loaded, { workers, text: () => `${plan.name}: goals, ${name}`, work }, shell);
}

/** The worst of all runs: a goal missed anywhere, then one that nobody can tell. */
export function statusOfRuns(runs: readonly GoalRun[]): number {
  const statuses = runs.map(({ report }) => statusOf(report));
  if (statuses.includes(exitStatus.missed)) return exitStatus.missed;
  return statuses.includes(exitStatus.undecided) ? exitStatus.undecided : exitStatus.ok;
}

/** Each run as a suite, each goal as a case; the failure has the whole report, and the command that prints it again. */
export function runsToJunit(design: string, runs: readonly GoalRun[]): string {
  const suites = runs.map(
    ({ scenario, report }): JunitSuite => ({
      name: scenario === null ? design : `${design} under ${scenario}`,
      cases: report.goals.map((goal) => ({ name: goal.goal, failure: failureOf(goal, report) })),
    }),
  );
  return toJunit(design, suites);
}

function failureOf(goal: GoalReport, report: Report): JunitSuite['cases'][number]['failure'] {
  if (goal.met === true) return null;
  const theme = themeOf({ width: 100, colour: false, unicode: true });
  const figure = figureText(goal.value, theme, goalMeaning(goal));
  const value = typeof figure === 'string' ? figure : `${figure.value} ${figure.margin}`.trim();
  const word = goal.met === false ? 'missed' : 'undecided';
  return {
    type: word,
    message: `${goal.goal} is ${word}: ${value}`,
    text: renderReport(report, { width: 100, colour: false, unicode: true }),
  };
}
