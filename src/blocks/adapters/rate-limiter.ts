import { KeyedRateLimiter, type RateLimiter } from '../limit/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { type Call, type CallOptions, callOf, type Guard, throwIfAborted, type Work } from './call.ts';
import { type Clock, systemClock } from './clock.ts';
import { DEADLINE_OVER, RefusedError } from './errors.ts';
import { KeyedRateLimiterAdapter } from './keyed-rate-limiter.ts';
import { Listeners, type Subscription } from './listeners.ts';
import { requireMethods, shown } from './require.ts';
import { Waiter } from './waiter.ts';

/** How a rate limiter lets wait. */
export interface RateLimiterAdapterOptions {
  /** Calls that may wait at once, a whole number ≥ 0. Default 0: who would have to wait is refused. */
  readonly maxWaiting?: number;
  readonly clock?: Clock;
}

/** What a caller may say about one call. */
export interface AcquireOptions extends CallOptions {
  /** What the call takes from the limiter. Default 1. */
  readonly cost?: number;
  /** How long it may wait. Default: until its deadline, if it has one. */
  readonly maxWaitMs?: number;
}

/** Decisions of a rate limiter. */
export type RateLimiterEvent =
  | {
      readonly guard: 'rate-limiter';
      readonly type: 'passed';
      readonly cost: number;
      readonly waitedMs: number;
    }
  | {
      readonly guard: 'rate-limiter';
      readonly type: 'queued';
      readonly cost: number;
      readonly waiting: number;
    }
  | {
      readonly guard: 'rate-limiter';
      readonly type: 'refused';
      readonly reason: 'rate-limited' | 'deadline';
      readonly cost: number;
      readonly retryAfterMs: number;
    };

interface Place {
  readonly cost: number;
  readonly sinceMs: number;
  /** First instant at which it is too late. */
  readonly untilMs: number;
  readonly deadlineMs: number;
  waiter: Waiter;
}

const OPTIONS: OptionNames<RateLimiterAdapterOptions> = { maxWaiting: true, clock: true };

/**
 * Lets calls pass at the rate of a limiter that counts in milliseconds, and those wait that may, first come
 * first served: nobody overtakes those who wait. Who cannot pass in time is told so as soon as that is certain.
 */
export class RateLimiterAdapter implements Guard {
  private readonly limiter: RateLimiter;
  private readonly maxWaiting: number;
  private readonly clock: Clock;
  private readonly queue = new Set<Place>();
  private readonly listeners = new Listeners<RateLimiterEvent>();
  /** When it is worth asking for the first in the queue. */
  private nextMs = Number.NEGATIVE_INFINITY;
  private cancelTimer: (() => void) | null = null;

  /**
   * @throws RangeError when an option is out of range
   * @throws TypeError when `limiter` is not a limiter, or is one by key
   */
  constructor(limiter: RateLimiter, options: RateLimiterAdapterOptions = {}) {
    requireOptions('RateLimiterAdapter', options, OPTIONS);
    const { maxWaiting = 0, clock = systemClock } = options;
    requireLimiter(limiter);
    if (!Number.isSafeInteger(maxWaiting) || maxWaiting < 0) {
      throw new RangeError(`maxWaiting must be a whole number ≥ 0, got ${maxWaiting}`);
    }
    this.limiter = limiter;
    this.maxWaiting = maxWaiting;
    this.clock = clock;
  }

  /** Calls that wait. */
  get waiting(): number {
    return this.queue.size;
  }

  listen(listener: (event: RateLimiterEvent) => void): Subscription {
    return this.listeners.add(listener);
  }

  /** Passes now or not at all. */
  tryAcquire(cost = 1): boolean {
    const wait = this.waitFor(cost);
    if (wait === 0) this.passed(cost, 0);
    else if (this.listeners.any) this.tellRefused('rate-limited', cost, wait);
    return wait === 0;
  }

  /**
   * Passes when it is its turn.
   *
   * @throws RefusedError `'rate-limited'` or `'deadline'`, with `retryAfterMs`: at least so long, Infinity when
   *   the cost can never pass, null when the deadline is over before
   */
  async acquire(options?: AcquireOptions): Promise<void> {
    const call = callOf(options);
    await this.enter(call, options);
  }

  /** Calls `work` when it is its turn; see {@link acquire}. */
  async run<T>(work: Work<T>, options?: AcquireOptions): Promise<T> {
    const call = callOf(options);
    await this.enter(call, options);
    return work(call);
  }

