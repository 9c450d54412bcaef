import { requireInteger, requireNonNegative } from './require.ts';

/** A number n from 0 to `last` with P(n) in proportion to ratio^n: how many wait in a bounded queue. */
export interface TruncatedGeometric {
  readonly mean: number;
  readonly variance: number;
  /** P(last). */
  readonly atLast: number;
}

/** Below this power of the ratio over the whole range, the differences of the closed form lose their digits. */
const FLAT = 1e-3;

/** Mean, variance and last probability in closed form, for any ratio ≥ 0 and any number of places. */
export function truncatedGeometric(ratio: number, last: number): TruncatedGeometric {
  requireNonNegative('ratio', ratio);
  requireInteger('last', last, 0);
  if (ratio === 0 || last === 0) return { mean: 0, variance: 0, atLast: last === 0 ? 1 : 0 };
  if (ratio > 1) {
    // Counted from the other end.
    const mirrored = truncatedGeometric(1 / ratio, last);
    return {
      ...mirrored,
      mean: last - mirrored.mean,
      atLast: -Math.expm1(-Math.log(ratio)) / -Math.expm1(-(last + 1) * Math.log(ratio)),
    };
  }
  const terms = last + 1;
  const slope = Math.log(ratio);
  if (-slope * terms < FLAT) {
    return {
      mean: last / 2 + (slope * last * (last + 2)) / 12,
      variance: (last * (last + 2)) / 12,
      atLast: (1 + (slope * last) / 2) / terms,
    };
  }
  const fall = -Math.expm1(slope);
  const power = Math.exp(slope * terms);
  const cut = -Math.expm1(slope * terms);
  return {
    mean: ratio / fall - (terms * power) / cut,
    variance: ratio / fall ** 2 - (terms ** 2 * power) / cut ** 2,
    atLast: (Math.exp(slope * last) * fall) / cut,
  };
}
