import { describe, expect, it } from 'vitest';
import { type Cache, type CachePolicy, cachePolicies, createCache, hitRatio } from '../../blocks/index.ts';
import {
  createRandom,
  exponential,
  type Interval,
  meanInterval,
  type RandomStream,
} from '../../kernel/index.ts';
import { createKeySpace, type KeySpace, warmStart } from './index.ts';

const RATE = 10;

interface Case {
  readonly policy: CachePolicy;
  readonly exponent: number;
  readonly capacity: number;
  /** Mean lifetime in seconds. */
  readonly ttl?: number;
  /** The lifetime is exponential, not constant. */
  readonly random?: boolean;
  /** Removals per request. */
  readonly removals?: number;
}

function lifetimeOf({ ttl, random }: Case, stream: RandomStream): (() => number) | null {
  if (ttl === undefined) return null;
  return () => (random ? exponential(stream) * ttl : ttl);
}

function warmed(the: Case, space: KeySpace, seed: number): Cache {
  const cache = createCache(the.policy, { capacity: the.capacity });
  warmStart(cache, the.policy, space, {
    itemWeight: 1,
    requestRate: RATE,
    removalRate: RATE * (the.removals ?? 0),
    ttl: lifetimeOf(the, createRandom(seed, 'ttl')),
    random: createRandom(seed, 'contents'),
  });
  return cache;
}

/** Probability that the next request hits. */
function hitsNext(cache: Cache, space: KeySpace, now = 0): number {
  let share = 0;
  for (let group = 0; group < space.groups; group++) {
    const keys = space.ranksOf(group) / space.standsFor(group);
    let held = 0;
    for (let i = 0; i < keys; i++) if (cache.contains(space.firstKey(group) + i, now)) held++;
    share += (space.probabilityOf(group) * held) / keys;
  }
  return share;
}

/** Hit ratio of each of `batches` batches of a run of the cache itself, after one that is thrown away. */
function run(
  the: Case,
  space: KeySpace,
  cache: Cache,
  requests: number,
  batches: number,
  seed = 1,
): number[] {
  const keys = createRandom(seed, 'keys');
  const times = createRandom(seed, 'times');
  const lifetime = lifetimeOf(the, createRandom(seed, 'lifetimes')) ?? (() => Number.POSITIVE_INFINITY);
  const removals = the.removals ?? 0;
  const ratios: number[] = [];
  let now = 0;
  for (let batch = -1; batch < batches; batch++) {
    let hits = 0;
    for (let i = 0; i < requests / batches; i++) {
      now += exponential(times) / RATE;
      const code = space.sample(keys);
      const key = code >> 1;
      const itself = (code & 1) === 1;
      if (itself ? cache.lookup(key, now) : cache.contains(key, now)) hits++;
      else if (itself) cache.insert(key, space.sizeOf(key), now, now + lifetime());
      if (times.next() < removals) {
        const other = space.sample(keys);
        if ((other & 1) === 1) cache.remove(other >> 1);
      }
    }
    if (batch >= 0) ratios.push(hits / (requests / batches));
  }
  return ratios;
}

/** Two means agree when they differ by no more than 99.7 % of such differences do. */
function expectAlike(a: Interval, b: Interval): void {
  const half = Math.hypot(a.high - a.value, b.high - b.value) * (3 / 1.96);
  expect(Math.abs(a.value - b.value)).toBeLessThan(half);
  // Close enough for that to mean something.
  expect(half).toBeLessThan(0.02);
}

const cases: Case[] = [
  ...[0.8, 1.0].flatMap((exponent) =>
    [50, 300].flatMap((capacity) =>
      (['lru', 'fifo'] as const).map((policy) => ({ policy, exponent, capacity })),
    ),
  ),
  ...cachePolicies.flatMap((policy) => [
    { policy, exponent: 1, capacity: 200, ttl: 20 },
    { policy, exponent: 1, capacity: 100, ttl: 40, random: true },
    { policy, exponent: 0.8, capacity: 300, ttl: 400 },
    { policy, exponent: 1, capacity: 1000, ttl: 60 },
    { policy, exponent: 0.8, capacity: 200, removals: 0.2 },
    { policy, exponent: 1, capacity: 1000, removals: 0.5 },
    { policy, exponent: 1, capacity: 200, ttl: 60, removals: 0.1 },
  ]),
];

