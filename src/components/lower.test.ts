import { describe, expect, it } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { underScenario } from '../design/under-scenario.ts';
import { runReplication } from '../simulate/replication.ts';
import { kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

const design = (faults: string, limit = ', limit: { rate: 100/s, burst: 5 }') => `
name: lowered
traffic: { users: { call: shop.buy, rate: 80/s, arrivals: constant } }
components:
  shop: { kind: service, operations: { buy: [ { compute: 1ms }, { call: payments.charge } ] } }
  payments: { kind: external, operations: [ charge ], latency: 1ms${limit} }
scenarios:
  it: { lasts: 60s, faults: [ ${faults} ] }
`;

/** Requests served in each second of the scenario. */
function served(faults: string, seed = 1): number[] {
  const plan = underScenario(planOf(design(faults)), 'it');
  const job = { plan, seed, replication: 0, warmup: 5, seconds: 60, windows: 0, series: 60 };
  const run = runReplication({ ...job, rates: new Float64Array(9) }, simulatedKinds);
  return Array.from(run.series!.traffic[0]!.served);
}

const problems = (faults: string, limit?: string) =>
  loadDesign(design(faults, limit), {
    file: 'test.yaml',
    kinds: kinds.map(({ describe: description }) => description),
  }).diagnostics.map(({ code, path }) => `${code} ${path}`);

describe('the fault `lower`', () => {
  it('LOW-1 makes a limit lower for its time, and then it is what it was', () => {
    const each = served('{ at: 10s, lower: payments, to: 20/s, for: 20s }');
    const mean = (from: number, to: number) =>
      each.slice(from, to).reduce((sum, count) => sum + count, 0) / (to - from);
    expect(mean(0, 10)).toBeCloseTo(80, 0);
    expect(mean(12, 30)).toBeCloseTo(20, 0);
    expect(mean(32, 60)).toBeCloseTo(80, 0);
  });

  it('LOW-2 goes by the lowest of several at the same time', () => {
    const each = served(
      '{ at: 10s, lower: payments, to: 40/s, for: 30s }, { at: 20s, lower: payments, to: 10/s, for: 10s }',
    );
    expect(each[15]).toBeCloseTo(40, -0.5);
    expect(each[25]).toBeCloseTo(10, -0.5);
    expect(each[35]).toBeCloseTo(40, -0.5);
    expect(each[50]).toBeCloseTo(80, -0.5);
  });

  it('LOW-3 gives the same bytes for the same seed', () => {
    const faults = '{ at: 10s, lower: payments, to: 20/s, for: 20s }';
    expect(served(faults, 3)).toEqual(served(faults, 3));
  });

  it('LOW-4 cuts back each client of a gateway alike', () => {
    const gated = (faults: string) => `
name: gated
data: { user: { count: 100, size: 1KB } }
traffic: { users: { call: gate.buy, rate: 200/s, key: user } }
components:
  gate: { kind: gateway, to: shop, limit: { rate: 4/s, burst: 10, per: client } }
  shop: { kind: service, operations: { buy: [ { compute: 1ms } ] } }
scenarios:
  it: { lasts: 60s, faults: [ ${faults} ] }
`;
    const plan = underScenario(planOf(gated('{ at: 10s, lower: gate, to: 1/s, for: 30s }')), 'it');
    const job = { plan, seed: 1, replication: 0, warmup: 5, seconds: 60, windows: 0, series: 60 };
    const run = runReplication({ ...job, rates: new Float64Array(9) }, simulatedKinds);
    const each = Array.from(run.series!.traffic[0]!.served);
    const mean = (from: number, to: number) =>
      each.slice(from, to).reduce((sum, count) => sum + count, 0) / (to - from);
    const spread = (seconds: number) => 4 * Math.sqrt(200 / seconds);
    expect(Math.abs(mean(0, 10) - 200)).toBeLessThan(spread(10));
    // A hundred clients with one a second each, and hardly ever idle.
    expect(mean(25, 40)).toBeGreaterThan(90);
    expect(mean(25, 40)).toBeLessThan(105);
    expect(Math.abs(mean(42, 60) - 200)).toBeLessThan(spread(18));
  });

  it.each(['slow: payments, by: 20x', 'freeze: payments', 'crash: payments', 'errors: payments, share: 50%'])(
    'LOW-5 a third party has other faults too, and nothing is lost: %s',
    (fault) => {
      const plan = underScenario(planOf(design(`{ at: 10s, ${fault}, for: 20s }`)), 'it');
      const job = { plan, seed: 1, replication: 0, warmup: 5, seconds: 60, windows: 0 };
      const { traffic } = runReplication({ ...job, rates: new Float64Array(9) }, simulatedKinds);
      const { offered, served: all, failed, inFlight, latencySum } = traffic[0]!;
      expect(all + failed.reduce((sum, count) => sum + count, 0) + inFlight).toBe(offered);
      expect(all < offered - inFlight || latencySum / all > 0.005).toBe(true);
    },
  );

  it('LOW-6 is for components with a limit, and for lower ones', () => {
    expect(problems('{ at: 1s, lower: shop, to: 1/s }')).toEqual([
      'wrong-kind-for-role scenarios.it.faults[0].lower',
    ]);
    expect(problems('{ at: 1s, lower: payment, to: 1/s }')).toEqual([
      'unknown-reference scenarios.it.faults[0].lower',
    ]);
    expect(problems('{ at: 1s, lower: payments, to: 1/s }', '')).toEqual([
      'missing-key scenarios.it.faults[0].lower',
    ]);
    expect(problems('{ at: 1s, lower: payments, to: 100/s }')).toEqual([
      'idle-knob scenarios.it.faults[0].to',
    ]);
  });
});
