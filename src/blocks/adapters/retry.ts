import type { Random } from '../../kernel/index.ts';
import {
  type Backoff,
  type BackoffOptions,
  createBackoff,
  type RetryBudget,
  type RetryBudgetOptions,
  RetryPolicy,
  type RetryRefusal,
  retryRefusal,
} from '../protect/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { budgetOf } from './budget.ts';
import {
  type Call,
  type CallOptions,
  callOf,
  deadlineIsOver,
  type Guard,
  throwIfAborted,
  type Work,
} from './call.ts';
import { type Clock, systemClock, systemRandom } from './clock.ts';
import { DEADLINE_OVER, RefusedError } from './errors.ts';
import { countsAsFailure, isLastingRefusal } from './failure.ts';
import { Listeners, type Subscription } from './listeners.ts';
import { requireFunctions } from './require.ts';
import { wait } from './wait.ts';

/** When, how often and after which delays to try again. Delays are in milliseconds. */
export interface RetryOptions {
  /** Attempts in all, the first included: a whole number ≥ 1. */
  readonly maxAttempts: number;
  /** The delay before each further attempt. */
  readonly backoff: BackoffOptions | Backoff;
  /**
   * Bounds the retries of all calls together. Default: Finagle's, 20 % of the requests of the last 10 s and 10
   * a second on top. null: nothing bounds them but `maxAttempts`.
   */
  readonly budget?: RetryBudgetOptions | RetryBudget | null;
  /**
   * Whether trying again can help after an error. Default: after all that the function throws and after
   * timeouts, not after other refusals by guards further in. Where an operation must not happen twice, say here
   * after which errors it surely did not happen. Not asked about refusals that last, after which there is never
   * another attempt: an open breaker, a deadline, a shed request, a spent retry budget, a reused idempotency key, a
   * closed buffer. It is asked about those that pass: `rate-limited`, `throttled`, `overloaded`, `bulkhead-full`,
   * `no-target`, `in-progress`, `keys-full`, `buffer-full`.
   */
  readonly isTransient?: (error: unknown) => boolean;
  /** Whether a value is a failure, such as a response of status 503. Default: none is. */
  readonly isFailedResult?: (value: unknown) => boolean;
  /** The least delay a failure asks for (`Retry-After`), in milliseconds; null when it asks for none. The backoff's own comes on top. */
  readonly retryAfterMs?: (failure: unknown) => number | null;
  /** The longest that a failure may ask for; where it asks for more, there is no further attempt. Default: any. */
  readonly longestRetryAfterMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** Decisions of a retry. `failure` is the error, or the value that counts as one. */
export type RetryEvent =
  | {
      readonly guard: 'retry';
      readonly type: 'retry';
      /** The attempt that failed, from 1. */
      readonly attempt: number;
      readonly delayMs: number;
      readonly failure: unknown;
    }
  | {
      readonly guard: 'retry';
      readonly type: 'gave-up';
      readonly reason: RetryRefusal | 'aborted';
      /** Attempts made; 0 when the deadline was over before. */
      readonly attempt: number;
      readonly failure: unknown;
    };

/** Finagle's default: 10 s, 10 retries a second, 20 %; in milliseconds. */
const FINAGLE: RetryBudgetOptions = { kind: 'ratio', ttl: 10_000, minimumRate: 0.01, ratio: 0.2 };

const OPTIONS: OptionNames<RetryOptions> = {
  maxAttempts: true,
  backoff: true,
  budget: true,
  isTransient: true,
  isFailedResult: true,
  retryAfterMs: true,
  longestRetryAfterMs: true,
  clock: true,
  random: true,
};

/**
 * Tries again. What the last attempt threw or returned is what the caller gets, as it is. Who aborts while it
 * waits gets the reason of the signal.
 */
export class RetryGuard implements Guard {
  private readonly policy: RetryPolicy;
  private readonly options: RetryOptions;
  private readonly clock: Clock;
  private readonly random: Random;
  private readonly listeners = new Listeners<RetryEvent>();

  /** @throws RangeError when an option is out of range */
  constructor(options: RetryOptions) {
    requireOptions('RetryGuard', options, OPTIONS);
    const { maxAttempts, backoff, budget = FINAGLE } = options;
    requireFunctions(options, 'isTransient', 'isFailedResult');
    this.policy = new RetryPolicy({
      maxAttempts,
      backoff: typeof backoff === 'function' ? backoff : createBackoff(backoff),
      budget: budgetOf(budget),
      longestWait: options.longestRetryAfterMs ?? Number.POSITIVE_INFINITY,
    });
    this.options = options;
    this.clock = options.clock ?? systemClock;
    this.random = options.random ?? systemRandom();
  }

  listen(listener: (event: RetryEvent) => void): Subscription {
    return this.listeners.add(listener);
  }

  async run<T>(work: Work<T>, options?: CallOptions): Promise<T> {
    const call = callOf(options);
    throwIfAborted(call);
    if (deadlineIsOver(call, this.clock)) {
      const failure = new RefusedError('deadline', DEADLINE_OVER);
      this.tellGaveUp('deadline', 0, failure);
      throw failure;
    }
    this.policy.started(this.clock.now());
    let delayMs = 0;
    for (let attempt = 1; ; attempt++) {
      let value: T;
      try {
        value = await work(attempt === 1 && call.attempt === 1 ? call : call.again(attempt));
      } catch (error) {
        delayMs = this.decide(call, attempt, delayMs, error, this.isTransient(error));
        if (delayMs < 0) throw error;
        if (delayMs > 0) await wait(delayMs, call, this.clock);
        continue;
      }
      if (this.options.isFailedResult?.(value) !== true) {
        this.policy.succeeded(this.clock.now());
        return value;
      }
      delayMs = this.decide(call, attempt, delayMs, value, true);
      if (delayMs < 0) return value;
      if (delayMs > 0) await wait(delayMs, call, this.clock);
    }
  }

  private isTransient(error: unknown): boolean {
    if (isLastingRefusal(error)) return false;
    const { isTransient } = this.options;
    return isTransient === undefined ? countsAsFailure(error, undefined) : isTransient(error);
  }

  /** The delay before the next attempt; below 0 when there is none. */
  private decide(
    call: Call,
    attempt: number,
    previousDelay: number,
    failure: unknown,
    transient: boolean,
  ): number {
    if (call.aborted) {
      this.tellGaveUp('aborted', attempt, failure);
      return -1;
    }
    const decision = this.policy.afterFailure(
      attempt,
      previousDelay,
      this.clock.now(),
      call.deadlineMs,
      this.random,
      transient,
      this.leastDelay(failure),
    );
    const refusal = retryRefusal(decision);
    if (refusal !== null) this.tellGaveUp(refusal, attempt, failure);
    else if (this.listeners.any) {
      this.listeners.tell({ guard: 'retry', type: 'retry', attempt, delayMs: decision, failure });
    }
    return decision;
  }

  private leastDelay(failure: unknown): number {
    const asked = this.options.retryAfterMs?.(failure) ?? null;
    if (asked !== null) return Math.max(0, asked);
    return failure instanceof RefusedError ? Math.max(0, failure.retryAfterMs ?? 0) : 0;
  }

  private tellGaveUp(reason: RetryRefusal | 'aborted', attempt: number, failure: unknown): void {
    if (this.listeners.any)
      this.listeners.tell({ guard: 'retry', type: 'gave-up', reason, attempt, failure });
  }
}
