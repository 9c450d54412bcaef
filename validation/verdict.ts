import type { Interval } from '../src/kernel/index.ts';
import type { Figure } from '../src/report/index.ts';
import type { Tolerance } from './case.ts';

/**
 * - `hit`: as near to the paper as the case asks, or the paper lies inside our interval; and the interval is
 *   narrow enough to mean something.
 * - `imprecise`: it would be a hit, but our half-width exceeds half of the tolerance.
 * - `miss`: neither near nor inside.
 * - `unknown`: we have no figure.
 * - `skipped`: could not run here.
 */
export type Verdict = 'hit' | 'imprecise' | 'miss' | 'unknown' | 'skipped';

/** Rounding that an exact formula may show, relative: the sixth digit is that of most printed tables. */
const EXACT_RELATIVE = 1e-6;

/** Largest allowed |ours − paper|, in the paper's unit. */
export function allowance(paper: number, tolerance: Tolerance): number {
  if (tolerance === 'exact') return Math.abs(paper) * EXACT_RELATIVE;
  return 'relative' in tolerance ? Math.abs(paper) * tolerance.relative : tolerance.absolute;
}

/** Judges a simulated figure with its 95 % interval. */
export function judge(paper: number, ours: Figure | Interval, tolerance: Tolerance): Verdict {
  if (ours.value === null || ours.low === null || ours.high === null) return 'unknown';
  const allowed = allowance(paper, tolerance);
  const near = Math.abs(ours.value - paper) <= allowed;
  const inside = ours.low <= paper && paper <= ours.high;
  if (!near && !inside) return 'miss';
  const halfWidth = (ours.high - ours.low) / 2;
  return halfWidth <= allowed / 2 ? 'hit' : 'imprecise';
}

/** Judges a figure that has no chance in it: an estimate, or a decision core fed by hand. */
export function judgeExact(paper: number, ours: number | null, tolerance: Tolerance): Verdict {
  if (ours === null) return 'unknown';
  return Math.abs(ours - paper) <= allowance(paper, tolerance) ? 'hit' : 'miss';
}
