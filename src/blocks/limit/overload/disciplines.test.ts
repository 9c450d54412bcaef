import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AdaptiveLifo, DeficitRoundRobin, PriorityDiscipline } from '../index.ts';

interface Discipline {
  readonly size: number;
  readonly waited: number;
  push(now: number, item: number): boolean;
  pop(now: number): number;
  snapshot(): object;
}

/** Each with four places; what else there is to say of an item follows from its number. */
const disciplines: Record<string, (state?: object) => Discipline> = {
  'adaptive LIFO': (state) => new AdaptiveLifo({ capacity: 4, threshold: 3 }, state as never),
  'strict priority': (state) => {
    const queue = new PriorityDiscipline({ levels: 3, capacity: 4 }, state as never);
    return withPush(queue, (now, item) => queue.push(now, item, item % 3));
  },
  'aging priority': (state) => {
    const queue = new PriorityDiscipline({ levels: 3, capacity: 4, aging: 2 }, state as never);
    return withPush(queue, (now, item) => queue.push(now, item, item % 3));
  },
  'deficit round robin': (state) => {
    const queue = new DeficitRoundRobin(
      { tenants: 3, capacity: 4, tenantCapacity: 4, quantum: 2, weights: [1, 2, 3] },
      state as never,
    );
    return withPush(queue, (now, item) => queue.push(now, item, item % 3, 0.5 + (item % 4) / 2));
  },
};

function withPush(queue: Omit<Discipline, 'push'>, push: Discipline['push']): Discipline {
  return {
    get size() {
      return queue.size;
    },
    get waited() {
      return queue.waited;
    },
    push,
    pop: (now) => queue.pop(now),
    snapshot: () => queue.snapshot(),
  };
}

const plans = fc.array(fc.record({ isPush: fc.boolean(), step: fc.integer({ min: -4, max: 8 }) }), {
  maxLength: 150,
});

describe.each(Object.entries(disciplines))('%s', (_, create) => {
  it('QD-1 gives back each item once with the time it waited, takes as many as it holds, says when empty', () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: -100, max: 100 }), (plan, start) => {
        const queue = create();
        const waiting = new Map<number, number>();
        let now = start;
        let latest = Number.NEGATIVE_INFINITY;
        let item = 0;
        for (const { isPush, step } of plan) {
          now += step;
          latest = Math.max(latest, now);
          if (isPush) {
            const isIn = queue.push(now, item);
            expect(isIn).toBe(waiting.size < 4);
            if (isIn) waiting.set(item, latest);
            item++;
          } else {
            const next = queue.pop(now);
            if (waiting.size === 0) expect(next).toBe(-1);
            else {
              expect(waiting.has(next)).toBe(true);
              expect(queue.waited).toBe(latest - waiting.get(next)!);
              waiting.delete(next);
            }
          }
          expect(queue.size).toBe(waiting.size);
        }
      }),
    );
  });

  it('QD-2 goes on from its snapshot through JSON', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        let through = create();
        const straight = create();
        let now = 0;
        let item = 0;
        for (const { isPush, step } of plan) {
          now += Math.abs(step);
          through = create(JSON.parse(JSON.stringify(through.snapshot())));
          if (isPush) expect(through.push(now, item)).toBe(straight.push(now, item++));
          else {
            expect(through.pop(now)).toBe(straight.pop(now));
            expect(through.size).toBe(straight.size);
          }
        }
      }),
    );
  });

  it('QD-3 refuses impossible items, times and states', () => {
    const queue = create();
    for (const item of [-1, 1.5, Number.NaN, 2 ** 31]) expect(() => queue.push(0, item)).toThrow(RangeError);
    expect(() => queue.push(Number.NaN, 1)).toThrow(/now must be/);
    expect(() => queue.pop(Number.POSITIVE_INFINITY)).toThrow(/now must be/);
    expect(queue.size).toBe(0);
    expect(queue.pop(2 ** 53)).toBe(-1);
    const state = queue.snapshot();
    expect(() => create({ ...state, version: 2 })).toThrow(/version/);
    for (let item = 0; item < 4; item++) queue.push(0, 3 * item);
    const full = JSON.stringify(queue.snapshot());
    expect(() => create(JSON.parse(full.replace(/\[0,/, '[-7,')))).toThrow(RangeError);
  });
});

describe('adaptive LIFO', () => {
  it('AL-1 serves the oldest first until it has stood for longer than the threshold, then the newest', () => {
    const queue = new AdaptiveLifo({ capacity: 10, threshold: 5 });
    for (let item = 0; item < 8; item++) queue.push(0, item);
    expect(queue.pop(0)).toBe(0);
    expect(queue.pop(5)).toBe(1);
    expect(queue.isLifo(5)).toBe(false);
    expect(queue.pop(5.1)).toBe(7);
    expect(queue.pop(6)).toBe(6);
    expect(queue.waited).toBe(6);
  });

  it('AL-2 is first come, first served again once it has been empty', () => {
    const queue = new AdaptiveLifo({ capacity: 10, threshold: 5 });
    queue.push(-100, 1);
    expect(queue.isLifo(-50)).toBe(true);
    expect(queue.pop(-50)).toBe(1);
    expect(queue.isLifo(-50)).toBe(false);
    queue.push(-50, 2);
    queue.push(-49, 3);
    expect(queue.pop(-48)).toBe(2);
  });

  it('AL-3 refuses impossible options', () => {
    for (const capacity of [0, -1, 1.5, Number.NaN, 2 ** 53]) {
      expect(() => new AdaptiveLifo({ capacity, threshold: 1 })).toThrow(/capacity must be/);
    }
    for (const threshold of [-1, Number.NaN]) {
      expect(() => new AdaptiveLifo({ capacity: 1, threshold })).toThrow(/threshold must be/);
    }
  });
});

