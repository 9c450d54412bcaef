import { correlationTime, findWarmUp, studentQuantile975 } from '../kernel/index.ts';
import { sum } from './outcome/figures.ts';
import type { Measurement } from './outcome/measurement.ts';
import { canBeUnstable, SATURATED } from './outcome/stability.ts';
import { type ReplicationJob, type ReplicationRunner, withoutTime } from './replication.ts';

/** Pilot runs are cut into this many windows for the in-flight series. */
const WINDOWS = 500;
const PILOTS = 4;
/** No further doubling once so many events were spent, and no pilot has more; never less than the second. */
const MOST_EVENTS = 5e6;
const LEAST_EVENTS = 1e5;
/** By how much a pilot that ran out of events is made shorter: the next shall surely end in time. */
const SHORTER = 0.8;
/** Pilots start at this many requests and double up to 256 times as many. */
const FIRST_REQUESTS = 10_000;
const DOUBLINGS = 8;
/** Streams of pilots; measured replications are numbered from 0. */
const FIRST_PILOT = 1_000_000;
/** A backlog that grows in proportion to time is 2.1 times as large in the last tenth as at half-time. */
const GROWTH = 1.6;
/** A pilot is at least so many times as long as work in progress stays correlated, and the warm-up. */
const CORRELATIONS = 50;
const WARMUP_CORRELATIONS = 5;
/**
 * The same for mean response times: where users do not think, work in progress is constant from the start, and
 * only responses show that queues were empty.
 */
const RESPONSES = 20;
const WARMUP_RESPONSES = 4;

/** A pilot is at least so many times as long as the design takes to settle at least. */
const SETTLINGS = 4;

export interface Pilot {
  /** Simulated seconds after which the design has settled; 0 when it starts settled. */
  readonly warmup: number;
  /** Length of the pilot runs that showed it, seconds. */
  readonly seconds: number;
  /** False when the number of requests in flight goes on growing: no steady state exists. */
  readonly stable: boolean;
  /** False when the series had not settled by the longest pilot, though nothing shows that it never will. */
  readonly settled: boolean;
  /** Of all pilots. */
  readonly events: number;
  /** Events a simulated second takes. */
  readonly eventsPerSecond: number;
}

/**
 * Finds out how long the design takes to settle: runs pilots of increasing length until MSER-5, on their
 * averaged series of work in progress (Welch's device), finds a cut in the first half.
 *
 * @param rate requests per second of all traffic together, for the length of the first pilot
 * @param affordable events that all pilots of one length may take
 * @param least seconds that the design takes to settle at least, as far as it is known
 * @throws TooMuchToSimulate when requests go round without time passing
 */
export async function runPilot(
  template: Pick<ReplicationJob, 'plan' | 'seed' | 'rates'>,
  rate: number,
  affordable: number,
  runner: ReplicationRunner,
  least = 0,
): Promise<Pilot> {
  const { plan } = template;
  const mostEvents = Math.max(LEAST_EVENTS, Math.min(MOST_EVENTS, affordable / PILOTS));
  let seconds = Math.max(FIRST_REQUESTS / rate, SETTLINGS * least);
  let events = 0;
  let growing = 0;
  let longest = false;
  for (let doubling = 0; ; doubling++) {
    const jobs = Array.from({ length: PILOTS }, (_, i) => ({
      ...template,
      replication: FIRST_PILOT + doubling * PILOTS + i,
      warmup: 0,
      seconds,
      windows: WINDOWS,
      mostEvents,
    }));
    const runs = await runner.run(jobs);
    runs.forEach(withoutTime);
    for (const run of runs) events += run.events;
    const eventsPerSecond = sum(runs.map((run) => run.events)) / sum(runs.map((run) => run.seconds));
    const common = { seconds, events, eventsPerSecond };
    if (runs.some((run) => run.ended === 'progress'))
      return { warmup: 0, stable: false, settled: false, ...common };
    if (runs.some((run) => run.ended === 'events')) {
      // A series that was cut short tells nothing; one as long as the events allow is the last.
      longest = true;
      const reached = Math.min(...runs.map((run) => run.seconds)) * SHORTER;
      // So many users come at once that time does not even begin.
      if (reached === 0)
        return { ...common, warmup: 0, stable: true, settled: false, eventsPerSecond: events / seconds };
      seconds = reached;
      continue;
    }
    growing = canBeUnstable(plan) && isGrowing(runs) ? growing + 1 : 0;
    const { drop, settled } = findWarmUp(averageSeries(runs));
    const correlated = Math.max(...runs.map((run) => correlationTime(run.workSeries.subarray(drop))));
    const response = Math.max(...plan.traffic.map((_, t) => meanResponse(runs, t)));
    const long = correlated * CORRELATIONS <= WINDOWS && response * RESPONSES <= seconds;
    const last = longest || doubling === DOUBLINGS || events > mostEvents;
    // One look may mistake a slow start for growth without end; two, the second twice as long, do not.
    if (growing >= 2 || (growing === 1 && last))
      return { warmup: 0, stable: false, settled: false, ...common };
    if ((settled && long && growing === 0) || last) {
      // A window is the shortest time the series can tell; a correlation of one window is none.
      const memory = correlated > 1 ? correlated * WARMUP_CORRELATIONS : 0;
      const settling = (Math.max(drop, memory) / WINDOWS) * seconds;
      const closed = plan.traffic.some(({ arrivals }) => arrivals.type === 'closed');
      const warmup = Math.min(
        seconds / 2,
        Math.max(settling, least, closed ? response * WARMUP_RESPONSES : 0),
      );
      return { warmup, stable: true, settled: settled && long, ...common };
    }
    seconds *= 2;
  }
}

/** Seconds that the requests of a traffic take; Infinity while most of them have not ended. */
function meanResponse(runs: readonly Measurement[], traffic: number): number {
  const of = runs.map((run) => run.traffic[traffic]!);
  const ended = sum(of.map(({ offered, inFlight }) => offered - inFlight));
  const served = sum(of.map(({ served }) => served));
  const pending = sum(of.map(({ inFlight }) => inFlight));
  if (pending > ended) return Number.POSITIVE_INFINITY;
  return served === 0 ? 0 : sum(of.map(({ latencySum }) => latencySum)) / served;
}

function averageSeries(runs: readonly Measurement[]): Float64Array {
  const series = new Float64Array(WINDOWS);
  for (const run of runs) {
    for (let i = 0; i < WINDOWS; i++) series[i]! += run.workSeries[i]! / runs.length;
  }
  return series;
}

/** The backlog at the end is far above that at half-time, beyond what chance explains, and something is saturated. */
function isGrowing(runs: readonly Measurement[]): boolean {
  const halves = runs.map((run) => meanOf(run.workSeries, 0.4, 0.5));
  const ends = runs.map((run) => meanOf(run.workSeries, 0.9, 1));
  const half = average(halves);
  const end = average(ends);
  if (end < GROWTH * half || !runs.every(isSaturated)) return false;
  const differences = ends.map((value, i) => value - halves[i]!);
  const mean = average(differences);
  const squares = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0);
  const n = differences.length;
  return mean > studentQuantile975(n - 1) * Math.sqrt(squares / (n * (n - 1)));
}

function isSaturated(run: Measurement): boolean {
  return run.stations.some(
    (station) => station.busiestShare > SATURATED * run.seconds && station.waiting > 0,
  );
}

function meanOf(series: Float64Array, from: number, to: number): number {
  return average(series.subarray(Math.floor(from * series.length), Math.floor(to * series.length)));
}

function average(values: ArrayLike<number>): number {
  return sum(values) / values.length;
}
