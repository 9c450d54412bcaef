import type { Distribution } from './distribution.ts';
import { gammaShares } from './gamma-functions.ts';
import { gammaQuantile } from './gamma-quantile.ts';
import { normalCdf, normalQuantile } from './normal-functions.ts';

/** P(X ≤ x). A `normal` is cut at 0: what would be negative is 0. */
export function cdf(d: Distribution, x: number): number {
  if (Number.isNaN(x)) throw new RangeError('cdf: x must be a number, got NaN');
  if (x < 0) return 0;
  switch (d.law) {
    case 'constant':
      return x >= d.value ? 1 : 0;
    case 'exponential':
      return -Math.expm1(-x / d.mean);
    case 'uniform':
      return x >= d.high ? 1 : Math.max(0, (x - d.low) / (d.high - d.low));
    case 'normal':
      return normalCdf((x - d.mean) / d.sd);
    case 'lognormal':
      return normalCdf((Math.log(x) - d.mu) / d.sigma);
    case 'gamma':
      return gammaShares(d.shape, x / d.scale).lower;
    case 'erlang':
      return gammaShares(d.k, (x * d.k) / d.mean).lower;
    case 'hyperexponential':
      return -d.p * Math.expm1(-x / d.mean1) - (1 - d.p) * Math.expm1(-x / d.mean2);
    case 'pareto':
      return x <= d.scale ? 0 : -Math.expm1(-d.alpha * Math.log(x / d.scale));
    case 'bounded-pareto':
      if (x <= d.low) return 0;
      if (x >= d.high) return 1;
      return Math.expm1(-d.alpha * Math.log(x / d.low)) / Math.expm1(-d.alpha * Math.log(d.high / d.low));
    case 'weibull':
      return -Math.expm1(-((x / d.scale) ** d.shape));
    case 'empirical':
      return countUpTo(d.values, x) / d.values.length;
  }
}

/**
 * The least x with P(X ≤ x) ≥ p: `quantile(d, 0.99)` is the p99. Infinity for p = 1 where the law has no
 * upper end. Throws RangeError unless 0 ≤ p ≤ 1.
 */
export function quantile(d: Distribution, p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`quantile: p must be from 0 to 1, got ${p}`);
  switch (d.law) {
    case 'constant':
      return d.value;
    case 'exponential':
      return -d.mean * Math.log1p(-p);
    case 'uniform':
      return Math.min(d.high, d.low + p * (d.high - d.low));
    case 'normal':
      return Math.max(0, d.mean + d.sd * normalQuantile(p));
    case 'lognormal':
      return Math.exp(d.mu + d.sigma * normalQuantile(p));
    case 'gamma':
      return d.scale * gammaQuantile(d.shape, p);
    case 'erlang':
      return (d.mean / d.k) * gammaQuantile(d.k, p);
    case 'hyperexponential':
      return hyperexponentialQuantile(d, p);
    case 'pareto':
      return d.scale * Math.exp(-Math.log1p(-p) / d.alpha);
    case 'bounded-pareto': {
      const all = -Math.expm1(-d.alpha * Math.log(d.high / d.low));
      return Math.min(d.high, d.low * Math.exp(-Math.log1p(-p * all) / d.alpha));
    }
    case 'weibull':
      return d.scale * (-Math.log1p(-p)) ** (1 / d.shape);
    case 'empirical':
      return empiricalQuantile(d.values, p);
  }
}

function empiricalQuantile(values: readonly number[], p: number): number {
  let count = Math.max(1, Math.ceil(p * values.length));
  // p · n may come out a rounding error above a whole number: 0.07 · 100 does.
  if (count > 1 && (count - 1) / values.length >= p) count--;
  return values[count - 1] ?? Number.NaN;
}

/** How many of the ascending values are at most x. */
function countUpTo(values: readonly number[], x: number): number {
  let from = 0;
  let to = values.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((values[middle] ?? Number.POSITIVE_INFINITY) <= x) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * No closed form. The distribution function is concave and so is -ln of the upper share, so that Newton's
 * method from the left end climbs to the root without overshooting it.
 */
function hyperexponentialQuantile(
  d: Distribution & { readonly law: 'hyperexponential' },
  share: number,
): number {
  const { p, mean1, mean2 } = d;
  if (share === 1) return Number.POSITIVE_INFINITY;
  const q = 1 - p;
  const target = Math.log1p(-share);
  let x =
    -Math.min(p === 0 ? Number.POSITIVE_INFINITY : mean1, q === 0 ? Number.POSITIVE_INFINITY : mean2) *
    target;
  for (let round = 0; round < 200; round++) {
    const tail1 = p * Math.exp(-x / mean1);
    const tail2 = q * Math.exp(-x / mean2);
    const density = tail1 / mean1 + tail2 / mean2;
    // The smaller share carries the digits: solve for the lower one below the median, else for the upper.
    const step =
      share < 0.5
        ? (share - cdf(d, x)) / density
        : (Math.log(tail1 + tail2) - target) / (density / (tail1 + tail2));
    x += step;
    if (Math.abs(step) <= 2e-16 * x || !(step > 0)) break;
  }
  return x;
}
