import type { Plan, PlanGoal, PlanTraffic } from '../design/plan.ts';
import { operationRates } from '../estimate/flows.ts';
import { printNumber } from '../quantities/index.ts';
import { judge } from '../report/goals.ts';
import { overloadSentences } from '../report/overload.ts';
import type { Figure, GoalReport, OperationReport, Report } from '../report/report.ts';
import { compile } from './compile.ts';
import { relativeHalfWidth, unknown } from './figures.ts';
import type { SimulatedKind } from './kind.ts';
import type { Measurement } from './measurement.ts';
import { runPilot } from './pilot.ts';
import { inlineRunner, type ReplicationRunner } from './replication.ts';
import { type Summary, summarize } from './summary.ts';

export interface SimulateOptions {
  /** Seed of all random streams, an integer ≥ 0; default 1. */
  readonly seed?: number;
  /** Relative half-width that every goal's figure is to reach; default 0.05. */
  readonly precision?: number;
  /** Measured seconds of each replication; default: as long as the precision needs. */
  readonly time?: number;
  /** Seconds run before measuring; default: found by pilot runs (0 for traffic with a shape over time). */
  readonly warmup?: number;
  /** Number of replications, at least 2; default 10, more where the precision needs them. */
  readonly replications?: number;
  /** Real seconds after which no further round is started; default: no limit. Needs `clock`. */
  readonly maxWall?: number;
  /** Real time in seconds, from the shell; the simulator itself reads no clock. */
  readonly clock?: () => number;
  /** Put `wallSeconds` into the report; needs `clock`. */
  readonly timing?: boolean;
  readonly version?: string;
  /** How the reported command begins, e.g. `tenfold simulate shop.yaml`; default: with the name of the design. */
  readonly invocation?: string;
  /** Called after each round of replications. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly phase: 'settling' | 'measuring';
  readonly replications: number;
  readonly events: number;
  /** Relative half-width of the least precise figure so far; Infinity when unknown. */
  readonly precision: number;
}

const REPLICATIONS = 10;
const MAX_REPLICATIONS = 60;
const FIRST_REQUESTS = 20_000;
/** A measured replication is at least so many times as long as its warm-up. */
const WARMUPS = 10;
/** A replication is made at most so many times longer at once. */
const STRETCH = 8;
/** Where the interval shrank by chance, the next look should still be the last. */
const MARGIN = 1.15;
const NO_MORE_EVENTS = 4e9;

/**
 * Simulates a plan until every goal's figure is as precise as asked (without goals: every mean and p99).
 *
 * @param kinds what each kind named in the plan offers to the simulator, by name
 * @param runner runs replications; default: one after the other on this thread
 * @throws RangeError on options out of range
 */
