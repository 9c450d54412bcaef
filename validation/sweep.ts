import { kindParts } from '../src/components/index.ts';
import { type Plan, underLoad } from '../src/design/index.ts';
import type { Report } from '../src/report/index.ts';
import { simulate } from '../src/simulate/index.ts';

/**
 * What gives way first, found by brute force: a run of a fixed length at every load of a grid, upwards from the load of
 * the design. It asks no formula, searches nothing, and reads nothing that the ladder reads: goals by the figures of a
 * run that is long enough for queues to fill, stations by how long they were busy.
 */
export interface Sweep {
  /** The highest load of the grid below the first at which a goal is surely missed, and that one; null = none is. */
  readonly goal: Bracket | null;
  /** The highest load of the grid below the first at which a station is always busy, and that one; null = none is. */
  readonly station: Bracket | null;
  /** Of a run from empty above that load, the stations whose queues grow first. */
  readonly growsFirst: readonly string[];
}

/** Two neighbours of the grid, and what gives way at the upper one. */
export interface Bracket {
  readonly low: number;
  readonly high: number;
  readonly what: readonly string[];
}

/** The grid is walked in wide steps, and once more in narrow ones where something gave way within a wide one. */
const WIDE = 1.25;
const STEP = 1.04;
const MOST = 100;
/** Requests of a replication: before anything is measured, and measured. */
const SETTLING = 400_000;
const MEASURED = 100_000;
const REPLICATIONS = 4;
/** Far from the seeds of the ladder. */
const SEED = 4242;
/** A busiest instance that was idle for less than this share of the time was always busy. */
const IDLE = 0.01;

export async function sweep(plan: Plan): Promise<Sweep> {
  const goal = await firstMissed(plan);
  const station = await walk((times) => alwaysBusyAt(plan, times));
  return { goal, station, growsFirst: station === null ? [] : await firstToGrow(plan, station.high * 1.1) };
}

/** The part of a sweep that looks for goals; null = none is missed, or there is none. */
export async function firstMissed(plan: Plan): Promise<Bracket | null> {
  return plan.goals.length === 0 ? null : await walk((times) => missedAt(plan, times));
}

/** The first load of the grid at which something gives way, twice: in wide steps, then in narrow ones. */
async function walk(fallen: (times: number) => Promise<readonly string[]>): Promise<Bracket | null> {
  const found = await firstOf(1, WIDE, MOST * WIDE, fallen);
  if (found === null || found.low === 0) return found;
  return (
    (await firstOf(found.low * STEP, STEP, found.high / Math.sqrt(STEP), fallen, found.low)) ?? {
      ...found,
      low: found.high / STEP,
    }
  );
}

async function firstOf(
  from: number,
  step: number,
  below: number,
  fallen: (times: number) => Promise<readonly string[]>,
  sound = 0,
): Promise<Bracket | null> {
  let low = sound;
  for (let times = from; times < below; times *= step) {
    const what = await fallen(times);
    if (what.length > 0) return { low, high: times, what };
    low = times;
  }
  return null;
}

async function missedAt(plan: Plan, times: number): Promise<string[]> {
  const { goals } = await runAt(plan, times);
  return goals.filter(({ met }) => met === false).map(({ goal }) => goal);
}

async function alwaysBusyAt(plan: Plan, times: number): Promise<string[]> {
  const { stations } = await runAt(plan, times);
  return Object.entries(stations).flatMap(([name, { servers, utilization, busiest }]) => {
    const share = busiest?.utilization ?? utilization;
    return servers !== null && (share.value ?? 0) >= 1 - IDLE ? [name] : [];
  });
}

const seen = new WeakMap<Plan, Map<number, Promise<Report>>>();

function runAt(plan: Plan, times: number): Promise<Report> {
  const runs = seen.get(plan) ?? new Map<number, Promise<Report>>();
  seen.set(plan, runs);
  const run = runs.get(times) ?? fixedRun(plan, times, SETTLING, MEASURED);
  runs.set(times, run);
  return run;
}

function fixedRun(plan: Plan, times: number, settling: number, measured: number): Promise<Report> {
  const { simulated } = kindParts([]);
  const rate = times * plan.traffic.reduce((sum, { arrivals }) => sum + rateOf(arrivals), 0);
  return simulate(underLoad(plan, times), simulated, {
    seed: SEED,
    replications: REPLICATIONS,
    warmup: settling / rate,
    time: measured / rate,
  });
}

/** Requests a second at full load; of a closed population at most, when nothing takes time but to think. */
function rateOf(arrivals: Plan['traffic'][number]['arrivals']): number {
  if (arrivals.type === 'closed') throw new RangeError('a sweep is for open traffic');
  return arrivals.rate.value * arrivals.peak;
}

/** In runs from empty of ever longer time, all instances of a station whose queue grows were busy for so much of it. */
const BUSY = 0.97;
const FIRST_LENGTH = 1000;
const LAST_LENGTH = 2_000_000;

/** The stations that are busy, with others waiting, in the shortest run from empty in which any is. */
async function firstToGrow(plan: Plan, times: number): Promise<string[]> {
  for (let requests = FIRST_LENGTH; requests <= LAST_LENGTH; requests *= 2) {
    const { stations } = await fixedRun(plan, times, 0, requests);
    const grown = Object.entries(stations).flatMap(
      ([name, { servers, utilization, busiest, queueLength }]) => {
        const share = (busiest?.utilization ?? utilization).value ?? 0;
        const waiting = queueLength.value ?? Number.POSITIVE_INFINITY;
        return servers !== null && share >= BUSY && waiting > 0 ? [name] : [];
      },
    );
    if (grown.length > 0) return grown;
  }
  return [];
}
