import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRateLimiter, KeyedRateLimiter, type RateLimiter, rateLimiters } from '../index.ts';

const options = { rate: 1, burst: 2 };

/** Some options for every algorithm, all of which forget within four units of time. */
const each = {
  'token-bucket': options,
  gcra: { rate: 1, tolerance: 1 },
  'leaky-bucket': { rate: 1, capacity: 2 },
  'fixed-window': { limit: 2, window: 2 },
  'sliding-log': { limit: 2, window: 2 },
  'sliding-counter': { limit: 2, window: 2 },
} as const;

const calls = fc.array(
  fc.record({ key: fc.integer({ min: 0, max: 9 }), gap: fc.integer({ min: 0, max: 8 }) }),
  { maxLength: 120 },
);

describe.each(rateLimiters)('%s', (name) => {
  it('KL-1 decides for each key as a limiter of its own would, with keys that never were forgotten', () => {
    fc.assert(
      fc.property(calls, (plan) => {
        const keyed = new KeyedRateLimiter<typeof name, number>(name, { ...each[name], maxKeys: 10 });
        const own = new Map<number, RateLimiter>();
        let now = -3;
        for (const { key, gap } of plan) {
          now += gap / 8;
          const limiter = own.get(key) ?? createRateLimiter(name, each[name]);
          own.set(key, limiter);
          expect(keyed.tryTake(key, now)).toBe(limiter.tryTake(now));
          expect(keyed.idleAt(key)).toBe(limiter.idleAt());
        }
      }),
    );
  });

  it('KL-2 remembers just those that are not idle when it has looked', () => {
    fc.assert(
      fc.property(calls, (plan) => {
        const keyed = new KeyedRateLimiter<typeof name, number>(name, { ...each[name], maxKeys: 10 });
        const own = new Map<number, RateLimiter>();
        let now = 0;
        for (const { key, gap } of plan) {
          now += gap / 8;
          if (!own.has(key)) own.set(key, createRateLimiter(name, each[name]));
          own.get(key)!.tryTake(now);
          keyed.tryTake(key, now);
          keyed.forgetIdle();
          const busy = [...own.values()].filter((limiter) => limiter.idleAt() > now);
          expect(keyed.size).toBe(busy.length);
        }
      }),
    );
  });

  it('KL-3 never remembers more keys than allowed, and refuses new ones until the first is idle', () => {
    fc.assert(
      fc.property(calls, (plan) => {
        const keyed = new KeyedRateLimiter<typeof name, number>(name, { ...each[name], maxKeys: 3 });
        let now = 0;
        for (const { key, gap } of plan) {
          now += gap / 8;
          const known = keyed.snapshot();
          const wait = keyed.tryTake(key, now);
          expect(keyed.size).toBeLessThanOrEqual(3);
          expect(wait).toBeGreaterThanOrEqual(0);
          if (wait > 0 && wait < Number.POSITIVE_INFINITY) {
            const later = new KeyedRateLimiter<typeof name, number>(
              name,
              { ...each[name], maxKeys: 3 },
              known,
            );
            expect(later.tryTake(key, now + wait)).toBe(0);
          }
        }
      }),
    );
  });

  it('KL-4 goes on from its snapshot through JSON', () => {
    const make = (state?: ReturnType<KeyedRateLimiter<typeof name>['snapshot']>) =>
      new KeyedRateLimiter<typeof name>(name, { ...each[name], maxKeys: 5 }, state);
    let through = make();
    const straight = make();
    for (let i = 0; i < 200; i++) {
      through = make(JSON.parse(JSON.stringify(through.snapshot())));
      const key = `user ${(i * 7) % 9}`;
      expect(through.tryTake(key, i / 5)).toBe(straight.tryTake(key, i / 5));
    }
  });
});

it('KL-5 forgets the key that would be idle first when told to, and no other', () => {
  const keyed = new KeyedRateLimiter('token-bucket', { ...options, maxKeys: 2, beyond: 'forget' });
  keyed.tryTake('heavy', 0, 2);
  keyed.tryTake('light', 0, 1);
  expect(keyed.tryTake('new', 0)).toBe(0);
  expect(keyed.size).toBe(2);
  expect(keyed.tryTake('heavy', 0)).toBe(1);
  // Light has been forgotten: it has a full bucket again, at the expense of the new one.
  expect(keyed.tryTake('light', 0, 2)).toBe(0);
});

