import { type OptionNames, requireOptions } from '../../require-options.ts';
import { requirePositive } from '../require.ts';
import {
  type RateLimiter,
  type RateLimiterName,
  type RateLimiterState,
  ROUNDING,
  takeNothing,
  valuesOf,
} from './rate-limiter.ts';

/** How much a token bucket lets through. */
export interface TokenBucketOptions {
  /** Tokens that flow in per unit of time, > 0. */
  readonly rate: number;
  /** Tokens that fit, > 0: what passes at once after a pause. It starts full. */
  readonly burst: number;
}

const OPTIONS: OptionNames<TokenBucketOptions> = { rate: true, burst: true };

/**
 * A bucket of `burst` tokens, full at the start, into which `rate` tokens flow per unit of time; what passes
 * takes out its cost. In any stretch of length t at most burst + rate·t passes.
 *
 * Tokens are found by arithmetic when somebody asks: no timer, two numbers of state. Where rounding lets a
 * request pass a little early, the bucket goes as little below zero, so that such errors never add up.
 * (Turner, "New directions in communications", IEEE Communications Magazine 24(10), 1986.)
 */
export class TokenBucket implements RateLimiter {
  protected readonly algorithm: RateLimiterName = 'token-bucket';
  private readonly rate: number;
  private readonly burst: number;
  private tokens: number;
  /** When `tokens` was right: the last time anything passed. */
  private at = Number.NEGATIVE_INFINITY;

  /** @throws RangeError when an option is impossible or the state is not one of this algorithm */
  constructor(options: TokenBucketOptions, state?: RateLimiterState) {
    requireOptions('TokenBucket', options, OPTIONS);
    requirePositive('rate', options.rate);
    requirePositive('burst', options.burst);
    this.rate = options.rate;
    this.burst = options.burst;
    this.tokens = options.burst;
    if (state !== undefined) this.restore(state);
  }

  tryTake(now: number, cost = 1): number {
    // Infinite and NaN times fail the comparison with themselves after subtraction.
    if (!(cost > 0 && now - now === 0)) return takeNothing(now, cost);
    const elapsed = now - this.at;
    let { tokens } = this;
    if (elapsed > 0) {
      tokens += elapsed * this.rate;
      if (tokens > this.burst) tokens = this.burst;
    }
    if (tokens < cost) {
      const wait = this.waitFor(now, elapsed, cost - tokens, cost);
      if (wait > 0) return wait;
    }
    this.tokens = tokens - cost;
    if (elapsed > 0) this.at = now;
    return 0;
  }

  idleAt(): number {
    return this.at + (this.burst - this.tokens) / this.rate;
  }

  reset(): void {
    this.tokens = this.burst;
    this.at = Number.NEGATIVE_INFINITY;
  }

  snapshot(): RateLimiterState {
    const isNew = this.at === Number.NEGATIVE_INFINITY;
    return { version: 1, algorithm: this.algorithm, values: isNew ? [] : [this.at, this.tokens] };
  }

  /** How long until `missing` tokens have come; 0 when that is within rounding. */
  private waitFor(now: number, elapsed: number, missing: number, cost: number): number {
    if (cost > this.burst) return Number.POSITIVE_INFINITY;
    if (missing <= this.slack(now)) return 0;
    const refill = missing / this.rate;
    return elapsed < 0 ? refill - elapsed : refill;
  }

  private slack(now: number): number {
    return ROUNDING * (Math.abs(now) * this.rate + this.burst);
  }

  protected restore(state: RateLimiterState): void {
    const [at, tokens] = valuesOf(state, this.algorithm, (count) => count === 2);
    if (at === undefined || tokens === undefined) return;
    if (tokens > this.burst || tokens < -2 * this.slack(at)) {
      throw new RangeError(`state must hold from 0 to ${this.burst} tokens, got ${tokens}`);
    }
    this.at = at;
    this.tokens = tokens;
  }
}
