import type { Locator } from './locator.ts';
import { hashKey, type ShardKey, type ShardMap } from './shard-map.ts';

/**
 * Consistent sharding: a locator's nodes are the shards, its answer for the key's hash (`hashKey`) the shard,
 * −1 when none is available. Takes part in what happens to the locator later.
 */
export function locatorShards(locator: Locator): ShardMap {
  return {
    shards: locator.nodes,
    shardOf: (key: ShardKey) => locator.locate(hashKey(key)),
  };
}
