import type { Plan } from '../design/plan.ts';
import { printNumber } from '../quantities/index.ts';
import { overloadSentences } from '../report/overload.ts';
import type { Report } from '../report/report.ts';
import { compile } from './compile.ts';
import { goalReports, worstPrecision } from './goal-figures.ts';
import type { SimulatedKind } from './kind.ts';
import type { Model } from './model.ts';
import { runPilot } from './pilot.ts';
import { inlineRunner, type ReplicationRunner, TooMuchToSimulate, withoutTime } from './replication.ts';
import { requestRates } from './request-rates.ts';
import { canBeUnstable, growingStations, type Steadiness, steadiness, steady } from './stability.ts';
import { summarize } from './summary.ts';
import { MOST_EVENTS, REPLICATIONS, runUntilPrecise, typeable } from './until-precise.ts';

export interface SimulateOptions {
  /** Seed of all random streams, an integer ≥ 0; default 1. */
  readonly seed?: number;
  /** Relative half-width that every goal's figure is to reach; default 0.05. */
  readonly precision?: number;
  /** Measured seconds of each replication; default: as long as the precision needs. */
  readonly time?: number;
  /** Seconds run before measuring; default: found by pilot runs (0 for traffic with a shape over time). */
  readonly warmup?: number;
  /** Number of replications, at least 2; default 10. */
  readonly replications?: number;
  /** Real seconds after which no further stage is started, and that the first keeps to; default: no limit. Needs `clock`. */
  readonly maxWall?: number;
  /** Real time in seconds, from the shell; the simulator itself reads no clock. */
  readonly clock?: () => number;
  /** Put `wallSeconds` into the report; needs `clock`. */
  readonly timing?: boolean;
  /** Version that the report carries; default empty. */
  readonly version?: string;
  /** How the reported command begins, e.g. `tenfold simulate shop.yaml`; default: with the name of the design. */
  readonly invocation?: string;
  /** Called at the start of each phase and after each stage of replications. */
  readonly onProgress?: (progress: Progress) => void;
}

/** How far a simulation has come. */
export interface Progress {
  /** `settling`: trial runs look for the end of the warm-up. */
  readonly phase: 'settling' | 'measuring';
  /** Replications of the stage that ended last; 0 before the first. */
  readonly replications: number;
  /** Events executed by the trial runs. */
  readonly events: number;
  /** Relative half-width of the least precise figure so far; Infinity when unknown. */
  readonly precision: number;
}

/** Requests of a replication in the first stage; and, so that rare traffic is seen at all, of each traffic. */
const FIRST_REQUESTS = 20_000;
const FIRST_OF_EACH = 50;
const FIRST_AT_MOST = 1_000_000;
/** More requests are not simulated in one run, about an hour of computing. */
const MOST_REQUESTS = 2e9;
/** A measured replication is at least so many times as long as its warm-up. */
const WARMUPS = 10;
/** Events a second that a slow machine does: the first stage, before any was timed, is to end by the time limit there. */
const SLOW_MACHINE = 1e6;
/** The first stage is cut down to no less than this share: something has to be measured. */
const LEAST_SHARE = 1e-3;

const OVERFLOW =
  'More than four million requests and branches were in progress at once, which is as many as are held: the simulation ended there.';

