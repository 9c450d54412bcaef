import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import { beladyMisses, createCache, evictionPolicies } from './index.ts';

const trace = fc.array(fc.nat({ max: 12 }), { maxLength: 120 });

/** Looks ahead for each victim: quadratic, and plainly right. */
function lookingAhead(keys: readonly number[], capacity: number): number {
  const held = new Set<number>();
  let misses = 0;
  keys.forEach((key, at) => {
    if (held.has(key)) return;
    misses++;
    if (capacity === 0) return;
    if (held.size === capacity) {
      const nextUse = (other: number) => {
        const next = keys.indexOf(other, at);
        return next < 0 ? Number.POSITIVE_INFINITY : next;
      };
      held.delete([...held].reduce((a, b) => (nextUse(b) > nextUse(a) ? b : a)));
    }
    held.add(key);
  });
  return misses;
}

describe('beladyMisses', () => {
  it('OPT-1 counts what looking ahead counts', () => {
    fc.assert(
      fc.property(trace, fc.nat({ max: 14 }), (keys, capacity) => {
        expect(beladyMisses(keys, capacity)).toBe(lookingAhead(keys, capacity));
      }),
    );
  });

  it('OPT-2 is beaten by no policy', () => {
    fc.assert(
      fc.property(trace, fc.integer({ min: 1, max: 8 }), (keys, capacity) => {
        const least = beladyMisses(keys, capacity);
        for (const policy of evictionPolicies) {
          const cache = createCache(policy, { capacity, random: createRandom(1) });
          let misses = 0;
          for (const key of keys) {
            if (cache.lookup(key, 0)) continue;
            misses++;
            cache.insert(key, 1, 0, Number.POSITIVE_INFINITY);
          }
          expect(misses).toBeGreaterThanOrEqual(least);
        }
      }),
    );
  });

  it('OPT-3 knows its limits', () => {
    expect(beladyMisses([], 3)).toBe(0);
    expect(beladyMisses(Int32Array.of(1, 1, 1), 0)).toBe(3);
    expect(() => beladyMisses([1], -1)).toThrow(/capacityItems must be a whole number ≥ 0, got -1/);
    expect(() => beladyMisses([1], Number.NaN)).toThrow(RangeError);
    expect(() => beladyMisses([1.5], 1)).toThrow(/key must be a whole number/);
  });
});
