import type { Plan } from '../../design/index.ts';
import type { Report } from '../../report/index.ts';
import type { Measurement, SimulateOptions } from '../../simulate/index.ts';
import { isFull, slowestMean, stationLoad } from './station-load.ts';

/** How the number of requests in progress moves while it is measured, beyond chance. */
export type Trend = 'steady' | 'growing' | 'falling';

/** A run, and whether what it measured had settled. */
export interface Watched {
  readonly report: Report;
  readonly trend: Trend;
  /** Numbers of the traffic of which requests in progress became more, or fewer. */
  readonly drifting: readonly number[];
  /** More was asked than could be done, and queues were as full as they get before it measured. */
  readonly overloaded?: true;
}

/** Simulates a plan and looks whether what is in progress settles. */
export type Watch = (plan: Plan, options: SimulateOptions) => Promise<Watched>;

/** Standard errors by which work in progress must have moved. */
const SIGNIFICANT = 4;

export function trendOf(runs: readonly Measurement[]): Trend {
  return driftOf(
    runs.map(({ traffic }) => traffic.reduce((sum, { inFlight, carried }) => sum + inFlight - carried, 0)),
  );
}

/** Numbers of the traffic of which requests in progress become more or fewer while it is measured, beyond chance. */
export function driftingOf(runs: readonly Measurement[]): number[] {
  const traffic = runs[0]?.traffic ?? [];
  return traffic.flatMap((_, t) => {
    const moved = runs.map((run) => run.traffic[t]!.inFlight - run.traffic[t]!.carried);
    return driftOf(moved) === 'steady' ? [] : [t];
  });
}

/** @param moved by how many requests in progress are more at the end than at the beginning, by replication */
function driftOf(moved: readonly number[]): Trend {
  const mean = moved.reduce((sum, each) => sum + each, 0) / moved.length;
  const squares = moved.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const error = Math.sqrt(squares / (moved.length * (moved.length - 1)));
  if (mean === 0 || Math.abs(mean) <= SIGNIFICANT * error) return 'steady';
  return mean > 0 ? 'growing' : 'falling';
}

/** While queues are filled, at most so many times the traffic comes. */
const FILLING = 3;
/** It asks no more of a station that keeps up than this share of what it can do. */
const KEEPS_UP = 0.9;
/** By how much longer they are filled where that was not enough. */
const LONGER = 4;
/** Where what was filled too far still drains, it is waited for so many times longer. */
const PATIENCE = 4;
const STAGES = 3;
/** Measured is at least so many times as long as requests take, within what the length of a run allows. */
const RESPONSES = 3;
const STRETCH = 4;

export interface OverloadedRun {
  /** Measured, and as long as that is run first. */
  readonly seconds: number;
  readonly replications: number;
  /** Look no further than a run from empty: at a lower load requests piled up without end. */
  readonly endless: boolean;
}

/**
 * Runs a plan at a load at which a station cannot keep up. From empty its queue grows for as long as it takes to be
 * full, at a load a little above capacity for very long; and a queue that has a bound may be full and every goal on
 * latency still hold. So unless a run from empty fails requests and has settled, queues are filled first, by more
 * traffic than there is, and what remains is measured when that is over. That traffic stays below what overloads a
 * station that keeps up at this load: its queue would not be there, and where waiting makes more work, as timeouts and
 * retries do, it would never go.
 */
export async function runOverloaded(
  plan: Plan,
  { seconds, replications, endless }: OverloadedRun,
  watch: Watch,
): Promise<Watched> {
  let time = seconds;
  let settling = seconds;
  let seen = await watch(plan, { replications, time, warmup: time });
  const times = fillingTimes(seen.report);
  // With less that comes, it takes longer until as much is there.
  let filling = seconds * Math.min(LONGER, (FILLING - 1) / (times - 1));
  for (let stage = 1; stage < STAGES && !endless && !isSettled(seen, stage); stage++) {
    if (isOutgrown(seen, time, replications)) break;
    if (stage > 1 && seen.trend === 'growing') filling *= LONGER;
    if (stage > 1 && seen.trend === 'falling') settling *= PATIENCE;
    time = Math.min(STRETCH * seconds, Math.max(seconds, RESPONSES * slowestMean(seen.report)));
    settling = Math.max(settling, time);
    const options = { replications, time, warmup: filling + settling };
    seen = await watch(filled(plan, times, settling), options);
  }
  return { ...seen, overloaded: true };
}

/**
 * From empty a queue that grows slowly looks steady: that it is, is believed where nothing is full, or where some are turned
 * away and the simulator withholds no figure.
 */
function isSettled({ report, trend }: Watched, stage: number): boolean {
  if (trend !== 'steady') return false;
  if (stage > 1) return true;
  if (Object.values(report.operations).some(isWithheld)) return false;
  const fails = Object.values(report.operations).some(
    ({ served, offered, inFlight }) => served + inFlight < offered,
  );
  return fails || !Object.values(report.stations).some(isFull);
}

/**
 * Requests pile up, and what waits takes longer to work off than was measured: who comes now waits so long, whatever
 * bound the queue may have further up. To fill it takes the longest, and the most memory, and tells no more.
 */
function isOutgrown({ report, trend }: Watched, time: number, replications: number): boolean {
  if (trend !== 'growing') return false;
  const all = Object.values(report.operations);
  const waiting = all.reduce((sum, { inFlight }) => sum + inFlight, 0) / replications;
  const perSecond = all.reduce((sum, { throughput }) => sum + (throughput.value ?? 0), 0);
  return waiting > perSecond * time;
}

const isWithheld = ({ served, latency }: Report['operations'][string]): boolean =>
  served > 0 && latency.mean.value === null;

/** How many times the traffic fills the queues of stations that are full, and of no other. */
function fillingTimes({ stations }: Report): number {
  const loads = Object.values(stations).map((each) => (isFull(each) ? 0 : (stationLoad(each)?.value ?? 0)));
  return Math.min(FILLING, Math.max(1, KEEPS_UP / Math.max(0, ...loads)));
}

/** The plan with so many times the traffic until some seconds before it is measured. */
function filled(plan: Plan, times: number, settling: number): Plan {
  const shape = [
    { at: -settling, times },
    { at: -settling * (1 - 1e-6), times: 1 },
  ];
  return {
    ...plan,
    traffic: plan.traffic.map((each) =>
      each.arrivals.type === 'closed' ? each : { ...each, arrivals: { ...each.arrivals, shape } },
    ),
  };
}
