import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { estimate } from '../estimate/index.ts';
import type { Figure, Report } from '../report/index.ts';
import { runReplication, simulate, trace } from '../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

const length = { seed: 3, time: 200, replications: 4, warmup: 5 };
const run = (design: string) => simulate(planOf(design), simulatedKinds, length);
const estimated = (design: string) => estimate(planOf(design), estimatedKinds);
const of = ({ operations }: Report, traffic: string) => operations[traffic]!;

/** Twice the half-width: many figures are looked at. */
function expectNear(figure: Figure, value: number): void {
  expect(Math.abs(figure.value! - value), `${figure.value} for ${value}`).toBeLessThan(
    figure.high! - figure.low! + 1e-9,
  );
}

function problems(design: string): string[] {
  const described = kinds.map(({ describe: one }) => one);
  return loadDesign(design, { file: 'test.yaml', kinds: described }).diagnostics.map(
    ({ code, path, message, hint }) => `${code} ${path}: ${message}${hint === null ? '' : ` (${hint})`}`,
  );
}

/** Three pools, each of which does nothing but work. */
const shop = (edge: string, more: { traffic?: string; components?: string } = {}) => `
name: shop
network: { latency: 0s }
data: { item: { count: 1000, size: 1KB } }
traffic:
  viewers: { call: edge.view, rate: 100/s, key: item }
  ${more.traffic ?? ''}
components:
  edge: { kind: load-balancer, ${edge} }
  api: { kind: service, cores: 2, operations: { view: [ { compute: 2ms } ], buy: [ { compute: 2ms } ] } }
  next: { kind: service, cores: 2, operations: { view: [ { compute: 4ms } ] } }
  tills: { kind: service, instances: 2, cores: 1, operations: { buy: [ { compute: exponential(5ms) } ] } }
  ${more.components ?? ''}
`;
const buyers = 'buyers: { call: edge.buy, rate: 20/s }';
const modern = 'modern: { call: edge.view, rate: 50/s, key: item, headers: { Version: 2, lang: de } }';
const broken = 'broken: { kind: service, operations: { view: [ { fail: broken } ] } }';

/** What keeps a station busy, in the simulation and in the estimate. */
async function expectBusy(design: string, shares: Readonly<Record<string, number>>): Promise<void> {
  const [simulated, computed] = [await run(design), estimated(design)];
  for (const [station, share] of Object.entries(shares)) {
    expectNear(simulated.stations[station]!.utilization, share);
    expect(computed.stations[station]!.utilization.value).toBeCloseTo(share, 9);
  }
}

