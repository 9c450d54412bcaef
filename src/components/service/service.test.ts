import { describe, expect, it } from 'vitest';
import type { Plan, PlanCall } from '../../design/plan.ts';
import { quantileOf } from '../../kernel/index.ts';
import { type Measurement, runReplication } from '../../simulate/index.ts';
import {
  call,
  closed,
  compute,
  constant,
  exact,
  exponential,
  open,
  planOf,
  wait,
} from '../../simulate/plan.fixture.ts';
import { simulate as service } from './simulate.ts';

function run(plan: Plan, seconds: number): Measurement {
  const job = { plan, seed: 1, replication: 0, warmup: 0, seconds, windows: 0, rates: new Float64Array(9) };
  return runReplication(job, new Map([['service', service]]));
}

/** Failures by reason number summed; reason names are the model's business. */
const failures = (m: Measurement, t = 0) => m.traffic[t]!.failed.reduce((sum, count) => sum + count, 0);
const meanLatency = (m: Measurement, t = 0) => m.traffic[t]!.latencySum / m.traffic[t]!.served;

describe('service', () => {
  it('SVC-1 works through requests one after the other on one core', () => {
    // Arrivals at 1, 2, 3 … take 0.4 s each: nobody waits.
    const free = run(planOf([{ steps: [compute(constant(0.4))] }], [{}]), 10.5);
    expect(free.traffic[0]).toMatchObject({ offered: 10, served: 10, inFlight: 0 });
    expect(meanLatency(free)).toBeCloseTo(0.4, 12);
    expect(free.stations[0]!.waitSum).toBe(0);
    expect(free.stations[0]!.busyArea).toBeCloseTo(4, 12);
    // They take 1.5 s each: the nth waits (n − 1) · 0.5.
    const late = run(planOf([{ steps: [compute(constant(1.5))] }], [{}]), 7.1);
    expect(late.traffic[0]).toMatchObject({ offered: 7, served: 4, inFlight: 3 });
    expect(late.stations[0]!.waitSum).toBeCloseTo(0 + 0.5 + 1 + 1.5 + 2, 12);
  });

  it('SVC-2 spreads over cores and over instances', () => {
    const slow = { steps: [compute(constant(1.5))] };
    for (const wide of [
      { ...slow, cores: 2 },
      { ...slow, instances: 2 },
    ]) {
      const m = run(planOf([wide], [{}]), 20.6);
      expect(meanLatency(m)).toBeCloseTo(1.5, 12);
    }
  });

  it('SVC-3 refuses what finds all places taken, and names the station', () => {
    const m = run(planOf([{ steps: [compute(constant(10))], queue: 2 }], [{}]), 9.5);
    expect(m.traffic[0]).toMatchObject({ offered: 9, served: 0, inFlight: 3 });
    expect(failures(m)).toBe(6);
    expect(m.stations[0]!.refusals).toBe(6);
  });

  it('SVC-4 holds a worker through waits downstream, and the queue stands in front of the workers', () => {
    const plan = planOf([{ steps: [wait(constant(2.5))], workers: 2, queue: 1 }], [{}]);
    const m = run(plan, 6.2);
    // Starts at 1 and 2; 3 waits till 3.5, 4 till 4.5, 5 till 6; 6 takes its place in the queue.
    expect(m.traffic[0]).toMatchObject({ offered: 6, served: 3, inFlight: 3 });
    expect(m.stations[1]!.waitSum).toBeCloseTo(0.5 + 0.5 + 1, 12);
  });

  it('SVC-5 lets urgent requests go first, without interrupting', () => {
    const plan = planOf(
      [{ steps: [compute(constant(1))], discipline: 'priority' }],
      [
        { arrivals: open(1 / 100, 'constant', { batch: constant(3) }), priority: 1 },
        { arrivals: open(1 / 100.5, 'constant'), priority: 0 },
      ],
    );
    const m = run(plan, 310);
    // The batch comes at 300 s; of the urgent ones, at 100.5, 201 and 301.5 s, the last waits till 302 s
    // and passes the third of the batch.
    expect(meanLatency(m, 1)).toBeCloseTo((1 + 1 + 1.5) / 3, 9);
    expect(m.traffic[0]!.latencySum).toBeCloseTo(1 + 2 + 4, 9);
  });

  it('SVC-6 serves the latest first under lifo', () => {
    const m = run(planOf([{ steps: [compute(constant(2.5))], discipline: 'lifo' }], [{}]), 8.7);
    // The first ends at 3.5; then the third, of 3 s, ends at 6; then the fifth, of 5 s, at 8.5.
    expect(m.traffic[0]!.latencySum).toBeCloseTo(2.5 + 3 + 3.5, 9);
  });

  it('SVC-7 shares the processor: two at once take twice as long each', () => {
    const plan = planOf(
      [{ steps: [compute(constant(1))], discipline: 'processor-sharing' }],
      [{ arrivals: open(0.2, 'constant', { batch: constant(2) }) }],
    );
    const m = run(plan, 99);
    expect(meanLatency(m)).toBeCloseTo(2, 9);
  });
});

