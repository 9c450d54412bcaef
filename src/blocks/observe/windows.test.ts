import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DurationWindow, RedWindow, UseWindow, WindowedSums } from './index.ts';

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value));
const BAD_SPANS = [0, -1, Number.NaN, Number.POSITIVE_INFINITY];
const BAD_INSTANTS = [Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53];

describe('windowed sums', () => {
  it('WS-1 sums what is within the window, to a pane, whatever the clock does', () => {
    const step = fc.constantFrom(0, 0, 0.25, 1, 2.5, 7, 40, -1, -30, 3600, -3600);
    const action = fc.record({ step, amount: fc.integer({ min: 0, max: 9 }), column: fc.nat({ max: 1 }) });
    fc.assert(
      fc.property(
        fc.array(action, { maxLength: 100 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: -50, max: 50 }),
        (actions, panes, begin) => {
          const options = { span: 12, panes };
          const width = 12 / panes;
          let sums = new WindowedSums(2, options);
          const all: { at: number; amount: number; column: number }[] = [];
          let now = begin;
          let clock = Number.NEGATIVE_INFINITY;
          for (const { step, amount, column } of actions) {
            now += step;
            clock = Math.max(clock, now);
            sums.add(column, amount, now);
            all.push({ at: clock, amount, column });
            // The present pane and those before it.
            const oldest = Math.floor(clock / width) - panes + 1;
            const inside = all.filter(({ at }) => Math.floor(at / width) >= oldest);
            for (const column of [0, 1]) {
              const expected = inside
                .filter((one) => one.column === column)
                .reduce((s, { amount }) => s + amount, 0);
              expect(sums.sum(column, now)).toBe(expected);
            }
            const covered = sums.covered(now);
            expect(covered).toBeLessThanOrEqual(12 + 1e-9);
            const age = clock - all[0]!.at;
            expect(covered).toBeGreaterThanOrEqual(Math.min(age, 12 - width) - 1e-9);
            if (amount === 9) sums = new WindowedSums(2, options, throughJson(sums.snapshot()));
          }
        },
      ),
    );
  });

  it('WS-2 integrates levels over time, each pane its part', () => {
    const sums = new WindowedSums(2, { span: 10, panes: 10 });
    sums.integrate([5, 1], -3);
    expect(sums.sum(0, -3)).toBe(0);
    sums.integrate([2, 1], 1.5);
    expect([sums.sum(0, 1.5), sums.sum(1, 1.5)]).toEqual([9, 4.5]);
    // A jump of an hour at level 3: all of the window at that level, to a pane.
    sums.integrate([3, 0], 3600);
    expect(sums.sum(0, 3600)).toBeCloseTo(3 * sums.covered(3600), 9);
    expect(sums.sum(1, 3600)).toBe(0);
    sums.integrate([100, 100], 0);
    expect(sums.sum(1, 3600)).toBe(0);
  });

  it('WS-3 refuses impossible arguments and foreign states by name', () => {
    for (const span of BAD_SPANS) expect(() => new WindowedSums(1, { span })).toThrow(/span must be/);
    for (const panes of [0, 0.5, 5000])
      expect(() => new WindowedSums(1, { span: 1, panes })).toThrow(/panes must be/);
    expect(() => new WindowedSums(0, { span: 1 })).toThrow(/columns must be/);
    const sums = new WindowedSums(1, { span: 1, panes: 2 });
    for (const now of BAD_INSTANTS) expect(() => sums.add(0, 1, now)).toThrow(/now must be/);
    expect(() => sums.add(1, 1, 0)).toThrow(/column must be/);
    expect(() => sums.add(0, Number.NaN, 0)).toThrow(/amount must be/);
    const state = sums.snapshot();
    expect(() => new WindowedSums(2, { span: 1, panes: 2 }, state)).toThrow(RangeError);
    expect(() => new WindowedSums(1, { span: 1, panes: 2 }, { ...state, version: 2 as 1 })).toThrow(
      /version 1/,
    );
    expect(() => new WindowedSums(1, { span: 1, panes: 2 }, { ...state, cells: [0, Number.NaN] })).toThrow(
      RangeError,
    );
    expect(() => new WindowedSums(1, { span: 1, panes: 2 }, { ...state, start: 5, clock: 4 })).toThrow(
      /clock must be/,
    );
  });
});

