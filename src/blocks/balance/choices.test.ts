import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import { type BalanceAlgorithm, type BalancerOptions, createBalancer } from './index.ts';

describe('power of d choices', () => {
  it('P4 decides with two choices exactly as power-of-two does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(), (targets, seed) => {
        const two = createBalancer('power-of-two', targets);
        const d = createBalancer('power-of-d', targets, { choices: 2 });
        const randomOfTwo = createRandom(seed);
        const randomOfD = createRandom(seed);
        for (let i = 0; i < 60; i++) {
          const target = two.pick(randomOfTwo, 0, 0);
          expect(d.pick(randomOfD, 0, 0)).toBe(target);
          two.started(target, 0);
          d.started(target, 0);
          if (i === 30) {
            two.setAvailable(0, false);
            d.setAvailable(0, false);
            if (targets === 1) return;
          }
        }
      }),
    );
  });

  it('P5 never picks one of the d − 1 busiest, and looks at d distinct ones', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 1, max: 15 }),
        fc.nat(),
        (n, d, seed) => {
          const balancer = createBalancer('power-of-d', n, { choices: d });
          const random = createRandom(seed);
          for (let target = 0; target < n; target++) {
            for (let i = 0; i < target; i++) balancer.started(target, 0);
          }
          for (let i = 0; i < 50; i++) {
            expect(balancer.pick(random, 0, 0)).toBeLessThanOrEqual(n - Math.min(d, n));
          }
        },
      ),
    );
  });
});

/** Shares of trials in which n balls thrown into n bins leave each number in the fullest. */
function fullest(algorithm: BalanceAlgorithm, options: BalancerOptions, bins: number, trials: number) {
  const random = createRandom(9);
  const shares = new Map<number, number>();
  for (let trial = 0; trial < trials; trial++) {
    const balancer = createBalancer(algorithm, bins, options);
    for (let ball = 0; ball < bins; ball++) balancer.started(balancer.pick(random, 0, 0), 0);
    const most = balancer.inFlight.reduce((a, b) => Math.max(a, b));
    shares.set(most, (shares.get(most) ?? 0) + 1 / trials);
  }
  return shares;
}

describe('balls into bins', () => {
  const one = [
    [256, 10_000, { 3: 0.0044, 4: 0.384, 5: 0.475, 6: 0.117, 7: 0.0175 }],
    [4096, 2000, { 5: 0.0865, 6: 0.625, 7: 0.2475, 8: 0.0363 }],
  ] as const;
  const two = [
    [256, 10_000, { 2: 0.104, 3: 0.894, 4: 0.003 }],
    [4096, 2000, { 3: 0.974, 4: 0.026 }],
  ] as const;

  it.each([
    ...one.map((row) => ['random', {}, ...row] as const),
    ...two.map((row) => ['power-of-two', {}, ...row] as const),
  ])('O-L09 %s %o: the fullest of %d bins', (algorithm, options, bins, trials, expected) => {
    const shares = fullest(algorithm, options, bins, trials);
    for (const [most, share] of Object.entries(expected)) {
      const found = shares.get(Number(most)) ?? 0;
      // Four standard deviations of both experiments (the published one: 10^4 trials, and with replacement).
      const spread = 4 * Math.sqrt(share * (1 - share) * (1 / trials + 1e-4));
      expect(Math.abs(found - share)).toBeLessThan(spread);
    }
  });
});
