import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BloomFilter, bloomHashes, bloomSize } from './index.ts';

const hash = fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 });

describe('BloomFilter', () => {
  it.each([
    [8, 5, 0.02168, 1e6],
    [8, 6, 0.02158, 1e6],
    [10, 7, 0.008194, 2e6],
    [16, 11, 0.0004587, 16e6],
  ])('O-A07 %d bits a key, %d hashes: share of false positives %d', (perKey, hashes, published, probes) => {
    const items = 200_000;
    const filter = new BloomFilter({ bits: perKey * items, hashes });
    for (let key = 0; key < items; key++) filter.add(key);
    let positives = 0;
    for (let key = items; key < items + probes; key++) if (filter.has(key)) positives++;
    // Four standard errors of the count of positives are within the 5 % of the case.
    expect(4 / Math.sqrt(published * probes)).toBeLessThan(0.05);
    expect(Math.abs(positives / probes / published - 1)).toBeLessThan(0.05);
    expect((1 - Math.exp(-hashes / perKey)) ** hashes / published).toBeCloseTo(1, 3);
  });

  it('O-A07 1 % needs 9.585 bits a key and 7 hashes, 0.1 % 14.378', () => {
    expect(bloomSize(1e6, 0.01) / 1e6).toBeCloseTo(9.585, 3);
    expect(bloomSize(1e6, 0.001) / 1e6).toBeCloseTo(14.378, 3);
    expect(bloomHashes(9.585e6, 1e6)).toBe(7);
    const filter = new BloomFilter({ expectedItems: 1e6, falsePositiveShare: 0.01 });
    expect(filter.hashes).toBe(7);
    expect(filter.bits / 1e6).toBeCloseTo(9.585, 3);
  });

  it('BF-1, BF-3 has all that was added, and a union has what its parts have', () => {
    fc.assert(
      fc.property(fc.array(hash), fc.array(hash), fc.array(hash), (ours, theirs, others) => {
        const make = (hashes: readonly number[]) => {
          const filter = new BloomFilter({ bits: 500, hashes: 4 });
          for (const each of hashes) filter.add(each);
          return filter;
        };
        const union = make(ours);
        union.union(make(theirs));
        const both = make([...ours, ...theirs]);
        for (const each of [...ours, ...theirs]) expect(union.has(each)).toBe(true);
        for (const each of others) expect(union.has(each)).toBe(both.has(each));
        expect(union.toBytes()).toEqual(both.toBytes());
        const again = BloomFilter.from(union.toBytes());
        for (const each of [...ours, ...theirs, ...others]) expect(again.has(each)).toBe(union.has(each));
      }),
    );
  });

  it('BF-2 takes a full one for everything, and tells how many it holds', () => {
    const filter = new BloomFilter({ expectedItems: 10_000, falsePositiveShare: 0.01 });
    expect(filter.estimatedItems()).toBe(0);
    let fresh = 0;
    for (let key = 0; key < 10_000; key++) if (filter.add(key)) fresh++;
    // Well below the deviation that the share of false positives alone explains.
    expect(fresh).toBeGreaterThan(9900);
    expect(Math.abs(filter.estimatedItems() / 10_000 - 1)).toBeLessThan(0.02);
    const tiny = new BloomFilter({ bits: 8, hashes: 2 });
    for (let key = 0; key < 100; key++) tiny.add(key);
    expect(tiny.has(12345)).toBe(true);
    expect(tiny.estimatedItems()).toBe(Number.POSITIVE_INFINITY);
    tiny.clear();
    expect(tiny.has(5)).toBe(false);
  });

  it('names what is wrong with its arguments and with foreign bytes', () => {
    expect(() => new BloomFilter({ bits: 7, hashes: 1 })).toThrow(/bits must be a whole number from 8/);
    expect(() => new BloomFilter({ bits: Number.NaN, hashes: 1 })).toThrow(RangeError);
    expect(() => new BloomFilter({ bits: 2 ** 53, hashes: 1 })).toThrow(RangeError);
    expect(() => new BloomFilter({ bits: 64, hashes: 0 })).toThrow(/hashes must be/);
    expect(() => new BloomFilter({ expectedItems: 0, falsePositiveShare: 0.1 })).toThrow(/expectedItems/);
    expect(() => new BloomFilter({ expectedItems: 1, falsePositiveShare: 1 })).toThrow(/falsePositiveShare/);
    const filter = new BloomFilter({ bits: 64, hashes: 3 });
    for (const bad of [Number.NaN, 0.5, 2 ** 32, -(2 ** 31) - 1, 2 ** 53]) {
      expect(() => filter.add(bad)).toThrow(/hash must be a whole number of 32 bits/);
      expect(() => filter.has(bad)).toThrow(RangeError);
    }
    expect(() => filter.union(new BloomFilter({ bits: 72, hashes: 3 }))).toThrow(/other must have 64 bits/);
    const bytes = filter.toBytes();
    expect(() => BloomFilter.from(bytes.subarray(0, 10))).toThrow(/at least 24 bytes/);
    expect(() => BloomFilter.from(bytes.subarray(0, 30))).toThrow(/do not fit/);
    for (const [at, byte] of [
      [0, 1],
      [5, 9],
      [7, 2],
      [11, 255],
      [15, 99],
    ] as const) {
      const changed = bytes.slice();
      changed[at] = byte;
      expect(() => BloomFilter.from(changed)).toThrow(RangeError);
    }
  });
});
