import { describe, expect, it } from 'vitest';
import { createRandom, exponential, type RandomStream } from '../../kernel/index.ts';
import {
  createRetryBudget,
  HedgePolicy,
  type HedgePolicyOptions,
  type HedgePolicyState,
  restoreHedgePolicy,
} from './index.ts';

interface Answered {
  readonly latency: number;
  readonly copies: number;
}

/** One call: copies go out as the policy says, each with a latency of its own; the first answer counts. */
function call(policy: HedgePolicy, now: number, draw: () => number): Answered {
  policy.started(now);
  let answer = draw();
  let sentAt = 0;
  let copies = 1;
  for (;;) {
    sentAt += policy.delay();
    if (answer <= sentAt || !policy.tryHedge(now + sentAt, copies)) break;
    copies++;
    answer = Math.min(answer, sentAt + draw());
  }
  policy.observe(answer);
  return { latency: answer, copies };
}

function calls(options: HedgePolicyOptions, count: number, draw: (random: RandomStream) => number) {
  const policy = new HedgePolicy(options);
  const random = createRandom(7);
  const latencies = new Float64Array(count);
  let copies = 0;
  for (let i = 0; i < count; i++) {
    const one = call(policy, i, () => draw(random));
    latencies[i] = one.latency;
    copies += one.copies;
  }
  latencies.sort();
  const mean = latencies.reduce((sum, latency) => sum + latency, 0) / count;
  return {
    policy,
    mean,
    extra: copies / count - 1,
    quantile: (p: number) => latencies[Math.floor(p * count)]!,
  };
}

const percentile = (minimumObservations: number) =>
  ({ percentile: 0.95, halfLife: 20_000, minimumObservations }) as const;

describe('hedge policy', () => {
  it('HP-1 sends no more copies than asked for', () => {
    for (const maxHedges of [1, 2, 16]) {
      const policy = new HedgePolicy({ after: 1, maxHedges, budget: null });
      expect(call(policy, 0, () => 1e9).copies).toBe(1 + maxHedges);
    }
  });

  it('HP-2 does not hedge before the percentile is known', () => {
    const policy = new HedgePolicy({ after: percentile(10), budget: null });
    for (let i = 0; i < 10; i++) {
      expect(policy.delay()).toBe(Number.POSITIVE_INFINITY);
      policy.observe(3);
    }
    // A bucket is at most 1/128 wide.
    expect(Math.abs(policy.delay() / 3 - 1)).toBeLessThan(1 / 128);
  });

  it('HP-3 keeps to its budget when everything is slow', () => {
    const budget = createRetryBudget({ kind: 'ratio', ttl: 1000, minimumRate: 0, ratio: 0.05 });
    const { extra } = calls({ after: 1, budget }, 20_000, () => 2);
    expect(extra).toBeLessThanOrEqual(0.05);
    expect(extra).toBeGreaterThan(0.045);
  });

  it('HP-4 settles at the percentile of calls without hedges, though it sees hedged ones', () => {
    const { policy, extra } = calls({ after: percentile(1000), budget: null }, 400_000, exponential);
    // Half-life 20,000: the last 2 · 20,000 / ln 2 or so count, and the standard error of a share of 5 % among
    // 57,700 is 0.1 %, that of the percentile 0.018.
    expect(Math.abs(policy.delay() - Math.log(20))).toBeLessThan(0.08);
    expect(Math.abs(extra - 0.05)).toBeLessThan(0.003);
  });

  it('HP-5 goes on from a snapshot, through JSON', () => {
    const options: HedgePolicyOptions = { after: percentile(10), budget: null };
    const { policy } = calls(options, 1000, exponential);
    const other = restoreHedgePolicy(
      options,
      JSON.parse(JSON.stringify(policy.snapshot())) as HedgePolicyState,
    );
    expect(other.delay()).toBeCloseTo(policy.delay(), 9);
    for (let i = 0; i < 5000; i++) {
      other.observe(7);
      policy.observe(7);
    }
    expect(other.delay()).toBeCloseTo(policy.delay(), 9);
  });

  it('HP-6 refuses impossible options, arguments and state by name', () => {
    const make = (changes: object) => () => new HedgePolicy({ after: 1, budget: null, ...changes });
    for (const after of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(make({ after })).toThrow(/after must be/);
    }
    for (const maxHedges of [0, 17, 1.5]) expect(make({ maxHedges })).toThrow(/maxHedges must be/);
    expect(make({ after: { ...percentile(0) } })).toThrow(/minimumObservations must be/);
    expect(make({ after: { ...percentile(1), percentile: 1 } })).toThrow(/percentile must be/);
    expect(make({ after: { ...percentile(1), halfLife: 0 } })).toThrow(/halfLife must be/);
    const policy = new HedgePolicy({ after: 1, budget: null });
    expect(() => policy.tryHedge(0, 0)).toThrow(/sent must be/);
    const fitted = new HedgePolicy({ after: percentile(1), budget: null });
    for (const duration of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => fitted.observe(duration)).toThrow(/duration must be/);
    }
    for (const state of [null, {}, { version: 2, kind: 'hedge-policy' }, fitted.snapshot()]) {
      expect(() => restoreHedgePolicy({ after: 1, budget: null }, state as HedgePolicyState)).toThrow(
        RangeError,
      );
    }
  });
});

