import { describe, expect, test } from 'vitest';
import { loadDesign } from '../../design/index.ts';
import type { Plan } from '../../design/plan.ts';
import { estimate } from '../../estimate/index.ts';
import { simulate } from '../../simulate/index.ts';
import { runReplication } from '../../simulate/replication.ts';
import { estimatedKinds, kinds, simulatedKinds } from '../index.ts';

const described = kinds.map(({ describe: kind }) => kind);
const load = (text: string) => loadDesign(text, { file: 'test.yaml', kinds: described });

function planOf(text: string): Plan {
  const { plan, diagnostics } = load(text);
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  return plan!;
}

interface Words {
  readonly users?: string;
  readonly cache?: string;
  readonly count?: string;
  readonly popularity?: string;
  readonly more?: string;
}

/** Users who look at items, 100 a second. */
const design = ({
  users = '100',
  cache = 'ttl: 10s',
  count = '50',
  popularity = 'uniform',
  more = '',
}: Words) => `
name: browsers
data: { item: { count: ${count}, size: 1MB, popularity: ${popularity} } }
traffic: { visitors: { call: phones.view, rate: 100/s, key: item } }
components:
  phones: { kind: client, to: web, latency: 20ms, users: ${users}, ${cache === '' ? '' : `cache: { ${cache} },`} ${more} }
  web: { kind: service, cores: 4, operations: { view: [ { compute: 1ms } ] } }
`;

const run = (words: Words, time = 200) =>
  simulate(planOf(design(words)), simulatedKinds, { seed: 2, time, replications: 4, warmup: 0 });
const sheet = (words: Words) => estimate(planOf(design(words)), estimatedKinds);
const copyShare = async (words: Words, time?: number) => (await run(words, time)).caches['phones']!.hitRatio;

