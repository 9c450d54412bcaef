import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cache, type CachePolicy, cachePolicies, createCache } from './index.ts';

interface Entry {
  weight: number;
  expiresAt: number;
  frequency: number;
  accessed: number;
  entered: number;
}

/** The rules of `Cache`, as plainly as they can be put. */
class Model {
  entries = new Map<number, Entry>();
  evictions = 0;
  private clock = 0;
  private readonly policy: CachePolicy;
  private readonly capacity: number;

  constructor(policy: CachePolicy, capacity: number) {
    this.policy = policy;
    this.capacity = capacity;
  }

  get weight(): number {
    return [...this.entries.values()].reduce((sum, entry) => sum + entry.weight, 0);
  }

  contains(key: number, now: number): boolean {
    return now < (this.entries.get(key)?.expiresAt ?? Number.NEGATIVE_INFINITY);
  }

  lookup(key: number, now: number): boolean {
    const hit = this.contains(key, now);
    if (hit) this.access(this.entries.get(key)!);
    else this.entries.delete(key);
    return hit;
  }

  insert(key: number, weight: number, now: number, expiresAt: number): void {
    const entry = this.entries.get(key);
    if (weight > this.capacity || !this.contains(key, now)) this.entries.delete(key);
    if (weight > this.capacity) return;
    if (entry && this.entries.has(key)) {
      Object.assign(entry, { weight, expiresAt });
      this.access(entry);
      this.evictUntil(this.capacity, key);
    } else {
      this.evictUntil(this.capacity - weight, -1);
      this.enter(key, weight, expiresAt, 1);
    }
  }

  restore(key: number, weight: number, expiresAt: number, frequency: number): boolean {
    if (this.entries.has(key) || this.weight + weight > this.capacity) return false;
    this.enter(key, weight, expiresAt, frequency);
    return true;
  }

  private enter(key: number, weight: number, expiresAt: number, frequency: number): void {
    this.clock++;
    this.entries.set(key, { weight, expiresAt, frequency, accessed: this.clock, entered: this.clock });
  }

  private access(entry: Entry): void {
    entry.frequency++;
    entry.accessed = ++this.clock;
  }

  private evictUntil(room: number, spared: number): void {
    while (this.weight > room) {
      const others = [...this.entries].filter(([key]) => key !== spared);
      others.sort(([, a], [, b]) => {
        if (this.policy === 'fifo') return a.entered - b.entered;
        if (this.policy === 'lru') return a.accessed - b.accessed;
        return a.frequency - b.frequency || a.accessed - b.accessed;
      });
      this.entries.delete(others[0]![0]);
      this.evictions++;
    }
  }
}

const key = fc.integer({ min: 0, max: 14 });
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
  { weight: 1, arbitrary: fc.record({ op: fc.constant('clear' as const) }) },
);

function expectAlike(cache: Cache, model: Model, now: number): void {
  expect(cache.size).toBe(model.entries.size);
  expect(cache.weight).toBe(model.weight);
  expect(cache.evictions).toBe(model.evictions);
  for (let other = 0; other < 15; other++)
    expect(cache.contains(other, now)).toBe(model.contains(other, now));
}

describe.each(cachePolicies)('%s', (policy) => {
  it('C1 does what the plain model does, whatever is asked of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 }), fc.array(step, { maxLength: 150 }), (capacity, steps) => {
        const cache = createCache(policy, { capacity, expectedEntries: 1 });
        const model = new Model(policy, capacity);
        steps.forEach((the, now) => {
          if (the.op === 'lookup') expect(cache.lookup(the.key, now)).toBe(model.lookup(the.key, now));
          else if (the.op === 'contains')
            expect(cache.contains(the.key, now)).toBe(model.contains(the.key, now));
          else if (the.op === 'remove') expect(cache.remove(the.key)).toBe(model.entries.delete(the.key));
          else if (the.op === 'insert') {
            cache.insert(the.key, the.weight, now, now + the.lifetime);
            model.insert(the.key, the.weight, now, now + the.lifetime);
          } else if (the.op === 'restore') {
            const args = [the.key, the.weight, now + the.lifetime, the.frequency] as const;
            expect(cache.restore(...args)).toBe(model.restore(...args));
          } else {
            cache.clear();
            model.entries.clear();
          }
          expectAlike(cache, model, now);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('C2 never holds more than its capacity, grows past what it reserved, and keeps far keys apart', () => {
    const cache = createCache(policy, { capacity: 5000, expectedEntries: 10 });
    for (let i = 0; i < 50_000; i++) {
      const far = Math.imul(i % 20_011, 65_536) >>> 1;
      if (!cache.lookup(far, i)) cache.insert(far, 1, i, Number.POSITIVE_INFINITY);
      if (cache.weight > 5000) expect.fail(`holds ${cache.weight}`);
    }
    expect(cache.size).toBe(5000);
    expect(cache.lookup(0x7fffffff, 0)).toBe(false);
    cache.insert(0x7fffffff, 1, 0, Number.POSITIVE_INFINITY);
    expect(cache.lookup(0x7fffffff, 0)).toBe(true);
  });

  it('C3 expires at the instant itself, time zero and before included', () => {
    const cache = createCache(policy, { capacity: 10 });
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
    const cache = createCache(policy, { capacity: 1 });
    for (let i = 0; i < 10; i++) cache.insert(i, 0.1, 0, Number.POSITIVE_INFINITY);
    for (let i = 0; i < 10; i++) cache.remove(i);
    expect(cache.weight).toBe(0);
  });

  it('C5 says what is wrong with a call', () => {
    const cache = createCache(policy, { capacity: 10 });
    expect(() => cache.insert(-1, 1, 0, 1)).toThrow(
      /key must be a whole number from 0 to 2147483647, got -1/,
    );
    expect(() => cache.insert(2 ** 31, 1, 0, 1)).toThrow(RangeError);
    expect(() => cache.insert(1.5, 1, 0, 1)).toThrow(RangeError);
    expect(() => cache.insert(1, Number.NaN, 0, 1)).toThrow(/weight must be ≥ 0, got NaN/);
    expect(() => cache.restore(1, 1, 1, 0)).toThrow(/frequency must be from 1/);
    expect(() => createCache(policy, { capacity: -1 })).toThrow(/capacity must be ≥ 0, got -1/);
    expect(() => createCache(policy, { capacity: 1, expectedEntries: -1 })).toThrow(/expectedEntries/);
    expect(cache.lookup(-1, 0)).toBe(false);
    expect(cache.remove(-1)).toBe(false);
    expect(cache.size).toBe(0);
  });
});

it('createCache lists the policies when it does not know one', () => {
  expect(() => createCache('arc' as 'lru', { capacity: 1 })).toThrow(/one of lru, fifo, lfu, got arc/);
});