describe('published cases', () => {
  it('O-T03 two-point latency, hedged after 10 ms, fan-out 100', () => {
    const twoPoint = (random: RandomStream) => (random.next() < 0.01 ? 1000 : 10);
    const slowRoots = (options: HedgePolicyOptions, roots: number) => {
      const policy = new HedgePolicy(options);
      const random = createRandom(3);
      let slow = 0;
      let copies = 0;
      for (let root = 0; root < roots; root++) {
        let slowest = 0;
        for (let leaf = 0; leaf < 100; leaf++) {
          const one = call(policy, root, () => twoPoint(random));
          copies += one.copies;
          slowest = Math.max(slowest, one.latency);
        }
        if (slowest > 900) slow++;
      }
      return { slow: slow / roots, extra: copies / roots / 100 - 1 };
    };
    // Standard errors with 100,000 roots: 0.15 pp without hedging, 0.03 pp and 0.3 % of 1 % with it.
    const without = slowRoots({ after: 1e9, budget: null }, 100_000);
    expect(Math.abs(without.slow - 0.63397)).toBeLessThan(3 * 0.0016);
    expect(without.extra).toBe(0);
    const hedged = slowRoots({ after: 10, budget: null }, 100_000);
    expect(Math.abs(hedged.slow - 0.009951)).toBeLessThan(0.003);
    expect(Math.abs(hedged.extra / 0.01 - 1)).toBeLessThan(0.05);
  });

  it.each([
    [2.995732, 0.05, 0.975, 3.8, 4.952],
    [1, 0.3679, 0.81606, 2.8026, null],
    [Math.LN2, 0.5, null, 2.6492, null],
  ])('O-T04 Exp(1), one hedge after %d: extra load %d, mean %d, p99 %d', (after, extra, mean, p99, p999) => {
    // Standard errors with 4 · 10^6 calls: p99 sqrt(0.01 · 0.99 / 4 · 10^6) / (2 · 0.01) = 0.0025, p999 0.008,
    // an extra load of 0.05 0.2 %.
    const ours = calls({ after, budget: null }, 4_000_000, exponential);
    const within = (value: number, expected: number | null) => {
      if (expected !== null) expect(Math.abs(value / expected - 1)).toBeLessThan(0.01);
    };
    within(ours.extra, extra);
    within(ours.mean, mean);
    within(ours.quantile(0.99), p99);
    within(ours.quantile(0.999), p999);
  });
});
