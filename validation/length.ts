import type { RunLength } from './case.ts';

/**
 * A run of `count` requests in all, at `ratePerSecond`, cut into replications.
 *
 * Half-widths below half of a tolerance h need about V (2 · 1.96 / h)² requests, where V is the asymptotic
 * relative variance of the figure; for the mean wait of M/M/1 that is (2 + 5ρ − 4ρ² + ρ³) / (ρ (1 − ρ)²)
 * (Whitt, "Planning queueing simulations", Management Science 35(11), 1989). Other models take the same
 * order of magnitude.
 */
export function requests(count: number, ratePerSecond: number, replications = 30): RunLength {
  return { time: Math.ceil(count / ratePerSecond / replications), replications };
}
