import { describe, expect, test } from 'vitest';
import { loadDesign } from '../../design/index.ts';
import type { Plan } from '../../design/plan.ts';
import { estimate } from '../../estimate/index.ts';
import { simulate } from '../../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from '../index.ts';

const described = kinds.map(({ describe: kind }) => kind);
const load = (text: string) => loadDesign(text, { file: 'test.yaml', kinds: described });

function planOf(text: string): Plan {
  const { plan, diagnostics } = load(text);
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  return plan!;
}

/** A service with a sidecar that asks two others at one time, at so many requests a second. */
const design = (sidecar: string, more = '', rate = '400/s') => `
name: meshed
traffic: { users: { call: api.get, rate: ${rate} } }
network: { latency: 0s }
components:
  api: { kind: service, ${more} ${sidecar}, operations: { get: [ { call: left.get }, { call: right.get } ] } }
  left: { kind: service, cores: 64, operations: { get: [ { compute: 1us } ] } }
  right: { kind: service, cores: 64, operations: { get: [ { compute: 1us } ] } }
`;

const run = (text: string, time = 20) =>
  simulate(planOf(text), simulatedKinds, { seed: 1, time, replications: 4, warmup: 1 });

describe('a sidecar', () => {
  test('SIDE-1 takes its CPU of each request that comes in and of each call that goes out', async () => {
    for (const words of ['sidecar: { cpu: 200us }', 'sidecar: {}']) {
      const text = design(words);
      // One way in and two out, at the constant's 200 µs each.
      const busy = 400 * 3 * 200e-6;
      expect(estimate(planOf(text), estimatedKinds).stations['api.cpu']!.utilization.value).toBeCloseTo(
        busy,
        9,
      );
      const { low, high } = (await run(text)).stations['api.cpu']!.utilization;
      expect(low).toBeLessThanOrEqual(busy);
      expect(high).toBeGreaterThanOrEqual(busy);
    }
  });

  test('SIDE-2 adds its latency each time, and its work to that of the program', async () => {
    const text = design('sidecar: { cpu: 100us, latency: 2ms }', '', '1/s');
    const mean = 3 * 2.1e-3 + 2e-6;
    expect(estimate(planOf(text), estimatedKinds).operations['users']!.latency.mean.value).toBeCloseTo(
      mean,
      5,
    );
    const { latency } = (await run(text, 200)).operations['users']!;
    // Now and then two requests meet.
    expect(latency.p50.value).toBeCloseTo(mean, 4);
  });

  test('SIDE-3 with cores of its own does not compete with the program, and they are paid for', async () => {
    const text = (sidecar: string) => `
name: paid
traffic: { users: { call: api.get, rate: 500/s } }
components:
  api: { kind: service, ${sidecar} operations: { get: [ { compute: exponential(1ms) } ] } }
`;
    const own = text('sidecar: { cpu: exponential(1ms), cores: 1 },');
    const bare = text('');
    const estimated = estimate(planOf(own), estimatedKinds);
    // Two queues one after the other, each M/M/1 at one half (Burke, 1956).
    expect(estimated.operations['users']!.latency.mean.value).toBeCloseTo(2 * 2e-3, 5);
    const simulated = (await run(own, 100)).operations['users']!.latency.mean;
    expect(simulated.low).toBeLessThanOrEqual(4e-3);
    expect(simulated.high).toBeGreaterThanOrEqual(4e-3);
    const cost = (of: string) =>
      estimate(planOf(of), estimatedKinds).sheet.find(({ name }) => name === 'api.cost')!.figure.value!;
    expect(cost(own)).toBeCloseTo(2 * cost(bare), 6);
    // On the cores of the instance the same work is more than there is.
    expect(estimate(planOf(own.replace(', cores: 1', '')), estimatedKinds).stable).toBe(false);
  });

  test('SIDE-4 is passed by every try of a call, in the simulation and in the estimate', async () => {
    const text = `
name: tries
traffic: { users: { call: api.get, rate: 100/s } }
components:
  api: { kind: service, sidecar: { cpu: 1ms }, operations: { get: [ { call: bad.get, retry: { attempts: 3, base: 1ms }, fallback: [] } ] } }
  bad: { kind: service, operations: { get: [ { compute: 1us }, { fail: always } ] } }
`;
    const plan = planOf(text);
    const busy = 100 * 4 * 1e-3;
    expect(estimate(plan, estimatedKinds).stations['api.cpu']!.utilization.value).toBeCloseTo(busy, 6);
    const report = await simulate(plan, simulatedKinds, { seed: 1, time: 50, replications: 4, warmup: 1 });
    expect(report.stations['api.cpu']!.utilization.value).toBeCloseTo(busy, 1);
  });

  test('SIDE-5 is passed once by what asks one shard, and by each of the requests to all shards or replicas', async () => {
    const text = (store: string, key: string) => `
name: spread
data: { item: { count: 100, size: 1KB } }
traffic: { users: { call: api.get, rate: 100/s, key: item } }
components:
  api: { kind: service, cores: 2, sidecar: { cpu: 1ms }, operations: { get: [ { read: item, from: store, key: ${key} } ] } }
  store: { kind: database, stores: item, ${store} }
`;
    const ways = [
      ['shards: 4', 'item', 1],
      ['shards: 4', 'none', 4],
      ['quorum: { replicas: 3, reads: 2, writes: 2 }', 'item', 3],
    ] as const;
    for (const [store, key, asked] of ways) {
      const plan = load(text(store, key)).plan!;
      const busy = (100 * (1 + asked) * 1e-3) / 2;
      expect(estimate(plan, estimatedKinds).stations['api.cpu']!.utilization.value).toBeCloseTo(busy, 6);
      const report = await simulate(plan, simulatedKinds, { seed: 1, time: 20, replications: 4, warmup: 1 });
      const { low, high } = report.stations['api.cpu']!.utilization;
      expect(low).toBeLessThanOrEqual(busy);
      expect(high).toBeGreaterThanOrEqual(busy);
    }
  });

  test('SIDE-6 that takes no time, and cores for no work, are reported', () => {
    const found = (sidecar: string, more = '') =>
      load(design(sidecar, more)).diagnostics.map(
        ({ code, path }) => `${code} ${path?.replace(/^.*api\./, '')}`,
      );
    expect(found('sidecar: { cpu: 0s }')).toEqual(['idle-knob sidecar']);
    expect(found('sidecar: { cpu: 0s, latency: 1ms }')).toEqual([]);
    expect(found('sidecar: { cpu: 0s, latency: 1ms, cores: 2 }')).toEqual(['idle-knob sidecar.cores']);
    // The proxy uses the cores that no step does, unless it has its own.
    expect(found('sidecar: {}', 'cores: 2,')).toEqual([]);
    expect(found('sidecar: { cores: 1 }', 'cores: 2,')).toEqual(['idle-knob cores']);
  });
});
