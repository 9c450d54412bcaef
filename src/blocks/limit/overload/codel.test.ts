import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Codel, type CodelState } from '../index.ts';

const options = { target: 5, interval: 100 };

it('O-S03 under persistent overload it drops after one interval and then at intervals / √n', () => {
  const codel = new Codel(options);
  const drops: number[] = [];
  // An item each tenth of a millisecond, all of which have waited for too long.
  for (let tick = 0; tick <= 11_000; tick++) if (codel.dequeued(tick / 10, 20)) drops.push(tick / 10);
  const expected = [0, 100, 170.71, 228.45, 278.45, 323.17, 363.99, 401.79, 437.14, 470.48, 502.1];
  expect(drops[0]).toBe(100);
  expected.forEach((offset, n) => {
    expect(Math.abs(drops[n]! - drops[0]! - offset)).toBeLessThanOrEqual(0.11);
  });
  const inOneSecond = drops.filter((drop) => drop > drops[0]! && drop <= drops[0]! + 1000).length;
  expect(Math.abs(inOneSecond - 32)).toBeLessThanOrEqual(1);
});

it('CD-1 never drops while some wait in every interval is below the target', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1 }), (sojourns) => {
      const codel = new Codel(options);
      let now = 0;
      for (const sojourn of sojourns) {
        for (let i = 0; i < 9; i++) {
          now += 10;
          expect(codel.dequeued(now, sojourn)).toBe(false);
        }
        now += 10;
        expect(codel.dequeued(now, 4.9)).toBe(false);
      }
    }),
  );
});

it('CD-2 stops at once when a wait is below the target or nothing is left', () => {
  for (const calm of [(codel: Codel) => codel.dequeued(300, 4), (codel: Codel) => codel.emptied()]) {
    const codel = new Codel(options);
    for (let now = 0; now <= 290; now += 10) codel.dequeued(now, 20);
    calm(codel);
    for (let now = 300; now < 400; now += 10) expect(codel.dequeued(now, 20)).toBe(false);
    expect(codel.dequeued(400, 20)).toBe(true);
  }
});

it('CD-3 begins again at the rate that was enough, when that is not long ago', () => {
  const gapAfter = (pause: number) => {
    const codel = new Codel({ target: 5, interval: 100 });
    let now = 0;
    for (; now <= 1100; now++) codel.dequeued(now, 20);
    codel.dequeued(now, 0);
    now += pause;
    const drops: number[] = [];
    for (const end = now + 400; now < end; now++) if (codel.dequeued(now, 20)) drops.push(now);
    return drops[1]! - drops[0]!;
  };
  // 33 drops the last time, of which all but the first count.
  expect(gapAfter(200)).toBe(Math.ceil(100 / Math.sqrt(32)));
  expect(gapAfter(1700)).toBe(100);
});

it('CD-4 stands a clock that stands still, goes back or jumps, time zero included', () => {
  const codel = new Codel(options);
  expect(codel.dequeued(-100, 20)).toBe(false);
  expect(codel.dequeued(-0.001, 20)).toBe(false);
  expect(codel.dequeued(0, 20)).toBe(true);
  for (let i = 0; i < 10; i++) expect(codel.dequeued(0, 20)).toBe(false);
  expect(codel.dequeued(-1000, 20)).toBe(false);
  expect(codel.dequeued(3_600_000, 20)).toBe(true);
  expect(codel.dequeued(2 ** 53, 0)).toBe(false);
});

it('CD-5 goes on from its snapshot through JSON', () => {
  let through = new Codel(options);
  const straight = new Codel(options);
  for (let now = -50; now < 2000; now += 3) {
    const sojourn = now % 700 < 600 ? 20 : 1;
    through = new Codel(options, JSON.parse(JSON.stringify(through.snapshot())));
    expect(through.dequeued(now, sojourn)).toBe(straight.dequeued(now, sojourn));
  }
});

it('CD-6 refuses impossible options, calls and states', () => {
  for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => new Codel({ target: value, interval: 1 })).toThrow(/target must be/);
    expect(() => new Codel({ target: 1, interval: value })).toThrow(/interval must be/);
  }
  const codel = new Codel(options);
  expect(() => codel.dequeued(Number.NaN, 1)).toThrow(/now must be/);
  expect(() => codel.dequeued(0, Number.NaN)).toThrow(/sojourn must be/);
  expect(() => codel.dequeued(0, -1)).toThrow(/sojourn must be/);
  const state = codel.snapshot();
  for (const faulty of [
    { version: 2 },
    { count: -1 },
    { lastCount: 1 },
    { nextDrop: Number.NaN },
    { certainAt: 'x' },
  ]) {
    expect(() => new Codel(options, { ...state, ...faulty } as CodelState)).toThrow(RangeError);
  }
});
