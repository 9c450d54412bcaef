import { describe, expect, it } from 'vitest';
import { cdf, type Distribution, gammaShares, mean, quantile, variance } from '../quantities/index.ts';
import { createRandom } from './random.ts';
import { Sampler } from './sampler.ts';
import { poisson } from './variates.ts';

const DRAWS = 200_000;

/**
 * Holds a sampler against the law it claims to draw from: the empirical distribution function within the
 * Dvoretzky–Kiefer–Wolfowitz band (Massart's constant) and the mean within six standard errors, both at a
 * risk below 1e-8; where the law has jumps, only on the points between them.
 */
function holdAgainstLaw(law: Distribution): void {
  const sampler = new Sampler(law, createRandom(20_260_101, `law ${JSON.stringify(law)}`));
  const draws = Float64Array.from({ length: DRAWS }, () => sampler.draw()).sort();
  const band = Math.sqrt(Math.log(2 / 1e-9) / (2 * DRAWS));
  let worst = 0;
  for (let i = 0; i < DRAWS; i += 7) {
    const x = draws[i]!;
    // With ties at x, the function climbs from `below` to `upTo` there; a law with an atom does as well.
    const upTo = lastAtMost(draws, x) / DRAWS;
    worst = Math.max(worst, Math.abs(cdf(law, x) - upTo));
  }
  expect(worst).toBeLessThan(band);
  if (Number.isFinite(variance(law))) {
    const sum = draws.reduce((total, x) => total + x, 0);
    const error = Math.abs(sum / DRAWS - mean(law));
    expect(error).toBeLessThanOrEqual(6 * Math.sqrt(variance(law) / DRAWS) + 1e-12);
  }
  for (const p of [0.1, 0.5, 0.9, 0.99]) {
    const x = quantile(law, p);
    // The share at or below the p-quantile is at least p, the share strictly below it at most p.
    expect(lastAtMost(draws, x) / DRAWS).toBeGreaterThan(p - band);
    expect(lastAtMost(draws, x * (1 - 1e-9) - 1e-300) / DRAWS).toBeLessThan(p + band);
  }
}

function lastAtMost(sorted: Float64Array, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

const laws: Distribution[] = [
  { law: 'constant', value: 0.25 },
  { law: 'exponential', mean: 3 },
  { law: 'uniform', low: 1, high: 4 },
  { law: 'normal', mean: 10, sd: 2 },
  { law: 'normal', mean: 1, sd: 2 },
  { law: 'lognormal', mu: -1, sigma: 0.7 },
  { law: 'gamma', shape: 0.4, scale: 2 },
  { law: 'gamma', shape: 5.5, scale: 0.1 },
  { law: 'erlang', k: 3, mean: 6 },
  { law: 'erlang', k: 40, mean: 1 },
  { law: 'hyperexponential', p: 0.8872983346207417, mean1: 0.5635083268962916, mean2: 4.436491673103708 },
  { law: 'pareto', scale: 0.235, alpha: 10 },
  { law: 'pareto', scale: 1, alpha: 0.9 },
  { law: 'bounded-pareto', low: 1, high: 1000, alpha: 1.5 },
  { law: 'weibull', shape: 0.7, scale: 2 },
  { law: 'weibull', shape: 3, scale: 2 },
  { law: 'empirical', values: [1, 1, 2, 5, 8] },
];

describe('samplers', () => {
  for (const law of laws) it(`SMP-1 draws from its law: ${JSON.stringify(law)}`, () => holdAgainstLaw(law));

  it('SMP-2 draws the same values from equal streams, others from others', () => {
    const law: Distribution = { law: 'exponential', mean: 1 };
    const draw = (seed: number, purpose: string) => {
      const sampler = new Sampler(law, createRandom(seed, purpose));
      return Array.from({ length: 600 }, () => sampler.draw());
    };
    expect(draw(1, 'a')).toEqual(draw(1, 'a'));
    expect(draw(1, 'a')).not.toEqual(draw(1, 'b'));
    expect(draw(1, 'a')).not.toEqual(draw(2, 'a'));
  });
});

it.each([0, 0.3, 4, 9.9, 10, 37, 1234, 5e6])('SMP-9 Poisson counts of mean %d follow their law', (mean) => {
  const random = createRandom(20_260_101, `poisson ${mean}`);
  const draws = Float64Array.from({ length: DRAWS }, () => poisson(random, mean)).sort();
  const band = Math.sqrt(Math.log(2 / 1e-9) / (2 * DRAWS));
  for (let i = 0; i < DRAWS; i += 97) {
    const k = draws[i]!;
    // P(N ≤ k) is the upper incomplete gamma function of k + 1.
    const share = mean === 0 ? 1 : gammaShares(k + 1, mean).upper;
    expect(Math.abs(share - lastAtMost(draws, k) / DRAWS)).toBeLessThan(band);
  }
});
