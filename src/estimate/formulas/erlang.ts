import { meansFromWaiting, type QueueMeans } from './queue-means.ts';
import {
  requireInteger,
  requireNonNegative,
  requirePositive,
  requireProbability,
  requireStable,
} from './require.ts';
import { truncatedGeometric } from './truncated-geometric.ts';

/**
 * Erlang B: the share of Poisson arrivals that find all of `servers` busy and are lost (M/G/c/c).
 * Holds for every law of the service time. A. K. Erlang, "Løsning af nogle Problemer fra
 * Sandsynlighedsregningen", 1917.
 *
 * The recursion B(c) = a·B(c−1) / (c + a·B(c−1)) adds and divides positive numbers only, so it is accurate
 * to rounding for any number of servers.
 *
 * @param offered a = arrival rate × mean service time, in erlangs, ≥ 0
 * @param servers c ≥ 0
 */
export function erlangB(offered: number, servers: number): number {
  requireNonNegative('offered', offered);
  requireInteger('servers', servers, 0);
  let blocked = 1;
  for (let c = 1; c <= servers; c++) blocked = (offered * blocked) / (c + offered * blocked);
  return blocked;
}

/**
 * Erlang C: the share of Poisson arrivals that have to wait in M/M/c. Erlang 1917.
 *
 * @param offered a = λ/μ in erlangs, 0 ≤ a < servers
 * @param servers c ≥ 1
 * @throws RangeError when a ≥ c
 */
export function erlangC(offered: number, servers: number): number {
  requireInteger('servers', servers, 1);
  requireStable(offered / servers);
  const blocked = erlangB(offered, servers);
  return blocked / (1 - (offered / servers) * (1 - blocked));
}

/** Means of M/M/1. Kleinrock, Queueing Systems I, 1975, section 3.2. */
export function mm1(arrivalRate: number, serviceRate: number): QueueMeans {
  return mmc(arrivalRate, serviceRate, 1);
}

/**
 * Means of M/M/c: Wq = C(c, a) / (cμ − λ). Gross & Harris, Fundamentals of Queueing Theory, chapter 2.
 *
 * @throws RangeError when λ ≥ cμ
 */
export function mmc(arrivalRate: number, serviceRate: number, servers: number): QueueMeans {
  requireNonNegative('arrivalRate', arrivalRate);
  requirePositive('serviceRate', serviceRate);
  const waiting = erlangC(arrivalRate / serviceRate, servers) / (servers * serviceRate - arrivalRate);
  return meansFromWaiting(arrivalRate, 1 / serviceRate, servers, waiting);
}

/** P(Wq ≤ t) in M/M/c: those who wait, wait Exp(1 / (cμ − λ)). */
export function mmcWaitingCdf(arrivalRate: number, serviceRate: number, servers: number, t: number): number {
  const waits = erlangC(arrivalRate / serviceRate, servers);
  return t < 0 ? 0 : 1 - waits * Math.exp(-(servers * serviceRate - arrivalRate) * t);
}

/** The time that a share `q` of arrivals in M/M/c waits at most; 0 where enough find a free server. */
export function mmcWaitingQuantile(
  arrivalRate: number,
  serviceRate: number,
  servers: number,
  q: number,
): number {
  requireProbability('q', q);
  const waits = erlangC(arrivalRate / serviceRate, servers);
  return q <= 1 - waits ? 0 : Math.log(waits / (1 - q)) / (servers * serviceRate - arrivalRate);
}

/** The response time that a share `q` of requests in M/M/1 stays within: T is Exp(1 / (μ − λ)). */
export function mm1ResponseQuantile(arrivalRate: number, serviceRate: number, q: number): number {
  requireProbability('q', q);
  requireStable(arrivalRate / serviceRate);
  return -Math.log1p(-q) / (serviceRate - arrivalRate);
}

/** A queue that turns arrivals away. Waiting, response and lengths are those of the accepted. */
export interface LossQueue extends QueueMeans {
  /** Share of arrivals turned away. */
  readonly loss: number;
  /** Accepted arrivals, which are also the departures, per unit of time. */
  readonly throughput: number;
}

/**
 * M/M/c/K: `places` is everybody who fits, in service and waiting. Stable at any load.
 * Gross & Harris sections 2.4 and 2.5.
 *
 * @param places K ≥ servers
 */
export function mmck(arrivalRate: number, serviceRate: number, servers: number, places: number): LossQueue {
  requireNonNegative('arrivalRate', arrivalRate);
  requirePositive('serviceRate', serviceRate);
  requireInteger('servers', servers, 1);
  requireInteger('places', places, servers);
  const offered = arrivalRate / serviceRate;
  const ratio = offered / servers;
  if (offered === 0) return { ...meansFromWaiting(0, 1 / serviceRate, servers, 0), loss: 0, throughput: 0 };
  // P(N < c) against P(N = c) is 1/B − 1; from c on the states are geometric, and their last is full.
  const below = 1 / erlangB(offered, servers) - 1;
  const { mean, atLast } = truncatedGeometric(ratio, places - servers);
  const first = truncatedGeometric(1 / ratio, places - servers).atLast;
  const waitingStates = 1 / (1 + below * first);
  const loss = waitingStates * atLast;
  const throughput = arrivalRate * (1 - loss);
  const queueLength = waitingStates * mean;
  const waiting = throughput === 0 ? 0 : queueLength / throughput;
  return { ...meansFromWaiting(throughput, 1 / serviceRate, servers, waiting), loss, throughput };
}
