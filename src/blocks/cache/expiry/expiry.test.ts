import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, exponential, meanInterval } from '../../../kernel/index.ts';
import { createCache, evictionPolicies } from '../index.ts';
import { freshness, jitteredTtl, lookupSliding, refreshesEarly } from './index.ts';

/** Hit ratio of one key, asked for at this rate, with a lifetime from insertion or from the last hit. */
function hitRatioOf(rate: number, ttl: number, sliding: boolean, requests: number) {
  const cache = createCache('lru', { capacity: 1 });
  const random = createRandom(3);
  const batches: number[] = [];
  let now = 0;
  for (let batch = 0; batch < 20; batch++) {
    let hits = 0;
    for (let i = 0; i < requests / 20; i++) {
      now += exponential(random) / rate;
      if (sliding ? lookupSliding(cache, 1, now, ttl) : cache.lookup(1, now)) hits++;
      else cache.insert(1, 1, now, now + ttl);
    }
    batches.push(hits / (requests / 20));
  }
  return meanInterval(batches);
}

describe('lifetimes', () => {
  it.each([
    [1, 1, false, 0.5],
    [0.1, 60, false, 0.857143],
    [10, 1, false, 0.909091],
    [1, 1, true, 0.632121],
    [0.1, 60, true, 0.997521],
    [10, 1, true, 0.999955],
  ])('O-C06 rate %d, lifetime %d, sliding %s: hit ratio %d', (rate, ttl, sliding, published) => {
    const { value, high } = hitRatioOf(rate, ttl, sliding, 400_000);
    expect(Math.abs(value - published)).toBeLessThan(0.003);
    expect(1.5 * (high - value)).toBeLessThan(0.003);
  });

  it.each(evictionPolicies)('SL-1, SL-2, SL-3 %s: renews at a hit, and at a hit only', (policy) => {
    const cache = createCache(policy, { capacity: 5, random: createRandom(1) });
    expect(lookupSliding(cache, 7, 0, 10)).toBe(false);
    cache.insert(7, 1, 0, 10);
    expect(lookupSliding(cache, 7, 9, 10)).toBe(true);
    expect(lookupSliding(cache, 7, 18.5, 10)).toBe(true);
    expect(cache.contains(7, 28.4)).toBe(true);
    expect(lookupSliding(cache, 7, 28.5, 10)).toBe(false);
    expect(lookupSliding(cache, 7, 0, 10)).toBe(false);
    cache.insert(7, 1, 100, 110);
    // The clock goes back: the entry lives no longer than from there.
    expect(lookupSliding(cache, 7, 50, 10)).toBe(true);
    expect(cache.contains(7, 60)).toBe(false);
    cache.insert(7, 1, 0, 10);
    expect(lookupSliding(cache, 7, 5, 10, 12)).toBe(true);
    expect(cache.contains(7, 12)).toBe(false);
    expect(() => lookupSliding(cache, 7, 0, Number.NaN)).toThrow(/ttl must be ≥ 0, got NaN/);
  });

  it('JT-1, JT-2 is within its share, and on average in the middle', () => {
    const random = createRandom(4);
    let sum = 0;
    const draws = 100_000;
    for (let i = 0; i < draws; i++) {
      const ttl = jitteredTtl(100, 0.3, random);
      if (!(ttl > 70 && ttl <= 100)) expect.fail(`drew ${ttl}`);
      sum += ttl;
    }
    // Five standard errors of the mean of a uniform law on 30.
    expect(Math.abs(sum / draws - 85)).toBeLessThan((5 * 30) / Math.sqrt(12 * draws));
    const none = { next: () => expect.fail('drew') as never };
    expect(jitteredTtl(100, 0, none)).toBe(100);
    expect(jitteredTtl(Number.POSITIVE_INFINITY, 1, none)).toBe(Number.POSITIVE_INFINITY);
    expect(() => jitteredTtl(1, 1.5, random)).toThrow(/share must be from 0 to 1, got 1.5/);
    expect(() => jitteredTtl(-1, 0.5, random)).toThrow(/ttl must be ≥ 0, got -1/);
  });

  it('FR-1 to FR-5 names the four ages, each from its first instant on', () => {
    const options = { softTtl: 10, ttl: 30, staleIfError: 100 };
    const at = (now: number) => freshness(-5, now, options);
    expect([-5, 4.9, 5, 24.9, 25, 124.9, 125, 3600].map(at)).toEqual([
      'fresh',
      'fresh',
      'refresh',
      'refresh',
      'stale',
      'stale',
      'gone',
      'gone',
    ]);
    expect(at(-3600)).toBe('fresh');
    expect(freshness(0, 5, { ttl: 5 })).toBe('gone');
    expect(freshness(0, 2 ** 53, { ttl: Number.POSITIVE_INFINITY })).toBe('fresh');
    expect(() => freshness(0, 0, { ttl: 5, softTtl: 6 })).toThrow(/softTtl must be from 0 to ttl = 5, got 6/);
    expect(() => freshness(0, 0, { ttl: -1 })).toThrow(RangeError);
    expect(() => freshness(0, 0, { ttl: 1, staleIfError: Number.NaN })).toThrow(/staleIfError/);
    expect(() => freshness(Number.NaN, 0, { ttl: 1 })).toThrow(/storedAt and now/);
  });
});

