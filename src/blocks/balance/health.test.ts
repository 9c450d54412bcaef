import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import { createBalancer, TargetHealth, type TargetHealthOptions } from './index.ts';

const outliers = { interval: 10, baseEjectionTime: 30 };

function made(targets: number, options: TargetHealthOptions) {
  const balancer = createBalancer('weighted-round-robin', targets);
  return { balancer, health: new TargetHealth(balancer, options) };
}

describe('target health', () => {
  it('TH-1 a target is available when probes, ejection and hands all allow it', () => {
    const { balancer, health } = made(3, { probes: { rise: 1, fall: 2 }, outliers });
    const states = () => [0, 1, 2].map((target) => health.state(target));
    expect(health.probed(0, false, 0)).toBe(true);
    expect(health.probed(0, false, 1)).toBe(false);
    for (let i = 0; i < 5; i++) health.finished(1, false, 1);
    health.setDrained(2, true, 1);
    expect(states()).toEqual(['down', 'ejected', 'drained']);
    expect(balancer.pick(createRandom(1), 1, 0)).toBe(-1);
    health.refresh(30.9);
    expect(balancer.available(1)).toBe(false);
    health.refresh(31);
    expect(balancer.available(1)).toBe(true);
    expect(health.probed(0, true, 31)).toBe(true);
    health.setDrained(2, false, 31);
    expect(states()).toEqual(['up', 'up', 'up']);
    expect([0, 1, 2].every((target) => balancer.available(target))).toBe(true);
  });

  it('TH-2 counts changes, so that nobody needs to compare', () => {
    const { health } = made(2, { probes: { rise: 1, fall: 1 } });
    health.probed(0, true, 0);
    expect(health.changes).toBe(0);
    health.probed(0, false, 0);
    expect(health.changes).toBe(1);
    health.probed(0, false, 0);
    expect(health.changes).toBe(1);
  });

  it('TH-3 believes nobody when fewer than the share are well, but leaves out what is drained', () => {
    const { balancer, health } = made(5, { probes: { rise: 1, fall: 1 }, panicBelow: 0.5 });
    const available = () => [0, 1, 2, 3, 4].map((target) => balancer.available(target));
    health.setDrained(4, true, 0);
    health.probed(0, false, 0);
    health.probed(1, false, 0);
    expect(health.panicking).toBe(false);
    expect(available()).toEqual([false, false, true, true, false]);
    health.probed(2, false, 0);
    expect(health.panicking).toBe(true);
    expect(available()).toEqual([true, true, true, true, false]);
    health.probed(2, true, 0);
    expect(available()).toEqual([false, false, true, true, false]);
  });

  it('TH-4 ramps the weight of a target that returns up to the full one', () => {
    const balancer = createBalancer('weighted-round-robin', 2, { weights: [2, 4] });
    const options = { probes: { rise: 1, fall: 1 }, slowStart: { window: 100 } };
    const health = new TargetHealth(balancer, options);
    expect(balancer.weight(1)).toBe(4);
    health.probed(1, false, 0);
    health.probed(1, true, 1000);
    const weightAt = (now: number) => {
      health.refresh(now);
      return balancer.weight(1);
    };
    expect([1000, 1005, 1050, 1075, 1060, 1100, 1200].map(weightAt)).toEqual([0.4, 0.4, 2, 3, 3, 4, 4]);
    expect(balancer.weight(0)).toBe(2);
  });

  it('TH-5 goes on from a snapshot, in the middle of a ramp', () => {
    const options = { probes: { rise: 1, fall: 1 }, outliers, slowStart: { window: 100 } };
    const first = made(3, options);
    first.health.probed(1, false, 0);
    first.health.probed(1, true, 50);
    first.health.setDrained(0, true, 60);
    for (let i = 0; i < 5; i++) first.health.finished(2, false, 60);
    const state = JSON.parse(JSON.stringify(first.health.snapshot()));
    const second = createBalancer('weighted-round-robin', 3);
    const health = new TargetHealth(second, options, state);
    expect(health.snapshot()).toEqual(state);
    for (const now of [70, 90, 120, 150]) {
      first.health.refresh(now);
      health.refresh(now);
      for (const target of [0, 1, 2]) {
        expect(health.state(target)).toBe(first.health.state(target));
        expect(second.weight(target)).toBe(first.balancer.weight(target));
        expect(second.available(target)).toBe(first.balancer.available(target));
      }
    }
    const foreign = { ...state, drained: [0] };
    expect(() => new TargetHealth(second, options, foreign)).toThrow(RangeError);
  });

  it('TH-6 is true to its parts, whatever happens at any time', () => {
    const instant = fc.constantFrom(0, 1, -5, 3600, 2, 2 ** 53, Number.NaN, Number.NEGATIVE_INFINITY, 40);
    const step = fc.record({
      what: fc.constantFrom('probe', 'finish', 'drain', 'refresh'),
      target: fc.nat({ max: 3 }),
      good: fc.boolean(),
      now: instant,
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), fc.constantFrom(0, 0.5, 1), (steps, panicBelow) => {
        const { balancer, health } = made(4, {
          probes: { rise: 2, fall: 1 },
          outliers: { ...outliers, consecutiveErrors: 2, maxEjectedShare: 1 },
          slowStart: { window: 50 },
          panicBelow,
        });
        for (const { what, target, good, now } of steps) {
          if (what === 'probe') health.probed(target, good, now);
          else if (what === 'finish') health.finished(target, good, now);
          else if (what === 'drain') health.setDrained(target, good, now);
          else health.refresh(now);
          const states = [0, 1, 2, 3].map((each) => health.state(each));
          const inUse = states.filter((state) => state !== 'drained').length;
          const panics = states.filter((state) => state === 'up').length < panicBelow * inUse;
          expect(health.panicking).toBe(panics);
          states.forEach((state, each) => {
            expect(balancer.available(each)).toBe(panics ? state !== 'drained' : state === 'up');
            expect(balancer.weight(each)).toBeGreaterThanOrEqual(0.1);
            expect(balancer.weight(each)).toBeLessThanOrEqual(1);
          });
        }
      }),
    );
  });

  it('TH-7 refuses what cannot be', () => {
    const balancer = createBalancer('round-robin', 2);
    expect(() => new TargetHealth(balancer, { slowStart: { window: 1 } })).toThrow(
      /slowStart must be left out/,
    );
    expect(() => new TargetHealth(balancer, { panicBelow: 1.1 })).toThrow('panicBelow must be from 0 to 1');
    const health = new TargetHealth(balancer);
    expect(() => health.state(2)).toThrow(RangeError);
    expect(() => health.probed(-1, true, 0)).toThrow(RangeError);
    expect(() => health.setDrained(Number.NaN, true, 0)).toThrow(RangeError);
    expect(health.probed(1, false, 0)).toBe(true);
  });
});
