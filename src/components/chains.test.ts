import { describe, expect, it } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { estimate } from '../estimate/index.ts';
import type { Figure, Report } from '../report/index.ts';
import { simulate } from '../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

/** Users of what comes before three instances of a service. */
const chain = (before: string, more: { call?: string; traffic?: string; network?: string } = {}) => `
name: chain
network: { latency: ${more.network ?? '0s'} }
data: { item: { count: 1k, size: 1KB } }
traffic: { users: { call: ${more.call ?? 'edge'}.get, rate: 300/s, key: item${more.traffic ?? ''} } }
components:
${before}
  api: { kind: service, instances: 3, operations: { get: [ { compute: 5ms } ], put: [ { compute: 1us } ] } }
`;

const run = (design: string, more = {}): Promise<Report> =>
  simulate(planOf(design), simulatedKinds, { seed: 5, time: 100, replications: 4, warmup: 5, ...more });
const estimated = (design: string): Report => estimate(planOf(design), estimatedKinds);
const users = ({ operations }: Report) => operations['users']!;
const problems = (design: string) =>
  loadDesign(design, { file: 'test.yaml', kinds: kinds.map(({ describe: one }) => one) })
    .diagnostics.map(({ code, path, message }) => `${code} ${path}: ${message}`)
    .filter((each) => !/^(unreachable-operation|unused-data)/.test(each));

/** Twice the half-width: many figures are looked at. */
function expectNear({ value: found, low, high }: Figure, value: number): void {
  expect(Math.abs(found! - value), `${found} for ${value}`).toBeLessThan(high! - low! + 1e-9);
}