describe('steps', () => {
  const idle = { steps: [] };

  it('STP-1 parallel takes as long as its slowest branch', () => {
    const steps = [
      {
        step: 'parallel',
        branches: [[wait(constant(1))], [wait(constant(3))], [call(1)]],
        waitFor: 3,
      } as const,
    ];
    expect(meanLatency(run(planOf([{ steps }, { steps: [wait(constant(2))] }], [{}]), 50))).toBeCloseTo(
      3,
      12,
    );
  });

  it('STP-2 parallel waits for k of n and lets the others go on', () => {
    const branches = [1, 2, 4].map((seconds) => [call(1), wait(constant(seconds))]);
    const steps = [{ step: 'parallel', branches, waitFor: 2 } as const];
    const m = run(planOf([{ steps }, { steps: [compute(constant(0.001))], cores: 3 }], [{}]), 50);
    expect(meanLatency(m)).toBeCloseTo(2.001, 9);
    expect(m.stations[1]!.starts).toBe(3 * 49);
  });

  it('STP-3 parallel fails as soon as too few branches are left', () => {
    const branches = [
      [wait(constant(0.5)), { step: 'fail', reason: 'broken' } as const],
      [wait(constant(9))],
    ];
    const all = run(planOf([{ steps: [{ step: 'parallel', branches, waitFor: 2 }] }], [{}]), 50.2);
    expect(failures(all)).toBe(49);
    const either = run(planOf([{ steps: [{ step: 'parallel', branches, waitFor: 1 }] }], [{}]), 50.2);
    expect(failures(either)).toBe(0);
    expect(meanLatency(either)).toBeCloseTo(9, 9);
  });

  it('STP-4 repeat does its steps that many times', () => {
    const steps = [{ step: 'repeat', times: 4, steps: [wait(constant(0.25)), call(1)] } as const];
    expect(meanLatency(run(planOf([{ steps }, { steps: [wait(constant(1))] }], [{}]), 50))).toBeCloseTo(
      5,
      12,
    );
  });

  it('STP-5 choose takes each case by its probability, and none with the rest', () => {
    const cases = [
      { probability: 0.3, steps: [wait(constant(1))] },
      { probability: 0.5, steps: [wait(constant(2))] },
    ];
    const m = run(planOf([{ steps: [{ step: 'choose', cases }] }], [{ arrivals: open(1000) }]), 100);
    const n = m.traffic[0]!.served;
    // Variance of the outcome: 0.3 + 4·0.5 − 1.3².
    expect(Math.abs(meanLatency(m) - 1.3)).toBeLessThan(5 * Math.sqrt(0.61 / n) + 0.01);
    expect(quantileOf(m.traffic[0]!.latencies, 0.1)).toBeLessThan(1e-6);
  });

  it('STP-6 journey walks from state to state until it leaves', () => {
    const states = [
      { name: 'a', steps: [wait(constant(1))], next: [{ state: 1, probability: 0.75 }] },
      { name: 'b', steps: [wait(constant(10))], next: [{ state: 0, probability: 1 }] },
    ];
    const m = run(planOf([{ steps: [{ step: 'journey', states }] }], [{ arrivals: open(20) }]), 20_000);
    // Visits to a are geometric with mean 4, those to b one fewer: 4 + 30. Variance 11²·12.
    const n = m.traffic[0]!.served;
    expect(Math.abs(meanLatency(m) - 34)).toBeLessThan(5 * Math.sqrt((121 * 12) / n) + 0.1);
  });

  it('STP-7 a failure ends the operation, gives everything back and reaches the caller', () => {
    const failing = { steps: [wait(constant(0.1)), { step: 'fail', reason: 'no' } as const], workers: 1 };
    const m = run(planOf([{ steps: [call(1), wait(constant(5))], workers: 3 }, failing], [{}]), 20.5);
    expect(m.traffic[0]).toMatchObject({ offered: 20, served: 0, inFlight: 0 });
    expect(failures(m)).toBe(20);
    expect(m.stations[3]!.busyArea).toBeCloseTo(2, 9);
  });

  it('STP-8 a timeout ends the wait of the caller; the callee goes on burning', () => {
    const m = run(planOf([{ steps: [call(1, 0.5)] }, { steps: [compute(constant(0.8))] }], [{}]), 50.7);
    expect(failures(m)).toBe(50);
    expect(m.stations[1]!.starts).toBe(50);
    expect(m.stations[1]!.busyArea).toBeCloseTo(49 * 0.8 + 0.7, 9);
  });

  it('STP-9 an answer in time beats its timer, and the timer means nothing any more', () => {
    const m = run(
      planOf([{ steps: [call(1, 1), wait(constant(3))] }, { steps: [wait(constant(0.9))] }], [{}]),
      50,
    );
    expect(failures(m)).toBe(0);
    expect(meanLatency(m)).toBeCloseTo(3.9, 9);
  });

  it('STP-10 latency of the network is paid both ways, on failures too', () => {
    const broken = { steps: [{ step: 'fail', reason: 'no' } as const] };
    const m = run(planOf([{ steps: [call(1)] }, { steps: [wait(constant(1))] }], [{}], constant(0.2)), 50);
    expect(meanLatency(m)).toBeCloseTo(1.4, 9);
    const failed = run(planOf([{ steps: [call(1)] }, broken], [{}], constant(0.2)), 10.3);
    expect(failed.traffic[0]).toMatchObject({ offered: 10, inFlight: 1 });
  });

  it('STP-12 an item takes its size by the bandwidth, on the way it travels', () => {
    const item = { name: 'item', count: exact(1), size: exact(300), growth: exact(0), keep: null } as const;
    const steps = (carries: NonNullable<PlanCall['carries']>) => [{ ...call(1), carries }];
    for (const way of ['request', 'answer'] as const) {
      const plan = planOf([{ steps: steps({ data: 0, with: way }) }, { steps: [wait(constant(1))] }], [{}]);
      const slow: Plan = {
        ...plan,
        data: [{ ...item, popularity: { law: 'uniform' } }],
        network: { latency: constant(0), bandwidth: 1000 },
      };
      expect(meanLatency(run(slow, 50))).toBeCloseTo(1.3, 9);
    }
  });

  it('STP-11 an operation without steps takes no time', () => {
    expect(meanLatency(run(planOf([idle], [{}]), 10))).toBe(0);
  });
});

