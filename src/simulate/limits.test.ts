import { describe, expect, it } from 'vitest';
import { simulate as simulateService } from '../components/service/simulate.ts';
import type { Plan } from '../design/plan.ts';
import { recurringCallRates } from '../estimate/recurring.ts';
import { ArrivalShape } from './arrival-shape.ts';
import {
  inlineRunner,
  type ReplicationRunner,
  runReplication,
  simulate,
  TooMuchToSimulate,
} from './index.ts';
import { call, closed, compute, constant, exponential, open, planOf } from './plan.fixture.ts';

const kinds = new Map([['service', simulateService]]);

function run(plan: Plan, seconds: number, mostEvents?: number) {
  const rates = recurringCallRates(
    plan,
    () => 0.5,
    () => 1,
  );
  const job = { plan, seed: 1, replication: 0, warmup: 0, seconds, windows: 0, rates };
  return runReplication(mostEvents === undefined ? job : { ...job, mostEvents }, kinds);
}

describe('deadlines', () => {
  const within = (work: number, deadline: number) =>
    run(
      planOf(
        [{ steps: [call(1, deadline)] }, { steps: [compute(constant(work))] }],
        [{ arrivals: open(0.1) }],
      ),
      1000,
    ).traffic[0]!;

  it('LIM-1 an answer at the very deadline is in time, one after it is not', () => {
    expect(within(2, 2).served).toBe(99);
    expect(within(2, 2 - 1e-9).served).toBe(0);
  });

  it('LIM-12 however many times add up to the deadline', () => {
    const latency = constant(0.001);
    const steps = [compute(constant(0.0033)), compute(constant(0.0047))];
    const plan = planOf([{ steps: [call(1, 0.01)] }, { steps }], [{ arrivals: open(10) }], latency);
    const { served, failed } = run(plan, 10_000).traffic[0]!;
    expect(served).toBeGreaterThan(99_000);
    expect(failed[1]).toBe(0);
  });
});

describe('what cannot be run to its end', () => {
  it('LIM-3 users who neither think nor wait are refused, not simulated for ever', async () => {
    const plan = planOf(
      [{ steps: [compute(constant(1))], queue: 0 }],
      [{ arrivals: closed(2, constant(0)) }],
    );
    await expect(simulate(plan, kinds)).rejects.toThrow(TooMuchToSimulate);
  });

  it('LIM-4 a run ends at its most events', () => {
    const measured = run(planOf([{ steps: [compute(constant(0.1))] }], [{ arrivals: open(1) }]), 1e9, 1000);
    expect(measured).toMatchObject({ ended: 'events', events: 1000 });
    expect(measured.seconds).toBeLessThan(1001);
  });

  it('LIM-5 the first stage keeps to the time there is, and says so', async () => {
    const plan = planOf([{ steps: [compute(exponential(1))] }], [{ arrivals: open(0.5, 'poisson') }]);
    // A machine that does two million events a second.
    let events = 0;
    const { run } = inlineRunner(kinds);
    const runner: ReplicationRunner = {
      run: async (jobs) => {
        const runs = await run(jobs);
        for (const one of runs) events += one.events;
        return runs;
      },
    };
    const options = { precision: 0.05, clock: () => events / 2e6 };
    const free = await simulate(plan, kinds, options, runner);
    const maxWall = free.events / 2e6 / 4;
    events = 0;
    const report = await simulate(plan, kinds, { ...options, maxWall }, runner);
    expect(report.events).toBeLessThan(maxWall * 2e6 * 1.05);
    expect(report.notes.join()).toContain('Stopped by the time limit');
    expect(report.command).toContain('--replications');
  });
});

describe('overload', () => {
  const steps = [compute(constant(0.5))];
  const plan = planOf(
    [
      { steps, cores: 1 },
      { steps, cores: 1 },
    ],
    [
      { operation: 0, arrivals: open(1, 'poisson') },
      { operation: 1, arrivals: open(3, 'poisson') },
    ],
  );
  const goal = (traffic: number) =>
    ({ traffic, metric: 'p99', target: 5, comparator: '<=', text: `t${traffic}` }) as const;

  it('LIM-6 traffic that does not come to the overloaded station keeps its figures and verdicts', async () => {
    const served = { traffic: 1, metric: 'success', target: 0.9, comparator: '>=', text: 's' } as const;
    const report = await simulate({ ...plan, goals: [goal(0), goal(1), served] }, kinds);
    expect(report.stable).toBe(false);
    expect(report.operations['t0']!.latency.mean.value).toBeCloseTo(0.75, 1);
    expect(report.operations['t1']!.latency.mean.value).toBeNull();
    expect(report.stations['s0.cpu']!.waiting.value).not.toBeNull();
    expect(report.stations['s1.cpu']!.waiting.value).toBeNull();
    expect(report.goals.map(({ met }) => met)).toEqual([true, false, false]);
  });
});