it('KL-6 a clock that goes back stands still for all keys', () => {
  const keyed = new KeyedRateLimiter('token-bucket', { ...options, maxKeys: 10 });
  keyed.tryTake('a', 100, 2);
  keyed.tryTake('b', 50, 2);
  expect(keyed.tryTake('b', 50)).toBe(51);
  expect(keyed.tryTake('a', 101)).toBe(0);
  expect(keyed.tryTake('b', 101)).toBe(0);
});

it('KL-7 a flood of keys stays within the bound and lets nobody have more', () => {
  const keyed = new KeyedRateLimiter('token-bucket', { ...options, maxKeys: 1000 });
  let passed = 0;
  for (let i = 0; i < 50_000; i++) if (keyed.tryTake(`key ${i}`, i * 1e-5) === 0) passed++;
  // Each of the 1000 is idle 1 s after its one request; the flood lasts half as long.
  expect(passed).toBe(1000);
  expect(keyed.tryTake('key 0', 0.5)).toBe(0);
  expect(keyed.tryTake('late', 100)).toBe(0);
  expect(keyed.forgetIdle()).toBe(999);
  expect(keyed.size).toBe(1);
});

it('KL-8 refuses impossible calls and states, and remembers nothing of them', () => {
  const make = (maxKeys: number) => new KeyedRateLimiter('token-bucket', { ...options, maxKeys });
  for (const maxKeys of [0, -1, 1.5, Number.NaN, 2 ** 53])
    expect(() => make(maxKeys)).toThrow(/maxKeys must/);
  expect(
    () => new KeyedRateLimiter('token-bucket', { ...options, maxKeys: 1, beyond: 'x' as 'forget' }),
  ).toThrow(/beyond must be/);
  expect(() => new KeyedRateLimiter('token-bucket', { rate: 0, burst: 1, maxKeys: 1 })).toThrow(/rate/);
  const keyed = make(2);
  expect(() => keyed.tryTake('a', Number.NaN)).toThrow(/now must be/);
  expect(() => keyed.tryTake('a', Number.POSITIVE_INFINITY)).toThrow(/now must be/);
  expect(() => keyed.tryTake('a', 0, -1)).toThrow(/cost must be/);
  expect(keyed.size).toBe(0);
  expect(keyed.tryTake('a', 0, 3)).toBe(Number.POSITIVE_INFINITY);
  keyed.tryTake('a', 0);
  const state = keyed.snapshot();
  const restore = (faulty: object) =>
    new KeyedRateLimiter('token-bucket', { ...options, maxKeys: 1 }, { ...state, ...faulty });
  expect(() => restore({ version: 2 })).toThrow(/version 1/);
  expect(() => restore({ now: Number.NaN })).toThrow(RangeError);
  expect(() => restore({ keys: [...state.keys, ['b', state.keys[0]![1]]] })).toThrow(/at most 1/);
});

it.each(['refuse', 'forget'] as const)(
  'KL-9 what costs nothing, can never pass or is impossible takes no place, of nobody (%s)',
  (beyond) => {
    const keyed = new KeyedRateLimiter('token-bucket', { ...options, maxKeys: 1, beyond });
    expect(keyed.tryTake('free', 0, 0)).toBe(0);
    expect(keyed.tryTake('vast', 0, 3)).toBe(Number.POSITIVE_INFINITY);
    expect(keyed.size).toBe(0);
    keyed.tryTake('a', 0, 2);
    expect(keyed.tryTake('free', 0, 0)).toBe(0);
    expect(keyed.tryTake('vast', 0, 3)).toBe(Number.POSITIVE_INFINITY);
    expect(() => keyed.tryTake('wrong', 0.25, -1)).toThrow(/cost must be/);
    // It still knows what `a` has taken.
    expect(keyed.tryTake('a', 0.25)).toBe(0.75);
  },
);
