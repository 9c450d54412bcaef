import { describe, expect, it } from 'vitest';
import { estimate } from '../../estimate/index.ts';
import { CacheContents } from '../../simulate/caching/cache-contents.ts';
import { equip } from '../../simulate/equipment.ts';
import { simulate } from '../../simulate/index.ts';
import { NEW_KEY } from '../../simulate/new-key.ts';
import { compile } from '../../simulate/program/compile.ts';
import { estimatedKinds, simulatedKinds } from '../index.ts';
import { planOf } from '../plan.fixture.ts';

const designOf = (news: string, cache = '') => `
name: pages
network: { latency: 0s }
data: { page: { count: 2k, size: 500B, popularity: zipf(0.9) } }
traffic:
  readers: { call: api.view, rate: 200/s, key: page }
  ${news}
components:
  api: { kind: service, operations: { view: [ { read: page, from: pages, through: hot } ] } }
  hot: { kind: cache, holds: page, items: 200${cache} }
  pages: { kind: database, stores: page, disks: 10 }
`;

const once = 'once: { call: api.view, rate: 200/s, key: new page }';

async function hits(design: string) {
  const plan = planOf(design);
  const report = await simulate(plan, simulatedKinds, { seed: 3, time: 100, replications: 6, warmup: 20 });
  return { simulated: report.caches['hot']!.hitRatio, estimated: estimate(plan, estimatedKinds), report };
}

describe('items that are new', () => {
  it.each(['', ', evict: fifo', ', ttl: 20s', ', invalidate-by: version, tags: 20'])(
    'NEW-1 take room in a cache that they are put into, and push others out%s',
    async (cache) => {
      const { simulated, estimated, report } = await hits(designOf(once, cache));
      const guess = estimated.caches['hot']!.hitRatio.value!;
      const alone = estimate(planOf(designOf('', cache)), estimatedKinds).caches['hot']!.hitRatio.value!;
      // Without room for them, half of all requests would hit as before.
      expect(guess).toBeLessThan(alone / 2 - 0.02);
      const half = (simulated.high! - simulated.low!) / 2;
      expect(Math.abs(simulated.value! - guess)).toBeLessThan(2 * half + 0.003);
      expect(report.notes.join()).toContain('hot starts as it would be had no item been new');
    },
  );

  it('NEW-2 a cache that none come to has no note of them', async () => {
    const { report } = await hits(designOf(''));
    expect(report.notes.join()).not.toContain('been new');
  });

  it.each(['', ', evict: fifo', ', invalidate-by: version, tags: 20'])(
    'NEW-3 are lost with the node that they are on, and others find room%s',
    (cache) => {
      const plan = planOf(designOf(once, `, nodes: 2${cache}`).replace('items: 200', 'items: 1000'));
      const model = compile(plan, simulatedKinds, new Float64Array(plan.operations.length));
      const equipment = equip(model, 1, 0);
      const contents = new CacheContents(model, equipment, new Float64Array(1));
      const held = equipment.caches[0]!;
      held.clear();
      for (let i = 0; i < 1000; i++) contents.fill(0, NEW_KEY);
      expect(held.size).toBe(1000);
      contents.lose(model.caches[0]!.of, 0);
      // A node has each of them with probability 1/2: within four standard deviations.
      expect(Math.abs(held.size - 500)).toBeLessThan(4 * Math.sqrt(1000 / 4));
      contents.lose(model.caches[0]!.of, 1);
      expect(held.size).toBe(0);
    },
  );
});
