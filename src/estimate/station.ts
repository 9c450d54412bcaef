import type { Distribution } from '../quantities/index.ts';
import { erlangC, mmck, truncatedGeometric } from './formulas/index.ts';
import type { WorkCases } from './kind.ts';
import {
  byMoments,
  exponential,
  type Law,
  lawOf,
  mean,
  mixture,
  moments,
  residual,
  same,
  scaled,
  scv,
  sometimes,
  sum,
  zero,
} from './law/index.ts';
import { type StationLoad, type Wait, waiting, waitOf } from './waits.ts';

/** What becomes of a load. Rates are per second, of all pools together. */
export interface StationState {
  readonly load: StationLoad;
  readonly offered: number;
  /** Those that are let in. */
  readonly accepted: number;
  /** Share turned away because no place is left. */
  readonly loss: number;
  /** Time in service, of all visits together, and its mean. */
  readonly time: Law;
  readonly service: number;
  /** Visits per second that keep every server busy; Infinity without limit. */
  readonly capacity: number;
  readonly stable: boolean;
  /** Share of all servers that are busy, where it is another than that of the busiest pool. */
  readonly busy?: number;
  /** Of the accepted: chance to wait, and the wait, those who do not wait included. */
  readonly delayed: number;
  readonly wait: Law;
  /** Whether the visits of a priority are served in time: also at too much load, where the most urgent go first. */
  serves(priority: number): boolean;
  /** Share of the visits of a priority that get through. */
  passes(priority: number): number;
  /** Waiting and service of a visit that takes `time`, for requests of a traffic and its priority. */
  sojourn(time: Law, traffic: number, priority: number): Law;
}

const none: Wait = { waits: 0, law: zero };

/** Solves one station. A load that no number of waiting places bounds and that reaches 1 is not stable. */
export function solveStation(load: StationLoad): StationState {
  const { pools, servers, uses, places } = load;
  const offered = uses.reduce((total, { rate }) => total + rate, 0);
  const mixed = mixture(uses.map(({ time, rate }) => ({ weight: rate, of: time })));
  const service = mean(mixed);
  // Under processor sharing only the mean of the service time matters (Kleinrock II, section 4.4).
  const time = load.discipline === 'processor-sharing' ? exponential(service) : mixed;
  const capacity = servers === null || service === 0 ? Number.POSITIVE_INFINITY : (pools * servers) / service;
  const base = { load, offered, time: mixed, service, capacity };
  if (servers === null || service === 0 || offered === 0) return settled(base, none, 0, time);
  const utilization = offered / capacity;
  if (service === Number.POSITIVE_INFINITY) return { ...settled(base, none, 0, time), stable: false };
  const unknown = load.controlled === true && utilization >= 1;
  if (places !== null && !unknown) return bounded(base, time, utilization, servers, places);
  if (inStep(load, mixed, utilization)) return settled(base, none, 0, time);
  if (!(utilization < 1)) return overloaded(base, servers);
  return settled(base, waitOf(load, offered, time, servers, utilization), 0, time);
}

/** Whether arrivals without any variability find a server that was freed just then: full, and yet no queue. */
function inStep({ pools, process }: StationLoad, time: Law, utilization: number): boolean {
  const full = Math.abs(utilization - 1) < 1e-12;
  return full && pools === 1 && process?.dispersion === 0 && process.batch[1] === 1 && scv(time) === 0;
}

/** A load that is too much: the most urgent may still be served, behind one service in progress at any time. */
function overloaded(base: Base, servers: number): StationState {
  const { load, time, offered, capacity } = base;
  const state = { ...settled(base, none, 0, time), stable: false };
  if (load.discipline !== 'priority') {
    return { ...state, serves: () => false, passes: () => capacity / offered };
  }
  const upTo = loadsUpTo(load, offered / capacity);
  const left = mean(residual(scaled(time, 1 / servers)));
  const serves = (priority: number): boolean => upTo(priority + 1e-9) < 1;
  return {
    ...state,
    serves,
    passes: (priority) => {
      const above = upTo(priority);
      const own = upTo(priority + 1e-9) - above;
      return own > 0 ? Math.min(1, Math.max(0, 1 - above) / own) : 1;
    },
    // Cobham 1954, every server always busy.
    sojourn: (own, _traffic, priority) =>
      serves(priority)
        ? sum(exponential(left / ((1 - upTo(priority)) * (1 - upTo(priority + 1e-9)))), own)
        : own,
  };
}

type Base = Pick<StationState, 'load' | 'offered' | 'time' | 'service' | 'capacity'>;

