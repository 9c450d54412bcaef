import { hashKey, requireShard, type ShardKey, type ShardMap } from './shard-map.ts';

const MAX_SLOTS = 2 ** 24;

/** Saved {@link SlotShards}. */
export interface SlotShardsState {
  readonly version: 1;
  readonly map: 'slots';
  readonly owners: readonly number[];
}

/**
 * Hash sharding: a key belongs to slot hash mod slots, and a slot to a shard. With as many slots as shards this
 * is plain hash mod n; with many more, fixed for ever (Redis Cluster has 16,384), shards come and go by moving
 * whole slots. Never changes: {@link SlotShards.resized} makes a new map, so that the move can be planned.
 *
 * The hash is that of `hashKey`; numbers must be safe integers.
 */
export class SlotShards implements ShardMap {
  readonly shards: number;
  /** Number of slots. */
  readonly slots: number;
  private readonly owners: Int32Array;

  /**
   * @param owners by slot: its shard; 1 to 2^24 slots
   * @throws RangeError when an owner is not a shard's number
   */
  constructor(owners: ArrayLike<number>) {
    if (!(owners.length >= 1 && owners.length <= MAX_SLOTS)) {
      throw new RangeError(`owners must have from 1 to 2^24 entries, got ${owners.length}`);
    }
    let highest = 0;
    for (let slot = 0; slot < owners.length; slot++) {
      requireShard(owners[slot]!, 'owners');
      highest = Math.max(highest, owners[slot]!);
    }
    this.owners = Int32Array.from(owners);
    this.slots = owners.length;
    this.shards = highest + 1;
  }

  shardOf(key: ShardKey): number {
    return this.owners[hashKey(key) % this.slots]!;
  }

  /** The slot of a key. */
  slotOf(key: ShardKey): number {
    return hashKey(key) % this.slots;
  }

  /**
   * The shard of a slot.
   * @throws RangeError when there is no such slot
   */
  ownerOf(slot: number): number {
    const owner = this.owners[slot];
    if (owner === undefined) {
      throw new RangeError(`slot must be a whole number from 0 to ${this.slots - 1}, got ${slot}`);
    }
    return owner;
  }

  /**
   * The slots spread over shards 0 to shards − 1, sizes differing by one at most, by moving as few slots as
   * that takes: from n to n + 1 shards 1/(n + 1) of them, all to the new one.
   *
   * @param shards whole number from 1 to `slots`
   * @throws RangeError when it is not
   */
  resized(shards: number): SlotShards {
    requireShardCount(shards, this.slots);
    const sizes = new Int32Array(Math.max(shards, this.shards));
    for (const owner of this.owners) sizes[owner] = sizes[owner]! + 1;
    // Those that have most keep one more, so that nothing moves for the sake of a remainder.
    const bySize = Array.from({ length: shards }, (_, shard) => shard).sort(
      (a, b) => sizes[b]! - sizes[a]! || a - b,
    );
    const room = new Int32Array(sizes.length);
    for (const [rank, shard] of bySize.entries()) {
      room[shard] = Math.floor(this.slots / shards) + (rank < this.slots % shards ? 1 : 0);
    }
    const owners = this.owners.slice();
    for (let slot = 0; slot < owners.length; slot++) {
      const owner = owners[slot]!;
      if (room[owner]! > 0) room[owner] = room[owner]! - 1;
      else owners[slot] = -1;
    }
    for (let slot = 0, shard = 0; slot < owners.length; slot++) {
      if (owners[slot]! >= 0) continue;
      while (room[shard] === 0) shard++;
      owners[slot] = shard;
      room[shard] = room[shard]! - 1;
    }
    return new SlotShards(owners);
  }

  snapshot(): SlotShardsState {
    return { version: 1, map: 'slots', owners: [...this.owners] };
  }
}

/**
 * Slots in even, unbroken blocks over shards.
 *
 * @param shards whole number ≥ 1
 * @param slots whole number ≥ shards; default as many as shards, which is hash mod shards
 */
export function evenSlots(shards: number, slots = shards): SlotShards {
  if (!(Number.isInteger(slots) && slots >= 1 && slots <= MAX_SLOTS)) {
    throw new RangeError(`slots must be a whole number from 1 to 2^24, got ${slots}`);
  }
  requireShardCount(shards, slots);
  return new SlotShards(Int32Array.from({ length: slots }, (_, slot) => Math.floor((slot * shards) / slots)));
}

/**
 * The map that was saved.
 *
 * @throws RangeError when the state is not of slot shards
 */
export function restoreSlotShards(state: SlotShardsState): SlotShards {
  const { version, map, owners } = state;
  if (version !== 1 || map !== 'slots' || !Array.isArray(owners)) {
    throw new RangeError(`state must be of slot shards, version 1, got ${map}, version ${version}`);
  }
  return new SlotShards(owners);
}

function requireShardCount(shards: number, slots: number): void {
  if (!(Number.isInteger(shards) && shards >= 1 && shards <= slots)) {
    throw new RangeError(`shards must be a whole number from 1 to ${slots}, got ${shards}`);
  }
}