describe('balancers and gateways one behind the other', () => {
  it.each([
    ['two balancers', 'edge: { kind: load-balancer, to: inner }'],
    ['a gateway', 'edge: { kind: gateway, to: inner }'],
    ['a gateway with routes', 'edge: { kind: gateway, routes: [ { path: /get, to: inner } ] }'],
  ])('CHN-1 %s before a balancer: the last one spreads requests as it would alone', async (_, edge) => {
    const inner = '  inner: { kind: load-balancer, to: api, algorithm: random }';
    const alone = chain(inner, { call: 'inner' });
    const whole = chain(`  ${edge}\n${inner}`);
    expect(problems(whole)).toEqual([]);
    // M/D/1 at a load of a half.
    const expected = 0.005 + 0.0025;
    for (const design of [alone, whole]) {
      expectNear(users(await run(design)).latency.mean, expected);
      expect(users(estimated(design)).latency.mean.value).toBeCloseTo(expected, 6);
    }
  });

  it('CHN-2 each of them is a message away, and takes CPU of its own', async () => {
    const design = chain(
      `  edge: { kind: load-balancer, to: gate, cost: 100us }
  gate: { kind: gateway, to: inner, cost: 1ms }
  inner: { kind: load-balancer, to: api, algorithm: round-robin, cost: 200us }`,
      { network: '1ms' },
    );
    const report = await run(design);
    for (const each of [report, estimated(design)]) {
      expect(each.stations['edge.cpu']!.utilization.value).toBeCloseTo(0.03, 2);
      expect(each.stations['gate.cpu']!.utilization.value).toBeCloseTo(0.3, 1);
      expect(each.stations['inner.cpu']!.utilization.value).toBeCloseTo(0.06, 2);
      // Three ways there and back.
      expect(users(each).latency.mean.value).toBeGreaterThan(0.006 + 0.005 + 0.0013);
      expect(users(each).latency.mean.value).toBeLessThan(0.006 + 0.005 + 0.004);
    }
  });

  it('CHN-3 routes go to a cdn, a gateway and a name', async () => {
    const design = `
name: routed
network: { latency: 0s }
data: { item: { count: 1k, size: 1KB } }
traffic:
  viewers: { call: edge.view, rate: 100/s, key: item }
  buyers: { call: edge.buy, rate: 50/s, key: item }
  others: { call: edge.other, rate: 20/s }
components:
  edge:
    kind: load-balancer
    routes: [ { path: /view, to: copies }, { path: /buy, to: gate } ]
    to: name
  copies: { kind: cdn, to: web, holds: item, pops: 2, items: 1k, ttl: 10s }
  gate: { kind: gateway, to: shop, auth: jwt, limit: { rate: 25/s, burst: 5 } }
  name: { kind: dns, ttl: 60s, to: [ one, two ] }
  web: { kind: service, cores: 4, operations: { view: [ { compute: 1ms } ] } }
  shop: { kind: service, cores: 4, operations: { buy: [ { compute: 1ms } ] } }
  one: { kind: service, cores: 4, operations: { other: [ { compute: 1ms } ] } }
  two: { kind: service, cores: 4, operations: { other: [ { compute: 1ms } ] } }
`;
    expect(problems(design)).toEqual([]);
    const report = await run(design, { time: 200 });
    for (const each of [report, estimated(design)]) {
      // λ = 0.05 for each item at each place, for 10 s: a third of them hit.
      expect(each.caches['copies']!.hitRatio.value).toBeCloseTo(1 / 3, 2);
      expect(each.stations['web.cpu']!.arrivals.value! / (100 * (2 / 3))).toBeCloseTo(1, 1);
      expect(each.operations['buyers']!.success.value).toBeCloseTo(0.5, 1);
      expect(each.operations['others']!.success.value).toBe(1);
    }
  });

  it('CHN-4 a pair behind a balancer is found by its address, and takes over for it', async () => {
    const design = (pair: string) => `${chain(`  edge: { kind: load-balancer, to: inner }
  inner: { kind: load-balancer, to: api, pair: ${pair}, takeover: 2s, cost: 100us }`)}
scenarios: { it: { lasts: 60s, faults: [ { at: 10s, crash: inner, instances: 1, for: 40s } ] } }
`;
    expect(problems(design('active-passive'))).toEqual([]);
    const report = await run(design('active-passive'), {
      scenario: 'it',
      warmup: undefined,
      replications: 3,
    });
    const lost = 1 - users(report).success.value!;
    expect(lost).toBeGreaterThan(0.5 * (2 / 60));
    expect(lost).toBeLessThan(1.5 * (2 / 60));
    expect(estimated(design('active-passive')).sheet.some(({ name }) => name.endsWith('availability'))).toBe(
      true,
    );
  });

  it('CHN-5 says that there is nothing to choose where what is behind spreads requests itself', () => {
    const inner = '  inner: { kind: load-balancer, to: api, pair: active-active }';
    const words = problems(
      chain(`  edge: { kind: load-balancer, to: inner, algorithm: random, sticky: 1min }\n${inner}`),
    );
    expect(words).toEqual([
      'idle-knob components.edge.algorithm: `inner` spreads requests itself, so there is nothing to choose',
      'idle-knob components.edge.sticky: `inner` spreads requests itself, so there is nothing to choose',
    ]);
    const circle = 'call-cycle components.edge.to: requests are passed on in a circle: edge → inner → edge';
    for (const inner of [
      'kind: gateway, to: edge',
      'kind: load-balancer, routes: [ { path: /get, to: api } ], to: edge',
    ]) {
      const design = chain(`  edge: { kind: gateway, to: inner }\n  inner: { ${inner} }`);
      expect(problems(design).filter((each) => each.startsWith('call-cycle'))).toEqual([circle]);
    }
    const copies = (to: string) => `{ kind: cdn, to: ${to}, holds: item, pops: 2, items: 10 }`;
    expect(problems(chain(`  edge: ${copies('inner')}\n  inner: ${copies('edge')}`))[0]).toBe(circle);
    expect(
      problems(chain('  edge: { kind: gateway, to: store }\n  store: { kind: database, stores: item }'))[0],
    ).toMatch(/^wrong-kind-for-role components.edge.to/);
  });

  it('CHN-6 equal seeds give equal reports', async () => {
    const design = chain('  edge: { kind: gateway, to: inner }\n  inner: { kind: load-balancer, to: api }');
    expect(await run(design, { time: 5 })).toEqual(await run(design, { time: 5 }));
  });
});
