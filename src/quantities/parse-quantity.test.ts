import { describe, expect, it } from 'vitest';
import { parseQuantity } from './parse-quantity.ts';

describe('parseQuantity', () => {
  it('reads a number as exact', () => {
    expect(parseQuantity('50ms', 'time')).toEqual({
      ok: true,
      value: { value: 0.05, low: 0.05, high: 0.05 },
    });
  });

  it.each([
    ['5ms..20ms', 0.01, 0.005, 0.02],
    ['5ms .. 20ms', 0.01, 0.005, 0.02],
    ['500us..2s', Math.sqrt(0.0005) * Math.sqrt(2), 0.0005, 2],
    ['0ms..20ms', 0.01, 0, 0.02],
    ['7s..7s', 7, 7, 7],
    ['1h ± 10%', 3600, 3240, 3960],
    ['1h +- 10%', 3600, 3240, 3960],
    ['1h+/-6min', 3600, 3240, 3960],
    ['100s ± 20s', 100, 80, 120],
    ['7ms (5ms..20ms)', 0.007, 0.005, 0.02],
    ['7ms(5ms..20ms)', 0.007, 0.005, 0.02],
  ] as const)('reads %s', (text, value, low, high) => {
    expect(parseQuantity(text, 'time')).toEqual({ ok: true, value: { value, low, high } });
  });

  it('reads ranges of every dimension', () => {
    expect(parseQuantity('1k..100k', 'count')).toMatchObject({ value: { low: 1e3, high: 1e5 } });
    expect(parseQuantity('10%..40%', 'ratio')).toMatchObject({ value: { value: 0.2, low: 0.1, high: 0.4 } });
    expect(parseQuantity('2x ± 0.5x', 'ratio')).toMatchObject({ value: { value: 2, low: 1.5, high: 2.5 } });
    expect(parseQuantity('1M/day..4M/day', 'growth')).toMatchObject({ ok: true });
    expect(parseQuantity('$0.05/GB..$0.20/GB', 'money/size')).toMatchObject({ ok: true });
  });

  it('keeps the middle of a range of extreme numbers within the range', () => {
    const tiny = parseQuantity('1e-300s..2e-300s', 'time');
    expect(tiny.ok && tiny.value.value / 1e-300).toBeCloseTo(Math.SQRT2, 10);
    const huge = parseQuantity('1e300s..2e300s', 'time');
    expect(huge.ok && huge.value.value / 1e300).toBeCloseTo(Math.SQRT2, 10);
  });

  it.each([
    ['5..20ms', 'unit-mismatch', 'write 5ms..20ms'],
    ['5ms..20', 'unit-mismatch', 'write 20ms or 20s'],
    ['20ms..5ms', 'out-of-range', 'write 5ms..20ms'],
    ['5ms..', 'not-a-quantity', null],
    ['..5ms', 'not-a-quantity', null],
    ['1ms..2ms..3ms', 'not-a-quantity', null],
    ['5ms..20GB', 'unit-mismatch', null],
    ['5ms-20ms', 'not-a-quantity', 'write a range as 5ms..20ms'],
    ['5ms to 20ms', 'not-a-quantity', 'write a range as 5ms..20ms'],
    ['10ms ± 200%', 'out-of-range', 'the low end would be negative'],
    ['10ms ± 20', 'unit-mismatch', 'write 20ms or 20s'],
    ['± 10%', 'not-a-quantity', null],
    ['1ms (5ms..20ms)', 'out-of-range', null],
    ['7ms (5ms)', 'not-a-quantity', null],
    ['7ms (20ms..5ms)', 'out-of-range', 'write 5ms..20ms'],
    ['x'.repeat(100_000), 'not-a-quantity', 'the text is too long'],
  ] as const)('refuses %s', (text, code, hint) => {
    expect(parseQuantity(text, 'time')).toMatchObject({ ok: false, code, hint });
  });

  it('does not guess what a percentage of a percentage means', () => {
    expect(parseQuantity('50% ± 5%', 'ratio')).toMatchObject({
      ok: false,
      code: 'not-a-quantity',
      hint: 'write a range such as 45%..55%',
    });
  });
});
