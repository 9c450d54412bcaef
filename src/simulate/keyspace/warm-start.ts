import { type Cache, type CachePolicy, cachePolicies } from '../../blocks/index.ts';
import type { Random } from '../../kernel/index.ts';
import { type History, putAgain } from './history.ts';
import type { KeySpace } from './key-space.ts';
import { contentsFor, forgetContents } from './known-contents.ts';
import { Lifetimes } from './lifetimes.ts';
import { warmByUse } from './warm-by-use.ts';
import { warmLru } from './warm-lru.ts';
import { warmMostPopular, warmQueue } from './warm-queue.ts';

/** What the cache has been through before time 0. */
export interface WarmStartOptions {
  /** Weight of one key of the data set, > 0, in units of the cache's capacity. */
  readonly itemWeight: number;
  /** Lookups per second at this cache, ≥ 0. A cache that nobody asked stays empty. */
  readonly requestRate: number;
  /** Removals per second, such as invalidations, of keys drawn by the same popularity, ≥ 0; default 0. */
  readonly removalRate?: number;
  /** Draws how long an entry lives from its insertion, in seconds; null = for ever. */
  readonly ttl: (() => number) | null;
  /** A hit gives an entry a new time to live; default false. */
  readonly sliding?: boolean;
  /** Told of each entry put in, with its expiry; one of a key told before takes its place. */
  readonly noted?: ((key: number, expiresAt: number) => void) | null;
  readonly random: Random;
  /** What the random numbers are called: equal names, equal numbers. Without one, nothing is remembered of what was drawn. */
  readonly drawnFrom?: string;
}

/**
 * Fills an empty cache with what it would hold at time 0 had lookups, each miss followed by an insertion, gone
 * on for ever before. Lookups are independent draws from the key space, as a Poisson process, and so are
 * removals. Expiry counts from insertion, or from the last hit where it is sliding, and an expired entry stays until it is asked for or pushed out.
 *
 * How each policy's contents are drawn, and how exactly, is told in `warm-lru.ts` and `warm-queue.ts`; where theory
 * does not know them the cache is used until it is warm (`warm-by-use.ts`).
 *
 * @param cache empty, of this policy
 * @param policy its name, one of the user's own too
 * @throws RangeError when the cache holds something or an option is out of range
 */
export function warmStart(cache: Cache, policy: string, space: KeySpace, options: WarmStartOptions): void {
  const { itemWeight, requestRate, removalRate = 0, ttl, sliding = false, noted = null, random } = options;
  if (cache.size > 0) throw new RangeError(`cache must be empty, holds ${cache.size} entries`);
  if (!(itemWeight > 0)) throw new RangeError(`itemWeight must be > 0, got ${itemWeight}`);
  if (!(requestRate >= 0)) throw new RangeError(`requestRate must be ≥ 0, got ${requestRate}`);
  if (!(removalRate >= 0)) throw new RangeError(`removalRate must be ≥ 0, got ${removalRate}`);
  if (requestRate === 0 || cache.capacity < itemWeight) return;
  // A capacity in bytes may be a whole number of items but for rounding.
  const capacity = Math.floor((cache.capacity / itemWeight) * (1 + 1e-12));
  const lifetimes = ttl === null ? null : new Lifetimes(ttl, random);
  const removals = removalRate / requestRate;
  const past = {
    cache,
    space,
    capacity,
    itemWeight,
    rate: requestRate,
    removals,
    lifetimes,
    sliding,
    noted,
    random,
  };
  if (!hasTheory(policy, sliding)) {
    warmByUse({ ...past, contents: null }, policy, ttl);
    return;
  }
  const { drawnFrom } = options;
  const pool = lifetimes?.pool ?? null;
  const contents =
    drawnFrom === undefined
      ? null
      : contentsFor({
          drawnFrom,
          policy,
          space,
          capacity,
          rate: requestRate,
          removals,
          sliding,
          lifetimes: pool,
        });
  if (contents !== null && contents.length > 0) {
    contents.replay((key, group, expiresAt, frequency) => putAgain(past, key, group, expiresAt, frequency));
    return;
  }
  fill({ ...past, contents }, policy);
  if (contents !== null) forgetContents();
}

function fill(history: History, policy: CachePolicy): void {
  const { lifetimes, removals, capacity, space } = history;
  const forgets = lifetimes !== null || removals > 0;
  if (!forgets && (policy === 'lfu' || capacity >= space.count)) warmMostPopular(history);
  else if (policy === 'lru') warmLru(history);
  else warmQueue(history, policy);
}

/** Whether theory says what a cache of this policy holds in the long run. */
export function hasTheory(policy: string, sliding = false): policy is CachePolicy {
  if (sliding && policy !== 'lru') return false;
  return (cachePolicies as readonly string[]).includes(policy);
}
