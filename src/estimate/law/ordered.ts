import { Evaluation, kthCumulative } from './evaluate.ts';
import { Grid } from './grid.ts';
import { type Counted, type Law, type Moments, repeated, same, scaled, sum } from './law.ts';
import { mean, moments } from './moments.ts';

const SIZE = 512;
/** Each grid reaches this much further than the one before. */
const REACH = 8;
const GRIDS_MAX = 24;
/** Tails below this are lost in the rounding of the transforms. */
const TAIL_MIN = 1e-6;

/** How laws are made for times of which more than the sum counts, or that are not quite independent. */
export interface Ordering {
  /** So many visits in a row. */
  again(law: Law, times: number): Law;
  kth(parts: readonly Law[], k: number): Law;
  within(law: Law, limit: number): { readonly law: Law; readonly share: number };
}

/** The k-th shortest of independent times; the longest for k = their number. */
export function kth(parts: readonly Law[], k: number): Law {
  if (!(Number.isInteger(k) && k >= 1 && k <= parts.length)) {
    throw new RangeError(`k must be an integer from 1 to ${parts.length}, got ${k}`);
  }
  if (parts.length === 1) return parts[0]!;
  if (parts.every((part) => part.law === 'point')) {
    return [...parts].sort((a, b) => mean(a) - mean(b))[k - 1]!;
  }
  const counted = counts(parts);
  // Computed when asked for: of a fan-out to a thousand alike, one is.
  const moments = (): Moments => kthOfEqualExponentials(counted, k) ?? kthMoments(counted, k);
  return { law: 'kth', parts: counted, k, moments };
}

/** Equal parts together, so that a fan-out to a thousand alike costs as much as to one. */
export function counts(parts: readonly Law[]): Counted[] {
  const counted: { of: Law; count: number }[] = [];
  for (const part of parts) {
    const known = counted.find(({ of }) => same(of, part));
    if (known === undefined) counted.push({ of: part, count: 1 });
    else known.count++;
  }
  return counted;
}

/** P(the time is at most t). */
export function probabilityWithin(law: Law, t: number): number {
  if (law.law === 'point') return law.value <= t ? 1 : 0;
  if (law.law === 'exponential') return -Math.expm1(-t / law.mean);
  const { mean, variance } = moments(law);
  // Cantelli: P(X ≥ mean + d) ≤ variance / (variance + d²).
  if (t > mean && variance / (variance + (t - mean) ** 2) < 1e-7) return 1;
  // The limit in the middle of the last cell but one, where the function is known best.
  const grid = new Grid((t * SIZE) / (SIZE - 1.5), SIZE);
  return new Evaluation(grid).cumulative(law)[SIZE - 2]!;
}

/** The time given that it is at most `limit`; the law itself where it (almost) always is. */
export function within(law: Law, limit: number): { readonly law: Law; readonly share: number } {
  const share = probabilityWithin(law, limit);
  if (share > 1 - 1e-6) return { law, share: share > 1 - 1e-9 ? 1 : share };
  if (share < 1e-12) return { law: sum(), share: 0 };
  return {
    law: { law: 'within', part: law, limit, share, moments: () => momentsWithin(law, limit, share) },
    share,
  };
}

function momentsWithin(law: Law, limit: number, share: number): Moments {
  const grid = new Grid(limit, SIZE);
  let first = 0;
  let second = 0;
  new Evaluation(grid).cumulative(law).forEach((average, k) => {
    const beyond = (1 - Math.min(1, average / share)) * grid.step;
    first += beyond;
    second += 2 * beyond * (k + 0.5) * grid.step;
  });
  return { mean: first, variance: Math.max(0, second - first ** 2) };
}

/** Rényi 1953: the gaps between successive ones are independent and exponential. */
export function kthOfEqualExponentials([first, ...others]: readonly Counted[], k: number): Moments | null {
  if (first?.of.law !== 'exponential' || others.length > 0) return null;
  let mean = 0;
  let variance = 0;
  for (let left = first.count; left > first.count - k; left--) {
    mean += first.of.mean / left;
    variance += (first.of.mean / left) ** 2;
  }
  return { mean, variance };
}

/** By transforms on grids. */
export const precisely: Ordering = { again: repeated, kth, within };

/** As `precisely`, with visits in a row that all take as long as the first: the most they can depend. */
export const dependently: Ordering = { ...precisely, again: scaled };

/** E[X] = ∫ (1 − F) and E[X²] = 2 ∫ x(1 − F), on grids that reach ever further. */
function kthMoments(parts: readonly Counted[], k: number): Moments {
  const endless = { mean: Number.POSITIVE_INFINITY, variance: Number.POSITIVE_INFINITY };
  const all = parts.reduce((sum, { count }) => sum + count, 0);
  if (k === all && parts.some(({ of }) => mean(of) === endless.mean)) return endless;
  let from = 0;
  // The slow ones that are not waited for would make the first grid coarse.
  const means = parts.flatMap(({ of, count }) => new Array<number>(count).fill(Math.min(mean(of), 1e9)));
  means.sort((a, b) => a - b);
  let end = 4 * (means[k - 1]! || means.at(-1)!);
  let first = 0;
  let second = 0;
  for (let level = 0; level < GRIDS_MAX; level++) {
    const grid = new Grid(end, SIZE);
    const evaluation = new Evaluation(grid);
    const over = kthCumulative(
      parts.map(({ of, count }) => ({ over: evaluation.cumulative(of), count })),
      k,
    );
    let gained = 0;
    for (let at = Math.round(from / grid.step); at < SIZE; at++) {
      const beyond = (1 - over[at]!) * grid.step;
      first += beyond;
      gained += 2 * beyond * (at + 0.5) * grid.step;
    }
    second += gained;
    if (gained < 1e-5 * second || 1 - over[SIZE - 1]! < TAIL_MIN) break;
    from = end;
    end *= REACH;
  }
  return { mean: first, variance: Math.max(0, second - first ** 2) };
}
