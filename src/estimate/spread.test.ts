import { describe, expect, it } from 'vitest';
import { erlangC } from './formulas/index.ts';
import { bestOf, joinShortest, seenWeight } from './spread.ts';

/** Mean response in service times of pools of one server. */
const shortest = (pools: number, load: number): number => {
  const { waits, ratio } = joinShortest(pools, 1, load);
  return 1 + waits / (1 - ratio);
};
const many = (load: number): number => 1 + bestOf(2, 1, load).reduce((sum, p, n) => sum + p * n, 0);

describe('spreading by load', () => {
  it('O-L02 the shorter of two queues, within 1.3 % of the exact chain', () => {
    const rows = { 0.5: 1.426321, 0.7: 2.108197, 0.8: 2.955737, 0.9: 5.474913, 0.95: 10.486603 };
    for (const [load, exact] of Object.entries(rows)) {
      expect(Math.abs(shortest(2, Number(load)) / exact - 1)).toBeLessThan(0.013);
    }
  });

  it('has an end where rounding alone keeps the utilization below 1', () => {
    for (const load of [1 - 2 ** -52, 1 - 1e-13]) expect(bestOf(2, 2, load).length).toBeLessThan(100);
  });

  it('one pool is one queue', () => {
    expect(joinShortest(1, 4, 0.7)).toEqual({ waits: erlangC(2.8, 4), ratio: 0.7 });
  });

  it('O-L01 two choices of ever more queues', () => {
    // Σ λ^(2^i − 2), which is 2.6141 at 0.9.
    const prediction = (load: number): number =>
      Array.from({ length: 20 }, (_, i) => load ** (2 ** (i + 1) - 2)).reduce((a, b) => a + b);
    for (const load of [0.5, 0.7, 0.8, 0.9, 0.95, 0.99]) {
      expect(Math.abs(many(load) / prediction(load) - 1)).toBeLessThan(1e-9);
    }
    expect(many(0.9)).toBeCloseTo(2.6141, 4);
  });

  it('O-L01 two choices of a hundred queues, within 1 % of the published simulation', () => {
    const rows = { 0.5: 1.2673, 0.7: 1.6202, 0.8: 1.9585, 0.9: 2.6454, 0.95: 3.461, 0.99: 5.9275 };
    for (const [load, simulated] of Object.entries(rows)) {
      const weight = seenWeight(100, 2);
      const ours = weight * shortest(2, Number(load)) + (1 - weight) * many(Number(load));
      expect(Math.abs(ours / simulated - 1)).toBeLessThan(0.01);
    }
  });

  it('several servers a pool: two choices lie between a random split and one queue', () => {
    const departures = bestOf(2, 4, 0.9);
    expect(departures.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    const wait = departures.reduce((sum, p, n) => sum + (p * n) / 4, 0);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThan(erlangC(3.6, 4) / (4 * 0.1));
  });
});
