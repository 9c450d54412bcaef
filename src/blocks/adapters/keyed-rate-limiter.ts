import { KeyedRateLimiter, type RateLimiterName } from '../limit/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { type CallOptions, callOf, deadlineIsOver, throwIfAborted, type Work } from './call.ts';
import { type Clock, systemClock } from './clock.ts';
import { DEADLINE_OVER, RefusedError } from './errors.ts';
import { Listeners, type Subscription } from './listeners.ts';

/** What a caller may say about one call. */
export interface KeyedCallOptions extends CallOptions {
  /** What the call takes from the limiter of its key. Default 1. */
  readonly cost?: number;
}

/** Decisions of a limiter by key. */
export interface KeyedRateLimiterEvent<Key> {
  readonly guard: 'keyed-rate-limiter';
  readonly type: 'refused';
  readonly reason: 'rate-limited' | 'deadline';
  readonly key: Key;
  readonly cost: number;
  /** Infinity when the cost can never pass. */
  readonly retryAfterMs: number;
}

const OPTIONS: OptionNames<{ readonly clock?: Clock }> = { clock: true };

/**
 * The rate limits of a door, one for each key: user, address, API key. Nobody waits here: who comes too soon is told
 * when to come again (429 and `Retry-After`), as a server that lets others wait holds their connections for them.
 */
export class KeyedRateLimiterAdapter<Key extends string | number = string> {
  private readonly limiter: KeyedRateLimiter<RateLimiterName, Key>;
  private readonly clock: Clock;
  private readonly listeners = new Listeners<KeyedRateLimiterEvent<Key>>();

  /**
   * @param limiter counts in milliseconds
   * @throws TypeError when it is none
   */
  constructor(limiter: KeyedRateLimiter<RateLimiterName, Key>, options: { readonly clock?: Clock } = {}) {
    if (!(limiter instanceof KeyedRateLimiter)) throw new TypeError('limiter must be a KeyedRateLimiter');
    requireOptions('KeyedRateLimiterAdapter', options, OPTIONS);
    this.limiter = limiter;
    this.clock = options.clock ?? systemClock;
  }

  listen(listener: (event: KeyedRateLimiterEvent<Key>) => void): Subscription {
    return this.listeners.add(listener);
  }

  /**
   * 0 when a call passes; else it has not, and the milliseconds after which it may: Infinity when never.
   *
   * @throws RangeError when the cost is out of range
   */
  tryTake(key: Key, cost = 1): number {
    const retryAfterMs = this.limiter.tryTake(key, this.clock.now(), cost);
    if (retryAfterMs > 0) this.tellRefused('rate-limited', key, cost, retryAfterMs);
    return retryAfterMs;
  }

  /**
   * Calls `work` for `key`, if its limiter lets it pass.
   *
   * @throws RefusedError `'rate-limited'` with `retryAfterMs`, `'deadline'` when the deadline is over
   */
  async run<T>(key: Key, work: Work<T>, options: KeyedCallOptions = {}): Promise<T> {
    const call = callOf(options);
    throwIfAborted(call);
    const { cost = 1 } = options;
    if (deadlineIsOver(call, this.clock)) {
      this.tellRefused('deadline', key, cost, 0);
      throw new RefusedError('deadline', DEADLINE_OVER);
    }
    const retryAfterMs = this.tryTake(key, cost);
    if (retryAfterMs === 0) return work(call);
    const when =
      retryAfterMs === Number.POSITIVE_INFINITY
        ? `a cost of ${cost} can never pass`
        : `this key may come again in ${Math.ceil(retryAfterMs)} ms`;
    throw new RefusedError('rate-limited', when, { retryAfterMs });
  }

  private tellRefused(
    reason: 'rate-limited' | 'deadline',
    key: Key,
    cost: number,
    retryAfterMs: number,
  ): void {
    if (!this.listeners.any) return;
    this.listeners.tell({ guard: 'keyed-rate-limiter', type: 'refused', reason, key, cost, retryAfterMs });
  }
}
