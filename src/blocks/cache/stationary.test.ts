import { describe, expect, it } from 'vitest';
import { createRandom, exponential, meanInterval } from '../../kernel/index.ts';
import { type CacheDemand, createCache, type EvictionPolicy, hitRatio, stationaryHitRatio } from './index.ts';

function zipf(count: number, exponent: number): Float64Array {
  const weights = Float64Array.from({ length: count }, (_, i) => (i + 1) ** -exponent);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Hit ratio of a run of the cache itself, one request a second on average. */
function simulated(policy: EvictionPolicy, demand: CacheDemand, requests: number) {
  const { perKey, capacityItems, lifetimes, removalsPerRequest } = demand;
  const random = createRandom(1);
  const cache = createCache(policy, { capacity: capacityItems, random });
  const cumulated = perKey.slice();
  for (let i = 1; i < cumulated.length; i++) cumulated[i] = cumulated[i]! + cumulated[i - 1]!;
  const draw = () => {
    const u = random.next();
    let low = 0;
    let high = cumulated.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulated[middle]! > u) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const batches: number[] = [];
  let now = 0;
  for (let batch = -1; batch < 20; batch++) {
    let hits = 0;
    for (let i = 0; i < requests / 20; i++) {
      now += exponential(random);
      const key = draw();
      const lifetime = lifetimes[Math.floor(random.next() * lifetimes.length)]!;
      if (cache.lookup(key, now)) hits++;
      else cache.insert(key, 1, now, now + lifetime);
      if (random.next() < removalsPerRequest) cache.remove(draw());
    }
    // The first batch fills the empty cache.
    if (batch >= 0) batches.push(hits / (requests / 20));
  }
  return meanInterval(batches);
}

function demandOf(
  perKey: Float64Array,
  capacityItems: number,
  lifetimes: readonly number[] = [Number.POSITIVE_INFINITY],
  removalsPerRequest = 0,
): CacheDemand {
  return {
    perKey,
    keys: new Float64Array(perKey.length).fill(1),
    capacityItems,
    lifetimes: Float64Array.from(lifetimes),
    removalsPerRequest,
  };
}

describe('caches under independent references', () => {
  it.each([
    ['lru', 5, 1.4, 2, 0.61662673],
    ['lru', 10, 1.0, 3, 0.47066419],
    ['lru', 10, 0.8, 4, 0.52060242],
    ['lru', 20, 0.9, 4, 0.3648626],
    ['fifo', 5, 1.4, 2, 0.590396],
    ['fifo', 10, 1.0, 3, 0.445104],
    ['fifo', 10, 0.8, 4, 0.496876],
    ['random', 5, 1.4, 2, 0.590396],
    ['random', 10, 1.0, 3, 0.445104],
    ['random', 10, 0.8, 4, 0.496876],
    ['fifo', 5, 0, 2, 0.4],
    ['lru', 5, 0, 2, 0.4],
    ['random', 5, 0, 2, 0.4],
  ] as const)(
    'O-C01, O-C02 exact: %s, %d keys, Zipf %d, room for %d',
    (policy, count, exponent, room, exact) => {
      const { value, high } = simulated(policy, demandOf(zipf(count, exponent), room), 400_000);
      // Of right results, one in four hundred would be further off.
      expect(Math.abs(value - exact)).toBeLessThan(1.5 * (high - value));
      expect(high - value).toBeLessThan(0.003);
    },
  );

  it.each([
    [1000, 0.8, 100, 0.496, 4e5],
    // SIEVE settles slowly, so this one takes long; with 10^6 keys it would take 2 · 10^7 requests.
    [10_000, 0.8, 1000, 0.5518, 3e6],
  ])('O-C05 SIEVE: %d keys, Zipf %d, room for %d', (count, exponent, room, published, requests) => {
    const { value, high } = simulated('sieve', demandOf(zipf(count, exponent), room), requests);
    expect(high - value).toBeLessThan(0.004);
    expect(Math.abs(value - published)).toBeLessThan(0.004);
  });

  it.each(['clock', 's3-fifo', 'w-tiny-lfu', 'arc'] as const)(
    '%s lies between FIFO and the most popular keys for ever',
    (policy) => {
      const demand = demandOf(zipf(1000, 0.8), 100);
      const { value, high } = simulated(policy, demand, 200_000);
      const { perKey, keys } = demand;
      expect(value - (high - value)).toBeGreaterThan(hitRatio('fifo', perKey, keys, 100));
      expect(value).toBeLessThan(hitRatio('lfu', perKey, keys, 100) + (high - value));
    },
  );

  it.each([
    ['lru', 100, [50], 0],
    ['lru', 100, [1000], 0.2],
    ['lru', 50, [100, 2000], 0],
    ['fifo', 100, [150], 0],
    ['fifo', 200, [300], 0.2],
    ['fifo', 50, [100, 2000], 0],
    ['lfu', 100, [150], 0],
    ['lfu', 200, [1000], 0.2],
    ['lfu', 100, [200, 2000], 0],
    ['lfu', 100, [Number.POSITIVE_INFINITY], 0.3],
  ] as const)(
    'agree with stationaryHitRatio: %s, room for %d, lifetimes %j, removals %d',
    (policy, room, lifetimes, removals) => {
      const demand = demandOf(zipf(1000, 0.9), room, lifetimes, removals);
      const { value, high } = simulated(policy, demand, 400_000);
      expect(high - value).toBeLessThan(0.004);
      // The formulas are for large caches; what they lack is of the order of 1 / capacity.
      const off = 1.5 * (high - value) + 0.1 / room;
      expect(Math.abs(stationaryHitRatio(policy, demand) - value)).toBeLessThan(off);
    },
  );
});
