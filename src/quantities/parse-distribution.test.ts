import { describe, expect, it } from 'vitest';
import type { Distribution } from './distribution.ts';
import { mean, scv } from './moments.ts';
import { parseDistribution } from './parse-distribution.ts';
import { quantile } from './quantiles.ts';

function read(text: string | number, dimension: 'time' | 'count' | 'size' = 'time'): Distribution {
  const parsed = parseDistribution(text, dimension);
  if (!parsed.ok) throw new Error(`${text}: found ${parsed.found}, expected ${parsed.expected}`);
  return parsed.value;
}

describe('parseDistribution reads', () => {
  it.each([
    ['10ms', { law: 'constant', value: 0.01 }],
    ['constant(10ms)', { law: 'constant', value: 0.01 }],
    ['0s', { law: 'constant', value: 0 }],
    ['exponential(10ms)', { law: 'exponential', mean: 0.01 }],
    ['exponential( mean : 10ms )', { law: 'exponential', mean: 0.01 }],
    ['exponential(mean=10ms)', { law: 'exponential', mean: 0.01 }],
    ['uniform(1ms, 3ms)', { law: 'uniform', low: 0.001, high: 0.003 }],
    ['uniform(high: 3ms, low: 1ms)', { law: 'uniform', low: 0.001, high: 0.003 }],
    ['normal(mean: 10ms, sd: 2ms)', { law: 'normal', mean: 0.01, sd: 0.002 }],
    ['gamma(shape: 2, scale: 3ms)', { law: 'gamma', shape: 2, scale: 0.003 }],
    ['erlang(2, 10ms)', { law: 'erlang', k: 2, mean: 0.01 }],
    [
      'hyperexponential(p: 10%, mean1: 1s, mean2: 1ms)',
      { law: 'hyperexponential', p: 0.1, mean1: 1, mean2: 0.001 },
    ],
    ['pareto(scale: 1ms, alpha: 1.5)', { law: 'pareto', scale: 0.001, alpha: 1.5 }],
    [
      'bounded-pareto(low: 1ms, high: 1s, alpha: 1.5)',
      { law: 'bounded-pareto', low: 0.001, high: 1, alpha: 1.5 },
    ],
    ['weibull(shape: 0.5, scale: 1ms)', { law: 'weibull', shape: 0.5, scale: 0.001 }],
    ['lognormal(mu: -6.5, sigma: 0.5)', { law: 'lognormal', mu: -6.5, sigma: 0.5 }],
    ['empirical(3ms, 1ms, 2ms)', { law: 'empirical', values: [0.001, 0.002, 0.003] }],
    ['1h ± 10%', { law: 'uniform', low: 3240, high: 3960 }],
    ['5ms..5ms', { law: 'constant', value: 0.005 }],
  ] as const)('%s', (text, law) => {
    expect(read(text)).toEqual(law);
  });

  it('a range as the lognormal with these 5 % and 95 % quantiles', () => {
    const law = read('5ms..20ms');
    expect(law.law).toBe('lognormal');
    expect(quantile(law, 0.05)).toBeCloseTo(0.005, 14);
    expect(quantile(law, 0.95)).toBeCloseTo(0.02, 14);
  });

  it.each([
    ['p90', 0.9],
    ['p95', 0.95],
    ['p99', 0.99],
    ['p999', 0.999],
  ] as const)('a lognormal through p50 and %s', (name, share) => {
    const law = read(`lognormal(p50: 2ms, ${name}: 9ms)`);
    expect(quantile(law, 0.5)).toBeCloseTo(0.002, 14);
    expect(quantile(law, share)).toBeCloseTo(0.009, 14);
  });

  it.each(['lognormal', 'gamma', 'hyperexponential'])('%s by mean and cv', (name) => {
    for (const cv of [1, 1.5, 7, 100]) {
      const law = read(`${name}(mean: 3ms, cv: ${cv})`);
      expect(mean(law) / 0.003).toBeCloseTo(1, 12);
      expect(scv(law) / cv ** 2).toBeCloseTo(1, 9);
    }
  });

  it('a hyperexponential as two phases that carry half of the mean each, at any cv', () => {
    for (const cv of [1, 2, 1e3, 1e6]) {
      const law = read(`hyperexponential(mean: 1s, cv: ${cv})`);
      if (law.law !== 'hyperexponential') throw new Error(law.law);
      expect(law.p * law.mean1).toBeCloseTo(0.5, 14);
      expect((1 - law.p) * law.mean2).toBeCloseTo(0.5, 14);
      expect(scv(law) / cv ** 2).toBeCloseTo(1, 9);
    }
  });

  it('a law of plain numbers', () => {
    expect(read(3, 'count')).toEqual({ law: 'constant', value: 3 });
    expect(read('uniform(1, 5)', 'count')).toEqual({ law: 'uniform', low: 1, high: 5 });
    expect(read('exponential(10kB)', 'size')).toEqual({ law: 'exponential', mean: 10_000 });
    expect(mean(read('hyperexponential(mean: 1, cv: 2)', 'count'))).toBeCloseTo(1, 14);
  });

  it('the values of a file, in base units', () => {
    const files = (path: string): readonly number[] => (path === 'times/a-b.csv' ? [0.3, 0.1] : []);
    const law = { law: 'empirical', values: [0.1, 0.3] };
    expect(parseDistribution('empirical(file: times/a-b.csv)', 'time', files)).toEqual({
      ok: true,
      value: law,
    });
    expect(parseDistribution('empirical(file: "times/a-b.csv")', 'time', files)).toEqual({
      ok: true,
      value: law,
    });
    expect(parseDistribution('empirical(file: none)', 'time', files)).toMatchObject({
      hint: 'the file is empty',
    });
  });
});

