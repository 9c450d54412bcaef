import { describe, expect, it } from 'vitest';
import type { Dimension } from './dimension.ts';
import { formatQuantity } from './format.ts';
import { printDistribution, printQuantity } from './print.ts';
import { printNumber } from './print-number.ts';

const shown: readonly (readonly [number, Dimension, string])[] = [
  [0.0864, 'time', '86.4ms'],
  [60e-6, 'time', '60us'],
  [1e-10, 'time', '0.1ns'],
  [0.99996, 'time', '1s'],
  [0.9999612, 'time', '1s'],
  [90, 'time', '1.5min'],
  [3600, 'time', '1h'],
  [86_400, 'time', '1day'],
  [5 * 365 * 86_400, 'time', '5y'],
  [0, 'time', '0s'],
  [10e9 / 86_400, 'rate', '115.7k/s'],
  [1250, 'rate', '1250/s'],
  [9999.9, 'rate', '10k/s'],
  [0.02, 'rate', '1.2/min'],
  [1e6 / 86_400, 'growth', '11.57/s'],
  [0, 'rate', '0/s'],
  [16e9, 'size', '16GB'],
  [500, 'size', '500B'],
  [1234, 'size', '1.234KB'],
  [0, 'size', '0B'],
  [1.25e9, 'bandwidth', '1.25GB/s'],
  [0.9995, 'ratio', '99.95%'],
  [0.999999, 'ratio', '99.9999%'],
  [0.99999951, 'ratio', '99.99995%'],
  [1 - 2 ** -53, 'ratio', '99.99999999999999%'],
  [1, 'ratio', '100%'],
  [0.123456, 'ratio', '12.35%'],
  [2, 'ratio', '2x'],
  [0, 'ratio', '0%'],
  [8760, 'count', '8760'],
  [12_345, 'count', '12.35k'],
  [1e8, 'count', '100M'],
  [0.5, 'count', '0.5'],
  [0.1, 'money', '$0.10'],
  [12.5, 'money', '$12.50'],
  [1234567, 'money', '$1.235M'],
  [0.1 / 3600, 'money/time', '$73/month'],
  [1e-10, 'money/size', '$0.10/GB'],
  [0.1 / (1e9 * 730 * 3600), 'money/size/time', '$0.10/GB/month'],
  [2e-7, 'money/count', '$0.20/1M'],
  [-0.005, 'time', '-5ms'],
  [Number.POSITIVE_INFINITY, 'time', '∞'],
  [Number.NaN, 'time', 'unknown'],
];

describe('formatQuantity', () => {
  it.each(shown)('%d as %s: %s', (value, dimension, text) => {
    expect(formatQuantity(value, dimension)).toBe(text);
  });

  it('keeps as many digits as asked', () => {
    expect(formatQuantity(Math.PI, 'time', { digits: 2 })).toBe('3.1s');
    expect(formatQuantity(1234, 'count', { digits: 1 })).toBe('1000');
    expect(() => formatQuantity(1, 'time', { digits: 0 })).toThrow(RangeError);
    expect(() => formatQuantity(1, 'time', { digits: 16 })).toThrow(RangeError);
  });
});

describe('printNumber, printQuantity and printDistribution', () => {
  it.each([
    [0.0003, 'time', '300us'],
    [10e9 / 86_400, 'rate', '10B/day'],
    [16 * 2 ** 30, 'size', '16GiB'],
    [1.25e9, 'bandwidth', '10Gbit/s'],
    [0.9995, 'ratio', '99.95%'],
    [2, 'ratio', '2x'],
    [1e8, 'count', '100M'],
    [0, 'time', '0s'],
    [0, 'ratio', '0'],
  ] as const)('%d as %s: %s', (value, dimension, text) => {
    expect(printNumber(value, dimension)).toBe(text);
  });

  it('choose the form that tells most', () => {
    expect(printQuantity({ value: 0.01, low: 0.005, high: 0.02 }, 'time')).toBe('5ms..20ms');
    expect(printQuantity({ value: 3600, low: 3240, high: 3960 }, 'time')).toBe('1h ± 10%');
    expect(printQuantity({ value: 0.007, low: 0.005, high: 0.02 }, 'time')).toBe('7ms (5ms..20ms)');
    expect(printDistribution({ law: 'gamma', shape: 4, scale: 0.0005 }, 'time')).toBe(
      'gamma(mean: 2ms, cv: 0.5)',
    );
    expect(printDistribution({ law: 'lognormal', mu: -6, sigma: 0.5 }, 'time')).toBe(
      'lognormal(mu: -6, sigma: 0.5)',
    );
  });

  it('refuse what the parser could not read', () => {
    expect(() => printNumber(-1, 'time')).toThrow(RangeError);
    expect(() => printNumber(Number.NaN, 'time')).toThrow(RangeError);
    expect(() => printQuantity({ value: 1, low: 2, high: 3 }, 'time')).toThrow(RangeError);
  });
});
