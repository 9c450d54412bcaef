import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  compareReports,
  type DesignInput,
  defineDesign,
  designJsonSchema,
  estimate,
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

test('all of the library runs in a browser: it imports nothing of Node, and three packages', () => {
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
  expect([...packages].sort()).toEqual(['picocolors', 'yaml', 'zod']);
});
