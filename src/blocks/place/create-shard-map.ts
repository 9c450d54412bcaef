import { type OptionNames, requireOptions } from '../require-options.ts';
import { createLocator } from './create-locator.ts';
import { DirectoryShards } from './directory-shards.ts';
import { locatorShards } from './locator-shards.ts';
import { rangeShards } from './range-shards.ts';
import type { ShardMap } from './shard-map.ts';
import { evenSlots } from './slot-shards.ts';

/** Names a design may use. */
export const shardings = ['hash', 'range', 'consistent', 'directory'] as const;

/** The name of a way to decide which shard a key belongs to. */
export type Sharding = (typeof shardings)[number];

/** Options of {@link createShardMap}; each says which way takes notice of it. */
export interface ShardMapOptions {
  /** Hash and directory: slots that whole shards of are moved, ≥ shards. Default: as many as shards, hash mod n. */
  readonly slots?: number;
  /** Consistent: points on the ring for each shard. Default 160. */
  readonly virtualNodes?: number;
  /** Range: where each shard but the first begins, ascending. Default: at i/n, for keys spread over 0 to 1. */
  readonly splits?: readonly number[];
  /** Directory: the keys that have an entry, each with its shard. Default none. */
  readonly entries?: readonly (readonly [key: number, shard: number])[];
}

const OPTIONS: OptionNames<ShardMapOptions> = {
  slots: true,
  virtualNodes: true,
  splits: true,
  entries: true,
};

/**
 * The map of numbered keys to `shards` shards by one of four ways: a hash in slots, ranges of neighbours, a ring of
 * consistent hashing, or a directory in front of the hash.
 *
 * @param shards whole number ≥ 1
 * @throws RangeError when the name is unknown, or an option is outside its range
 */
export function createShardMap(
  by: Sharding,
  shards: number,
  options: ShardMapOptions = {},
): ShardMap<number> {
  requireOptions('a shard map', options, OPTIONS);
  const { slots = shards, virtualNodes, splits, entries = [] } = options;
  switch (by) {
    case 'hash':
      return evenSlots(shards, slots);
    case 'consistent':
      return locatorShards(createLocator('ring', shards, virtualNodes === undefined ? {} : { virtualNodes }));
    case 'range': {
      const even = Array.from({ length: shards - 1 }, (_, at) => (at + 1) / shards);
      const map = rangeShards(splits ?? even);
      if (map.shards !== shards) {
        throw new RangeError(`splits must have ${shards - 1} entries, got ${splits?.length}`);
      }
      return map;
    }
    case 'directory': {
      const state = { version: 1, map: 'directory', entries } as const;
      return new DirectoryShards({ fallback: evenSlots(shards, slots), maxEntries: entries.length, state });
    }
    default:
      throw new RangeError(`by must be one of ${shardings.join(', ')}, got ${by}`);
  }
}
