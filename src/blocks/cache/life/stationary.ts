import { characteristicTime, type HitRatioPolicy, hitRatio } from '../characteristic-time.ts';
import type { KeyDemand } from './demand.ts';
import { LruLife } from './lru-life.ts';
import { type QueuePolicy, queueCycle, queueHits, queueResidence } from './queue-life.ts';

/** Neighbouring classes whose rates differ by less than this are taken together; the error is its square. */
const ALIKE = 0.02;

const PRECISION = 1e-8;

/** A cache in the long run: who asks, what fits, and what takes entries out before they are evicted. */
export interface CacheDemand {
  /** Requests per second for one key of each class, ≥ 0. */
  readonly perKey: Float64Array;
  /** Number of keys in each class, ≥ 0. */
  readonly keys: Float64Array;
  /** Items that fit, ≥ 0. */
  readonly capacityItems: number;
  /** Seconds from insertion to expiry, each equally likely; Infinity = never. */
  readonly lifetimes: Float64Array;
  /** Removals from outside per request, alike for all keys, ≥ 0. */
  readonly removalsPerRequest: number;
}

/**
 * Hit ratio of a cache whose entries may expire or be removed, by the renewal cycle of each class of keys (see
 * `lru-life.ts` and `queue-life.ts`). Where everything fits and nothing is removed it is λT/(1 + λT) for each
 * key (Jung, Berger & Balakrishnan, INFOCOM 2003). An expired entry takes room until it is asked for or evicted.
 *
 * @returns 0 to 1; 0 when nothing is ever asked for
 */
export function stationaryHitRatio(policy: HitRatioPolicy, cache: CacheDemand): number {
  const { perKey, keys, lifetimes } = cache;
  if (policy === 'lfu' && endless(cache)) return hitRatio('lfu', perKey, keys, cache.capacityItems);
  const stay = stationaryStay(policy, cache);
  let hits = 0;
  let requests = 0;
  for (let i = 0; i < perKey.length; i++) {
    const rate = perKey[i]!;
    requests += keys[i]! * rate;
    if (rate === 0 || stay === 0) continue;
    const demand = demandOf(rate, cache);
    const life = policy === 'lru' ? new LruLife(demand, stay) : null;
    let following = 0;
    for (const lifetime of lifetimes) {
      following += life?.hits(lifetime) ?? queueHits(policy as QueuePolicy, demand, lifetime, stay);
    }
    following /= lifetimes.length;
    hits += keys[i]! * rate * (following === Number.POSITIVE_INFINITY ? 1 : following / (1 + following));
  }
  return requests === 0 ? 0 : hits / requests;
}

/**
 * How long an entry stays: LRU since its last request, FIFO since its insertion, LFU since its insertion if it
 * is not asked for again.
 *
 * @returns seconds; Infinity when nothing is ever evicted
 * @throws RangeError for an LFU cache that nothing makes forget: it has no such time
 */
export function stationaryStay(policy: HitRatioPolicy, cache: CacheDemand): number {
  const { perKey, keys, capacityItems, removalsPerRequest } = cache;
  if (policy === 'lru') {
    // A key is there when its last event was a request, less than t ago: a share 1 / (1 + removals) of the keys
    // that had any event in that time.
    const events = 1 + removalsPerRequest;
    return characteristicTime('lru', perKey, keys, capacityItems * events) / events;
  }
  if (policy === 'lfu' && endless(cache)) {
    throw new RangeError('stay of lfu needs lifetimes that are finite or removalsPerRequest > 0');
  }
  const merged = mergeAlike(cache);
  const most = endless(cache) ? sum(merged.keys) : occupancy(policy, merged, Number.POSITIVE_INFINITY);
  if (capacityItems >= most) return Number.POSITIVE_INFINITY;
  if (capacityItems === 0) return 0;
  // Where FIFO would be if it held nothing twice; a power of two away from the root.
  let high = capacityItems / sum(merged.perKey.map((rate, i) => rate * merged.keys[i]!));
  let excess = occupancy(policy, merged, high) - capacityItems;
  const factor = excess < 0 ? 2 : 1 / 2;
  let low = high;
  let lack = excess;
  do {
    low = high;
    lack = excess;
    high *= factor;
    excess = occupancy(policy, merged, high) - capacityItems;
  } while (lack < 0 === excess < 0);
  return rootBetween((stay) => occupancy(policy, merged, stay) - capacityItems, low, lack, high, excess);
}

/** False position with the Illinois correction (Dowell & Jarratt 1971), between two points of opposite sign. */
function rootBetween(f: (x: number) => number, a: number, fa: number, b: number, fb: number): number {
  for (let step = 0; step < 100 && Math.abs(b - a) > PRECISION * b && fb !== 0; step++) {
    const x = b - (fb * (b - a)) / (fb - fa);
    const fx = f(x);
    if (fx < 0 === fb < 0) fa /= 2;
    else [a, fa] = [b, fb];
    [b, fb] = [x, fx];
  }
  return b;
}

/** Nothing takes an entry out but eviction. */
function endless({ lifetimes, removalsPerRequest }: CacheDemand): boolean {
  return removalsPerRequest === 0 && lifetimes.includes(Number.POSITIVE_INFINITY);
}

function demandOf(rate: number, { removalsPerRequest }: CacheDemand): KeyDemand {
  return { rate, removal: rate * removalsPerRequest };
}

/** Mean number of items in the cache. */
function occupancy(policy: QueuePolicy, cache: CacheDemand, stay: number): number {
  const { perKey, keys, lifetimes } = cache;
  let items = 0;
  for (let i = 0; i < perKey.length; i++) {
    const demand = demandOf(perKey[i]!, cache);
    let residence = 0;
    let cycle = 0;
    for (const lifetime of lifetimes) {
      residence += queueResidence(policy, demand, lifetime, stay);
      cycle += queueCycle(policy, demand, lifetime, stay);
    }
    items += (keys[i]! * residence) / cycle;
  }
  return items;
}

function mergeAlike(cache: CacheDemand): CacheDemand {
  const perKey: number[] = [];
  const keys: number[] = [];
  for (let i = 0; i < cache.perKey.length; ) {
    const reference = cache.perKey[i]!;
    let count = 0;
    let requests = 0;
    for (; i < cache.perKey.length && Math.abs(cache.perKey[i]! - reference) <= ALIKE * reference; i++) {
      count += cache.keys[i]!;
      requests += cache.keys[i]! * cache.perKey[i]!;
    }
    if (requests === 0) continue;
    perKey.push(requests / count);
    keys.push(count);
  }
  return { ...cache, perKey: Float64Array.from(perKey), keys: Float64Array.from(keys) };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
