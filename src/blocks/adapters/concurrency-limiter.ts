import type { CallOutcome, ConcurrencyLimit } from '../limit/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import {
  type Call,
  type CallOptions,
  callOf,
  deadlineIsOver,
  type Guard,
  throwIfAborted,
  type Work,
} from './call.ts';
import { type Clock, systemClock } from './clock.ts';
import { DEADLINE_OVER, RefusedError } from './errors.ts';
import { Listeners, type Subscription } from './listeners.ts';
import { requireFunctions, requireMethods } from './require.ts';
import { Waiter } from './waiter.ts';

/** How a concurrency limiter lets wait, and what it learns from. */
export interface ConcurrencyLimiterOptions {
  /** Calls that may wait at once, a whole number ≥ 0. Default 0: beyond the limit calls are refused. */
  readonly maxWaiting?: number;
  /** How long each may wait. Default: until its deadline, if it has one. */
  readonly maxWaitMs?: number;
  /**
   * What an error says about load: `'dropped'` when it is a sign of too much, such as a response of status 503.
   * Default: timeouts are drops, all else says nothing and is ignored.
   */
  readonly outcomeOf?: (error: unknown) => CallOutcome;
  readonly clock?: Clock;
}

/** Decisions of a concurrency limiter. */
export type ConcurrencyLimiterEvent =
  | {
      readonly guard: 'concurrency-limiter';
      readonly type: 'refused';
      readonly reason: 'overloaded' | 'deadline';
      readonly limit: number;
      readonly inFlight: number;
      readonly waiting: number;
    }
  | { readonly guard: 'concurrency-limiter'; readonly type: 'queued'; readonly waiting: number }
  | {
      readonly guard: 'concurrency-limiter';
      readonly type: 'finished';
      readonly outcome: CallOutcome;
      readonly roundTripMs: number;
      /** After what was learned from this call. */
      readonly limit: number;
    };

const OPTIONS: OptionNames<ConcurrencyLimiterOptions> = {
  maxWaiting: true,
  maxWaitMs: true,
  outcomeOf: true,
  clock: true,
};

/** Lets as many calls run at once as a limit allows, whose times are in milliseconds, and tells it how they went. */
export class ConcurrencyLimiter implements Guard {
  private readonly core: ConcurrencyLimit;
  private readonly maxWaiting: number;
  private readonly maxWaitMs: number;
  private readonly outcomeOf: (error: unknown) => CallOutcome;
  private readonly clock: Clock;
  /** Those who wait, in order. */
  private readonly queue = new Set<Waiter>();
  private readonly listeners = new Listeners<ConcurrencyLimiterEvent>();

  /**
   * @throws RangeError when an option is out of range
   * @throws TypeError when `limit` is not a limit, as where its options are given in its place
   */
  constructor(limit: ConcurrencyLimit, options: ConcurrencyLimiterOptions = {}) {
    requireOptions('ConcurrencyLimiter', options, OPTIONS);
    const { maxWaiting = 0, maxWaitMs = Number.POSITIVE_INFINITY, clock = systemClock } = options;
    requireMethods('limit', 'a concurrency limit', limit, ['tryAcquire', 'release']);
    requireFunctions(options, 'outcomeOf');
    if (!Number.isSafeInteger(maxWaiting) || maxWaiting < 0) {
      throw new RangeError(`maxWaiting must be a whole number ≥ 0, got ${maxWaiting}`);
    }
    if (!(maxWaitMs >= 0)) throw new RangeError(`maxWaitMs must be ≥ 0, got ${maxWaitMs}`);
    this.core = limit;
    this.maxWaiting = maxWaiting;
    this.maxWaitMs = maxWaitMs;
    this.outcomeOf = options.outcomeOf ?? outcomeOfError;
    this.clock = clock;
  }

  get limit(): number {
    return this.core.limit;
  }

  get inFlight(): number {
    return this.core.inFlight;
  }

  get waiting(): number {
    return this.queue.size;
  }

  listen(listener: (event: ConcurrencyLimiterEvent) => void): Subscription {
    return this.listeners.add(listener);
  }

  /** @throws RefusedError `'overloaded'` or `'deadline'` when there is no place in time */
  async run<T>(work: Work<T>, options?: CallOptions): Promise<T> {
    const call = callOf(options);
    throwIfAborted(call);
    if (deadlineIsOver(call, this.clock)) throw this.refused('deadline', DEADLINE_OVER);
    const isFree = this.queue.size === 0 && this.core.tryAcquire(this.clock.now());
    if (!isFree) await this.place(call);
    const startMs = this.clock.now();
    let outcome: CallOutcome = 'ignored';
    try {
      const value = await work(call);
      outcome = 'success';
      return value;
    } catch (error) {
      if (!call.aborted) outcome = this.outcomeOf(error);
      throw error;
    } finally {
      this.finished(startMs, outcome);
    }
  }

  private finished(startMs: number, outcome: CallOutcome): void {
    const now = this.clock.now();
    const roundTripMs = Math.max(0, now - startMs);
    this.core.release(now, roundTripMs, outcome);
    if (this.listeners.any) {
      const { limit } = this.core;
      this.listeners.tell({ guard: 'concurrency-limiter', type: 'finished', outcome, roundTripMs, limit });
    }
    // The limit may have risen by more than one, or fallen.
    for (const waiter of this.queue) {
      if (!this.core.tryAcquire(now)) break;
      this.queue.delete(waiter);
      waiter.letIn();
    }
  }

  private place(call: Call): Promise<void> {
    const leftMs = Math.min(this.maxWaitMs, call.deadlineMs - this.clock.now());
    if (this.queue.size >= this.maxWaiting)
      throw this.refused('overloaded', 'no place, and none to wait for one');
    if (leftMs <= 0) throw this.refused(this.reasonAt(call), 'no place, and no time to wait for one');
    const waiter: Waiter = new Waiter(call, leftMs, this.clock, {
      late: () => {
        this.queue.delete(waiter);
        waiter.turnAway(this.refused(this.reasonAt(call), 'no place came free in time'));
      },
      gone: () => this.queue.delete(waiter),
    });
    this.queue.add(waiter);
    if (this.listeners.any) {
      this.listeners.tell({ guard: 'concurrency-limiter', type: 'queued', waiting: this.queue.size });
    }
    return waiter.entered;
  }

  private reasonAt(call: Call): 'overloaded' | 'deadline' {
    return this.clock.now() >= call.deadlineMs ? 'deadline' : 'overloaded';
  }

  private refused(reason: 'overloaded' | 'deadline', message: string): RefusedError {
    if (this.listeners.any) {
      const { limit, inFlight } = this.core;
      const waiting = this.queue.size;
      this.listeners.tell({
        guard: 'concurrency-limiter',
        type: 'refused',
        reason,
        limit,
        inFlight,
        waiting,
      });
    }
    return new RefusedError(reason, message);
  }
}

function outcomeOfError(error: unknown): CallOutcome {
  return error instanceof RefusedError && error.reason === 'timeout' ? 'dropped' : 'ignored';
}