function settled(base: Base, wait: Wait, loss: number, time: Law): StationState {
  const { load, offered, capacity } = base;
  const accepted = offered * (1 - loss);
  const utilization = accepted / capacity;
  const waitOfPriority =
    load.discipline === 'priority' ? byPriority(load, wait, utilization) : () => wait.law;
  const overall =
    load.discipline === 'priority'
      ? mixture(load.uses.map(({ priority, rate }) => ({ weight: rate, of: waitOfPriority(priority) })))
      : wait.law;
  return {
    ...base,
    accepted,
    loss,
    stable: true,
    delayed: wait.waits,
    wait: overall,
    serves: () => true,
    passes: () => 1,
    sojourn: (own, _traffic, priority) => {
      if (wait.waits === 0) return own;
      if (load.discipline === 'processor-sharing')
        return shared(own, mean(wait.law) / base.service, utilization, time);
      return memoryless(load, own, time, wait) ?? sum(waitOfPriority(priority), own);
    },
  };
}

/** What a limit on how many are near a station at a time does to it. */
export interface Relief {
  /** P(who comes finds n there), of those within the limit. */
  readonly found: readonly number[];
  /** Servers left to these, not a whole number where visits by another way keep a part of them busy. */
  readonly servers: number;
  /** Servers that visits by another way keep busy. */
  readonly taken: number;
  /** Share of the visits that is ever let near it. */
  readonly through: number;
  /** What visits by another way find, and which share of a traffic's visits they are; null = there are none. */
  readonly others: {
    readonly found: readonly number[];
    readonly share: (traffic: number) => number;
  } | null;
}

/**
 * The state of a station when only so many are let near it at a time. Visits by another way make each departure
 * take longer, and are waited for themselves, as open customers are by the closed ones of a mixed network (Lavenberg
 * & Reiser 1980; exact for one exponential server).
 */
export function relieved(state: StationState, relief: Relief): StationState {
  const { load, offered } = state;
  const { servers, taken, through, others } = relief;
  const time = mixture(load.uses.map(({ time, rate }) => ({ weight: rate, of: time })));
  // Each departure is exponential in product form; else its residual, as in Pollaczek–Khinchine.
  const variability = load.discipline === 'processor-sharing' ? 1 : scv(time);
  const stretch = Number.isFinite(variability) ? (1 + variability) / 2 : 1;
  const part = exponential((stretch * mean(time)) / servers);
  const busy = taken > 0 ? erlangC(taken, Math.round(servers + taken)) : 0;
  const waitFor = (found: readonly number[]): Wait => {
    const weights = awaited(found, servers);
    const idle = weights[0]! * (1 - busy);
    const own: Law = { law: 'random-sum', part, weights };
    return idle === 1 ? none : { waits: 1 - idle, law: busy > 0 ? sum(own, sometimes(busy, part)) : own };
  };
  const inside = waitFor(relief.found);
  const loss = 1 - state.accepted / offered;
  const passed =
    others === null
      ? settled(state, inside, loss, time)
      : byTraffic(
          settled(state, inside, loss, time),
          othersBeside(load, inside, waitFor(others.found), others.share),
        );
  return { ...passed, accepted: passed.accepted * through };
}

/** By traffic: the waits of those within a limit and of those who come by another way. */
function othersBeside(
  load: StationLoad,
  inside: Wait,
  outside: Wait,
  share: (traffic: number) => number,
): Map<number, Wait> {
  return new Map(
    [...load.byTraffic.keys()].map((traffic) => [traffic, either(share(traffic), outside, inside)]),
  );
}

/** With probability `share` the one wait, else the other. */
function either(share: number, one: Wait, other: Wait): Wait {
  return {
    waits: share * one.waits + (1 - share) * other.waits,
    law: mixture([
      { weight: share, of: one.law },
      { weight: 1 - share, of: other.law },
    ]),
  };
}

/** P(n departures have to be waited for), where `found[n]` is P(n are found there). */
export function awaited(found: readonly number[], servers: number): number[] {
  const count = Math.max(1, Math.floor(servers));
  const weights = [0];
  found.forEach((probability, n) => {
    const departures = Math.max(0, n - count + 1);
    weights[departures] = (weights[departures] ?? 0) + probability;
  });
  return weights;
}

/**
 * The state of a station whose waits are known beforehand, by traffic, e.g. from a closed network.
 * Under processor sharing they are those of a visit of mean length, and stretch with its length.
 */
export function withWaits(load: StationLoad, waits: ReadonlyMap<number, Wait>): StationState {
  const offered = load.uses.reduce((total, { rate }) => total + rate, 0);
  const time = mixture(load.uses.map(({ time, rate }) => ({ weight: rate, of: time })));
  const service = mean(time);
  const { servers, pools } = load;
  const capacity = servers === null || service === 0 ? Number.POSITIVE_INFINITY : (pools * servers) / service;
  const base = { load, offered, time, service, capacity };
  // Open traffic alone is more than it can serve.
  if ([...waits.values()].some(({ law }) => !Number.isFinite(mean(law)))) {
    const passes = (): number => Math.min(1, capacity / offered);
    return { ...settled(base, none, 0, time), stable: false, serves: () => false, passes };
  }
  return byTraffic(settled(base, none, 0, time), waits);
}

