import { describe, expect, it } from 'vitest';
import { cdf, type Distribution, mean as meanOf, quantile } from '../../quantities/index.ts';
import { md1WaitingQuantile } from '../formulas/index.ts';
import {
  exponential,
  kth,
  type Law,
  lawOf,
  mean,
  mixture,
  moments,
  point,
  probabilityWithin,
  quantiles,
  repeated,
  residual,
  roughly,
  scaled,
  sometimes,
  sum,
  within,
  zero,
} from './index.ts';

const SHARES = [0.5, 0.95, 0.99, 0.999];

function expectClose(ours: number, exact: number, relative: number): void {
  expect(Math.abs(ours / exact - 1), `${ours} for ${exact}`).toBeLessThan(relative);
}

describe('sums', () => {
  it('O-Q26 three stations in a row: Erlang(3) percentiles', () => {
    const t = sum(exponential(2), exponential(2), exponential(2));
    const [p50, p95, p99] = quantiles(t, SHARES);
    const erlang: Distribution = { law: 'erlang', k: 3, mean: 6 };
    expectClose(p50!, quantile(erlang, 0.5), 1e-6);
    expectClose(p95!, quantile(erlang, 0.95), 1e-6);
    expectClose(p99!, quantile(erlang, 0.99), 1e-6);
    expectClose(p99!, 16.81189, 1e-6);
    expect(mean(t)).toBe(6);
  });

  it('many parts do not add up errors', () => {
    const [p99] = quantiles(repeated(exponential(1), 60), [0.99]);
    expectClose(p99!, quantile({ law: 'gamma', shape: 60, scale: 1 }, 0.99), 1e-5);
    const parts = Array.from({ length: 40 }, (): Law => lawOf({ law: 'uniform', low: 0, high: 0.01 }));
    const [slow] = quantiles(sum(exponential(100), ...parts), [0.99]);
    // The small parts shift the law by their mean.
    expectClose(slow!, -100 * Math.log(0.01) + 0.2, 3e-6);
  });

  it('a constant and an exponential are exact', () => {
    expect(quantiles(sum(point(1), exponential(2), point(3)), [0.99])[0]).toBeCloseTo(
      4 + 2 * Math.log(100),
      12,
    );
    expect(quantiles(point(5), [0.5, 0.999])).toEqual([5, 5]);
    expect(quantiles(zero, [0.5])).toEqual([0]);
  });
});

describe('leaves', () => {
  const laws: readonly Distribution[] = [
    { law: 'uniform', low: 1, high: 3 },
    { law: 'normal', mean: 5, sd: 1 },
    { law: 'lognormal', mu: 0, sigma: 1 },
    { law: 'gamma', shape: 0.4, scale: 2 },
    { law: 'erlang', k: 4, mean: 3 },
    { law: 'hyperexponential', p: 0.9, mean1: 0.5, mean2: 8 },
    { law: 'pareto', scale: 1, alpha: 1.5 },
    { law: 'bounded-pareto', low: 1, high: 1000, alpha: 1.1 },
    { law: 'weibull', shape: 0.7, scale: 2 },
  ];

  it.each(laws)('$law keeps its quantiles to 0.1 %', (of) => {
    quantiles(mixture([{ weight: 1, of: lawOf(of) }]), SHARES).forEach((ours, i) => {
      expectClose(ours, quantile(of, SHARES[i]!), 1e-3);
    });
  });

  it.each(laws)('$law within a hundredth of its size keeps its probabilities', (of) => {
    const t = quantile(of, 0.9);
    expectClose(probabilityWithin(sum(lawOf(of), point(0)), t), cdf(of, t), 1e-3);
  });

  it('values of a measured list sit where they are', () => {
    const of: Distribution = { law: 'empirical', values: [1, 2, 2, 10] };
    const [p50, p90] = quantiles(lawOf(of), [0.5, 0.9]);
    expectClose(p50!, 2, 3e-3);
    expectClose(p90!, 10, 3e-3);
    expect(mean(lawOf(of))).toBe(meanOf(of));
  });
});

