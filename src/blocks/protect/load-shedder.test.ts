import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import { LoadShedder, type LoadShedderOptions, type LoadShedderState, restoreLoadShedder } from './index.ts';

const options: LoadShedderOptions = {
  classes: [
    { from: 2, full: 4 },
    { from: 1, full: 2 },
    { from: 0.5, full: 0.5 },
  ],
  targetDelay: 20,
  window: 1000,
  windowRequests: 4,
};

/** Share of requests let in at a utilisation. */
function admitted(priority: number, utilisation: number): number {
  const shedder = new LoadShedder(options);
  const draws = 1000;
  let count = 0;
  for (let i = 0; i < draws; i++) if (shedder.admits(0, priority, i / draws, utilisation)) count++;
  return count / draws;
}

describe('load shedder', () => {
  it('LS-1 lets a class in up to its lower bound, none from its upper, a falling share between', () => {
    expect([0, 1, 1.25, 1.5, 2, 9, Number.POSITIVE_INFINITY].map((load) => admitted(1, load))).toEqual([
      1, 1, 0.75, 0.5, 0, 0, 0,
    ]);
    expect([0.5, 0.500001].map((load) => admitted(2, load))).toEqual([1, 0]);
  });

  it('LS-2 turns the less important away first, whatever the load', () => {
    const load = fc.double({ min: 0, max: 10, noNaN: true });
    const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(load, draw, (utilisation, chance) => {
        const shedder = new LoadShedder(options);
        const verdicts = [0, 1, 2].map((priority) => shedder.admits(0, priority, chance, utilisation));
        expect(verdicts).toEqual([...verdicts].sort().reverse());
      }),
    );
  });

  it('LS-3 takes the mean delay of the last window over its target for the load', () => {
    const shedder = new LoadShedder(options);
    for (const delay of [10, 20, 30]) shedder.observe(0, delay);
    expect(shedder.load(0)).toBe(0);
    shedder.observe(0, 60);
    expect(shedder.load(0)).toBe(1.5);
    expect(shedder.load(0, 2)).toBe(2);
    // By time, when there are few.
    shedder.observe(500, 10);
    shedder.observe(1000, 30);
    expect(shedder.load(1000)).toBe(1);
  });

  it('LS-4 recovers when everything was turned away', () => {
    const shedder = new LoadShedder(options);
    for (let i = 0; i < 4; i++) shedder.observe(0, 1000);
    expect(shedder.admits(1999, 0, 0.999)).toBe(false);
    expect(shedder.admits(2000, 2, 0)).toBe(true);
  });

  it('LS-9 what was measured before everything was turned away does not come back with the first request after it', () => {
    const shedder = new LoadShedder(options);
    for (let i = 0; i < 4; i++) shedder.observe(0, 1000);
    for (let now = 2000; now < 5000; now += 100) {
      expect(shedder.admits(now, 2, 0)).toBe(true);
      shedder.observe(now, 1);
    }
  });

  it('LS-5 starts its window anew when the clock goes back', () => {
    const shedder = new LoadShedder(options);
    for (let i = 0; i < 4; i++) shedder.observe(3_600_000, 40);
    expect(shedder.load(0)).toBe(2);
    expect(shedder.load(1999)).toBe(2);
    expect(shedder.load(2000)).toBe(0);
  });

  it('LS-6 decides alike for the same draw: calls that serve one request stand or fall together', () => {
    // Four calls for one request at half load: half of the requests come through, not 1 of 16.
    const shedder = new LoadShedder(options);
    const random = createRandom(8);
    const users = 40_000;
    let through = 0;
    for (let user = 0; user < users; user++) {
      const draw = random.next();
      if ([1, 2, 3, 4].every(() => shedder.admits(0, 1, draw, 1.5))) through++;
    }
    expect(Math.abs(through / users - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / users));
  });

  it('LS-7 goes on from a snapshot, through JSON', () => {
    const shedder = new LoadShedder(options);
    for (let i = 0; i < 6; i++) shedder.observe(i, 7 * i);
    const other = restoreLoadShedder(
      options,
      JSON.parse(JSON.stringify(shedder.snapshot())) as LoadShedderState,
    );
    for (let i = 6; i < 20; i++) {
      shedder.observe(i, 7 * i);
      other.observe(i, 7 * i);
      expect(other.load(i)).toBe(shedder.load(i));
    }
    expect(new LoadShedder(options, new LoadShedder(options).snapshot()).load(0)).toBe(0);
  });

  it('LS-8 refuses impossible options, arguments and state by name', () => {
    const make = (changes: object) => () => new LoadShedder({ ...options, ...changes });
    expect(make({ classes: [] })).toThrow(/classes.length must be/);
    expect(make({ classes: [{ from: 2, full: 1 }] })).toThrow(/full must be/);
    expect(make({ classes: [{ from: -1, full: 1 }] })).toThrow(/from must be/);
    expect(make({ targetDelay: 0 })).toThrow(/targetDelay must be/);
    expect(make({ window: Number.NaN })).toThrow(/window must be/);
    expect(make({ windowRequests: 0 })).toThrow(/windowRequests must be/);
    const shedder = new LoadShedder(options);
    expect(() => shedder.observe(Number.NaN, 0)).toThrow(/now must be/);
    expect(() => shedder.observe(0, -1)).toThrow(/delay must be/);
    expect(() => shedder.admits(0, 3, 0)).toThrow(/priority must be/);
    expect(() => shedder.admits(0, 0, Number.NaN)).toThrow(/draw must be/);
    expect(() => shedder.admits(0, 0, 0, -1)).toThrow(/utilisation must be/);
    const good = shedder.snapshot();
    for (const bad of [
      null,
      { ...good, version: 2 },
      { ...good, since: Number.NaN },
      { ...good, requests: -1 },
      { ...good, delaySum: -1 },
      { ...good, queueLoad: Number.NaN },
    ]) {
      expect(() => restoreLoadShedder(options, bad as LoadShedderState)).toThrow(RangeError);
    }
  });
});
