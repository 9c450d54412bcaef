import { type OptionNames, requireOptions } from '../../require-options.ts';
import { type RateLimiter, type RateLimiterState, ROUNDING, takeNothing, valuesOf } from './rate-limiter.ts';
import { requireWholeCost, requireWindow, type WindowOptions, waitUntil } from './window.ts';

const FIRST_ENTRIES = 8;

const OPTIONS: OptionNames<WindowOptions> = { limit: true, window: true };

/**
 * Remembers when everything passed, for as long as it matters: at most `limit` in any stretch shorter than
 * `window`, wherever it is laid. What passed at s counts until s + window, exclusive. Takes 16 bytes for each
 * instant at which something passed, at most `limit` of them.
 */
export class SlidingLog implements RateLimiter {
  private readonly limit: number;
  private readonly window: number;
  /** Rings, grown by doubling: instants and what passed at them. */
  private times = new Float64Array(FIRST_ENTRIES);
  private costs = new Float64Array(FIRST_ENTRIES);
  private oldest = 0;
  private entries = 0;
  private used = 0;
  private newest = Number.NEGATIVE_INFINITY;

  /** @throws RangeError when an option is impossible or the state is not one of this algorithm */
  constructor(options: WindowOptions, state?: RateLimiterState) {
    requireOptions('SlidingLog', options, OPTIONS);
    requireWindow(options);
    this.limit = options.limit;
    this.window = options.window;
    if (state !== undefined) this.restore(state);
  }

  tryTake(now: number, cost = 1): number {
    if (!(cost > 0 && now - now === 0)) return takeNothing(now, cost);
    if (cost > this.limit) return Number.POSITIVE_INFINITY;
    if (!Number.isSafeInteger(cost)) requireWholeCost(cost);
    const time = now > this.newest ? now : this.newest;
    const horizon = time + ROUNDING * (Math.abs(time) + this.window);
    const mask = this.times.length - 1;
    let { oldest, entries, used } = this;
    while (entries > 0 && this.times[oldest]! + this.window <= horizon) {
      used -= this.costs[oldest]!;
      oldest = (oldest + 1) & mask;
      entries--;
    }
    if (used + cost > this.limit) return waitUntil(this.roomAt(cost), now, this.window);
    // Forgotten only when something passes: after a refusal the clock may go back to where they count.
    this.oldest = oldest;
    this.entries = entries;
    this.used = used;
    this.add(time, cost);
    return 0;
  }

  idleAt(): number {
    return this.entries === 0 ? Number.NEGATIVE_INFINITY : this.newest + this.window;
  }

  reset(): void {
    this.entries = 0;
    this.used = 0;
    this.newest = Number.NEGATIVE_INFINITY;
  }

  snapshot(): RateLimiterState {
    const values: number[] = [];
    for (let entry = 0; entry < this.entries; entry++) {
      const at = (this.oldest + entry) & (this.times.length - 1);
      values.push(this.times[at]!, this.costs[at]!);
    }
    return { version: 1, algorithm: 'sliding-log', values };
  }

  /** When enough of the oldest entries have gone. */
  private roomAt(cost: number): number {
    const mask = this.times.length - 1;
    let at = this.oldest;
    let left = this.used - this.costs[at]!;
    while (left + cost > this.limit) {
      at = (at + 1) & mask;
      left -= this.costs[at]!;
    }
    return this.times[at]! + this.window;
  }

  private add(time: number, cost: number): void {
    this.used += cost;
    const last = (this.oldest + this.entries - 1) & (this.times.length - 1);
    if (this.entries > 0 && time === this.newest) {
      this.costs[last] = this.costs[last]! + cost;
      return;
    }
    if (this.entries === this.times.length) this.grow();
    const at = (this.oldest + this.entries) & (this.times.length - 1);
    this.times[at] = time;
    this.costs[at] = cost;
    this.entries++;
    this.newest = time;
  }

  private grow(): void {
    const { times, costs, oldest } = this;
    this.times = new Float64Array(2 * times.length);
    this.costs = new Float64Array(2 * times.length);
    this.times.set(times.subarray(oldest));
    this.times.set(times.subarray(0, oldest), times.length - oldest);
    this.costs.set(costs.subarray(oldest));
    this.costs.set(costs.subarray(0, oldest), times.length - oldest);
    this.oldest = 0;
  }

  private restore(state: RateLimiterState): void {
    const values = valuesOf(state, 'sliding-log', (count) => count % 2 === 0);
    for (let at = 0; at < values.length; at += 2) {
      const [time, cost] = [values[at]!, values[at + 1]!];
      if (!(time > this.newest && Number.isSafeInteger(cost) && cost > 0 && this.used + cost <= this.limit)) {
        throw new RangeError(
          `state must hold rising times with whole costs up to ${this.limit} in all, got ${time}, ${cost}`,
        );
      }
      this.add(time, cost);
    }
  }
}
