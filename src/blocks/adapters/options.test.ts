import { describe, expect, it } from 'vitest';
import { createRateLimiter, KeyedRateLimiter } from '../limit/index.ts';
import { BalancedPool } from './balanced-pool.ts';
import { BreakerGuard } from './breaker.ts';
import { ConcurrencyLimiter } from './concurrency-limiter.ts';
import { FallbackGuard } from './fallback.ts';
import { HedgeGuard } from './hedge.ts';
import { KeyedRateLimiterAdapter } from './keyed-rate-limiter.ts';
import { policy } from './policy.ts';
import { RateLimiterAdapter } from './rate-limiter.ts';
import { RetryGuard } from './retry.ts';
import { ThrottleGuard } from './throttle.ts';

/** As plain JavaScript hands it in: nothing has looked at the types. */
const plain = (options: unknown): never => options as never;
const keyed = new KeyedRateLimiter('token-bucket', { rate: 1, burst: 1, maxKeys: 10 });

describe('options of adapters', () => {
  it.each([
    [
      'a pool of probes without a probe',
      () => new BalancedPool(['a'], plain({ probes: { intervalMs: 10 } })),
      'probes.probe must be a function, got undefined',
    ],
    [
      'a pool',
      () => new BalancedPool(['a'], plain({ isFailure: true })),
      'isFailure must be a function, got true',
    ],
    [
      'options in place of a limit',
      () => policy(plain({ concurrency: { limit: 5 } })),
      'limit must be a concurrency limit with tryAcquire and release, got an object of limit',
    ],
    ['a limiter in place of a limit', () => new ConcurrencyLimiter(plain(keyed)), 'got a KeyedRateLimiter'],
    [
      'a concurrency limiter',
      () =>
        new ConcurrencyLimiter(
          plain({ tryAcquire: () => true, release: () => undefined }),
          plain({ outcomeOf: 'dropped' }),
        ),
      'outcomeOf must be a function, got dropped',
    ],
    [
      'options in place of a rate limiter',
      () => policy(plain({ limit: { rate: 1 } })),
      'limiter must be a rate limiter with tryTake, got an object of rate',
    ],
    ['nothing in place of a rate limiter', () => new RateLimiterAdapter(plain(undefined)), 'got undefined'],
    ['a limiter by key', () => policy(plain({ limit: keyed })), 'KeyedRateLimiterAdapter.run(key, work)'],
    [
      'its adapter',
      () => new RateLimiterAdapter(plain(new KeyedRateLimiterAdapter(keyed))),
      'KeyedRateLimiterAdapter.run(key, work)',
    ],
    [
      'a throttle',
      () => new ThrottleGuard(plain({ isRefusal: 429 })),
      'isRefusal must be a function, got 429',
    ],
    [
      'a hedge without a delay',
      () => new HedgeGuard(plain({ budget: null })),
      'after must be milliseconds, or a percentile of durations, got undefined',
    ],
    [
      'a breaker',
      () => new BreakerGuard(plain({ isFailedResult: 503 })),
      'isFailedResult must be a function, got 503',
    ],
    [
      'a retry',
      () => new RetryGuard(plain({ maxAttempts: 2, backoff: { kind: 'none' }, isTransient: null })),
      'isTransient must be a function, got null',
    ],
    ['a fallback', () => new FallbackGuard(plain({})), 'fallback must be a function, got undefined'],
  ])('OPT-1 what is of no use is refused when it is given: %s', (_, make, message) => {
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });

  it("OPT-2 a limit and a limiter of one's own need no more than the methods that are called", async () => {
    const own = { limit: 1, inFlight: 0, tryAcquire: () => true, release: () => undefined };
    expect(await new ConcurrencyLimiter(plain(own)).run(() => 1)).toBe(1);
    const limiter = createRateLimiter('token-bucket', { rate: 1, burst: 1 });
    expect(await new RateLimiterAdapter(limiter).run(() => 1)).toBe(1);
  });
});
