import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { around, meanInterval, studentQuantile975, wilson } from './confidence.ts';
import { BUCKETS, bucketLow, bucketOf, quantileOf, shareAtMost } from './histogram.ts';
import { createRandom } from './random.ts';
import { exponential } from './variates.ts';
import { correlationTime, findWarmUp } from './warm-up.ts';

describe('random streams', () => {
  it('RND-1 keeps its values for a seed and purpose across versions', () => {
    const random = createRandom(42, 'pinned');
    expect([random.nextUint32(), random.nextUint32(), random.next()]).toMatchInlineSnapshot(`
      [
        1912610043,
        1671301862,
        0.2464487378286595,
      ]
    `);
  });

  it('RND-2 has no correlation between streams of neighbouring seeds or purposes', () => {
    const n = 20_000;
    const draws = (seed: number, purpose: string) => {
      const random = createRandom(seed, purpose);
      return Array.from({ length: n }, () => random.next() - 0.5);
    };
    const streams = [
      draws(0, ''),
      draws(1, ''),
      draws(2 ** 32, ''),
      draws(0, 'a'),
      draws(0, 'b'),
      draws(0, 'aa'),
    ];
    streams.forEach((a, i) => {
      for (const b of streams.slice(i + 1)) {
        const correlation = a.reduce((sum, x, k) => sum + x * b[k]!, 0) / (n / 12);
        expect(Math.abs(correlation)).toBeLessThan(5 / Math.sqrt(n));
      }
    });
  });

  it('RND-4 gives every pair of seed and replication a stream of its own', () => {
    const first = new Set<number>();
    for (let seed = 0; seed < 64; seed++) {
      for (let replication = 0; replication < 64; replication++) {
        const random = createRandom(seed, `${replication} arrivals of users`);
        first.add(random.nextUint32() * 2 ** 20 + (random.nextUint32() >>> 12));
      }
    }
    expect(first.size).toBe(64 * 64);
  });

  it('RND-3 refuses a seed that is no integer from 0', () => {
    for (const seed of [-1, 0.5, Number.NaN, 2 ** 53]) expect(() => createRandom(seed)).toThrow(RangeError);
  });
});

describe('histogram', () => {
  it('HST-1 puts every duration into a bucket at most 1/128 wide that contains it', () => {
    fc.assert(
      fc.property(fc.double({ min: 2 ** -30, max: 2 ** 23.9, noNaN: true }), (x) => {
        const bucket = bucketOf(x);
        expect(bucketLow(bucket)).toBeLessThanOrEqual(x);
        expect(bucketLow(bucket + 1)).toBeGreaterThan(x);
        expect(bucketLow(bucket + 1) / bucketLow(bucket)).toBeLessThanOrEqual(1 + 1 / 128 + 1e-12);
      }),
    );
  });

  it('HST-2 puts what is outside its range into the end buckets', () => {
    expect(bucketOf(0)).toBe(0);
    expect(bucketOf(1e-12)).toBe(0);
    expect(bucketOf(1e12)).toBe(BUCKETS - 1);
  });

  it('HST-3 gives quantiles and shares of exponential values within its resolution', () => {
    const random = createRandom(3, 'histogram');
    const histogram = new Uint32Array(BUCKETS);
    const n = 400_000;
    for (let i = 0; i < n; i++) histogram[bucketOf(exponential(random))]!++;
    for (const p of [0.01, 0.5, 0.9, 0.99]) {
      const exact = -Math.log(1 - p);
      const error = (5 * Math.sqrt((p * (1 - p)) / n)) / (1 - p) + exact * 0.002;
      expect(Math.abs(quantileOf(histogram, p) - exact)).toBeLessThan(error);
      expect(Math.abs(shareAtMost(histogram, exact) - p)).toBeLessThan(
        5 * Math.sqrt((p * (1 - p)) / n) + 0.001,
      );
    }
  });
});

describe('intervals', () => {
  it('INT-1 knows the quantiles of Student t (tables)', () => {
    const table = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281];
    table.forEach((t, i) => {
      expect(Math.abs(studentQuantile975(i + 1) / t - 1)).toBeLessThan(2e-4);
    });
    expect(studentQuantile975(30)).toBeCloseTo(2.0423, 4);
    expect(studentQuantile975(1e6)).toBeCloseTo(1.96, 3);
  });

  it('INT-2 covers the mean of normal values in about 95 % of cases', () => {
    const random = createRandom(11, 'coverage');
    const cases = 4000;
    let covered = 0;
    for (let i = 0; i < cases; i++) {
      const values = Array.from({ length: 8 }, () => {
        // Sum of twelve uniforms: normal enough.
        let sum = -6;
        for (let k = 0; k < 12; k++) sum += random.next();
        return sum;
      });
      const { low, high } = meanInterval(values);
      if (low <= 0 && high >= 0) covered++;
    }
    expect(Math.abs(covered / cases - 0.95)).toBeLessThan(5 * Math.sqrt((0.95 * 0.05) / cases));
  });

  it('INT-3 is infinitely wide with one value', () => {
    expect(around(3, [3])).toEqual({
      value: 3,
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    });
  });

  it('INT-4 never says that what was not seen cannot be (rule of three)', () => {
    const { value, high, low } = wilson(0, 1000);
    expect(value).toBe(0);
    expect(low).toBe(0);
    expect(high).toBeGreaterThan(0.003);
    expect(high).toBeLessThan(0.004);
  });
});

describe('warm-up', () => {
  const noise = createRandom(5, 'noise');

  it('WRM-1 cuts a decaying transient where it has died down, and little more', () => {
    const series = Float64Array.from(
      { length: 1000 },
      (_, i) => 10 - 10 * Math.exp(-i / 20) + noise.next() - 0.5,
    );
    const { drop, settled } = findWarmUp(series);
    expect(settled).toBe(true);
    expect(drop).toBeGreaterThanOrEqual(40);
    expect(drop).toBeLessThanOrEqual(300);
  });

  it('WRM-2 leaves a series alone that starts settled', () => {
    const series = Float64Array.from({ length: 1000 }, () => noise.next());
    expect(findWarmUp(series).drop).toBeLessThanOrEqual(500);
    expect(findWarmUp(series).settled).toBe(true);
  });

  it('WRM-4 takes what varies by rounding alone for constant', () => {
    const series = Float64Array.from({ length: 500 }, (_, i) => 0.3 * (1 + ((i * 7919) % 13) * 1e-14));
    expect(findWarmUp(series)).toEqual({ drop: 0, settled: true });
    expect(correlationTime(series)).toBe(1);
  });

  it('WRM-3 says when a series has not settled', () => {
    expect(findWarmUp(Float64Array.from({ length: 1000 }, (_, i) => i)).settled).toBe(false);
  });
});
