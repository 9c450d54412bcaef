import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTrip, type TripOptions, type TripState } from './index.ts';

const cases: readonly TripOptions[] = [
  { kind: 'consecutive', failures: 3 },
  { kind: 'count-window', calls: 10, failureRate: 0.5, minimumCalls: 5 },
  { kind: 'time-window', duration: 10, slots: 5, failureRate: 0.5, minimumCalls: 5 },
];

describe.each(cases)('trip condition $kind', (options) => {
  it('TC-1 never trips without a failure', () => {
    const trip = createTrip(options);
    for (let i = 0; i < 1000; i++) expect(trip.record(i, false)).toBe(false);
  });

  it('TC-2 trips when everything fails, and goes on doing so', () => {
    const trip = createTrip(options);
    const verdicts = Array.from({ length: 20 }, () => trip.record(0, true));
    expect(verdicts.indexOf(true)).toBe(options.kind === 'consecutive' ? 2 : 4);
    expect(verdicts.lastIndexOf(false)).toBe(verdicts.indexOf(true) - 1);
  });

  it('TC-3 forgets everything on reset', () => {
    const trip = createTrip(options);
    for (let i = 0; i < 20; i++) trip.record(0, true);
    trip.reset();
    expect(trip.record(0, true)).toBe(false);
    expect(trip.snapshot()).toEqual(createTripAfter(options, [true]).snapshot());
  });

  it('TC-4 goes on from a snapshot, through JSON, as though there had been none', () => {
    const events = fc.array(fc.tuple(fc.double({ min: -50, max: 50, noNaN: true }), fc.boolean()));
    fc.assert(
      fc.property(events, events, (before, after) => {
        const one = createTrip(options);
        for (const [now, failed] of before) one.record(now, failed);
        const other = createTrip(options, JSON.parse(JSON.stringify(one.snapshot())) as TripState);
        for (const [now, failed] of after) expect(other.record(now, failed)).toBe(one.record(now, failed));
        expect(other.snapshot()).toEqual(one.snapshot());
      }),
    );
  });

  it('TC-5 refuses foreign and faulty state', () => {
    const bad: unknown[] = [
      null,
      1,
      {},
      { version: 2, kind: options.kind },
      { version: 1, kind: 'ratio' },
      { version: 1, kind: 'consecutive', failures: -1 },
      { version: 1, kind: 'count-window', outcomes: '012' },
      { version: 1, kind: 'time-window', epoch: 0, calls: [1], failures: [1] },
      { version: 1, kind: 'time-window', epoch: 0, calls: [1, 0, 0, 0, 0], failures: [2, 0, 0, 0, 0] },
      { version: 1, kind: 'time-window', epoch: 'x', calls: [0, 0, 0, 0, 0], failures: [0, 0, 0, 0, 0] },
    ];
    for (const state of bad) expect(() => createTrip(options, state as TripState)).toThrow(RangeError);
  });

  it('TC-6 stands a clock that stands still, goes back, or jumps', () => {
    const trip = createTrip(options);
    for (const now of [0, 0, -5, 3600, 1, -3600, 2 ** 53, -(2 ** 53), 1e300, -1e300, 0])
      trip.record(now, true);
    trip.record(0, false);
    expect(JSON.stringify(trip.snapshot())).not.toMatch(/NaN/);
  });
});

function createTripAfter(options: TripOptions, outcomes: readonly boolean[]) {
  const trip = createTrip(options);
  for (const failed of outcomes) trip.record(0, failed);
  return trip;
}

describe('windows', () => {
  it('TC-7 a count window is the share among the last calls', () => {
    const options = { kind: 'count-window', calls: 7, failureRate: 0.4, minimumCalls: 3 } as const;
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (outcomes) => {
        const trip = createTrip(options);
        outcomes.forEach((failed, i) => {
          const last = outcomes.slice(Math.max(0, i - 6), i + 1);
          const failures = last.filter(Boolean).length;
          expect(trip.record(i, failed)).toBe(last.length >= 3 && failures / last.length >= 0.4);
        });
      }),
    );
  });

  it('TC-8 a time window is the share among the calls of its slots', () => {
    const options = {
      kind: 'time-window',
      duration: 10,
      slots: 5,
      failureRate: 0.4,
      minimumCalls: 3,
    } as const;
    const steps = fc.array(fc.tuple(fc.double({ min: 0, max: 8, noNaN: true }), fc.boolean()), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(steps, (calls) => {
        const trip = createTrip(options);
        const seen: { slot: number; failed: boolean }[] = [];
        let now = -20;
        for (const [step, failed] of calls) {
          now += step;
          const slot = Math.floor(now / 2);
          seen.push({ slot, failed });
          const inside = seen.filter((call) => call.slot > slot - 5);
          const failures = inside.filter((call) => call.failed).length;
          expect(trip.record(now, failed)).toBe(
            inside.length >= 3 && failures > 0 && failures / inside.length >= 0.4,
          );
        }
      }),
    );
  });

  it('TC-9 a rate that is a quotient is met exactly', () => {
    for (let calls = 1; calls <= 100; calls++) {
      for (let failures = 1; failures <= calls; failures++) {
        const rate = failures / calls;
        const trip = createTrip({ kind: 'count-window', calls, failureRate: rate, minimumCalls: calls });
        let tripped = false;
        for (let i = 0; i < calls; i++) tripped = trip.record(0, i < failures);
        expect(tripped).toBe(true);
      }
    }
  });

  it('TC-10 a clock set back by more than the window goes on from there', () => {
    const trip = createTrip({ kind: 'time-window', duration: 10, failureRate: 0.5, minimumCalls: 4 });
    for (let i = 0; i < 3; i++) trip.record(3600, true);
    // Still in the window, then older than it.
    expect(trip.record(0, true)).toBe(true);
    expect(trip.record(20, true)).toBe(false);
  });

  it('TC-11 trips at a success only while it says that time matters', () => {
    const options = { kind: 'count-window', calls: 7, failureRate: 0.4, minimumCalls: 5 } as const;
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (outcomes) => {
        const trip = createTrip(options);
        for (const failed of outcomes) {
          const { timed } = trip;
          const tripped = trip.record(0, failed);
          if (tripped && !failed) expect(timed).toBe(true);
          // As a breaker does.
          if (tripped) trip.reset();
        }
      }),
    );
  });

  it('TC-12 refuses impossible options by name', () => {
    const make = (options: object) => () => createTrip(options as TripOptions);
    expect(make({ kind: 'toString' })).toThrow(/kind must be one of consecutive/);
    for (const failures of [0, -1, 1.5, Number.NaN, 2 ** 53]) {
      expect(make({ kind: 'consecutive', failures })).toThrow(/failures must be a whole number/);
    }
    const count = { kind: 'count-window', calls: 10, failureRate: 0.5, minimumCalls: 5 };
    const time = { kind: 'time-window', duration: 10, failureRate: 0.5, minimumCalls: 5 };
    expect(make({ ...count, calls: 2 ** 20 + 1 })).toThrow(/calls must be/);
    expect(make({ ...time, duration: 0 })).toThrow(/duration must be/);
    expect(make({ ...time, duration: Number.POSITIVE_INFINITY })).toThrow(/duration must be/);
    expect(make({ ...time, slots: 0 })).toThrow(/slots must be/);
    for (const window of [count, time]) {
      expect(make({ ...window, failureRate: 0 })).toThrow(/failureRate must be/);
      expect(make({ ...window, failureRate: 1.1 })).toThrow(/failureRate must be/);
      expect(make({ ...window, minimumCalls: 0 })).toThrow(/minimumCalls must be/);
    }
  });
});