describe('parseDistribution refuses', () => {
  it.each([
    ['fast', 'not-a-quantity', null],
    ['constructor', 'not-a-quantity', null],
    ['__proto__(1)', 'not-a-quantity', null],
    ['expnential(10ms)', 'not-a-quantity', 'did you mean exponential?'],
    ['Exponential(10ms)', 'not-a-quantity', 'did you mean exponential?'],
    ['exponential', 'not-a-quantity', null],
    ['exponential()', 'not-a-quantity', null],
    ['exponential(1ms, 2ms)', 'not-a-quantity', null],
    ['exponential(10ms', 'not-a-quantity', 'the closing parenthesis is missing or not at the end'],
    ['exponential(10ms) + 1ms', 'not-a-quantity', 'the closing parenthesis is missing or not at the end'],
    ['exponential((10ms))', 'not-a-quantity', null],
    ['exponential(10ms,)', 'not-a-quantity', null],
    ['exponential(mean: 1ms, mean: 2ms)', 'not-a-quantity', null],
    ['exponential(maen: 1ms)', 'not-a-quantity', 'did you mean mean:?'],
    ['exponential(10)', 'unit-mismatch', 'write 10ms or 10s'],
    ['exponential(10GB)', 'unit-mismatch', null],
    ['exponential(-1ms)', 'out-of-range', 'it cannot be negative'],
    ['exponential(0ms)', 'out-of-range', null],
    ['uniform(3ms, 1ms)', 'out-of-range', 'swap the two ends'],
    ['uniform(1ms, high: 3ms)', 'not-a-quantity', null],
    ['normal(10ms, 1ms)', 'not-a-quantity', 'its parameters need their names'],
    ['normal(mean: 10ms, sd: 0ms)', 'out-of-range', null],
    ['lognormal(2ms, 9ms)', 'not-a-quantity', 'its parameters need their names'],
    ['lognormal(p50: 9ms, p99: 2ms)', 'out-of-range', null],
    ['lognormal(p50: 9ms, p99: 9ms)', 'out-of-range', 'write a constant when nothing varies'],
    ['lognormal(mean: 9ms, p99: 20ms)', 'not-a-quantity', null],
    ['lognormal(mean: 9ms, cv: 0)', 'out-of-range', null],
    ['gamma(mean: 9ms, cv: 0.00001)', 'out-of-range', 'write a constant when nothing varies'],
    ['gamma(shape: 1e9, scale: 1ms)', 'out-of-range', 'write a constant when nothing varies'],
    ['gamma(shape: 0, scale: 1ms)', 'out-of-range', null],
    ['erlang(0, 10ms)', 'out-of-range', null],
    ['erlang(1.5, 10ms)', 'out-of-range', null],
    ['erlang(1000001, 10ms)', 'out-of-range', null],
    ['erlang(10ms, 2)', 'unit-mismatch', null],
    [
      'hyperexponential(mean: 1ms, cv: 0.5)',
      'out-of-range',
      'write gamma(mean: …, cv: …), which takes any cv above 0',
    ],
    ['hyperexponential(p: 2, mean1: 1ms, mean2: 2ms)', 'out-of-range', null],
    ['pareto(scale: 1ms, alpha: 0)', 'out-of-range', null],
    ['pareto(scale: 1ms, alpha: -1)', 'out-of-range', 'it cannot be negative'],
    ['bounded-pareto(low: 1s, high: 1ms, alpha: 1)', 'out-of-range', 'swap the two ends'],
    ['bounded-pareto(low: 0s, high: 1ms, alpha: 1)', 'out-of-range', null],
    ['weibull(shape: 0, scale: 1ms)', 'out-of-range', null],
    ['lognormal(mean: 1s, cv: 1e200)', 'out-of-range', null],
    ['gamma(mean: 1e300s, cv: 1e200)', 'out-of-range', null],
    ['empirical()', 'not-a-quantity', null],
    ['empirical(1ms, 2)', 'unit-mismatch', 'write 2ms or 2s'],
    ['empirical(file: times.csv)', 'not-a-quantity', 'no files can be read here'],
    ['0ms..20ms', 'out-of-range', 'write uniform(0ms, 20ms) for any value up to the high end'],
    ['7ms (5ms..20ms)', 'not-a-quantity', 'write lognormal(p50: …, p99: …)'],
    ['10', 'unit-mismatch', 'write 10ms or 10s'],
    ['(', 'not-a-quantity', null],
    ['', 'not-a-quantity', null],
  ] as const)('%s', (text, code, hint) => {
    expect(parseDistribution(text, 'time')).toMatchObject({ ok: false, code, hint });
  });

  it('says which argument is at fault, and how the law is written', () => {
    expect(parseDistribution('uniform(1ms, 3GB)', 'time')).toMatchObject({ found: 'high: 3GB (a size)' });
    expect(parseDistribution('empirical(1ms, x)', 'time')).toMatchObject({ found: 'value 2: x' });
    expect(parseDistribution('gamma(1ms)', 'time')).toMatchObject({
      expected: 'gamma(mean: …, cv: …) or gamma(shape: …, scale: …)',
    });
  });

  it('files with faults', () => {
    const read = (values: readonly number[]) => parseDistribution('empirical(file: a)', 'time', () => values);
    expect(read([1, -1])).toMatchObject({ code: 'out-of-range', hint: 'value 2 is -1' });
    expect(read([Number.NaN])).toMatchObject({ code: 'out-of-range', hint: 'value 1 is NaN' });
    const missing = parseDistribution('empirical(file: a)', 'time', () => {
      throw new Error('no such file');
    });
    expect(missing).toMatchObject({ ok: false, hint: 'no such file' });
  });
});

describe('hostile texts', () => {
  it.each([
    'a'.repeat(1e6),
    `exponential(${'1'.repeat(1e6)})`,
    `exponential(${'('.repeat(90_000)})`,
    `empirical(${','.repeat(90_000)})`,
    `exponential(${' '.repeat(90_000)}`,
    `x${' '.repeat(90_000)}(`,
    `exponential(a${' '.repeat(90_000)}b)`,
    '1'.repeat(1e6),
    `1${' '.repeat(90_000)}x`,
    '1e'.repeat(90),
    `1${'/s'.repeat(90)}`,
    `1${'ms1'.repeat(60)}`,
    '± '.repeat(90),
    '..'.repeat(90),
    '\u0000'.repeat(1000),
  ])(
    'end in a problem, soon (case %#)',
    (text) => {
      for (const dimension of ['time', 'count', 'money/size/time'] as const) {
        const parsed = parseDistribution(text, dimension);
        expect(parsed.ok).toBe(false);
        if (!parsed.ok) expect(parsed.found.length).toBeLessThan(100);
      }
    },
    1000,
  );
});
