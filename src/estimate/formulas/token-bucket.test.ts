import { describe, expect, it } from 'vitest';
import { withinTokenBucket } from './token-bucket.ts';

describe('a token bucket to which requests come at random', () => {
  it('lets one at a time through as Erlang has it', () => {
    for (const load of [0.1, 0.5, 1, 3, 1000]) {
      expect(withinTokenBucket(load, 1, 1)).toBeCloseTo(1 / (1 + load), 12);
    }
    expect(withinTokenBucket(6, 2, 1)).toBeCloseTo(1 / 4, 12);
  });

  it('is an M/D/1/B queue', () => {
    // With room for two: e^ρ / (1 + ρ·e^ρ).
    expect(withinTokenBucket(1, 1, 2)).toBeCloseTo(Math.E / (1 + Math.E), 12);
    expect(1 - withinTokenBucket(0.8, 1, 5)).toBeCloseTo(0.03529, 5);
  });

  it('goes on without a step where the sum gives way to its limit, and where the load is 1', () => {
    for (const load of [0.3, 0.9, 1, 1.1, 1.9, 5]) {
      const refused = (burst: number) => 1 - withinTokenBucket(load, 1, burst);
      // Beyond what can never pass, refusals shrink in the same proportion from one burst to the next.
      const beyond = (burst: number) => refused(burst) - Math.max(0, 1 - 1 / load);
      if (load === 1) expect(refused(11) / refused(10)).toBeCloseTo((2 * 9 + 5 / 3) / (2 * 10 + 5 / 3), 6);
      else if (beyond(12) > 1e-6) expect(beyond(11) / beyond(10)).toBeCloseTo(beyond(12) / beyond(11), 1);
      expect(refused(11)).toBeLessThanOrEqual(refused(10));
      for (const near of [1 - 2e-6, 1 + 2e-6]) {
        expect(withinTokenBucket(near, 1, 40)).toBeCloseTo(withinTokenBucket(1, 1, 40), 5);
      }
    }
  });

  it('lets all through that can be, whatever the burst', () => {
    for (const burst of [1, 2, 9, 10, 11, 300, 1e9]) {
      expect(withinTokenBucket(0, 5, burst)).toBe(1);
      expect(withinTokenBucket(7, Number.POSITIVE_INFINITY, burst)).toBe(1);
      for (const load of [1e-9, 0.5, 1, 2, 30, 1e6]) {
        const share = withinTokenBucket(load, 1, burst);
        expect(share).toBeGreaterThan(0);
        expect(share).toBeLessThanOrEqual(Math.min(1, 1 / load) + 1e-12);
      }
    }
    expect(withinTokenBucket(0.5, 1, 1e9)).toBe(1);
    expect(withinTokenBucket(2, 1, 1e9)).toBeCloseTo(0.5, 12);
  });
});