export async function simulate(
  plan: Plan,
  kinds: ReadonlyMap<string, SimulatedKind>,
  options: SimulateOptions = {},
  runner: ReplicationRunner = inlineRunner(kinds),
): Promise<Report> {
  const seed = options.seed ?? 1;
  const precision = options.precision ?? 0.05;
  checkOptions(options, precision);
  const clock = options.clock ?? (() => 0);
  const begun = clock();
  const rates = operationRates(plan, () => 0.5, requestRate);
  const template = { plan, seed, rates };
  const total = plan.traffic.reduce((sum, traffic) => sum + requestRate(traffic), 0);
  const notes: string[] = [];

  const shaped = shapeEnd(plan);
  let warmup = options.warmup ?? (shaped === null ? null : 0);
  let events = 0;
  let stable = true;
  let seconds = options.time ?? (shaped === null ? FIRST_REQUESTS / total : shaped);
  if (warmup === null) {
    options.onProgress?.({ phase: 'settling', replications: 0, events, precision: Number.POSITIVE_INFINITY });
    const pilot = await runPilot(template, total, runner);
    events += pilot.events;
    stable = pilot.stable;
    warmup = pilot.warmup;
    if (!stable) {
      warmup = options.time === undefined ? pilot.seconds / 2 : 0;
      seconds = options.time ?? pilot.seconds / 2;
    } else if (!pilot.settled) {
      notes.push(
        'The warm-up had not ended by the longest pilot run: early transients may be in the figures.',
      );
    }
    if (options.time === undefined && stable) seconds = Math.max(seconds, WARMUPS * warmup);
  }
  const fixed = !stable || shaped !== null || options.time !== undefined;
  const model = compile(plan, kinds, rates);

  let runs: Measurement[] = [];
  let summary: Summary;
  let worst: number;
  let stopped = false;
  for (;;) {
    const start = clock();
    const round = options.replications ?? REPLICATIONS;
    const first = runs.length;
    const jobs = Array.from({ length: round }, (_, i) => ({
      ...template,
      replication: first + i,
      warmup: warmup as number,
      seconds,
      windows: 0,
    }));
    const measured = await runner.run(jobs);
    runs = [...runs, ...measured];
    for (const run of measured) events += run.events;
    if (measured.some((run) => run.overflowed)) stable = false;
    summary = summarize(plan, model, runs, stable);
    worst = stable ? worstPrecision(plan, summary, precision) : 0;
    options.onProgress?.({ phase: 'measuring', replications: runs.length, events, precision: worst });
    if (!stable || worst <= precision) break;
    if (fixed || options.replications !== undefined) break;
    const next = nextLength(runs.length, seconds, worst / precision);
    const roundEvents = measured.reduce((sum, run) => sum + run.events, 0);
    const growth = next / seconds;
    const spent = clock() - begun;
    const ahead = (clock() - start) * growth;
    if (
      spent + ahead > (options.maxWall ?? Number.POSITIVE_INFINITY) ||
      events + roundEvents * growth > NO_MORE_EVENTS
    ) {
      stopped = true;
      break;
    }
    if (next !== seconds) runs = [];
    seconds = next;
  }
  const converged = stable && worst <= precision;
  notes.push(...stopNotes(converged, stable, stopped, worst, precision, fixed));
  if (shaped !== null) {
    notes.push(
      'Traffic changes over time: each replication starts empty and is measured from its first second.',
    );
  }
  return {
    schema: 'tenfold/report@1',
    kind: 'simulation',
    design: plan.name,
    seed,
    version: options.version ?? '',
    command: commandOf(
      plan,
      options,
      seed,
      precision,
      stopped ? { seconds, warmup, replications: runs.length } : null,
    ),
    converged,
    stable,
    simulatedSeconds: runs.reduce((sum, run) => sum + run.seconds, 0),
    replications: runs.length,
    warmupSeconds: warmup,
    wallSeconds: options.timing === true ? clock() - begun : null,
    events,
    ...summary,
    goals: goalReports(plan, summary, stable),
    sheet: [],
    notes: [...notes, ...(stable ? [] : overloadSentences(summary.stations))],
  };
}

function checkOptions(options: SimulateOptions, precision: number): void {
  const positive = (name: string, value: number | undefined, least: number): void => {
    if (value !== undefined && !(value >= least && Number.isFinite(value))) {
      throw new RangeError(`${name} must be a number of at least ${least}, got ${value}`);
    }
  };
  if (!(precision > 0 && precision < 1))
    throw new RangeError(`precision must be between 0 and 1, got ${precision}`);
  positive('time', options.time, Number.MIN_VALUE);
  positive('warmup', options.warmup, 0);
  positive('replications', options.replications, 2);
  if (options.replications !== undefined && !Number.isInteger(options.replications)) {
    throw new RangeError(`replications must be an integer, got ${options.replications}`);
  }
}

/** Requests per second of a traffic at full load; of a closed population, what it would send if answers took no time. */
function requestRate({ arrivals }: PlanTraffic): number {
  return arrivals.type === 'open' ? arrivals.rate.value * arrivals.peak : arrivals.users;
}

/** When the last change of a traffic shape is over, with a fifth of that time after it; null without shapes. */
function shapeEnd(plan: Plan): number | null {
  const ends = plan.traffic.flatMap(({ arrivals }) =>
    arrivals.type === 'open' ? arrivals.shape.map((p) => p.at) : [],
  );
  return ends.length === 0 ? null : Math.max(1, ...ends) * 1.2;
}

