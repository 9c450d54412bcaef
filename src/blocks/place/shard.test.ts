import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createLocator,
  DirectoryShards,
  evenSlots,
  hashKey,
  locatorShards,
  type MovePlan,
  planRangeMoves,
  planSampledMoves,
  planSlotMoves,
  rangeShards,
  restoreRangeShards,
  restoreSlotShards,
  type ShardMap,
  SlotShards,
} from './index.ts';

const numbers = fc
  .uniqueArray(fc.integer({ min: -50, max: 50 }), { maxLength: 8 })
  .map((each) => each.sort((a, b) => a - b));
const keys = fc.integer({ min: -60, max: 60 });

/** Every map with numbers as keys, over 4 shards. */
const maps: readonly [string, () => ShardMap<number>][] = [
  ['range', () => rangeShards([-10, 0, 10])],
  ['slots', () => evenSlots(4, 64)],
  ['hash', () => evenSlots(4)],
  ['locator', () => locatorShards(createLocator('ring', 4))],
  ['directory', () => new DirectoryShards({ fallback: rangeShards([-10, 0, 10]), maxEntries: 3 })],
];

describe.each(maps)('%s', (_, make) => {
  it('SM1 answers below its number of shards, alike for the same key, and reaches every shard', () => {
    const map = make();
    expect(map.shards).toBe(4);
    const seen = new Set<number>();
    for (let key = -500; key < 500; key++) {
      seen.add(map.shardOf(key));
      expect(make().shardOf(key)).toBe(map.shardOf(key));
    }
    expect([...seen].sort()).toEqual([0, 1, 2, 3]);
  });

  it('SM2 refuses a key without a place', () => {
    expect(() => make().shardOf(Number.NaN)).toThrow(RangeError);
  });
});

describe('range shards', () => {
  it('RS1 a key is in the range after the last split point not above it', () => {
    fc.assert(
      fc.property(numbers, keys, (splits, key) => {
        expect(rangeShards(splits).shardOf(key)).toBe(splits.filter((split) => split <= key).length);
      }),
    );
    const words = rangeShards(['g', 'n', 't']);
    expect(['', 'apple', 'g', 'mango', 'n', 'zebra'].map((word) => words.shardOf(word))).toEqual([
      0, 0, 1, 1, 2, 3,
    ]);
    expect(rangeShards([] as string[]).shardOf('anything')).toBe(0);
  });

  it('RS2 splitting moves the upper part of one range and nothing else; merging undoes it', () => {
    fc.assert(
      fc.property(numbers, keys, (splits, at) => {
        fc.pre(!splits.includes(at));
        const before = rangeShards(splits);
        const after = before.split(at);
        const next = splits.find((split) => split > at) ?? Number.POSITIVE_INFINITY;
        for (let key = -60; key <= 60; key++) {
          expect(after.shardOf(key)).toBe(key >= at && key < next ? before.shards : before.shardOf(key));
        }
        expect(after.merge(at).snapshot()).toEqual(before.snapshot());
        expect(after.split(at + 0.5, 0).shardOf(at + 0.5)).toBe(0);
      }),
    );
  });

  it('RS3 a range can be given to another shard, and a shard own several ranges', () => {
    const map = rangeShards([0, 10]).assign(5, 0);
    expect([-1, 5, 10].map((key) => map.shardOf(key))).toEqual([0, 0, 2]);
    expect(map.shards).toBe(3);
    expect(restoreRangeShards(JSON.parse(JSON.stringify(map.snapshot())))).toEqual(map);
  });

  it('RS4 refuses split points and owners that do not fit', () => {
    expect(() => rangeShards([1, 1])).toThrow(/splits must ascend, got 1 before 1/);
    expect(() => rangeShards([Number.NaN])).toThrow(RangeError);
    expect(() => rangeShards([1], [0])).toThrow(/owners must have 2 entries, got 1/);
    expect(() => rangeShards([1], [0, -1])).toThrow(/owners must be a whole number/);
    expect(() => rangeShards([1]).split(1)).toThrow(/at must not be a split point yet, got 1/);
    expect(() => rangeShards([1]).merge(2)).toThrow(/at must be a split point, got 2/);
    expect(() => rangeShards([1]).merge(0)).toThrow(/at must be a split point, got 0/);
    expect(() => restoreRangeShards({ version: 1, map: 'slots' } as never)).toThrow(
      /state must be of range shards/,
    );
  });
});

