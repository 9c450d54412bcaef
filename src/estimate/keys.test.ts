import { describe, expect, it } from 'vitest';
import { hitRatio } from '../blocks/index.ts';
import type { PlanData } from '../design/plan.ts';
import { KeySpace, keyClasses } from './keys.ts';
import { exact } from './plan.fixture.ts';

const data = (count: number, exponent: number): PlanData => ({
  name: 'd',
  count: exact(count),
  size: exact(1),
  growth: exact(0),
  keep: null,
  popularity: { law: 'zipf', exponent },
});

describe('classes of keys', () => {
  it('hold every key once and all probability', () => {
    for (const [count, exponent] of [
      [1, 1],
      [50, 0.5],
      [101, 1],
      [12_345, 0.8],
      [1e8, 1],
      [1e9, 2.5],
      [1e6, 20],
    ] as const) {
      const { keys, shares } = keyClasses(data(count, exponent));
      expect(keys.reduce((a, b) => a + b, 0)).toBeCloseTo(count, 3);
      expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    }
  });

  it('O-C04 give hit ratios as single keys do, to a millionth', () => {
    const rows = [
      [1e4, 0.8, 1000, 0.43665972, 0.3941791],
      [1e6, 0.99, 1e4, 0.56618325, 0.5310196],
      [1e5, 0.9, 1000, 0.34206117, 0.30627754],
      [1e5, 1, 1e4, 0.73733981, 0.70102017],
    ] as const;
    for (const [count, exponent, room, lru, fifo] of rows) {
      const { keys, shares } = keyClasses(data(count, exponent));
      const perKey = shares.map((share, i) => share / keys[i]!);
      expect(Math.abs(hitRatio('lru', perKey, keys, room) / lru - 1)).toBeLessThan(1e-6);
      expect(Math.abs(hitRatio('fifo', perKey, keys, room) / fifo - 1)).toBeLessThan(1e-6);
    }
  });

  it('behind a cache are those that missed', () => {
    const space = new KeySpace([data(1000, 1), data(10, 0)]);
    const drawn = space.drawn(0);
    const misses = space.classes(0).shares.map((_, i) => (i < 10 ? 0 : 0.5));
    const { probability, keys } = space.missed(drawn, 0, misses);
    const top = space
      .classes(0)
      .shares.slice(0, 10)
      .reduce((a, b) => a + b, 0);
    expect(probability).toBeCloseTo((1 - top) / 2, 12);
    expect(keys.keys === 'drawn' && keys.shares[0]).toBe(0);
    expect(space.missed(drawn, 0, misses).keys).toBe(keys);
    expect(space.missed(drawn, 1, misses)).toEqual({ probability: 1, keys: drawn });
    expect(space.missed(space.fresh(0), 0, misses).probability).toBe(1);
  });
});
