import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutlierEjection, type OutlierOptions } from './index.ts';

const times = { interval: 10, baseEjectionTime: 30 };

function errors(ejection: OutlierEjection, target: number, count: number, now: number): void {
  for (let i = 0; i < count; i++) ejection.finished(target, false, now);
}

/** All targets told as changed. */
function changed(ejection: OutlierEjection, now: number): number[] {
  const targets: number[] = [];
  for (let target = ejection.changed(now); target >= 0; target = ejection.changed(now)) targets.push(target);
  return targets;
}

describe('outlier ejection', () => {
  it('OE-1 ejects after so many errors in a row, for the base time', () => {
    const ejection = new OutlierEjection(4, times);
    errors(ejection, 1, 4, 0);
    ejection.finished(1, true, 0);
    errors(ejection, 1, 4, 0);
    expect(changed(ejection, 0)).toEqual([]);
    errors(ejection, 1, 1, 0);
    expect(ejection.ejected(1)).toBe(true);
    expect(changed(ejection, 0)).toEqual([1]);
    expect(changed(ejection, 29.9)).toEqual([]);
    expect(changed(ejection, 30)).toEqual([1]);
    expect(ejection.ejected(1)).toBe(false);
  });

  it('OE-11 counts an answer that takes too long as an error', () => {
    const ejection = new OutlierEjection(4, { ...times, slowAfter: 0.5 });
    const answers = (latency: number): void => {
      for (let i = 0; i < 5; i++) ejection.finished(1, true, 0, latency);
    };
    answers(0.5);
    expect(ejection.ejected(1)).toBe(false);
    answers(0.501);
    expect(ejection.ejected(1)).toBe(true);
    expect(() => new OutlierEjection(4, { ...times, slowAfter: 0 })).toThrow('slowAfter must be');
  });

  it('OE-2 ejects for the base time × the number of ejections, up to the longest', () => {
    const ejection = new OutlierEjection(4, { ...times, maxEjectionTime: 75 });
    let now = 0;
    for (const time of [30, 60, 75, 75]) {
      errors(ejection, 0, 5, now);
      changed(ejection, now + time - 0.001);
      expect(ejection.ejected(0)).toBe(true);
      changed(ejection, now + time);
      expect(ejection.ejected(0)).toBe(false);
      // Before a window has passed.
      now += time;
    }
  });

  it('OE-3 forgives one ejection for each window that a target stays in', () => {
    for (const [windows, time] of [
      [0, 90],
      [1, 60],
      [2, 30],
      [500, 30],
    ] as const) {
      const ejection = new OutlierEjection(4, times);
      errors(ejection, 0, 5, 0);
      changed(ejection, 30);
      errors(ejection, 0, 5, 30);
      changed(ejection, 90);
      const again = 90 + windows * times.interval;
      changed(ejection, again);
      errors(ejection, 0, 5, again);
      changed(ejection, again + time - 0.001);
      expect(ejection.ejected(0)).toBe(true);
      changed(ejection, again + time);
      expect(ejection.ejected(0)).toBe(false);
    }
  });

  it('OE-4 judges error rates at the end of a window, the worst first', () => {
    const options = { ...times, consecutiveErrors: null, errorRate: 0.5, errorRateRequests: 20 };
    const ejection = new OutlierEjection(10, { ...options, maxEjectedShare: 0.2 });
    for (let target = 0; target < 10; target++) {
      // Target t fails t in 10.
      for (let i = 0; i < 20; i++) ejection.finished(target, i % 10 >= target, 1);
    }
    expect(changed(ejection, 10.9)).toEqual([]);
    expect(changed(ejection, 11)).toEqual([8, 9]);
    expect(changed(ejection, 41)).toEqual([8, 9]);
  });

  it('OE-5 judges nobody with too few requests or too few to compare with', () => {
    const options = { ...times, consecutiveErrors: null, errorRate: 0.5 };
    const few = new OutlierEjection(10, options);
    for (let target = 0; target < 10; target++) errors(few, target, 49, 1);
    expect(changed(few, 20)).toEqual([]);
    const alone = new OutlierEjection(10, options);
    for (let target = 0; target < 4; target++) errors(alone, target, 50, 1);
    expect(changed(alone, 20)).toEqual([]);
  });

  it('OE-6 never has more out than the ceiling', () => {
    for (const [targets, maxEjectedShare, most] of [
      [10, 0.1, 1],
      [10, 0.35, 3],
      [4, 0.1, 1],
      [2, 0.9, 1],
      [1, 0.9, 0],
      [3, 0, 0],
      [3, 1, 3],
    ] as const) {
      const ejection = new OutlierEjection(targets, { ...times, maxEjectedShare });
      for (let target = 0; target < targets; target++) errors(ejection, target, 10, 0);
      expect(ejection.ejectedCount).toBe(most);
    }
  });

  it('OE-7 counts nothing against a target that is out', () => {
    const ejection = new OutlierEjection(4, times);
    errors(ejection, 0, 100, 0);
    changed(ejection, 30);
    errors(ejection, 0, 4, 30);
    expect(ejection.ejected(0)).toBe(false);
  });

  it('OE-8 time that went back stands still; the ceiling and the times hold for any clock', () => {
    const ejection = new OutlierEjection(4, times);
    ejection.finished(0, true, 100);
    errors(ejection, 0, 5, -1000);
    for (const now of [-900, Number.NaN, Number.NEGATIVE_INFINITY, 129.9, Number.POSITIVE_INFINITY]) {
      changed(ejection, now);
      expect(ejection.ejected(0)).toBe(true);
    }
    changed(ejection, 130);
    expect(ejection.ejected(0)).toBe(false);

    const instants = fc.oneof(fc.double(), fc.constantFrom(0, -5, 3600, 2 ** 53, Number.NaN));
    const step = fc.tuple(fc.nat({ max: 5 }), fc.boolean(), instants);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const ejection = new OutlierEjection(6, { ...times, consecutiveErrors: 2, maxEjectedShare: 0.5 });
        for (const [target, ok, now] of steps) {
          ejection.finished(target, ok, now);
          changed(ejection, now);
          const out = [0, 1, 2, 3, 4, 5].filter((each) => ejection.ejected(each)).length;
          expect(out).toBe(ejection.ejectedCount);
          expect(out).toBeLessThanOrEqual(3);
        }
      }),
    );
  });

  it('OE-9 goes on from a snapshot', () => {
    const options: OutlierOptions = { ...times, consecutiveErrors: 3, errorRate: 0.5, errorRateRequests: 2 };
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 5 }), fc.boolean()), { maxLength: 300 }), (steps) => {
        const live = (ejection: OutlierEjection, from: number) =>
          steps.map(([target, ok], i) => {
            ejection.finished(target, ok, from + i);
            return changed(ejection, from + i);
          });
        const first = new OutlierEjection(6, options);
        live(first, -50);
        const state = JSON.parse(JSON.stringify(first.snapshot()));
        const second = new OutlierEjection(6, options, state);
        expect(second.snapshot()).toEqual(state);
        // A restored one tells first who is out.
        changed(second, -50 + steps.length);
        changed(first, -50 + steps.length);
        expect(live(second, 300)).toEqual(live(first, 300));
      }),
      { numRuns: 30 },
    );
  });

  it('OE-10 refuses what cannot be', () => {
    const refused: [Partial<OutlierOptions>, string][] = [
      [{ interval: 0 }, 'interval'],
      [{ interval: Number.NaN }, 'interval'],
      [{ baseEjectionTime: -1 }, 'baseEjectionTime'],
      [{ maxEjectionTime: 29 }, 'maxEjectionTime'],
      [{ consecutiveErrors: 0 }, 'consecutiveErrors'],
      [{ consecutiveErrors: 1.5 }, 'consecutiveErrors'],
      [{ errorRate: 1.1 }, 'errorRate'],
      [{ errorRateRequests: 0 }, 'errorRateRequests'],
      [{ errorRateTargets: 2 ** 53 }, 'errorRateTargets'],
      [{ maxEjectedShare: -0.1 }, 'maxEjectedShare'],
    ];
    for (const [options, name] of refused) {
      expect(() => new OutlierEjection(4, { ...times, ...options })).toThrow(`${name} must be`);
    }
    expect(() => new OutlierEjection(0, times)).toThrow(/targets must be/);
    const ejection = new OutlierEjection(2, times);
    expect(() => ejection.finished(2, true, 0)).toThrow(RangeError);
    expect(() => ejection.ejected(Number.NaN)).toThrow(RangeError);
    const state = ejection.snapshot();
    for (const fault of [
      { version: 2 },
      { out: [2, 0] },
      { until: [0] },
      { latest: 'now' },
      { errors: [0, -1] },
    ]) {
      expect(() => new OutlierEjection(2, times, { ...state, ...fault } as typeof state)).toThrow(RangeError);
    }
  });
});
