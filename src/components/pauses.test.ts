import { describe, expect, it } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { underScenario } from '../design/under-scenario.ts';
import { estimate } from '../estimate/index.ts';
import { createRandom } from '../kernel/index.ts';
import { runReplication, simulate } from '../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

/** An M/M/1 of 50 requests of 10 ms a second. */
const paused = (pauses: string, more = '') => `
name: paused
traffic: { users: { call: api.get, rate: 50/s } }
components:
  api:
    kind: service
    ${more}
    pauses: { ${pauses} }
    operations: { get: [ { compute: exponential(10ms) } ] }
`;

const options = { seed: 3, time: 2000, replications: 10, warmup: 20 };
const simulated = (design: string) => simulate(planOf(design), simulatedKinds, options);

/**
 * Mean response of an M/M/1 whose server breaks down after exponential times up, busy or idle, for constant times, and
 * then goes on where it was (Avi-Itzhak & Naor, Operations Research 11(3), 1963, the first of their models).
 *
 * Work that is ahead takes 1/up of its time; whoever comes while the server is down waits for the rest of that first.
 * The mean work follows from that seen by breakdowns, which come as Poisson arrivals do while the server is up.
 */
function response(rate: number, service: number, up: number, down: number): number {
  const load = rate * service;
  const off = down / (up + down);
  const added = (off * load * down) / 2;
  const seen = (rate * service ** 2 + load * added) / (1 - load - off);
  return (seen + added + service) / (1 - off) + (off * down) / 2;
}

describe('pauses of whole instances', () => {
  it.each([
    [2, 0.2],
    [0.5, 0.05],
    [20, 1],
  ])('PAU-1 takes as long as an M/M/1 with breakdowns every %d s for %d s', async (up, down) => {
    const report = await simulated(paused(`every: exponential(${up}s), for: ${down}s`));
    const { mean } = report.operations['users']!.latency;
    const expected = response(50, 0.01, up, down);
    // Twice the interval, so that one of three figures is not outside by chance.
    expect(Math.abs(mean.value! - expected)).toBeLessThan(2 * (mean.high! - mean.value!));
    expect(mean.low!).toBeGreaterThan(0.02);
    const { utilization } = report.stations['api.cpu']!;
    // Who is interrupted has the server for as long.
    const busy = 0.5 * (1 + down / up);
    expect(Math.abs(utilization.value! - busy)).toBeLessThan(2 * (utilization.high! - utilization.value!));
  });

  it('PAU-2 each word moves the tail: rarer or shorter pauses harm less', async () => {
    const p99 = async (pauses: string) => (await simulated(paused(pauses))).operations['users']!.latency.p99;
    const usual = await p99('every: 10s, for: 300ms');
    expect((await p99('every: 1min, for: 300ms')).high!).toBeLessThan(usual.low!);
    expect((await p99('every: 10s, for: 50ms')).high!).toBeLessThan(usual.low!);
    // pause.gc.g1: 200 ms.
    const unsaid = await p99('every: 10s');
    expect(unsaid).toEqual(await p99('every: 10s, for: 200ms'));
    expect(unsaid.high!).toBeLessThan(usual.low!);
  });

  it.each([
    'discipline: processor-sharing',
    'discipline: srpt',
    'workers: 4',
    'discipline: codel',
    'instances: 3',
    'queue: 0',
  ])('PAU-3 loses no request, and no time of one, with `%s`', async (more) => {
    const report = await simulated(paused('every: uniform(1s, 3s), for: exponential(100ms)', more));
    const { offered, served, failed, inFlight } = report.operations['users']!;
    const unserved = Object.values(failed).reduce((sum, count) => sum + count, 0);
    expect(served + unserved + inFlight).toBe(offered);
    const { service } = report.stations['api.cpu']!;
    if (more !== 'queue: 0') expect(service.value!).toBeGreaterThan(0.0099);
  });

  it('PAU-4 gives equal bytes for equal seeds', async () => {
    const design = paused('every: exponential(2s)', 'instances: 2');
    expect(await simulated(design)).toEqual(await simulated(design));
  });

  it.each([
    ['within', 24, 11],
    ['over its end', 26.5, 11.5],
    ['over its beginning', 21.5, 11.5],
    ['after it', 28, 12],
  ])('PAU-5 time that a pause shares with a freeze counts once: %s', (_, at, latency) => {
    // One request, of 6 s from 20 s on, stands still from 22 s to 27 s; the only pause begins as said.
    const phase = createRandom(1, '0 api first pauses').next();
    const design = `${paused(`every: ${at / phase}s, for: 1s`)}scenarios:
  it: { lasts: 39s, faults: [ { at: 22s, freeze: api, for: 5s } ] }
`
      .replace('rate: 50/s', 'rate: 0.05/s, arrivals: constant')
      .replace('exponential(10ms)', '6s');
    const plan = underScenario(planOf(design), 'it');
    const rates = new Float64Array(plan.operations.length);
    const job = { plan, seed: 1, replication: 0, warmup: 0, seconds: 39, windows: 0, rates };
    const { served, latencySum } = runReplication(job, simulatedKinds).traffic[0]!;
    expect(served).toBe(1);
    expect(latencySum).toBeCloseTo(latency, 9);
  });

  it('PAU-6 says where it moves nothing, refuses what cannot be, and is left out of the estimate', () => {
    const described = kinds.map(({ describe: description }) => description);
    const said = (design: string) =>
      loadDesign(design, { file: 'paused.yaml', kinds: described }).diagnostics.map(
        ({ code, path }) => `${code} ${path}`,
      );
    expect(said(paused('every: 10s'))).toEqual([]);
    expect(said(paused('every: 10s').replace('compute: exponential(10ms)', 'wait: 10ms'))).toEqual([
      'idle-knob components.api.pauses',
    ]);
    expect(said(paused('every: 0s'))).toEqual(['out-of-range components.api.pauses.every']);
    expect(said(paused('every: 1s, for: 0s'))).toEqual(['out-of-range components.api.pauses.for']);
    expect(said(paused('for: 1s'))).not.toEqual([]);
    expect(estimate(planOf(paused('every: 10s')), estimatedKinds).notes).toContain(
      'api: its pauses are left out.',
    );
  });
});
