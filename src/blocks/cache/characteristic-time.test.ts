import { describe, expect, it } from 'vitest';
import { characteristicTime, hitRatio } from './characteristic-time.ts';

function zipf(count: number, exponent: number): { perKey: Float64Array; keys: Float64Array } {
  const perKey = Float64Array.from({ length: count }, (_, i) => (i + 1) ** -exponent);
  const total = perKey.reduce((sum, p) => sum + p, 0);
  return { perKey: perKey.map((p) => p / total), keys: new Float64Array(count).fill(1) };
}

describe('characteristicTime', () => {
  // Published with five digits, rounded: one unit of the last digit is allowed.
  it.each([
    [1000, 0.8, 100, 0.37779, null, 0.52583],
    [1000, 1.0, 100, 0.57653, null, 0.69299],
    [1000, 1.0, 50, 0.46104, null, 0.60106],
    [1e4, 0.8, 1000, 0.43666, 0.39418, 0.57062],
    [1e6, 0.99, 1e4, 0.56618, 0.53102, 0.66427],
    [1e5, 0.9, 1000, 0.34206, 0.30628, 0.47419],
    [1e5, 1.0, 1e4, 0.73734, 0.70102, 0.80955],
  ])('O-C03, O-C04: N=%d s=%d C=%d', (count, exponent, capacity, lru, fifo, top) => {
    const { perKey, keys } = zipf(count, exponent);
    expect(Math.abs(hitRatio('lru', perKey, keys, capacity) - lru)).toBeLessThan(1e-5);
    if (fifo !== null) expect(Math.abs(hitRatio('fifo', perKey, keys, capacity) - fifo)).toBeLessThan(1e-5);
    expect(Math.abs(hitRatio('lfu', perKey, keys, capacity) - top)).toBeLessThan(1e-5);
  });

  it('O-C04: the time itself, and the hits of single ranks', () => {
    const { perKey, keys } = zipf(1e4, 0.8);
    const time = characteristicTime('lru', perKey, keys, 1000);
    expect(time).toBeCloseTo(1472.5, 1);
    const hit = (rank: number) => -Math.expm1(-perKey[rank - 1]! * time);
    expect(hit(10)).toBeCloseTo(0.9998, 4);
    expect(hit(100)).toBeCloseTo(0.7444, 4);
    expect(hit(1000)).toBeCloseTo(0.1944, 4);
  });

  it('has closed forms for equal keys', () => {
    const perKey = Float64Array.of(1e-6);
    const keys = Float64Array.of(1e6);
    expect(characteristicTime('lru', perKey, keys, 4e5)).toBeCloseTo(-1e6 * Math.log(0.6), 3);
    expect(characteristicTime('fifo', perKey, keys, 4e5)).toBeCloseTo(1e6 * (0.4 / 0.6), 3);
    expect(hitRatio('lru', perKey, keys, 4e5)).toBeCloseTo(0.4, 9);
  });

  it('finds roots next to full and next to empty', () => {
    const { perKey, keys } = zipf(1000, 1.5);
    for (const policy of ['lru', 'fifo'] as const) {
      for (const capacity of [1e-6, 0.5, 999, 999.999999]) {
        const time = characteristicTime(policy, perKey, keys, capacity);
        const filled = perKey.reduce(
          (sum, p) => sum + (policy === 'lru' ? -Math.expm1(-p * time) : (p * time) / (1 + p * time)),
          0,
        );
        expect(filled / capacity).toBeCloseTo(1, 8);
      }
    }
  });

  it('is endless when everything fits and zero when nothing does', () => {
    const { perKey, keys } = zipf(10, 1);
    expect(characteristicTime('lru', perKey, keys, 10)).toBe(Number.POSITIVE_INFINITY);
    expect(hitRatio('lru', perKey, keys, 10)).toBeCloseTo(1, 12);
    expect(hitRatio('fifo', perKey, keys, 12)).toBeCloseTo(1, 12);
    expect(characteristicTime('fifo', perKey, keys, 0)).toBe(0);
    expect(hitRatio('lru', perKey, keys, 0)).toBe(0);
    // Keys that nobody asks for never come in.
    expect(characteristicTime('lru', Float64Array.of(1, 0), Float64Array.of(2, 5), 3)).toBe(
      Number.POSITIVE_INFINITY,
    );
  });

  it('names what is wrong with its arguments', () => {
    const two = new Float64Array(2);
    expect(() => characteristicTime('lru', two, new Float64Array(3), 1)).toThrow(/equal length, got 2 and 3/);
    expect(() => hitRatio('lru', two, two, Number.NaN)).toThrow(/capacityItems must be ≥ 0, got NaN/);
  });
});
