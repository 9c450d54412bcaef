import { describe, expect, test } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { estimate } from '../estimate/index.ts';
import { simulate } from '../simulate/simulate.ts';
import { estimatedKinds, kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

const HOURS = 730;
const SECONDS = HOURS * 3600;

/** Prices that make sums easy to follow; 1 KB of headers. */
const prices = {
  'cost.core': '$0.1/h',
  'cost.loadBalancer': '$0.02/h',
  'cost.loadBalancer.traffic': '$0.01/GB',
  'cost.database.core': '$0.2/h',
  'cost.database.storage': '$0.1/GB/month',
  'cost.cache.memory': '$0.01/GB/h',
  'cost.egress': '$0.1/GB',
  'cost.crossZone': '$0.01/GB',
  'cost.crossRegion': '$0.05/GB',
  'size.http.headers': '1KB',
};

/** All but the one that the shop has no use for. */
const shopPrices = (Object.keys(prices) as (keyof typeof prices)[]).filter(
  (name) => name !== 'cost.cache.memory',
);

const shop = (change: Partial<Record<keyof typeof prices | 'api' | 'rate', string>> = {}): string => `
name: shop
constants: { ${Object.entries({ ...prices, ...change })
  .filter(([name]) => name.includes('.'))
  .map(([name, value]) => `${name}: ${value}`)
  .join(', ')} }
regions:
  eu: { zones: [ eu-a, eu-b ] }
  us: { zones: [ us-a ] }
data: { item: { count: 10M, size: 2KB } }
traffic: { users: { call: edge.get, rate: ${change.rate ?? '100/s'}, peak: 2x, key: item } }
components:
  edge: { kind: load-balancer, to: api, zone: eu-a }
  api: { kind: service, instances: 4, cores: 2, region: eu, ${change.api ?? ''} operations: { get: [ { compute: 1ms }, { read: item, from: store } ] } }
  store: { kind: database, zone: us-a, stores: item, cores: 4 }
`;

const sheetOf = (design: string): Readonly<Record<string, number | null>> =>
  Object.fromEntries(estimate(planOf(design), estimatedKinds).sheet.map((e) => [e.name, e.figure.value]));

describe('the cost of a design', () => {
  test('each line by hand: a month of 730 hours, at mean rates', () => {
    const sheet = sheetOf(shop());
    const balanced = (100 * 2000 * SECONDS) / 1e9;
    expect(sheet['edge.cost']).toBeCloseTo(0.02 * HOURS + balanced * 0.01, 6);
    expect(sheet['api.cost']).toBeCloseTo(4 * 2 * 0.1 * HOURS, 6);
    expect(sheet['store.cost']).toBeCloseTo(4 * 0.2 * HOURS + 20 * 0.1, 6);
    expect(sheet['cost.egress']).toBeCloseTo(((100 * 3000 * SECONDS) / 1e9) * 0.1, 6);
    // Half of the requests go to the other zone, without an item; all of them read one from the other region.
    expect(sheet['cost.between-zones']).toBeCloseTo(((50 * 2000 * SECONDS) / 1e9) * 2 * 0.01, 6);
    expect(sheet['cost.between-regions']).toBeCloseTo(((100 * 4000 * SECONDS) / 1e9) * 0.05, 6);
    const lines = [
      'edge.cost',
      'api.cost',
      'store.cost',
      'cost.egress',
      'cost.between-zones',
      'cost.between-regions',
    ];
    const total = lines.reduce((sum, line) => sum + sheet[line]!, 0);
    expect(sheet['cost.total']).toBeCloseTo(total, 6);
    expect(sheet['cost.per-million']).toBeCloseTo((total / (100 * SECONDS)) * 1e6, 9);
  });

  test('a price of its own stands for what an instance costs', () => {
    expect(sheetOf(shop({ api: 'price: $0.5/h,' }))['api.cost']).toBeCloseTo(4 * 0.5 * HOURS, 6);
    const { diagnostics } = loadDesign(shop({ api: 'price: $0.5/h,' }), {
      file: 'shop.yaml',
      kinds: kinds.map((kind) => kind.describe),
    });
    const idle = diagnostics.map(({ code, path }) => `${code} ${path}`);
    expect(idle).toEqual(['idle-knob constants["cost.core"]', 'idle-knob constants["cost.cache.memory"]']);
  });

  test('a cache is paid for by its memory', () => {
    const sheet = sheetOf(`
name: cached
constants: { cost.cache.memory: $0.01/GB/h }
data: { item: { count: 10M, size: 2KB } }
traffic: { users: { call: hot.get, rate: 100/s, key: item } }
components: { hot: { kind: cache, holds: item, memory: 10GB, nodes: 2 } }
`);
    expect(sheet['hot.cost']).toBeCloseTo(10 * 0.01 * HOURS, 6);
    expect(sheet['cost.between-zones']).toBeUndefined();
  });

  test.each(shopPrices)('%s moves the total', (name) => {
    const dearer = prices[name].replace(/\d+(\.\d+)?/, (digits) => String(2 * Number(digits)));
    expect(sheetOf(shop({ [name]: dearer }))['cost.total']!).toBeGreaterThan(sheetOf(shop())['cost.total']!);
  });

  test('every line says how it came about', () => {
    const { sheet } = estimate(planOf(shop()), estimatedKinds);
    const line = sheet.find(({ name }) => name === 'api.cost')!;
    expect(line.working).toBe('4 × 2 × $73/month');
    expect(line.source).toContain('cost.core: the design');
    const list = estimate(planOf(shop().replace(/constants:.*\n/, '')), estimatedKinds).sheet;
    expect(list.find(({ name }) => name === 'cost.egress')!.source).toContain('AWS price list');
  });

  test('what is simulated to go between places is what is estimated to', async () => {
    const plan = planOf(shop({ rate: '50/s' }));
    const { crossings } = await simulate(plan, simulatedKinds, { time: 100, warmup: 5, replications: 4 });
    const bytes = (scope: string): number =>
      crossings!.filter((each) => each.scope === scope).reduce((sum, each) => sum + each.bytes.value!, 0);
    // A simulation runs at the peak, 100 requests a second: 40,000 in all, known within 0.5 %.
    expect(bytes('zones') / (50 * 2000)).toBeCloseTo(1, 1);
    expect(bytes('regions') / (100 * 4000)).toBeCloseTo(1, 1);
    expect(bytes('users') / (100 * 3000)).toBeCloseTo(1, 1);
    const answers = crossings!.find(({ from, to }) => from === 'store' && to === 'api')!;
    expect(answers.scope).toBe('regions');
    expect(answers.bytes.value! / answers.messages.value!).toBeCloseTo(3000, 6);
  });
});
