import type { Distribution } from '../quantities/index.ts';
import type { ArrivalProcess } from './arrivals.ts';
import { gapTransform } from './arrivals.ts';
import { erlangC, erlangGaps, gim1Root, mmck, truncatedGeometric } from './formulas/index.ts';
import type { Discipline, Spread } from './kind.ts';
import {
  exponential,
  gamma,
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
import { betterOfTwo, joinShortest, twoPoolWeight } from './spread.ts';

/** Visits of one sort to a station. */
export interface Use {
  readonly time: Law;
  /** Visits per second, all pools together. */
  readonly rate: number;
  /** 0 = most urgent. */
  readonly priority: number;
}

/** A station of every instance of a component, and what comes to it. */
export interface StationLoad {
  readonly pools: number;
  /** Of each pool. */
  readonly servers: number | null;
  /** Waiting places of each pool; null = unlimited. */
  readonly places: number | null;
  readonly discipline: Discipline;
  readonly spread: Spread;
  readonly uses: readonly Use[];
  /** Variability of all arrivals together, 1 for Poisson. */
  readonly dispersion: number;
  /** The process itself where it reaches the station unchanged. */
  readonly process: ArrivalProcess | null;
  /** By traffic: visits a second, and servers they keep busy. */
  readonly byTraffic: ReadonlyMap<number, { readonly rate: number; readonly work: number }>;
}

/** What becomes of a load. Rates are per second, of all pools together. */
export interface StationState {
  readonly load: StationLoad;
  readonly offered: number;
  /** Those that are let in. */
  readonly accepted: number;
  /** Share turned away because no place is left. */
  readonly loss: number;
  /** Mean time in service. */
  readonly service: number;
  /** Visits per second that keep every server busy; Infinity without limit. */
  readonly capacity: number;
  readonly stable: boolean;
  /** Of the accepted: chance to wait, and the wait, those who do not wait included. */
  readonly delayed: number;
  readonly wait: Law;
  /** Waiting and service of a visit that takes `time`, for requests of a traffic and its priority. */
  sojourn(time: Law, traffic: number, priority: number): Law;
}

/** A wait and the chance that there is one. */
export interface Wait {
  readonly waits: number;
  /** Of all, those who do not wait included. */
  readonly law: Law;
}

const none: Wait = { waits: 0, law: zero };

/** With some chance the wait that is handed in, else none. */
const waiting = (waits: number, law: Law): Wait => ({ waits, law: sometimes(waits, law) });

/** Solves one station. A load that no number of waiting places bounds and that reaches 1 is not stable. */
export function solveStation(load: StationLoad): StationState {
  const { pools, servers, uses, places } = load;
  const offered = uses.reduce((total, { rate }) => total + rate, 0);
  const mixed = mixture(uses.map(({ time, rate }) => ({ weight: rate, of: time })));
  const service = mean(mixed);
  // Under processor sharing only the mean of the service time matters (Kleinrock II, section 4.4).
  const time = load.discipline === 'processor-sharing' ? exponential(service) : mixed;
  const capacity = servers === null || service === 0 ? Number.POSITIVE_INFINITY : (pools * servers) / service;
  const base = { load, offered, service, capacity };
  if (servers === null || service === 0 || offered === 0) return settled(base, none, 0, time);
  const utilization = offered / capacity;
  if (places !== null) return bounded(base, time, utilization, servers, places);
  if (!(utilization < 1)) return { ...settled(base, none, 0, time), stable: false };
  return settled(base, waitOf(load, offered, time, servers, utilization), 0, time);
}

type Base = Pick<StationState, 'load' | 'offered' | 'service' | 'capacity'>;

function settled(base: Base, wait: Wait, loss: number, time: Law): StationState {
  const { load, offered, capacity } = base;
  const accepted = offered * (1 - loss);
  const utilization = accepted / capacity;
  const waitOfPriority =
    load.discipline === 'priority' ? byPriority(load, wait, utilization) : () => wait.law;
  return {
    ...base,
    accepted,
    loss,
    stable: true,
    delayed: wait.waits,
    wait: wait.law,
    sojourn: (own, _traffic, priority) => {
      if (wait.waits === 0) return own;
      if (load.discipline === 'processor-sharing')
        return shared(own, mean(wait.law) / base.service, utilization, time);
      return memoryless(load, own, time, wait) ?? sum(waitOfPriority(priority), own);
    },
  };
}

/** What a limit on those inside does to the wait at a station inside: stretches it, or sets its mean. */
export type Relief = { readonly factor: number } | { readonly mean: number };

/**
 * The state of a station when only so many are let near it at a time: its wait, stretched by a factor, or,
 * where alone it could not hold the load, exponential with a mean.
 */
export function relieved(state: StationState, relief: Relief): StationState {
  const { load, offered } = state;
  const time = mixture(load.uses.map(({ time, rate }) => ({ weight: rate, of: time })));
  const wait: Wait =
    'factor' in relief
      ? { waits: relief.factor > 0 ? state.delayed : 0, law: scaled(state.wait, relief.factor) }
      : { waits: 1, law: exponential(relief.mean) };
  return settled(state, wait, 1 - state.accepted / offered, time);
}

/**
 * The state of a station whose waits are known beforehand, by traffic, e.g. from a closed network.
 * Under processor sharing they are those of a visit of mean length, and stretch with its length.
 */
export function withWaits(load: StationLoad, waits: ReadonlyMap<number, Wait>): StationState {
  const offered = load.uses.reduce((total, { rate }) => total + rate, 0);
  const time = mixture(load.uses.map(({ time, rate }) => ({ weight: rate, of: time })));
  const service = mean(time);
  const { servers, pools, byTraffic } = load;
  const capacity = servers === null || service === 0 ? Number.POSITIVE_INFINITY : (pools * servers) / service;
  const cases = [...waits].map(([traffic, wait]) => ({ ...wait, weight: byTraffic.get(traffic)?.rate ?? 0 }));
  const total = cases.reduce((sum, { weight }) => sum + weight, 0) || 1;
  const all: Wait = {
    waits: cases.reduce((sum, { weight, waits }) => sum + (weight / total) * waits, 0),
    law: mixture(cases.map(({ weight, law }) => ({ weight, of: law }))),
  };
  const state = settled({ load, offered, service, capacity }, all, 0, time);
  return {
    ...state,
    sojourn: (own, traffic) => {
      const { waits: some, law } = waits.get(traffic) ?? none;
      if (some === 0) return own;
      if (load.discipline !== 'processor-sharing') return sum(law, own);
      const { rate, work } = byTraffic.get(traffic)!;
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

/** The wait at stations whose queue has no limit. */
function waitOf(load: StationLoad, offered: number, time: Law, servers: number, utilization: number): Wait {
  const { pools, spread, dispersion, process } = load;
  const spreads = scv(time);
  const toPool =
    pools > 1 && (spread === 'random' || spread === 'key') ? 1 + (dispersion - 1) / pools : dispersion;
  const perServer = scaled(time, 1 / servers);
  if (pools > 1 && spread === 'least-connections') {
    const { waits, ratio } = joinShortest(pools, servers, utilization);
    return ordered(
      load,
      waiting(waits, varied(queueing(perServer, ratio), dispersion, spreads)),
      utilization,
    );
  }
  if (pools > 1 && spread === 'power-of-two') {
    const law = twoChoices(pools, servers, utilization, perServer);
    return ordered(load, { ...law, law: varied(law.law, dispersion, spreads) }, utilization);
  }
  if (pools > 1 && spread === 'round-robin') {
    return ordered(load, inTurn(load, offered, time, servers, utilization), utilization);
  }
  if (process !== null && pools === 1) {
    const exact = fromProcess(process, offered, time, servers, utilization);
    if (exact !== null) return ordered(load, exact, utilization);
  }
  const waits = erlangC(utilization * servers, servers);
  return ordered(
    load,
    waiting(waits, varied(queueing(perServer, utilization), toPool, spreads)),
    utilization,
  );
}

/**
 * The wait of those who wait: what is left of a service in progress, and a geometric number of others' whose
 * residuals add up (Pollaczek–Khinchine for one server; for several, with service c times as fast, the
 * approximation of Miyazawa, J. Appl. Prob. 23, 1986, whose mean is that of Allen–Cunneen). Exponential for
 * exponential service, and then exact.
 */
function queueing(perServer: Law, ratio: number): Law {
  const left = residual(perServer);
  if (left.law === 'exponential') return exponential(left.mean / (1 - ratio));
  return sum(left, { law: 'geometric', part: left, ratio, last: null });
}

/** Stretched for arrivals more or less regular than Poisson, as in the mean of Allen–Cunneen and Kingman. */
function varied(wait: Law, arrivals: number, service: number): Law {
  if (arrivals === 1 || !Number.isFinite(service)) return wait;
  return scaled(wait, (arrivals + service) / (1 + service));
}

/** GI/M/c by its root and M^[X]/G/1 by its transform; null where neither holds. */
function fromProcess(
  process: ArrivalProcess,
  offered: number,
  time: Law,
  servers: number,
  utilization: number,
): Wait | null {
  const { gaps, batch } = process;
  const single = batch.length === 2;
  if (single && gaps === null) return null;
  if (single && time.law === 'exponential') {
    return byRoot(
      gim1Root(gapTransform(gaps, 1 / offered), offered, servers / time.mean),
      time.mean,
      servers,
      utilization,
    );
  }
  if (gaps !== null || single || servers > 1) return null;
  const size = batch.reduce((total, p, n) => total + p * n, 0);
  // A batch is served like one long request; within it, those ahead are served first.
  const whole: Law = { law: 'random-sum', part: time, weights: batch };
  const left = residual(whole);
  const before: Law = { law: 'geometric', part: left, ratio: utilization, last: null };
  let beyond = 1;
  const ahead = batch.slice(1).map((_, n) => {
    beyond -= batch[n]!;
    return Math.max(0, beyond) / size;
  });
  const law = sum(before, { law: 'random-sum', part: time, weights: ahead });
  return { waits: 1 - (1 - utilization) / size, law };
}

/** In GI/M/c those who wait, wait Exp(S / (c(1 − σ))). That they are C·σ/ρ of all is exact for c = 1. */
function byRoot(sigma: number, service: number, servers: number, utilization: number): Wait {
  const waits = Math.min(1, (erlangC(utilization * servers, servers) * sigma) / utilization);
  return waiting(waits, exponential(service / (servers * (1 - sigma))));
}

/** Strict turns: each of n pools gets every n-th arrival, of Poisson arrivals an Erlang(n) gap apart. */
function inTurn(load: StationLoad, offered: number, time: Law, servers: number, utilization: number): Wait {
  const { pools, dispersion } = load;
  if (time.law === 'exponential' && dispersion === 1) {
    const perPool = offered / pools;
    const sigma = gim1Root(erlangGaps(pools, 1 / perPool), perPool, servers / time.mean);
    return byRoot(sigma, time.mean, servers, utilization);
  }
  const waits = erlangC(utilization * servers, servers);
  const law = queueing(scaled(time, 1 / servers), utilization);
  return waiting(waits, varied(law, dispersion / pools, scv(time)));
}

function twoChoices(pools: number, servers: number, utilization: number, perServer: Law): Wait {
  const weight = twoPoolWeight(pools);
  const pair = joinShortest(2, servers, utilization);
  if (pools === 2) return waiting(pair.waits, queueing(perServer, pair.ratio));
  const many = betterOfTwo(servers, utilization);
  const waitsOfMany = 1 - many[0]!;
  const left = residual(perServer);
  const law = mixture([
    { weight: weight * pair.waits, of: queueing(perServer, pair.ratio) },
    {
      weight: (1 - weight) * waitsOfMany,
      of: { law: 'random-sum', part: left, weights: many.map((p, n) => (n === 0 ? 0 : p / waitsOfMany)) },
    },
  ]);
  return waiting(weight * pair.waits + (1 - weight) * waitsOfMany, law);
}

/** The same mean wait in another order of service. */
function ordered(load: StationLoad, wait: Wait, utilization: number): Wait {
  if (load.discipline !== 'lifo' || wait.waits === 0) return wait;
  // Last in, first out: a waiting request waits through a busy period, whose variability in M/M/c is
  // (1 + ρ)/(1 − ρ) (Kleinrock I, section 5.8).
  const ofThose = mean(wait.law) / wait.waits;
  return waiting(wait.waits, gamma(ofThose, (1 + utilization) / (1 - utilization)));
}

/**
 * Waits by class: those of one class stand to the wait of all as 1 − ρ to (1 − σₖ₋₁)(1 − σₖ), σ the load of
 * the classes up to k (Cobham 1954; exact for M/G/1, and for M/M/c where all classes are alike: Kella & Yechiali 1985).
 */
function byPriority(load: StationLoad, wait: Wait, utilization: number): (priority: number) => Law {
  const total = load.uses.reduce((sum, { rate, time }) => sum + rate * mean(time), 0);
  const upTo = (least: number): number => {
    const urgent = load.uses.filter(({ priority }) => priority < least);
    return utilization * urgent.reduce((sum, { rate, time }) => sum + (rate * mean(time)) / total, 0);
  };
  const average = mean(wait.law) / (wait.waits || 1);
  return (priority) => {
    const above = upTo(priority);
    const own = upTo(priority + 1e-9);
    const urgent = ((1 - utilization) * average) / ((1 - above) * (1 - own));
    return sometimes(wait.waits, exponential(urgent));
  };
}

/**
 * Processor sharing: a request of size x takes x·stretch on average (Kleinrock II, section 4.4). The variance
 * around that is the one of M/M/1, (2 + ρ)/(2 − ρ) times the mean squared in all (Coffman, Muntz & Trotter
 * 1970); the shape is taken for a gamma law.
 */
function shared(own: Law, waitPerService: number, utilization: number, time: Law): Law {
  const stretch = 1 + waitPerService;
  const { mean: size, variance } = moments(own);
  const average = size * stretch;
  const shared = Math.min(1, waitPerService / (utilization / (1 - utilization)));
  const around = ((2 * utilization) / (2 - utilization)) * shared * (mean(time) * stretch) ** 2;
  return gamma(average, (variance * stretch ** 2 + around) / average ** 2);
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
const laws = new WeakMap<Distribution, Law>();

/** As `lawOf`, the same object for the same distribution, so that it is evaluated once. */
export function timeLaw(time: Distribution): Law {
  let law = laws.get(time);
  if (law === undefined) {
    law = lawOf(time);
    laws.set(time, law);
  }
  return law;
}
