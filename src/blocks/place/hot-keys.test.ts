import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import { HotKeys } from './index.ts';

const options = { threshold: 0.2, halfLife: 10, minimumRequests: 0 };
const steps = fc.array(
  fc.record({
    key: fc.nat({ max: 12 }),
    wait: fc.double({ min: 0, max: 15, noNaN: true }),
    requests: fc.integer({ min: 1, max: 5 }),
  }),
  { minLength: 1, maxLength: 150 },
);

/** Weights are rounded to 1 in 100,000; every 16 half-lives counters to the 65,536th part of a request. */
const rounding = 2e-5;

/** All weights, exactly. */
function exactShares(plan: readonly { key: number; at: number; requests: number }[], now: number) {
  const weights = new Map<number, number>();
  let total = 0;
  for (const { key, at, requests } of plan) {
    const weight = requests * 2 ** ((at - now) / options.halfLife);
    weights.set(key, (weights.get(key) ?? 0) + weight);
    total += weight;
  }
  return new Map([...weights].map(([key, weight]) => [key, weight / total]));
}

describe('hot keys', () => {
  it('HK1 calls no key hot below the threshold, and every one at threshold + 1/k', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 14 }), (plan, capacity) => {
        const keys = new HotKeys<number>({ ...options, capacity });
        let now = -20;
        const seen: { key: number; at: number; requests: number }[] = [];
        for (const { key, wait, requests } of plan) {
          now += wait;
          seen.push({ key, at: now, requests });
          expect(keys.record(key, now, requests)).toBe(keys.isHot(key, now));
        }
        const shares = exactShares(seen, now);
        const hot = keys.hot(now);
        for (const { key, shareLow, shareHigh } of hot) {
          expect(shares.get(key)!).toBeGreaterThanOrEqual(options.threshold - rounding);
          expect(shares.get(key)!).toBeGreaterThanOrEqual(shareLow - rounding);
          expect(shares.get(key)!).toBeLessThanOrEqual(shareHigh + rounding);
        }
        for (const [key, share] of shares) {
          if (share >= options.threshold + 1 / capacity + rounding) expect(keys.isHot(key, now)).toBe(true);
        }
        expect(keys.snapshot().sketch.entries.length).toBeLessThanOrEqual(capacity);
        expect(hot.map(({ shareHigh }) => shareHigh)).toEqual(
          hot.map(({ shareHigh }) => shareHigh).sort((a, b) => b - a),
        );
      }),
    );
  });

  it('HK2 goes on alike from its state', () => {
    // Whole half-lives: weights are powers of two, and nothing is rounded.
    const whole = fc.array(fc.tuple(fc.nat({ max: 12 }), fc.nat({ max: 2 })), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(whole, whole, (before, after) => {
        const one = new HotKeys<number>({ ...options, capacity: 4 });
        let now = 0;
        for (const [key, wait] of before) {
          now += wait * options.halfLife;
          one.record(key, now);
        }
        const state = JSON.parse(JSON.stringify(one.snapshot()));
        const other = new HotKeys<number>({ ...options, capacity: 4, state });
        expect(other.snapshot()).toEqual(state);
        for (const [key, wait] of after) {
          now += wait * options.halfLife;
          expect(other.record(key, now)).toBe(one.record(key, now));
        }
        expect(other.snapshot()).toEqual(one.snapshot());
      }),
    );
  });

  it('HK3 finds the hot key among a million cold ones, and lets it go when it cools', () => {
    const keys = new HotKeys<number>({ threshold: 0.05, halfLife: 10 });
    const random = createRandom(3);
    const run = (from: number, to: number, share: number) => {
      for (let now = from; now < to; now += 0.01) {
        keys.record(random.next() < share ? -1 : Math.floor(random.next() * 1e6), now);
      }
    };
    run(0, 100, 0.2);
    expect(keys.hot(100).map(({ key }) => key)).toEqual([-1]);
    run(100, 200, 0.01);
    // Ten half-lives later the old 20 % weigh a thousandth.
    expect(keys.hot(200)).toEqual([]);
    expect(keys.snapshot().sketch.entries.length).toBe(40);
  });

  it('HK4 calls nothing hot before there are enough requests, nor long after the last', () => {
    const keys = new HotKeys<string>({ threshold: 0.1, halfLife: 60 });
    for (let i = 0; i < 9; i++) expect(keys.record('a', 0)).toBe(false);
    expect(keys.record('a', 0)).toBe(true);
    expect(keys.isHot('a', 0)).toBe(true);
    expect(keys.isHot('a', 3600)).toBe(false);
    expect(keys.isHot('never', 0)).toBe(false);
  });

  it('HK5 stands any clock: still, back, an hour on, the ends of the numbers', () => {
    const keys = new HotKeys<number>({ threshold: 0.5, halfLife: 1, minimumRequests: 1 });
    for (const now of [0, -5, 3600, 3600, 0, -1e300, 2 ** 53, 5, 1e300, 1e308]) {
      for (let i = 0; i < 5; i++) expect(keys.record(1, now)).toBe(true);
      expect(keys.hot(now)).toEqual([
        { key: 1, shareLow: expect.closeTo(1, 9), shareHigh: expect.closeTo(1, 9) },
      ]);
    }
    const back = new HotKeys<number>({ ...options, halfLife: 1e-300 });
    back.record(1, -1e308);
    back.record(2, 1e308);
    back.record(2, 0);
    expect(back.hot(0)).toEqual([{ key: 2, shareLow: 1, shareHigh: 1 }]);
    expect(JSON.stringify(back.snapshot())).not.toContain('null');
    expect(new HotKeys<number>(options).snapshot()).toMatchObject({ landmark: null, latest: null });
  });

  it('HK6 refuses impossible options, calls and states by name', () => {
    for (const threshold of [0, -1, 1.1, Number.NaN]) {
      expect(() => new HotKeys({ ...options, threshold })).toThrow(/threshold must be/);
    }
    for (const halfLife of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new HotKeys({ ...options, halfLife })).toThrow(/halfLife must be/);
    }
    for (const capacity of [0, 1.5, Number.NaN, 2 ** 53]) {
      expect(() => new HotKeys({ ...options, capacity })).toThrow(/capacity must be/);
    }
    expect(() => new HotKeys({ ...options, minimumRequests: Number.NaN })).toThrow(/minimumRequests must be/);
    const keys = new HotKeys<number>(options);
    for (const now of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => keys.record(1, now)).toThrow(/now must be finite/);
      expect(() => keys.hot(now)).toThrow(/now must be finite/);
    }
    for (const requests of [0, -1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => keys.record(1, 0, requests)).toThrow(/requests must be/);
    }
    expect(keys.snapshot()).toEqual(new HotKeys<number>(options).snapshot());
    keys.record(1, 0);
    const state = keys.snapshot();
    const restored = (change: object) => () =>
      new HotKeys<number>({ ...options, state: { ...state, ...change } });
    expect(restored({})).not.toThrow();
    expect(restored({ version: 2 })).toThrow(/version 2/);
    expect(restored({ landmark: Number.NaN })).toThrow(/state.latest must be/);
    expect(restored({ latest: 161 })).toThrow(/up to 16 half-lives after landmark 0, got 161/);
    expect(restored({ latest: -1 })).toThrow(/state.latest must be/);
    expect(restored({ sketch: { ...state.sketch, total: Number.NaN } })).toThrow(RangeError);
    expect(restored({ names: Array.from({ length: 21 }, (_, key) => [key, key]) })).toThrow(/of 10 hot keys/);
  });

  it('HK7 remembers a bounded number of keys, however many were hot', () => {
    const keys = new HotKeys<string>({ threshold: 0.5, halfLife: 0.25, capacity: 3 });
    for (let i = 0; i < 1000; i++) {
      keys.record(`key ${i}`, i, 100);
      expect(keys.hot(i)).toMatchObject([{ key: `key ${i}` }]);
      expect(keys.snapshot().names.length).toBeLessThanOrEqual(6);
    }
  });
});
