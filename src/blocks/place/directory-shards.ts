import { type OptionNames, requireOptions } from '../require-options.ts';
import { requireShard, type ShardKey, type ShardMap } from './shard-map.ts';

/** Options of {@link DirectoryShards}. */
export interface DirectoryShardsOptions<Key extends ShardKey> {
  /** Decides for keys without an entry. */
  readonly fallback: ShardMap<Key>;
  /** Entries at most, a whole number ≥ 0; what is beyond is refused. */
  readonly maxEntries: number;
  /** Number of shards, at least that of the fallback, which is the default. */
  readonly shards?: number;
  /** Entries to begin with. */
  readonly state?: DirectoryShardsState<Key>;
}

/** Saved entries of {@link DirectoryShards}; the fallback is not part of it. */
export interface DirectoryShardsState<Key extends ShardKey> {
  readonly version: 1;
  readonly map: 'directory';
  readonly entries: readonly (readonly [Key, number])[];
}

const OPTIONS: OptionNames<DirectoryShardsOptions<string>> = {
  fallback: true,
  maxEntries: true,
  shards: true,
  state: true,
};

/**
 * Directory sharding: an explicit shard for some keys (large tenants, keys that were moved by hand), another
 * map's answer for the rest. A change takes effect at once, so move a key's data first.
 */
export class DirectoryShards<Key extends ShardKey> implements ShardMap<Key> {
  readonly shards: number;
  private readonly fallback: ShardMap<Key>;
  private readonly maxEntries: number;
  private readonly entries = new Map<Key, number>();

  /** @throws RangeError when an option is outside its range, or the state is not of such a map */
  constructor(options: DirectoryShardsOptions<Key>) {
    requireOptions('DirectoryShards', options, OPTIONS);
    const { fallback, maxEntries, shards = fallback.shards, state } = options;
    if (!(Number.isSafeInteger(maxEntries) && maxEntries >= 0)) {
      throw new RangeError(`maxEntries must be a whole number ≥ 0, got ${maxEntries}`);
    }
    requireShard(shards, 'shards');
    if (shards < fallback.shards) {
      throw new RangeError(`shards must be ≥ ${fallback.shards}, those of the fallback, got ${shards}`);
    }
    this.shards = shards;
    this.fallback = fallback;
    this.maxEntries = maxEntries;
    if (state !== undefined) this.restore(state);
  }

  /** Number of entries. */
  get size(): number {
    return this.entries.size;
  }

  shardOf(key: Key): number {
    return this.entries.get(key) ?? this.fallback.shardOf(key);
  }

  /**
   * Gives a key a shard of its own.
   *
   * @returns false, with nothing changed, when the key is new and the directory full
   * @throws RangeError when there is no such shard
   */
  assign(key: Key, shard: number): boolean {
    requireShard(shard, 'shard');
    if (shard >= this.shards) throw new RangeError(`shard must be below ${this.shards}, got ${shard}`);
    if (this.entries.size >= this.maxEntries && !this.entries.has(key)) return false;
    this.entries.set(key, shard);
    return true;
  }

  /** Leaves a key to the fallback again; tells whether it had an entry. */
  unassign(key: Key): boolean {
    return this.entries.delete(key);
  }

  snapshot(): DirectoryShardsState<Key> {
    return { version: 1, map: 'directory', entries: [...this.entries] };
  }

  private restore(state: DirectoryShardsState<Key>): void {
    const { version, map, entries } = state;
    if (version !== 1 || map !== 'directory' || !Array.isArray(entries)) {
      throw new RangeError(`state must be of directory shards, version 1, got ${map}, version ${version}`);
    }
    for (const [key, shard] of entries) {
      if (!this.assign(key, shard)) {
        throw new RangeError(`state must have at most ${this.maxEntries} entries, got ${entries.length}`);
      }
    }
  }
}