describe('slot shards', () => {
  it('SS1 resizing levels the shards by moving as few slots as that takes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        (owners, wanted) => {
          const before = new SlotShards(owners);
          const shards = Math.min(wanted, before.slots);
          const after = before.resized(shards);
          const count = (map: SlotShards, shard: number) =>
            owners.filter((__, slot) => map.ownerOf(slot) === shard).length;
          const sizes = Array.from({ length: shards }, (__, shard) => count(after, shard));
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(before.slots);
          // What has to leave: all above ⌈slots/shards⌉, where only so many may be that large.
          const moved = owners.filter((owner, slot) => after.ownerOf(slot) !== owner).length;
          const old = Array.from({ length: shards }, (__, shard) => count(before, shard)).sort(
            (a, b) => b - a,
          );
          const kept = old.map((size, rank) =>
            Math.min(size, Math.floor(before.slots / shards) + (rank < before.slots % shards ? 1 : 0)),
          );
          expect(moved).toBe(before.slots - kept.reduce((sum, size) => sum + size, 0));
        },
      ),
    );
  });

  it('SS2 is hash mod slots, and saved as it is', () => {
    const map = evenSlots(3, 16_384);
    for (const key of ['a', 'user:42', 7, -7]) {
      expect(map.slotOf(key)).toBe(hashKey(key) % 16_384);
      expect(map.shardOf(key)).toBe(map.ownerOf(map.slotOf(key)));
    }
    expect(evenSlots(5).shardOf('a')).toBe(hashKey('a') % 5);
    expect(restoreSlotShards(JSON.parse(JSON.stringify(map.snapshot())))).toEqual(map);
  });

  it('SS3 refuses impossible numbers', () => {
    expect(() => new SlotShards([])).toThrow(/owners must have from 1 to 2\^24 entries/);
    expect(() => new SlotShards([0, 0.5])).toThrow(/owners must be a whole number/);
    expect(() => evenSlots(0)).toThrow(RangeError);
    expect(() => evenSlots(5, 4)).toThrow(/shards must be a whole number from 1 to 4, got 5/);
    expect(() => evenSlots(1, Number.NaN)).toThrow(/slots must be/);
    expect(() => evenSlots(4).resized(5)).toThrow(/shards must be/);
    expect(() => evenSlots(4).ownerOf(4)).toThrow(/slot must be a whole number from 0 to 3, got 4/);
    expect(() => restoreSlotShards({} as never)).toThrow(/state must be of slot shards/);
  });
});

describe('directory shards', () => {
  it('DS1 an entry wins over the fallback, until it is taken out', () => {
    const map = new DirectoryShards({ fallback: evenSlots(4), maxEntries: 2, shards: 6 });
    const usual = map.shardOf('whale');
    expect(map.assign('whale', 5)).toBe(true);
    expect(map.shardOf('whale')).toBe(5);
    expect(map.shardOf('minnow')).toBe(evenSlots(4).shardOf('minnow'));
    expect(map.unassign('whale')).toBe(true);
    expect(map.unassign('whale')).toBe(false);
    expect(map.shardOf('whale')).toBe(usual);
  });

  it('DS2 refuses entries beyond its bound, and takes changes of old ones', () => {
    const options = { fallback: evenSlots(4), maxEntries: 2 };
    const map = new DirectoryShards(options);
    expect([map.assign('a', 0), map.assign('b', 0), map.assign('c', 0), map.assign('a', 3)]).toEqual([
      true,
      true,
      false,
      true,
    ]);
    expect([map.size, map.shardOf('a')]).toEqual([2, 3]);
    const state = JSON.parse(JSON.stringify(map.snapshot()));
    expect(new DirectoryShards({ ...options, state }).snapshot()).toEqual(state);
    expect(() => new DirectoryShards({ ...options, maxEntries: 1, state })).toThrow(
      /at most 1 entries, got 2/,
    );
    expect(() => new DirectoryShards({ ...options, state: { ...state, version: 3 } })).toThrow(/version 3/);
    expect(() => map.assign('a', 4)).toThrow(/shard must be below 4, got 4/);
    expect(() => map.assign('a', Number.NaN)).toThrow(RangeError);
    expect(() => new DirectoryShards({ ...options, maxEntries: Number.NaN })).toThrow(/maxEntries must be/);
    expect(() => new DirectoryShards({ ...options, shards: 3 })).toThrow(/shards must be ≥ 4/);
  });
});

