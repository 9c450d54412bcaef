import type { Random } from '../../kernel/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { ArcOrder } from './arc.ts';
import type { Cache, CacheOptions } from './cache.ts';
import { ClockOrder } from './clock.ts';
import { FifoOrder } from './fifo.ts';
import { KeyedCache } from './keyed-cache.ts';
import { LfuOrder } from './lfu.ts';
import { LruOrder } from './lru.ts';
import { RandomOrder } from './random-order.ts';
import { S3FifoOrder } from './s3-fifo.ts';
import { SieveOrder } from './sieve.ts';
import type { SlotOrder } from './slot-order.ts';
import { WTinyLfuOrder } from './w-tiny-lfu.ts';

/** Names a design may use: the policies whose hit ratio theory knows, and whose content in the long run. */
export type CachePolicy = 'lru' | 'fifo' | 'lfu';

/** Every {@link CachePolicy}, in the order of the documentation. */
export const cachePolicies: readonly CachePolicy[] = Object.freeze(['lru', 'fifo', 'lfu'] as const);

/** A cache, and what chooses its victims. */
export interface EvictionOptions extends CacheOptions {
  /** Needed by `random`; the others leave nothing to chance. */
  readonly random?: Random;
}

const OPTIONS: OptionNames<EvictionOptions> = {
  capacity: true,
  maxEntries: true,
  expectedEntries: true,
  denseKeys: true,
  random: true,
};

const orders = {
  lru: (options) => new LruOrder(options),
  fifo: (options) => new FifoOrder(options),
  lfu: (options) => new LfuOrder(options),
  clock: (options) => new ClockOrder(options),
  sieve: (options) => new SieveOrder(options),
  's3-fifo': (options) => new S3FifoOrder(options),
  'w-tiny-lfu': (options) => new WTinyLfuOrder(options),
  arc: (options) => new ArcOrder(options),
  random: (options) => {
    if (options.random === undefined) {
      throw new RangeError('random must be given for the policy random, got undefined');
    }
    return new RandomOrder(options, options.random);
  },
} as const satisfies Record<string, (options: EvictionOptions) => SlotOrder>;

/** Every way to choose who leaves. */
export type EvictionPolicy = keyof typeof orders;

/** Every {@link EvictionPolicy}, in the order of the documentation; {@link cachePolicies} are the first of them. */
export const evictionPolicies = Object.freeze(Object.keys(orders)) as readonly EvictionPolicy[];

/**
 * The order of slots that a policy keeps, for owners that find their entries by other means than `Cache`.
 *
 * @throws RangeError when the policy is unknown, lacks what it needs, or an option is out of range
 */
export function createOrder(policy: EvictionPolicy, options: EvictionOptions): SlotOrder {
  if (!Object.hasOwn(orders, policy)) {
    throw new RangeError(`policy must be one of ${evictionPolicies.join(', ')}, got ${policy}`);
  }
  requireOptions(`cache ${policy}`, options, OPTIONS);
  return orders[policy](options);
}

/**
 * An empty cache.
 *
 * @throws RangeError when the policy is unknown or lacks what it needs, the capacity is negative or the reserve
 *   beyond 2^28 entries
 */
export function createCache(policy: EvictionPolicy, options: EvictionOptions): Cache {
  return new KeyedCache(createOrder(policy, options), options);
}