describe('warmStart', () => {
  it.each(cases)('W1 starts where the cache itself would come to: %o', (the) => {
    const space = createKeySpace(1000, { law: 'zipf', exponent: the.exponent });
    const starts = Array.from({ length: 250 }, (_, seed) => hitsNext(warmed(the, space, seed), space));
    const empty = createCache(the.policy, { capacity: the.capacity });
    expectAlike(meanInterval(starts), meanInterval(run(the, space, empty, 200_000, 20)));
  });

  it('W2 has the exact hit ratios of LRU and FIFO where they are known (O-C03)', () => {
    for (const [policy, exponent, capacity, exact] of [
      ['lru', 0.8, 100, 0.3778],
      ['lru', 1.0, 100, 0.5765],
      ['lru', 1.0, 50, 0.46101],
      ['fifo', 0.8, 100, 0.33411],
      ['fifo', 1.0, 100, 0.52081],
      ['fifo', 1.0, 50, 0.40552],
    ] as const) {
      const the = { policy, exponent, capacity };
      const space = createKeySpace(1000, { law: 'zipf', exponent });
      const starts = Array.from({ length: 500 }, (_, seed) => hitsNext(warmed(the, space, seed), space));
      expectAlike(meanInterval(starts), { value: exact, low: exact, high: exact });
    }
  });

  it('W3 gives LFU the most popular keys, and they stay', () => {
    const the = { policy: 'lfu', exponent: 0.8, capacity: 100 } as const;
    const space = createKeySpace(1000, { law: 'zipf', exponent: 0.8 });
    const cache = warmed(the, space, 1);
    for (let key = 0; key < 100; key++) expect(cache.contains(key, 0)).toBe(true);
    // The last place goes to newcomers.
    const { perKey, keys } = space.classes;
    const least = hitRatio('lfu', perKey, keys, 99);
    const ratios = meanInterval(run(the, space, cache, 400_000, 20));
    expect(ratios.high).toBeGreaterThan(least);
    expect(ratios.low).toBeLessThan(hitRatio('lfu', perKey, keys, 100));
  });

  it.each(cachePolicies)('W4 %s: fills the cache to the last item, never beyond', (policy) => {
    for (const capacity of [1, 7, 100, 999, 1000, 5000]) {
      for (const removals of [0, 0.1]) {
        const space = createKeySpace(1000, { law: 'zipf', exponent: 1 });
        const cache = warmed({ policy, exponent: 1, capacity, removals }, space, capacity);
        expect(cache.evictions).toBe(0);
        if (removals === 0) expect(cache.size).toBe(Math.min(1000, capacity));
        expect(cache.weight).toBe(cache.size);
      }
    }
  });

  it('W10 what was drawn for a cache is put into another on the same random numbers, and into no other', () => {
    const space = createKeySpace(1000, { law: 'zipf', exponent: 1 });
    const held = (
      policy: (typeof cachePolicies)[number],
      seed: number,
      ttl: number | null,
      drawnFrom?: string,
    ) => {
      const cache = createCache(policy, { capacity: 200 });
      const noted: (readonly [key: number, expiresAt: number])[] = [];
      warmStart(cache, policy, space, {
        itemWeight: 1,
        requestRate: 100,
        ttl: ttl === null ? null : () => ttl,
        noted: (key, expiresAt) => noted.push([key, expiresAt]),
        random: createRandom(seed, 'contents'),
        ...(drawnFrom !== undefined && { drawnFrom }),
      });
      const after = Array.from({ length: 1000 }, (_, key) => {
        cache.insert(key, 1, 0, 1e9);
        return cache.evictions;
      });
      return { noted, after };
    };
    for (const policy of cachePolicies) {
      for (const ttl of [null, 5]) {
        const drawn = held(policy, 3, ttl);
        for (let time = 0; time < 2; time++) expect(held(policy, 3, ttl, 'three')).toEqual(drawn);
        // From the third time on the random numbers are not asked any more: those of another seed change nothing.
        for (let time = 0; time < 2; time++) expect(held(policy, 4, ttl, 'three')).toEqual(drawn);
        expect(held(policy, 4, ttl, 'four')).toEqual(held(policy, 4, ttl));
      }
      expect(held(policy, 3, 6, 'three')).toEqual(held(policy, 3, 6));
    }
  });

  it('W5 does so with weights in bytes that do not add up evenly', () => {
    const space = createKeySpace(1000, { law: 'uniform' });
    for (const policy of cachePolicies) {
      const cache = createCache(policy, { capacity: 333 * 0.1 });
      warmStart(cache, policy, space, {
        itemWeight: 0.1,
        requestRate: 1,
        ttl: null,
        random: createRandom(1),
      });
      expect(cache.size).toBeGreaterThanOrEqual(332);
      expect(cache.weight).toBeLessThanOrEqual(cache.capacity);
    }
  });

  it('W6 leaves a cache empty that nobody asked or that holds nothing', () => {
    const space = createKeySpace(1000, { law: 'uniform' });
    const random = createRandom(1);
    const cache = createCache('lru', { capacity: 10 });
    warmStart(cache, 'lru', space, { itemWeight: 1, requestRate: 0, ttl: null, random });
    expect(cache.size).toBe(0);
    warmStart(cache, 'lru', space, { itemWeight: 11, requestRate: 1, ttl: null, random });
    expect(cache.size).toBe(0);
    cache.insert(1, 1, 0, 1);
    const again = () => warmStart(cache, 'lru', space, { itemWeight: 1, requestRate: 1, ttl: null, random });
    expect(again).toThrow(/cache must be empty, holds 1/);
  });

  it('W7 draws the same contents for the same seed', () => {
    const space = createKeySpace(5000, { law: 'zipf', exponent: 1 });
    for (const policy of cachePolicies) {
      const the = { policy, exponent: 1, capacity: 500, ttl: 100 };
      const held = (seed: number) => {
        const cache = warmed(the, space, seed);
        return Array.from({ length: 5000 }, (_, key) => cache.contains(key, 0));
      };
      expect(held(3)).toEqual(held(3));
      expect(held(3)).not.toEqual(held(4));
    }
  });
});