describe('mixtures', () => {
  it('a hit or a miss a thousand times as slow: each percentile on its side', () => {
    const t = mixture([
      { weight: 0.97, of: sum(point(1e-4), exponential(1e-4)) },
      { weight: 0.03, of: sum(point(0.05), exponential(0.05)) },
    ]);
    const [p50, p95, p99, p999] = quantiles(t, SHARES);
    expectClose(p50!, 1e-4 - 1e-4 * Math.log(1 - 0.5 / 0.97), 1e-3);
    expectClose(p95!, 1e-4 - 1e-4 * Math.log(1 - 0.95 / 0.97), 1e-3);
    expectClose(p99!, 0.05 - 0.05 * Math.log(0.01 / 0.03), 1e-3);
    expectClose(p999!, 0.05 - 0.05 * Math.log(0.001 / 0.03), 1e-3);
    expectClose(mean(t), 0.97 * 2e-4 + 0.03 * 0.1, 1e-12);
  });

  it('waiting sometimes has a mass at nothing', () => {
    const [p50, p99] = quantiles(sometimes(0.3, exponential(1)), [0.5, 0.99]);
    expect(p50).toBe(0);
    expectClose(p99!, Math.log(30), 1e-3);
  });
});

describe('waiting', () => {
  it('O-Q07 M/D/1 by Pollaczek–Khinchine on the grid', () => {
    for (const rho of [0.5, 0.8, 0.9]) {
      const wait: Law = { law: 'geometric', part: residual(point(1)), ratio: rho, last: null };
      const shares = [0.9, 0.95, 0.99, 0.999];
      quantiles(wait, shares).forEach((ours, i) => {
        expectClose(ours, md1WaitingQuantile(rho, 1, shares[i]!), 1e-3);
      });
    }
  });

  it('the residual of a law has mean E[X²]/2E[X], on the grid as on paper', () => {
    const of = lawOf({ law: 'lognormal', mu: 0, sigma: 0.8 });
    const { mean: first, variance } = moments(of);
    expectClose(mean(residual(of)), (variance + first ** 2) / (2 * first), 1e-12);
    // Of a uniform law on [0, 1]: F(x) = 2x − x².
    expectClose(quantiles(residual(lawOf({ law: 'uniform', low: 0, high: 1 })), [0.75])[0]!, 0.5, 1e-3);
  });

  it('a bounded queue: geometric numbers up to a last one, above and below load 1', () => {
    for (const ratio of [0.5, 1, 3]) {
      const last = 6;
      const weights = Array.from({ length: last + 1 }, (_, n) => ratio ** n);
      const total = weights.reduce((a, b) => a + b);
      const plain: Law = { law: 'random-sum', part: exponential(1), weights: weights.map((w) => w / total) };
      const geometric: Law = { law: 'geometric', part: exponential(1), ratio, last };
      expectClose(mean(geometric), mean(plain), 1e-9);
      expectClose(moments(geometric).variance, moments(plain).variance, 1e-9);
      expectClose(quantiles(geometric, [0.95])[0]!, quantiles(plain, [0.95])[0]!, 1e-6);
    }
  });
});

describe('all at once', () => {
  it('O-T05 the slowest of n exponentials', () => {
    const rows = [
      [10, 2.92897, 2.70356, 6.90324],
      [100, 5.18738, 4.97515, 9.20537],
      [1000, 7.48547, 7.27461, 11.50791],
    ] as const;
    for (const [n, average, p50, p99] of rows) {
      const t = kth(Array<Law>(n).fill(exponential(1)), n);
      expectClose(mean(t), average, 1e-3);
      const [ours50, ours99] = quantiles(t, [0.5, 0.99]);
      expectClose(ours50!, p50, 1e-3);
      expectClose(ours99!, p99, 1e-3);
    }
  });

  it('the k-th of n, and unequal parts', () => {
    const two = kth([exponential(1), exponential(1), exponential(1), exponential(1)], 2);
    expectClose(mean(two), 1 / 4 + 1 / 3, 1e-3);
    // P(max ≤ t) is the product of the parts'.
    const max = kth([exponential(1), point(2)], 2);
    expectClose(mean(max), 2 + Math.exp(-2), 1e-3);
    expectClose(moments(max).variance, 4 + 6 * Math.exp(-2) - (2 + Math.exp(-2)) ** 2, 1e-2);
  });

  it('a heavy tail keeps its mean', () => {
    const t = kth([lawOf({ law: 'pareto', scale: 1, alpha: 3 }), point(0)], 2);
    expectClose(mean(t), 1.5, 1e-3);
  });
});

