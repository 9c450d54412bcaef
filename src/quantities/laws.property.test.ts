import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dimension } from './dimension.ts';
import type { Distribution, Uncertain } from './distribution.ts';
import { mean, scv, variance } from './moments.ts';
import { parseDistribution } from './parse-distribution.ts';
import { parseNumber } from './parse-number.ts';
import { parseQuantity } from './parse-quantity.ts';
import { printDistribution, printQuantity } from './print.ts';
import { printNumber } from './print-number.ts';
import { cdf, quantile } from './quantiles.ts';
import { scaleDistribution } from './scale.ts';

const dimension = fc.constantFrom<Dimension>(
  'time',
  'rate',
  'growth',
  'size',
  'bandwidth',
  'ratio',
  'count',
  'money',
  'money/time',
  'money/size',
  'money/size/time',
  'money/count',
);

/** Any number that a text can stand for. */
const anyAmount = fc.double({ min: 0, max: Number.MAX_VALUE, noNaN: true }).map(Math.abs);

/** What people write: few digits, some power of ten. */
const roundAmount = fc
  .tuple(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: -9, max: 12 }))
  .map(([digits, exponent]) => Number(`${digits}e${exponent}`));

const amount = fc.oneof(roundAmount, anyAmount);

/** Within what the laws are computed with. */
const scale = fc.oneof(roundAmount, fc.double({ min: 1e-9, max: 1e12, noNaN: true }));
const factorAbove1 = fc.double({ min: 1.001, max: 1e4, noNaN: true });
const shape = fc.double({ min: 0.2, max: 50, noNaN: true });

const law: fc.Arbitrary<Distribution> = fc.oneof(
  scale.map((value): Distribution => ({ law: 'constant', value })),
  scale.map((each): Distribution => ({ law: 'exponential', mean: each })),
  fc.tuple(scale, factorAbove1).map(([low, f]): Distribution => ({ law: 'uniform', low, high: low * f })),
  fc
    .tuple(scale, fc.double({ min: 0.01, max: 5, noNaN: true }))
    .map(([middle, cv]): Distribution => ({ law: 'normal', mean: middle, sd: middle * cv })),
  fc
    .tuple(fc.double({ min: -25, max: 25, noNaN: true }), fc.double({ min: 0.01, max: 3, noNaN: true }))
    .map(([mu, sigma]): Distribution => ({ law: 'lognormal', mu: mu + 0, sigma })),
  fc.tuple(shape, scale).map(([k, each]): Distribution => ({ law: 'gamma', shape: k, scale: each })),
  fc
    .tuple(fc.integer({ min: 1, max: 100 }), scale)
    .map(([k, each]): Distribution => ({ law: 'erlang', k, mean: each })),
  fc
    .tuple(fc.double({ min: 0.001, max: 0.999, noNaN: true }), scale, factorAbove1)
    .map(([p, each, f]): Distribution => ({ law: 'hyperexponential', p, mean1: each * f, mean2: each })),
  fc.tuple(scale, shape).map(([each, alpha]): Distribution => ({ law: 'pareto', scale: each, alpha })),
  fc
    .tuple(scale, factorAbove1, shape)
    .map(([low, f, alpha]): Distribution => ({ law: 'bounded-pareto', low, high: low * f, alpha })),
  fc.tuple(shape, scale).map(([k, each]): Distribution => ({ law: 'weibull', shape: k, scale: each })),
  fc
    .array(scale, { minLength: 1, maxLength: 20 })
    .map((values): Distribution => ({ law: 'empirical', values: values.sort((a, b) => a - b) })),
);

/** Laws as the parser makes them of short texts, where the telling forms have a chance. */
const writtenLaw = fc.oneof(
  fc
    .tuple(roundAmount, roundAmount)
    .map(([a, b]) => `lognormal(p50: ${Math.min(a, b)}s, p99: ${Math.max(a, b) * 2}s)`),
  fc
    .tuple(roundAmount, fc.integer({ min: 1, max: 50 }))
    .map(([a, cv]) => `gamma(mean: ${a}s, cv: ${cv / 10})`),
  fc
    .tuple(roundAmount, fc.integer({ min: 10, max: 90 }))
    .map(([a, cv]) => `hyperexponential(mean: ${a}s, cv: ${cv / 10})`),
  fc.tuple(roundAmount, fc.integer({ min: 1, max: 99 })).map(([a, share]) => `${a}s ± ${share}%`),
  fc.tuple(roundAmount, roundAmount).map(([a, b]) => `${Math.min(a, b)}s..${Math.max(a, b)}s`),
);

