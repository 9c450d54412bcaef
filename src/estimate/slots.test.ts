import { describe, expect, it } from 'vitest';
import { erlangC, mmc, mmck } from './formulas/index.ts';
import { mean } from './law/index.ts';
import { type SlotLoad, type SlotState, solveSlots } from './slots.ts';
import { awaited } from './station.ts';

/** Mean wait at the first station inside, in service times of one server. */
const queueing = ({ seen }: SlotState, servers = 1): number =>
  awaited(seen?.[0] ?? [], servers).reduce((sum, p, n) => sum + p * n, 0);

const pool: SlotLoad = {
  pools: 1,
  spread: 'random',
  slots: 10,
  places: null,
  offered: 9,
  inside: [],
  elsewhere: 1,
  scv: 1,
};

describe('slots', () => {
  it('around a delay are the servers of M/M/c', () => {
    const state = solveSlots(pool);
    expect(state.delayed).toBeCloseTo(erlangC(9, 10), 12);
    expect(mean(state.wait)).toBeCloseTo(mmc(9, 1, 10).waiting, 12);
    expect(state.capacity).toBeCloseTo(10, 12);
  });

  it('around a single server change nothing in all: the queue is only elsewhere', () => {
    const state = solveSlots({
      ...pool,
      slots: 3,
      offered: 0.8,
      inside: [{ work: 1, servers: 1 }],
      elsewhere: 0,
    });
    expect(mean(state.wait) + queueing(state)).toBeCloseTo(mmc(0.8, 1, 1).waiting, 10);
    expect(queueing(state)).toBeLessThan(mmc(0.8, 1, 1).waiting);
  });

  it('as many as servers leave no queue inside', () => {
    const state = solveSlots({
      ...pool,
      slots: 4,
      offered: 3,
      inside: [{ work: 1, servers: 4 }],
      elsewhere: 0,
    });
    expect(queueing(state, 4)).toBeCloseTo(0, 10);
    expect(mean(state.wait)).toBeCloseTo(mmc(3, 1, 4).waiting, 10);
  });

  it('with places lose what M/M/c/K loses', () => {
    const state = solveSlots({ ...pool, slots: 2, places: 3, offered: 3, elsewhere: 0.5 });
    const exact = mmck(3, 2, 2, 5);
    expect(state.loss).toBeCloseTo(exact.loss, 12);
    expect(mean(state.wait)).toBeCloseTo(exact.waiting, 10);
    const overloaded = solveSlots({
      ...pool,
      slots: 2,
      places: 2,
      offered: 100,
      inside: [{ work: 1, servers: 1 }],
      elsewhere: 0,
    });
    expect(overloaded.stable).toBe(true);
    expect(overloaded.accepted).toBeCloseTo(1, 6);
    expect(queueing(overloaded)).toBeCloseTo(1, 5);
  });

  it('with many places lose what is too much, however much it is', () => {
    const state = solveSlots({ ...pool, slots: 2, places: 10_000, offered: 100, elsewhere: 1 });
    expect(state.accepted).toBeCloseTo(2, 9);
    expect(mean(state.wait)).toBeCloseTo(10_000 / 2 - 0.5 / 49, 1);
  });

  it('in front of a server elsewhere that others use as well: as much slower as these keep it busy', () => {
    const inside = [{ work: 1, servers: 0.5, copies: 1 }];
    const state = solveSlots({ ...pool, slots: 3, offered: 0.4, inside, elsewhere: 0 });
    expect(mean(state.wait) + 2 * queueing(state)).toBeCloseTo(mmc(0.4, 0.5, 1).waiting, 10);
  });

  it('copies of a station are as many stations', () => {
    const one = { work: 0.2, servers: 1 };
    const together = solveSlots({ ...pool, inside: [{ ...one, copies: 3 }], offered: 4, slots: 5 });
    const apart = solveSlots({ ...pool, inside: [one, one, one], offered: 4, slots: 5 });
    expect(mean(together.wait)).toBeCloseTo(mean(apart.wait), 12);
    expect(queueing(together)).toBeCloseTo(queueing(apart), 12);
  });

  it('within slots: one pool inside another is a station as fast as what is inside of it', () => {
    const inner: SlotLoad = {
      ...pool,
      slots: 2,
      offered: 0.7,
      inside: [{ work: 1, servers: 1 }],
      elsewhere: 0.5,
    };
    const { speeds } = solveSlots(inner);
    const outer = solveSlots({ ...inner, slots: 4, inside: [{ work: 1, servers: speeds! }], elsewhere: 0 });
    const [found] = outer.seen!;
    const within = solveSlots(inner, found);
    // What waits in all is what waited without the outer limit.
    const waits = mean(outer.wait) + mean(within.wait) + queueing(within);
    const alone = solveSlots(inner);
    expect(waits).toBeCloseTo(mean(alone.wait) + queueing(alone), 6);
    expect(mean(within.wait)).toBeLessThan(mean(alone.wait));
  });

  it('that let through less than comes are not stable', () => {
    const state = solveSlots({ ...pool, offered: 11 });
    expect(state.stable).toBe(false);
    expect(state.capacity).toBeCloseTo(10, 12);
  });

  it('far more than are used make no difference', () => {
    const state = solveSlots({ ...pool, slots: 100_000, offered: 50 });
    expect(state.delayed).toBe(0);
    expect(state.stable).toBe(true);
  });
});