describe('limits and scales', () => {
  it('given that it is in time', () => {
    const { law, share } = within(sum(exponential(1), exponential(1)), 2);
    expectClose(share, 1 - 3 * Math.exp(-2), 1e-4);
    expectClose(mean(law), (2 - 10 * Math.exp(-2)) / share, 1e-3);
    expect(quantiles(law, [0.999])[0]).toBeLessThanOrEqual(2.001);
    expect(within(exponential(1), 100)).toEqual({ law: exponential(1), share: 1 });
  });

  it('a multiple of a law', () => {
    const of: Distribution = { law: 'lognormal', mu: 0, sigma: 1 };
    expectClose(quantiles(scaled(lawOf(of), 3), [0.99])[0]!, 3 * quantile(of, 0.99), 1e-3);
  });

  it('a walk that goes back is the sum of a geometric number of steps', () => {
    const t: Law = {
      law: 'journey',
      states: [
        { of: exponential(1), next: [{ state: 1, probability: 1 }] },
        { of: exponential(0), next: [{ state: 0, probability: 0.5 }] },
      ],
    };
    // A geometric sum of exponentials is exponential.
    expectClose(mean(t), 2, 1e-12);
    expectClose(moments(t).variance, 4, 1e-9);
    expectClose(quantiles(t, [0.99])[0]!, 2 * Math.log(100), 1e-3);
  });
});

describe('roughly', () => {
  it('the longest of equal exponentials is exact, that of others near', () => {
    expect(mean(roughly.kth([exponential(1), exponential(1), exponential(1)], 3))).toBeCloseTo(11 / 6, 12);
    const parts = [exponential(1), sum(point(1), exponential(0.5)), repeated(exponential(0.4), 4)];
    for (const k of [1, 2, 3]) expectClose(mean(roughly.kth(parts, k)), mean(kth(parts, k)), 0.1);
    expect(mean(roughly.kth([point(1), point(3), point(2)], 2))).toBe(2);
  });

  it('a limit cuts exponentials off exactly', () => {
    const precise = within(exponential(2), 3);
    const rough = roughly.within(exponential(2), 3);
    expect(rough.share).toBeCloseTo(precise.share, 12);
    expectClose(mean(rough.law), mean(precise.law), 1e-4);
    expect(roughly.within(exponential(1), 1e3)).toEqual({ law: exponential(1), share: 1 });
    expect(roughly.within(sum(point(5), exponential(1)), 1).share).toBe(0);
  });

  it('a limit right after a constant cuts off what takes longer, and no more', () => {
    // 10 ms, one in twenty takes longer by 100 ms on average; and a little of a wait before either.
    const answer = mixture([
      { weight: 0.95, of: point(0.01) },
      { weight: 0.05, of: sum(point(0.01), exponential(0.1)) },
    ]);
    const waited = sum(answer, point(0.001), sometimes(0.1, exponential(0.0002)));
    for (const [of, limit] of [
      [answer, 0.01],
      [answer, 0.0105],
      [waited, 0.012],
      [waited, 0.1],
    ] as const) {
      const [rough, precise] = [roughly.within(of, limit), within(of, limit)];
      // The precise one is smeared over a cell where a constant stands.
      expect(Math.abs(rough.share - precise.share)).toBeLessThan(limit === 0.01 ? 1 : 0.002);
      if (limit > 0.01) expectClose(mean(rough.law), mean(precise.law), 0.01);
    }
    expect(roughly.within(answer, 0.01).share).toBeCloseTo(0.95, 9);
    expect(roughly.within(answer, 0.0099).share).toBe(0);
    expect(roughly.within(point(0.01), 0.01).share).toBe(1);
  });

  it('of times without mean the shortest still has one', () => {
    const endless = lawOf({ law: 'pareto', scale: 1, alpha: 0.9 });
    expect(mean(roughly.kth([endless, exponential(1)], 2))).toBe(Number.POSITIVE_INFINITY);
    expectClose(mean(roughly.kth([endless, exponential(1)], 1)), 1, 0.01);
  });
});
