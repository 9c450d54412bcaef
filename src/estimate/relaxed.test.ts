import { describe, expect, it } from 'vitest';
import { Relaxed } from './relaxed.ts';

/** Rounds until x = map(x) to 1e-9; Infinity where it never comes to that. */
function rounds(map: (x: number) => number): number {
  const relaxed = new Relaxed();
  for (let round = 1; round <= 100; round++) {
    const used = relaxed.get('x');
    const given = map(used);
    if (Math.abs(given - used) < 1e-9) return round;
    relaxed.give('x', given);
  }
  return Number.POSITIVE_INFINITY;
}

describe('numbers that go round', () => {
  it('settle where every round overshoots', () => {
    expect(rounds((x) => 1 - 0.99 * x)).toBeLessThan(10);
    expect(rounds((x) => 1 - 2.5 * x)).toBeLessThan(60);
    expect(rounds((x) => 1 / (1 + 20 * x ** 2))).toBeLessThan(60);
  });

  it('are as they are given where they do not', () => {
    expect(rounds((x) => 0.5 * x + 1)).toBeLessThan(35);
    expect(rounds(() => 3)).toBe(2);
  });

  it('may be endless', () => {
    const relaxed = new Relaxed();
    for (const given of [1, Number.POSITIVE_INFINITY, 2]) relaxed.give('x', given);
    expect(relaxed.get('x')).toBe(2);
    expect(relaxed.get('y')).toBe(0);
  });
});
