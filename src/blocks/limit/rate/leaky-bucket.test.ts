import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LeakyBucket } from '../index.ts';

it('LB-1 sends out one by one, 1 / rate apart, in the order in which they came', () => {
  const bucket = new LeakyBucket({ rate: 4, capacity: 100 });
  expect(Array.from({ length: 5 }, () => bucket.reserve(10))).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect(bucket.reserve(10.5)).toBe(0.75);
  expect(bucket.reserve(20)).toBe(0);
});

it('LB-2 with capacity b + 1 it is NGINX limit_req burst=b: 21 of 25 have a place, the last waits 2 s', () => {
  const bucket = new LeakyBucket({ rate: 10, capacity: 21 });
  const waits = Array.from({ length: 25 }, () => bucket.reserve(0));
  expect(waits.filter((wait) => wait >= 0).length).toBe(21);
  expect(waits[20]).toBeCloseTo(2, 12);
  expect(waits[21]).toBeCloseTo(-0.1, 12);
});

it('LB-3 refuses with the time after which there is room: then there is, a moment earlier there is not', () => {
  const time = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  const gaps = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 5 })));
  fc.assert(
    fc.property(time, gaps, fc.integer({ min: 5, max: 12 }), (start, plan, capacity) => {
      const options = { rate: 3, capacity };
      const bucket = new LeakyBucket(options);
      let now = start;
      let free = Number.NEGATIVE_INFINITY;
      for (const [gap, cost] of plan) {
        now += gap;
        const before = bucket.snapshot();
        const wait = bucket.reserve(now, cost);
        const moment = 2 ** -40 * (Math.abs(now) + capacity);
        if (wait < 0) {
          expect(bucket.snapshot()).toEqual(before);
          expect(new LeakyBucket(options, before).reserve(now - wait, cost)).toBeGreaterThanOrEqual(0);
          if (-wait > moment) {
            expect(new LeakyBucket(options, before).reserve(now - wait - moment, cost)).toBeLessThan(0);
          }
        } else {
          // Nobody leaves before the one ahead has left.
          expect(now + wait).toBeGreaterThanOrEqual(free - moment);
          free = now + wait + cost / 3;
        }
      }
    }),
  );
});

it('LB-4 has never room for what is larger than it, and takes nothing for nothing', () => {
  const bucket = new LeakyBucket({ rate: 1, capacity: 2 });
  expect(bucket.reserve(0, 3)).toBe(Number.NEGATIVE_INFINITY);
  expect(bucket.reserve(0, 0)).toBe(0);
  expect(() => bucket.reserve(Number.NaN)).toThrow(/now must be/);
  expect(() => bucket.reserve(0, -1)).toThrow(/cost must be/);
});

it('LB-5 a clock that goes back adds to the wait', () => {
  const bucket = new LeakyBucket({ rate: 1, capacity: 10 });
  expect(bucket.reserve(100)).toBe(0);
  expect(bucket.reserve(90)).toBe(11);
  expect(bucket.reserve(100)).toBe(2);
});
