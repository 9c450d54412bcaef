import { describe, expect, it } from 'vitest';
import { createRandom, exponential } from '../../../kernel/index.ts';
import { createRateLimiter, type RateLimiter, TokenBucket } from '../index.ts';

/** How many of `count` requests at `now` pass. */
function pass(limiter: RateLimiter, count: number, now: number): number {
  let passed = 0;
  for (let i = 0; i < count; i++) if (limiter.tryTake(now) === 0) passed++;
  return passed;
}

/** `count` requests in each millisecond from `from` on, as long as `to`, exclusive. */
function passEachMs(limiter: RateLimiter, count: number, from: number, to: number): number {
  let passed = 0;
  for (let ms = from; ms < to; ms++) passed += pass(limiter, count, ms);
  return passed;
}

describe('O-RL01 token bucket of API Gateway: 5,000, 10,000/s', () => {
  const bucket = () => createRateLimiter('token-bucket', { rate: 10, burst: 5000 });

  it('O-RL01 (a) 10 in every millisecond of a second: all 10,000 pass', () => {
    expect(passEachMs(bucket(), 10, 0, 1000)).toBe(10_000);
  });

  it('O-RL01 (b) 10,000 at once: 5,000 pass', () => {
    expect(pass(bucket(), 10_000, 0)).toBe(5000);
  });

  it('O-RL01 (c) 5,000 at once, then 5 in every millisecond: all pass', () => {
    const limiter = bucket();
    expect(pass(limiter, 5000, 0)).toBe(5000);
    expect(passEachMs(limiter, 5, 1, 1000)).toBe(5 * 999);
  });

  it('O-RL01 (d) 5,000 at once and 5,000 after 100 ms: 6,000 pass', () => {
    const limiter = bucket();
    expect(pass(limiter, 5000, 0)).toBe(5000);
    expect(pass(limiter, 5000, 100)).toBe(1000);
  });

  it('O-RL01 (e) 5,000 at once, 1,000 after 100 ms, then 4 in every millisecond: all pass', () => {
    const limiter = bucket();
    expect(pass(limiter, 5000, 0)).toBe(5000);
    expect(pass(limiter, 1000, 100)).toBe(1000);
    expect(passEachMs(limiter, 4, 101, 1000)).toBe(4 * 899);
  });

  it('O-RL01 holds in seconds as well', () => {
    const limiter = createRateLimiter('token-bucket', { rate: 10_000, burst: 5000 });
    expect(pass(limiter, 5000, 0)).toBe(5000);
    expect(pass(limiter, 5000, 0.1)).toBe(1000);
  });
});

describe('O-RL02 NGINX limit_req rate=10r/s burst=20 nodelay', () => {
  it.each([
    [0.101, 1],
    [0.501, 5],
  ])('O-RL02 25 at once: 21 pass; 20 more after %d s: %d pass', (later, expected) => {
    const limiter = createRateLimiter('gcra', { rate: 10, tolerance: 20 / 10 });
    expect(pass(limiter, 25, 0)).toBe(21);
    expect(pass(limiter, 20, later)).toBe(expected);
  });
});

describe('O-RL03 100 a minute, 100 requests at 0:59 and 100 at 1:00', () => {
  const options = { limit: 100, window: 60 };

  it('O-RL03 fixed windows pass 200 within two seconds', () => {
    const limiter = createRateLimiter('fixed-window', options);
    expect(pass(limiter, 100, 59) + pass(limiter, 100, 60)).toBe(200);
  });

  it('O-RL03 a sliding log passes 100', () => {
    const limiter = createRateLimiter('sliding-log', options);
    expect(pass(limiter, 100, 59) + pass(limiter, 100, 60)).toBe(100);
    expect(limiter.tryTake(60)).toBe(59);
    expect(pass(limiter, 200, 119)).toBe(100);
  });

  it('O-RL03 a sliding counter passes none of the second hundred until the weight of the first decays', () => {
    const limiter = createRateLimiter('sliding-counter', options);
    expect(pass(limiter, 100, 59) + pass(limiter, 100, 60)).toBe(100);
    // Half a minute later half of the first hundred counts, and what leaves the estimate below 100 may pass.
    expect(pass(limiter, 100, 90)).toBe(50);
  });

  it('RTL-04 with the second hundred spread over a second, it passes 2 of them', () => {
    const limiter = createRateLimiter('sliding-counter', options);
    let passed = pass(limiter, 100, 59);
    for (let i = 0; i < 100; i++) passed += pass(limiter, 1, 60 + i / 100);
    expect(passed).toBe(102);
  });
});

it('O-RL04 sliding counter: 42 in the last minute, 18 in this one, 15 s over: the estimate 49.5 has room for one', () => {
  const limiter = createRateLimiter('sliding-counter', { limit: 50, window: 60 });
  expect(pass(limiter, 42, 0)).toBe(42);
  expect(pass(limiter, 18, 75)).toBe(18);
  expect(42 * (45 / 60) + 18).toBe(49.5);
  expect(limiter.tryTake(75)).toBe(0);
  expect(limiter.tryTake(75)).toBeGreaterThan(0);
});

