import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import { balanceAlgorithms, createBalancer } from './index.ts';

describe.each(balanceAlgorithms)('%s', (algorithm) => {
  it('B1 picks an existing target and keeps exact books, whatever starts and ends', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.nat(),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 200 }),
        (targets, seed, plan) => {
          const balancer = createBalancer(algorithm, targets);
          const random = createRandom(seed);
          const running: number[] = [];
          for (const step of plan) {
            if (step < 0.6 || running.length === 0) {
              const before = [...balancer.inFlight];
              const target = balancer.pick(random);
              expect(Number.isInteger(target) && target >= 0 && target < targets).toBe(true);
              expect([...balancer.inFlight]).toEqual(before);
              balancer.started(target);
              running.push(target);
            } else {
              const [target] = running.splice(Math.floor(step * running.length), 1);
              balancer.finished(target!);
            }
          }
          for (let target = 0; target < targets; target++) {
            expect(balancer.inFlight[target]).toBe(running.filter((other) => other === target).length);
          }
        },
      ),
    );
  });

  it('B2 decides alike for the same seed and history', () => {
    const picks = (seed: number) => {
      const balancer = createBalancer(algorithm, 7);
      const random = createRandom(seed);
      return Array.from({ length: 100 }, (_, i) => {
        const target = balancer.pick(random);
        balancer.started(target);
        if (i % 3 === 2) balancer.finished(target);
        return target;
      });
    };
    expect(picks(3)).toEqual(picks(3));
  });

  it('B3 spreads evenly over idle targets', () => {
    const targets = 8;
    const draws = 80_000;
    const balancer = createBalancer(algorithm, targets);
    const random = createRandom(11);
    const counts = new Float64Array(targets);
    for (let i = 0; i < draws; i++) {
      const target = balancer.pick(random);
      counts[target] = counts[target]! + 1;
    }
    const expected = draws / targets;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 99.99 % quantile of the chi-square law with 7 degrees of freedom.
    expect(chiSquare).toBeLessThan(29.88);
  });

  it('B4 has one choice with one target', () => {
    const balancer = createBalancer(algorithm, 1);
    const random = createRandom(1);
    for (let i = 0; i < 5; i++) {
      expect(balancer.pick(random)).toBe(0);
      balancer.started(0);
    }
  });

  it('B5 refuses impossible calls by name', () => {
    expect(() => createBalancer(algorithm, 0)).toThrow(/targets must be a whole number ≥ 1, got 0/);
    expect(() => createBalancer(algorithm, 1.5)).toThrow(RangeError);
    const balancer = createBalancer(algorithm, 2);
    expect(() => balancer.started(2)).toThrow(/target must be from 0 to 1, got 2/);
    expect(() => balancer.finished(Number.NaN)).toThrow(RangeError);
    expect(() => balancer.finished(1)).toThrow(/without a request in flight/);
    expect([...balancer.inFlight]).toEqual([0, 0]);
  });
});

it('createBalancer lists the algorithms when it does not know one', () => {
  expect(() => createBalancer('toString' as 'random', 2)).toThrow(/one of random, round-robin/);
});
