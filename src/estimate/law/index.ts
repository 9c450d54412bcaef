/**
 * Laws of time: what a response time is made of, as an expression (sums, choices, the slowest of several), and
 * its mean, variance and quantiles. Sums are products of transforms on a grid, so that the percentile of a
 * path is that of the sum, never the sum of percentiles.
 */
export {
  busyPeriod,
  byMoments,
  exponential,
  gamma,
  type Law,
  lawOf,
  type Moments,
  mixture,
  point,
  repeated,
  residual,
  same,
  scaled,
  sometimes,
  sum,
  zero,
} from './law.ts';
export { mean, moments, scv } from './moments.ts';
export { dependently, kth, type Ordering, precisely, probabilityWithin, within } from './ordered.ts';
export { quantiles, type Resolution } from './quantiles.ts';
export { roughly } from './rough.ts';
