import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import type { Popularity } from '../../quantities/index.ts';
import { createKeySpace } from './index.ts';

const zipf = (exponent: number): Popularity => ({ law: 'zipf', exponent });

const anySpace = fc
  .record({
    count: fc.oneof(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 3e9 })),
    exponent: fc.constantFrom(0, 0.5, 0.99, 1, 1.5, 3),
    alone: fc.option(fc.integer({ min: 1, max: 3000 }), { nil: undefined }),
    capacities: fc.array(fc.integer({ min: 0, max: 1e8 }), { maxLength: 2 }),
  })
  .map(({ count, exponent, alone, capacities }) =>
    createKeySpace(count, zipf(exponent), { capacities, ...(alone === undefined ? {} : { alone }) }),
  );

describe('KeySpace', () => {
  it('K1 has every key of the data set in exactly one stand-in, the most popular first', () => {
    fc.assert(
      fc.property(anySpace, (space) => {
        let ranks = 0;
        let keys = 0;
        let probability = 0;
        let before = Number.POSITIVE_INFINITY;
        // Groups that break a rule; one expectation at the end, as there are many groups.
        const wrong: number[] = [];
        for (let group = 0; group < space.groups; group++) {
          const perKey = space.probabilityPerKey(group);
          const inOrder = space.firstKey(group) === keys && perKey <= before * (1 + 1e-12);
          ranks += space.ranksOf(group);
          keys += space.ranksOf(group) / space.standsFor(group);
          probability += space.probabilityOf(group);
          before = perKey;
          const found =
            space.groupOf(keys - 1) === group && space.sizeOf(keys - 1) === space.standsFor(group);
          if (!inOrder || !found || !Number.isInteger(keys)) wrong.push(group);
        }
        expect(wrong).toEqual([]);
        expect(ranks).toBe(space.count);
        expect(keys).toBe(space.keys);
        expect(keys).toBeLessThan(2 ** 30);
        expect(probability).toBeCloseTo(1, 9);
      }),
      { numRuns: 40 },
    );
  });

  it('K2 draws codes of existing keys, each stand-in itself once in as many as it stands for', () => {
    fc.assert(
      fc.property(anySpace, fc.nat(), (space, seed) => {
        const random = createRandom(seed);
        for (let i = 0; i < 200; i++) {
          const code = space.sample(random);
          const known = (code | 0) === code && code >= 0 && code >> 1 < space.keys;
          if (!known || (space.sizeOf(code >> 1) === 1 && (code & 1) === 0)) expect.fail(`code ${code}`);
        }
      }),
      { numRuns: 40 },
    );
    const space = createKeySpace(1e5, zipf(0.8), { alone: 100 });
    const random = createRandom(1);
    let expected = 0;
    let variance = 0;
    let itself = 0;
    for (let i = 0; i < 200_000; i++) {
      const code = space.sample(random);
      const chance = 1 / space.sizeOf(code >> 1);
      expected += chance;
      variance += chance * (1 - chance);
      itself += code & 1;
    }
    expect(Math.abs(itself - expected)).toBeLessThan(4 * Math.sqrt(variance));
  });

  it.each([
    [1000, 1, {}],
    [5000, 0.8, {}],
    [5000, 1.2, { alone: 50 }],
    [1000, 0, {}],
  ])('K3 asks for rank r of %d in proportion to r^-%d', (count, exponent, options) => {
    const space = createKeySpace(count, zipf(exponent), options);
    const random = createRandom(4);
    const draws = 400_000;
    const counts = new Float64Array(space.keys);
    for (let i = 0; i < draws; i++) {
      const key = space.sample(random) >> 1;
      counts[key] = counts[key]! + 1;
    }
    let total = 0;
    for (let rank = 1; rank <= count; rank++) total += rank ** -exponent;
    let chiSquare = 0;
    let rank = 1;
    for (let key = 0; key < space.keys; key++) {
      let mass = 0;
      for (const end = rank + space.sizeOf(key); rank < end; rank++) mass += rank ** -exponent / total;
      chiSquare += (counts[key]! - draws * mass) ** 2 / (draws * mass);
    }
    const degrees = space.keys - 1;
    // Four standard deviations of the chi-square law.
    expect(chiSquare).toBeLessThan(degrees + 4 * Math.sqrt(2 * degrees));
  });

  it('K4 rounds popularity within a group by very little', () => {
    const exact = Array.from({ length: 1_000_000 }, (_, i) => 1 / (i + 1));
    const total = exact.reduce((sum, mass) => sum + mass, 0);
    const space = createKeySpace(1_000_000, zipf(1));
    expect(space.heaviest).toBe(1);
    for (let rank = 1; rank <= 1_000_000; rank = Math.ceil(rank * 1.01)) {
      const rounded = space.probabilityPerKey(space.groupOf(rank - 1));
      expect(Math.abs((rounded * total) / exact[rank - 1]! - 1)).toBeLessThan(1 / 2048);
    }
  });

  it('K5 stays small for a billion keys, with light stand-ins where a cache is small', () => {
    for (const exponent of [0.6, 1, 1.4]) {
      const space = createKeySpace(1e9, zipf(exponent), { capacities: [1e8] });
      expect(space.groups).toBeLessThan(40_000);
      expect(space.keys).toBeLessThan(2e6);
      expect(space.heaviest).toBeLessThan(1e8 / 2 ** 15);
    }
    expect(createKeySpace(1e9, zipf(1), { capacities: [10_000] }).heaviest).toBe(2);
    expect(createKeySpace(1e9, { law: 'uniform' }, { capacities: [1e8] }).keys).toBeLessThan(1e6);
  });

  it('K6 counts how many of the most popular keys fit', () => {
    const space = createKeySpace(1e5, zipf(1), { alone: 100 });
    let weight = 0;
    for (let key = 0; key < space.keys; key++) {
      expect(space.keysThatFit(weight)).toBe(key);
      weight += space.sizeOf(key);
      if (key > 500) break;
    }
    expect(space.keysThatFit(1e5)).toBe(space.keys);
    expect(space.keysThatFit(2e5)).toBe(space.keys);
  });

  it('K7 says what is wrong with its arguments', () => {
    expect(() => createKeySpace(0, zipf(1))).toThrow(/count must be from 1/);
    expect(() => createKeySpace(Number.NaN, zipf(1))).toThrow(RangeError);
    expect(() => createKeySpace(10, zipf(-1))).toThrow(/exponent of zipf must be ≥ 0, got -1/);
    expect(() => createKeySpace(10, zipf(1), { alone: 0 })).toThrow(/alone must be ≥ 1/);
    expect(() => createKeySpace(10, zipf(1), { capacities: [-1] })).toThrow(/capacities must be ≥ 0, got -1/);
    expect(() => createKeySpace(10, zipf(1)).sizeOf(10)).not.toThrow();
    expect(() => createKeySpace(10, zipf(1)).groupOf(10)).toThrow(/key must be from 0 to 9, got 10/);
  });

  it('thinned: the same keys, each group asked for as often as what is left of its requests', () => {
    const space = createKeySpace(1000, { law: 'zipf', exponent: 1 });
    const passing = Float64Array.from({ length: space.groups }, (_, group) => (group === 0 ? 0 : 0.5));
    const left = space.thinned(passing);
    expect(left.keys).toBe(space.keys);
    expect(left.probabilityOf(0)).toBe(0);
    const others = 1 - space.probabilityOf(0);
    for (const group of [1, 2, space.groups - 1]) {
      expect(left.probabilityOf(group)).toBeCloseTo(space.probabilityOf(group) / others, 12);
      expect(left.ranksOf(group)).toBe(space.ranksOf(group));
    }
  });
});