describe('priorities', () => {
  const entries = fc.array(fc.record({ level: fc.nat(3), gap: fc.integer({ min: 0, max: 6 }) }), {
    minLength: 1,
    maxLength: 60,
  });

  it.each([undefined, 4])(
    'PR-1 serves in the order of level, then time; with aging %s, of time + level · aging',
    (aging) => {
      fc.assert(
        fc.property(entries, (plan) => {
          const queue = new PriorityDiscipline({
            levels: 4,
            capacity: 100,
            ...(aging === undefined ? {} : { aging }),
          });
          let now = 0;
          const expected = plan.map(({ level, gap }, item) => {
            now += gap;
            queue.push(now, item, level);
            return { item, level, key: aging === undefined ? level : now + level * aging };
          });
          expected.sort((a, b) => a.key - b.key || a.level - b.level || a.item - b.item);
          expect(plan.map(() => queue.pop(now))).toEqual(expected.map(({ item }) => item));
        }),
      );
    },
  );

  it('PR-2 refuses impossible options and levels', () => {
    expect(() => new PriorityDiscipline({ levels: 0, capacity: 1 })).toThrow(/levels must be/);
    expect(() => new PriorityDiscipline({ levels: 1, capacity: 0 })).toThrow(/capacity must be/);
    expect(() => new PriorityDiscipline({ levels: 1, capacity: 1, aging: 0 })).toThrow(/aging must be/);
    const queue = new PriorityDiscipline({ levels: 2, capacity: 1 });
    for (const level of [-1, 2, 0.5, Number.NaN]) {
      expect(() => queue.push(0, 1, level)).toThrow(/level must be/);
    }
  });
});

describe('deficit round robin', () => {
  it('DR-1 between any two instants, tenants that always wait get shares by weight, three quanta apart at most', () => {
    const costs = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1, maxLength: 10 });
    const weight = fc.constantFrom(1, 1.5, 4);
    fc.assert(
      fc.property(fc.tuple(costs, costs, costs), fc.tuple(weight, weight, weight), (each, weights) => {
        const rounds = 100;
        const options = { tenants: 3, capacity: 3 * rounds, tenantCapacity: rounds, weights };
        const queue = new DeficitRoundRobin(options);
        const costOf = (item: number) => each[item % 3]![Math.floor(item / 3) % each[item % 3]!.length]!;
        for (let item = 0; item < 3 * rounds; item++) queue.push(0, item, item % 3, costOf(item));
        const shares = [0, 0, 0];
        const least = [0, 0, 0];
        const most = [0, 0, 0];
        // Nobody runs out of a hundred items in a hundred services.
        for (let i = 0; i < rounds; i++) {
          const item = queue.pop(0);
          shares[item % 3] = shares[item % 3]! + costOf(item) / weights[item % 3]!;
          for (const tenant of [0, 1, 2]) {
            const ahead = shares[tenant]! - shares[(tenant + 1) % 3]!;
            least[tenant] = Math.min(least[tenant]!, ahead);
            most[tenant] = Math.max(most[tenant]!, ahead);
          }
        }
        for (const tenant of [0, 1, 2]) expect(most[tenant]! - least[tenant]!).toBeLessThanOrEqual(3 + 1e-9);
      }),
    );
  });

  it('DR-2 refuses more than a tenant may have waiting, so that one never takes another’s room', () => {
    const queue = new DeficitRoundRobin({ tenants: 4, capacity: 8 });
    for (let item = 0; item < 10; item++) expect(queue.push(0, item, 0)).toBe(item < 2);
    for (const tenant of [1, 2, 3]) expect(queue.push(0, 100, tenant)).toBe(true);
  });

  it('DR-3 refuses impossible options and calls', () => {
    const options = { tenants: 2, capacity: 2 };
    expect(() => new DeficitRoundRobin({ ...options, tenants: 0 })).toThrow(/tenants must be/);
    expect(() => new DeficitRoundRobin({ ...options, capacity: 0 })).toThrow(/capacity must be/);
    expect(() => new DeficitRoundRobin({ ...options, quantum: 0 })).toThrow(/quantum must be/);
    expect(() => new DeficitRoundRobin({ ...options, weights: [1] })).toThrow(/weights must be/);
    expect(() => new DeficitRoundRobin({ ...options, weights: [1, 0.5] })).toThrow(/weights must be/);
    expect(() => new DeficitRoundRobin({ ...options, tenantCapacity: 0 })).toThrow(/tenantCapacity must/);
    const queue = new DeficitRoundRobin(options);
    expect(() => queue.push(0, 1, 2)).toThrow(/tenant must be/);
    for (const cost of [0, -1, 1.1, Number.NaN]) {
      expect(() => queue.push(0, 1, 0, cost)).toThrow(/cost must be/);
    }
  });
});
