import { hashInteger, hashString } from './hash.ts';

/** What a shard map is asked about: a text, or a number. */
export type ShardKey = string | number;

/** Decides which shard, numbered from 0, a key belongs to. */
export interface ShardMap<Key extends ShardKey = ShardKey> {
  /** Number of shards, ≥ 1: `shardOf` answers below it. */
  readonly shards: number;
  /** The shard of a key, or −1 when none is available. */
  shardOf(key: Key): number;
}

/**
 * The hash that places keys: `hashString` of a text, `hashInteger` of a number.
 *
 * @throws RangeError when a number is not a safe integer
 */
export function hashKey(key: ShardKey): number {
  return typeof key === 'string' ? hashString(key) : hashInteger(key);
}

/** Refuses what is not a shard's number. */
export function requireShard(shard: number, name: string): void {
  if (!(Number.isInteger(shard) && shard >= 0 && shard < 2 ** 31)) {
    throw new RangeError(`${name} must be a whole number from 0 to 2^31 − 1, got ${shard}`);
  }
}