describe('duration window', () => {
  const options = { span: 60, panes: 6, lowest: 2 ** -10, highest: 64 };

  it('DU-1 quantiles are within 0.8 % of a recorded duration at that rank', () => {
    const durations = fc.array(fc.double({ min: 2 ** -10, max: 60, noNaN: true }), {
      minLength: 1,
      maxLength: 80,
    });
    fc.assert(
      fc.property(durations, fc.double({ min: 0, max: 1, noNaN: true }), (durations, p) => {
        const window = new DurationWindow(options);
        for (const duration of durations) window.record(duration, 5);
        const sorted = [...durations].sort((a, b) => a - b);
        const rank = p * sorted.length;
        const low = sorted[Math.max(0, Math.floor(rank) - 1)]!;
        const high = sorted[Math.min(sorted.length - 1, Math.ceil(rank))]!;
        const quantile = window.quantile(p, 5)!;
        expect(quantile).toBeGreaterThanOrEqual(low * (1 - 1 / 128));
        expect(quantile).toBeLessThanOrEqual(high * (1 + 1 / 128));
      }),
    );
  });

  it('DU-2 forgets what fell out of the window, and a clock that goes back forgets nothing', () => {
    let window = new DurationWindow(options);
    window.record(1, 0);
    window.record(2, 30);
    window = new DurationWindow(options, throughJson(window.snapshot()));
    expect(window.count(59)).toBe(2);
    expect(window.count(60)).toBe(1);
    expect(window.quantile(0.5, 0)).toBeCloseTo(2, 1);
    expect(window.count(-3600)).toBe(1);
    expect(window.count(3660)).toBe(0);
    expect(window.quantile(0.5, 3660)).toBe(null);
    expect(window.shareAtMost(1, 3660)).toBe(null);
  });

  it('DU-3 counts what is out of range at its ends, and says what share kept a limit', () => {
    const window = new DurationWindow(options);
    for (const duration of [0, 1e-9, 1, 1000, Number.POSITIVE_INFINITY]) window.record(duration, 0);
    expect(window.quantile(0, 0)).toBeCloseTo(2 ** -10, 5);
    expect(window.quantile(1, 0)).toBeGreaterThanOrEqual(64);
    expect(window.quantile(1, 0)).toBeLessThan(64 * (1 + 1 / 64));
    expect(window.shareAtMost(2, 0)).toBeCloseTo(0.6, 9);
    expect(window.shareAtMost(1e9, 0)).toBe(1);
    const whole = new DurationWindow({ span: 1, panes: 1 });
    whole.record(0, 0);
    whole.record(1e12, 0);
    expect(whole.shareAtMost(1e12, 0)).toBe(1);
  });

  it('DU-4 refuses impossible arguments and foreign states by name', () => {
    expect(() => new DurationWindow({ ...options, lowest: 0 })).toThrow(/lowest must be/);
    expect(() => new DurationWindow({ ...options, lowest: 65 })).toThrow(/lowest must be/);
    expect(() => new DurationWindow({ ...options, highest: 2 ** 25 })).toThrow(/highest must be/);
    const window = new DurationWindow(options);
    for (const duration of [-1, Number.NaN])
      expect(() => window.record(duration, 0)).toThrow(/duration must be/);
    for (const p of [-0.1, 1.1, Number.NaN]) expect(() => window.quantile(p, 0)).toThrow(/p must be/);
    for (const now of BAD_INSTANTS) expect(() => window.record(1, now)).toThrow(/now must be/);
    window.record(60, 0);
    const state = window.snapshot();
    expect(() => new DurationWindow({ ...options, panes: 5 }, state)).toThrow(RangeError);
    expect(() => new DurationWindow({ ...options, highest: 1 }, state)).toThrow(/bucket must be/);
  });
});