describe('O-RL05 GCRA: 20 cells/s sustained, 100/s peak, bursts of 50', () => {
  it('O-RL05 50 in a row conform, and 80 of the 200 of two seconds', () => {
    const tolerance = (50 - 1) * (1 / 20 - 1 / 100);
    const limiter = createRateLimiter('gcra', { rate: 20, tolerance });
    const conform = Array.from({ length: 200 }, (_, cell) => limiter.tryTake(cell / 100) === 0);
    expect(tolerance).toBeCloseTo(1.96, 12);
    expect(conform.indexOf(false)).toBe(50);
    expect(conform.filter(Boolean).length).toBe(80);
  });

  it.each([1, 2, 7, 23, 100])('O-RL05 a tolerance for bursts of %d lets through just that', (burst) => {
    const limiter = createRateLimiter('gcra', { rate: 20, tolerance: (burst - 1) * (1 / 20 - 1 / 100) });
    const conform = Array.from({ length: 300 }, (_, cell) => limiter.tryTake(7 + cell / 100) === 0);
    expect(conform.indexOf(false)).toBe(burst);
  });
});

describe('O-RL06 Poisson traffic through a token bucket is M/D/1/K', () => {
  it.each([
    [0.8, 5, 0.03529],
    [0.9, 10, 0.016632],
    [1.2, 20, 0.166763],
  ])('O-RL06 λ = %d, %d tokens: %d rejected', (arrivalRate, burst, expected) => {
    const limiter = new TokenBucket({ rate: 1, burst });
    const random = createRandom(6, `arrivals at ${arrivalRate}`);
    const batches: number[] = [];
    const perBatch = 300_000;
    let now = 0;
    // The first batch empties the full bucket.
    for (let batch = -1; batch < 20; batch++) {
      let rejected = 0;
      for (let i = 0; i < perBatch; i++) {
        now += exponential(random) / arrivalRate;
        if (limiter.tryTake(now) > 0) rejected++;
      }
      if (batch >= 0) batches.push(rejected / perBatch);
    }
    const mean = batches.reduce((total, value) => total + value, 0) / batches.length;
    const variance = batches.reduce((total, value) => total + (value - mean) ** 2, 0) / (batches.length - 1);
    // 99.95 % quantile of Student's t with 19 degrees of freedom.
    const half = 3.883 * Math.sqrt(variance / batches.length);
    expect(half).toBeLessThan(0.03 * expected);
    expect(Math.abs(mean - expected)).toBeLessThan(half);
  });
});

describe('COD-06 a counter with a time to live is no token bucket', () => {
  /**
   * The script that is passed around as one: read the tokens left or begin with all of them; when there are
   * any, take one and let them all expire a window from now. Nothing ever flows in, and every request that
   * passes puts the expiry off, so that it allows `limit` between two pauses of a whole window.
   */
  function countdown(limit: number, window: number): (now: number) => boolean {
    let left = limit;
    let expiresAt = Number.NEGATIVE_INFINITY;
    return (now) => {
      if (now >= expiresAt) left = limit;
      if (left === 0) return false;
      left--;
      expiresAt = now + window;
      return true;
    };
  }

  it('COD-06 it rejects 24 of 60 at 86 % of the limit; a token bucket rejects none', () => {
    // 10 in 6 s are allowed, one comes every 0.7 s.
    const wrong = countdown(10, 6);
    const bucket = createRateLimiter('token-bucket', { rate: 10 / 6, burst: 10 });
    const times = Array.from({ length: 60 }, (_, i) => 0.7 * i);
    expect(times.filter((now) => !wrong(now)).length).toBe(24);
    expect(times.filter((now) => bucket.tryTake(now) > 0).length).toBe(0);
  });

  it('COD-06 one every 7 s under 10 a minute: 10 of 18 in the long run, all through a token bucket', () => {
    const wrong = countdown(10, 60);
    const bucket = createRateLimiter('token-bucket', { rate: 10 / 60, burst: 10 });
    const times = Array.from({ length: 18 * 100 }, (_, i) => 7 * i);
    expect(times.filter(wrong).length / times.length).toBe(10 / 18);
    expect(times.every((now) => bucket.tryTake(now) === 0)).toBe(true);
  });

  it('COD-06 ours has refilled after a refusal when it said it would, however often it is asked meanwhile', () => {
    const wrong = countdown(10, 60);
    const bucket = createRateLimiter('token-bucket', { rate: 10 / 60, burst: 10 });
    for (let i = 0; i < 10; i++) {
      expect(wrong(0)).toBe(true);
      expect(bucket.tryTake(0)).toBe(0);
    }
    for (let now = 0; now < 6; now++) expect(bucket.tryTake(now)).toBeCloseTo(6 - now, 9);
    expect(bucket.tryTake(6)).toBe(0);
    expect(wrong(6)).toBe(false);
  });
});