describe('routes', () => {
  it('RTE-1 send an operation by its path, or by the beginning of it, and the rest to `to`', async () => {
    const design = (path: string) =>
      shop(`to: api, routes: [ { path: ${path}, to: tills } ]`, { traffic: buyers });
    await expectBusy(design('/buy'), { 'api.cpu': 0.1, 'tills.cpu': 0.05 });
    await expectBusy(design('/b*'), { 'api.cpu': 0.1, 'tills.cpu': 0.05 });
  });

  it('RTE-2 send what carries all headers that are asked for, whatever the case of their names', async () => {
    const routes = 'routes: [ { header: { version: 2, Lang: de }, to: next } ], to: api';
    await expectBusy(shop(routes, { traffic: modern }), { 'api.cpu': 0.1, 'next.cpu': 0.1 });
  });

  it('RTE-3 send a share by chance: of all, of a path, and beside another of the same requests', async () => {
    await expectBusy(shop('routes: [ { share: 5%, to: next } ], to: api'), {
      'api.cpu': 0.095,
      'next.cpu': 0.01,
    });
    const split = 'routes: [ { path: /view, share: 30%, to: next }, { path: /view, share: 70%, to: api } ]';
    await expectBusy(shop(split), { 'api.cpu': 0.07, 'next.cpu': 0.06 });
    // Of other requests than those before it: a fifth of what is left of half.
    const after = 'routes: [ { share: 50%, to: api }, { path: /view, share: 20%, to: next } ], to: api';
    await expectBusy(shop(after), { 'api.cpu': 0.09, 'next.cpu': 0.02 });
  });

  it('RTE-4 keep a key on one side where a share goes by key', async () => {
    const one = (by: string) =>
      shop(`routes: [ { share: 50%, by: ${by}, to: broken } ], to: api`, { components: broken }).replace(
        'count: 1000',
        'count: 1',
      );
    expectNear(of(await run(one('chance')), 'viewers').success, 0.5);
    expect([0, 1]).toContain(of(await run(one('key')), 'viewers').success.value);
    // Of many keys alike, the share of keys is that of requests: within 4 deviations of a thousand of them.
    const many = shop('routes: [ { share: 30%, by: key, to: broken } ], to: api', { components: broken });
    const { value } = of(await run(many), 'viewers').success;
    expect(Math.abs(value! - 0.7)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / 1000));
    expect(estimated(many).notes.join()).toContain('which side the most popular keys are on');
  });

  it('RTE-5 a bad canary fails its share of the requests, and no more', async () => {
    const design = shop('routes: [ { share: 5%, to: broken } ], to: api', { components: broken });
    const report = await run(design);
    expectNear(of(report, 'viewers').success, 0.95);
    expect(Object.keys(of(report, 'viewers').failed)).toEqual(['broken']);
    expect(of(estimated(design), 'viewers').success.value).toBeCloseTo(0.95, 9);
    expect(of(estimated(design), 'viewers').latency.mean.value).toBeCloseTo(
      of(estimated(shop('to: api').replace('100/s', '95/s')), 'viewers').latency.mean.value!,
      9,
    );
  });

  it('RTE-6 a request that no route takes fails by that name', async () => {
    const design = shop('routes: [ { path: /view, share: 80%, to: api }, { path: /buy, to: tills } ]', {
      traffic: `${buyers}\n  ${modern.replace('edge.view', 'edge.buy')}`,
    });
    const report = await run(design);
    expectNear(of(report, 'viewers').success, 0.8);
    expect(Object.keys(of(report, 'viewers').failed)).toEqual(['edge no route']);
    expect(of(report, 'buyers').success.value).toBe(1);
    expect(of(estimated(design), 'viewers').success.value).toBeCloseTo(0.8, 9);
    const nowhere = shop('routes: [ { path: /view, to: api } ]', { traffic: buyers });
    expect(of(await run(nowhere), 'buyers').success.value).toBe(0);
    expect(of(estimated(nowhere), 'buyers').success.value).toBe(0);
    expect(of(estimated(nowhere), 'viewers').success.value).toBe(1);
  });

  it('RTE-7 pools are apart: a flood on one path leaves those who take another as they were', async () => {
    const flooded = (rate: string, routes: string) =>
      shop(routes, { traffic: `buyers: { call: edge.buy, rate: ${rate} }` });
    const routes = 'routes: [ { path: /buy, to: tills } ], to: api';
    const calm = await run(flooded('20/s', routes));
    const flood = await run(flooded('600/s', routes));
    expect(flood.stations['tills.cpu']!.utilization.value).toBeGreaterThan(0.99);
    expectNear(of(flood, 'viewers').latency.p99, of(calm, 'viewers').latency.p99.value!);
    const together = await run(flooded('850/s', 'to: api'));
    expect(of(together, 'viewers').latency.p99.low).toBeGreaterThan(of(calm, 'viewers').latency.p99.high!);
  });

  it('RTE-8 a route chooses instances in its own way, and else as the component does', async () => {
    const till = (words: string) =>
      shop(`algorithm: random, routes: [ { path: /buy, to: tills${words} } ], to: api`, {
        traffic: 'buyers: { call: edge.buy, rate: 280/s }',
      });
    const waits = async (words: string) => (await run(till(words))).stations['tills.cpu']!.waiting;
    const random = await waits('');
    const shortest = await waits(', algorithm: least-connections');
    expect(shortest.high).toBeLessThan(random.low!);
    // M/M/1 at 0.7, each instance by itself.
    expectNear(random, (0.7 * 0.005) / 0.3);
    expect(estimated(till('')).stations['tills.cpu']!.waiting.value).toBeCloseTo((0.7 * 0.005) / 0.3, 6);
    const turns = estimated(till(', algorithm: round-robin')).stations['tills.cpu']!.waiting;
    expectNear(await waits(', algorithm: round-robin'), turns.value!);
  });

  it('RTE-9 counts a branch that some requests take by its share in the availability', () => {
    const up = (edge: string, traffic = 'viewers') =>
      estimated(
        shop(edge, { traffic: modern }).replace(
          'network:',
          'constants: { availability.instance: 90%, availability.loadBalancer: 100% }\nnetwork:',
        ),
      ).sheet.find(({ name }) => name === `traffic.${traffic}.availability`)!.figure.value!;
    const direct = up('to: api');
    expect(direct).toBeLessThan(1);
    expect(up('routes: [ { header: { version: 2 }, to: next } ], to: api')).toBeCloseTo(direct, 12);
    expect(up('routes: [ { header: { version: 2 }, to: next } ], to: api', 'modern')).toBeCloseTo(direct, 12);
    expect(up('routes: [ { share: 25%, to: next } ], to: api')).toBeCloseTo(direct, 12);
  });

  it('RTE-10 stands behind a name and copies, and under calls that are tried again', async () => {
    const design = `
name: front
network: { latency: 0s }
data: { item: { count: 100, size: 1KB } }
traffic:
  viewers: { call: name.view, rate: 100/s, key: item, headers: { version: 2 } }
  workers: { call: batch.go, rate: 20/s }
components:
  name: { kind: dns, to: copies }
  copies: { kind: cdn, to: gate, holds: item, pops: 2, items: 10, ttl: 1h }
  gate: { kind: gateway, routes: [ { header: { version: 2 }, to: new }, { share: 50%, to: bad } ], to: old }
  batch: { kind: service, operations: { go: [ { call: gate.view, retry: { attempts: 3, base: 1ms } } ] } }
  new: { kind: service, operations: { view: [ { compute: 1ms } ] } }
  old: { kind: service, operations: { view: [ { compute: 1ms } ] } }
  bad: { kind: service, operations: { view: [ { fail: broken } ] } }
`;
    const report = await run(design);
    expect(of(report, 'viewers').success.value).toBe(1);
    expectNear(of(report, 'workers').success, 1 - 0.5 ** 3);
    expect(report.stations['old.cpu']!.utilization.value).toBeLessThan(0.03);
    const { operations } = estimated(design);
    expect(operations['workers']!.success.value).toBeCloseTo(1 - 0.5 ** 3, 9);
  });

  it('RTE-11 learns of the health of each pool by itself', async () => {
    const design = (health: string) =>
      `${shop(`routes: [ { path: /buy, to: tills } ], to: api${health}`, { traffic: buyers })}
scenarios: { one-down: { lasts: 60s, faults: [ { at: 0s, crash: tills, instances: 1, for: 60s } ] } }`;
    const under = async (words: string) => {
      const plan = planOf(design(words));
      const { traffic } = runReplication(
        {
          plan: { ...plan, scenario: plan.scenarios[0]! },
          seed: 1,
          replication: 0,
          warmup: 10,
          seconds: 50,
          windows: 0,
          rates: new Float64Array(plan.operations.length),
        },
        simulatedKinds,
      );
      return traffic.map(({ served, offered }) => served / offered);
    };
    const [viewers, half] = await under('');
    expect(viewers).toBe(1);
    expect(half).toBeLessThan(0.6);
    const [, whole] = await under(', health: { every: 1s, fall: 2 }');
    // Two bad probes, a second apart, of fifty.
    expect(whole).toBeGreaterThan(0.95);
  });

  it('RTE-12 keys that headers keep apart are not mixed', () => {
    const store = (v2: string) => `
name: apart
data: { item: { count: 10, size: 1KB }, user: { count: 10, size: 1KB } }
traffic:
  old: { call: gate.get, rate: 1/s, key: item }
  young: { call: gate.get, rate: 1/s, key: user, headers: { version: 2 } }
components:
  gate: { kind: gateway, routes: [ { header: { version: ${v2} }, to: by-user } ], to: by-item }
  by-item: { kind: service, operations: { get: [ { read: item, from: items } ] } }
  by-user: { kind: service, operations: { get: [ { read: user, from: users } ] } }
  items: { kind: database, stores: item }
  users: { kind: database, stores: user }
`;
    expect(problems(store('2'))).toEqual([]);
    expect(problems(store('3')).join('\n')).toContain('mixed-keys components.by-item');
  });

  it('RTE-13 traces name the pool that a request went to', async () => {
    const design = shop('routes: [ { header: { version: 2 }, to: next } ], to: api', { traffic: modern });
    const { requests } = await trace(planOf(design), simulatedKinds, { seed: 1 });
    const names = (traffic: string) =>
      new Set(
        requests.filter((each) => each.traffic === traffic).flatMap(({ spans }) => spans.map((s) => s.name)),
      );
    expect([...names('modern')].join()).toContain('next.view');
    expect([...names('modern')].join()).not.toContain('api.view');
    expect([...names('viewers')].join()).toContain('api.view');
  });

  it('RTE-14 says what a route cannot be', () => {
    const of = (routes: string, traffic = `${buyers}\n  ${modern}`) =>
      problems(shop(`routes: [ ${routes} ], to: api`, { traffic })).join('\n');
    expect(of('{ path: /vieww, to: next }')).toContain(
      'unknown-operation components.edge.routes[0].path: no component behind `edge` has an operation that /vieww is the path of (did you mean `view`?)',
    );
    expect(of('{ path: /buy, to: next }')).toContain('`next` has no operation that /buy is the path of');
    expect(of('{ header: { version: 2 }, to: next }')).not.toContain('unknown-operation');
    expect(of('{ share: 5%, to: next }')).toContain(
      'unknown-operation components.edge.routes[0].to: requests for `buy` come this way, and `next` has no such operation',
    );
    expect(of('{ path: view, to: next }')).toContain('`view` is no path that a route can take (write /view)');
    expect(of('{ path: /view, share: 60%, to: next }, { path: /view, share: 50%, to: api }')).toContain(
      'probability-sum components.edge.routes[1].share: with those before it, the share comes to 110 %',
    );
    expect(
      of('{ path: /view, share: 6%, by: key, to: next }, { path: /view, share: 5%, by: chance, to: api }'),
    ).toContain('conflicting-keys components.edge.routes[1].by');
    expect(of('{ path: /view, to: nextt }')).toContain('did you mean `next`?');
    expect(of('{ path: /view, to: api, algorithm: randm }')).toContain(
      'unknown-value components.edge.routes[0].algorithm',
    );
    expect(
      problems(
        'name: x\ntraffic: { a: { call: b.c, rate: 1/s } }\ncomponents: { b: { kind: gateway } }',
      ).join(),
    ).toContain('missing-key components.b: a gateway must say where requests go');
    expect(problems(shop('routes: []')).length).toBeGreaterThan(0);
  });

  it('RTE-15 says what changes nothing, and what is lost', () => {
    const of = (routes: string, rest = 'to: api', traffic = modern) =>
      problems(shop(`routes: [ ${routes} ], ${rest}`, { traffic })).filter(
        (text) => !text.startsWith('unreachable'),
      );
    expect(of('{ header: { verison: 2 }, to: next }').join('\n')).toContain(
      'idle-knob components.edge.routes[0].header: no request that comes to `edge` has the header `verison: 2` (did you mean `version`?)',
    );
    expect(of('{ header: { version: 22 }, to: next }').join('\n')).toContain('(did you mean `2`?)');
    expect(of('{ header: { version: 2 }, to: next }')).toEqual([
      'idle-knob traffic.modern.headers.lang: no route looks at the header `lang`',
    ]);
    expect(
      of('{ path: /view, to: api }, { header: { version: 2, lang: de }, to: next }').join('\n'),
    ).toContain('idle-knob components.edge.routes[1]: routes before it take all of these requests');
    expect(of('{ path: /buy, to: tills }').join('\n')).toContain('is one for this route');
    expect(of('{ path: /view, to: api }').join('\n')).toContain(
      'idle-knob components.edge.to: the routes take all requests',
    );
    expect(of('{ path: /view, to: api, by: key }').join('\n')).toContain(
      'idle-knob components.edge.routes[0].by',
    );
    expect(
      of('{ share: 1%, by: key, to: next }', 'to: api', buyers.replace('buy,', 'view,')).join('\n'),
    ).not.toContain('chance decides');
    expect(of('{ path: /view, share: 5%, to: api }', '').join('\n')).toContain(
      'no-route components.edge.routes: no route takes some of the requests for `view`; they fail as `edge no route`',
    );
    expect(of('{ share: 5%, to: next }', 'to: tills, algorithm: random').join('\n')).toContain(
      'unknown-operation',
    );
  });

  it('RTE-16 loses nothing, gives equal bytes for equal seeds, and goes as the estimate says, whatever the routes', () => {
    const route = fc.record({
      path: fc.constantFrom('', 'path: /view, ', 'path: /b*, ', 'path: /*, '),
      header: fc.constantFrom('', 'header: { version: 2 }, ', 'header: { version: 2, lang: de }, '),
      share: fc.constantFrom('', 'share: 20%, ', 'share: 30%, by: key, '),
      to: fc.constantFrom('one', 'two', 'bad'),
      own: fc.constantFrom('', ', algorithm: least-connections'),
    });
    const designs = (routes: string, to: string, kind: string) => `
name: any
data: { item: { count: 5000, size: 1KB } }
traffic:
  viewers: { call: edge.view, rate: 100/s, key: item }
  buyers: { call: edge.buy, rate: 50/s, timeout: 200ms }
  ${modern}
components:
  edge: { kind: ${kind}, ${to} routes: [ ${routes} ] }
  one: { kind: service, instances: 2, operations: { view: [ { compute: 1ms } ], buy: [ { compute: 1ms } ] } }
  two: { kind: service, operations: { view: [ { compute: 1ms } ], buy: [ { call: one.buy } ] } }
  bad: { kind: service, operations: { view: [ { fail: bad } ], buy: [ { compute: 1ms } ] } }
`;
    fc.assert(
      fc.property(
        fc.array(route, { minLength: 1, maxLength: 5 }),
        fc.constantFrom('', 'to: one,', 'to: two,'),
        fc.constantFrom('load-balancer', 'gateway'),
        fc.integer({ min: 1, max: 1000 }),
        (routes, to, kind, seed) => {
          const texts = routes.map((r) => `{ ${r.path}${r.header}${r.share}to: ${r.to}${r.own} }`);
          const design = designs(texts.join(', '), to, kind);
          const mixed = problems(design).some((text) => /^(probability-sum|conflicting-keys)/.test(text));
          if (mixed) return;
          const plan = planOf(design);
          const replicate = () =>
            runReplication(
              {
                plan,
                seed,
                replication: 0,
                warmup: 1,
                seconds: 10,
                windows: 0,
                rates: new Float64Array(plan.operations.length),
              },
              simulatedKinds,
            );
          const { traffic } = replicate();
          expect(replicate().traffic).toEqual(traffic);
          const { operations } = estimate(plan, estimatedKinds);
          for (const [i, { served, failed, inFlight, offered }] of traffic.entries()) {
            const ended = failed.reduce((sum, count) => sum + count, 0);
            expect(served + ended + inFlight).toBe(offered);
            const success = operations[plan.traffic[i]!.name]!.success.value!;
            // Five deviations of so many requests, and of the few thousand keys that a share by key is drawn from.
            const spread = Math.sqrt((success * (1 - success)) / (served + ended) + 0.25 / 5000);
            expect(Math.abs(served / (served + ended) - success)).toBeLessThan(5 * spread);
          }
        },
      ),
      { numRuns: 25, seed: 20 },
    );
  });
});
