import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BurnAlerts,
  burnRateFor,
  detectionTime,
  ServiceLevel,
  timeToExhaustion,
  workbookBurnRules,
} from './index.ts';

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value));
const HOUR = 3600;
const MONTH = 30 * 24 * HOUR;

describe('service level', () => {
  it('SL-1 indicator, budget and burn rate follow from the events of the window', () => {
    const events = fc.array(fc.record({ good: fc.nat({ max: 999 }), bad: fc.nat({ max: 9 }) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(events, fc.constantFrom(0.9, 0.99, 0.999), (events, objective) => {
        let level = new ServiceLevel({ objective, span: 100 });
        let good = 0;
        let bad = 0;
        for (const [at, event] of events.entries()) {
          level.record(event.good, event.bad, at);
          good += event.good;
          bad += event.bad;
        }
        level = new ServiceLevel({ objective, span: 100 }, throughJson(level.snapshot()));
        const now = events.length;
        const total = good + bad;
        expect(level.total(now)).toBe(total);
        expect(level.indicator(now)).toBe(total === 0 ? null : good / total);
        const budget = level.errorBudget(now);
        expect(budget.spent).toBe(bad);
        expect(budget.allowed).toBeCloseTo((1 - objective) * total, 9);
        expect(budget.left).toBeCloseTo(budget.allowed - bad, 9);
        if (total > 0) expect(budget.shareLeft).toBeCloseTo(budget.left / budget.allowed, 6);
        else expect(budget.shareLeft).toBe(1);
      }),
    );
  });

  it('SL-2 bad events fall out of the budget after the period, and not when the clock goes back', () => {
    const level = new ServiceLevel({ objective: 0.99, span: 60, panes: 60 });
    level.record(98, 2, -7);
    expect(level.burnRate(-7)).toBeCloseTo(2, 12);
    expect(level.errorBudget(-7).shareLeft).toBeCloseTo(-1, 12);
    expect(level.burnRate(-3607)).toBeCloseTo(2, 12);
    expect(level.burnRate(52.9)).toBeCloseTo(2, 12);
    expect(level.burnRate(53)).toBe(0);
    expect(level.indicator(3653)).toBe(null);
  });

  it('SL-3 the budget left lasts share · period / burn rate', () => {
    // The burn rates of the workbook's table 5-4, for 30 days.
    expect(timeToExhaustion(1, 1, MONTH)).toBe(MONTH);
    expect(timeToExhaustion(1, 2, MONTH)).toBe(MONTH / 2);
    expect(timeToExhaustion(1, 10, MONTH)).toBe(3 * 24 * HOUR);
    expect(timeToExhaustion(1, 1000, MONTH) / 60).toBeCloseTo(43.2, 9);
    expect(timeToExhaustion(0, 1, MONTH)).toBe(0);
    expect(timeToExhaustion(-3, 0, MONTH)).toBe(0);
    expect(timeToExhaustion(0.1, 0, MONTH)).toBe(Number.POSITIVE_INFINITY);
    const level = new ServiceLevel({ objective: 0.9, span: 100 });
    level.record(95, 5, 0);
    expect(level.timeToExhaustion(2, 0)).toBeCloseTo(25, 9);
  });

  it('SL-4 refuses impossible arguments and foreign states by name', () => {
    for (const objective of [0, 1, -1, Number.NaN]) {
      expect(() => new ServiceLevel({ objective, span: 1 })).toThrow(/objective must be/);
      expect(() => new BurnAlerts({ objective })).toThrow(/objective must be/);
    }
    const level = new ServiceLevel({ objective: 0.9, span: 1 });
    for (const count of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => level.record(count, 0, 0)).toThrow(/good must be/);
      expect(() => level.record(0, count, 0)).toThrow(/bad must be/);
    }
    expect(() => level.record(1, 1, Number.NaN)).toThrow(/now must be/);
    expect(level.total(0)).toBe(0);
    expect(
      () => new ServiceLevel({ objective: 0.9, span: 1 }, { ...level.snapshot(), version: 2 as 1 }),
    ).toThrow(/version 1/);
    expect(() => timeToExhaustion(2, 1, 1)).toThrow(/shareLeft must be/);
    expect(() => timeToExhaustion(1, -1, 1)).toThrow(/burnRate must be/);
    expect(() => timeToExhaustion(1, 1, 0)).toThrow(/period must be/);
  });
});

describe('burn rate alerts', () => {
  it('BR-1 the default rules are those shares of a month: 2 % in 1 h, 5 % in 6 h, 10 % in 3 d', () => {
    const rules = workbookBurnRules();
    expect(rules.map(({ burnRate }) => burnRate)).toEqual([14.4, 6, 1]);
    const shares = [0.02, 0.05, 0.1];
    for (const [at, { burnRate, long, short }] of rules.entries()) {
      expect(burnRateFor(shares[at]!, long, MONTH)).toBeCloseTo(burnRate, 9);
      expect(long / short).toBe(12);
    }
    expect(workbookBurnRules(1000)[0]).toEqual({ severity: 'page', burnRate: 14.4, long: 3.6e6, short: 3e5 });
  });

  /** A service of one event a second for three days, all good; then `ratio` of them bad, for `length`. */
  function outage(ratio: number, length: number) {
    let alerts = new BurnAlerts({ objective: 0.999 });
    const begin = 72 * HOUR;
    for (let now = 0; now < begin; now += 60) alerts.record(60, 0, now);
    alerts = new BurnAlerts({ objective: 0.999 }, throughJson(alerts.snapshot()));
    const fired = [-1, -1, -1];
    const ended = [-1, -1, -1];
    let bad = 0;
    for (let second = 0; second < length + 8 * HOUR; second++) {
      const now = begin + second;
      const due = second < length ? Math.floor(ratio * (second + 1)) - bad : 0;
      bad += due;
      alerts.record(1 - due, due, now);
      for (let rule = 0; rule < 3; rule++) {
        const firing = alerts.isFiring(rule, now);
        if (firing && fired[rule] === -1) fired[rule] = second + 1;
        if (!firing && fired[rule] !== -1 && ended[rule] === -1) ended[rule] = second + 1;
      }
    }
    return { fired, ended };
  }

  it('BR-2 fires when the formula says, and ends within the short window', () => {
    const rules = workbookBurnRules();
    const length = 1200;
    const { fired, ended } = outage(1, length);
    for (const [at, rule] of rules.entries()) {
      const expected = detectionTime(rule, 0.999, 1);
      // To a pane of a sixtieth, and a second in which the last event comes.
      expect(Math.abs(fired[at]! - expected)).toBeLessThan(expected / 30 + 2);
    }
    expect(detectionTime(rules[0]!, 0.999, 1)).toBeCloseTo(51.84, 9);
    for (const [at, { short }] of rules.entries()) {
      expect(ended[at]!).toBeGreaterThan(length);
      expect(ended[at]!).toBeLessThanOrEqual(length + short + 1);
    }
  });

  it('BR-3 a slow burn fires the slow rules only', () => {
    const rules = workbookBurnRules();
    // Ten times the rate that just lasts.
    const { fired } = outage(0.01, 5 * HOUR);
    expect(detectionTime(rules[0]!, 0.999, 0.01)).toBe(Number.POSITIVE_INFINITY);
    expect(fired[0]).toBe(-1);
    const expected = detectionTime(rules[1]!, 0.999, 0.01);
    expect(expected).toBeCloseTo(0.6 * 6 * HOUR, 6);
    expect(Math.abs(fired[1]! - expected)).toBeLessThan(expected / 30 + 100);
  });

  it('BR-4 says nothing without events, and the first rule first', () => {
    const alerts = new BurnAlerts({ objective: 0.99 });
    expect(alerts.firing(0)).toBe(-1);
    expect(alerts.burnRate(0, 0)).toBe(0);
    alerts.record(0, 10, 5);
    expect(alerts.firing(5)).toBe(0);
    expect(alerts.burnRate(0, 5)).toBeCloseTo(100, 9);
    expect(alerts.firing(-3600)).toBe(0);
    expect(alerts.firing(5 + 73 * HOUR)).toBe(-1);
  });

  it('BR-5 refuses impossible arguments and foreign states by name', () => {
    const rule = { severity: 'page', burnRate: 1, long: 10, short: 1 } as const;
    expect(() => new BurnAlerts({ objective: 0.9, rules: [] })).toThrow(/number of rules/);
    expect(() => new BurnAlerts({ objective: 0.9, rules: [{ ...rule, short: 11 }] })).toThrow(
      /short must be/,
    );
    expect(() => new BurnAlerts({ objective: 0.9, rules: [{ ...rule, burnRate: Number.NaN }] })).toThrow(
      RangeError,
    );
    const alerts = new BurnAlerts({ objective: 0.9, rules: [rule] });
    expect(() => alerts.isFiring(1, 0)).toThrow(/rule must be/);
    expect(() => alerts.record(1, 1, Number.NaN)).toThrow(/now must be/);
    expect(() => new BurnAlerts({ objective: 0.9 }, alerts.snapshot())).toThrow(RangeError);
    expect(() => detectionTime(rule, 0.9, 0)).toThrow(/errorRatio must be/);
    expect(() => burnRateFor(0, 1, 1)).toThrow(/budgetShare must be/);
    expect(() => workbookBurnRules(0)).toThrow(/second must be/);
  });
});
