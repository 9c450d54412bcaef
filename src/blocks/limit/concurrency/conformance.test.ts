import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../kernel/index.ts';
import {
  type CallOutcome,
  type ConcurrencyLimit,
  type ConcurrencyLimitName,
  type ConcurrencyLimitState,
  concurrencyLimits,
  createConcurrencyLimit,
} from '../index.ts';

/** Each with the limits it may move between. */
const subjects: Record<
  ConcurrencyLimitName,
  { create(state?: ConcurrencyLimitState): ConcurrencyLimit; least: number; most: number }
> = {
  fixed: { create: (state) => createConcurrencyLimit('fixed', { limit: 5 }, state), least: 5, most: 5 },
  aimd: {
    create: (state) =>
      createConcurrencyLimit('aimd', { initialLimit: 5, minLimit: 2, maxLimit: 9, timeout: 50 }, state),
    least: 2,
    most: 9,
  },
  vegas: {
    create: (state) =>
      createConcurrencyLimit('vegas', { initialLimit: 5, maxLimit: 30, smoothing: 0.5 }, state),
    least: 1,
    most: 30,
  },
  gradient2: {
    create: (state) =>
      createConcurrencyLimit('gradient2', { initialLimit: 5, minLimit: 2, maxLimit: 9 }, state),
    least: 2,
    most: 9,
  },
};

const outcome = fc.constantFrom<CallOutcome>('success', 'success', 'success', 'dropped', 'ignored');
const plans = fc.array(
  fc.record({
    isStart: fc.boolean(),
    now: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    roundTrip: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1000, noNaN: true })),
    outcome,
  }),
  { maxLength: 200 },
);

describe.each(concurrencyLimits)('%s', (name) => {
  const { create, least, most } = subjects[name];

  it('CL-1 lets in exactly while fewer are in flight than the limit, which stays whole and within bounds', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const limit = create();
        let inFlight = 0;
        for (const call of plan) {
          if (call.isStart) {
            const isLetIn = limit.tryAcquire(call.now);
            expect(isLetIn).toBe(inFlight < limit.limit);
            if (isLetIn) inFlight++;
          } else if (inFlight > 0) {
            limit.release(call.now, call.roundTrip, call.outcome);
            inFlight--;
          }
          expect(limit.inFlight).toBe(inFlight);
          expect(Number.isInteger(limit.limit) && limit.limit >= least && limit.limit <= most).toBe(true);
        }
      }),
    );
  });

  it('CL-2 a drop never raises it, what is ignored never moves it', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const limit = create();
        for (const call of plan) {
          if (!limit.tryAcquire(call.now)) limit.release(call.now, call.roundTrip, call.outcome);
          if (limit.inFlight === 0) continue;
          const before = limit.limit;
          const state = limit.snapshot();
          limit.release(call.now, call.roundTrip, call.outcome);
          if (call.outcome === 'dropped') expect(limit.limit).toBeLessThanOrEqual(before);
          if (call.outcome === 'ignored') expect(limit.snapshot().values).toEqual(state.values);
          limit.tryAcquire(call.now);
        }
      }),
    );
  });

  it('CL-3 does not rise while less than half of it is in use', () => {
    const limit = create();
    const before = limit.limit;
    for (let i = 0; i < 100; i++) limit.observe(1, 2, false);
    expect(limit.limit).toBe(before);
  });

  it('CL-4 goes on from its snapshot through JSON, and decides alike when run twice', () => {
    const limits = (through: boolean) => {
      const random = createRandom(3);
      let limit = create();
      return Array.from({ length: 2000 }, (_, i) => {
        if (through) limit = create(JSON.parse(JSON.stringify(limit.snapshot())));
        if (random.next() < 0.6) limit.tryAcquire(i);
        else if (limit.inFlight > 0) {
          limit.release(i, 10 + 40 * random.next(), random.next() < 0.05 ? 'dropped' : 'success');
        }
        return limit.limit;
      });
    };
    expect(limits(true)).toEqual(limits(false));
    expect(limits(false)).toEqual(limits(false));
  });

  it('CL-5 says what is wrong with a call', () => {
    const limit = create();
    expect(() => limit.release(0, 1, 'success')).toThrow(/without a call in flight/);
    expect(limit.tryAcquire(0)).toBe(true);
    for (const value of [Number.NaN, -1, Number.POSITIVE_INFINITY]) {
      expect(() => limit.release(0, value, 'success')).toThrow(/roundTrip must be/);
      expect(() => limit.observe(value, 1, false)).toThrow(/roundTrip must be/);
    }
    expect(() => limit.tryAcquire(Number.NaN)).toThrow(/now must be/);
    expect(() => limit.release(Number.NaN, 1, 'success')).toThrow(/now must be/);
    expect(() => limit.release(0, 1, 'failed' as 'dropped')).toThrow(/outcome must be/);
    expect(() => limit.observe(1, 0, false)).toThrow(/inFlight must be/);
    expect(limit.inFlight).toBe(1);
  });

  it('CL-6 stands clocks that go back and jump, and round trips of any size', () => {
    const limit = create();
    for (const now of [0, -1, 3600, 2 ** 53, -(2 ** 53), 0]) {
      expect(limit.tryAcquire(now)).toBe(true);
      for (const roundTrip of [0, 1e-300, 1, 3600, 2 ** 53, 1e300]) limit.observe(roundTrip, 5, false);
      limit.release(now, 0, 'success');
      expect(limit.limit).toBeGreaterThanOrEqual(least);
      expect(limit.limit).toBeLessThanOrEqual(most);
    }
  });

  it('CL-7 refuses foreign and faulty states', () => {
    const state = create().snapshot();
    const other = concurrencyLimits.find((each) => each !== name)!;
    for (const faulty of [
      { version: 2 },
      { algorithm: other },
      { inFlight: -1 },
      { values: [] },
      { values: [most + 1, ...state.values.slice(1)] },
      { values: [Number.NaN, ...state.values.slice(1)] },
      { values: [...state.values, 1] },
    ]) {
      expect(() => create({ ...state, ...faulty } as ConcurrencyLimitState)).toThrow(RangeError);
    }
  });
});

it('createConcurrencyLimit lists the algorithms when it does not know one', () => {
  expect(() => createConcurrencyLimit('bbr' as 'fixed', { limit: 1 })).toThrow(/one of fixed, aimd, vegas/);
});
