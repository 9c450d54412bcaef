import { requireInteger, requirePositive, requireProbability } from './require.ts';

/** H_n = 1 + 1/2 + … + 1/n. */
export function harmonicNumber(n: number): number {
  requireInteger('n', n, 0);
  let sum = 0;
  for (let i = n; i >= 1; i--) sum += 1 / i;
  return sum;
}

/** Mean of the slowest of n independent Exp(mean): mean · H_n. Rényi, 1953. */
export function maxOfExponentialsMean(n: number, mean: number): number {
  return kthOfExponentialsMean(n, n, mean);
}

/** Mean of the k-th fastest of n independent Exp(mean): mean · (H_n − H_{n−k}). Rényi, 1953. */
export function kthOfExponentialsMean(k: number, n: number, mean: number): number {
  requireInteger('k', k, 1);
  requireInteger('n', n, k);
  requirePositive('mean', mean);
  let sum = 0;
  for (let i = n - k + 1; i <= n; i++) sum += 1 / i;
  return mean * sum;
}

/** The time by which all of n independent Exp(mean) are over with probability q. */
export function maxOfExponentialsQuantile(n: number, mean: number, q: number): number {
  requireInteger('n', n, 1);
  requirePositive('mean', mean);
  requireProbability('q', q);
  return -mean * Math.log(-Math.expm1(Math.log(q) / n));
}

/**
 * Probability that a request that waits for n independent parts is slow, when one part is slow with
 * probability p: 1 − (1 − p)^n. Dean & Barroso, "The tail at scale", CACM 56(2), 2013.
 */
export function fanOutTail(n: number, p: number): number {
  requireInteger('n', n, 0);
  requireProbability('p', p);
  return -Math.expm1(n * Math.log1p(-p));
}
