/** Deviations below this share of the mean are rounding: a series that varies no more is constant. */
const ROUNDING = 1e-9;

/**
 * Where the initial transient of a series ends, by MSER-5 (White, Cobb & Spratt, Winter Simulation
 * Conference 2000): averages of five, then the cut that minimises the standard error of what remains.
 *
 * @param series equally spaced observations, oldest first
 * @returns how many leading observations to drop, a multiple of 5 and at most half of the series; when
 *   the best cut would be later, `settled` is false: the series has not reached its steady level
 */
export function findWarmUp(series: ArrayLike<number>): { drop: number; settled: boolean } {
  const batches = Math.floor(series.length / 5);
  if (batches < 4) return { drop: 0, settled: false };
  const means = new Float64Array(batches);
  for (let b = 0; b < batches; b++) {
    let sum = 0;
    for (let i = 0; i < 5; i++) sum += series[b * 5 + i]!;
    means[b] = sum / 5;
  }
  const level = meanOf(means);
  const rounding = (ROUNDING * level) ** 2;
  // From the back: sums over what remains behind each possible cut. The last few batches are no candidates,
  // since a handful of values can agree by accident.
  let sum = 0;
  let squares = 0;
  let best = Number.POSITIVE_INFINITY;
  let cut = 0;
  for (let b = batches - 1; b >= 0; b--) {
    sum += means[b]! - level;
    squares += (means[b]! - level) ** 2;
    const remaining = batches - b;
    if (remaining < 5) continue;
    const spread = squares - (sum * sum) / remaining;
    const error = spread > rounding * remaining ? spread / (remaining * remaining) : 0;
    if (error <= best) {
      best = error;
      cut = b;
    }
  }
  return cut > batches / 2
    ? { drop: Math.floor(batches / 2) * 5, settled: false }
    : { drop: cut * 5, settled: true };
}

/**
 * Integrated autocorrelation time of a series, in observations: how many of them are worth one independent
 * observation, at least 1. Correlations are summed up to the first that is not positive.
 */
export function correlationTime(series: ArrayLike<number>): number {
  const n = series.length;
  const mean = meanOf(series);
  let variance = 0;
  for (let i = 0; i < n; i++) variance += (series[i]! - mean) ** 2;
  if (!(variance > n * (ROUNDING * mean) ** 2)) return 1;
  let time = 1;
  for (let lag = 1; lag < n / 2; lag++) {
    let covariance = 0;
    for (let i = lag; i < n; i++) covariance += (series[i]! - mean) * (series[i - lag]! - mean);
    if (covariance <= 0) break;
    time += (2 * covariance) / variance;
  }
  return time;
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}
