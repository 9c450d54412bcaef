import type { Distribution } from './distribution.ts';
import { logGamma } from './gamma-functions.ts';
import { normalCdf, normalDensity } from './normal-functions.ts';

/**
 * Mean in base units; Infinity for a pareto of alpha ≤ 1.
 *
 * A `normal` is taken as it is sampled: a negative draw becomes 0, which puts P(X ≤ 0) of the uncut curve at 0.
 * Its mean is therefore above the parameter `mean`, and its variance below sd².
 */
export function mean(d: Distribution): number {
  switch (d.law) {
    case 'constant':
      return d.value;
    case 'exponential':
    case 'erlang':
      return d.mean;
    case 'uniform':
      return (d.low + d.high) / 2;
    case 'normal':
      return d.mean * normalCdf(d.mean / d.sd) + d.sd * normalDensity(d.mean / d.sd);
    case 'lognormal':
      return Math.exp(d.mu + (d.sigma * d.sigma) / 2);
    case 'gamma':
      return d.shape * d.scale;
    case 'hyperexponential':
      return d.p * d.mean1 + (1 - d.p) * d.mean2;
    case 'pareto':
      return d.alpha > 1 ? (d.scale * d.alpha) / (d.alpha - 1) : Number.POSITIVE_INFINITY;
    case 'bounded-pareto':
      return boundedParetoMoment(d, 1);
    case 'weibull':
      return d.scale * Math.exp(logGamma(1 + 1 / d.shape));
    case 'empirical':
      return meanOf(d.values);
  }
}

/** Variance in base units squared; Infinity for a pareto of alpha ≤ 2. A `normal` is cut as in `mean`. */
export function variance(d: Distribution): number {
  switch (d.law) {
    case 'constant':
      return 0;
    case 'exponential':
      return d.mean ** 2;
    case 'erlang':
      return d.mean ** 2 / d.k;
    case 'uniform':
      return (d.high - d.low) ** 2 / 12;
    case 'normal':
      return cutNormalVariance(d.mean, d.sd);
    case 'lognormal':
      return Math.expm1(d.sigma ** 2) * mean(d) ** 2;
    case 'gamma':
      return d.shape * d.scale ** 2;
    case 'hyperexponential': {
      // Each phase has variance mean²; the choice between them adds the rest.
      const q = 1 - d.p;
      return d.p * d.mean1 ** 2 + q * d.mean2 ** 2 + d.p * q * (d.mean1 - d.mean2) ** 2;
    }
    case 'pareto':
      return d.alpha > 2
        ? (d.scale ** 2 * d.alpha) / ((d.alpha - 1) ** 2 * (d.alpha - 2))
        : Number.POSITIVE_INFINITY;
    case 'bounded-pareto':
      return Math.max(0, boundedParetoMoment(d, 2) - boundedParetoMoment(d, 1) ** 2);
    case 'weibull':
      return Math.expm1(logGamma(1 + 2 / d.shape) - 2 * logGamma(1 + 1 / d.shape)) * mean(d) ** 2;
    case 'empirical': {
      const middle = meanOf(d.values);
      return meanOf(d.values.map((value) => (value - middle) ** 2));
    }
  }
}

/** Squared coefficient of variation, variance / mean²; 0 for a law that is always 0. */
export function scv(d: Distribution): number {
  const spread = variance(d);
  if (spread === 0) return 0;
  if (spread === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  return spread / mean(d) ** 2;
}

function meanOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Var max(0, X) for X normal: first and second moment over X > 0 (Johnson, Kotz & Balakrishnan, ch. 13.10). */
function cutNormalVariance(middle: number, sd: number): number {
  const z = middle / sd;
  const above = normalCdf(z);
  const below = normalCdf(-z);
  const density = normalDensity(z);
  // Arranged so that nothing cancels when the cut is far away (density and below vanish).
  return sd ** 2 * (above - density * (density + z * (above - below)) + z * z * above * below);
}

/**
 * E[X^k] = alpha low^k / (1 - r^-alpha) · (r^(k - alpha) - 1) / (k - alpha) with r = high / low
 * (Harchol-Balter, Performance Modeling and Design of Computer Systems, 2013, ch. 20), and ln r for the last
 * factor where alpha = k. expm1 keeps the digits around that point.
 */
function boundedParetoMoment(
  { low, high, alpha }: { readonly low: number; readonly high: number; readonly alpha: number },
  k: number,
): number {
  const logRatio = Math.log(high / low);
  const power = k - alpha;
  const integral = power === 0 ? logRatio : Math.expm1(power * logRatio) / power;
  return (alpha * low ** k * integral) / -Math.expm1(-alpha * logRatio);
}
