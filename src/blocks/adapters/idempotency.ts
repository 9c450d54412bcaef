import type { IdempotencyKeys } from '../identify/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { type CallOptions, callOf, deadlineIsOver, throwIfAborted, type Work } from './call.ts';
import { type Clock, systemClock } from './clock.ts';
import { DEADLINE_OVER, RefusedError } from './errors.ts';
import { Listeners, type Subscription } from './listeners.ts';
import { requireFunction, requireMethods } from './require.ts';

/** What a failure means, and how leases are kept. */
export interface IdempotencyOptions {
  /**
   * Whether work that failed has surely changed nothing, so that the next request with its key may do it. Default: never,
   * since nobody knows, and the key stays taken until its lease is over. A refusal by a guard further in tells nothing
   * where that guard also tries again: an attempt before may have done the work.
   */
  readonly isWithoutEffect?: (error: unknown) => boolean;
  /** Lengthens the lease of work that is under way this often, > 0: a third of the lease is usual. Default: never. */
  readonly renewEveryMs?: number;
  readonly clock?: Clock;
}

/** Why a request with a key is not answered. */
type IdempotencyRefusal = 'in-progress' | 'key-reused' | 'keys-full' | 'deadline';

/** Decisions of the keys. `lost`: the lease ended before the work did, which may have been done twice. */
export type IdempotencyEvent<Key> =
  | { readonly guard: 'idempotency'; readonly type: 'replayed' | 'lost'; readonly key: Key }
  | {
      readonly guard: 'idempotency';
      readonly type: 'refused';
      readonly reason: IdempotencyRefusal;
      readonly key: Key;
    };

const OPTIONS: OptionNames<IdempotencyOptions> = { isWithoutEffect: true, renewEveryMs: true, clock: true };

/** Does the work of a key once, and answers repetitions with what came of it. */
export class IdempotencyGuard<Key extends string | number = string, Result = unknown> {
  private readonly keys: IdempotencyKeys<Key, Result>;
  private readonly isWithoutEffect: (error: unknown) => boolean;
  private readonly renewEveryMs: number;
  private readonly clock: Clock;
  private readonly listeners = new Listeners<IdempotencyEvent<Key>>();

  /**
   * @param keys count in milliseconds
   * @throws RangeError when an option is out of range
   * @throws TypeError when `keys` are none, or `isWithoutEffect` is no function
   */
  constructor(keys: IdempotencyKeys<Key, Result>, options: IdempotencyOptions = {}) {
    requireOptions('IdempotencyGuard', options, OPTIONS);
    const { isWithoutEffect = never, renewEveryMs = Number.POSITIVE_INFINITY, clock } = options;
    requireMethods('keys', 'IdempotencyKeys', keys, ['begin', 'complete']);
    requireFunction('isWithoutEffect', isWithoutEffect);
    if (!(renewEveryMs > 0)) throw new RangeError(`renewEveryMs must be > 0, got ${renewEveryMs}`);
    this.keys = keys;
    this.isWithoutEffect = isWithoutEffect;
    this.renewEveryMs = renewEveryMs;
    this.clock = clock ?? systemClock;
  }

  listen(listener: (event: IdempotencyEvent<Key>) => void): Subscription {
    return this.listeners.add(listener);
  }

  /**
   * Calls `work` when this is the first request with `key`, or gives the result of the one that was.
   *
   * @param fingerprint says what is asked, such as a hash of method, path and body: equal for a repetition
   * @throws TypeError when the key is neither a string nor a number
   * @throws RefusedError `'in-progress'` (409) and `'keys-full'` (503) with `retryAfterMs`, `'key-reused'` (422) when the
   *   key came with something else before, `'deadline'` when the deadline is over
   */
  async run(
    key: Key,
    fingerprint: string | number,
    work: Work<Result>,
    options?: CallOptions,
  ): Promise<Result> {
    const call = callOf(options);
    throwIfAborted(call);
    const { keys, clock } = this;
    if (typeof key !== 'string' && typeof key !== 'number') {
      throw new TypeError(`key must be a string or a number, got ${key}`);
    }
    if (deadlineIsOver(call, clock)) throw this.refused(key, 'deadline', DEADLINE_OVER, null);
    const decision = keys.begin(key, fingerprint, clock.now());
    if (decision === 'done') {
      const result = keys.result as Result;
      if (this.listeners.any) this.listeners.tell({ guard: 'idempotency', type: 'replayed', key });
      return result;
    }
    if (decision !== 'first') {
      const [reason, message] = REFUSALS[decision];
      throw this.refused(key, reason, message, decision === 'mismatch' ? null : keys.retryIn);
    }
    const { token } = keys;
    const stopRenewing = this.renewEveryMs < Number.POSITIVE_INFINITY ? this.renewing(key, token) : null;
    try {
      const result = await work(call);
      if (!keys.complete(key, token, result, clock.now())) this.lost(key);
      return result;
    } catch (error) {
      const now = clock.now();
      const holds = this.isWithoutEffect(error) ? keys.abandon(key, token, now) : keys.holds(key, token, now);
      if (!holds) this.lost(key);
      throw error;
    } finally {
      stopRenewing?.();
    }
  }

  private renewing(key: Key, token: number): () => void {
    const later = (): (() => void) => this.clock.after(this.renewEveryMs, renew);
    const renew = (): void => {
      if (this.keys.renew(key, token, this.clock.now())) cancel = later();
    };
    let cancel = later();
    return () => cancel();
  }

  private lost(key: Key): void {
    if (this.listeners.any) this.listeners.tell({ guard: 'idempotency', type: 'lost', key });
  }

  private refused(
    key: Key,
    reason: IdempotencyRefusal,
    message: string,
    retryAfterMs: number | null,
  ): RefusedError {
    if (this.listeners.any) this.listeners.tell({ guard: 'idempotency', type: 'refused', reason, key });
    return new RefusedError(reason, message, { retryAfterMs });
  }
}

const never = (): boolean => false;

const REFUSALS = {
  'in-progress': ['in-progress', 'a request with this idempotency key is under way'],
  mismatch: ['key-reused', 'this idempotency key came with another request before'],
  full: ['keys-full', 'there is no room for another idempotency key'],
} as const;
