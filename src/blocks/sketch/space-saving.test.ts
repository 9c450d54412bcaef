import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpaceSaving, type SpaceSavingState } from './index.ts';

const stream = fc.array(fc.tuple(fc.nat({ max: 25 }), fc.integer({ min: 1, max: 4 })), { maxLength: 300 });

describe('SpaceSaving', () => {
  it('SS-1, SS-2, SS-3 keeps its bounds, whatever comes', () => {
    fc.assert(
      fc.property(stream, fc.integer({ min: 1, max: 12 }), (stream, counters) => {
        const sketch = new SpaceSaving({ counters });
        const counts = new Map<number, number>();
        for (const [hash, count] of stream) {
          sketch.add(hash, count);
          counts.set(hash, (counts.get(hash) ?? 0) + count);
        }
        const kept = new Map(sketch.top(counters).map((each) => [each.hash, each]));
        const bound = sketch.total / counters;
        for (const [hash, count] of counts) {
          const found = kept.get(hash);
          if (found === undefined) {
            expect(count).toBeLessThanOrEqual(bound);
            expect(count).toBeLessThanOrEqual(sketch.floor);
            continue;
          }
          expect(found.count).toBe(sketch.estimate(hash));
          expect(found.count).toBeGreaterThanOrEqual(count);
          expect(found.count - found.error).toBeLessThanOrEqual(count);
          expect(found.error).toBeLessThanOrEqual(bound);
          if (counts.size <= counters) expect(found.error).toBe(0);
        }
        const sorted = sketch.top(counters).map(({ count }) => count);
        expect(sorted).toEqual(sorted.toSorted((a, b) => b - a));
      }),
    );
  });

  it('goes on from a snapshot as if it had never stopped', () => {
    fc.assert(
      fc.property(stream, stream, (before, after) => {
        const one = new SpaceSaving({ counters: 6 });
        for (const [hash, count] of before) one.add(hash, count);
        const state = JSON.parse(JSON.stringify(one.snapshot())) as SpaceSavingState;
        const other = SpaceSaving.restore({ counters: 6 }, state);
        for (const [hash, count] of after) {
          one.add(hash, count);
          other.add(hash, count);
        }
        expect(other.snapshot()).toEqual(one.snapshot());
      }),
    );
  });

  it('takes hashes with and without sign for the same key', () => {
    const sketch = new SpaceSaving({ counters: 2 });
    sketch.add(-1);
    sketch.add(2 ** 32 - 1);
    expect(sketch.top(5)).toEqual([{ hash: 2 ** 32 - 1, count: 2, error: 0 }]);
    sketch.clear();
    expect(sketch.top(5)).toEqual([]);
    expect(sketch.floor).toBe(0);
  });

  it('names what is wrong with its arguments and with a foreign state', () => {
    expect(() => new SpaceSaving({ counters: 0 })).toThrow(/counters must be a whole number from 1/);
    const sketch = new SpaceSaving({ counters: 3 });
    for (const bad of [0, -1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => sketch.add(1, bad)).toThrow(/count must be a whole number/);
    }
    expect(() => sketch.add(0.5)).toThrow(/hash must be/);
    expect(() => sketch.top(-1)).toThrow(/most must be/);
    for (let key = 0; key < 3; key++) sketch.add(key, key + 1);
    const state = sketch.snapshot();
    const [first] = state.entries;
    for (const bad of [
      { ...state, version: 2 },
      { ...state, total: Number.NaN },
      { ...state, total: 2 },
      { ...state, entries: [...state.entries, ...state.entries] },
      { ...state, entries: [first, first] },
      { ...state, entries: state.entries.toReversed() },
      { ...state, entries: [{ ...first, error: 5 }] },
      { ...state, entries: [{ ...first, hash: Number.NaN }] },
    ]) {
      expect(() => SpaceSaving.restore({ counters: 3 }, bad as SpaceSavingState)).toThrow(RangeError);
    }
    expect(() => SpaceSaving.restore({ counters: 2 }, state)).toThrow(/at most 2 entries/);
  });
});
