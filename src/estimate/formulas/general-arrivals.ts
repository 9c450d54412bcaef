import { meansFromWaiting, type QueueMeans } from './queue-means.ts';
import { requireInteger, requireNonNegative, requirePositive, requireStable } from './require.ts';

/** E[e^(−sX)] of a non-negative random time X, for s ≥ 0. */
export type LaplaceTransform = (s: number) => number;

/**
 * The root σ in (0, 1) of σ = A(μ(1 − σ)), A the transform of the time between arrivals: the probability
 * that an arrival at GI/M/1 has to wait. Kleinrock, Queueing Systems I, 1975, section 6.4.
 *
 * @throws RangeError when the arrival rate is not below the service rate
 */
export function gim1Root(gaps: LaplaceTransform, arrivalRate: number, serviceRate: number): number {
  requirePositive('arrivalRate', arrivalRate);
  requirePositive('serviceRate', serviceRate);
  requireStable(arrivalRate / serviceRate);
  // A(μ(1 − σ)) − σ is convex in σ, positive at 0, and zero at the root and at 1.
  let low = 0;
  let high = 1;
  const excess = (sigma: number): number => gaps(serviceRate * (1 - sigma)) - sigma;
  // Bring `high` below 1 so that the second zero is left out.
  let step = 0.5;
  while (step > 1e-15 && excess(1 - step) > 0) step /= 2;
  high = 1 - step;
  for (let i = 0; i < 200 && high - low > 1e-16; i++) {
    const middle = (low + high) / 2;
    if (excess(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Means of GI/M/1: Wq = σ / (μ(1 − σ)), the response time is Exp(1 / (μ(1 − σ))). */
export function gim1(gaps: LaplaceTransform, arrivalRate: number, serviceRate: number): QueueMeans {
  const sigma = gim1Root(gaps, arrivalRate, serviceRate);
  return meansFromWaiting(arrivalRate, 1 / serviceRate, 1, sigma / (serviceRate * (1 - sigma)));
}

/**
 * P(an arrival waits) in GI/M/c; those who wait, wait Exp(1 / (cμ(1 − σ))). Takács, Introduction to the Theory
 * of Queues, 1962, chapter 2: J/(1 − σ) with
 * 1/J = 1/(1 − σ) + Σₖ C(c, k) / (Cₖ(1 − Aₖ)) · (c(1 − Aₖ) − k) / (c(1 − σ) − k), Aₖ = A(kμ), Cₖ = Π Aᵢ/(1 − Aᵢ).
 *
 * @returns the root σ and the probability to wait
 */
export function gimc(
  gaps: LaplaceTransform,
  arrivalRate: number,
  serviceRate: number,
  servers: number,
): { readonly root: number; readonly waits: number } {
  requireInteger('servers', servers, 1);
  const root = gim1Root(gaps, arrivalRate, servers * serviceRate);
  const pole = servers * (1 - root);
  let product = 1;
  let choices = 1;
  let sum = 1 / (1 - root);
  for (let k = 1; k <= servers; k++) {
    const a = gaps(k * serviceRate);
    product *= a / (1 - a);
    choices *= (servers - k + 1) / k;
    const near = Math.abs(pole - k) < 1e-5 * servers;
    // Where k meets the pole both parts of the fraction vanish, and their slopes take their place.
    const fraction = near
      ? 1 + servers * serviceRate * slope(gaps, k * serviceRate)
      : (servers * (1 - a) - k) / (pole - k);
    sum += (choices / (product * (1 - a))) * fraction;
  }
  return { root, waits: Math.min(1, 1 / (sum * (1 - root))) };
}

function slope(gaps: LaplaceTransform, s: number): number {
  const step = 1e-4 * s;
  return (gaps(s + step) - gaps(s - step)) / (2 * step);
}

/** Transform of a constant gap. */
export function constantGaps(gap: number): LaplaceTransform {
  return (s) => Math.exp(-s * gap);
}

/** Transform of a gap of k exponential phases, mean `gap` in all; k = 1 is the exponential. */
export function erlangGaps(k: number, gap: number): LaplaceTransform {
  return (s) => (1 + (s * gap) / k) ** -k;
}

/** Transform of a gap that is Exp(mean1) with probability p, else Exp(mean2). */
export function hyperexponentialGaps(p: number, mean1: number, mean2: number): LaplaceTransform {
  return (s) => p / (1 + s * mean1) + (1 - p) / (1 + s * mean2);
}

/**
 * Mean wait in G/G/1, an approximation that becomes exact as ρ → 1, and is exact for M/G/1:
 * ρ/(1 − ρ) · (ca² + cs²)/2 · E[S]. Kingman, "The single server queue in heavy traffic", 1961.
 */
export function kingman(
  arrivalRate: number,
  serviceTime: number,
  arrivalScv: number,
  serviceScv: number,
): number {
  requireNonNegative('arrivalRate', arrivalRate);
  const utilization = arrivalRate * serviceTime;
  requireStable(utilization);
  return (((utilization / (1 - utilization)) * (arrivalScv + serviceScv)) / 2) * serviceTime;
}

/**
 * Upper bound on the mean wait in G/G/1 for any laws: λ(σa² + σs²) / (2(1 − ρ)). Kingman, "Some inequalities
 * for the queue GI/G/1", Biometrika 49, 1962.
 */
export function kingmanBound(
  arrivalRate: number,
  serviceTime: number,
  arrivalScv: number,
  serviceScv: number,
): number {
  requirePositive('arrivalRate', arrivalRate);
  const utilization = arrivalRate * serviceTime;
  requireStable(utilization);
  const variance = arrivalScv / arrivalRate ** 2 + serviceScv * serviceTime ** 2;
  return (arrivalRate * variance) / (2 * (1 - utilization));
}

/**
 * M^[X]/M/1: batches arrive as a Poisson process. L = ρ(1 + E[X²]/E[X]) / (2(1 − ρ)).
 * Gross & Harris, section 3.1.
 *
 * @param batchRate batches per unit of time
 * @param batchMean E[X] ≥ 1
 * @param batchSecondMoment E[X²]
 */
export function batchMm1(
  batchRate: number,
  batchMean: number,
  batchSecondMoment: number,
  serviceRate: number,
): QueueMeans {
  requireNonNegative('batchRate', batchRate);
  requirePositive('serviceRate', serviceRate);
  requirePositive('batchMean', batchMean);
  const arrivalRate = batchRate * batchMean;
  const utilization = arrivalRate / serviceRate;
  requireStable(utilization);
  const inSystem = (utilization * (1 + batchSecondMoment / batchMean)) / (2 * (1 - utilization));
  const response = inSystem / (arrivalRate || 1);
  return meansFromWaiting(
    arrivalRate,
    1 / serviceRate,
    1,
    arrivalRate === 0 ? 0 : response - 1 / serviceRate,
  );
}
