import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import { type Balancer, createBalancer } from './index.ts';

const TAU = 10;
const random = createRandom(1);

function pair(first: number, second: number, at = 0): Balancer {
  const balancer = createBalancer('peak-ewma', 2, { decayTime: TAU });
  [first, second].forEach((latency, target) => {
    answered(balancer, target, at, latency);
  });
  return balancer;
}

function answered(balancer: Balancer, target: number, now: number, latency: number): void {
  balancer.started(target, now);
  balancer.finished(target, now, latency, true);
}

/** With two targets both are looked at, so the pick is certain unless they cost the same. */
function pick(balancer: Balancer, now: number): number {
  return balancer.pick(random, now, 0);
}

describe('peak EWMA', () => {
  it('E1 takes the faster, until what it has in flight makes up for that', () => {
    const balancer = pair(1, 3.5);
    const taken = Array.from({ length: 4 }, () => {
      const target = pick(balancer, 0);
      balancer.started(target, 0);
      return target;
    });
    // 1·1, 1·2, 1·3 are below 3.5·1; 1·4 is not.
    expect(taken).toEqual([0, 0, 0, 1]);
  });

  it('E2 believes a peak at once', () => {
    const balancer = pair(1, 2);
    answered(balancer, 0, 0, 100);
    expect(pick(balancer, 0)).toBe(1);
    expect(pick(balancer, 3 * TAU)).toBe(1);
  });

  it('E3 forgets a peak by e^(−t/τ), pulled down by faster answers', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 3 * TAU, noNaN: true }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.constantFrom(-1000, 0, 1000),
        (elapsed, faster, start) => {
          const kept = Math.exp(-elapsed / TAU);
          const expected = kept + faster * (1 - kept);
          for (const [other, winner] of [
            [expected * 0.999, 1],
            [expected * 1.001, 0],
          ] as const) {
            const balancer = pair(1, 0, start);
            answered(balancer, 0, start + elapsed, faster);
            answered(balancer, 1, start + elapsed, other);
            expect(pick(balancer, start + elapsed)).toBe(winner);
          }
        },
      ),
    );
  });

  it('E4 tries a target without history once, then waits for its answer', () => {
    const balancer = createBalancer('peak-ewma', 2, { decayTime: TAU });
    answered(balancer, 0, 0, 50);
    expect(pick(balancer, 0)).toBe(1);
    balancer.started(1, 0);
    for (let i = 0; i < 10; i++) {
      expect(pick(balancer, 0)).toBe(0);
      balancer.started(0, 0);
    }
    balancer.finished(1, 1, 1, true);
    expect(pick(balancer, 1)).toBe(1);
  });

  it('E5 forgets nothing when the clock goes back, and goes on from there', () => {
    const balancer = pair(4, 0, 100);
    answered(balancer, 1, 100, 3.9);
    for (const now of [50, Number.NaN, Number.NEGATIVE_INFINITY, -50]) expect(pick(balancer, now)).toBe(1);
    // Both decay alike from now on.
    expect(pick(balancer, -50 + TAU)).toBe(1);
    answered(balancer, 1, -50 + TAU, 4 * Math.exp(-1) * 1.01);
    expect(pick(balancer, -50 + TAU)).toBe(0);
  });

  it('E6 stays with numbers for any latencies and clock', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double(), fc.double({ min: 0, max: 1e300, noNaN: true }))),
        (steps) => {
          const balancer = createBalancer('peak-ewma', 3, { decayTime: TAU });
          steps.forEach(([now, latency], i) => {
            answered(balancer, i % 3, now, latency);
            expect(balancer.pick(random, now, 0)).toBeGreaterThanOrEqual(0);
          });
          for (const value of balancer.snapshot().own) expect(Number.isFinite(value)).toBe(true);
        },
      ),
    );
  });
});