const continuous = law.filter(({ law: name }) => name !== 'constant' && name !== 'empirical');
const share = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });

describe('what is printed is read back exactly', () => {
  it('numbers of every dimension', () => {
    fc.assert(
      fc.property(amount, dimension, (value, of) => {
        expect(parseNumber(printNumber(value, of), of)).toEqual({ ok: true, value });
      }),
      { numRuns: 1000 },
    );
  });

  it('quantities with any bounds', () => {
    const bounds = fc.tuple(amount, amount, amount).map((three): Uncertain => {
      const [low = 0, value = 0, high = 0] = three.sort((a, b) => a - b);
      return { value, low, high };
    });
    fc.assert(
      fc.property(bounds, dimension, (value, of) => {
        expect(parseQuantity(printQuantity(value, of), of)).toEqual({ ok: true, value });
      }),
      { numRuns: 500 },
    );
  });

  it('quantities as people write them, in the form they wrote', () => {
    fc.assert(
      fc.property(roundAmount, roundAmount, (a, b) => {
        const range = `${printNumber(Math.min(a, b), 'time')}..${printNumber(Math.max(a, b) * 2, 'time')}`;
        const parsed = parseQuantity(range, 'time');
        expect(parsed.ok && printQuantity(parsed.value, 'time')).toBe(range);
      }),
    );
  });

  it('laws of every dimension', () => {
    fc.assert(
      fc.property(law, dimension, (value, of) => {
        expect(parseDistribution(printDistribution(value, of), of)).toEqual({ ok: true, value });
      }),
      { numRuns: 1000 },
    );
  });

  it('laws as people write them', () => {
    fc.assert(
      fc.property(writtenLaw, (text) => {
        const parsed = parseDistribution(text, 'time');
        if (!parsed.ok) throw new Error(`${text}: ${parsed.expected}`);
        expect(parseDistribution(printDistribution(parsed.value, 'time'), 'time')).toEqual(parsed);
      }),
      { numRuns: 500 },
    );
  });
});

describe('laws', () => {
  it('have quantiles that undo the cumulative probability', () => {
    fc.assert(
      fc.property(continuous, share, (d, p) => {
        const x = quantile(d, p);
        if (x > 0) expect(Math.abs(cdf(d, x) - p)).toBeLessThan(1e-9);
        else expect(cdf(d, 0)).toBeGreaterThanOrEqual(p - 1e-15);
      }),
      { numRuns: 2000 },
    );
  });

  it('have ascending quantiles, none negative', () => {
    fc.assert(
      fc.property(law, share, share, (d, a, b) => {
        const low = quantile(d, Math.min(a, b));
        expect(low).toBeGreaterThanOrEqual(0);
        expect(quantile(d, Math.max(a, b))).toBeGreaterThanOrEqual(low * (1 - 1e-12));
      }),
      { numRuns: 1000 },
    );
  });

  it('scale: mean, spread and quantiles with them', () => {
    fc.assert(
      fc.property(law, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), share, (d, factor, p) => {
        const scaled = scaleDistribution(d, factor);
        if (mean(d) < Number.POSITIVE_INFINITY) expect(mean(scaled) / mean(d) / factor).toBeCloseTo(1, 9);
        if (scv(d) > 1e-6 && scv(d) < Number.POSITIVE_INFINITY) {
          expect(variance(scaled) / variance(d) / factor ** 2).toBeCloseTo(1, 6);
        }
        const x = quantile(d, p);
        if (x > 0) expect(quantile(scaled, p) / x / factor).toBeCloseTo(1, 9);
      }),
      { numRuns: 1000 },
    );
  });
});
