import { describe, expect, it } from 'vitest';
import type { Plan } from '../design/plan.ts';
import { parseNumber } from '../quantities/index.ts';
import type { Figure } from '../report/report.ts';
import { type SimulatedKind, simulate } from './index.ts';
import { compute, constant, exponential, open, planOf } from './plan.fixture.ts';

/** A kind of the test's own: a pool of servers and nothing else. */
const pool: SimulatedKind = {
  build(component, assembly) {
    const { cores } = component.settings as { cores: number };
    const cpu = assembly.station(component, 'cpu', {
      instances: 1,
      servers: cores,
      places: null,
      discipline: 'fifo',
    });
    return {
      instances: 1,
      choice: { by: 'none' },
      emit: (operation, code) => code.run(operation.steps, cpu),
    };
  },
};
const kinds = new Map([['service', pool]]);

/** M/M/c with mean service time 1. */
const queue = (rate: number, cores = 1): Plan =>
  planOf([{ steps: [compute(exponential(1))], cores }], [{ arrivals: open(rate, 'poisson') }]);

const covers = (figure: Figure, truth: number): boolean => figure.low! <= truth && truth <= figure.high!;

describe('simulate', () => {
  it('SIM-1 gives the closed form of M/M/1 within its own interval', async () => {
    const report = await simulate(queue(0.8), kinds, { seed: 3, precision: 0.02 });
    const { latency, throughput, success } = report.operations['t0']!;
    expect(report.converged).toBe(true);
    expect(covers(latency.mean, 5)).toBe(true);
    expect(covers(latency.p99, 5 * Math.log(100))).toBe(true);
    expect(covers(throughput, 0.8)).toBe(true);
    expect(success).toMatchObject({ value: 1, high: 1 });
    expect(success.low).toBeLessThan(1);
    expect(latency.mean.high! - latency.mean.low!).toBeLessThanOrEqual(0.04 * 5 * 1.05);
  });

  it('SIM-2 recognises load above capacity and gives it no latency', async () => {
    for (const rate of [1.05, 1.5, 20]) {
      const report = await simulate(queue(rate), kinds);
      expect(report.stable, `rate ${rate}`).toBe(false);
      expect(report.converged).toBe(false);
      expect(report.operations['t0']!.latency.mean.value).toBeNull();
      expect(report.stations['s0.cpu']!.waiting.value).toBeNull();
      expect(report.notes.join()).toContain('s0.cpu is offered');
    }
  });

  it('SIM-2 recognises it however much of the run is cut before it is measured', async () => {
    for (const warmup of [100, 1000, 4000]) {
      const report = await simulate(queue(3), kinds, { warmup, time: 1000, replications: 4 });
      expect(report.stable, `warm-up ${warmup}`).toBe(false);
      expect(report.operations['t0']!.success.high).toBeLessThan(0.5);
    }
  });

  it('SIM-3 takes high load below capacity for what it is', async () => {
    const report = await simulate(queue(0.95), kinds, { precision: 0.1 });
    expect(report.stable).toBe(true);
    expect(covers(report.operations['t0']!.latency.mean, 20)).toBe(true);
  });

  it('SIM-4 gives equal reports for equal seeds, others for others', async () => {
    const options = { seed: 5, time: 2000 };
    const report = await simulate(queue(0.5), kinds, options);
    expect(await simulate(queue(0.5), kinds, options)).toEqual(report);
    expect((await simulate(queue(0.5), kinds, { ...options, seed: 6 })).operations).not.toEqual(
      report.operations,
    );
  });

  it('SIM-5 says so when the wall came first, and the command it gives does not depend on the wall', async () => {
    let now = 0;
    const clock = () => now++;
    const limited = await simulate(queue(0.9), kinds, { precision: 0.001, maxWall: 5, clock });
    expect(limited.converged).toBe(false);
    expect(limited.notes.join()).toContain('Stopped by the time limit');
    const words = limited.command.split(' ');
    const option = (name: string) => words[words.indexOf(name) + 1]!;
    for (const name of ['--time', '--warmup']) expect(option(name)).toMatch(/^[\d.]{1,5}[a-z]+$/);
    const seconds = (name: string) => {
      const parsed = parseNumber(option(name), 'time');
      return parsed.ok ? parsed.value : Number.NaN;
    };
    const again = await simulate(queue(0.9), kinds, {
      precision: 0.001,
      time: seconds('--time'),
      warmup: seconds('--warmup'),
      replications: Number(option('--replications')),
    });
    expect(again.operations).toEqual(limited.operations);
  });

  it('SIM-6 refuses options out of range', async () => {
    for (const options of [
      { precision: 0 },
      { time: -1 },
      { replications: 1 },
      { replications: 2.5 },
      { seed: -1 },
    ]) {
      await expect(simulate(queue(0.5), kinds, options)).rejects.toThrow(RangeError);
    }
  });

  it('SIM-7 leaves tails unknown that the run is too short to show', async () => {
    const report = await simulate(queue(0.5), kinds, { time: 200, warmup: 0, replications: 10 });
    expect(report.operations['t0']!.latency.p999.value).toBeNull();
    expect(report.operations['t0']!.latency.p50.value).not.toBeNull();
  });

  it('SIM-8 stops when the goals are precise, and judges them by their whole interval', async () => {
    const plan = queue(0.8);
    const goal = (target: number) =>
      ({ traffic: 0, metric: 'p99', target, comparator: '<=', text: 'p99' }) as const;
    const report = await simulate({ ...plan, goals: [goal(30), goal(20), goal(23.03)] }, kinds);
    expect(report.goals.map((g) => g.met)).toEqual([true, false, 'unknown']);
    expect(report.goals[0]!.value).toEqual(report.operations['t0']!.latency.p99);
  });

  it('SIM-9 works with constant times, where nothing varies', async () => {
    const plan = planOf([{ steps: [compute(constant(0.5))] }], [{ arrivals: open(1) }]);
    const report = await simulate(plan, kinds);
    expect(report.converged).toBe(true);
    expect(report.operations['t0']!.latency.mean.value).toBeCloseTo(0.5, 9);
  });
});

