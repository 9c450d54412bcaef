import {
  createShardMap,
  evenSlots,
  HashRing,
  hashInteger,
  placeHeaviestFirst,
  type Sharding,
  type ShardMap,
} from '../blocks/index.ts';
import { harmonic, type Popularity } from '../quantities/index.ts';
import type { Plan, PlanComponent } from './plan.ts';

/** How a component spreads the keys of its data over shards, as plain data of its settings. */
export interface PlacementSpec {
  readonly by: Sharding;
  readonly shards: number;
  /** Of `hash` and `directory`; null = as many as shards. */
  readonly slots: number | null;
  /** Of `consistent`. */
  readonly virtualNodes: number | null;
  /** Of `range`: the share of keys before each shard but the first; null = all have equally many. */
  readonly splits: readonly number[] | null;
  /** Of `directory`: so many of the most popular keys of each data have an entry. */
  readonly entries: number | null;
}

/** Keys of a data set, numbered by rank from 0. */
export interface PlacedData {
  /** Index in the plan. */
  readonly data: number;
  readonly count: number;
  readonly popularity: Popularity;
}

/** The data that a component keeps. */
export function placedData(component: PlanComponent, plan: Plan): PlacedData[] {
  return Object.values(component.data).map((data) => {
    const { count, popularity } = plan.data[data]!;
    return { data, count: Math.max(1, Math.round(count.value)), popularity };
  });
}

/** Keys are numbered below this, so that number and data make one name. */
const KEYS_MAX = 2 ** 30;
const HASHES = 2 ** 32;

/**
 * The shard of each key of a component's data, by the shard maps of the blocks.
 *
 * A key is known by its data and the rank of its popularity. Where it stands in the order of keys, which ranges cut,
 * has nothing to do with its rank: it is hashed. Keys never used before come after all others, as numbers that are
 * counted up and times of day do.
 */
export class Placement {
  readonly spec: PlacementSpec;
  readonly shards: number;
  private readonly map: ShardMap<number>;
  private readonly inOrder: boolean;

  constructor(spec: PlacementSpec, stored: readonly PlacedData[]) {
    const { by, shards, slots, virtualNodes, splits } = spec;
    this.spec = spec;
    this.shards = shards;
    this.inOrder = by === 'range';
    this.map = createShardMap(by, shards, {
      ...(slots !== null && { slots }),
      ...(virtualNodes !== null && { virtualNodes }),
      ...(splits !== null && { splits }),
      ...(by === 'directory' && { entries: entriesOf(spec, stored) }),
    });
  }

  /** The shard of the key of that rank, from 0. */
  shardOf(data: number, rank: number): number {
    const name = nameOf(data, rank);
    return this.map.shardOf(this.inOrder ? hashInteger(name) / HASHES : name);
  }

  /** The shard of the n-th key that was never used before. */
  shardOfNew(nth: number): number {
    return this.map.shardOf(this.inOrder ? 1 : -1 - nth);
  }

  /** By shard: the share that it has of many keys, none of which has an entry in a directory. */
  shares(): Float64Array {
    const { by, shards, virtualNodes, splits } = this.spec;
    if (by === 'consistent') {
      return new HashRing(shards, virtualNodes === null ? {} : { virtualNodes }).shares();
    }
    if (splits === null || by !== 'range') return new Float64Array(shards).fill(1 / shards);
    return Float64Array.from([...splits, 1], (end, i) => end - (i === 0 ? 0 : splits[i - 1]!));
  }

  /** By shard: the share that it has of keys never used before. */
  sharesOfNew(): Float64Array {
    if (!this.inOrder) return this.shares();
    const shares = new Float64Array(this.shards);
    shares[this.shardOfNew(0)] = 1;
    return shares;
  }
}

function nameOf(data: number, rank: number): number {
  return data * KEYS_MAX + rank;
}

/** The entries of a directory: the most popular keys, each where least is asked for until then. */
function entriesOf(
  { shards, slots, entries }: PlacementSpec,
  stored: readonly PlacedData[],
): [number, number][] {
  const loads = new Float64Array(shards);
  const fallback = evenSlots(shards, slots ?? shards);
  return stored.flatMap(({ data, count, popularity }) => {
    const exponent = popularity.law === 'zipf' ? popularity.exponent : 0;
    const total = harmonic(count, exponent);
    const placed = Math.min(entries ?? 0, count);
    const weights = Float64Array.from({ length: placed }, (_, rank) => (rank + 1) ** -exponent / total);
    // What has no entry is spread by hash, the next most popular of it not evenly.
    for (let rank = placed; rank < Math.min(count, placed + LOOKED_AT_MAX); rank++) {
      loads[fallback.shardOf(nameOf(data, rank))]! += (rank + 1) ** -exponent / total;
    }
    return Array.from(placeHeaviestFirst(weights, loads), (shard, rank): [number, number] => [
      nameOf(data, rank),
      shard,
    ]);
  });
}

/** Keys without an entry whose shards are looked at before entries are made. */
const LOOKED_AT_MAX = 10_000;