/**
 * Simulates a plan until every goal's figure is as precise as asked (without goals: every mean and p99).
 *
 * @param kinds what each kind named in the plan offers to the simulator, by name
 * @param runner runs replications; default: one after the other on this thread
 * @throws RangeError on options out of range, {@link TooMuchToSimulate} among them
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
  const { requests: rateOf, operations: rates } = await requestRates(plan, seed, runner);
  const template = { plan, seed, rates };
  const total = rateOf.reduce((sum, rate) => sum + rate, 0);
  const notes: string[] = [];
  const requests =
    ((options.time ?? 0) + (options.warmup ?? 0)) * total * (options.replications ?? REPLICATIONS);
  if (requests > MOST_REQUESTS) {
    const asked = requests.toPrecision(3);
    throw new TooMuchToSimulate(
      `--time and --warmup ask for about ${asked} requests; at most ${MOST_REQUESTS.toExponential(0)} are simulated`,
    );
  }

  const shaped = shapeEnd(plan);
  let { warmup } = options;
  const maxWall = options.maxWall ?? Number.POSITIVE_INFINITY;
  let overloaded = false;
  let events = 0;
  let seconds = options.time ?? shaped ?? typeable(firstLength(plan, rateOf));
  if (warmup === undefined && shaped === null) {
    options.onProgress?.({ phase: 'settling', replications: 0, events, precision: Number.POSITIVE_INFINITY });
    const pilot = await runPilot(template, total, runner);
    events = pilot.events;
    overloaded = !pilot.stable;
    warmup = typeable(overloaded ? pilot.seconds / 2 : pilot.warmup);
    if (options.time === undefined) {
      seconds = overloaded ? typeable(pilot.seconds / 2) : Math.max(seconds, typeable(WARMUPS * warmup));
      const needed = (options.replications ?? REPLICATIONS) * (warmup + seconds) * pilot.eventsPerSecond;
      const share = Math.min(MOST_EVENTS, maxWall * SLOW_MACHINE) / needed;
      if (share < 1) seconds = typeable(seconds * Math.max(share, LEAST_SHARE));
    }
    if (!overloaded && !pilot.settled) {
      notes.push(
        'The warm-up had not ended by the longest pilot run: early transients may be in the figures.',
      );
    }
  }
  warmup ??= 0;
  const fixed = overloaded || options.time !== undefined || options.replications !== undefined;
  const model = compile(plan, kinds, rates);
  options.onProgress?.({ phase: 'measuring', replications: 0, events, precision: Number.POSITIVE_INFINITY });
  const outcome = await runUntilPrecise(
    {
      template: { ...template, warmup, windows: 0 },
      replications: options.replications ?? REPLICATIONS,
      seconds,
      precision,
      grow: fixed ? 'nothing' : shaped === null ? 'length' : 'replications',
      precisionOf: (runs) =>
        worstPrecision(plan, summarize(plan, model, runs, steady(plan, model)), precision),
      elapsed: () => clock() - begun,
      maxWall,
      onStage: (runs, reached, measured) =>
        options.onProgress?.({
          phase: 'measuring',
          replications: runs.length,
          events: events + measured,
          precision: reached,
        }),
    },
    runner,
  );
  const { runs, reached } = outcome;
  runs.forEach(withoutTime);
  const growing =
    canBeUnstable(plan) && shaped === null ? growingStations(runs, overloaded) : new Set<number>();
  const overflowed = runs.some((run) => run.ended === 'progress');
  const known =
    overflowed && growing.size === 0 ? withheld(plan, model) : steadiness(plan, model, growing, overloaded);
  const stable = known.traffic.every((each) => each);
  const summary = summarize(plan, model, runs, known);
  const converged = stable && reached <= precision;
  const { stopped } = outcome;
  if (stable && !converged) notes.push(shortfallNote(stopped, reached, precision));
  if (overflowed) notes.push(OVERFLOW);
  for (const { component, warm } of model.caches) if (!warm) notes.push(coldNote(component));
  if (shaped !== null) {
    notes.push(
      'Traffic changes over time: each replication starts empty and is measured from its first second.',
    );
  }
  const frozen = stopped ? { seconds: outcome.seconds, warmup, replications: runs.length } : null;
  return {
    schema: 'tenfold/report@1',
    kind: 'simulation',
    design: plan.name,
    seed,
    version: options.version ?? '',
    command: commandOf(plan, options, seed, precision, frozen),
    converged,
    stable,
    simulatedSeconds: runs.reduce((sum, run) => sum + run.seconds, 0),
    replications: runs.length,
    warmupSeconds: warmup,
    wallSeconds: options.timing === true ? clock() - begun : null,
    events: runs.reduce((sum, run) => sum + run.events, 0),
    ...summary,
    goals: goalReports(plan, summary, known.endless),
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

/**
 * Seconds of a replication in the first stage: enough requests, and of each traffic that decides when to stop.
 *
 * @param rateOf requests per second of each traffic
 */
function firstLength(plan: Plan, rateOf: Float64Array): number {
  const total = rateOf.reduce((sum, rate) => sum + rate, 0);
  const deciding = plan.goals.length > 0 ? plan.goals.map((goal) => goal.traffic) : [...rateOf.keys()];
  const rarest = Math.min(...deciding.map((traffic) => rateOf[traffic]!));
  return Math.min(FIRST_AT_MOST / total, Math.max(FIRST_REQUESTS / total, FIRST_OF_EACH / rarest));
}

/** When the last change of a traffic shape is over, with a fifth of that time after it; null without shapes. */
function shapeEnd(plan: Plan): number | null {
  const ends = plan.traffic.flatMap(({ arrivals }) =>
    arrivals.type === 'open' ? arrivals.shape.map((p) => p.at) : [],
  );
  return ends.length === 0 ? null : Math.max(1, ...ends) * 1.2;
}

function coldNote(cache: string): string {
  return `${cache} starts empty: while it fills, hit ratios rise and latencies fall, and only what shows in the work in progress is cut as warm-up.`;
}

/** Nothing that needs a steady state is told, and nothing is said to be endless. */
function withheld(plan: Plan, model: Model): Steadiness {
  return {
    traffic: plan.traffic.map(() => false),
    stations: model.stationGroups.map(() => false),
    endless: plan.traffic.map(() => false),
  };
}

function shortfallNote(stopped: boolean, reached: number, precision: number): string {
  const asked = `±${+(precision * 100).toPrecision(3)} %`;
  const got = Number.isFinite(reached)
    ? `±${(reached * 100).toPrecision(2)} %`
    : 'no interval for every figure that counts';
  return stopped
    ? `Stopped by the time limit at ${got}; ${asked} was asked for.`
    : `The length or number of replications asked for gives ${got}; ${asked} needs more.`;
}

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
