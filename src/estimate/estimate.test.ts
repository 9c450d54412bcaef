import { describe, expect, it } from 'vitest';
import type { Plan, PlanGoal } from '../design/plan.ts';
import { reportSchema } from '../report/index.ts';
import { estimate } from './index.ts';
import { call, compute, constant, exponential, kinds, open, planOf } from './plan.fixture.ts';

const mm1 = (rate: number): Plan =>
  planOf([{ steps: [compute(exponential(0.01))] }], [{ arrivals: open(rate) }]);
const goal = (metric: PlanGoal['metric'], target: number): PlanGoal => ({
  traffic: 0,
  metric,
  target,
  comparator: metric === 'success' || metric === 'throughput' ? '>=' : '<=',
  text: `t0.${metric}`,
});

describe('an estimate', () => {
  it('O-Q01 of M/M/1 gives 50 ms mean and 230.259 ms p99 to rounding', () => {
    const { operations, stations, stable } = estimate(mm1(80), kinds);
    const { mean, p50, p95, p99 } = operations['t0']!.latency;
    expect(stable).toBe(true);
    expect(mean.value).toBeCloseTo(0.05, 14);
    expect(mean).toMatchObject({ low: mean.value, high: mean.value, unit: 's' });
    expect(p50.value).toBeCloseTo(0.05 * Math.LN2, 14);
    expect(p95.value).toBeCloseTo(0.05 * Math.log(20), 14);
    expect(p99.value).toBeCloseTo(0.05 * Math.log(100), 14);
    expect(stations['b0.cpu']).toMatchObject({
      servers: 1,
      utilization: { value: 0.8 },
      waitingP99: { unit: 's' },
    });
    expect(stations['b0.cpu']!.queueLength.value).toBeCloseTo(3.2, 12);
    expect(stations['b0.cpu']!.waitingP99.value).toBeCloseTo(0.05 * Math.log(80), 7);
  });

  it('O-Q03 of M/M/c', () => {
    const plan = planOf([{ steps: [compute(exponential(1))], servers: 10 }], [{ arrivals: open(9) }]);
    const { operations, stations } = estimate(plan, kinds);
    expect(operations['t0']!.latency.mean.value).toBeCloseTo(1.668732, 6);
    expect(stations['b0.cpu']!.delayed.value).toBeCloseTo(0.668732, 6);
  });

  it('O-Q26 of three stations in a row', () => {
    const steps = [compute(exponential(1))];
    const plan = planOf(
      [{ steps: [call(1), call(2), call(3)] }, { steps }, { steps }, { steps }],
      [{ arrivals: open(0.5) }],
    );
    const { mean, p50, p95, p99 } = estimate(plan, kinds).operations['t0']!.latency;
    expect(mean.value).toBeCloseTo(6, 9);
    expect(p50.value).toBeCloseTo(5.34812, 5);
    expect(p95.value).toBeCloseTo(12.59159, 5);
    expect(p99.value).toBeCloseTo(16.81189, 5);
  });

  it('O-Q19 of two branches in parallel', () => {
    const steps = [compute(exponential(1))];
    const fork = { step: 'parallel', branches: [[call(1)], [call(2)]], waitFor: 2 } as const;
    const report = estimate(
      planOf([{ steps: [fork] }, { steps }, { steps }], [{ arrivals: open(0.8) }]),
      kinds,
    );
    expect(report.operations['t0']!.latency.mean.value).toBeCloseTo(7, 9);
    expect(report.notes.join()).toContain('Flatto & Hahn');
  });

  it('takes stations and response times at the peak, and shows both rates', () => {
    const plan = planOf([{ steps: [compute(exponential(0.01))] }], [{ arrivals: open(40, 2) }]);
    const { operations, sheet } = estimate(plan, kinds);
    expect(operations['t0']!.latency.mean.value).toBeCloseTo(0.05, 12);
    const entry = (name: string) => sheet.find((e) => e.name === name)!;
    expect(entry('traffic.t0.rate')).toMatchObject({
      figure: { value: 40 },
      working: '3,456,000 ÷ 86,400 s',
    });
    expect(entry('traffic.t0.peak')).toMatchObject({ figure: { value: 80 }, working: '40/s × 2' });
    expect(entry('traffic.t0.in-progress').figure.value).toBeCloseTo(4, 9);
  });

  it('of too much load has no steady state: no latency, and what cannot keep up is named', () => {
    const plan = { ...mm1(125), goals: [goal('p99', 10), goal('success', 0.9), goal('throughput', 99)] };
    const report = estimate(plan, kinds);
    expect(report.stable).toBe(false);
    expect(report.operations['t0']!.latency.p99).toEqual({ value: null, low: null, high: null, unit: 's' });
    expect(report.operations['t0']!.throughput.value).toBeCloseTo(100, 9);
    expect(report.stations['b0.cpu']).toMatchObject({ utilization: { value: 1 }, waiting: { value: null } });
    expect(report.notes[0]).toMatch(/b0\.cpu is offered 125\/s and can serve 100\/s: 1\.25 times/);
    expect(report.goals.map(({ met }) => met)).toEqual([false, 'unknown', true]);
  });

  it('of an overloaded part leaves the figures of traffic that does not come there', () => {
    const steps = [compute(exponential(0.01))];
    const plan = planOf(
      [{ steps }, { steps }],
      [{ arrivals: open(125) }, { operation: 1, arrivals: open(80) }],
    );
    const report = estimate({ ...plan, goals: [{ ...goal('mean', 0.06), traffic: 1 }] }, kinds);
    expect(report.stable).toBe(false);
    expect(report.operations['t1']!.latency.mean.value).toBeCloseTo(0.05, 12);
    expect(report.goals[0]!.met).toBe(true);
  });

  it('of a station that is full, but in step with its arrivals, is stable; with any variability it is not', () => {
    const full = (time: Parameters<typeof compute>[0], process: 'constant' | 'poisson') =>
      estimate(
        planOf([{ steps: [compute(time)] }], [{ arrivals: { ...open(100), process } as typeof every }]),
        kinds,
      );
    const every = open(100);
    const { stable, operations, stations } = full(constant(0.01), 'constant');
    expect(stable).toBe(true);
    expect(stations['b0.cpu']!.utilization.value).toBeCloseTo(1, 12);
    expect(operations['t0']!.throughput.value).toBe(100);
    expect(operations['t0']!.latency.p99.value).toBe(0.01);
    expect(full(constant(0.01), 'poisson').stable).toBe(false);
    expect(full(exponential(0.01), 'constant').stable).toBe(false);
    expect(full(constant(0.0101), 'constant').stable).toBe(false);
  });

  it('puts ranges around figures when inputs have them, the same every time', () => {
    const arrivals = {
      ...open(60),
      rate: { value: 60, low: 50, high: 72 },
    } as Plan['traffic'][number]['arrivals'];
    const plan = {
      ...planOf([{ steps: [compute(exponential(0.01))] }], [{ arrivals }]),
      goals: [goal('mean', 0.03)],
    };
    const report = estimate(plan, kinds);
    const { mean } = report.operations['t0']!.latency;
    expect(mean.value).toBeCloseTo(0.025, 12);
    // The ends are those of the rate, up to the noise of 100 draws.
    expect(mean.low! / 0.02).toBeGreaterThan(0.95);
    expect(mean.low! / 0.02).toBeLessThan(1.1);
    expect(mean.high! / (0.01 / 0.28)).toBeGreaterThan(0.85);
    expect(mean.high! / (0.01 / 0.28)).toBeLessThan(1.3);
    expect(report.goals[0]!.met).toBe('unknown');
    expect(report.sheet.find((e) => e.name === 'b0.cpu.utilization')!.figure.low).toBeLessThan(0.52);
    expect(estimate(plan, kinds)).toEqual(report);
  });

  it('spans constants that are ranges, when it can plan again with other values of them', () => {
    const range = { name: 'db.read.cpu', value: 0.01, low: 0.008, high: 0.0125, unit: 's', source: 'a test' };
    const planWith = (time: number): Plan => ({
      ...planOf([{ steps: [compute({ law: 'constant', value: time })] }], [{ arrivals: open(1e-6) }]),
      constants: [{ ...range, value: time }],
    });
    const plan = planWith(0.01);
    const narrow = estimate(plan, kinds);
    const alone = narrow.operations['t0']!.latency.mean;
    expect([alone.low, alone.high]).toEqual([alone.value, alone.value]);
    expect(narrow.notes.join()).toMatch(/does not span them: db\.read\.cpu/);
    const replan = (values: ReadonlyMap<string, number>): Plan => planWith(values.get('db.read.cpu')!);
    const wide = estimate(plan, kinds, { replan });
    const { value, low, high } = wide.operations['t0']!.latency.mean;
    expect(value).toBeCloseTo(0.01, 9);
    expect(Math.abs(low! / 0.008 - 1)).toBeLessThan(0.06);
    expect(Math.abs(high! / 0.0125 - 1)).toBeLessThan(0.06);
    expect(wide.notes.join()).not.toMatch(/span/);
  });

  it('of a range that reaches overload has an open end', () => {
    const arrivals = {
      ...open(60),
      rate: { value: 80, low: 60, high: 107 },
    } as Plan['traffic'][number]['arrivals'];
    const { latency } = estimate(planOf([{ steps: [compute(exponential(0.01))] }], [{ arrivals }]), kinds)
      .operations['t0']!;
    expect(latency.mean.low).toBeGreaterThan(0.02);
    expect(latency.mean.high).toBeNull();
  });

  it('counts what comes too late as failed', () => {
    const plan = planOf([{ steps: [compute(exponential(0.01))] }], [{ arrivals: open(80), timeout: 0.1 }]);
    const { success, latency, throughput } = estimate(plan, kinds).operations['t0']!;
    expect(success.value).toBeCloseTo(1 - Math.exp(-2), 6);
    expect(throughput.value).toBeCloseTo(80 * (1 - Math.exp(-2)), 4);
    // Mean of an exponential of mean 50 ms, given that it is below 100 ms.
    expect(latency.mean.value).toBeCloseTo((0.05 - 0.15 * Math.exp(-2)) / (1 - Math.exp(-2)), 6);
  });

  it('of steps that always fail serves nobody', () => {
    const plan = planOf([{ steps: [{ step: 'fail', reason: 'no' }] }], [{}]);
    const { success, latency } = estimate(plan, kinds).operations['t0']!;
    expect(success.value).toBe(0);
    expect(latency.mean.value).toBeNull();
  });

  it('adds the network both ways, but not on the way from traffic', () => {
    const plan = {
      ...planOf([{ steps: [call(1)] }, { steps: [{ step: 'wait', time: constant(1) }] }], [{}]),
    };
    const network = { latency: constant(0.25), bandwidth: null };
    expect(estimate({ ...plan, network }, kinds).operations['t0']!.latency.p999.value).toBe(1.5);
  });

  it('O-Q17 of closed traffic', () => {
    const arrivals = { type: 'closed', users: 10, think: exponential(10) } as const;
    const { operations, stations } = estimate(
      planOf([{ steps: [compute(exponential(1))] }], [{ arrivals }]),
      kinds,
    );
    expect(operations['t0']!.throughput.value).toBeCloseTo(0.785417656893, 9);
    expect(operations['t0']!.latency.mean.value).toBeCloseTo(2.73207943855, 8);
    expect(stations['b0.cpu']!.utilization.value).toBeCloseTo(0.785417656893, 9);
  });

  it('shows its working: every line has formula, working and source', () => {
    for (const { formula, working, source } of estimate(mm1(80), kinds).sheet) {
      expect(formula).not.toBe('');
      expect(working).not.toBe('');
      expect(source).not.toBe('');
    }
  });

  it('is a report', () => {
    for (const plan of [mm1(80), mm1(120), planOf([{ steps: [] }], [{ arrivals: open(1) }])]) {
      expect(() => reportSchema.parse(estimate(plan, kinds, { version: '0', command: 'x' }))).not.toThrow();
    }
  });

  it('refuses kinds it does not know, and too few samples', () => {
    expect(() => estimate(mm1(1), new Map())).toThrow('no estimate for kind box');
    expect(() => estimate(mm1(1), kinds, { samples: 3 })).toThrow(
      /samples must be an integer of at least 20, got 3/,
    );
  });
});
