import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../kernel/index.ts';
import { createBalancer } from './index.ts';

const never: Random = { next: () => expect.fail('drew') };

describe('join-idle-queue', () => {
  it('J1 with one dispatcher takes the target that is idle the longest, and draws nothing for that', () => {
    const balancer = createBalancer('join-idle-queue', 3);
    for (const expected of [0, 1, 2]) {
      const target = balancer.pick(never, 0, 0);
      expect(target).toBe(expected);
      balancer.started(target, 0);
    }
    for (const target of [1, 2, 0]) balancer.finished(target, 1, 1, true);
    for (const expected of [1, 2, 0]) {
      expect(balancer.pick(never, 2, 0)).toBe(expected);
      balancer.started(expected, 2);
    }
  });

  it('J2 with one dispatcher never picks a busy target while one is idle', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(), (targets, seed) => {
        const balancer = createBalancer('join-idle-queue', targets);
        const random = createRandom(seed);
        for (let i = 0; i < 200; i++) {
          const busy = [...balancer.inFlight.keys()].filter((target) => balancer.inFlight[target]! > 0);
          if (busy.length > 0 && random.next() < 0.45) {
            balancer.finished(busy[Math.floor(random.next() * busy.length)]!, i, 1, true);
            continue;
          }
          const target = balancer.pick(random, i, 0);
          if (busy.length < targets) expect(balancer.inFlight[target]).toBe(0);
          balancer.started(target, i);
        }
      }),
    );
  });

  it('J3 withdraws the registration of a target that is started otherwise', () => {
    const balancer = createBalancer('join-idle-queue', 3);
    balancer.started(0, 0);
    expect(balancer.pick(never, 0, 0)).toBe(1);
    balancer.started(2, 0);
    expect(balancer.pick(never, 0, 0)).toBe(1);
  });

  it('J4 spreads registrations over dispatchers: with many, an idle target is often not found', () => {
    const targets = 4;
    const dispatchers = 100;
    const random = createRandom(2);
    let found = 0;
    const trials = 4000;
    for (let trial = 0; trial < trials; trial++) {
      const balancer = createBalancer('join-idle-queue', targets, { dispatchers });
      for (let target = 1; target < targets; target++) balancer.started(target, 0);
      if (balancer.pick(random, 0, 0) === 0) found++;
    }
    // Its own dispatcher by 1/m, else one of n at random.
    const expected = 1 / dispatchers + (1 - 1 / dispatchers) / targets;
    const spread = Math.sqrt((expected * (1 - expected)) / trials);
    expect(Math.abs(found / trials - expected)).toBeLessThan(4 * spread);
  });
});
