import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import { type Cache, cachePolicies, createCache, type EvictionPolicy, evictionPolicies } from './index.ts';
import { modelOf, type PolicyModel, RANDOM_SEED } from './policy-models.fixture.ts';

/** The rules of `Cache`, as plainly as they can be put; the policy tells whom to evict. */
class Model {
  expiries = new Map<number, number>();
  evictions = 0;
  private readonly policy: PolicyModel;
  private readonly capacity: number;

  constructor(policy: EvictionPolicy, capacity: number) {
    this.policy = modelOf(policy, capacity);
    this.capacity = capacity;
  }

  get weight(): number {
    return [...this.policy.weights.values()].reduce((sum, weight) => sum + weight, 0);
  }

  contains(key: number, now: number): boolean {
    return now < (this.expiries.get(key) ?? Number.NEGATIVE_INFINITY);
  }

  lookup(key: number, now: number): boolean {
    const hit = this.contains(key, now);
    if (hit) this.policy.accessed(key);
    else this.remove(key);
    return hit;
  }

  insert(key: number, weight: number, now: number, expiresAt: number): void {
    if (weight > this.capacity || !this.contains(key, now)) this.remove(key);
    if (weight > this.capacity) return;
    if (this.expiries.has(key)) {
      this.expiries.set(key, expiresAt);
      this.policy.weights.set(key, weight);
      this.policy.accessed(key);
      this.evictUntil(0, key);
    } else {
      this.policy.expect(key, weight);
      this.evictUntil(weight, -1);
      this.enter(key, weight, expiresAt, 1);
    }
  }

  expireAt(key: number, expiresAt: number): boolean {
    if (!this.expiries.has(key)) return false;
    this.expiries.set(key, expiresAt);
    return true;
  }

  remove(key: number): boolean {
    if (!this.expiries.delete(key)) return false;
    this.policy.leave(key);
    this.policy.weights.delete(key);
    return true;
  }

  clear(): void {
    this.expiries.clear();
    this.policy.weights.clear();
    this.policy.clear();
  }

  restore(key: number, weight: number, expiresAt: number, frequency: number): boolean {
    if (this.expiries.has(key) || this.weight + weight > this.capacity) return false;
    this.enter(key, weight, expiresAt, frequency);
    return true;
  }

  private enter(key: number, weight: number, expiresAt: number, frequency: number): void {
    this.expiries.set(key, expiresAt);
    this.policy.weights.set(key, weight);
    this.policy.enter(key, frequency);
  }

  private evictUntil(incoming: number, spared: number): void {
    while (this.weight + incoming > this.capacity) {
      const victim = this.policy.victim(spared, incoming);
      expect(victim).not.toBe(spared);
      expect(this.remove(victim)).toBe(true);
      this.evictions++;
    }
  }
}

function make(policy: EvictionPolicy, capacity: number, expectedEntries = 1024, denseKeys = 0): Cache {
  return createCache(policy, { capacity, expectedEntries, denseKeys, random: createRandom(RANDOM_SEED) });
}

const key = fc.integer({ min: 0, max: 14 });
const capacity = fc.integer({ min: 0, max: 30 });
/** None, some, or all of the keys. */
const denseKeys = fc.constantFrom(0, 7, 15);
const weight = fc.integer({ min: 0, max: 12 });
const lifetime = fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 0, max: 20 }));
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: fc.constant('lookup' as const), key }) },
  { weight: 6, arbitrary: fc.record({ op: fc.constant('insert' as const), key, weight, lifetime }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('contains' as const), key }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('remove' as const), key }) },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant('restore' as const),
      key,
      weight,
      lifetime,
      frequency: fc.integer({ min: 1, max: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('expireAt' as const), key, lifetime }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('clear' as const) }) },
);

function expectAlike(cache: Cache, model: Model, now: number): void {
  expect(cache.size).toBe(model.expiries.size);
  expect(cache.weight).toBe(model.weight);
  expect(cache.evictions).toBe(model.evictions);
  for (let other = 0; other < 15; other++)
    expect(cache.contains(other, now)).toBe(model.contains(other, now));
}