describe('RED', () => {
  it('RD-1 rate, errors and durations of a steady load', () => {
    let red = new RedWindow({ span: 60, panes: 60 });
    expect(red.summary(-10)).toEqual({
      requests: 0,
      rate: 0,
      errors: 0,
      errorRatio: null,
      durationP50: null,
      durationP90: null,
      durationP99: null,
    });
    // 10 requests a second; each tenth fails; durations of 0.01 to 1.
    for (let i = 0; i < 3000; i++) {
      red.record(((i % 100) + 1) / 100, i % 10 === 0, i / 10);
      if (i === 1500) red = new RedWindow({ span: 60, panes: 60 }, throughJson(red.snapshot()));
    }
    const { rate, errorRatio, durationP50, durationP90, durationP99 } = red.summary(300);
    // To a pane of 1 s in 60.
    expect(Math.abs(rate - 10)).toBeLessThan(10 / 59);
    expect(errorRatio).toBeCloseTo(0.1, 12);
    for (const [quantile, p] of [
      [durationP50, 0.5],
      [durationP90, 0.9],
      [durationP99, 0.99],
    ] as const) {
      expect(Math.abs(quantile! - p)).toBeLessThan(0.01 + p / 128);
    }
    expect(red.quantile(0.5, 300)).toBe(durationP50);
  });

  it('RD-2 leaves no half of a request that was impossible', () => {
    const red = new RedWindow({ span: 60 });
    expect(() => red.record(Number.NaN, true, 0)).toThrow(RangeError);
    expect(() => red.record(1, true, Number.NaN)).toThrow(RangeError);
    expect(red.summary(0).requests).toBe(0);
    expect(() => new RedWindow({ span: 60 }, { ...red.snapshot(), version: 2 as 1 })).toThrow(/version 1/);
  });
});

describe('USE', () => {
  it('US-1 averages over time, exactly at changes', () => {
    let use = new UseWindow({ capacity: 4, span: 100, panes: 10 });
    use.change(2, 0, 0);
    expect(use.summary(0)).toEqual({ utilisation: 0.5, saturation: 0, errors: 0 });
    use.change(4, 6, 30);
    use.error(35);
    use = new UseWindow({ capacity: 4, span: 100, panes: 10 }, throughJson(use.snapshot()));
    use.change(0, 0, 40);
    const { utilisation, saturation, errors } = use.summary(80);
    expect(utilisation).toBeCloseTo((2 * 30 + 4 * 10) / 4 / 80, 12);
    expect(saturation).toBeCloseTo(60 / 80, 12);
    expect(errors).toBe(1);
    expect(use.summary(200)).toEqual({ utilisation: 0, saturation: 0, errors: 0 });
  });

  it('US-2 stays between 0 and 1 and finite, whatever the clock does', () => {
    const step = fc.constantFrom(0, 0.1, 1 / 3, 5, 30, -2, -3600, 3600);
    const action = fc.record({ step, busy: fc.double({ min: 0, max: 3, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const use = new UseWindow({ capacity: 3, span: 10, panes: 7 });
        let now = 0;
        for (const { step, busy } of actions) {
          now += step;
          use.change(busy, busy, now);
          const { utilisation, saturation } = use.summary(now);
          expect(utilisation >= 0 && utilisation <= 1).toBe(true);
          expect(saturation >= 0 && saturation <= 3 * (1 + 1e-9)).toBe(true);
        }
      }),
    );
  });

  it('US-3 refuses impossible arguments by name', () => {
    expect(() => new UseWindow({ capacity: 0, span: 1 })).toThrow(/capacity must be/);
    const use = new UseWindow({ capacity: 2, span: 1 });
    expect(() => use.change(3, 0, 0)).toThrow(/busy must be/);
    expect(() => use.change(Number.NaN, 0, 0)).toThrow(/busy must be/);
    expect(() => use.change(1, -1, 0)).toThrow(/waiting must be/);
    expect(() => use.change(1, 1, Number.NaN)).toThrow(/now must be/);
    expect(use.summary(0)).toEqual({ utilisation: 0, saturation: 0, errors: 0 });
    expect(() => new UseWindow({ capacity: 1, span: 1 }, { ...use.snapshot(), busy: 2 })).toThrow(
      /busy must be/,
    );
  });
});
