import { harmonicNumber } from './order-statistics.ts';
import { requireInteger, requireNonNegative, requirePositive, requireStable } from './require.ts';

/**
 * Mean response of a fork-join of two M/M/1 servers, exact: (12 − ρ) / (8(1 − ρ)) · E[S]. Every request sends
 * one task to each server at once and is over when both are. Flatto & Hahn, SIAM J. Appl. Math. 44, 1984.
 */
export function forkJoinOfTwo(arrivalRate: number, serviceRate: number): number {
  requireNonNegative('arrivalRate', arrivalRate);
  requirePositive('serviceRate', serviceRate);
  const utilization = arrivalRate / serviceRate;
  requireStable(utilization);
  return (12 - utilization) / (8 * (1 - utilization)) / serviceRate;
}

/**
 * Mean response of a fork-join of n M/M/1 servers; exact for n = 1 and 2, else an approximation that its
 * authors found within 5 % for n ≤ 32: [H_n/H_2 + 4/11 · (1 − H_n/H_2) · ρ] · T_2. Nelson & Tantawi,
 * "Approximate analysis of fork/join synchronization in parallel queues", IEEE ToC 37(6), 1988.
 */
export function forkJoin(n: number, arrivalRate: number, serviceRate: number): number {
  requireInteger('n', n, 1);
  const pair = forkJoinOfTwo(arrivalRate, serviceRate);
  if (n === 1) return 1 / (serviceRate - arrivalRate);
  const growth = harmonicNumber(n) / harmonicNumber(2);
  return (growth + (4 / 11) * (1 - growth) * (arrivalRate / serviceRate)) * pair;
}