/** The state with a wait of its own for each traffic. */
function byTraffic(state: StationState, waits: ReadonlyMap<number, Wait>): StationState {
  const { load, offered, capacity } = state;
  const cases = [...waits].map(([traffic, wait]) => ({
    ...wait,
    weight: load.byTraffic.get(traffic)?.rate ?? 0,
  }));
  const total = cases.reduce((sum, { weight }) => sum + weight, 0) || 1;
  return {
    ...state,
    delayed: cases.reduce((sum, { weight, waits }) => sum + (weight / total) * waits, 0),
    wait: mixture(cases.map(({ weight, law }) => ({ weight, of: law }))),
    sojourn: (own, traffic) => {
      const { waits: some, law } = waits.get(traffic) ?? none;
      if (some === 0) return own;
      if (load.discipline !== 'processor-sharing') return sum(law, own);
      const { rate, work } = load.byTraffic.get(traffic)!;
      return shared(own, mean(law) / (work / rate), Math.min(offered / capacity, 1 - 1e-9), own);
    },
  };
}

/** M/M/1 and GI/M/1 as a whole: to wait with chance σ for Exp(S/(1 − σ)) and then take Exp(S) is Exp(S/(1 − σ)). */
function memoryless(load: StationLoad, own: Law, time: Law, wait: Wait): Law | null {
  const single = load.servers === 1 && load.discipline === 'fifo' && same(own, time);
  if (!single || own.law !== 'exponential' || wait.law.law !== 'mixture') return null;
  const [some] = wait.law.cases;
  const whole = own.mean / (1 - wait.waits);
  if (some?.of.law !== 'exponential' || some.weight !== wait.waits) return null;
  return Math.abs(some.of.mean / whole - 1) < 1e-12 ? exponential(whole) : null;
}

/**
 * Waits by class: those of one class stand to the wait of all as 1 − ρ to (1 − σₖ₋₁)(1 − σₖ), σ the load of
 * the classes up to k (Cobham 1954; exact for M/G/1, and for M/M/c where all classes are alike: Kella & Yechiali 1985).
 */
function byPriority(load: StationLoad, wait: Wait, utilization: number): (priority: number) => Law {
  const upTo = loadsUpTo(load, utilization);
  const average = mean(wait.law) / (wait.waits || 1);
  return (priority) => {
    const above = upTo(priority);
    const own = upTo(priority + 1e-9);
    const urgent = ((1 - utilization) * average) / ((1 - above) * (1 - own));
    return sometimes(wait.waits, exponential(urgent));
  };
}

/** Load of the classes that are more urgent than a priority. */
function loadsUpTo({ uses }: StationLoad, utilization: number): (priority: number) => number {
  const total = uses.reduce((sum, { rate, time }) => sum + rate * mean(time), 0);
  return (least) => {
    const urgent = uses.filter(({ priority }) => priority < least);
    return utilization * urgent.reduce((sum, { rate, time }) => sum + (rate * mean(time)) / total, 0);
  };
}

/**
 * Processor sharing: a request of size x takes x·stretch on average (Kleinrock II, section 4.4). The variance
 * around that is the one of M/M/1, (2 + ρ)/(2 − ρ) times the mean squared in all (Coffman, Muntz & Trotter
 * 1970); the shape is that of a law with these two moments.
 */
function shared(own: Law, waitPerService: number, utilization: number, time: Law): Law {
  const stretch = 1 + waitPerService;
  const { mean: size, variance } = moments(own);
  const average = size * stretch;
  const shared = Math.min(1, waitPerService / (utilization / (1 - utilization)));
  const around = ((2 * utilization) / (2 - utilization)) * shared * (mean(time) * stretch) ** 2;
  return byMoments(average, (variance * stretch ** 2 + around) / average ** 2);
}

/** A bounded queue, M/M/c/K: stable at any load. Several pools in balance lose like one that they share. */
function bounded(base: Base, time: Law, utilization: number, servers: number, places: number): StationState {
  const { load, offered, service } = base;
  const balanced = load.spread === 'least-connections' || load.spread === 'power-of-two';
  const joined = balanced ? load.pools : 1;
  const all = joined * (servers + places);
  const queue = mmck((offered * joined) / load.pools, 1 / service, servers * joined, all);
  if (places === 0) return settled(base, none, queue.loss, time);
  // Those who wait in the joined queue have a truncated geometric number before them.
  const before = truncatedGeometric(utilization, joined * places - 1).mean;
  const waits = Math.min(1, (queue.waiting * servers * joined) / (service * (1 + before)));
  const left = residual(scaled(time, 1 / servers));
  const ratio = utilization ** joined;
  const law = sum(left, { law: 'geometric', part: left, ratio, last: places - 1 });
  return settled(base, waiting(waits, law), queue.loss, time);
}

/** Law of a distribution of the design, one object for each. */
const laws = new WeakMap<object, Law>();

/** As `lawOf`, the same object for the same distribution, or cases, so that it is evaluated once. */
export function timeLaw(time: Distribution | WorkCases): Law {
  let law = laws.get(time);
  if (law === undefined) {
    law =
      'law' in time
        ? lawOf(time)
        : mixture(time.map((each) => ({ weight: each.probability, of: timeLaw(each.time) })));
    laws.set(time, law);
  }
  return law;
}