describe('plans', () => {
  const even = (key: number) => Math.min(1, Math.max(0, (key + 60) / 120));
  const sum = (plan: MovePlan) => plan.moves.reduce((total, { share }) => total + share, 0);

  it('MP1 between ranges: exactly the keys whose shard differs, with the ranges they are in', () => {
    const map = fc.tuple(numbers, fc.array(fc.nat({ max: 3 }), { minLength: 9, maxLength: 9 }));
    fc.assert(
      fc.property(map, map, ([splits, owners], [otherSplits, otherOwners]) => {
        const before = rangeShards(splits, owners.slice(0, splits.length + 1));
        const after = rangeShards(otherSplits, otherOwners.slice(0, otherSplits.length + 1));
        const plan = planRangeMoves(before, after, even);
        const counted = new Map<string, number>();
        for (let key = -60; key < 60; key++) {
          const move = `${before.shardOf(key)}-${after.shardOf(key)}`;
          if (before.shardOf(key) !== after.shardOf(key))
            counted.set(move, (counted.get(move) ?? 0) + 1 / 120);
          const range = plan.ranges.find(({ low, high }) => (low ?? -60) <= key && key < (high ?? 60));
          expect(range === undefined).toBe(before.shardOf(key) === after.shardOf(key));
        }
        expect(plan.moves.length).toBe(counted.size);
        for (const { from, to, share } of plan.moves)
          expect(share).toBeCloseTo(counted.get(`${from}-${to}`)!, 9);
        expect(plan.moved.value).toBeCloseTo(sum(plan), 12);
        expect(plan.exact).toBe(true);
      }),
    );
  });

  it('MP2 a split moves the share of keys above it in its range', () => {
    const before = rangeShards(['m']);
    const below: Record<string, number> = { m: 0.6, t: 0.9 };
    const plan = planRangeMoves(before, before.split('t'), (key) => below[key]!);
    expect(plan.ranges).toEqual([{ from: 1, to: 2, low: 't', high: null, share: expect.closeTo(0.1, 12) }]);
    expect(planRangeMoves(before, before, (key) => below[key]!)).toMatchObject({
      moves: [],
      moved: { value: 0 },
    });
    expect(() => planRangeMoves(before, before.split('t'), (key) => 1 - below[key]!)).toThrow(
      /shareBelow\(t\) must be from/,
    );
    expect(() => planRangeMoves(before, before, () => Number.NaN)).toThrow(RangeError);
  });

  it.each([[3], [4], [10]])(
    'O-L10 hash mod %i to one more moves n/(n + 1), slots move 1/(n + 1)',
    (shards) => {
      const plan = planSlotMoves(evenSlots(shards), evenSlots(shards + 1));
      expect(plan.moved.value).toBeCloseTo(shards / (shards + 1), 8);
      const slots = evenSlots(shards, 16_384);
      const grown = planSlotMoves(slots, slots.resized(shards + 1));
      expect(Math.abs(grown.moved.value - 1 / (shards + 1))).toBeLessThan(1 / 16_384);
      expect(new Set(grown.moves.map(({ to }) => to))).toEqual(new Set([shards]));
    },
  );

  it('MP3 between slots: every pair by its share of all hashes', () => {
    const plan = planSlotMoves(new SlotShards([0, 1]), new SlotShards([0, 1, 1]));
    // Residues 0 to 5: (0,0) (1,1) (0,1) (1,0) (0,1) (1,1).
    expect(plan.moves).toEqual([
      { from: 0, to: 1, share: expect.closeTo(2 / 6, 9) },
      { from: 1, to: 0, share: expect.closeTo(1 / 6, 9) },
    ]);
    expect(planSlotMoves(evenSlots(1), new SlotShards([1, 1, 1])).moved.value).toBe(1);
    expect(() => planSlotMoves(evenSlots(4099), evenSlots(4111))).toThrow(
      /least common multiple up to 2\^24/,
    );
  });

  it('MP4 of a sample: shares of its keys, with an interval that holds the exact share', () => {
    const before = evenSlots(4);
    const after = evenSlots(5);
    const plan = planSampledMoves(
      before,
      after,
      Array.from({ length: 20_000 }, (_, key) => `user:${key}`),
    );
    expect(plan.exact).toBe(false);
    expect(sum(plan)).toBeCloseTo(plan.moved.value, 12);
    // Twice the half width of 95 %: nearly four standard deviations.
    const half = (plan.moved.high - plan.moved.low) / 2;
    expect(Math.abs(plan.moved.value - 0.8)).toBeLessThan(2 * half);
    expect(planSampledMoves(before, after, [])).toMatchObject({ moves: [], moved: { low: 0, high: 1 } });
    const none = createLocator('ring', 2);
    none.setAvailable(0, false);
    none.setAvailable(1, false);
    expect(planSampledMoves(evenSlots(1), locatorShards(none), ['a']).moves).toEqual([
      { from: 0, to: -1, share: 1 },
    ]);
  });
});
