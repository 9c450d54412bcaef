import { hopBudget } from '../protect/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { type CallOptions, callOf, type Guard, start, throwIfAborted, type Work } from './call.ts';
import { type Clock, systemClock } from './clock.ts';
import { DEADLINE_OVER, RefusedError, TimeoutError } from './errors.ts';
import { Listeners, type Subscription } from './listeners.ts';

/** How long to wait for an answer. */
export interface TimeoutOptions {
  /** Above 0. Where the deadline of the call comes earlier, that counts. */
  readonly timeoutMs: number;
  /** Kept back from the deadline of the call for what comes after, ≥ 0. Default 0. */
  readonly marginMs?: number;
  readonly clock?: Clock;
}

/** Decisions of a timeout. */
export type TimeoutEvent =
  | { readonly guard: 'timeout'; readonly type: 'timed-out'; readonly afterMs: number }
  | { readonly guard: 'timeout'; readonly type: 'refused'; readonly reason: 'deadline' };

const OPTIONS: OptionNames<TimeoutOptions> = { timeoutMs: true, marginMs: true, clock: true };

/**
 * Stops waiting after a time: the caller gets a `TimeoutError` at once, and the signal of the call is aborted
 * with the same error, whether or not the function heeds it. A call whose deadline is over is not begun.
 */
export class TimeoutGuard implements Guard {
  private readonly timeoutMs: number;
  private readonly marginMs: number;
  private readonly clock: Clock;
  private readonly listeners = new Listeners<TimeoutEvent>();

  /** @throws RangeError when `timeoutMs` is not above 0 and finite, or `marginMs` below 0 */
  constructor(options: TimeoutOptions) {
    requireOptions('TimeoutGuard', options, OPTIONS);
    const { timeoutMs, marginMs = 0, clock = systemClock } = options;
    if (!(Number.isFinite(timeoutMs) && timeoutMs > 0)) {
      throw new RangeError(`timeoutMs must be above 0 and finite, got ${timeoutMs}`);
    }
    if (!(Number.isFinite(marginMs) && marginMs >= 0)) {
      throw new RangeError(`marginMs must be ≥ 0 and finite, got ${marginMs}`);
    }
    this.timeoutMs = timeoutMs;
    this.marginMs = marginMs;
    this.clock = clock;
  }

  listen(listener: (event: TimeoutEvent) => void): Subscription {
    return this.listeners.add(listener);
  }

  async run<T>(work: Work<T>, options?: CallOptions): Promise<T> {
    const outer = callOf(options);
    throwIfAborted(outer);
    const now = this.clock.now();
    const waitMs = hopBudget(outer.deadlineMs, now, this.marginMs, this.timeoutMs);
    if (waitMs <= 0) throw this.refused();
    const signal = outer.abortSignal;
    const inner = outer.inner(now + waitMs);
    return new Promise<T>((resolve, reject) => {
      const onAbort = (): void => giveUp(signal?.reason);
      const cancelTimer = this.clock.after(waitMs, () => giveUp(this.timedOut(waitMs)));
      const settle = (): void => {
        cancelTimer();
        signal?.removeEventListener('abort', onAbort);
      };
      const giveUp = (reason: unknown): void => {
        settle();
        reject(reason);
        inner.cancel(reason);
      };
      signal?.addEventListener('abort', onAbort);
      start(work, inner).then(
        (value) => {
          settle();
          resolve(value);
        },
        (error: unknown) => {
          settle();
          reject(error);
        },
      );
    });
  }

  private timedOut(afterMs: number): TimeoutError {
    if (this.listeners.any) this.listeners.tell({ guard: 'timeout', type: 'timed-out', afterMs });
    return new TimeoutError(afterMs);
  }

  private refused(): RefusedError {
    if (this.listeners.any) this.listeners.tell({ guard: 'timeout', type: 'refused', reason: 'deadline' });
    return new RefusedError('deadline', DEADLINE_OVER);
  }
}
