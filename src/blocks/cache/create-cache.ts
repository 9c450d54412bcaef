import type { Cache, CacheOptions } from './cache.ts';
import { FifoCache } from './fifo.ts';
import { LfuCache } from './lfu.ts';
import { LruCache } from './lru.ts';

const policies = {
  lru: LruCache,
  fifo: FifoCache,
  lfu: LfuCache,
} as const satisfies Record<string, new (options: CacheOptions) => Cache>;

/** Names a design may use. */
export type CachePolicy = keyof typeof policies;

/** Every {@link CachePolicy}, in the order of the documentation. */
export const cachePolicies = Object.freeze(Object.keys(policies)) as readonly CachePolicy[];

/**
 * An empty cache.
 *
 * @throws RangeError when the policy is unknown, the capacity negative or the reserve beyond 2^28 entries
 */
export function createCache(policy: CachePolicy, options: CacheOptions): Cache {
  if (!Object.hasOwn(policies, policy)) {
    throw new RangeError(`policy must be one of ${cachePolicies.join(', ')}, got ${policy}`);
  }
  return new policies[policy](options);
}