describe.each(evictionPolicies)('%s', (policy) => {
  it('C1 does what the plain model does, whatever is asked of it', () => {
    fc.assert(
      fc.property(capacity, denseKeys, fc.array(step, { maxLength: 150 }), (capacity, denseKeys, steps) => {
        const cache = make(policy, capacity, 1, denseKeys);
        const model = new Model(policy, capacity);
        steps.forEach((the, now) => {
          if (the.op === 'lookup') expect(cache.lookup(the.key, now)).toBe(model.lookup(the.key, now));
          else if (the.op === 'contains')
            expect(cache.contains(the.key, now)).toBe(model.contains(the.key, now));
          else if (the.op === 'remove') expect(cache.remove(the.key)).toBe(model.remove(the.key));
          else if (the.op === 'insert') {
            cache.insert(the.key, the.weight, now, now + the.lifetime);
            model.insert(the.key, the.weight, now, now + the.lifetime);
          } else if (the.op === 'restore') {
            const args = [the.key, the.weight, now + the.lifetime, the.frequency] as const;
            expect(cache.restore(...args)).toBe(model.restore(...args));
          } else if (the.op === 'expireAt') {
            const at = now + the.lifetime;
            expect(cache.expireAt(the.key, at)).toBe(model.expireAt(the.key, at));
          } else {
            cache.clear();
            model.clear();
          }
          expectAlike(cache, model, now);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('C2 never holds more than its capacity, grows past what it reserved, and keeps far keys apart', () => {
    const cache = make(policy, 5000, 10);
    for (let i = 0; i < 50_000; i++) {
      const far = Math.imul(i % 20_011, 65_536) >>> 1;
      if (!cache.lookup(far, i)) cache.insert(far, 1, i, Number.POSITIVE_INFINITY);
      if (cache.weight > 5000) expect.fail(`holds ${cache.weight}`);
    }
    expect(cache.size).toBe(5000);
    expect(cache.evictions).toBeGreaterThan(0);
    expect(cache.lookup(0x7fffffff, 0)).toBe(false);
    cache.insert(0x7fffffff, 1, 0, Number.POSITIVE_INFINITY);
    expect(cache.lookup(0x7fffffff, 0)).toBe(true);
  });

  it('C3 expires at the instant itself, time zero and before included', () => {
    const cache = make(policy, 10);
    cache.insert(1, 1, -2, 0);
    expect(cache.contains(1, -0.001)).toBe(true);
    expect(cache.contains(1, 0)).toBe(false);
    expect(cache.size).toBe(1);
    expect(cache.lookup(1, 0)).toBe(false);
    expect(cache.size).toBe(0);
    expect(cache.evictions).toBe(0);
    expect(cache.restore(2, 1, -5, 1)).toBe(true);
    expect(cache.contains(2, 0)).toBe(false);
    expect(cache.size).toBe(1);
  });

  it('C4 weighs nothing again when it is empty, whatever fractions went in', () => {
    const cache = make(policy, 1);
    for (let i = 0; i < 10; i++) cache.insert(i, 0.1, 0, Number.POSITIVE_INFINITY);
    for (let i = 0; i < 10; i++) cache.remove(i);
    expect(cache.weight).toBe(0);
  });

  it('C5 says what is wrong with a call', () => {
    const cache = make(policy, 10);
    expect(() => cache.insert(-1, 1, 0, 1)).toThrow(
      /key must be a whole number from 0 to 2147483647, got -1/,
    );
    expect(() => cache.insert(2 ** 31, 1, 0, 1)).toThrow(RangeError);
    expect(() => cache.insert(1.5, 1, 0, 1)).toThrow(RangeError);
    expect(() => cache.insert(1, Number.NaN, 0, 1)).toThrow(/weight must be ≥ 0, got NaN/);
    expect(() => cache.restore(1, 1, 1, 0)).toThrow(/frequency must be from 1/);
    expect(() => make(policy, -1)).toThrow(/capacity must be ≥ 0, got -1/);
    expect(() => make(policy, 1, -1)).toThrow(/expectedEntries/);
    expect(() => make(policy, 1, 1, -1)).toThrow(/denseKeys must be a whole number from 0 to .*, got -1/);
    expect(make(policy, 1, 1, 4).contains(-1, 0)).toBe(false);
    expect(cache.lookup(-1, 0)).toBe(false);
    expect(cache.remove(-1)).toBe(false);
    expect(cache.size).toBe(0);
  });

  it('C6 is the same run again for the same history', () => {
    const run = () => {
      const cache = make(policy, 20);
      const random = createRandom(1);
      return Array.from({ length: 3000 }, () => {
        const key = Math.floor(60 * random.next() ** 2);
        const hit = cache.lookup(key, 0);
        if (!hit) cache.insert(key, 1, 0, Number.POSITIVE_INFINITY);
        return hit;
      });
    };
    expect(run()).toEqual(run());
  });

  it('C7 takes any clock: standing still, back, an hour on, and the ends of the number line', () => {
    const cache = make(policy, 3);
    for (const now of [0, 0, -1e9, 3600e3, 2 ** 53, -(2 ** 53), Number.NEGATIVE_INFINITY]) {
      for (let key = 0; key < 5; key++) {
        if (!cache.lookup(key, now)) cache.insert(key, 1, now, now + 10);
      }
      expect(cache.size).toBe(3);
      expect(cache.weight).toBe(3);
    }
    expect(cache.expireAt(99, 1)).toBe(false);
  });
});

it('createCache lists the policies when it does not know one', () => {
  expect(() => createCache('mru' as 'lru', { capacity: 1 })).toThrow(/one of lru, fifo, lfu, .*, got mru/);
  expect(() => createCache('random', { capacity: 1 })).toThrow(/random must be given/);
});

it('cachePolicies are the policies that theory covers, and the first of all', () => {
  expect(cachePolicies).toEqual(['lru', 'fifo', 'lfu']);
  expect(evictionPolicies.slice(0, 3)).toEqual(cachePolicies);
});
