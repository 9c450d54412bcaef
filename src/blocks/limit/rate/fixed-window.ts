import { type OptionNames, requireOptions } from '../../require-options.ts';
import { type RateLimiter, type RateLimiterState, takeNothing, valuesOf } from './rate-limiter.ts';
import {
  type AlignedWindowOptions,
  requireWholeCost,
  requireWindow,
  waitUntil,
  windowsSince,
} from './window.ts';

const OPTIONS: OptionNames<AlignedWindowOptions> = { origin: true, limit: true, window: true };

/**
 * Counts in windows that begin at whole multiples of their length: at most `limit` in each. A stretch as long
 * as a window, laid across a boundary, may see 2·limit.
 */
export class FixedWindow implements RateLimiter {
  private readonly limit: number;
  private readonly window: number;
  private readonly origin: number;
  private index = Number.NEGATIVE_INFINITY;
  private used = 0;

  /** @throws RangeError when an option is impossible or the state is not one of this algorithm */
  constructor(options: AlignedWindowOptions, state?: RateLimiterState) {
    requireOptions('FixedWindow', options, OPTIONS);
    requireWindow(options);
    this.limit = options.limit;
    this.window = options.window;
    this.origin = options.origin ?? 0;
    if (state !== undefined) this.restore(state);
  }

  tryTake(now: number, cost = 1): number {
    const wait = this.peek(now, cost);
    if (wait > 0 || cost === 0) return wait;
    const index = this.indexAt(now);
    if (index > this.index) {
      this.index = index;
      this.used = 0;
    }
    this.used += cost;
    return 0;
  }

  /** What {@link tryTake} would return now; takes nothing. */
  peek(now: number, cost = 1): number {
    if (!(cost > 0 && now - now === 0)) return takeNothing(now, cost);
    if (cost > this.limit) return Number.POSITIVE_INFINITY;
    if (!Number.isSafeInteger(cost)) requireWholeCost(cost);
    const used = this.indexAt(now) > this.index ? 0 : this.used;
    return used + cost > this.limit ? waitUntil(this.idleAt(), now, this.window) : 0;
  }

  idleAt(): number {
    if (this.used === 0) return Number.NEGATIVE_INFINITY;
    return this.origin + (this.index + 1) * this.window;
  }

  reset(): void {
    this.index = Number.NEGATIVE_INFINITY;
    this.used = 0;
  }

  snapshot(): RateLimiterState {
    return { version: 1, algorithm: 'fixed-window', values: this.used === 0 ? [] : [this.index, this.used] };
  }

  private indexAt(now: number): number {
    return Math.floor(windowsSince(this.origin, this.window, now));
  }

  private restore(state: RateLimiterState): void {
    const [index, used] = valuesOf(state, 'fixed-window', (count) => count === 2);
    if (index === undefined || used === undefined) return;
    if (!Number.isInteger(index) || !Number.isSafeInteger(used) || used < 0 || used > this.limit) {
      throw new RangeError(
        `state must hold a window and a count from 0 to ${this.limit}, got ${index}, ${used}`,
      );
    }
    this.index = index;
    this.used = used;
  }
}
