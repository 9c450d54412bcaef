import { type Interval, wilson } from '../../kernel/index.ts';
import type { RangeShards } from './range-shards.ts';
import type { ShardKey, ShardMap } from './shard-map.ts';
import type { SlotShards } from './slot-shards.ts';

/** Keys that go from one shard to another. */
export interface Move {
  /** Shard that has them; −1 when none was available. */
  readonly from: number;
  /** Shard that gets them; −1 when none is available. */
  readonly to: number;
  /** Which share of all keys they are, 0 to 1. */
  readonly share: number;
}

/** What moves between two shard maps. */
export interface MovePlan {
  /** One move for each pair of shards that exchange keys, in the order of from, then to. */
  readonly moves: readonly Move[];
  /** Share of all keys that moves, with its 95 % interval: a point when the plan is exact. */
  readonly moved: Interval;
  /** True when worked out, false when estimated from a sample of keys. */
  readonly exact: boolean;
}

/** A range of keys that changes its shard. */
export interface RangeMove<Key extends ShardKey> extends Move {
  /** First key of the range; null when it begins with the first of all keys. */
  readonly low: Key | null;
  /** First key after the range; null when it ends with the last of all keys. */
  readonly high: Key | null;
}

/** A {@link MovePlan} that also says which ranges move. */
export interface RangeMovePlan<Key extends ShardKey> extends MovePlan {
  /** In ascending order, neighbours of the same from and to joined. */
  readonly ranges: readonly RangeMove<Key>[];
}

/** How many residues are looked at, at most, to compare maps with different numbers of slots. */
const MAX_RESIDUES = 2 ** 24;

/**
 * What moves between two range maps, exactly.
 *
 * @param shareBelow share of all keys below a key, 0 to 1, never falling: the keys' distribution function. For
 *   numbers spread evenly over [a, b): `(key) => Math.min(1, Math.max(0, (key - a) / (b - a)))`
 * @throws RangeError when `shareBelow` falls or leaves 0 to 1
 */
export function planRangeMoves<Key extends ShardKey>(
  before: RangeShards<Key>,
  after: RangeShards<Key>,
  shareBelow: (key: Key) => number,
): RangeMovePlan<Key> {
  const cuts = [...new Set([...before.splits, ...after.splits])].sort((a, b) => (a < b ? -1 : 1));
  const tally = new Tally();
  const ranges: RangeMove<Key>[] = [];
  let below = 0;
  for (let at = 0; at <= cuts.length; at++) {
    const low = at === 0 ? null : cuts[at - 1]!;
    const high = at === cuts.length ? null : cuts[at]!;
    const upTo = high === null ? 1 : shareBelow(high);
    if (!(upTo >= below && upTo <= 1)) {
      throw new RangeError(`shareBelow(${high}) must be from ${below} to 1, got ${upTo}`);
    }
    const from = low === null ? before.owners[0]! : before.shardOf(low);
    const to = low === null ? after.owners[0]! : after.shardOf(low);
    const share = upTo - below;
    below = upTo;
    if (from === to) continue;
    tally.add(from, to, share);
    const last = ranges.at(-1);
    if (last !== undefined && last.high === low && last.from === from && last.to === to) {
      ranges[ranges.length - 1] = { ...last, high, share: last.share + share };
    } else ranges.push({ from, to, share, low, high });
  }
  return { ...exactPlan(tally), ranges };
}

/**
 * What moves between two slot maps, exactly, when every 32-bit hash is equally likely. The numbers of slots may
 * differ, as when hash mod n becomes hash mod m.
 *
 * @throws RangeError when the least common multiple of the numbers of slots is above 2^24
 */
export function planSlotMoves(before: SlotShards, after: SlotShards): MovePlan {
  const residues = (before.slots / greatestCommonDivisor(before.slots, after.slots)) * after.slots;
  if (residues > MAX_RESIDUES) {
    throw new RangeError(`slots must have a least common multiple up to 2^24, got ${residues}`);
  }
  const tally = new Tally();
  for (let residue = 0; residue < residues; residue++) {
    const from = before.ownerOf(residue % before.slots);
    const to = after.ownerOf(residue % after.slots);
    if (from === to) continue;
    // 2^32 is not a multiple of most numbers: the lower residues have one hash more.
    tally.add(from, to, (Math.floor((0xffffffff - residue) / residues) + 1) / 0x100000000);
  }
  return exactPlan(tally);
}

/**
 * What moves between any two maps, estimated from a sample of keys: independent draws from all keys, or from
 * the requests when the share of requests is wanted. Shares are those of the sample, and the interval is
 * Wilson's; with no key it is 0 to 1.
 */
export function planSampledMoves<Key extends ShardKey>(
  before: ShardMap<Key>,
  after: ShardMap<Key>,
  sample: Iterable<Key>,
): MovePlan {
  const tally = new Tally();
  let keys = 0;
  let moved = 0;
  for (const key of sample) {
    keys++;
    const from = before.shardOf(key);
    const to = after.shardOf(key);
    if (from === to) continue;
    moved++;
    tally.add(from, to, 1);
  }
  return { moves: tally.moves(1 / keys), moved: wilson(moved, keys), exact: false };
}

/** Sums by pair of shards. */
class Tally {
  private readonly shares = new Map<number, Map<number, number>>();

  add(from: number, to: number, share: number): void {
    const row = this.shares.get(from) ?? new Map<number, number>();
    this.shares.set(from, row.set(to, (row.get(to) ?? 0) + share));
  }

  moves(factor: number): Move[] {
    return [...this.shares]
      .flatMap(([from, row]) => [...row].map(([to, share]) => ({ from, to, share: share * factor })))
      .sort((a, b) => a.from - b.from || a.to - b.to);
  }
}

function exactPlan(tally: Tally): MovePlan {
  const moves = tally.moves(1);
  const value = moves.reduce((sum, { share }) => sum + share, 0);
  return { moves, moved: { value, low: value, high: value }, exact: true };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
