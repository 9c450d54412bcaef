import { describe, expect, it } from 'vitest';
import { createRandom, exponential, meanInterval } from '../../../kernel/index.ts';
import { characteristicTime, hitRatio } from '../characteristic-time.ts';
import {
  type CacheDemand,
  LruLife,
  queueCycle,
  queueEntry,
  queueResidence,
  stationaryHitRatio,
  stationaryStay,
} from './index.ts';

const FOREVER = Number.POSITIVE_INFINITY;

const perKey = Float64Array.from({ length: 2000 }, (_, i) => 100 / (i + 1));
const keys = new Float64Array(2000).fill(1);

function demandOf(capacityItems: number, lifetimes: number[], removalsPerRequest = 0): CacheDemand {
  return { perKey, keys, capacityItems, lifetimes: Float64Array.from(lifetimes), removalsPerRequest };
}

describe('stationaryHitRatio', () => {
  it('is the hit ratio by characteristic time where entries live until they are evicted', () => {
    for (const policy of ['lru', 'fifo', 'lfu'] as const) {
      const expected = hitRatio(policy, perKey, keys, 300);
      // LruLife sums up what happens after the characteristic time by its limit.
      expect(Math.abs(stationaryHitRatio(policy, demandOf(300, [FOREVER])) - expected)).toBeLessThan(2e-4);
    }
  });

  it.each([
    [1, 1, 0.5],
    [0.1, 60, 0.857143],
    [10, 1, 0.909091],
  ])('O-C06 expiry from insertion: rate %d/s, lifetime %d s', (rate, lifetime, expected) => {
    for (const policy of ['lru', 'fifo', 'lfu'] as const) {
      const ratio = stationaryHitRatio(policy, {
        perKey: Float64Array.of(rate),
        keys: Float64Array.of(50),
        capacityItems: 50,
        lifetimes: Float64Array.of(lifetime),
        removalsPerRequest: 0,
      });
      expect(ratio).toBeCloseTo(expected, 6);
    }
  });

  it('is a share of requests to removals where nothing else takes an entry out', () => {
    for (const policy of ['lru', 'fifo', 'lfu'] as const) {
      expect(stationaryHitRatio(policy, demandOf(2000, [FOREVER], 0.25))).toBeCloseTo(0.8, 9);
    }
  });

  it('knows empty caches and keys that nobody asks for', () => {
    for (const policy of ['lru', 'fifo', 'lfu'] as const) {
      expect(stationaryHitRatio(policy, demandOf(0, [10]))).toBe(0);
      const idle = { ...demandOf(10, [10]), perKey: new Float64Array(2000) };
      expect(stationaryHitRatio(policy, idle)).toBe(0);
    }
  });
});

describe('stationaryStay', () => {
  it('of FIFO whose entries expire at once is that of LRU: every request comes in anew', () => {
    const stay = stationaryStay('fifo', demandOf(300, [0]));
    expect(stay / characteristicTime('lru', perKey, keys, 300)).toBeCloseTo(1, 4);
  });

  it('of LRU with removals fills the cache', () => {
    const demand = demandOf(300, [FOREVER], 0.25);
    const stay = stationaryStay('lru', demand);
    const items = perKey.reduce((sum, rate) => sum - Math.expm1(-1.25 * rate * stay) / 1.25, 0);
    expect(items).toBeCloseTo(300, 6);
  });

  it.each(['fifo', 'lfu'] as const)('of %s fills the cache', (policy) => {
    for (const [capacity, lifetimes, removals] of [
      [300, [5], 0],
      [300, [0.1, 50], 0.1],
      [10, [100], 0],
      [1900, [30], 0.01],
    ] as const) {
      const stay = stationaryStay(policy, demandOf(capacity, [...lifetimes], removals));
      let items = 0;
      for (const rate of perKey) {
        let residence = 0;
        let cycle = 0;
        for (const lifetime of lifetimes) {
          residence += queueResidence(policy, { rate, removal: rate * removals }, lifetime, stay);
          cycle += queueCycle(policy, { rate, removal: rate * removals }, lifetime, stay);
        }
        items += residence / cycle;
      }
      // Classes of nearly equal rate are solved for together.
      expect(items / capacity).toBeCloseTo(1, 3);
    }
  });

  it('is endless when everything that is ever there fits, and there is none for an LFU that never forgets', () => {
    expect(stationaryStay('fifo', demandOf(2000, [FOREVER]))).toBe(FOREVER);
    expect(stationaryStay('lru', demandOf(2000, [FOREVER]))).toBe(FOREVER);
    // Removals keep a fifth of the keys out.
    expect(stationaryStay('lfu', demandOf(1601, [FOREVER], 0.25))).toBe(FOREVER);
    expect(() => stationaryStay('lfu', demandOf(300, [FOREVER]))).toThrow(/lfu needs lifetimes/);
  });
});

