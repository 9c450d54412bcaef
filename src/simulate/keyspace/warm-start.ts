import { type Cache, type CachePolicy, characteristicTime, residency } from '../../blocks/index.ts';
import type { Random } from '../../kernel/index.ts';
import { drawCandidates, lowestThatFit } from './candidates.ts';
import { fifoAge, fifoCycle, fifoStayNeeded } from './fifo-cycle.ts';
import type { KeySpace } from './key-space.ts';
import { Lifetimes } from './lifetimes.ts';
import { LruCycle } from './lru-cycle.ts';
import { ascending } from './order.ts';

/** What the cache has been through before time 0. */
export interface WarmStartOptions {
  /** Weight of one key of the data set, > 0, in units of the cache's capacity. */
  readonly itemWeight: number;
  /** Lookups per second at this cache, ≥ 0. A cache that nobody asked stays empty. */
  readonly requestRate: number;
  /** Draws how long an entry lives from its insertion, in seconds; null = for ever. */
  readonly ttl: (() => number) | null;
  readonly random: Random;
}

/** Accesses of the most popular key that a warm LFU cache has counted; leaves it room to count on. */
const LFU_HISTORY = 2 ** 30;

/** Standard deviations by which candidates must exceed the capacity, so that it is filled for sure. */
const MARGIN = 6;

/**
 * Fills an empty cache with what it would hold at time 0 had lookups, each miss followed by an insertion, gone
 * on for ever before. Lookups are independent draws from the key space, as a Poisson process.
 *
 * LRU: the most recently requested keys that fit. The time since a key's last request is exponential, so the
 * contents are a draw from the exact stationary law (King 1971; Fagin 1977), with or without expiry, for an
 * expired entry is removed only by the request that renews it. Its age with expiry follows `LruCycle`.
 *
 * FIFO: contents in a law proportional to the product of the popularities, in random order (Gelenbe 1973),
 * drawn as a Pareto sample (Rosén 1997), which keeps to the capacity and has these inclusion probabilities but
 * for terms of order 1 / capacity. With expiry, by the renewal argument of `fifo-cycle.ts`.
 *
 * LFU: it never forgets, so there is no unique stationary law; what is meant by warm is that the most popular
 * keys are there, with frequencies in proportion to their popularity. With expiry their ages are those of
 * keys which nothing pushes out.
 *
 * @param cache empty, of this policy
 * @throws RangeError when the cache holds something or an option is out of range
 */
export function warmStart(
  cache: Cache,
  policy: CachePolicy,
  space: KeySpace,
  options: WarmStartOptions,
): void {
  const { itemWeight, requestRate, ttl, random } = options;
  if (cache.size > 0) throw new RangeError(`cache must be empty, holds ${cache.size} entries`);
  if (!(itemWeight > 0)) throw new RangeError(`itemWeight must be > 0, got ${itemWeight}`);
  if (!(requestRate >= 0)) throw new RangeError(`requestRate must be ≥ 0, got ${requestRate}`);
  if (requestRate === 0 || cache.capacity < itemWeight) return;
  const lifetimes = new Lifetimes(ttl, random);
  // A capacity in bytes may be a whole number of items but for rounding.
  const capacity = Math.floor((cache.capacity / itemWeight) * (1 + 1e-12));
  if (policy === 'lru') warmLru(cache, space, capacity, options, lifetimes);
  else if (policy === 'fifo') warmFifo(cache, space, capacity, options, lifetimes);
  else warmLfu(cache, space, capacity, options, lifetimes);
}

function warmLru(
  cache: Cache,
  space: KeySpace,
  capacity: number,
  options: WarmStartOptions,
  lifetimes: Lifetimes,
): void {
  const { itemWeight, requestRate, random } = options;
  const { perKey, keys } = space.classes;
  const horizon = characteristicTime('lru', perKey, keys, withMargin(capacity, space)) / requestRate;
  const stay = characteristicTime('lru', perKey, keys, capacity) / requestRate;
  const candidates = drawCandidates(
    space,
    random,
    (popularity) => residency('lru', popularity * requestRate * horizon),
    (popularity, u) => -Math.log1p(-u) / (popularity * requestRate),
  );
  const residents = lowestThatFit(candidates, space, capacity);
  const cycles: LruCycle[] = [];
  for (let i = residents.length - 1; i >= 0; i--) {
    const at = residents[i]!;
    const group = candidates.groups[at]!;
    let expiresAt = Number.POSITIVE_INFINITY;
    if (!lifetimes.endless) {
      cycles[group] ??= new LruCycle(space.probabilityPerKey(group) * requestRate, stay);
      const cycle = cycles[group];
      const lifetime = lifetimes.pick((other) => cycle.requests(other));
      expiresAt = lifetime - cycle.ageAtRequest(lifetime, random.next()) - candidates.scores[at]!;
    }
    put(cache, candidates.keys[at]!, itemWeight * space.standsFor(group), expiresAt, 1);
  }
}

