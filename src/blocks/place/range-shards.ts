import { requireShard, type ShardKey, type ShardMap } from './shard-map.ts';

/** Saved {@link RangeShards}; plain JSON where the split points are finite. */
export interface RangeShardsState<Key extends ShardKey> {
  readonly version: 1;
  readonly map: 'range';
  readonly splits: readonly Key[];
  readonly owners: readonly number[];
}

/**
 * Shards of neighbouring keys: range i holds the keys from split point i − 1 (with it) to split point i
 * (without it), and belongs to a shard, which may own several ranges. So keys that are next to each other are
 * read together, and keys that grow with time all go to the last range.
 *
 * Numbers are ordered as numbers, texts by UTF-16 units as `<` has them (for texts without surrogate pairs the
 * order of their UTF-8 bytes). Never changes: splitting and merging make new maps, so that the move from one to
 * the other can be planned. A lookup takes log₂ of the number of ranges and allocates nothing.
 */
export class RangeShards<Key extends ShardKey> implements ShardMap<Key> {
  readonly shards: number;
  /** Split points in ascending order. */
  readonly splits: readonly Key[];
  /** By range: its shard; one more than split points. */
  readonly owners: readonly number[];

  /** See {@link rangeShards}. */
  constructor(splits: readonly Key[], owners?: readonly number[]) {
    this.splits = [...splits];
    this.owners =
      owners === undefined ? Array.from({ length: splits.length + 1 }, (_, at) => at) : [...owners];
    if (this.owners.length !== splits.length + 1) {
      throw new RangeError(`owners must have ${splits.length + 1} entries, got ${this.owners.length}`);
    }
    for (const owner of this.owners) requireShard(owner, 'owners');
    for (const [at, split] of splits.entries()) {
      requireOrdered(split);
      if (at > 0 && !(splits[at - 1]! < split)) {
        throw new RangeError(`splits must ascend, got ${splits[at - 1]} before ${split}`);
      }
    }
    this.shards = this.owners.reduce((highest, owner) => Math.max(highest, owner), 0) + 1;
  }

  shardOf(key: Key): number {
    return this.owners[this.rangeOf(key)]!;
  }

  /** The range that holds a key, 0 to splits.length. */
  rangeOf(key: Key): number {
    requireOrdered(key);
    const { splits } = this;
    let low = 0;
    let high = splits.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (splits[middle]! <= key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Cuts the range that holds `at` in two: keys from `at` on go to `shard`.
   *
   * @param shard default: a new one, numbered `shards`
   * @throws RangeError when `at` is a split point already
   */
  split(at: Key, shard = this.shards): RangeShards<Key> {
    const range = this.rangeOf(at);
    if (this.splits[range - 1] === at) throw new RangeError(`at must not be a split point yet, got ${at}`);
    return new RangeShards(this.splits.toSpliced(range, 0, at), this.owners.toSpliced(range + 1, 0, shard));
  }

  /**
   * Takes a split point away: the range above it joins the one below, and its shard.
   *
   * @throws RangeError when `at` is no split point
   */
  merge(at: Key): RangeShards<Key> {
    const range = this.rangeOf(at);
    if (range === 0 || this.splits[range - 1] !== at) {
      throw new RangeError(`at must be a split point, got ${at}`);
    }
    return new RangeShards(this.splits.toSpliced(range - 1, 1), this.owners.toSpliced(range, 1));
  }

  /** Gives the range that holds `key` to another shard. */
  assign(key: Key, shard: number): RangeShards<Key> {
    return new RangeShards(this.splits, this.owners.with(this.rangeOf(key), shard));
  }

  snapshot(): RangeShardsState<Key> {
    return { version: 1, map: 'range', splits: [...this.splits], owners: [...this.owners] };
  }
}

/**
 * A map of ranges between split points; see {@link RangeShards}.
 *
 * @param owners by range: its shard; one more than split points. Default: range i is shard i
 * @throws RangeError when split points do not ascend, or owners do not fit
 */
export function rangeShards(splits: readonly number[], owners?: readonly number[]): RangeShards<number>;
export function rangeShards(splits: readonly string[], owners?: readonly number[]): RangeShards<string>;
export function rangeShards(splits: readonly ShardKey[], owners?: readonly number[]): RangeShards<ShardKey> {
  return new RangeShards(splits, owners);
}

/**
 * The map that was saved.
 *
 * @throws RangeError when the state is not of range shards
 */
export function restoreRangeShards<Key extends ShardKey>(state: RangeShardsState<Key>): RangeShards<Key> {
  const { version, map, splits, owners } = state;
  if (version !== 1 || map !== 'range' || !Array.isArray(splits) || !Array.isArray(owners)) {
    throw new RangeError(`state must be of range shards, version 1, got ${map}, version ${version}`);
  }
  return new RangeShards(splits, owners);
}

function requireOrdered(key: ShardKey): void {
  if (Number.isNaN(key)) throw new RangeError('key must have a place in the order, got NaN');
}
