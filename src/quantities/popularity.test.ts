import { describe, expect, it } from 'vitest';
import { harmonic, parsePopularity, printPopularity } from './popularity.ts';

// n, s, value by mpmath with 60 digits (sums up to 12345 terms, else Hurwitz zeta).
const harmonics = [
  [1, 0, 1.0],
  [1, 0.5, 1.0],
  [1, 0.9999999, 1.0],
  [1, 1, 1.0],
  [1, 1.2, 1.0],
  [1, 3.5, 1.0],
  [10, 0, 10.0],
  [10, 0.5, 5.0209978992926665],
  [10, 0.9999999, 2.928968523186012],
  [10, 1, 2.9289682539682538],
  [10, 1.2, 2.467713365172084],
  [10, 3.5, 1.1256178844393556],
  [32, 0, 32.0],
  [32, 0.5, 9.941512173878634],
  [32, 0.9999999, 4.05849579411642],
  [32, 1, 4.05849519543652],
  [32, 1.2, 3.099346118644802],
  [32, 3.5, 1.1266674621672232],
  [12345, 0, 12345.0],
  [12345, 0.5, 220.76025661164903],
  [12345, 0.9999999, 9.99826699888767],
  [12345, 1, 9.998262568361625],
  [12345, 1.2, 4.831836711784028],
  [12345, 3.5, 1.1267338672934362],
  [10000000000, 0, 10000000000.0],
  [10000000000, 0.5, 199998.53965049118],
  [10000000000, 0.9999999, 23.603093097121292],
  [10000000000, 1, 23.603066594891988],
  [10000000000, 1.2, 5.541582441178252],
  [10000000000, 3.5, 1.1267338673170566],
] as const;

describe('harmonic', () => {
  it.each(harmonics)('harmonic(%d, %d)', (n, s, expected) => {
    expect(Math.abs(harmonic(n, s) / expected - 1)).toBeLessThan(1e-14);
  });

  it('grows by one term from n to n + 1, on both sides of the switch to the integral', () => {
    for (const s of [0, 0.7, 1, 2.5, 8]) {
      for (let n = 0; n < 100; n++) {
        const step = harmonic(n + 1, s) - harmonic(n, s);
        expect(Math.abs(step - (n + 1) ** -s)).toBeLessThan(1e-14 * harmonic(n + 1, s));
      }
    }
  });

  it('refuses what is no count of keys or no exponent', () => {
    expect(() => harmonic(1.5, 1)).toThrow(RangeError);
    expect(() => harmonic(-1, 1)).toThrow(RangeError);
    expect(() => harmonic(10, -1)).toThrow(RangeError);
    expect(() => harmonic(Number.POSITIVE_INFINITY, 1)).toThrow(RangeError);
  });
});

describe('parsePopularity', () => {
  it.each([
    ['uniform', { law: 'uniform' }],
    ['zipf(1.0)', { law: 'zipf', exponent: 1 }],
    ['zipf( 0.99 )', { law: 'zipf', exponent: 0.99 }],
    ['zipf(exponent: 1.2)', { law: 'zipf', exponent: 1.2 }],
    ['zipf(0)', { law: 'zipf', exponent: 0 }],
  ] as const)('reads %s', (text, value) => {
    expect(parsePopularity(text)).toEqual({ ok: true, value });
  });

  it.each([
    ['zipf', 'not-a-quantity', 'zipf needs its exponent: write zipf(1.0)'],
    ['zipf()', 'not-a-quantity', 'zipf needs its exponent: write zipf(1.0)'],
    ['zipf(1, 2)', 'not-a-quantity', 'zipf takes one exponent: zipf(1.0)'],
    ['zipf(-1)', 'out-of-range', 'it cannot be negative'],
    ['zipf(21)', 'out-of-range', null],
    ['zipf(1ms)', 'unit-mismatch', null],
    ['Zipf(1)', 'not-a-quantity', 'write zipf(1)'],
    ['uniform(1)', 'not-a-quantity', 'uniform takes no arguments'],
    ['pareto(1)', 'not-a-quantity', null],
    ['', 'not-a-quantity', null],
    ['1.0', 'not-a-quantity', null],
    [`zipf(${'1'.repeat(1000)})`, 'not-a-quantity', 'the text is too long'],
  ] as const)('refuses %s', (text, code, hint) => {
    expect(parsePopularity(text)).toMatchObject({ ok: false, code, hint });
  });

  it('reads back what it prints', () => {
    for (const popularity of [{ law: 'uniform' }, { law: 'zipf', exponent: 0.1 + 0.2 }] as const) {
      expect(parsePopularity(printPopularity(popularity))).toEqual({ ok: true, value: popularity });
    }
  });
});
