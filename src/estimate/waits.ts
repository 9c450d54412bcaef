import { type ArrivalProcess, gapTransform } from './arrivals.ts';
import {
  allenCunneen,
  batchQueue,
  erlangC,
  erlangGaps,
  gimc,
  kimuraMgc,
  type LaplaceTransform,
} from './formulas/index.ts';
import type { Discipline, Spread } from './kind.ts';
import {
  busyPeriod,
  exponential,
  type Law,
  mean,
  mixture,
  residual,
  scaled,
  scv,
  sometimes,
  sum,
} from './law/index.ts';
import { bestOf, joinShortest, seenWeight } from './spread.ts';

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
  /** Whether more decides about the queue: what a bound makes of too much load is not known then. */
  readonly controlled?: boolean;
  readonly spread: Spread;
  /** Of `power-of-two`: pools looked at; default 2. */
  readonly choices?: number;
  /** Mean time of work relative to speed 1, already in the times here; default 1. */
  readonly slowness?: number;
  readonly uses: readonly Use[];
  /** Variability of all arrivals together, 1 for Poisson. */
  readonly dispersion: number;
  /** The process itself where it reaches the station unchanged. */
  readonly process: ArrivalProcess | null;
  /** By traffic: visits a second, and servers they keep busy. */
  readonly byTraffic: ReadonlyMap<number, { readonly rate: number; readonly work: number }>;
}

/** A wait and the chance that there is one. */
export interface Wait {
  readonly waits: number;
  /** Of all, those who do not wait included. */
  readonly law: Law;
}

/** With some chance the wait that is handed in, else none. */
export const waiting = (waits: number, law: Law): Wait => ({ waits, law: sometimes(waits, law) });

/** The wait at stations whose queue has no limit. */
export function waitOf(
  load: StationLoad,
  offered: number,
  time: Law,
  servers: number,
  utilization: number,
): Wait {
  const { pools, spread, dispersion, process } = load;
  const spreads = scv(time);
  const toPool =
    pools > 1 && (spread === 'random' || spread === 'key') ? 1 + (dispersion - 1) / pools : dispersion;
  const perServer = scaled(time, 1 / servers);
  if (process?.whole) {
    const exact = fromProcess(process, offered / pools, time, servers, utilization);
    if (exact !== null) return ordered(load, exact, utilization);
  }
  if (pools > 1 && spread === 'least-connections') {
    const { waits, ratio } = joinShortest(pools, servers, utilization);
    return ordered(
      load,
      waiting(waits, varied(queueing(perServer, ratio), dispersion, spreads)),
      utilization,
    );
  }
  if (pools > 1 && spread === 'power-of-two') {
    const law = someChoices(pools, servers, utilization, perServer, load.choices ?? 2);
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
    waiting(
      waits,
      varied(inSeveral(queueing(perServer, utilization), utilization, servers, spreads), toPool, spreads),
    ),
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

/**
 * To the mean of Kimura 1986, which knows that several servers feel the variability of service less than one
 * does: within 3 % where Allen–Cunneen is 12 % off (four servers, variability 0 or 4, ρ = 0.8).
 */
function inSeveral(wait: Law, utilization: number, servers: number, service: number): Law {
  if (servers === 1 || service === 1 || !Number.isFinite(service)) return wait;
  const rate = utilization * servers;
  return scaled(wait, kimuraMgc(rate, 1, servers, service) / allenCunneen(rate, 1, servers, 1, service));
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
  const size = batch.reduce((total, p, n) => total + p * n, 0);
  if (time.law === 'exponential' && single && servers <= ROOT_SERVERS_MAX) {
    return byRoot(gapTransform(gaps, 1 / offered), offered, time.mean, servers);
  }
  if (gaps !== null || single) return null;
  if (time.law === 'exponential' || (servers > 1 && process.whole)) {
    const departures = batchQueue(offered / size, batch, 1 / mean(time), servers);
    const part = exponential(mean(time) / servers);
    return { waits: 1 - departures[0]!, law: { law: 'random-sum', part, weights: departures } };
  }
  if (servers > 1) return null;
  // A batch is served like one long request; within it, those ahead are served first.
  const before = beforeBatch(batch, time, utilization);
  let beyond = 1;
  const ahead = batch.slice(1).map((_, n) => {
    beyond -= batch[n]!;
    return Math.max(0, beyond) / size;
  });
  const law = sum(before, { law: 'random-sum', part: time, weights: ahead });
  return { waits: 1 - (1 - utilization) / size, law };
}

/** The wait of the first of a batch at one server. */
export function beforeBatch(batch: readonly number[], time: Law, utilization: number): Law {
  const left = residual({ law: 'random-sum', part: time, weights: batch });
  return { law: 'geometric', part: left, ratio: utilization, last: null };
}

/** Beyond so many servers the products of the formula for GI/M/c leave the range of a double. */
const ROOT_SERVERS_MAX = 100;

/** GI/M/c. */
function byRoot(gaps: LaplaceTransform, arrivalRate: number, service: number, servers: number): Wait {
  const { root, waits } = gimc(gaps, arrivalRate, 1 / service, servers);
  return waiting(waits, exponential(service / (servers * (1 - root))));
}

/** Strict turns: each of n pools gets every n-th arrival, of Poisson arrivals an Erlang(n) gap apart. */
function inTurn(load: StationLoad, offered: number, time: Law, servers: number, utilization: number): Wait {
  const { pools, dispersion } = load;
  if (time.law === 'exponential' && dispersion === 1 && servers <= ROOT_SERVERS_MAX) {
    const perPool = offered / pools;
    return byRoot(erlangGaps(pools, 1 / perPool), perPool, time.mean, servers);
  }
  const waits = erlangC(utilization * servers, servers);
  const spreads = scv(time);
  const law = inSeveral(queueing(scaled(time, 1 / servers), utilization), utilization, servers, spreads);
  return waiting(waits, varied(law, dispersion / pools, spreads));
}

function someChoices(
  pools: number,
  servers: number,
  utilization: number,
  perServer: Law,
  choices: number,
): Wait {
  const weight = seenWeight(pools, choices);
  const seen = joinShortest(Math.min(pools, choices), servers, utilization);
  if (pools <= choices) return waiting(seen.waits, queueing(perServer, seen.ratio));
  const many = bestOf(choices, servers, utilization);
  const waitsOfMany = 1 - many[0]!;
  const left = residual(perServer);
  const law = mixture([
    { weight: weight * seen.waits, of: queueing(perServer, seen.ratio) },
    {
      weight: (1 - weight) * waitsOfMany,
      of: { law: 'random-sum', part: left, weights: many.map((p, n) => (n === 0 ? 0 : p / waitsOfMany)) },
    },
  ]);
  return waiting(weight * seen.waits + (1 - weight) * waitsOfMany, law);
}

/** The same mean wait in another order of service. */
function ordered(load: StationLoad, wait: Wait, utilization: number): Wait {
  if (load.discipline !== 'lifo' || wait.waits === 0 || !Number.isFinite(mean(wait.law))) return wait;
  // Last in, first out: who waits, waits until all who came later are gone, a busy period (Kleinrock II,
  // section 3.4); exact for M/M/c, else stretched to the mean.
  const busy = busyPeriod(utilization, 1);
  return waiting(wait.waits, scaled(busy, mean(wait.law) / wait.waits / mean(busy)));
}
