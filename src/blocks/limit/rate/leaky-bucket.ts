import { type OptionNames, requireOptions } from '../../require-options.ts';
import { requirePositive } from '../require.ts';
import { type RateLimiter, type RateLimiterState, ROUNDING, takeNothing, valuesOf } from './rate-limiter.ts';

/** How a leaky bucket lets through. */
export interface LeakyBucketOptions {
  /** What leaks out per unit of time, > 0. */
  readonly rate: number;
  /** What fits, in the unit of cost, > 0: the request on its way out and those that wait behind it. */
  readonly capacity: number;
}

const OPTIONS: OptionNames<LeakyBucketOptions> = { rate: true, capacity: true };

/**
 * The leaky bucket as a queue: requests leave it one by one, at an even rate, in the order in which they came.
 * {@link reserve} says how long a request has to wait for its turn; {@link tryTake} takes a turn only when
 * that is now. With requests of cost at most 1, at most 1 + rate·t leave in any stretch of length t: it has
 * no bursts. (Tanenbaum & Wetherall, Computer Networks, 5.4: NGINX `limit_req rate=r burst=b` without
 * `nodelay` is rate r, capacity b + 1.)
 */
export class LeakyBucket implements RateLimiter {
  private readonly rate: number;
  private readonly capacity: number;
  private level = 0;
  /** When `level` was right: the last time anything got in. */
  private at = Number.NEGATIVE_INFINITY;

  /** @throws RangeError when an option is impossible or the state is not one of this algorithm */
  constructor(options: LeakyBucketOptions, state?: RateLimiterState) {
    requireOptions('LeakyBucket', options, OPTIONS);
    requirePositive('rate', options.rate);
    requirePositive('capacity', options.capacity);
    this.rate = options.rate;
    this.capacity = options.capacity;
    if (state !== undefined) this.restore(state);
  }

  tryTake(now: number, cost = 1): number {
    if (!(cost > 0 && now - now === 0)) return takeNothing(now, cost);
    if (cost > this.capacity) return Number.POSITIVE_INFINITY;
    const level = this.levelAt(now);
    if (level > this.slack(now)) return this.waitToDrain(now, level);
    this.add(now, level, cost);
    return 0;
  }

  /**
   * Joins the queue.
   *
   * @returns how long to wait for the turn, ≥ 0; when there is no room, less than 0: minus the time after
   *   which there is, −Infinity when there never is. Then it has not joined.
   * @throws RangeError when `now` is not finite or the cost is not ≥ 0
   */
  reserve(now: number, cost = 1): number {
    if (!(cost > 0 && now - now === 0)) return takeNothing(now, cost);
    if (cost > this.capacity) return Number.NEGATIVE_INFINITY;
    const level = this.levelAt(now);
    const slack = this.slack(now);
    const excess = level + cost - this.capacity;
    if (excess > slack) return -this.waitToDrain(now, excess);
    const wait = level > slack ? this.waitToDrain(now, level) : 0;
    this.add(now, level, cost);
    return wait;
  }

  idleAt(): number {
    return this.at + this.level / this.rate;
  }

  reset(): void {
    this.level = 0;
    this.at = Number.NEGATIVE_INFINITY;
  }

  snapshot(): RateLimiterState {
    const isNew = this.at === Number.NEGATIVE_INFINITY;
    return { version: 1, algorithm: 'leaky-bucket', values: isNew ? [] : [this.at, this.level] };
  }

  /** What is in it. */
  private levelAt(now: number): number {
    const elapsed = now - this.at;
    if (!(elapsed > 0)) return this.level;
    return Math.max(0, this.level - elapsed * this.rate);
  }

  private add(now: number, level: number, cost: number): void {
    this.level = level + cost;
    if (now > this.at) this.at = now;
  }

  private waitToDrain(now: number, amount: number): number {
    const wait = amount / this.rate;
    return now < this.at ? wait + (this.at - now) : wait;
  }

  private slack(now: number): number {
    return ROUNDING * (Math.abs(now) * this.rate + this.capacity);
  }

  private restore(state: RateLimiterState): void {
    const [at, level] = valuesOf(state, 'leaky-bucket', (count) => count === 2);
    if (at === undefined || level === undefined) return;
    if (!(level >= 0 && level <= this.capacity + 2 * this.slack(at))) {
      throw new RangeError(`state must hold a level from 0 to ${this.capacity}, got ${level}`);
    }
    this.at = at;
    this.level = level;
  }
}
