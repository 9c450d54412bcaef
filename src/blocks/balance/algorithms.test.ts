import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../kernel/index.ts';
import { type BalanceAlgorithm, createBalancer } from './index.ts';

const loads = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 12 });

function loaded(algorithm: BalanceAlgorithm, load: readonly number[]) {
  const balancer = createBalancer(algorithm, load.length);
  load.forEach((count, target) => {
    for (let i = 0; i < count; i++) balancer.started(target, 0);
  });
  return balancer;
}

function scripted(...values: number[]): Random {
  return { next: () => values.shift()! };
}

describe('round robin', () => {
  it('R1 goes round from target 0 and takes no notice of load', () => {
    const balancer = loaded('round-robin', [9, 0, 0]);
    expect(Array.from({ length: 7 }, () => balancer.pick(scripted(), 0, 0))).toEqual([0, 1, 2, 0, 1, 2, 0]);
  });
});

describe('least connections', () => {
  it('C1 always picks a target with the fewest in flight', () => {
    fc.assert(
      fc.property(loads, (load) => {
        const balancer = loaded('least-connections', load);
        for (let i = 0; i < 30; i++) {
          const target = balancer.pick(scripted(), 0, 0);
          expect(balancer.inFlight[target]).toBe(Math.min(...balancer.inFlight));
          balancer.started(target, 0);
        }
        // Levelled out: no two targets that were filled differ by more than one.
        const filled = balancer.inFlight.filter((count, target) => count > load[target]!);
        expect(Math.max(...filled) - Math.min(...filled)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('C2 breaks ties by going on from the last pick', () => {
    const balancer = loaded('least-connections', [1, 0, 1, 0, 0]);
    expect(balancer.pick(scripted(), 0, 0)).toBe(1);
    expect(balancer.pick(scripted(), 0, 0)).toBe(3);
    expect(balancer.pick(scripted(), 0, 0)).toBe(4);
    expect(balancer.pick(scripted(), 0, 0)).toBe(1);
  });
});

describe('power of two choices', () => {
  it('P1 never picks the busiest when it is busier than all others', () => {
    fc.assert(
      fc.property(loads, fc.nat(), (load, seed) => {
        const balancer = loaded('power-of-two', [...load, 6]);
        const random = createRandom(seed);
        for (let i = 0; i < 50; i++) expect(balancer.pick(random, 0, 0)).not.toBe(load.length);
      }),
    );
  });

  it('P2 samples two distinct targets: of two, always the less loaded', () => {
    const balancer = loaded('power-of-two', [3, 2]);
    const random = createRandom(5);
    for (let i = 0; i < 200; i++) expect(balancer.pick(random, 0, 0)).toBe(1);
  });

  it('P3 reaches every pair: first draw of n, second of the n − 1 others', () => {
    const balancer = loaded('power-of-two', [1, 0, 1, 1]);
    expect(balancer.pick(scripted(0, 0), 0, 0)).toBe(1);
    expect(balancer.pick(scripted(0.99, 0.4), 0, 0)).toBe(1);
    expect(balancer.pick(scripted(0.5, 0.99), 0, 0)).toBe(2);
    expect(balancer.pick(scripted(0.25, 0.25), 0, 0)).toBe(1);
  });
});