  private async enter(call: Call, options: AcquireOptions = {}): Promise<void> {
    throwIfAborted(call);
    const { cost = 1, maxWaitMs = Number.POSITIVE_INFINITY } = options;
    if (!(maxWaitMs >= 0)) throw new RangeError(`maxWaitMs must be ≥ 0, got ${maxWaitMs}`);
    const { deadlineMs } = call;
    const sinceMs = this.clock.now();
    if (sinceMs >= deadlineMs) {
      // Before the limiter is asked: what is not begun takes nothing.
      if (this.listeners.any) this.tellRefused('deadline', cost, 0);
      throw new RefusedError('deadline', DEADLINE_OVER);
    }
    const wait = this.waitFor(cost);
    if (wait === 0) {
      this.passed(cost, 0);
      return;
    }
    const untilMs = Math.min(sinceMs + maxWaitMs, deadlineMs);
    if (this.queue.size >= this.maxWaiting || wait === Number.POSITIVE_INFINITY || sinceMs + wait > untilMs) {
      throw this.refused(sinceMs + wait > deadlineMs ? 'deadline' : 'rate-limited', cost, wait);
    }
    await this.queueUp(call, cost, sinceMs, untilMs);
  }

  /** 0 when it has passed; else how long at least. */
  private waitFor(cost: number): number {
    const now = this.clock.now();
    if (this.queue.size === 0) return this.limiter.tryTake(now, cost);
    // No less than what the first still waits for, and never nothing.
    return Math.max(Number.MIN_VALUE, this.nextMs - now);
  }

  private queueUp(call: Call, cost: number, sinceMs: number, untilMs: number): Promise<void> {
    const place: Place = {
      cost,
      sinceMs,
      untilMs,
      deadlineMs: call.deadlineMs,
      waiter: new Waiter(call, Math.max(0, untilMs - sinceMs), this.clock, {
        late: () => this.late(place),
        gone: () => this.forget(place),
      }),
    };
    this.queue.add(place);
    if (this.listeners.any) {
      this.listeners.tell({ guard: 'rate-limiter', type: 'queued', cost, waiting: this.queue.size });
    }
    if (this.queue.size === 1) this.letPass();
    return place.waiter.entered;
  }

  /** Lets pass who may, turns away who cannot in time, and sets the timer for the first of the others. */
  private letPass(): void {
    this.stopTimer();
    for (const place of this.queue) {
      const now = this.clock.now();
      const wait = this.ask(place, now);
      if (wait === 0) continue;
      if (now + wait > place.untilMs) {
        this.refuse(place, now + wait > place.deadlineMs ? 'deadline' : 'rate-limited', wait);
        continue;
      }
      this.nextMs = now + wait;
      // A listener that acquired may have set one already.
      this.stopTimer();
      this.cancelTimer = this.clock.after(wait, () => this.letPass());
      return;
    }
  }

  private stopTimer(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
  }

  /** 0 when the place is settled, one way or the other. */
  private ask(place: Place, now: number): number {
    try {
      const wait = this.limiter.tryTake(now, place.cost);
      if (wait > 0) return wait;
      this.queue.delete(place);
      place.waiter.letIn();
      this.passed(place.cost, now - place.sinceMs);
    } catch (error) {
      // A cost that this limiter does not take, found out only now.
      this.queue.delete(place);
      place.waiter.turnAway(error);
    }
    return 0;
  }

  private late(place: Place): void {
    // Its time may be up at the very instant at which it may pass.
    this.letPass();
    if (!this.queue.has(place)) return;
    const now = this.clock.now();
    this.refuse(place, now >= place.deadlineMs ? 'deadline' : 'rate-limited', Math.max(0, this.nextMs - now));
  }

  private refuse(place: Place, reason: 'rate-limited' | 'deadline', retryAfterMs: number): void {
    this.queue.delete(place);
    place.waiter.turnAway(this.refused(reason, place.cost, retryAfterMs));
  }

  private forget(place: Place): void {
    this.queue.delete(place);
    // The next one may cost less than the one that everybody waited for.
    this.letPass();
  }

  private passed(cost: number, waitedMs: number): void {
    if (this.listeners.any) this.listeners.tell({ guard: 'rate-limiter', type: 'passed', cost, waitedMs });
  }

  private refused(reason: 'rate-limited' | 'deadline', cost: number, retryAfterMs: number): RefusedError {
    if (this.listeners.any) this.tellRefused(reason, cost, retryAfterMs);
    const message =
      retryAfterMs === Number.POSITIVE_INFINITY
        ? `a cost of ${cost} can never pass`
        : `the rate limit lets nothing pass for ${Math.ceil(retryAfterMs)} ms`;
    return new RefusedError(reason, message, { retryAfterMs });
  }

  private tellRefused(reason: 'rate-limited' | 'deadline', cost: number, retryAfterMs: number): void {
    this.listeners.tell({ guard: 'rate-limiter', type: 'refused', reason, cost, retryAfterMs });
  }
}

/** A limiter by key would take the instant for the key, and let everything pass. */
function requireLimiter(limiter: unknown): void {
  if (limiter instanceof KeyedRateLimiter || limiter instanceof KeyedRateLimiterAdapter) {
    throw new TypeError(
      `limiter must be a rate limiter for all calls, got ${shown(limiter)}: ask it for each key, by KeyedRateLimiterAdapter.run(key, work)`,
    );
  }
  requireMethods('limiter', 'a rate limiter', limiter, ['tryTake']);
}
