import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Random } from '../../kernel/index.ts';
import { type BalanceAlgorithm, createBalancer } from './index.ts';

const never: Random = { next: () => expect.fail('drew') };

function picks(algorithm: BalanceAlgorithm, weights: readonly number[], count: number): number[] {
  const balancer = createBalancer(algorithm, weights.length, { weights });
  return Array.from({ length: count }, () => balancer.pick(never, 0, 0));
}

const weightLists = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 });

describe('weighted round robin', () => {
  it('W1 goes a a b a c a a with weights 5, 1, 1, as nginx does', () => {
    expect(picks('weighted-round-robin', [5, 1, 1], 14).join('')).toBe('0010200'.repeat(2));
  });

  it('W2 gives each target exactly its weight in any round, and begins each round alike', () => {
    fc.assert(
      fc.property(weightLists, (weights) => {
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const round = picks('weighted-round-robin', weights, 3 * total);
        expect(round.slice(total, 2 * total)).toEqual(round.slice(0, total));
        for (const start of [0, 1, Math.floor(total / 2)]) {
          const stretch = round.slice(start, start + total);
          weights.forEach((weight, target) => {
            expect(stretch.filter((other) => other === target).length).toBe(weight);
          });
        }
      }),
    );
  });

  it('W3 is round robin where weights are equal', () => {
    expect(picks('weighted-round-robin', [0.7, 0.7, 0.7], 7)).toEqual([0, 1, 2, 0, 1, 2, 0]);
  });

  it('W4 goes by weights changed on the way', () => {
    const balancer = createBalancer('weighted-round-robin', 2, { weights: [1000, 1] });
    for (let i = 0; i < 500; i++) balancer.pick(never, 0, 0);
    balancer.setWeight(0, 1);
    const after = Array.from({ length: 20 }, () => balancer.pick(never, 0, 0));
    expect(after.filter((target) => target === 0).length).toBeGreaterThanOrEqual(9);
    expect(after.filter((target) => target === 0).length).toBeLessThanOrEqual(11);
  });
});

describe('weighted least connections', () => {
  it('L1 picks the least in flight for its weight', () => {
    fc.assert(
      fc.property(
        weightLists,
        fc.array(fc.nat({ max: 5 }), { minLength: 8, maxLength: 8 }),
        (weights, load) => {
          const balancer = createBalancer('weighted-least-connections', weights.length, { weights });
          weights.forEach((_, target) => {
            for (let i = 0; i < load[target]!; i++) balancer.started(target, 0);
          });
          for (let i = 0; i < 20; i++) {
            const ratios = weights.map((weight, target) => balancer.inFlight[target]! / weight);
            const target = balancer.pick(never, 0, 0);
            expect(ratios[target]).toBeCloseTo(Math.min(...ratios), 12);
            balancer.started(target, 0);
          }
        },
      ),
    );
  });

  it('L2 fills up in proportion to the weights', () => {
    const weights = [1, 2, 5];
    const balancer = createBalancer('weighted-least-connections', 3, { weights });
    for (let i = 0; i < 80; i++) balancer.started(balancer.pick(never, 0, 0), 0);
    expect([...balancer.inFlight]).toEqual([10, 20, 50]);
  });

  it('L3 takes idle targets in turn by weight', () => {
    expect(picks('weighted-least-connections', [5, 1, 1], 7).join('')).toBe('0010200');
  });
});
