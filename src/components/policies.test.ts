import { describe, expect, it } from 'vitest';
import { evictionPolicies } from '../blocks/index.ts';
import { estimate } from '../estimate/index.ts';
import { simulate } from '../simulate/index.ts';
import { instanceBalancing } from './balancing.ts';
import { estimatedKinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

describe('every way to choose an instance that a design may name', () => {
  const spread = (algorithm: string) =>
    planOf(`
name: spread
network: { latency: 0s }
data: { page: { count: 100k, size: 1KB } }
traffic: { users: { call: edge.show, rate: 200/s, key: page } }
components:
  edge: { kind: load-balancer, algorithm: ${algorithm}, to: web }
  web: { kind: service, instances: 4, operations: { show: [ { compute: exponential(10ms) } ] } }
`);

  it.each(instanceBalancing)('%s runs, uses all instances, and is estimated', async (algorithm) => {
    const plan = spread(algorithm);
    const options = { seed: 3, time: 300, replications: 4, warmup: 10 };
    const report = await simulate(plan, simulatedKinds, options);
    const { utilization } = report.stations['web.cpu']!;
    expect(Math.abs(utilization.value! - 0.5)).toBeLessThan(utilization.high! - utilization.low!);
    // Between one shared queue (M/M/4: 10.9 ms) and keys that all go to one instance, which would not hold.
    const { mean } = report.operations['users']!.latency;
    expect(mean.high).toBeGreaterThan(0.0108);
    expect(mean.low).toBeLessThan(0.025);
    expect(await simulate(plan, simulatedKinds, options)).toEqual(report);
    expect(estimate(plan, estimatedKinds).operations['users']!.latency.mean.value).toBeGreaterThan(0.0108);
  });

  it('one that goes by latency sends little to what is slow, one that goes by key cannot', async () => {
    const slow = (algorithm: string) =>
      planOf(`
name: slow
network: { latency: 0s }
data: { page: { count: 100k, size: 1KB, popularity: zipf(1.2) } }
traffic: { users: { call: edge.show, rate: 200/s, key: page } }
components:
  edge: { kind: load-balancer, algorithm: ${algorithm}, to: web }
  web: { kind: service, instances: 4, operations: { show: [ { compute: exponential(10ms) } ] } }
`);
    const mean = async (algorithm: string): Promise<number> => {
      const report = await simulate(slow(algorithm), simulatedKinds, { seed: 3, time: 300, replications: 4 });
      return report.operations['users']!.latency.mean.value!;
    };
    // The most popular page has a fifth of all requests: its instance is far busier than the others.
    expect(await mean('ring')).toBeGreaterThan(1.1 * (await mean('random')));
    expect(await mean('peak-ewma')).toBeLessThan(await mean('random'));
  });
});

describe('every way to evict that a design may name', () => {
  const cached = (evict: string) =>
    planOf(`
name: cached
network: { latency: 0s }
data: { page: { count: 1000, size: 100B, popularity: zipf(0.8) } }
traffic: { readers: { call: site.show, rate: 1k/s, key: page } }
components:
  site: { kind: service, operations: { show: [ { read: page, from: pages, through: hot } ] } }
  hot: { kind: cache, holds: page, items: 100, evict: ${evict}, time: 0s }
  pages: { kind: database, stores: page, connections: 10k, read: { cpu: 0s, disk: 0s } }
`);

  // Published or exact where known; the others lie between LRU and the most popular hundred (0.5258).
  const known: Readonly<Record<string, number>> = {
    lru: 0.3778,
    fifo: 0.33411,
    random: 0.33411,
    sieve: 0.496,
    lfu: 0.52583,
  };
  it.each(evictionPolicies)('%s starts warm and has its hit ratio', async (evict) => {
    const plan = cached(evict);
    const report = await simulate(plan, simulatedKinds, { seed: 3, time: 100, replications: 4, warmup: 0 });
    const { value, low, high } = report.caches['hot']!.hitRatio;
    const expected = known[evict];
    if (expected === undefined) {
      expect(low).toBeGreaterThan(0.36);
      expect(high).toBeLessThan(0.53);
    } else expect(Math.abs(value! - expected)).toBeLessThan(0.004 + (high! - low!) / 2);
    const estimated = estimate(plan, estimatedKinds);
    expect(estimated.caches['hot']!.hitRatio.value).toBeGreaterThan(0.33);
    if (!['lru', 'fifo', 'random', 'lfu'].includes(evict)) expect(estimated.notes.join()).toMatch(/LRU/);
  });
});
