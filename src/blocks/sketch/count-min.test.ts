import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import { CountMin, countMinSize } from './index.ts';

const stream = fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 0, max: 9 })));

function trueCounts(...streams: readonly (readonly [number, number])[][]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const [hash, count] of streams.flat()) counts.set(hash, (counts.get(hash) ?? 0) + count);
  return counts;
}

function counted(stream: readonly (readonly [number, number])[], conservative: boolean): CountMin {
  const sketch = new CountMin({ width: 7, depth: 3, conservative });
  for (const [hash, count] of stream) sketch.add(hash, count);
  return sketch;
}

describe('CountMin', () => {
  it('O-A08 ε = 0.001 and δ = 0.01 take 5 rows of 2719', () => {
    expect(countMinSize(0.001, 0.01)).toEqual({ width: 2719, depth: 5 });
  });

  it('CM-1, CM-3 is never too low, and conservative never above plain', () => {
    fc.assert(
      fc.property(stream, (stream) => {
        const plain = counted(stream, false);
        const conservative = counted(stream, true);
        for (const [hash, count] of trueCounts(stream)) {
          expect(conservative.estimate(hash)).toBeGreaterThanOrEqual(count);
          expect(plain.estimate(hash)).toBeGreaterThanOrEqual(conservative.estimate(hash));
        }
        expect(plain.total).toBe(stream.reduce((sum, [, count]) => sum + count, 0));
      }),
    );
  });

  it.each([false, true])(
    'CM-2 is e / width of the total too high at most, conservative %s',
    (conservative) => {
      const { width, depth } = countMinSize(0.001, 0.01);
      const sketch = new CountMin({ width, depth, conservative });
      const random = createRandom(1);
      const counts = new Int32Array(100_000);
      for (let i = 0; i < 400_000; i++) {
        const key = Math.floor(counts.length * random.next() ** 3);
        counts[key] = counts[key]! + 1;
        sketch.add(key);
      }
      const excess = counts.map((count, key) => sketch.estimate(key) - count);
      expect(excess.every((each) => each >= 0)).toBe(true);
      // The bound of the paper is on the share of keys that are further off.
      const off = excess.filter((each) => each > 0.001 * sketch.total).length;
      expect(off / counts.length).toBeLessThan(0.01);
    },
  );

  it('CM-4 merges into counts that are never too low', () => {
    fc.assert(
      fc.property(stream, stream, fc.boolean(), (ours, theirs, conservative) => {
        const sketch = counted(ours, conservative);
        sketch.merge(counted(theirs, conservative));
        for (const [hash, count] of trueCounts(ours, theirs)) {
          expect(sketch.estimate(hash)).toBeGreaterThanOrEqual(count);
        }
        if (!conservative) expect(sketch.toBytes()).toEqual(counted([...ours, ...theirs], false).toBytes());
        const again = CountMin.from(sketch.toBytes());
        expect(again.toBytes()).toEqual(sketch.toBytes());
        expect(again.add(3)).toBe(sketch.add(3));
      }),
    );
  });

  it('stops at the end of its counters', () => {
    for (const conservative of [false, true]) {
      const sketch = new CountMin({ width: 1, depth: 1, conservative });
      sketch.add(1, 2 ** 32 - 1);
      expect(sketch.add(1, 5)).toBe(2 ** 32 - 1);
      expect(sketch.total).toBe(2 ** 32 + 4);
      sketch.clear();
      expect(sketch.estimate(1)).toBe(0);
    }
  });

  it('names what is wrong with its arguments and with foreign bytes', () => {
    expect(() => new CountMin({ width: 0, depth: 1 })).toThrow(/width must be a whole number ≥ 1, got 0/);
    expect(() => new CountMin({ width: 1, depth: 33 })).toThrow(/depth must be/);
    expect(() => new CountMin({ width: 2 ** 28, depth: 2 })).toThrow(/at most 2\^28/);
    expect(() => countMinSize(0, 0.1)).toThrow(/excessShare/);
    expect(() => countMinSize(0.1, Number.NaN)).toThrow(/failureShare/);
    const sketch = new CountMin({ width: 4, depth: 2 });
    for (const bad of [-1, 0.5, Number.NaN, 2 ** 32, 2 ** 53]) {
      expect(() => sketch.add(1, bad)).toThrow(/count must be a whole number/);
    }
    expect(() => sketch.add(Number.NaN)).toThrow(/hash must be/);
    expect(() => sketch.merge(new CountMin({ width: 4, depth: 3 }))).toThrow(/other must be 4 wide/);
    expect(() => CountMin.from(sketch.toBytes().subarray(0, 40))).toThrow(/do not fit/);
    expect(() => CountMin.from(new Uint8Array(3))).toThrow(RangeError);
  });
});