describe('traffic', () => {
  it('TRF-1 a closed population has never more requests than users', () => {
    const plan = planOf([{ steps: [compute(constant(1))] }], [{ arrivals: closed(3, constant(1)) }]);
    const m = run(plan, 101.5);
    // Three users, one server: always busy once the first has come, which is within a second.
    const busy = m.stations[0]!.busyArea;
    expect(busy).toBeGreaterThan(100.5);
    expect(m.traffic[0]!.served).toBe(Math.floor(busy));
    expect(m.traffic[0]!.inFlight).toBeLessThanOrEqual(3);
  });

  it('TRF-2 batches keep the rate of requests', () => {
    const arrivals = open(6, 'poisson', { batch: constant(3) });
    const m = run(planOf([{ steps: [] }], [{ arrivals }]), 10_000);
    expect(Math.abs(m.traffic[0]!.offered - 60_000)).toBeLessThan(5 * 3 * Math.sqrt(20_000));
  });

  it('TRF-3 a shape multiplies the rate over time, linear between its points', () => {
    const shape = [
      { at: 0, times: 1 },
      { at: 10, times: 1 },
      { at: 20, times: 3 },
      { at: 20, times: 0 },
      { at: 30, times: 0 },
    ];
    const arrivals = open(100, 'constant', { shape });
    expect(run(planOf([{ steps: [] }], [{ arrivals }]), 10).traffic[0]!.offered).toBeCloseTo(1000, -0.5);
    expect(run(planOf([{ steps: [] }], [{ arrivals }]), 20).traffic[0]!.offered).toBeCloseTo(3000, -0.5);
    expect(run(planOf([{ steps: [] }], [{ arrivals }]), 99).traffic[0]!.offered).toBeCloseTo(3000, -0.5);
  });

  it('TRF-4 a user who gives up is counted once, and what was begun goes on', () => {
    const plan = planOf([{ steps: [compute(constant(0.7))] }], [{ timeout: 0.5 }]);
    const m = run(plan, 20.6);
    expect(m.traffic[0]).toMatchObject({ offered: 20, served: 0, inFlight: 0 });
    expect(failures(m)).toBe(20);
    expect(m.stations[0]!.busyArea).toBeCloseTo(19 * 0.7 + 0.6, 9);
  });

  it('TRF-5 equal jobs give equal measurements, other seeds others', () => {
    const plan = planOf([{ steps: [compute(exponential(0.5))] }], [{ arrivals: open(1, 'poisson') }]);
    expect(run(plan, 100)).toEqual(run(plan, 100));
    expect(run(plan, 100)).not.toEqual(run({ ...plan, name: 'x' }, 101));
  });
});
