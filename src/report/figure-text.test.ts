import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countText, decimalText, figureLine, valueText } from './figure-text.ts';
import type { Figure } from './report.ts';
import { themeOf } from './theme.ts';

const theme = themeOf({});

const line = (value: number | null, low: number | null, high: number | null, unit: Figure['unit']) =>
  figureLine({ value, low, high, unit }, theme, 'share');

describe('figures are written with the digits that their interval supports', () => {
  test.each([
    [line(0.0864, 0.0852, 0.0876, 's'), '86.4 ms ± 1.2'],
    [line(0.23, 0.226, 0.234, 's'), '230 ms ± 4'],
    [line(0.999886, 0.999864, 0.999908, '1'), '99.989 % ± 0.002'],
    [line(115_741, 115_581, 115_901, '1/s'), '115.7k/s ± 0.2'],
    [line(4.354183e-3, 4.354172e-3, 4.354194e-3, 's'), '4.354 ms ± 0.001'],
    [line(2314, 2284, 2344, 'B'), '2.31 KB ± 0.03'],
    [line(1.2e-6, 1.1e-6, 1.3e-6, 's'), '1.20 µs ± 0.10'],
  ])('%s', (written, expected) => expect(written).toBe(expected));

  test('an exact figure has no margin', () => {
    expect(line(0.05, 0.05, 0.05, 's')).toBe('50 ms');
    expect(line(1, 1, 1, '1')).toBe('100 %');
    expect(line(0, 0, 0, 's')).toBe('0 s');
  });

  test('what rounds to nothing has no sign', () => {
    expect(decimalText(-0.3, 0)).toBe('0');
    expect(decimalText(-0.02, 1)).toBe('0.0');
    expect(decimalText(-0.06, 1)).toBe('-0.1');
  });

  test('what rounds up to the next unit is written in it', () => {
    expect(valueText(999_999_980, 'B', theme)).toBe('1 GB');
    expect(valueText(0.9999996e-6, 's', theme)).toBe('1 µs');
    expect(valueText(0.99999e-3, 's', theme)).toBe('1 ms');
    expect(valueText(999.99, '1/s', theme)).toBe('1k/s');
    expect(valueText(999_800_000, 'B', theme)).toBe('999.8 MB');
    expect(valueText(999_960, '1', theme)).toBe('999,960');
  });

  test('a lopsided interval is written as its ends', () => {
    expect(line(0.0098, 0.005, 0.02, 's')).toBe('10 ms (5..20)');
    expect(line(1, 0.9702, 1, '1')).toBe('100 % (97..100)');
    expect(line(1, 0.9999, 1, '1')).toBe('100 % (99.990..100)');
    expect(line(9.6e11, 6e11, 1.5e12, 'B')).toBe('1.0 TB (0.6..1.5)');
    expect(line(0.001, 0.000001, 4000, 's')).toMatch(/\(1 µs\.\.66\.67 min\)$/);
  });

  test('an interval that was cut off at 0 is written as its ends', () => {
    expect(line(8.03e-6, 0, 16.8e-6, 's')).toBe('8 µs (0..17)');
  });

  test('a lopsided interval that is hardly wider than a digit is written as a margin', () => {
    expect(line(0.000934, 0.000934, 0.0009347, 's')).toBe('934.0 µs ± 0.7');
    expect(line(0.000934, 0.0009339, 0.0009347, 's')).toBe('934.0 µs ± 0.7');
  });

  test('what is next to nothing is written so', () => {
    expect(line(1e-12, 1e-13, 1e-11, 's')).toBe('≈0');
    expect(line(1e-18, 1e-19, 4.356e-7, 's')).toBe('≈0 (0..435.6 ns)');
    expect(figureLine({ value: 1e-7, low: 1e-7, high: 1e-7, unit: '1' }, theme)).toBe('≈0');
    expect(line(1e-7, 1e-7, 1e-7, '1')).toBe('0.00001 %');
  });

  test('a figure without interval says so, an unknown one too', () => {
    expect(line(0.05, null, null, 's')).toBe('50 ms ± ?');
    expect(line(null, null, null, 's')).toBe('unknown');
  });

  test('a share just below 1 is never rounded up to it', () => {
    expect(valueText(0.999995, '1', theme, 'share')).toBe('99.9995 %');
    expect(valueText(0.99995, '1', theme, 'share')).toBe('99.995 %');
  });
});

describe('units suit the size of the number', () => {
  test.each([
    [valueText(115_740.7, '1/s', theme), '115.7k/s'],
    [valueText(0.0005, '1/s', theme), '1.8/h'],
    [valueText(16e9, 'B', theme), '16 GB'],
    [valueText(5 * 365 * 86_400, 's', theme), '5 y'],
    [valueText(90, 's', theme), '90 s'],
    [valueText(57.9e6, 'B/s', theme), '57.9 MB/s'],
    [valueText(12.5, '$', theme), '$12.5'],
    [valueText(1e8, '1', theme), '100M'],
    [valueText(12_345, '1', theme), '12,345'],
    [countText(1_204_331), '1,204,331'],
    [valueText(4e-6, 's', themeOf({ unicode: false })), '4 us'],
  ])('%s', (written, expected) => expect(written).toBe(expected));
});

test('any finite figure is written without NaN, infinity or exponents', () => {
  const units: Figure['unit'][] = ['s', '1/s', '1', 'B', 'B/s', '$', '$/s'];
  const amount = fc.double({ min: 0, max: 1e15, noNaN: true });
  fc.assert(
    fc.property(amount, amount, amount, fc.constantFrom(...units), fc.boolean(), (a, b, c, unit, share) => {
      const [low, value, high] = [a, b, c].sort((x, y) => x - y) as [number, number, number];
      const text = figureLine({ value, low, high, unit }, theme, share ? 'share' : 'count');
      expect(text).not.toMatch(/NaN|Infinity|undefined|null|\de[+-]?\d/);
    }),
  );
});