/** Ages at requests, and whether the key was there at instants in between, of one key lived through. */
function lived(rate: number, removal: number, lifetime: number, stay: number) {
  const random = createRandom(3);
  const ages: number[] = [];
  let inserted = Number.NEGATIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  let now = 0;
  let removed = exponential(random) / removal;
  while (ages.length < 200_000) {
    now += exponential(random) / rate;
    const gone = removed < now;
    if (gone || now - last > stay || now - inserted >= lifetime) inserted = now;
    while (removed < now) removed += exponential(random) / removal;
    ages.push(now - inserted);
    last = now;
  }
  return ages;
}

function batched(values: readonly number[]) {
  const size = values.length / 20;
  return meanInterval(
    Array.from({ length: 20 }, (_, i) =>
      values.slice(i * size, (i + 1) * size).reduce((sum, value) => sum + value / size, 0),
    ),
  );
}

describe('LruLife', () => {
  it('has the mean life of a key that only a gap ends', () => {
    for (const x of [0.01, 0.3, 0.9, 1, 1.1, 3, 10, 30]) {
      const hits = new LruLife({ rate: x, removal: 0 }, 1).hits(FOREVER);
      expect(Math.abs(hits / Math.expm1(x) - 1)).toBeLessThan(0.005);
    }
  });

  it.each([
    [1, 0.05, 5, 2],
    [1, 0.3, 20, 1.5],
    [0.3, 0.01, 50, 4],
    [2, 0.001, 1.5, 1],
    [2, 0.1, 30, 2],
    [3, 0.2, 0.5, 1],
  ])(
    'tells ages as one key lives them: rate %d, removal %d, lifetime %d, stay %d',
    (rate, removal, lifetime, stay) => {
      const real = lived(rate, removal, lifetime, stay);
      const life = new LruLife({ rate, removal }, stay);
      const random = createRandom(4);
      const drawn = Array.from({ length: 200_000 }, () => life.ageAtRequest(lifetime, () => random.next()));
      for (const measure of [
        (age: number) => age,
        (age: number) => age * age,
        (age: number) => (age > 0 ? 1 : 0),
      ]) {
        const a = batched(real.map(measure));
        const b = batched(drawn.map(measure));
        // Beyond chance, what LruLife itself says it lacks.
        const off = 1.5 * Math.hypot(a.high - a.value, b.high - b.value) + 0.005 * a.value;
        expect(Math.abs(a.value - b.value)).toBeLessThan(off);
      }
      const hits = life.hits(lifetime);
      expect(batched(real.map((age) => (age > 0 ? 1 : 0))).value).toBeCloseTo(hits / (1 + hits), 1);
      expect(Math.max(...drawn.slice(0, 1000))).toBeLessThanOrEqual(lifetime);
    },
  );
});

describe('queueEntry', () => {
  it.each([
    ['fifo', 1, 0, 5, 2],
    ['fifo', 1, 0.2, 2, 5],
    ['lfu', 1, 0, 5, 2],
    ['lfu', 0.5, 0.1, 2, 5],
    ['lfu', 2, 0.2, FOREVER, 0.5],
  ] as const)(
    'draws ages that %s residence is made of: rate %d, removal %d, lifetime %d, stay %d',
    (policy, rate, removal, lifetime, stay) => {
      const random = createRandom(5);
      const demand = { rate, removal };
      const entries = Array.from({ length: 100_000 }, () =>
        queueEntry(policy, demand, lifetime, stay, () => random.next()),
      );
      const until = 1.3;
      const younger = batched(entries.map(({ age }) => (age < until ? 1 : 0)));
      // Up to this age the key is there unless removed, or pushed out for not having been hit.
      const step = 1e-4;
      let mass = 0;
      for (let age = step / 2; age < until; age += step) {
        const pushed = age > stay ? (policy === 'fifo' ? 1 : Math.exp(-rate * stay)) : 0;
        mass += step * Math.exp(-removal * age) * (1 - pushed);
      }
      const share = mass / queueResidence(policy, demand, lifetime, stay);
      expect(Math.abs(younger.value - share)).toBeLessThan(2 * (younger.high - younger.value));
      for (const { age, frequency } of entries.slice(0, 1000)) {
        expect(age >= 0 && (policy === 'lfu' || age <= stay)).toBe(true);
        expect(Number.isInteger(frequency) && frequency >= 1).toBe(true);
        if (policy === 'fifo' || (policy === 'lfu' && age > stay && age < lifetime)) {
          expect(frequency > 1).toBe(policy === 'lfu');
        }
      }
    },
  );
});
