import type { Random } from '../../kernel/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import type { Backoff } from './backoff.ts';
import { requireInstant, requireWhole, requireWithin } from './range.ts';
import type { RetryBudget } from './retry-budget.ts';

/** How often and after which delays a call is tried again. */
export interface RetryPolicyOptions {
  /** Attempts in all, the first included: a whole number ≥ 1. */
  readonly maxAttempts: number;
  /** The delay before each further attempt. */
  readonly backoff: Backoff;
  /** Bounds the retries of all calls together; null: nothing does but `maxAttempts`. */
  readonly budget: RetryBudget | null;
  /** Longest wait that the dependency may ask for, ≥ 0; where it asks for more, there is no further attempt. Default Infinity. */
  readonly longestWait?: number;
}

/** Why there is no further attempt, by what `RetryPolicy.afterFailure` returns instead of a delay. */
export const RETRY_REFUSAL = {
  /** It failed in a way that trying again does not mend. */
  permanent: -1,
  /** All attempts are used up. */
  attempts: -2,
  /** The delay would end at the deadline or after it. */
  deadline: -3,
  /** The budget is spent. */
  budget: -4,
  /** The dependency asks for a longer wait than is borne. */
  wait: -5,
} as const;

/** Name of a {@link RETRY_REFUSAL}. */
export type RetryRefusal = keyof typeof RETRY_REFUSAL;

const REFUSALS = Object.freeze(Object.keys(RETRY_REFUSAL)) as readonly RetryRefusal[];

/** The name of a refusal, by its number; null for a delay. */
export function retryRefusal(decision: number): RetryRefusal | null {
  return REFUSALS[-decision - 1] ?? null;
}

const OPTIONS: OptionNames<RetryPolicyOptions> = {
  maxAttempts: true,
  backoff: true,
  budget: true,
  longestWait: true,
};

/**
 * Decides after an outcome whether there is another attempt, and when. It keeps nothing of a call: the caller
 * counts the attempts. Only the budget, which may be shared, has a memory.
 */
export class RetryPolicy {
  readonly maxAttempts: number;
  private readonly backoff: Backoff;
  private readonly budget: RetryBudget | null;
  private readonly longestWait: number;

  /** @throws RangeError when `maxAttempts` is not a whole number ≥ 1, or `longestWait` not ≥ 0 */
  constructor(options: RetryPolicyOptions) {
    requireOptions('RetryPolicy', options, OPTIONS);
    requireWhole('maxAttempts', options.maxAttempts, 1, Number.MAX_SAFE_INTEGER);
    this.maxAttempts = options.maxAttempts;
    this.backoff = options.backoff;
    this.budget = options.budget;
    this.longestWait = options.longestWait ?? Number.POSITIVE_INFINITY;
    requireWithin('longestWait', this.longestWait, 0, Number.POSITIVE_INFINITY);
  }

  /** The first attempt of a call is sent. */
  started(now: number): void {
    this.budget?.started(now);
  }

  /** An attempt succeeded. */
  succeeded(now: number): void {
    this.budget?.succeeded(now);
  }

  /**
   * An attempt failed.
   *
   * @param attempt its number, from 1
   * @param previousDelay what was waited before it; 0 for the first
   * @param deadline instant from which an answer is of no use; Infinity when there is none
   * @param transient whether trying again can help
   * @param atLeast the least delay, when the dependency asked for one. The backoff's own comes on top of it: who were refused
   *   together were told the same, and would come back together but for its jitter (Brooker, "Timeouts, retries, and backoff
   *   with jitter", Amazon Builders' Library, 2019)
   * @returns the delay (≥ 0) before the next attempt, or a {@link RETRY_REFUSAL} (< 0)
   */
  afterFailure(
    attempt: number,
    previousDelay: number,
    now: number,
    deadline: number,
    random: Random,
    transient = true,
    atLeast = 0,
  ): number {
    requireWhole('attempt', attempt, 1, Number.MAX_SAFE_INTEGER);
    requireInstant(now);
    requireWithin('deadline', deadline, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    requireWithin('atLeast', atLeast, 0, Number.POSITIVE_INFINITY);
    if (!transient) return RETRY_REFUSAL.permanent;
    this.budget?.failed(now);
    if (attempt >= this.maxAttempts) return RETRY_REFUSAL.attempts;
    if (atLeast > this.longestWait) return RETRY_REFUSAL.wait;
    const delay = atLeast + this.backoff(attempt, previousDelay, random);
    if (delay === Number.POSITIVE_INFINITY || now + delay >= deadline) return RETRY_REFUSAL.deadline;
    // Last, so that a retry that something else forbids is not taken from the budget.
    if (this.budget !== null && !this.budget.tryRetry(now)) return RETRY_REFUSAL.budget;
    return delay;
  }
}
