import { describe, expect, test } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { estimate } from '../estimate/index.ts';
import { simulate } from '../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

const SECONDS = 730 * 3600;
const constants =
  'cost.cdn.traffic: $0.1/GB, cost.cdn.requests: $1/1M, cost.cdn.traffic.tokyo: $0.2/GB, cost.dns.zone: $1/month, cost.dns.queries: $2/1M, size.http.headers: 1KB, cost.gateway.requests: $3/1M, cost.egress: $0.05/GB';

const design = ({
  www = 'ttl: 1ms',
  gate = '',
  bank = 'call-price: $0.02',
  more = constants,
} = {}): string => `
name: edges
constants: { ${more} }
regions: { us-east: {}, tokyo: {} }
data: { pic: { count: 10k, size: 99KB, popularity: zipf(1.0) } }
traffic:
  americans: { call: www.show, rate: 50/s, peak: 2x, key: pic, from: us-east }
  japanese: { call: www.show, rate: 100/s, key: pic, from: tokyo }
  payers: { call: gate.pay, rate: 10/s, from: us-east }
components:
  www: { kind: dns, to: edge, ${www} }
  edge: { kind: cdn, to: web, holds: pic, pops: 2, items: 1000, region: us-east }
  web: { kind: service, region: us-east, operations: { show: [ { compute: 1ms }, { read: pic, from: db } ], pay: [ { call: bank.charge } ] } }
  gate: { kind: gateway, to: web, region: us-east, ${gate} }
  db: { kind: database, stores: pic, region: us-east }
  bank: { kind: external, operations: [ charge ], latency: 100ms, availability: 99.9%, region: us-east, ${bank} }
`;

const sheetOf = (text: string): Readonly<Record<string, number | null>> =>
  Object.fromEntries(estimate(planOf(text), estimatedKinds).sheet.map((e) => [e.name, e.figure.value]));
const problems = (text: string): string[] =>
  loadDesign(text, { file: 'test.yaml', kinds: kinds.map((kind) => kind.describe) }).diagnostics.map(
    ({ code, path }) => `${code} ${path}`,
  );

describe('what the edge costs', () => {
  test('EDGE-1 each line by hand, by the price for users of their region where there is one', () => {
    const sheet = sheetOf(design());
    // Copies and headers are 100 KB; 50 a second at 0.1 $/GB, 100 a second at 0.2; requests of Tokyo at 1.20 $ a million.
    const traffic = (((50 * 0.1 + 100 * 0.2) * 100_000) / 1e9) * SECONDS;
    const requests = ((50 * 1 + 100 * 1.2) / 1e6) * SECONDS;
    expect(sheet['edge.cost']).toBeCloseTo(traffic + requests, 3);
    // Resolvers remember for a millisecond, at 0.15 requests a second each: nearly all are looked up.
    expect(sheet['www.cost']! / (1 + (150 / 1e6) * 2 * SECONDS)).toBeCloseTo(1, 3);
    expect(sheet['gate.cost']).toBeCloseTo((10 / 1e6) * 3 * SECONDS, 6);
    expect(sheet['bank.cost']).toBeCloseTo(10 * 0.02 * SECONDS, 3);
    // What goes out by way of the copies is not paid for twice.
    expect(sheet['cost.egress']).toBeCloseTo(((10 * 1000) / 1e9) * 0.05 * SECONDS, 6);
  });

  test('EDGE-6 what users get through a kind of their own is paid as what they get without', () => {
    const direct = design();
    const through = direct
      .replace('call: www.show', 'call: here.show')
      .replace('call: www.show', 'call: there.show')
      .replace('key: pic, from: us-east', 'key: pic')
      .replace('key: pic, from: tokyo', 'key: pic')
      .replace(
        'components:',
        'components:\n  here: { kind: client, to: www, region: us-east }\n  there: { kind: client, to: www, region: tokyo }',
      );
    const [plain, asked] = [sheetOf(direct), sheetOf(through)];
    for (const line of ['edge.cost', 'www.cost', 'cost.egress'])
      expect(asked[line]).toBeCloseTo(plain[line]!, 6);
    const balanced = (first: string): number | null =>
      sheetOf(`
name: balanced
data: { pic: { count: 10k, size: 99KB } }
traffic: { people: { call: ${first}.show, rate: 50/s, key: pic } }
components:
  phones: { kind: client, to: front }
  front: { kind: load-balancer, to: web }
  web: { kind: service, instances: 2, operations: { show: [ { read: pic, from: db } ] } }
  db: { kind: database, stores: pic }
`)['front.cost'] ?? null;
    expect(balanced('phones')).toBeCloseTo(balanced('front')!, 6);
  });

  test('EDGE-2 what resolvers remember is not asked: λ/(1 + λT) each', () => {
    const sheet = sheetOf(design({ www: 'ttl: 60s, resolvers: 1000' }));
    const each = 0.15 / (1 + 0.15 * 60);
    expect(sheet['www.cost']).toBeCloseTo(1 + ((1000 * each) / 1e6) * 2 * SECONDS, 6);
  });

  test('EDGE-3 who knows keys costs more, and a price of its own stands for all requests', () => {
    const more = constants.replace('cost.gateway.requests', 'cost.gateway.requests.keyed');
    expect(sheetOf(design({ gate: 'auth: api-key', more }))['gate.cost']).toBeCloseTo(
      (10 / 1e6) * 3 * SECONDS,
      6,
    );
    expect(sheetOf(design({ gate: 'price: $0.1/h' }))['gate.cost']).toBeCloseTo(0.1 * 730, 6);
    expect(problems(design({ gate: 'price: $0.1/h' }))).toEqual([
      'idle-knob constants["cost.gateway.requests"]',
    ]);
    expect(problems(design())).toEqual([]);
  });

  test('EDGE-4 what a third party takes is unknown unless it is said', () => {
    const sheet = sheetOf(design({ bank: '' }));
    expect(sheet['bank.cost']).toBeNull();
    expect(sheet['cost.total']).toBeNull();
    expect(sheetOf(design({ bank: 'price: $1/h' }))['bank.cost']).toBeCloseTo(730, 6);
    expect(problems(design({ bank: 'call-price: cheap' }))).toEqual([
      'not-a-quantity components.bank.call-price',
    ]);
  });

  test('EDGE-5 copies go out whether they were there or not, in the simulation as well', async () => {
    const plan = planOf(design());
    const { crossings } = await simulate(plan, simulatedKinds, {
      time: 20,
      warmup: 2,
      replications: 4,
      seed: 1,
    });
    const out = crossings!.find(({ from, scope }) => from === 'www' && scope === 'users')!;
    expect(out.bytes.value! / out.messages.value!).toBeCloseTo(100_000, 3);
    const bandwidth = sheetOf(design())['traffic.japanese.out'];
    expect(bandwidth).toBeCloseTo(100 * 99_000, 3);
  });
});
