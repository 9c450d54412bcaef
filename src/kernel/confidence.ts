/** Confidence intervals from independent replications. */

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * 95 % Student-t interval of a mean from independent, equally long replications.
 * With one value the interval is infinitely wide; values must be finite.
 */
export function meanInterval(values: readonly number[]): Interval {
  const n = values.length;
  const mean = values.reduce((sum, v) => sum + v, 0) / n;
  return around(mean, values);
}

/**
 * 95 % interval around `centre` (an estimate from all replications pooled) with the spread that the
 * replications' own estimates show about it. Pooling removes most of the small-sample bias that the average
 * of quantiles or ratios has ("sectioning", Asmussen & Glynn, Stochastic Simulation, 2007, §III.5a).
 */
export function around(centre: number, values: readonly number[]): Interval {
  const n = values.length;
  if (n < 2) return { value: centre, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  let squares = 0;
  for (const v of values) squares += (v - centre) ** 2;
  const half = studentQuantile975(n - 1) * Math.sqrt(squares / (n * (n - 1)));
  return { value: centre, low: centre - half, high: centre + half };
}

/**
 * The 97.5 % quantile of Student's t with `df` ≥ 1 degrees of freedom: exact for 1 and 2, else the
 * Cornish–Fisher expansion (Abramowitz & Stegun 26.7.5), within 0.3 % at df = 3 and 1e-4 from df = 6.
 */
export function studentQuantile975(df: number): number {
  if (df === 1) return 12.706204736432095;
  if (df === 2) return 4.302652729911275;
  if (df === 3) return 3.182446305284263;
  if (df === 4) return 2.7764451051977987;
  if (df === 5) return 2.5705818366147395;
  const z = 1.959963984540054;
  const g1 = (z ** 3 + z) / 4;
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  const g4 = (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160;
  return z + g1 / df + g2 / df ** 2 + g3 / df ** 3 + g4 / df ** 4;
}

/**
 * The probability that Student's t with `df` ≥ 1 degrees of freedom, a whole number, is farther from 0 than `t` ≥ 0, on
 * either side: the finite series of Abramowitz & Stegun 26.7.3 and 26.7.4, which loses its digits below 1e-15.
 */
export function studentTail(t: number, df: number): number {
  if (t === Number.POSITIVE_INFINITY) return 0;
  const angle = Math.atan(t / Math.sqrt(df));
  const cosine = Math.cos(angle);
  const odd = df % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = odd && df === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= df - 2; k += 2) {
    term *= (cosine * cosine * (k - 1)) / k;
    sum += term;
  }
  const within = odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
  return Math.max(0, 1 - within);
}

/**
 * 95 % Wilson score interval of a proportion: `successes` of `trials` independent trials (Wilson 1927).
 * Never collapses to a point, so that "no failure seen" is not reported as "no failure possible".
 */
export function wilson(successes: number, trials: number): Interval {
  if (trials === 0) return { value: Number.NaN, low: 0, high: 1 };
  const z2 = 1.959963984540054 ** 2;
  const p = successes / trials;
  const centre = (p + z2 / (2 * trials)) / (1 + z2 / trials);
  const half = Math.sqrt(z2 * (p * (1 - p) + z2 / (4 * trials))) / Math.sqrt(trials) / (1 + z2 / trials);
  // At 0 and at 1 the bound is p itself, which rounding must not move past it.
  return {
    value: p,
    low: Math.min(p, Math.max(0, centre - half)),
    high: Math.max(p, Math.min(1, centre + half)),
  };
}
