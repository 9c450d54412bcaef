import type { Tolerance } from './case.ts';
import type { Verdict } from './verdict.ts';

/** One figure of the paper beside ours: a line of the table. */
export interface Row {
  readonly caseId: string;
  readonly model: string;
  readonly what: string;
  readonly unit: 's' | '1/s' | '1' | 'count';
  readonly paper: number;
  readonly tolerance: Tolerance;
  /** null where the estimator has no formula, or no design was estimated. */
  readonly estimate: Judged | null;
  /** null when nothing was simulated or measured; figures without chance have low = value = high. */
  readonly ours: Judged | null;
  /** The worse of the two. */
  readonly verdict: Verdict;
  /** Why ours differs, or may; empty where nobody has explained anything. */
  readonly explanation: string;
}

/** A figure of ours and what became of it. */
export interface Judged {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly verdict: Verdict;
}

const worstFirst: readonly Verdict[] = ['miss', 'unknown', 'imprecise', 'skipped', 'hit'];

/** The worst of some verdicts; skipped when there are none. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  return worstFirst.find((verdict) => verdicts.includes(verdict)) ?? 'skipped';
}
