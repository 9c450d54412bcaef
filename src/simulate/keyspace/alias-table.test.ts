import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Random } from '../../kernel/index.ts';
import { AliasTable } from './alias-table.ts';

/** Steps evenly through [0, 1) in both draws of a sample: n² points, each standing for 1/n² of chance. */
function exactly(weights: readonly number[], n: number): Float64Array {
  const table = new AliasTable(Float64Array.from(weights));
  const counts = new Float64Array(weights.length);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const draws = [(i + 0.5) / n, (j + 0.5) / n];
      const random: Random = { next: () => draws.shift()! };
      const outcome = table.sample(random);
      counts[outcome] = counts[outcome]! + 1 / (n * n);
    }
  }
  return counts;
}

describe('AliasTable', () => {
  it('gives every outcome its probability', () => {
    const weights = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(weights, (drawn) => {
        fc.pre(drawn.some((weight) => weight > 0.01));
        const total = drawn.reduce((sum, weight) => sum + weight, 0);
        const n = 200;
        const shares = exactly(drawn, n);
        // The grid hits each of the up to 6 + 16 columns to within one point of a row or of all rows.
        drawn.forEach((weight, i) => {
          expect(Math.abs(shares[i]! - weight / total)).toBeLessThan(25 / n);
          if (weight === 0) expect(shares[i]).toBe(0);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('is exact where the grid is: equal weights, one outcome, and none of no weight', () => {
    expect([...exactly([3], 8)]).toEqual([1]);
    for (const share of exactly([1, 1, 1, 1], 64)) expect(share).toBeCloseTo(1 / 4, 10);
    expect([...exactly([0, 1, 0, 0, 0], 8)]).toEqual([0, 1, 0, 0, 0]);
  });

  it('stays inside at the ends of the unit interval', () => {
    const table = new AliasTable(Float64Array.from({ length: 1001 }, (_, i) => 1 / (i + 1)));
    expect(table.sample({ next: () => 0 })).toBe(0);
    const last = table.sample({ next: () => 1 - 2 ** -53 });
    expect(last).toBeGreaterThanOrEqual(0);
    expect(last).toBeLessThan(1001);
  });

  it('refuses tables that it cannot draw from', () => {
    expect(() => new AliasTable(new Float64Array(0))).toThrow(/1 to 2\^21 entries, got 0/);
  });
});
