import { describe, expect, it } from 'vitest';
import type { Distribution } from './distribution.ts';
import { mean, scv, variance } from './moments.ts';
import { cdf, quantile } from './quantiles.ts';
import { scaleDistribution } from './scale.ts';

/**
 * E[X^k] as the integral of quantile(p)^k over p, by the trapezium rule in t with p = 1 / (1 + e^-t), which
 * spreads both tails out. It ends where 1 - p has no digits left: these laws carry little beyond 1e-15.
 */
function momentByQuantiles(d: Distribution, k: number): number {
  const end = 34.5;
  const steps = 40_000;
  const width = (2 * end) / steps;
  let sum = 0;
  for (let i = 1; i < steps; i++) {
    const odds = Math.exp(-end + i * width);
    sum += (quantile(d, odds / (1 + odds)) ** k * odds) / (1 + odds) ** 2;
  }
  return sum * width;
}

const laws: readonly Distribution[] = [
  { law: 'constant', value: 3 },
  { law: 'exponential', mean: 0.01 },
  { law: 'uniform', low: 1, high: 5 },
  { law: 'normal', mean: 10, sd: 1 },
  { law: 'normal', mean: 1, sd: 1 },
  { law: 'normal', mean: 0, sd: 2 },
  { law: 'normal', mean: -3, sd: 2 },
  { law: 'lognormal', mu: -6, sigma: 0.65 },
  { law: 'lognormal', mu: 3, sigma: 1 },
  { law: 'gamma', shape: 0.5, scale: 2 },
  { law: 'gamma', shape: 4, scale: 0.5 },
  { law: 'gamma', shape: 400, scale: 0.01 },
  { law: 'erlang', k: 3, mean: 6 },
  { law: 'hyperexponential', p: 0.1, mean1: 5, mean2: 0.5 },
  { law: 'pareto', scale: 2, alpha: 8 },
  { law: 'bounded-pareto', low: 1, high: 100, alpha: 1.5 },
  { law: 'bounded-pareto', low: 1, high: 100, alpha: 1 },
  { law: 'bounded-pareto', low: 1, high: 100, alpha: 2 },
  { law: 'bounded-pareto', low: 1, high: 100, alpha: 2 + 1e-9 },
  { law: 'weibull', shape: 0.7, scale: 3 },
  { law: 'weibull', shape: 5, scale: 3 },
];

describe('mean and variance', () => {
  it.each(laws)('$law agree with the integral of the quantiles %#', (d) => {
    const first = momentByQuantiles(d, 1);
    const second = momentByQuantiles(d, 2);
    // The trapezium rule loses digits at the corner of a cut normal, hence 1e-6 and not less.
    expect(Math.abs(mean(d) / first - 1)).toBeLessThan(1e-6);
    expect(Math.abs((variance(d) + mean(d) ** 2) / second - 1)).toBeLessThan(1e-6);
    expect(Math.abs(variance(d) - (second - first ** 2))).toBeLessThan(2e-6 * second);
  });

  it('of an empirical law are those of its values', () => {
    const d: Distribution = { law: 'empirical', values: [1, 2, 3, 6] };
    expect(mean(d)).toBe(3);
    expect(variance(d)).toBe(3.5);
  });

  it('are infinite where a pareto has none', () => {
    expect(mean({ law: 'pareto', scale: 1, alpha: 1 })).toBe(Number.POSITIVE_INFINITY);
    expect(variance({ law: 'pareto', scale: 1, alpha: 1 })).toBe(Number.POSITIVE_INFINITY);
    expect(mean({ law: 'pareto', scale: 1, alpha: 1.5 })).toBe(3);
    expect(variance({ law: 'pareto', scale: 1, alpha: 1.5 })).toBe(Number.POSITIVE_INFINITY);
    expect(scv({ law: 'pareto', scale: 1, alpha: 2 })).toBe(Number.POSITIVE_INFINITY);
  });

  it('of a normal far from 0 are its parameters, to the last digits', () => {
    const d: Distribution = { law: 'normal', mean: 100, sd: 1 };
    expect(mean(d)).toBe(100);
    expect(variance(d)).toBeCloseTo(1, 14);
  });
});

