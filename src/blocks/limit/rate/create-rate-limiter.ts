import { FixedWindow } from './fixed-window.ts';
import { Gcra, type GcraOptions } from './gcra.ts';
import { LeakyBucket, type LeakyBucketOptions } from './leaky-bucket.ts';
import type { RateLimiter, RateLimiterName, RateLimiterState } from './rate-limiter.ts';
import { SlidingCounter } from './sliding-counter.ts';
import { SlidingLog } from './sliding-log.ts';
import { TokenBucket, type TokenBucketOptions } from './token-bucket.ts';
import type { AlignedWindowOptions, WindowOptions } from './window.ts';

/** What each algorithm wants to know. */
export interface RateLimiterOptions {
  readonly 'token-bucket': TokenBucketOptions;
  readonly gcra: GcraOptions;
  readonly 'leaky-bucket': LeakyBucketOptions;
  readonly 'fixed-window': AlignedWindowOptions;
  readonly 'sliding-log': WindowOptions;
  readonly 'sliding-counter': AlignedWindowOptions;
}

type Algorithms = {
  readonly [Name in RateLimiterName]: new (
    options: RateLimiterOptions[Name],
    state?: RateLimiterState,
  ) => RateLimiter;
};

const algorithms: Algorithms = {
  'token-bucket': TokenBucket,
  gcra: Gcra,
  'leaky-bucket': LeakyBucket,
  'fixed-window': FixedWindow,
  'sliding-log': SlidingLog,
  'sliding-counter': SlidingCounter,
};

/** Every {@link RateLimiterName}, in the order of the documentation. */
export const rateLimiters = Object.freeze(Object.keys(algorithms)) as readonly RateLimiterName[];

/**
 * A limiter as new, or one that goes on from a {@link RateLimiter.snapshot} of the same algorithm.
 *
 * @throws RangeError when the name is unknown, an option impossible or the state not one of this algorithm
 */
export function createRateLimiter<Name extends RateLimiterName>(
  name: Name,
  options: RateLimiterOptions[Name],
  state?: RateLimiterState,
): RateLimiter {
  if (!Object.hasOwn(algorithms, name)) {
    throw new RangeError(`name must be one of ${rateLimiters.join(', ')}, got ${name}`);
  }
  return new algorithms[name](options, state);
}
