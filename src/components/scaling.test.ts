import { describe, expect, it } from 'vitest';
import type { Report } from '../report/index.ts';
import { simulate } from '../simulate/index.ts';
import { simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

const run = (design: string, time = 60): Promise<Report> =>
  simulate(planOf(design), simulatedKinds, { seed: 5, time, replications: 4, warmup: 20 });
const served = ({ operations }: Report): number => operations['users']!.throughput.value!;
const latency = ({ operations }: Report) => operations['users']!.latency;

describe('what more of something is good for', () => {
  it('ARC-04 of two layers, more of the busy one is enough, and more of the other nothing', async () => {
    const layers = (web: number, app: number) =>
      run(`
name: layers
traffic: { users: { call: web.get, rate: 390/s } }
components:
  web: { kind: service, instances: ${web}, operations: { get: [ { compute: exponential(1ms) }, { call: app.get } ] } }
  app: { kind: service, instances: ${app}, balance: round-robin, operations: { get: [ { compute: exponential(10ms) } ] } }
`);
    const [one, moreWeb, moreApp] = [await layers(1, 2), await layers(4, 2), await layers(1, 5)];
    // Two of the application layer do 200 a second, five 500.
    expect(Math.abs(served(one) - 200)).toBeLessThan(6);
    expect(Math.abs(served(moreWeb) - 200)).toBeLessThan(6);
    expect(Math.abs(served(moreApp) - 390)).toBeLessThan(10);
    expect(moreApp.stations['web.cpu']!.utilization.value).toBeLessThan(0.45);
  });

  const shop = (words: { cores: number; query: string; rate: string; cache?: boolean }) =>
    run(
      `
name: shop
data: { item: { count: 2000, size: 1KB, popularity: zipf(1.0) } }
traffic: { users: { call: web.get, rate: ${words.rate}, key: item } }
components:
  web: { kind: service, cores: 8, operations: { get: [ { read: item, from: store${words.cache ? ', through: near' : ''} } ] } }
${words.cache ? '  near: { kind: cache, holds: item, items: 1500 }' : ''}
  store: { kind: database, stores: item, cores: ${words.cores}, read: { cpu: ${words.query}, disk: 0s } }
`,
      words.rate === '1/s' ? 1000 : 60,
    );

  it('PRN-05 slow for one user is not slow under load: the one is seen with nobody else there', async () => {
    const slow = { cores: 40, query: '200ms' };
    const scarce = { cores: 1, query: 'exponential(10ms)' };
    const alone = [await shop({ ...slow, rate: '1/s' }), await shop({ ...scarce, rate: '1/s' })].map(latency);
    const busy = [await shop({ ...slow, rate: '95/s' }), await shop({ ...scarce, rate: '95/s' })].map(
      latency,
    );
    expect(alone[0]!.p50.value! / alone[1]!.p50.value!).toBeGreaterThan(10);
    expect(busy[0]!.p50.value! / alone[0]!.p50.value!).toBeLessThan(1.05);
    expect(busy[1]!.p50.value! / alone[1]!.p50.value!).toBeGreaterThan(5);
  });

  it('PRN-06 a better query is felt by the slowest request too; a cache bears more load, and misses are as slow', async () => {
    const before = { cores: 1, query: '20ms' };
    const better = { cores: 1, query: '5ms' };
    const [plain, quick, cached] = [
      await shop({ ...before, rate: '1/s' }),
      await shop({ ...better, rate: '1/s' }),
      await shop({ ...before, cache: true, rate: '1/s' }),
    ].map(latency);
    expect(plain!.p99.value! - quick!.p99.value!).toBeGreaterThan(0.014);
    expect(cached!.mean.value!).toBeLessThan(plain!.mean.value! / 2);
    // A miss takes the query all the same.
    expect(cached!.p99.value!).toBeGreaterThan(0.02);
    expect(quick!.p99.value!).toBeLessThan(0.02);
    // 1.5 times what the store can do by itself.
    const busy = await Promise.all([
      shop({ ...before, rate: '75/s' }),
      shop({ ...better, rate: '75/s' }),
      shop({ ...before, cache: true, rate: '75/s' }),
    ]);
    expect(served(busy[0]!)).toBeLessThan(52);
    for (const each of busy.slice(1)) expect(served(each)).toBeGreaterThan(73);
  });
});
