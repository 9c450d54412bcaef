import { describe, expect, it } from 'vitest';
import { loadDesign } from '../../design/index.ts';
import { underScenario } from '../../design/under-scenario.ts';
import { estimate } from '../../estimate/index.ts';
import { type Measurement, runReplication } from '../../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from '../index.ts';
import { planOf } from '../plan.fixture.ts';

/** 1000 items, each read once a second, and written by authors. */
const designOf = (cache: string, { writes = '1/s', items = 4000, count = 1000, faults = '' } = {}) => `
name: pages
network: { latency: 0s }
data: { page: { count: ${count}, size: 500B } }
traffic:
  readers: { call: api.view, rate: 1000/s, key: page }
  authors: { call: api.edit, rate: ${writes}, key: page }
components:
  api:
    kind: service
    operations:
      view: [ { read: page, from: pages, through: hot } ]
      edit: [ { write: page, to: pages, invalidate: hot } ]
  hot: { kind: cache, holds: page, items: ${items}, nodes: 2${cache} }
  pages: { kind: database, stores: page }
scenarios: { it: { lasts: 60s, faults: [ ${faults} ] } }
`;

function run(design: string, seconds = 100, seed = 1): Measurement {
  const plan = planOf(design);
  const laid = design.includes('crash') ? underScenario(plan, 'it') : plan;
  const job = { seed, replication: 0, warmup: 20, seconds, windows: 0, rates: new Float64Array(20) };
  return runReplication({ ...job, plan: laid }, simulatedKinds);
}

const hitRatio = (measured: Measurement): number => measured.caches[0]!.hits / measured.caches[0]!.lookups;

const problems = (design: string) =>
  loadDesign(design, { file: 'd.yaml', kinds: kinds.map(({ describe }) => describe) })
    .diagnostics.filter(({ path }) => path.startsWith('components'))
    .map(({ code, path }) => `${code} ${path}`);

describe('invalidation of items together', () => {
  it('TAG-1 a write takes out its own item, or all of its tag, by either way', () => {
    // Each item is read once a second, and taken out w times a second: it is there for 1 of 1 + w reads.
    const there = (perSecond: number) => 1 / (1 + perSecond);
    expect(Math.abs(hitRatio(run(designOf(''))) - there(0.001))).toBeLessThan(0.002);
    for (const by of ['tag', 'version']) {
      const measured = run(designOf(`, invalidate-by: ${by}, tags: 20`));
      expect(Math.abs(hitRatio(measured) - there(1 / 20)), by).toBeLessThan(0.01);
    }
  });

  it('TAG-2 what an old version has left behind takes room until it is evicted', () => {
    const small = (by: string) =>
      hitRatio(run(designOf(`, invalidate-by: ${by}, tags: 20`, { items: 1050, writes: '4/s' })));
    // All fit once, and not twice.
    expect(small('tag')).toBeGreaterThan(small('version') + 0.02);
  });

  it('TAG-3 goes for keys that stand for many, too', () => {
    const many = { count: 4_000_000, items: 8_000_000, writes: '1/s' };
    const of = (by: string) => hitRatio(run(designOf(`, invalidate-by: ${by}, tags: 100`, many), 20));
    // The start is warm, and no item is asked for again within seconds: a hundredth of them goes each second.
    expect(of('tag')).toBeLessThan(0.95);
    expect(Math.abs(of('tag') - of('version'))).toBeLessThan(0.02);
  });

  it('TAG-4 a node that dies loses its items and no others', () => {
    const words = { faults: '{ at: 30s, crash: hot, instances: 1, for: 1s }', writes: '0.001/s' };
    const lost = (cache: string) => {
      const { lookups, hits } = run(designOf(cache, words), 30).caches[0]!;
      return lookups - hits;
    };
    expect(lost(', invalidate-by: tag, tags: 5')).toBeLessThan(1200);
    expect(lost(', invalidate-by: version, tags: 5')).toBeLessThan(1200);
  });

  it('TAG-5 the estimate drops each item as often as its tag', () => {
    const estimated = (cache: string) =>
      estimate(planOf(designOf(cache)), estimatedKinds).caches['hot']!.hitRatio.value!;
    expect(estimated(', invalidate-by: tag, tags: 20')).toBeCloseTo(1 / 1.05, 3);
    expect(estimated('')).toBeCloseTo(1 / 1.001, 3);
    const { notes } = estimate(planOf(designOf(', invalidate-by: version, tags: 20')), estimatedKinds);
    expect(notes.join()).toContain('older version');
  });

  it('TAG-6 refuses tags that are not counted, and says what is idle', () => {
    expect(problems(designOf(', invalidate-by: tag'))).toEqual(['missing-key components.hot.tags']);
    expect(problems(designOf(', tags: 5'))).toEqual(['idle-knob components.hot.tags']);
    const unwritten = designOf(', invalidate-by: tag, tags: 5').replace(', invalidate: hot', '');
    expect(problems(unwritten)).toEqual(['idle-knob components.hot.invalidate-by']);
    expect(problems(designOf(', invalidate-by: tags, tags: 5'))).toEqual([
      'unknown-value components.hot.invalidate-by',
    ]);
  });
});