describe('scv', () => {
  it('is that of the textbook', () => {
    expect(scv({ law: 'constant', value: 0 })).toBe(0);
    expect(scv({ law: 'exponential', mean: 7 })).toBe(1);
    expect(scv({ law: 'erlang', k: 4, mean: 7 })).toBe(0.25);
    expect(scv({ law: 'gamma', shape: 0.25, scale: 7 })).toBe(4);
    expect(scv({ law: 'uniform', low: 0, high: 1 })).toBeCloseTo(1 / 3, 15);
  });
});

describe('quantiles', () => {
  it('of an exponential are logarithms', () => {
    expect(quantile({ law: 'exponential', mean: 0.05 }, 0.99)).toBeCloseTo(0.05 * Math.log(100), 15);
  });

  it('of an empirical law are its values, each with its share', () => {
    const values = Array.from({ length: 100 }, (_, i) => i + 1);
    const d: Distribution = { law: 'empirical', values };
    for (const value of values) {
      expect(quantile(d, value / 100)).toBe(value);
      expect(cdf(d, value)).toBe(value / 100);
      expect(cdf(d, value - 0.5)).toBe((value - 1) / 100);
    }
    expect(quantile(d, 0)).toBe(1);
    expect(quantile(d, 0.501)).toBe(51);
  });

  it('reach the ends of the law', () => {
    const bounded: readonly (readonly [Distribution, number, number])[] = [
      [{ law: 'uniform', low: 1, high: 5 }, 1, 5],
      [{ law: 'bounded-pareto', low: 1, high: 5, alpha: 1.5 }, 1, 5],
      [{ law: 'pareto', scale: 2, alpha: 1 }, 2, Number.POSITIVE_INFINITY],
      [{ law: 'normal', mean: 1, sd: 1 }, 0, Number.POSITIVE_INFINITY],
      [{ law: 'gamma', shape: 2, scale: 1 }, 0, Number.POSITIVE_INFINITY],
      [{ law: 'hyperexponential', p: 0.1, mean1: 2, mean2: 1 }, 0, Number.POSITIVE_INFINITY],
    ];
    for (const [d, low, high] of bounded) {
      expect(quantile(d, 0)).toBeCloseTo(low, 12);
      expect(quantile(d, 1)).toBe(high);
      expect(cdf(d, -1)).toBe(0);
      expect(cdf(d, Number.POSITIVE_INFINITY)).toBe(1);
    }
  });

  it('of a cut normal put on 0 what would be negative', () => {
    const d: Distribution = { law: 'normal', mean: 1, sd: 1 };
    expect(quantile(d, 0.1)).toBe(0);
    expect(cdf(d, 0)).toBeCloseTo(0.15865525393145707, 15);
    expect(cdf(d, -1e-9)).toBe(0);
  });

  it('of a hyperexponential hold their digits in both tails', () => {
    const d: Distribution = { law: 'hyperexponential', p: 1e-6, mean1: 1e6, mean2: 1 };
    for (const p of [1e-12, 1e-6, 0.3, 0.5, 0.999, 0.9999999]) {
      expect(Math.abs(cdf(d, quantile(d, p)) / p - 1)).toBeLessThan(1e-12);
    }
  });

  it('refuse what is no probability and no number', () => {
    expect(() => quantile({ law: 'constant', value: 1 }, 1.5)).toThrow(RangeError);
    expect(() => quantile({ law: 'constant', value: 1 }, Number.NaN)).toThrow(RangeError);
    expect(() => cdf({ law: 'constant', value: 1 }, Number.NaN)).toThrow(RangeError);
  });
});

describe('scaleDistribution', () => {
  it('by 0 leaves 0', () => {
    expect(scaleDistribution({ law: 'lognormal', mu: 1, sigma: 1 }, 0)).toEqual({
      law: 'constant',
      value: 0,
    });
  });

  it('refuses what would make a law negative or nothing', () => {
    for (const factor of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => scaleDistribution({ law: 'constant', value: 1 }, factor)).toThrow(RangeError);
    }
  });
});
