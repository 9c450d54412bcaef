import { type OptionNames, requireOptions } from '../../require-options.ts';
import { requirePositive, requireWithin } from '../require.ts';
import type { RateLimiterName, RateLimiterState } from './rate-limiter.ts';
import { TokenBucket } from './token-bucket.ts';

/** How much the generic cell rate algorithm lets through. */
export interface GcraOptions {
  /** What may pass per unit of time when it comes evenly, > 0: 1/T. */
  readonly rate: number;
  /** Units of time that it may come too early, ≥ 0, default 0: τ. */
  readonly tolerance?: number;
}

const OPTIONS: OptionNames<GcraOptions> = { rate: true, tolerance: true };

/**
 * Generic cell rate algorithm GCRA(T, τ), also known as the leaky bucket as a meter: a request is due T after
 * the one before was, and passes when it comes at most τ before it is due (ITU-T I.371, annex A; ATM Forum
 * Traffic Management 4.0). Nothing is delayed. Requests that come one peak interval δ < T apart pass
 * 1 + ⌊τ / (T − δ)⌋ in a row.
 *
 * The standard gives two forms that decide alike, theoretical arrival times and a bucket that leaks; that
 * bucket seen from above is a token bucket of 1 + τ/T tokens, which is what runs here, since a level rounds
 * less than an absolute time does. NGINX `limit_req rate=r burst=b nodelay` is rate r, tolerance b/r.
 */
export class Gcra extends TokenBucket {
  protected override readonly algorithm: RateLimiterName = 'gcra';

  /** @throws RangeError when an option is impossible or the state is not one of this algorithm */
  constructor(options: GcraOptions, state?: RateLimiterState) {
    requireOptions('Gcra', options, OPTIONS);
    const { rate, tolerance = 0 } = options;
    requirePositive('rate', rate);
    requireWithin('tolerance', tolerance, 0, Number.MAX_VALUE);
    super({ rate, burst: 1 + tolerance * rate });
    if (state !== undefined) this.restore(state);
  }
}
