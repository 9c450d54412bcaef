import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  compareReports,
  type DesignInput,
  defineBlocks,
  defineDesign,
  designJsonSchema,
  estimate,
  FaultyBlock,
  kinds,
  loadDesign,
  renderReport,
  reportSchema,
  reportToJson,
  runReplication,
  simulate,
  version,
} from './index.ts';

const design = defineDesign({
  name: 'mm1',
  traffic: { users: { call: 'server.work', rate: '80/s' } },
  components: { server: { kind: 'service', operations: { work: [{ compute: 'exponential(10ms)' }] } } },
});

const quick = { time: 20, warmup: 1, replications: 2 };

test('a design is loaded, estimated, simulated and compared', async () => {
  const { plan, diagnostics } = loadDesign(design);
  expect(diagnostics).toEqual([]);
  const estimated = estimate(plan!);
  const simulated = await simulate(plan!, quick);
  for (const report of [estimated, simulated]) {
    expect(reportSchema.parse(JSON.parse(reportToJson(report))).version).toBe(version);
    expect(renderReport(report)).toContain('mm1');
  }
  expect(compareReports(estimated, simulated).map((row) => row.name)).toContain('users.latency.mean');
});

test('a text is a design too, and its problems have places', () => {
  const { plan, diagnostics } = loadDesign('name: x\n', { file: 'x.yaml' });
  expect(plan).toBeNull();
  expect(diagnostics[0]).toMatchObject({ file: 'x.yaml', line: 1 });
});

test('kinds of your own stand beside the built-in ones', async () => {
  const service = kinds.find((kind) => kind.describe.name === 'service')!;
  const lambda = { ...service, describe: { ...service.describe, name: 'lambda' } };
  const own = {
    ...design,
    components: { server: { ...design.components['server'], kind: 'lambda' } },
  } as DesignInput;
  expect(loadDesign(own).diagnostics[0]?.code).toBe('unknown-kind');
  const { plan, diagnostics } = loadDesign(own, { kinds: [lambda] });
  expect(diagnostics).toEqual([]);
  expect((await simulate(plan!, { ...quick, kinds: [lambda] })).operations['users']!.served).toBeGreaterThan(
    0,
  );
  expect(estimate(plan!, { kinds: [lambda] }).operations['users']!.latency.mean.value).toBeCloseTo(0.05, 6);
  expect(JSON.stringify(designJsonSchema({ kinds: [lambda] }))).toContain('lambda');
});

test('a kind of your own has a name of its own, and all its parts', () => {
  const service = kinds.find((kind) => kind.describe.name === 'service')!;
  expect(() => loadDesign(design, { kinds: [service] })).toThrow(
    'kinds must have names of their own, got service',
  );
  const { describe } = service;
  expect(() => estimate(design, { kinds: [{ describe } as typeof service] })).toThrow(
    'kinds[0] must be a kind',
  );
});

test('blocks of your own stand beside the built-in ones', async () => {
  const blocks = defineBlocks({
    backoff: {
      half:
        ({ base }) =>
        () =>
          base / 2,
    },
  });
  const own = defineDesign<never, typeof blocks>({
    name: 'own',
    traffic: { users: { call: 'web.work', rate: '20/s' } },
    components: {
      web: {
        kind: 'service',
        operations: { work: [{ call: 'server.work', retry: { attempts: 2, backoff: 'half', base: '1s' } }] },
      },
      server: {
        kind: 'service',
        operations: { work: [{ choose: [{ probability: '50%', do: [{ fail: 'lost' }] }] }, { wait: '1ms' }] },
      },
    },
  });
  expect(loadDesign(own).diagnostics[0]?.code).toBe('unknown-value');
  const { plan } = loadDesign(own, { blocks });
  const report = await simulate(plan!, { ...quick, blocks });
  const constant = JSON.parse(JSON.stringify(own).replace('"half","base":"1s"', '"constant","base":"500ms"'));
  expect(report.operations).toEqual((await simulate(constant as DesignInput, quick)).operations);
  expect(await simulate(own, { ...quick, blocks })).toEqual(report);
  const runner = {
    run: async (batch: readonly Parameters<typeof runReplication>[0][]) =>
      batch.map((job) => runReplication(structuredClone(job), { blocks })),
  };
  expect(await simulate(plan!, { ...quick, runner })).toEqual(report);
  const estimated = estimate(own, { blocks }).operations['users']!.latency.mean.value;
  expect(estimate(plan!).operations['users']!.latency.mean.value).toBe(estimated);
  await expect(simulate(plan!, quick)).rejects.toThrow(RangeError);
  const faulty = { backoff: { half: () => () => -1 } };
  await expect(simulate(plan!, { ...quick, blocks: faulty })).rejects.toThrow(FaultyBlock);
  await expect(simulate(plan!, { ...quick, blocks: { backoff: { none: () => () => 0 } } })).rejects.toThrow(
    'none is a built-in one',
  );
});

test('replications run where a runner takes them', async () => {
  const { plan } = loadDesign(design);
  let jobs = 0;
  const runner = {
    run: async (batch: readonly Parameters<typeof runReplication>[0][]) => {
      jobs += batch.length;
      return batch.map((job) => runReplication(structuredClone(job)));
    },
  };
  const elsewhere = await simulate(plan!, { ...quick, runner });
  expect(jobs).toBe(2);
  expect(elsewhere).toEqual(await simulate(plan!, quick));
});

test('all of the library runs in a browser: it imports nothing of Node, and four packages', () => {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (url: URL) => {
    if (seen.has(url.href)) return;
    seen.add(url.href);
    const source = readFileSync(url, 'utf8');
    for (const [, type, from] of source.matchAll(/^(?:import|export)( type)?\b[^;]*?\bfrom '([^']+)';/gms)) {
      if (type !== undefined) continue;
      if (from!.startsWith('.')) visit(new URL(from!, url));
      else packages.add(from!);
    }
  };
  visit(new URL('./index.ts', import.meta.url));
  expect(seen.size).toBeGreaterThan(50);
  expect([...seen].filter((file) => file.includes('/src/cli/'))).toEqual([]);
  expect([...packages].sort()).toEqual(['asciichart', 'picocolors', 'yaml', 'zod']);
});
