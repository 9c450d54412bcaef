import { gammaShares } from '../../quantities/index.ts';
import { requireInteger, requireNonNegative, requirePositive } from './require.ts';

/**
 * Share of Poisson requests within a quota of Q in a window that lasts from 0 to W. With N of mean λt until t:
 * P(N ≤ Q − 1) of those that come at a time t; over a whole window E[min(Q, N)] / E[N], where
 * E[min(Q, N)] = λW·P(N ≤ Q − 2) + Q·P(N ≥ Q). P(N ≤ k) is the upper regularised gamma function of k + 1 at the mean
 * (Abramowitz & Stegun 26.4.21).
 *
 * @param rate λ ≥ 0
 * @param requests Q ≥ 1
 * @param window W > 0
 * @param elapsed t ≥ 0; null = over a whole window
 */
export function withinQuota(rate: number, requests: number, window: number, elapsed: number | null): number {
  requireNonNegative('rate', rate);
  requireInteger('requests', requests, 1);
  requirePositive('window', window);
  const mean = rate * (elapsed ?? window);
  if (mean === 0) return 1;
  const { lower, upper } = gammaShares(requests, mean);
  if (elapsed !== null) return upper;
  const before = requests === 1 ? 0 : gammaShares(requests - 1, mean).upper;
  return Math.min(1, before + (requests * lower) / mean);
}
