import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatencyPercentile, type LatencyPercentileState } from './index.ts';

/** Percentile p of weighted values, the lower of those it may be. */
function weighted(values: readonly number[], halfLife: number, p: number): number {
  const weights = values.map((_, i) => 2 ** ((i - values.length) / halfLife));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  let below = 0;
  for (const i of order) {
    below += weights[i]!;
    if (below >= p * total * (1 - 1e-12)) return values[i]!;
  }
  return values[order.at(-1)!]!;
}

describe('live percentile', () => {
  it('LP-1 is the weighted percentile of what it saw, within a bucket', () => {
    const durations = fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), {
      minLength: 1,
      maxLength: 300,
    });
    const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(durations, share, fc.integer({ min: 5, max: 500 }), (values, percentile, halfLife) => {
        const live = new LatencyPercentile({ percentile, halfLife });
        for (const value of values) live.observe(value);
        // On the border between two values either may be right.
        const low = weighted(values, halfLife, percentile - 1e-9);
        const high = weighted(values, halfLife, percentile + 1e-9);
        expect(live.value()).toBeGreaterThanOrEqual(low * (1 - 1 / 128));
        expect(live.value()).toBeLessThanOrEqual(high * (1 + 1 / 128));
      }),
    );
  });

  it('LP-2 follows a dependency that becomes slower, and one that becomes faster', () => {
    const live = new LatencyPercentile({ percentile: 0.95, halfLife: 100 });
    for (const level of [1, 50, 0.01, 1e-20, 1e20, 3]) {
      for (let i = 0; i < 2000; i++) live.observe(level);
      if (level > 2 ** -30 && level < 2 ** 24)
        expect(Math.abs(live.value() / level - 1)).toBeLessThan(1 / 128);
      expect(Number.isFinite(live.value())).toBe(true);
    }
  });

  it('LP-3 stays exact over many rescalings', () => {
    const live = new LatencyPercentile({ percentile: 0.5, halfLife: 1 });
    for (let i = 0; i < 10_000; i++) {
      live.observe(i % 7);
      // The last one weighs as much as all before it together.
      expect(Math.abs(live.value() - (i % 7))).toBeLessThanOrEqual(1 + (i % 7) / 128);
    }
    expect(live.observations).toBe(10_000);
  });

  it('LP-4 knows nothing at first', () => {
    const live = new LatencyPercentile({ percentile: 0.5, halfLife: 10 });
    expect(live.value()).toBeNaN();
    live.observe(0);
    expect(live.value()).toBeLessThan(2 ** -30);
  });

  it('LP-5 refuses faulty state', () => {
    const options = { percentile: 0.5, halfLife: 10 };
    const live = new LatencyPercentile(options);
    live.observe(1);
    const good = live.snapshot();
    expect(new LatencyPercentile(options, good).value()).toBe(live.value());
    for (const bad of [
      null,
      { ...good, version: 0 },
      { ...good, kind: 'token' },
      { ...good, observations: -1 },
      { ...good, weights: [] },
      { ...good, buckets: [1e9] },
      { ...good, weights: [Number.NaN] },
      { ...good, buckets: [], weights: [] },
    ]) {
      expect(() => new LatencyPercentile(options, bad as LatencyPercentileState)).toThrow(RangeError);
    }
  });
});
