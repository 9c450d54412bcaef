import { erlangC } from './erlang.ts';
import { meansFromWaiting, type QueueMeans } from './queue-means.ts';
import {
  requireInteger,
  requireNonNegative,
  requirePositive,
  requireProbability,
  requireStable,
} from './require.ts';

/**
 * M/G/1, first in first out: Wq = λE[S²] / (2(1 − ρ)) = ρ/(1 − ρ) · (1 + scv)/2 · E[S].
 * Pollaczek 1930, Khinchine 1932.
 *
 * @param scv squared coefficient of variation of the service time, ≥ 0
 * @throws RangeError when λE[S] ≥ 1
 */
export function mg1(arrivalRate: number, serviceTime: number, scv: number): QueueMeans {
  requireNonNegative('arrivalRate', arrivalRate);
  requireNonNegative('serviceTime', serviceTime);
  requireNonNegative('scv', scv);
  const utilization = arrivalRate * serviceTime;
  requireStable(utilization);
  const waiting = ((utilization / (1 - utilization)) * (1 + scv) * serviceTime) / 2;
  return meansFromWaiting(arrivalRate, serviceTime, 1, waiting);
}

/**
 * P(Wq ≤ t) in M/D/1, from the probabilities of the queue length: Franx, "A simple solution for the M/D/c
 * waiting time distribution", Operations Research Letters 29(5), 2001. Every term is positive, unlike in
 * Erlang's series of 1909, which loses all digits for long waits.
 */
export function md1WaitingCdf(arrivalRate: number, serviceTime: number, t: number): number {
  requireNonNegative('arrivalRate', arrivalRate);
  requirePositive('serviceTime', serviceTime);
  const utilization = arrivalRate * serviceTime;
  requireStable(utilization);
  if (t < 0) return 0;
  const k = Math.floor(t / serviceTime);
  const atMost = cumulated(md1Numbers(utilization, k + 1));
  const mean = utilization * (k + 1 - t / serviceTime);
  let poisson = Math.exp(-mean);
  let probability = 0;
  for (let j = 0; j <= k; j++) {
    probability += atMost[k - j + 1]! * poisson;
    poisson *= mean / (j + 1);
  }
  return probability;
}

/** The wait that a share `q` of arrivals in M/D/1 stays within, to 1e-12 of the service time. */
export function md1WaitingQuantile(arrivalRate: number, serviceTime: number, q: number): number {
  requireProbability('q', q);
  const utilization = arrivalRate * serviceTime;
  requireStable(utilization);
  if (q <= 1 - utilization) return 0;
  let high = serviceTime;
  while (md1WaitingCdf(arrivalRate, serviceTime, high) < q) high *= 2;
  let low = high === serviceTime ? 0 : high / 2;
  while (high - low > 1e-12 * serviceTime * Math.max(1, high / serviceTime)) {
    const middle = (low + high) / 2;
    if (md1WaitingCdf(arrivalRate, serviceTime, middle) < q) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * P(N = j) of M/D/1 for j = 0..`last` by the recursion on tails of the arrivals during one service
 * (Tijms, A First Course in Stochastic Models, 2003, section 9.2): sums of positive terms.
 */
function md1Numbers(utilization: number, last: number): Float64Array {
  const p = new Float64Array(last + 1);
  const more = new Float64Array(last + 2);
  let arrivals = Math.exp(-utilization);
  const none = arrivals;
  let tail = 1 - arrivals;
  for (let k = 0; k <= last + 1; k++) {
    more[k] = Math.max(tail, 0);
    arrivals *= utilization / (k + 1);
    tail -= arrivals;
  }
  p[0] = 1 - utilization;
  for (let j = 1; j <= last; j++) {
    let sum = p[0]! * more[j - 1]!;
    for (let i = 1; i < j; i++) sum += p[i]! * more[j - i]!;
    p[j] = sum / none;
  }
  return p;
}

function cumulated(p: Float64Array): Float64Array {
  const sums = new Float64Array(p.length);
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    sum += p[i]!;
    sums[i] = sum;
  }
  return sums;
}

/**
 * Mean wait in G/G/c, an approximation: that of M/M/c times (ca² + cs²)/2. Allen, Probability, Statistics and
 * Queueing Theory, 1978 (Allen–Cunneen). Exact for M/M/c and for M/G/1; typically within 5 % for M/G/c.
 *
 * @param arrivalScv ca², 1 for Poisson
 * @param serviceScv cs²
 */
export function allenCunneen(
  arrivalRate: number,
  serviceTime: number,
  servers: number,
  arrivalScv: number,
  serviceScv: number,
): number {
  requireInteger('servers', servers, 1);
  const offered = arrivalRate * serviceTime;
  const waiting = (erlangC(offered, servers) * serviceTime) / (servers - offered);
  return (waiting * (arrivalScv + serviceScv)) / 2;
}

/**
 * Mean wait in M/G/c, an approximation that interpolates between M/M/c and M/D/c. Kimura, "A two-moment
 * approximation for the mean waiting time in the GI/G/s queue", Management Science 32(6), 1986, with the
 * M/D/c of Cosmetatos, Operational Research Quarterly 26(3), 1975. Better than Allen–Cunneen where many
 * servers meet a service time of low variance.
 */
export function kimuraMgc(
  arrivalRate: number,
  serviceTime: number,
  servers: number,
  serviceScv: number,
): number {
  requireInteger('servers', servers, 1);
  requireNonNegative('serviceScv', serviceScv);
  const offered = arrivalRate * serviceTime;
  const exponential = (erlangC(offered, servers) * serviceTime) / (servers - offered);
  if (serviceScv === 1 || exponential === 0) return exponential;
  const utilization = offered / servers;
  const correction =
    ((1 - utilization) * (servers - 1) * (Math.sqrt(4 + 5 * servers) - 2)) / (16 * servers * utilization);
  const deterministic = ((1 + correction) / 2) * exponential;
  return (1 + serviceScv) / ((2 * serviceScv) / exponential + (1 - serviceScv) / deterministic);
}
