import { requireInteger, requireNonNegative, requireProbability } from './require.ts';

const YEAR_SECONDS = 365 * 86_400;

/** Seconds of downtime in `period` seconds, default a year of 365 days. */
export function downtime(availability: number, period = YEAR_SECONDS): number {
  requireProbability('availability', availability);
  requireNonNegative('period', period);
  return (1 - availability) * period;
}

/** Availability of a chain in which every part is needed and parts fail independently: Π A. */
export function series(availabilities: readonly number[]): number {
  let all = 1;
  for (const a of availabilities) {
    requireProbability('availability', a);
    all *= a;
  }
  return all;
}

/** Availability where one of several independent parts is enough and fail-over is perfect: 1 − Π(1 − A). */
export function parallel(availabilities: readonly number[]): number {
  let none = 1;
  for (const a of availabilities) {
    requireProbability('availability', a);
    none *= 1 - a;
  }
  return 1 - none;
}

/** Probability that at least k of the independent parts are up; parts may differ. */
export function kOfN(k: number, availabilities: readonly number[]): number {
  requireInteger('k', k, 0);
  // up[j] = probability that j of the parts looked at so far are up.
  let up = [1];
  for (const a of availabilities) {
    requireProbability('availability', a);
    const next = new Array<number>(up.length + 1).fill(0);
    for (let j = 0; j < up.length; j++) {
      next[j]! += up[j]! * (1 - a);
      next[j + 1]! += up[j]! * a;
    }
    up = next;
  }
  let sum = 0;
  for (let j = up.length - 1; j >= k; j--) sum += up[j]!;
  return Math.min(sum, 1);
}

/**
 * By number of failed parts, 0 to n, of equal parts that share repair crews: the share of time that so many are. Times up
 * and repairs are exponential, whoever finds all crews at work waits (the machine-repair model; Feller, An
 * Introduction to Probability Theory and Its Applications I, 3rd ed. 1968, §XVII.7).
 *
 * @param n parts, ≥ 1
 * @param load mean repair ÷ mean time up, ≥ 0
 * @param crews repairs that go on at the same time, ≥ 1
 */
export function failedParts(n: number, load: number, crews: number): number[] {
  requireInteger('n', n, 1);
  requireNonNegative('load', load);
  requireInteger('crews', crews, 1);
  const weights = [1];
  for (let failed = 1; failed <= n; failed++) {
    weights.push((weights[failed - 1]! * (n - failed + 1) * load) / Math.min(failed, crews));
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/**
 * Probability that at least k of n equal independent parts are up: the upper end of a binomial law, summed from
 * n down, where the terms are largest for parts that are mostly up.
 */
export function kOfEqual(k: number, n: number, availability: number): number {
  requireInteger('k', k, 0);
  requireInteger('n', n, k);
  requireProbability('availability', availability);
  if (k === 0 || availability === 1) return 1;
  if (availability === 0) return 0;
  // In logarithms, since the first term of many parts is below what a double can hold.
  let term = n * Math.log(availability);
  const odds = Math.log1p(-availability) - Math.log(availability);
  let sum = Math.exp(term);
  for (let up = n - 1; up >= k; up--) {
    term += odds + Math.log((up + 1) / (n - up));
    const more = Math.exp(term);
    sum += more;
    if (more < 1e-18 * sum && up < n * availability) break;
  }
  return Math.min(sum, 1);
}

/**
 * Chance that of `drawn` things at least `k` are among the `marked` ones of `all`: the tail of the hypergeometric law,
 * Σ_{i ≥ k} C(marked, i) C(all − marked, drawn − i) ÷ C(all, drawn).
 *
 * @param k 0 to `drawn`
 * @param drawn up to `all`
 * @param marked 0 to `all`
 * @param all ≥ 1
 * @throws RangeError when an argument is outside its range
 */
export function atLeastDrawn(k: number, drawn: number, marked: number, all: number): number {
  requireInteger('k', k, 0);
  requireInteger('drawn', drawn, k);
  requireInteger('marked', marked, 0);
  requireInteger('all', all, Math.max(1, drawn, marked));
  // Of those left, one after the other is drawn: the chance of each number of marked ones so far.
  let chances = [1];
  for (let n = 0; n < drawn; n++) {
    const next = new Array<number>(n + 2).fill(0);
    chances.forEach((chance, found) => {
      const hit = Math.max(0, marked - found) / (all - n);
      next[found + 1]! += chance * hit;
      next[found]! += chance * (1 - hit);
    });
    chances = next;
  }
  return Math.min(
    1,
    chances.slice(k).reduce((sum, chance) => sum + chance, 0),
  );
}