describe('coverage of the 95 % intervals over 200 seeds', () => {
  /** Shares of seeds whose interval contains the true mean and the true p99. */
  async function coverage(plan: Plan, mean: number, p99: number): Promise<{ mean: number; p99: number }> {
    const seeds = 200;
    const covered = { mean: 0, p99: 0 };
    for (let seed = 1; seed <= seeds; seed++) {
      const { latency } = (await simulate(plan, kinds, { seed, precision: 0.1 })).operations['t0']!;
      if (covers(latency.mean, mean)) covered.mean++;
      if (covers(latency.p99, p99)) covered.p99++;
    }
    return { mean: covered.mean / seeds, p99: covered.p99 / seeds };
  }

  it('COV-1 M/M/1 at 80 %', { timeout: 300_000 }, async () => {
    const share = await coverage(queue(0.8), 5, 5 * Math.log(100));
    expect(share.mean).toBeGreaterThanOrEqual(0.9);
    expect(share.mean).toBeLessThanOrEqual(0.98);
    expect(share.p99).toBeGreaterThanOrEqual(0.88);
  });

  it('COV-2 M/M/4 at 70 %', { timeout: 300_000 }, async () => {
    const share = await coverage(queue(2.8, 4), MMC.mean, MMC.p99);
    expect(share.mean).toBeGreaterThanOrEqual(0.9);
    expect(share.mean).toBeLessThanOrEqual(0.98);
    expect(share.p99).toBeGreaterThanOrEqual(0.88);
  });
});

/** Exact values of M/M/4 at λ = 2.8, μ = 1: Erlang C gives P(wait); the wait of those who wait is Exp(1.2). */
const MMC = (() => {
  const a = 2.8;
  const c = 4;
  const terms = [1, a, a ** 2 / 2, a ** 3 / 6];
  const last = (a ** c / 24) * (c / (c - a));
  const wait = last / (terms.reduce((sum, t) => sum + t, 0) + last);
  // P(T > t) for service Exp(1) and wait Exp(c − a) with probability `wait`.
  const beyond = (t: number) =>
    (1 - wait) * Math.exp(-t) + (wait * ((c - a) * Math.exp(-t) - Math.exp(-(c - a) * t))) / (c - a - 1);
  let low = 0;
  let high = 100;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (beyond(middle) > 0.01) low = middle;
    else high = middle;
  }
  return { mean: 1 + wait / (c - a), p99: low };
})();
