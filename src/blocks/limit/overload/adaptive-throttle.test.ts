import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../../kernel/index.ts';
import { AdaptiveThrottle, type AdaptiveThrottleState } from '../index.ts';

/** Refuses whenever there is any reason to. */
const STRICT: Random = { next: () => 0 };

it('AT-1 refuses with max(0, (requests − K · accepts) / (requests + 1))', () => {
  const throttle = new AdaptiveThrottle({ window: 120 });
  expect(throttle.refusalProbability(0)).toBe(0);
  for (let i = 0; i < 10; i++) throttle.refused(0);
  expect(throttle.refusalProbability(0)).toBe(10 / 11);
  for (let i = 0; i < 4; i++) throttle.accepted(1);
  expect(throttle.refusalProbability(1)).toBe(6 / 15);
  for (let i = 0; i < 6; i++) throttle.accepted(1);
  expect(throttle.refusalProbability(1)).toBe(0);
  throttle.refused(1);
  expect(throttle.tryPass(1, STRICT)).toBe(false);
  expect(throttle.refusalProbability(1)).toBe(2 / 23);
});

it('AT-7 holds nothing back while the first of a client are still under way', () => {
  const throttle = new AdaptiveThrottle({ window: 120 });
  for (let i = 0; i < 1000; i++) expect(throttle.tryPass(0, STRICT)).toBe(true);
  for (let i = 0; i < 500; i++) throttle.accepted(1);
  for (let i = 0; i < 500; i++) throttle.refused(1);
  expect(throttle.refusalProbability(1)).toBe(0);
  throttle.refused(1);
  expect(throttle.tryPass(1, STRICT)).toBe(false);
});

it('AT-2 counts what came within the window, in slots, whatever the clock does', () => {
  const gaps = fc.array(
    fc.tuple(fc.integer({ min: -20, max: 60 }), fc.constantFrom('wanted', 'accepted', 'refused')),
    {
      maxLength: 200,
    },
  );
  fc.assert(
    fc.property(fc.integer({ min: -1000, max: 1000 }), gaps, (start, plan) => {
      const throttle = new AdaptiveThrottle({ window: 32, slots: 8, multiplier: 1 });
      const random = createRandom(1);
      const history: { slot: number; isAccepted: boolean }[] = [];
      let now = start;
      let slot = Number.NEGATIVE_INFINITY;
      for (const [gap, event] of plan) {
        now += gap / 4;
        slot = Math.max(slot, Math.floor(now / 4));
        if (event === 'accepted') throttle.accepted(now);
        if (event === 'refused') throttle.refused(now);
        const isSent = event === 'wanted' && throttle.tryPass(now, random);
        if (!isSent) history.push({ slot, isAccepted: event === 'accepted' });
        const recent = history.filter((each) => each.slot > slot - 8);
        const requests = recent.length;
        const accepts = recent.filter((each) => each.isAccepted).length;
        expect(throttle.refusalProbability(now)).toBe(Math.max(0, (requests - accepts) / (requests + 1)));
      }
    }),
  );
});

describe('in front of a server', () => {
  it.each([1.1, 2, 3])('AT-3 with K = %d it settles at K requests for each one accepted', (multiplier) => {
    // The server takes 20 of the 100 wanted in each unit of time.
    const throttle = new AdaptiveThrottle({ window: 120, multiplier });
    const random = createRandom(4);
    let sent = 0;
    let accepted = 0;
    for (let now = 0; now < 600; now++) {
      let room = 20;
      for (let i = 0; i < 100; i++) {
        if (!throttle.tryPass(now + i / 100, random)) continue;
        if (now >= 200) sent++;
        if (room-- > 0) {
          throttle.accepted(now + i / 100);
          if (now >= 200) accepted++;
        } else {
          throttle.refused(now + i / 100);
        }
      }
    }
    // The law of large numbers over 40,000 draws; the plus one in the formula is below 1 in 10,000.
    const expected = multiplier * accepted;
    expect(Math.abs(sent - expected)).toBeLessThan(4 * Math.sqrt(expected) + 0.01 * expected);
  });

  it('AT-4 after an outage it sends more with every window, until nothing is refused', () => {
    const throttle = new AdaptiveThrottle({ window: 10, slots: 10 });
    const random = createRandom(4);
    for (let i = 0; i < 1000; i++) throttle.refused(i / 100);
    expect(throttle.refusalProbability(9.99)).toBe(1000 / 1001);
    // Where all that is sent is accepted, K = 2 at least doubles it in a window: 1 in 1000 takes ten windows.
    let refused = 0;
    for (let now = 10; now < 200; now += 0.01) {
      if (throttle.tryPass(now, random)) throttle.accepted(now);
      else if (now > 110 + 10) refused++;
    }
    expect(refused).toBe(0);
  });
});

it('AT-5 goes on from its snapshot through JSON, a jump of the clock forgets all', () => {
  const options = { window: 60, slots: 6 };
  let through = new AdaptiveThrottle(options);
  const straight = new AdaptiveThrottle(options);
  for (let now = -100; now < 200; now++) {
    through = new AdaptiveThrottle(options, JSON.parse(JSON.stringify(through.snapshot())));
    for (const each of [through, straight]) {
      if (now % 3 === 0) each.accepted(now);
      else each.refused(now);
    }
    expect(through.tryPass(now, STRICT)).toBe(straight.tryPass(now, STRICT));
    expect(through.refusalProbability(now)).toBe(straight.refusalProbability(now));
  }
  expect(straight.refusalProbability(3800)).toBe(0);
  expect(straight.refusalProbability(2 ** 53)).toBe(0);
  expect(straight.refusalProbability(-(2 ** 53))).toBe(0);
});

it('AT-6 refuses impossible options, times and states', () => {
  for (const window of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => new AdaptiveThrottle({ window })).toThrow(/window must be/);
  }
  for (const slots of [0, 1.5, 2 ** 53]) {
    expect(() => new AdaptiveThrottle({ window: 1, slots })).toThrow(/slots must be/);
  }
  expect(() => new AdaptiveThrottle({ window: 1, multiplier: 0.9 })).toThrow(/multiplier must be/);
  const throttle = new AdaptiveThrottle({ window: 1, slots: 2 });
  expect(() => throttle.tryPass(Number.NaN, STRICT)).toThrow(/now must be/);
  expect(() => throttle.accepted(Number.POSITIVE_INFINITY)).toThrow(/now must be/);
  const state = throttle.snapshot();
  for (const faulty of [{ version: 2 }, { slot: 0.5 }, { requests: [1] }, { accepts: [1, -1] }]) {
    expect(
      () => new AdaptiveThrottle({ window: 1, slots: 2 }, { ...state, ...faulty } as AdaptiveThrottleState),
    ).toThrow(RangeError);
  }
});
