import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Autoscaler, type AutoscalerOptions, type AutoscalerState, restoreAutoscaler } from './index.ts';

const options: AutoscalerOptions = { from: 2, to: 20, targets: [0.5], tolerance: 0.1, cooldown: 300 };

/** What a new autoscaler decides, so long after the start that nothing is left of it. */
function decided(serving: number, starting: number, ...measured: number[]): number {
  const targets = measured.map(() => 0.5);
  return new Autoscaler({ ...options, targets }, 0, 2).decide(1000, serving, starting, measured);
}

describe('autoscaler', () => {
  it('AS-1 wants ⌈instances × measured ÷ target⌉, within its bounds', () => {
    expect([0.6, 0.75, 1, 9].map((measured) => decided(4, 0, measured))).toEqual([5, 6, 8, 20]);
    expect([0.4, 0.3, 0.1, 0].map((measured) => decided(10, 0, measured))).toEqual([8, 6, 2, 2]);
    expect(decided(4, 0, Number.POSITIVE_INFINITY)).toBe(20);
  });

  it('AS-2 does nothing within the tolerance, its edges included', () => {
    expect([0.451, 0.5, 0.549].map((measured) => decided(10, 0, measured))).toEqual([10, 10, 10]);
    expect([0.449, 0.551].map((measured) => decided(10, 0, measured))).toEqual([9, 12]);
    const exact = new Autoscaler({ ...options, tolerance: 0 }, 0, 2);
    expect(exact.decide(1000, 10, 0, [0.51])).toBe(11);
  });

  it('AS-3 of several measures takes the largest number', () => {
    expect(decided(4, 0, 0.1, 1)).toBe(8);
    expect(decided(4, 0, 1, 0.1)).toBe(8);
    expect(decided(4, 0, 0.1, 0.5)).toBe(4);
  });

  it('AS-4 counts instances that are starting as idle, and so orders none twice', () => {
    expect(decided(4, 0, 1)).toBe(8);
    expect(decided(4, 4, 1)).toBe(8);
    expect(decided(4, 3, 1)).toBe(8);
    // Within the tolerance of what is on its way.
    expect(decided(10, 9, 1)).toBe(19);
    // What is starting is not taken back for a load that those who serve can hardly bear.
    expect(decided(4, 10, 1)).toBe(14);
  });

  it('AS-5 takes instances out only down to the highest number wanted within the cooldown', () => {
    const scaler = new Autoscaler(options, 0, 10);
    expect([0, 100, 299, 300].map((now) => scaler.decide(now, 10, 0, [0.1]))).toEqual([10, 10, 10, 10]);
    expect(scaler.decide(300.1, 10, 0, [0.1])).toBe(2);
    const falling = new Autoscaler(options, 0, 10);
    expect(falling.decide(200, 10, 0, [0.35])).toBe(10);
    expect(falling.decide(400, 10, 0, [0.1])).toBe(7);
    expect(falling.decide(500, 7, 0, [0.1])).toBe(7);
    expect(falling.decide(500.1, 7, 0, [0.1])).toBe(2);
    const immediate = new Autoscaler({ ...options, cooldown: 0 }, 0, 10);
    expect(immediate.decide(1, 10, 0, [0.1])).toBe(2);
  });

  it('AS-6 takes none out while a measure is not known, and adds by the others', () => {
    expect(decided(10, 0, Number.NaN)).toBe(10);
    expect(decided(10, 0, Number.NaN, 0.1)).toBe(10);
    expect(decided(10, 0, Number.NaN, 1)).toBe(20);
    expect(decided(0, 5, 1)).toBe(5);
  });

  it('AS-7 always decides for a number within its bounds, never below what the highest measure asks for', () => {
    const look = fc.record({
      wait: fc.double({ min: -50, max: 500, noNaN: true }),
      serving: fc.integer({ min: 0, max: 40 }),
      starting: fc.integer({ min: 0, max: 40 }),
      measured: fc.double({ min: 0, max: 10 }),
    });
    fc.assert(
      fc.property(fc.array(look, { maxLength: 40 }), (looks) => {
        const scaler = new Autoscaler(options, 0, 5);
        let now = 0;
        for (const { wait, serving, starting, measured } of looks) {
          now += wait;
          const number = scaler.decide(now, serving, starting, [measured]);
          expect(Number.isInteger(number)).toBe(true);
          expect(number).toBeGreaterThanOrEqual(2);
          expect(number).toBeLessThanOrEqual(20);
          const asked = Math.ceil((measured / 0.5) * serving * (1 - 1e-12));
          const beyond = (measured / 0.5) * serving > 1.1 * (serving + starting);
          if (serving > 0 && beyond) expect(number).toBeGreaterThanOrEqual(Math.min(20, asked));
        }
      }),
    );
  });

  it('AS-8 goes on from a snapshot as if nothing had happened', () => {
    const measures = fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(measures, measures, (before, after) => {
        const scaler = new Autoscaler(options, 0, 5);
        before.forEach((measured, i) => {
          scaler.decide(i * 40, 5, 0, [measured]);
        });
        const other = restoreAutoscaler(options, JSON.parse(JSON.stringify(scaler.snapshot())));
        after.forEach((measured, i) => {
          const now = (before.length + i) * 40;
          expect(other.decide(now, 5, 0, [measured])).toBe(scaler.decide(now, 5, 0, [measured]));
        });
        expect(other.snapshot()).toEqual(scaler.snapshot());
      }),
    );
  });

  it('AS-9 takes a clock that goes back for one that stands still', () => {
    const scaler = new Autoscaler(options, 1000, 10);
    expect(scaler.decide(0, 10, 0, [0.1])).toBe(10);
    expect(scaler.decide(1300, 10, 0, [0.1])).toBe(10);
    expect(scaler.decide(1301, 10, 0, [0.1])).toBe(2);
  });

  it.each<[string, Partial<AutoscalerOptions>]>([
    ['from', { from: 0 }],
    ['from', { from: 2.5 }],
    ['to', { to: 1 }],
    ['to', { to: Number.POSITIVE_INFINITY }],
    ['targets.length', { targets: [] }],
    ['target', { targets: [0] }],
    ['target', { targets: [Number.NaN] }],
    ['tolerance', { tolerance: -0.1 }],
    ['tolerance', { tolerance: Number.NaN }],
    ['cooldown', { cooldown: -1 }],
    ['cooldown', { cooldown: Number.POSITIVE_INFINITY }],
  ])('AS-10 refuses a bad option: %s, %j', (name, bad) => {
    expect(() => new Autoscaler({ ...options, ...bad }, 0, 2)).toThrow(new RegExp(`^${name} must`));
  });

  it('AS-11 refuses bad measurements, times and numbers, and forgets them', () => {
    const scaler = new Autoscaler(options, 0, 5);
    const before = scaler.snapshot();
    expect(() => scaler.decide(Number.NaN, 5, 0, [1])).toThrow(RangeError);
    expect(() => scaler.decide(1, -1, 0, [1])).toThrow(RangeError);
    expect(() => scaler.decide(1, 5, 0.5, [1])).toThrow(RangeError);
    expect(() => scaler.decide(1, 5, 0, [-1])).toThrow(RangeError);
    expect(() => scaler.decide(1, 5, 0, [])).toThrow(RangeError);
    expect(() => scaler.decide(1, 5, 0, [1, 1])).toThrow(RangeError);
    expect(scaler.snapshot()).toEqual(before);
    expect(() => new Autoscaler(options, 0, 1)).toThrow(RangeError);
    expect(() => new Autoscaler(options, Number.NaN, 5)).toThrow(RangeError);
  });

  it.each<[string, Partial<Record<keyof AutoscalerState, unknown>>]>([
    ['version', { version: 2 }],
    ['kind', { kind: 'breaker' }],
    ['latest', { latest: Number.NaN }],
    ['empty', { wanted: [], wantedAt: [] }],
    ['lengths', { wanted: [5, 4], wantedAt: [0] }],
    ['bounds', { wanted: [21], wantedAt: [0] }],
    ['order', { wanted: [4, 5], wantedAt: [0, 1] }],
    ['times', { wanted: [5, 4], wantedAt: [1, 0] }],
    ['future', { wanted: [5], wantedAt: [11] }],
  ])('AS-12 refuses a faulty state: %s', (_, faulty) => {
    const state = { version: 1, kind: 'autoscaler', latest: 10, wanted: [5], wantedAt: [0] };
    expect(() => restoreAutoscaler(options, { ...state, ...faulty } as AutoscalerState)).toThrow(RangeError);
  });
});
