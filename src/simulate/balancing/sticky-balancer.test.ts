import { describe, expect, it } from 'vitest';
import { createBalancer, Stickiness } from '../../blocks/index.ts';
import { StickyBalancer } from './sticky-balancer.ts';

const random = { next: () => 0 };

describe('a sticky balancer', () => {
  const make = () =>
    new StickyBalancer(createBalancer('round-robin', 3), new Stickiness({ idleTime: 10, maxSessions: 2 }));

  it('sends a key where it went last, and others in turn', () => {
    const balancer = make();
    const picked = [7, 8, 7, 8, 7].map((key, i) => balancer.pick(random, i, key));
    expect(picked).toEqual([0, 1, 0, 1, 0]);
    expect(balancer.pick(random, 14, 7)).toBe(2);
  });

  it('gives a key another target when its own is not available, and keeps to that', () => {
    const balancer = make();
    expect(balancer.pick(random, 0, 7)).toBe(0);
    balancer.setAvailable(0, false);
    const other = balancer.pick(random, 1, 7);
    expect(other).toBeGreaterThan(0);
    balancer.setAvailable(0, true);
    expect(balancer.pick(random, 2, 7)).toBe(other);
    for (const target of [0, 1, 2]) balancer.setAvailable(target, false);
    expect(balancer.pick(random, 3, 7)).toBe(-1);
  });

  it('has the books and the weights of the balancer', () => {
    const inner = createBalancer('weighted-round-robin', 2, { weights: [2, 1] });
    const balancer = new StickyBalancer(inner, new Stickiness({ idleTime: 10, maxSessions: 2 }));
    balancer.started(1, 0);
    expect([...balancer.inFlight]).toEqual([0, 1]);
    balancer.finished(1, 1, 1, true);
    expect([...inner.inFlight]).toEqual([0, 0]);
    expect([balancer.targets, balancer.takesWeights, balancer.weight(0)]).toEqual([2, true, 2]);
    balancer.setWeight(0, 5);
    expect(inner.weight(0)).toBe(5);
    expect(balancer.available(1)).toBe(true);
    expect(balancer.snapshot()).toEqual(inner.snapshot());
  });
});
