import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../kernel/index.ts';
import { type BackoffOptions, createBackoff, type GrowingBackoffOptions } from './index.ts';

const always = (value: number): Random => ({ next: () => value });
const base = 10;
const cap = 1000;
const growing = ['exponential', 'full-jitter', 'equal-jitter', 'decorrelated-jitter'] as const;
const every: readonly BackoffOptions[] = [
  { kind: 'none' },
  { kind: 'constant', delay: 7 },
  ...growing.map((kind) => ({ kind, base, cap })),
];

/** Delays of the first attempts in a row. */
function delays(options: BackoffOptions, count: number, random: Random): number[] {
  const backoff = createBackoff(options);
  let previous = 0;
  return Array.from({ length: count }, (_, i) => {
    previous = backoff(i + 1, previous, random);
    return previous;
  });
}

describe('backoff', () => {
  it('BO-1 gives the formulas, at their ends', () => {
    const ends = (kind: GrowingBackoffOptions['kind']) =>
      [0, 0.5].map((u) => delays({ kind, base, cap }, 3, always(u)));
    expect(delays({ kind: 'none' }, 3, always(0))).toEqual([0, 0, 0]);
    expect(delays({ kind: 'constant', delay: 7 }, 3, always(0))).toEqual([7, 7, 7]);
    expect(ends('exponential')).toEqual([
      [10, 20, 40],
      [10, 20, 40],
    ]);
    expect(ends('full-jitter')).toEqual([
      [0, 0, 0],
      [5, 10, 20],
    ]);
    expect(ends('equal-jitter')).toEqual([
      [5, 10, 20],
      [7.5, 15, 30],
    ]);
    // U(10, 3 · 10) in the middle, then U(10, 60), U(10, 105).
    expect(ends('decorrelated-jitter')).toEqual([
      [10, 10, 10],
      [20, 35, 57.5],
    ]);
  });

  it.each(every)('BO-2 $kind stays from 0 to the cap, whatever the attempt and the chance', (options) => {
    const backoff = createBackoff(options);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        fc.double({ min: 0, max: Number.MAX_VALUE, noNaN: true }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, previous, u) => {
          const delay = backoff(attempt, previous, always(u));
          expect(delay >= 0 && delay <= cap).toBe(true);
        },
      ),
    );
  });

  it.each(growing)('BO-3 %s does not overflow at attempt 2000', (kind) => {
    const largest = Number.MAX_VALUE;
    for (const [from, to] of [
      [base, cap],
      [0, cap],
      [base, largest],
      [largest, largest],
    ] as const) {
      const delay = createBackoff({ kind, base: from, cap: to })(2000, to, always(0.999));
      expect(delay >= 0 && delay <= to).toBe(true);
    }
  });

  it('BO-4 spreads full jitter evenly: mean v/2, variance v²/12', () => {
    const n = 20_000;
    const backoff = createBackoff({ kind: 'full-jitter', base: 1, cap: 1 });
    const random = createRandom(4);
    let sum = 0;
    for (let i = 0; i < n; i++) sum += backoff(1, 0, random);
    expect(Math.abs(sum / n - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / n));
  });

  it('BO-5 grows by the factor asked for', () => {
    expect(delays({ kind: 'exponential', base: 1, cap: 100, factor: 10 }, 4, always(0))).toEqual([
      1, 10, 100, 100,
    ]);
    expect(delays({ kind: 'exponential', base: 3, cap: 100, factor: 1 }, 3, always(0))).toEqual([3, 3, 3]);
  });

  it('BO-6 refuses impossible options and arguments by name', () => {
    const make = (options: object) => () => createBackoff(options as BackoffOptions);
    expect(make({ kind: 'linear' })).toThrow(/kind must be one of none, .*, got linear/);
    expect(make({ kind: 'constant', delay: -1 })).toThrow(/delay must be .*, got -1/);
    expect(make({ kind: 'constant', delay: Number.NaN })).toThrow(RangeError);
    for (const kind of growing) {
      expect(make({ kind, base: -1, cap })).toThrow(/base must be/);
      expect(make({ kind, base, cap: 9 })).toThrow(/cap must be from 10 to .*, got 9/);
      expect(make({ kind, base, cap: Number.POSITIVE_INFINITY })).toThrow(/cap must be/);
      expect(make({ kind, base, cap, factor: 0.5 })).toThrow(/factor must be/);
    }
    for (const options of every) {
      const backoff = createBackoff(options);
      for (const attempt of [0, -1, 1.5, Number.NaN, 2 ** 53]) {
        expect(() => backoff(attempt, 0, always(0))).toThrow(/attempt must be a whole number/);
      }
    }
    const decorrelated = createBackoff({ kind: 'decorrelated-jitter', base, cap });
    expect(() => decorrelated(2, Number.NaN, always(0))).toThrow(/previousDelay must be/);
  });
});
