import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createShardMap, evenSlots, placeHeaviestFirst, type Sharding, shardings } from './index.ts';

describe('createShardMap', () => {
  it.each(shardings)('SM5 %s answers below its number of shards, and reaches each', (by) => {
    const map = createShardMap(by, 5);
    const seen = new Set(
      Array.from({ length: 2000 }, (_, key) => map.shardOf(by === 'range' ? key / 2000 : key)),
    );
    expect(map.shards).toBe(5);
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it('SM6 hash is hash mod n unless slots are said, and a directory is in front of it', () => {
    const plain = evenSlots(4);
    const directory = createShardMap('directory', 4, { entries: [[7, (plain.shardOf(7) + 1) % 4]] });
    for (let key = 0; key < 100; key++) {
      expect(createShardMap('hash', 4).shardOf(key)).toBe(plain.shardOf(key));
      expect(createShardMap('hash', 4, { slots: 64 }).shardOf(key)).toBe(evenSlots(4, 64).shardOf(key));
      if (key !== 7) expect(directory.shardOf(key)).toBe(plain.shardOf(key));
    }
    expect(directory.shardOf(7)).toBe((plain.shardOf(7) + 1) % 4);
  });

  it('SM7 ranges begin at their splits, at even places unless said', () => {
    expect([0, 0.24, 0.25, 0.99, 1].map((at) => createShardMap('range', 4).shardOf(at))).toEqual([
      0, 0, 1, 3, 3,
    ]);
    const uneven = createShardMap('range', 2, { splits: [0.9] });
    expect([0.89, 0.9].map((at) => uneven.shardOf(at))).toEqual([0, 1]);
    expect(() => createShardMap('range', 3, { splits: [0.9] })).toThrow(/splits must have 2 entries, got 1/);
    expect(() => createShardMap('luck' as Sharding, 3)).toThrow(/by must be one of hash, range/);
  });
});

describe('placeHeaviestFirst', () => {
  it('HF1 each key goes where least is, so that no shard has more than the mean and one key', () => {
    const weights = fc
      .array(fc.double({ min: 0, max: 100, noNaN: true }), { maxLength: 60 })
      .map((each) => each.sort((a, b) => b - a));
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 8 }), (each, shards) => {
        const loads = new Float64Array(shards);
        const placed = placeHeaviestFirst(each, loads);
        const mean = each.reduce((sum, weight) => sum + weight, 0) / shards;
        expect(placed).toHaveLength(each.length);
        expect(Math.max(...loads)).toBeLessThanOrEqual((mean + (each[0] ?? 0)) * (1 + 1e-9));
      }),
    );
  });

  it('HF2 goes on from the loads that there are, and refuses weights that do not descend', () => {
    const loads = Float64Array.of(5, 0);
    expect([...placeHeaviestFirst([4, 3, 2], loads)]).toEqual([1, 1, 0]);
    expect([...loads]).toEqual([7, 7]);
    expect(() => placeHeaviestFirst([1, 2], new Float64Array(2))).toThrow(/descend/);
    expect(() => placeHeaviestFirst([1], new Float64Array(0))).toThrow(/each shard/);
  });
});