describe('stand-ins', () => {
  it.each([
    ...(['lru', 'fifo'] as const).flatMap((policy) => [
      { policy, exponent: 0.8, capacity: 20_000 },
      { policy, exponent: 1, capacity: 5000, ttl: 1000 },
    ]),
    { policy: 'lfu' as const, exponent: 1, capacity: 20_000, ttl: 3000 },
  ] as Case[])('S1 keep the hit ratio of a cache of 100,000 keys: %o', (the) => {
    const popularity = { law: 'zipf', exponent: the.exponent } as const;
    const ratioOf = (space: KeySpace) =>
      meanInterval(
        Array.from(
          { length: 8 },
          (_, seed) => run(the, space, warmed(the, space, seed), 100_000, 1, seed)[0]!,
        ),
      );
    const thinned = createKeySpace(100_000, popularity, { alone: 2000 });
    expect(thinned.keys).toBeLessThan(12_000);
    expectAlike(ratioOf(thinned), ratioOf(createKeySpace(100_000, popularity)));
  });

  // Che's approximation, whose error at this size is far below the tolerance.
  it.each([
    [0.8, 0.05, 0.412],
    [0.8, 0.2, 0.62],
    [0.8, 0.5, 0.817],
    [1.0, 0.05, 0.787],
    [1.0, 0.2, 0.881],
    [1.0, 0.5, 0.948],
  ])('S2 LRU over 1e8 keys, Zipf %d, share %d cached: %d', (exponent, share, expected) => {
    const capacity = share * 1e8;
    const space = createKeySpace(1e8, { law: 'zipf', exponent }, { capacities: [capacity] });
    const the = { policy: 'lru', exponent, capacity } as const;
    const cache = warmed(the, space, 1);
    expect(Math.abs(hitsNext(cache, space) - expected)).toBeLessThan(0.01);
    const ratios = meanInterval(run(the, space, cache, 200_000, 10));
    expect(Math.abs(ratios.value - expected)).toBeLessThan(0.01);
    expect(cache.size).toBeLessThan(500_000);
  });

  it('S3 holds a cache far smaller than the data set by light stand-ins', () => {
    const capacity = 10_000;
    const space = createKeySpace(1e9, { law: 'zipf', exponent: 0.8 }, { capacities: [capacity] });
    const { perKey, keys } = space.classes;
    const the = { policy: 'lru', exponent: 0.8, capacity } as const;
    const ratios = meanInterval(run(the, space, warmed(the, space, 1), 400_000, 10));
    const expected = hitRatio('lru', perKey, keys, capacity);
    expectAlike(ratios, { value: expected, low: expected, high: expected });
  });
});