describe('arrivals', () => {
  it('LIM-7 batches of fractional size have that size on average', () => {
    const { traffic } = run(
      planOf(
        [{ steps: [compute(constant(0.001))] }],
        [{ arrivals: open(1.4, 'constant', { batch: constant(1.4) }) }],
      ),
      20_000,
    );
    // 20,000 batches, each 1 or 2: a standard deviation of 69 in all.
    expect(Math.abs(traffic[0]!.offered - 28_000)).toBeLessThan(280);
  });

  it('LIM-8 users with a constant pause do not come all at once', () => {
    const { traffic, stations } = run(
      planOf([{ steps: [compute(constant(0.01))] }], [{ arrivals: closed(50, constant(1)) }]),
      1,
    );
    expect(traffic[0]!.served).toBeGreaterThan(25);
    expect(stations[0]!.waitSum / stations[0]!.starts).toBeLessThan(0.1);
  });

  it('LIM-9 closed traffic without pauses is as fast as it is answered', async () => {
    const plan = planOf([{ steps: [compute(exponential(2))] }], [{ arrivals: closed(3, constant(0)) }]);
    const report = await simulate(plan, kinds);
    const { throughput } = report.operations['t0']!;
    expect(throughput.low).toBeLessThanOrEqual(0.5);
    expect(throughput.high).toBeGreaterThanOrEqual(0.5);
  });

  it('LIM-13 users who do not think wait for all others, from the first answer that counts on', async () => {
    const plan = planOf([{ steps: [compute(exponential(0.01))] }], [{ arrivals: closed(1000, constant(0)) }]);
    const { mean } = (await simulate(plan, kinds)).operations['t0']!.latency;
    // A thousand services of 10 ms, one after the other.
    expect(mean.low).toBeLessThanOrEqual(10);
    expect(mean.high).toBeGreaterThanOrEqual(10);
  });

  it('LIM-14 users begin in the middle of their pauses, whatever the law', () => {
    const plan = planOf([{ steps: [], cores: 1 }], [{ arrivals: closed(10_000, exponential(1000)) }]);
    const { offered } = run(plan, 10).traffic[0]!;
    // 10,000 users once in 1,000 s: 100 in 10 s, with a standard deviation of 10.
    expect(Math.abs(offered - 100)).toBeLessThan(45);
  });

  it('LIM-15 work of no time waits for a server all the same', () => {
    const plan = planOf(
      [{ steps: [compute(constant(0))] }, { steps: [compute(constant(0.009))] }],
      [{ arrivals: open(1) }],
    );
    expect(run(plan, 100).stations[0]!.arrivals).toBeGreaterThan(90);
  });

  it('LIM-16 responses too short for the clock are told, and no goal is judged by them', async () => {
    const rare = (rate: number): Plan => ({
      ...planOf([{ steps: [compute(exponential(1e-6))] }], [{ arrivals: open(rate) }]),
      goals: [{ traffic: 0, metric: 'mean', target: 1, comparator: '<=', text: 't0.mean ≤ 1s' }],
    });
    const blurred = await simulate(rare(1e-6), kinds, { replications: 2, time: 1e10 });
    expect(blurred.converged).toBe(false);
    expect(blurred.goals[0]!.met).toBe('unknown');
    expect(blurred.goals[0]!.unjudged).toBe('clock');
    expect(blurred.notes.join()).toMatch(/the clock, after all that time, counts in steps of/);
    const sharp = await simulate(rare(10), kinds, { replications: 2, time: 1000 });
    expect(sharp.goals[0]!.met).toBe(true);
    expect(sharp.goals[0]!.unjudged).toBeUndefined();
    expect(sharp.notes.join()).not.toMatch(/clock/);
  });

  it('LIM-10 a shape is followed through its points, whole gaps over several of them too', () => {
    const shape = new ArrivalShape([
      { at: 10, times: 1 },
      { at: 20, times: 3 },
      { at: 20, times: 0 },
      { at: 30, times: 0 },
      { at: 30, times: 2 },
    ]);
    expect(shape.arrival(0, 5)).toBe(5);
    // 5 until time 10, then 1·x + 0.1·x² = 7.5 at x = 5.
    expect(shape.arrival(5, 12.5)).toBeCloseTo(15, 12);
    // 12.5 are left until time 20, none until 30.
    expect(shape.arrival(15, 14.5)).toBeCloseTo(31, 12);
    expect(shape.arrival(31, 4)).toBeCloseTo(33, 12);
  });

  it('LIM-11 shaped traffic adds replications until the figures are precise', async () => {
    const plan = planOf(
      [{ steps: [compute(exponential(0.5))] }],
      [
        {
          arrivals: open(1, 'poisson', {
            shape: [
              { at: 0, times: 1 },
              { at: 200, times: 1.5 },
            ],
          }),
        },
      ],
    );
    const report = await simulate(plan, kinds, { precision: 0.05 });
    expect(report.converged).toBe(true);
    expect(report.replications).toBeGreaterThan(10);
  });
});
