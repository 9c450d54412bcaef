import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SlowStart } from './index.ts';

describe('slow start', () => {
  it('SS-1 is max(least, (t / window)^(1 / aggression)), as Envoy has it', () => {
    for (const [aggression, at25] of [
      [1, 0.25],
      [2, 0.5],
      [0.5, 0.1],
    ] as const) {
      const start = new SlowStart(1, { window: 100, aggression });
      start.begin(0, -50);
      expect(start.share(0, -50)).toBe(0.1);
      expect(start.share(0, -25)).toBeCloseTo(at25, 12);
      expect(start.share(0, 50)).toBe(1);
    }
  });

  it('SS-2 is the whole weight before it begins and after it ends', () => {
    const start = new SlowStart(2, { window: 10 });
    expect(start.share(0, 0)).toBe(1);
    start.begin(0, 0);
    expect(start.share(1, 0)).toBe(1);
    expect(start.share(0, 10)).toBe(1);
    start.begin(0, 20);
    expect(start.share(0, 20)).toBe(0.1);
  });

  it('SS-3 never falls while no one begins, whatever the clock does', () => {
    const instants = fc.oneof(
      fc.double({ min: -10, max: 120 }),
      fc.double(),
      fc.constantFrom(Number.NaN, 2 ** 53, 3600, Number.POSITIVE_INFINITY),
    );
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.array(instants),
        (aggression, clock) => {
          const start = new SlowStart(1, { window: 100, aggression, minShare: 0.01 });
          start.begin(0, 0);
          let before = start.share(0, 0);
          for (const now of clock) {
            const share = start.share(0, now);
            expect(share).toBeGreaterThanOrEqual(before);
            expect(share).toBeLessThanOrEqual(1);
            before = share;
          }
        },
      ),
    );
  });

  it('SS-4 goes on from a snapshot', () => {
    const first = new SlowStart(2, { window: 10 });
    first.begin(1, -5);
    const state = JSON.parse(JSON.stringify(first.snapshot()));
    const second = new SlowStart(2, { window: 10 }, state);
    expect(second.snapshot()).toEqual(state);
    expect(second.share(1, 0)).toBe(0.5);
    expect(second.share(0, 0)).toBe(1);
    for (const fault of [{ version: 2 }, { since: [null] }, { since: [null, 'then'] }]) {
      expect(() => new SlowStart(2, { window: 10 }, { ...state, ...fault })).toThrow(RangeError);
    }
  });

  it('SS-5 refuses what cannot be', () => {
    for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new SlowStart(1, { window: value })).toThrow('window must be > 0 and finite');
      expect(() => new SlowStart(1, { window: 1, aggression: value })).toThrow('aggression must be > 0');
      expect(() => new SlowStart(1, { window: 1, minShare: value })).toThrow('minShare must be > 0');
    }
    expect(() => new SlowStart(1, { window: 1 }).begin(1, 0)).toThrow(RangeError);
  });
});