describe('copies that users keep', () => {
  test('COPY-1 answer λT/(1 + λT) of what a user asks at rate λ for an item, from the first second on', async () => {
    // 100 a second by 100 users for 50 items: 0.02/s for each pair.
    for (const [ttl, expected] of [
      ['10s', 0.2 / 1.2],
      ['50s', 1 / 2],
      ['1y', 1],
    ] as const) {
      const { low, high } = await copyShare({ cache: `ttl: ${ttl}` }, 60);
      expect(low!, ttl).toBeLessThanOrEqual(expected);
      expect(high!, ttl).toBeGreaterThanOrEqual(expected - 1e-5);
      const { arrivals } = sheet({ cache: `ttl: ${ttl}` }).stations['web.cpu']!;
      expect(arrivals.value!).toBeCloseTo(100 * (1 - expected), ttl === '1y' ? 3 : 9);
      const { caches, sheet: lines } = sheet({ cache: `ttl: ${ttl}` });
      expect(caches['phones']!.hitRatio.value).toBeCloseTo(expected, ttl === '1y' ? 5 : 9);
      expect(lines.find(({ name }) => name === 'phones.hit-ratio')!.figure).toEqual(
        caches['phones']!.hitRatio,
      );
    }
  });

  test('COPY-2 spare those who are asked, their network and the time of the answer', async () => {
    const words = { cache: 'ttl: 50s' };
    const { stations, operations, caches } = await run(words);
    const missed = 1 - caches['phones']!.hitRatio.value!;
    expect(stations['web.cpu']!.arrivals.value!).toBeCloseTo(100 * missed, 0);
    const { latency } = operations['visitors']!;
    // There and back 40 ms, or nothing.
    expect(latency.mean.value!).toBeCloseTo(0.041 * missed, 3);
    expect((await run({ cache: 'ttl: 500s' })).operations['visitors']!.latency.p50.value).toBeLessThan(0.001);
    expect(sheet(words).operations['visitors']!.latency.mean.value!).toBeCloseTo(0.041 / 2, 4);
    // Bytes out go with what is asked.
    const egress = (of: Words) =>
      sheet(of).sheet.find(({ name }) => name === 'cost.egress' || name.includes('egress'))!.figure.value!;
    expect(egress(words) / egress({ cache: '', users: '100', more: 'connections: {}' })).toBeCloseTo(
      1 / 2,
      6,
    );
  });

  test('COPY-3 take more of what is popular: the rest is less so, and the same in the estimate', async () => {
    const words = { popularity: 'zipf(1)', count: '1000', cache: 'ttl: 200s' };
    const { value } = await copyShare(words, 100);
    const asked = 1 - sheet(words).stations['web.cpu']!.arrivals.value! / 100;
    expect(Math.abs(value! - asked)).toBeLessThan(0.01);
    // What many users share, each has less often.
    const many = await copyShare({ ...words, users: '1M' }, 100);
    expect(many.high!).toBeLessThan(0.01);
  });

  test('COPY-4 hold for items that are stood for, and for more users than are followed', async () => {
    const words = { count: '1B', popularity: 'zipf(1)', cache: 'ttl: 1y', users: '10k' };
    const { value } = await copyShare(words, 100);
    expect(Math.abs(value! - (1 - sheet(words).stations['web.cpu']!.arrivals.value! / 100))).toBeLessThan(
      0.015,
    );
    const large = { count: '20', cache: 'ttl: 1y', users: '50M', more: 'connections: {}' };
    const expected = 1 - sheet(large).stations['web.cpu']!.arrivals.value! / 100;
    const share = await copyShare(large, 100);
    expect(Math.abs(share.value! - expected)).toBeLessThan(0.015);
  });

  test('COPY-5 are as old as what came by chance at any time of their life', async () => {
    const { age } = (await run({ cache: 'ttl: 50s' })).caches['phones']!;
    expect(age!.value!).toBeCloseTo(25, 0);
  });

  test('COPY-6 are not made of what failed, nor of operations that are not kept, nor of new items', async () => {
    const failing = planOf(`
name: failing
data: { item: { count: 5, size: 1KB } }
traffic: { visitors: { call: phones.view, rate: 50/s, key: item } }
components:
  phones: { kind: client, to: web, users: 2, cache: { ttl: 1ms } }
  web: { kind: service, operations: { view: [ { compute: 1us }, { fail: broken } ] } }
`);
    const job = { plan: failing, seed: 1, replication: 0, warmup: 0, seconds: 50, windows: 0 };
    const measured = runReplication(
      { ...job, rates: new Float64Array(failing.operations.length) },
      simulatedKinds,
    );
    expect(measured.copies![0]!.hits).toBe(0);
    const [traffic] = measured.traffic;
    expect(traffic!.failed.reduce((sum, each) => sum + each, 0) + traffic!.served + traffic!.inFlight).toBe(
      traffic!.offered,
    );
    const fresh = design({ cache: 'ttl: 1y' }).replace('key: item', 'key: new item');
    expect(load(fresh).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const report = await simulate(load(fresh).plan!, simulatedKinds, {
      seed: 1,
      time: 10,
      replications: 2,
      warmup: 0,
    });
    expect(report.stations['web.cpu']!.arrivals.value!).toBeGreaterThan(90);
  });

  test('COPY-7 same seed, same bytes; and words that mean nothing are reported', async () => {
    expect(await run({}, 10)).toEqual(await run({}, 10));
    const found = (words: Words) =>
      load(design(words)).diagnostics.map(({ code, path }) => `${code} ${path?.replace(/^.*phones\./, '')}`);
    expect(found({ cache: 'ttl: 1h, operations: [ view ]' })).toEqual([]);
    expect(found({ cache: 'ttl: 1h, operations: view' })).toEqual([]);
    expect(found({ cache: 'ttl: 1h, operations: [ look ]' })).toEqual(['unknown-operation cache.operations']);
    expect(load(design({}).replace('users: 100,', '')).diagnostics.map(({ code }) => code)).toEqual([
      'missing-key',
    ]);
    expect(load(design({}).replace(', key: item', '')).diagnostics.map(({ code }) => code)).toContain(
      'idle-knob',
    );
  });
});