describe('refreshesEarly', () => {
  /** Cycles of one key with a long lifetime: how early it is fetched anew, in time units, and how often too late. */
  function cycles(rate: number, fetchTime: number, count: number) {
    const random = createRandom(9);
    const leads: number[] = [];
    let late = 0;
    for (let cycle = 0; cycle < count; cycle++) {
      // Long before expiry nobody is early: the chance is e^(−40) there.
      let now = -40 * fetchTime;
      for (;;) {
        now += exponential(random) / rate;
        if (refreshesEarly(0, now, { fetchTime }, random)) break;
      }
      if (now >= 0) late++;
      leads.push(Math.max(0, -now));
    }
    const mean = leads.reduce((sum, lead) => sum + lead, 0) / count;
    const deviation = Math.sqrt(leads.reduce((sum, lead) => sum + (lead - mean) ** 2, 0) / count);
    return { mean, late: late / count, error: deviation / Math.sqrt(count) };
  }

  it.each([
    [100, 1, 5.1824, 0, 5_000],
    [10, 1, 2.8798, 4.5e-5, 20_000],
    [10, 0.2, 0.26385, 0.1353, 60_000],
  ])('O-C11 rate %d, fetch time %d: lead %d, late %d', (rate, fetchTime, lead, late, count) => {
    const measured = cycles(rate, fetchTime, count);
    // The case allows 2 %; the run is long enough for that to be three standard errors.
    expect(3 * measured.error).toBeLessThan(0.02 * lead);
    expect(Math.abs(measured.mean / lead - 1)).toBeLessThan(0.02);
    const lateError = Math.sqrt((late * (1 - late)) / count);
    expect(Math.abs(measured.late - late)).toBeLessThanOrEqual(3 * lateError + 1 / count);
  });

  it('XF-1, XF-2 draws only where chance decides', () => {
    const none = { next: () => expect.fail('drew') as never };
    expect(refreshesEarly(10, 10, { fetchTime: 1 }, none)).toBe(true);
    expect(refreshesEarly(10, 3610, { fetchTime: 0 }, none)).toBe(true);
    expect(refreshesEarly(10, 9.999, { fetchTime: 0 }, none)).toBe(false);
    expect(refreshesEarly(10, 9.999, { fetchTime: 1, beta: 0 }, none)).toBe(false);
    expect(refreshesEarly(Number.POSITIVE_INFINITY, 2 ** 53, { fetchTime: 1 }, none)).toBe(false);
    expect(() => refreshesEarly(1, 0, { fetchTime: -1 }, none)).toThrow(
      /fetchTime must be a finite number ≥ 0/,
    );
    expect(() => refreshesEarly(1, 0, { fetchTime: 1, beta: Number.NaN }, none)).toThrow(/beta/);
    expect(() => refreshesEarly(Number.NaN, 0, { fetchTime: 1 }, none)).toThrow(/expiresAt/);
  });

  it('XF-3 has the chance e^(−a / Dβ) at a time a before expiry', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 5, noNaN: true }),
        fc.integer({ min: 1, max: 3 }),
        (ahead, beta) => {
          const random = createRandom(1);
          const draws = 20_000;
          let early = 0;
          for (let i = 0; i < draws; i++)
            if (refreshesEarly(0, -ahead, { fetchTime: 2, beta }, random)) early++;
          const chance = Math.exp(-ahead / (2 * beta));
          expect(Math.abs(early / draws - chance)).toBeLessThan(
            6 * Math.sqrt((chance * (1 - chance)) / draws),
          );
        },
      ),
      { numRuns: 20 },
    );
  });
});