function warmFifo(
  cache: Cache,
  space: KeySpace,
  capacity: number,
  options: WarmStartOptions,
  lifetimes: Lifetimes,
): void {
  const { itemWeight, requestRate, random } = options;
  const { perKey, keys } = space.classes;
  const horizon = characteristicTime('fifo', perKey, keys, withMargin(capacity, space)) / requestRate;
  // Solved without expiry, which only serves to weigh lifetimes that differ.
  const about = characteristicTime('fifo', perKey, keys, capacity) / requestRate;
  const lived: number[] = [];
  const candidates = drawCandidates(
    space,
    random,
    // Expiry makes a key surer to be there, but never surer than under LRU.
    (popularity) => residency(lifetimes.endless ? 'fifo' : 'lru', popularity * requestRate * horizon),
    (popularity, u) => {
      const rate = popularity * requestRate;
      const lifetime = lifetimes.pick((other) => fifoCycle(rate, other, about));
      lived.push(lifetime);
      return fifoStayNeeded(rate, lifetime, u);
    },
  );
  const residents = lowestThatFit(candidates, space, capacity);
  const stay = residents.length === 0 ? 0 : candidates.scores[residents[residents.length - 1]!]!;
  const ages = new Float64Array(residents.length);
  for (let i = 0; i < residents.length; i++) {
    const at = residents[i]!;
    const rate = space.probabilityPerKey(candidates.groups[at]!) * requestRate;
    ages[i] = fifoAge(rate, lived[at]!, stay, random.next());
  }
  const youngest = ascending(ages);
  for (let i = youngest.length - 1; i >= 0; i--) {
    const at = residents[youngest[i]!]!;
    const weight = itemWeight * space.standsFor(candidates.groups[at]!);
    put(cache, candidates.keys[at]!, weight, lived[at]! - ages[youngest[i]!]!, 1);
  }
}

function warmLfu(
  cache: Cache,
  space: KeySpace,
  capacity: number,
  options: WarmStartOptions,
  lifetimes: Lifetimes,
): void {
  const { itemWeight, requestRate, random } = options;
  const history = LFU_HISTORY / space.probabilityPerKey(0);
  const residents = space.keysThatFit(capacity);
  const frequencies = new Float64Array(residents);
  const expiries = new Float64Array(residents).fill(Number.POSITIVE_INFINITY);
  for (let key = 0; key < residents; key++) {
    const popularity = space.probabilityPerKey(space.groupOf(key));
    frequencies[key] = 1 + Math.min(popularity * history, LFU_HISTORY);
    if (lifetimes.endless || popularity === 0) continue;
    const rate = popularity * requestRate;
    const lifetime = lifetimes.pick((other) => fifoCycle(rate, other, Number.POSITIVE_INFINITY));
    const age = fifoAge(rate, lifetime, Number.POSITIVE_INFINITY, random.next());
    expiries[key] = lifetime - age;
    frequencies[key] = 1 + Math.min(rate * Math.min(age, lifetime), LFU_HISTORY);
  }
  for (const key of ascending(frequencies)) {
    put(cache, key, itemWeight * space.sizeOf(key), expiries[key]!, frequencies[key]!);
  }
}

/** Weights that add up in another order may not fit by a rounding error; then the coldest makes room. */
function put(cache: Cache, key: number, weight: number, expiresAt: number, frequency: number): void {
  if (!cache.restore(key, weight, expiresAt, frequency)) cache.insert(key, weight, 0, expiresAt);
}

/** A capacity that the expected weight of the candidates must reach, in keys. */
function withMargin(capacity: number, space: KeySpace): number {
  // The variance of the weight is at most that of as many entries of the heaviest kind as fill the cache.
  return capacity + MARGIN * Math.sqrt(capacity * space.heaviest);
}
