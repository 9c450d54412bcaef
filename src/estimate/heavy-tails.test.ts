import { describe, expect, it } from 'vitest';
import { estimate } from './index.ts';
import { lawOf, quantiles, residual } from './law/index.ts';
import { compute, kinds, open, planOf } from './plan.fixture.ts';

const pareto = { law: 'pareto', scale: 0.003, alpha: 1.5 } as const;

describe('heavy tails', () => {
  it('a residual law keeps its tail on grids far coarser than the mean', () => {
    // P(R > x) = (1/9 ms)·∫ₓ (3 ms/u)^1.5 du = (2/3)·√(3 ms/x) beyond the scale.
    const found = quantiles(residual(lawOf(pareto)), [0.5, 0.95, 0.99, 0.999]);
    [0.5, 0.95, 0.99, 0.999].forEach((q, i) => {
      expect(found[i]! / (0.003 * (2 / (3 * (1 - q))) ** 2)).toBeCloseTo(1, 3);
    });
  });

  it('the percentiles of one call do not depend on which others are asked for', () => {
    const times = residual(lawOf({ law: 'lognormal', mu: Math.log(0.003), sigma: 1.507 }));
    const together = quantiles(times, [0.5, 0.99, 0.999]);
    [0.5, 0.99, 0.999].forEach((q, i) => {
      expect(together[i]! / quantiles(times, [q], 4096)[0]!).toBeCloseTo(1, 3);
    });
  });

  it('waits without a mean have no far percentiles, and a note names the traffic', () => {
    const { operations, stations, notes } = estimate(
      planOf([{ steps: [compute(pareto)] }], [{ arrivals: open(60) }]),
      kinds,
    );
    const { mean, p50, p95, p99, p999 } = operations['t0']!.latency;
    expect(p50.value).toBeCloseTo(0.01, 4);
    expect(p95.value).toBeCloseTo(0.742, 2);
    expect([mean, p99, p999].map(({ value }) => value)).toEqual([null, null, null]);
    expect(stations['b0.cpu']!.waitingP99.value).toBeNull();
    expect(notes.join()).toMatch(/^t0: the tail of a service time on its way is so heavy/m);
  });
});