/** Seconds of a replication in the next round when the worst figure is `excess` times less precise than asked. */
function nextLength(done: number, seconds: number, excess: number): number {
  // Half-widths shrink with the square root of what is simulated.
  const factor = Math.min(STRETCH, excess ** 2 * MARGIN);
  const few = factor < 3 && done * factor <= MAX_REPLICATIONS;
  return few ? seconds : seconds * factor;
}

/** The figures that decide when to stop: those of the goals, or all means and p99 when there are none. */
function worstPrecision(plan: Plan, summary: Summary, precision: number): number {
  if (plan.goals.length === 0) {
    return Math.max(
      ...plan.traffic.map((traffic) => {
        const { latency } = summary.operations[traffic.name]!;
        return Math.max(relativeHalfWidth(latency.mean), relativeHalfWidth(latency.p99));
      }),
    );
  }
  return Math.max(
    ...plan.goals.map((goal) => {
      const figure = figureOf(goal, summary.operations[plan.traffic[goal.traffic]!.name]!);
      return goal.metric === 'success'
        ? successPrecision(goal, figure, precision)
        : relativeHalfWidth(figure);
    }),
  );
}

/**
 * A success ratio of 99.95 % ± 5 % would tell nothing: what must be precise is the share that fails, against
 * the share that may, unless the verdict is clear already.
 */
function successPrecision(goal: PlanGoal, figure: Figure, precision: number): number {
  if (figure.value === null) return Number.POSITIVE_INFINITY;
  if (judge(goal, figure) !== 'unknown') return Math.min(precision, relativeHalfWidth(figure));
  return (figure.high! - figure.low!) / 2 / Math.max(1 - goal.target, Number.MIN_VALUE);
}

function goalReports(plan: Plan, summary: Summary, stable: boolean): GoalReport[] {
  return plan.goals.map((goal) => {
    const value = figureOf(goal, summary.operations[plan.traffic[goal.traffic]!.name]!);
    const endless = !stable && value.unit === 's';
    return { goal: goal.text, met: endless ? false : judge(goal, value), value, target: goal.target };
  });
}

function figureOf(goal: PlanGoal, operation: OperationReport): Figure {
  switch (goal.metric) {
    case 'success':
      return operation.success;
    case 'throughput':
      return operation.throughput;
    default:
      return operation.latency[goal.metric] ?? unknown('s');
  }
}

function stopNotes(
  converged: boolean,
  stable: boolean,
  stopped: boolean,
  worst: number,
  precision: number,
  fixed: boolean,
): string[] {
  if (converged || !stable) return [];
  const reached = Number.isFinite(worst)
    ? `±${(worst * 100).toPrecision(2)} %`
    : 'no interval for every figure';
  const asked = `±${precision * 100} %`;
  if (stopped) return [`Stopped by the time limit at ${reached}; ${asked} was asked for.`];
  if (fixed) return [`The fixed simulated time gives ${reached}; ${asked} needs a longer one.`];
  return [`The fixed number of replications gives ${reached}; ${asked} was asked for.`];
}

/** Stations that cannot keep up, most overloaded first. */
/** The command that gives this report again, whatever the speed of the machine. */
function commandOf(
  plan: Plan,
  options: SimulateOptions,
  seed: number,
  precision: number,
  frozen: { readonly seconds: number; readonly warmup: number; readonly replications: number } | null,
): string {
  const words = [options.invocation ?? `tenfold simulate ${plan.name}`, '--seed', String(seed)];
  if (precision !== 0.05) words.push('--precision', printNumber(precision, 'ratio'));
  if (frozen !== null) {
    words.push('--time', printNumber(frozen.seconds, 'time'), '--warmup', printNumber(frozen.warmup, 'time'));
    words.push('--replications', String(frozen.replications));
    return words.join(' ');
  }
  if (options.time !== undefined) words.push('--time', printNumber(options.time, 'time'));
  if (options.warmup !== undefined) words.push('--warmup', printNumber(options.warmup, 'time'));
  if (options.replications !== undefined) words.push('--replications', String(options.replications));
  return words.join(' ');
}
