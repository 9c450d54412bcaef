import type { Cache, CachePolicy } from '../../blocks/index.ts';
import type { Random } from '../../kernel/index.ts';
import type { History } from './history.ts';
import type { KeySpace } from './key-space.ts';
import { Lifetimes } from './lifetimes.ts';
import { warmExpiringFifo, warmFifo } from './warm-fifo.ts';
import { warmExpiringLfu, warmLfu } from './warm-lfu.ts';
import { warmLru } from './warm-lru.ts';

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

/**
 * Fills an empty cache with what it would hold at time 0 had lookups, each miss followed by an insertion, gone
 * on for ever before. Lookups are independent draws from the key space, as a Poisson process.
 *
 * Expiry counts from insertion, and an expired entry stays until it is asked for or pushed out. How each
 * policy's contents are drawn, and how exactly, is told in `warm-lru.ts`, `warm-fifo.ts` and `warm-lfu.ts`.
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
  // A capacity in bytes may be a whole number of items but for rounding.
  const capacity = Math.floor((cache.capacity / itemWeight) * (1 + 1e-12));
  const history: History = { cache, space, capacity, itemWeight, requestRate, random };
  const lifetimes = ttl === null ? null : new Lifetimes(ttl, random);
  if (policy === 'lru') warmLru(history, lifetimes);
  else if (policy === 'fifo') lifetimes === null ? warmFifo(history) : warmExpiringFifo(history, lifetimes);
  else lifetimes === null ? warmLfu(history) : warmExpiringLfu(history, lifetimes);
}
