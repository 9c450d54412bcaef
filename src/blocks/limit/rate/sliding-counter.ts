import { type OptionNames, requireOptions } from '../../require-options.ts';
import { type RateLimiter, type RateLimiterState, ROUNDING, takeNothing, valuesOf } from './rate-limiter.ts';
import {
  type AlignedWindowOptions,
  requireWholeCost,
  requireWindow,
  waitUntil,
  windowsSince,
} from './window.ts';

const OPTIONS: OptionNames<AlignedWindowOptions> = { origin: true, limit: true, window: true };

/**
 * Two counts of fixed windows stand for a window that slides. With f the share of the current window that is
 * over, the estimate is previous · (1 − f) + current, as if the previous requests had come evenly, and a
 * request passes while the estimate, fractions cut off, leaves room for it (Cloudflare, "How we built rate
 * limiting capable of scaling to millions of domains", 2017).
 *
 * Never more than `limit` in a window from boundary to boundary. A window laid across a boundary may see more
 * when the previous requests came late, up to 2·limit in the worst case, though never in one burst.
 */
export class SlidingCounter implements RateLimiter {
  private readonly limit: number;
  private readonly window: number;
  private readonly origin: number;
  private previous = 0;
  private current = 0;
  /** The last time anything passed, and its window. */
  private at = Number.NEGATIVE_INFINITY;
  private index = Number.NEGATIVE_INFINITY;

  /** @throws RangeError when an option is impossible or the state is not one of this algorithm */
  constructor(options: AlignedWindowOptions, state?: RateLimiterState) {
    requireOptions('SlidingCounter', options, OPTIONS);
    requireWindow(options);
    this.limit = options.limit;
    this.window = options.window;
    this.origin = options.origin ?? 0;
    if (state !== undefined) this.restore(state);
  }

  tryTake(now: number, cost = 1): number {
    if (!(cost > 0 && now - now === 0)) return takeNothing(now, cost);
    if (cost > this.limit) return Number.POSITIVE_INFINITY;
    if (!Number.isSafeInteger(cost)) requireWholeCost(cost);
    const time = now > this.at ? now : this.at;
    const windows = windowsSince(this.origin, this.window, time);
    const index = Math.floor(windows);
    const previous = index === this.index ? this.previous : index === this.index + 1 ? this.current : 0;
    const current = index === this.index ? this.current : 0;
    // The fraction cut off reaches a whole number of room only when the estimate does.
    const room = this.limit + 1 - cost;
    const slack = this.slack(windows, time);
    const estimate = previous * (1 - (windows - index)) + current;
    if (estimate + previous * slack < room) {
      this.previous = previous;
      this.current = current + cost;
      this.at = time;
      this.index = index;
      return 0;
    }
    // The first instant at which the estimate is below the room by twice the slack: in this window, or in the
    // next, where what is current now is the previous count.
    const isNext = current + 2 * previous * slack >= room;
    const fading = isNext ? current : previous;
    const aim = room - (isNext ? 0 : current) - 2 * fading * slack;
    const over = Math.max(0, 1 - aim / fading);
    return waitUntil(this.origin + (index + (isNext ? 1 : 0) + over) * this.window, now, this.window);
  }

  idleAt(): number {
    if (this.current > 0) return this.origin + (this.index + 2) * this.window;
    return this.previous > 0 ? this.origin + (this.index + 1) * this.window : Number.NEGATIVE_INFINITY;
  }

  reset(): void {
    this.previous = 0;
    this.current = 0;
    this.at = Number.NEGATIVE_INFINITY;
    this.index = Number.NEGATIVE_INFINITY;
  }

  snapshot(): RateLimiterState {
    const { at, previous, current } = this;
    const values = previous + current === 0 ? [] : [at, previous, current];
    return { version: 1, algorithm: 'sliding-counter', values };
  }

  /** What rounding can move the share of a window that is over by, now and until the end of the next window. */
  private slack(windows: number, now: number): number {
    return 2 * ROUNDING * (Math.abs(windows) + Math.abs(now / this.window) + 5);
  }

  private restore(state: RateLimiterState): void {
    const [at, previous, current] = valuesOf(state, 'sliding-counter', (count) => count === 3);
    if (at === undefined || previous === undefined || current === undefined) return;
    const isCount = (count: number): boolean =>
      Number.isSafeInteger(count) && count >= 0 && count <= this.limit;
    if (!isCount(previous) || !isCount(current)) {
      throw new RangeError(`state must hold counts from 0 to ${this.limit}, got ${previous}, ${current}`);
    }
    this.previous = previous;
    this.current = current;
    this.at = at;
    this.index = Math.floor(windowsSince(this.origin, this.window, at));
  }
}
