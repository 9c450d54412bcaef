import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import { createCache, evictionPolicies } from '../cache/index.ts';
import { CacheMap, type RemovalEvent } from './cache-map.ts';
import type { Clock } from './clock.ts';

/** A clock that stands still until it is moved. */
function stopped(): Clock & { ms: number } {
  return {
    ms: 0,
    now(): number {
      return this.ms;
    },
    after: () => () => undefined,
  };
}

const key = fc.integer({ min: 0, max: 14 });
const ttl = fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 0, max: 20 }));
const step = fc.record({
  op: fc.constantFrom('get', 'get', 'set', 'set', 'delete', 'has', 'clear'),
  key,
  weight: fc.integer({ min: 0, max: 12 }),
  ttl,
});

describe.each(evictionPolicies)('CacheMap %s', (policy) => {
  it('CM-1 holds what the core holds, and tells of all that leaves', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 }), fc.array(step, { maxLength: 150 }), (capacity, steps) => {
        const clock = stopped();
        const map = new CacheMap<number, { weight: number }>({
          capacity,
          policy,
          clock,
          weigh: ({ weight }) => weight,
          expectedEntries: 1,
          random: createRandom(1),
        });
        const core = createCache(policy, { capacity, expectedEntries: 1, random: createRandom(1) });
        const held = new Map<number, { weight: number }>();
        map.listen(({ key, value, reason }) => {
          if (reason === 'too-heavy' || (reason === 'replaced' && held.get(key) !== value)) return;
          expect(held.get(key)).toBe(value);
          held.delete(key);
        });
        for (const { op, key, weight, ttl } of steps) {
          clock.ms++;
          if (op === 'get') expect(map.get(key) !== undefined).toBe(core.lookup(key, clock.ms));
          else if (op === 'has') expect(map.has(key)).toBe(core.contains(key, clock.ms));
          else if (op === 'delete') {
            const there = core.contains(key, clock.ms);
            core.remove(key);
            expect(map.delete(key)).toBe(there);
          } else if (op === 'clear') {
            map.clear();
            core.clear();
          } else {
            const value = { weight };
            map.set(key, value, ttl);
            core.insert(key, weight, clock.ms, clock.ms + ttl);
            if (weight <= capacity) held.set(key, value);
          }
          expect(map.size).toBe(core.size);
          expect(map.weight).toBe(core.weight);
          expect(map.evictions).toBe(core.evictions);
          expect(held.size).toBe(map.size);
          for (let other = 0; other < 15; other++) {
            expect(map.has(other)).toBe(core.contains(other, clock.ms));
            expect(map.peek(other)).toBe(map.has(other) ? held.get(other) : undefined);
          }
          expect([...map.keys()].toSorted()).toEqual([...held.keys()].filter((k) => map.has(k)).toSorted());
        }
      }),
      { numRuns: 100 },
    );
  });

  it('CM-2 takes keys of every kind, and values that are undefined', () => {
    const map = new CacheMap<unknown, unknown>({ capacity: 8, policy });
    const object = {};
    const keys = [object, 'text', Symbol('s'), 1.5, Number.NaN, 7n, null, undefined];
    for (const each of keys) map.set(each, undefined);
    expect(keys.every((each) => map.has(each))).toBe(true);
    expect(map.has({})).toBe(false);
    for (let i = 0; i < 100; i++) map.set({ i }, i);
    expect(map.size).toBe(8);
    expect([...map].length).toBe(8);
  });
});

describe('CacheMap', () => {
  it('CM-3 iterates over what has not expired, in the order in which keys came in', () => {
    const clock = stopped();
    const map = new CacheMap<string, number>({ capacity: 9, ttlMs: 100, clock });
    map.set('a', 1).set('b', 2, 10).set('c', 3, Number.POSITIVE_INFINITY).set('a', 4);
    expect([...map]).toEqual([
      ['a', 4],
      ['b', 2],
      ['c', 3],
    ]);
    expect(['a', 'b', 'c', 'd'].map((each) => map.remainingMs(each))).toEqual([
      100,
      10,
      Number.POSITIVE_INFINITY,
      0,
    ]);
    clock.ms = 10;
    expect([...map.keys()]).toEqual(['a', 'c']);
    expect([...map.values()]).toEqual([4, 3]);
    expect(map.size).toBe(3);
    expect(map.purgeExpired()).toBe(1);
    expect(map.size).toBe(2);
    const seen: unknown[] = [];
    map.forEach((value, key) => {
      seen.push([key, value]);
    });
    expect(seen).toEqual([...map.entries()]);
    clock.ms = 3600e3;
    expect(map.get('a')).toBeUndefined();
    expect(map.delete('c')).toBe(true);
    expect(map.delete('c')).toBe(false);
    expect(map.size).toBe(0);
  });

  it('CM-4 gives an entry its whole lifetime anew at every get where it slides', () => {
    const clock = stopped();
    const map = new CacheMap<string, number>({ capacity: 9, ttlMs: 10, sliding: true, clock });
    map.set('a', 1);
    map.set('b', 2, 4);
    for (clock.ms = 3; clock.ms < 30; clock.ms += 3) expect([map.get('a'), map.get('b')]).toEqual([1, 2]);
    clock.ms += 3;
    expect(map.peek('a')).toBe(1);
    expect(map.get('b')).toBeUndefined();
    clock.ms += 4;
    expect(map.get('a')).toBeUndefined();
  });

  it('CM-5 tells why entries leave, when it is in order again and may be used', () => {
    const clock = stopped();
    const map = new CacheMap<string, number>({ capacity: 2, clock, weigh: (value) => value });
    const told: RemovalEvent<string, number>[] = [];
    const subscription = map.listen((event) => {
      told.push(event);
      // A listener that puts things back.
      if (event.reason === 'evicted' && event.key === 'a') map.set('x', 0);
      throw new Error('listener');
    });
    map.set('a', 1).set('b', 1).set('c', 1).set('c', 2).set('d', 3).set('e', 1, 5);
    clock.ms = 5;
    map.get('e');
    map.set('f', 1);
    map.clear();
    expect(told.map(({ reason, key, value }) => [reason, key, value])).toEqual([
      ['evicted', 'a', 1],
      ['replaced', 'c', 1],
      ['evicted', 'b', 1],
      ['too-heavy', 'd', 3],
      ['evicted', 'x', 0],
      ['evicted', 'c', 2],
      ['expired', 'e', 1],
      ['cleared', 'f', 1],
    ]);
    subscription.dispose();
    map.set('a', 1).delete('a');
    expect(told.length).toBe(8);
  });

  it('CM-6 names what is wrong with its arguments', () => {
    expect(() => new CacheMap({ capacity: -1 })).toThrow(/capacity must be ≥ 0, got -1/);
    expect(() => new CacheMap({ capacity: 1, ttlMs: Number.NaN })).toThrow(/ttlMs must be ≥ 0, got NaN/);
    expect(() => new CacheMap({ capacity: 1, policy: 'mru' as 'lru' })).toThrow(/policy must be one of/);
    const map = new CacheMap<number, number>({ capacity: 1, weigh: () => Number.NaN });
    expect(() => map.set(1, 1)).toThrow(/weight must be ≥ 0, got NaN/);
    expect(() => new CacheMap<number, number>({ capacity: 1 }).set(1, 1, -1)).toThrow(/ttlMs/);
    expect(map.size).toBe(0);
  });
});
