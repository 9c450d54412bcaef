import type { Plan } from '../../design/plan.ts';
import { printNumber } from '../../quantities/index.ts';
import { overloadSentences } from '../../report/overload.ts';
import type { Report } from '../../report/report.ts';
import { hasTheory, isSettled } from '../keyspace/index.ts';
import type { CacheSpec, Model } from '../model.ts';
import type { Filling } from './stability.ts';

/** What there is to say of a run, beside its figures. */
export interface Remarks {
  readonly stable: boolean;
  /** Traffic changes over time. */
  readonly shaped: boolean;
  readonly warmupEnded: boolean;
  /** The precision asked for was not reached; null = it was. Both are relative half-widths. */
  readonly shortfall: {
    readonly stopped: boolean;
    readonly reached: number;
    readonly precision: number;
  } | null;
  /** More was in progress at once than is held. */
  readonly overflowed: boolean;
  /** Station groups of which it cannot be told whether their queue settles. */
  readonly doubtful: ReadonlySet<number>;
  readonly filling: readonly Filling[];
  /** Caches that took in items never used before. */
  readonly polluted: ReadonlySet<number>;
  readonly blurred: readonly Blurred[];
}

/** Traffic whose responses are too short for the clock. Times are in seconds. */
export interface Blurred {
  readonly traffic: string;
  readonly response: number;
  readonly resolution: number;
}

/** Up to this alpha a Pareto law has no third moment, and the waits it causes no variance. */
const HEAVY = 3;
/** Responses that are told apart to less than this share of their mean are rounded too much. */
const RESOLUTION_MAX = 1e-3;

/** The notes of a report: what keeps a figure from being what it seems to be. */
export function notesOf(model: Model, stations: Report['stations'], remarks: Remarks): string[] {
  const { stable, shaped, warmupEnded, shortfall, overflowed, doubtful, filling, polluted, blurred } =
    remarks;
  return [
    ...(warmupEnded
      ? []
      : [
          'The warm-up had not ended by the longest trial run: figures may still show the empty start, and no goal is judged by them.',
        ]),
    ...(stable && shortfall !== null ? [shortfallNote(shortfall)] : []),
    ...(overflowed
      ? [
          'More than four million requests and branches were in progress at once, which is as many as are held: the simulation ended there.',
        ]
      : []),
    ...blurred.map(blurNote),
    ...filling.map(fillingNote),
    ...[...doubtful].map(
      (group) =>
        `${model.stationGroups[group]!.name} is offered about as much as it can serve: whether its queue ever settles cannot be told from this run, so nothing is said of waits there.`,
    ),
    ...model.samplers
      .filter(({ law }) => law.law === 'pareto' && law.alpha <= HEAVY)
      .map(
        ({ purpose }) =>
          `The times of ${purpose.replace(/ \d+ /, ', ')}, have so heavy a tail (pareto, alpha at most ${HEAVY}) that rare values decide the means of waits: their intervals contain the truth less often than 95 %.`,
      ),
    ...oneOfEach(model.caches)
      .filter(({ warm }) => !warm)
      .map(
        ({ component }) =>
          `${component} starts empty: while it fills, hit ratios rise and latencies fall, and only what shows in the work in progress is cut as warm-up.`,
      ),
    ...model.caches
      .filter(({ warm, refresh }) => warm && refresh !== undefined && refresh.beta > 0)
      .map(
        ({ component }) =>
          `${component} starts as it would be with its time to live alone: entries of the start are fetched early by the time that the latest fetch of any key took.`,
      ),
    ...oneOfEach(
      model.caches.filter(({ warm, pinned }, c) => polluted.has(c) && warm && pinned === undefined),
    ).map(
      ({ component }) =>
        `${component} starts as it would be had no item been new: until what comes in has filled it once, hit ratios are above those of the long run.`,
    ),
    ...oneOfEach(model.caches)
      .filter(isUnsettled)
      .map(
        ({ component, policy }) =>
          `${component} is so large that ${policy} does not come to its hit ratio in the time it is used before the run: the ratio in the long run is higher.`,
      ),
    ...(shaped
      ? ['Traffic changes over time: each replication starts empty and is measured from its first second.']
      : []),
    ...(stable ? [] : overloadSentences(stations)),
  ];
}

/** The caches of instances that are alike as one. */
function oneOfEach(caches: readonly CacheSpec[]): readonly CacheSpec[] {
  return caches.filter(({ instance = 0 }) => instance === 0);
}

/** A warm cache that was not used for long enough to be as it would be in the long run. */
function isUnsettled({ warm, policy, capacity, itemWeight, sliding, pinned }: CacheSpec): boolean {
  return (
    warm && pinned === undefined && !hasTheory(policy, sliding) && !isSettled(policy, capacity / itemWeight)
  );
}

/** Traffic whose responses are so short, beside a run of so many seconds, that a double cannot tell them apart. */
export function blurredTraffic(
  plan: Plan,
  { operations }: Pick<Report, 'operations'>,
  seconds: number,
): Blurred[] {
  const resolution = seconds * Number.EPSILON;
  return plan.traffic.flatMap(({ name }) => {
    const response = operations[name]!.latency.mean.value;
    const blurred = response !== null && response > 0 && resolution > RESOLUTION_MAX * response;
    return blurred ? [{ traffic: name, response, resolution }] : [];
  });
}

function fillingNote({ station, places, growth }: Filling): string {
  const time = printNumber(Number((places / growth).toPrecision(1)), 'time');
  return `The queue of ${station} has room for ${printNumber(places, 'count')} and grew by ${printNumber(Number(growth.toPrecision(2)), 'count')} a second: it is full after about ${time}, and a warm-up longer than that (\`--warmup\`) measures what comes then.`;
}

function blurNote({ traffic, response, resolution }: Blurred): string {
  const time = (seconds: number): string => printNumber(Number(seconds.toPrecision(2)), 'time');
  return `${traffic}: requests are so rare that the clock, after all that time, counts in steps of ${time(resolution)}, and responses of ${time(response)} are rounded to these; no goal is judged by them.`;
}

function shortfallNote({ stopped, reached, precision }: NonNullable<Remarks['shortfall']>): string {
  const asked = `±${+(precision * 100).toPrecision(3)} %`;
  if (!Number.isFinite(reached)) {
    return stopped
      ? `Stopped by the time limit before every figure that counts had an interval; ${asked} was asked for.`
      : `The length or number of replications asked for leaves some figures that count without an interval; ${asked} needs more.`;
  }
  const got = `±${(reached * 100).toPrecision(2)} %`;
  return stopped
    ? `Stopped by the time limit at ${got}; ${asked} was asked for.`
    : `The length or number of replications asked for gives ${got}; ${asked} needs more.`;
}
