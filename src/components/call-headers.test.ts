import { describe, expect, it } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { estimate } from '../estimate/index.ts';
import type { Figure, Report } from '../report/index.ts';
import { simulate } from '../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

interface Calling {
  readonly traffic?: string;
  readonly step?: string;
  readonly web?: string;
  readonly mid?: string;
  readonly call?: string;
  readonly routes?: string;
  readonly more?: string;
}

/** A page that asks an API by way of a service between, before which a mesh parts requests by header. */
const calling = (the: Calling = {}): string => `
name: calling
network: { latency: 0s }
data: { item: { count: 100, size: 1KB } }
traffic: { users: { call: ${the.call ?? 'web'}.view, rate: 100/s, key: item ${the.traffic ?? ''} } }
components:
  web: { kind: service, operations: { view: [ { call: mid.get ${the.step ?? ''} } ] ${the.web ?? ''} } }
  mid: { kind: service, cores: 100, operations: { get: [ { compute: 1ms }, { call: mesh.fetch ${the.mid ?? ''} } ] } }
  mesh: { kind: load-balancer, routes: [ ${the.routes ?? '{ header: { x-version: canary }, to: canary }, { to: stable }'} ] }
  canary: { kind: service, cores: 100, operations: { fetch: [ { compute: 2ms } ] } }
  stable: { kind: service, cores: 100, operations: { fetch: [ { compute: 1ms } ] } }
${the.more ?? ''}
`;

const CANARY = ', headers: { x-version: canary }';
const run = (design: string): Promise<Report> =>
  simulate(planOf(design), simulatedKinds, { seed: 11, time: 100, replications: 10, warmup: 5 });
const sheet = (design: string): Report => estimate(planOf(design), estimatedKinds);
const arrivals = ({ stations }: Report, of: string): Figure => stations[`${of}.cpu`]!.arrivals;
const problems = (design: string): string[] =>
  loadDesign(design, { file: 'test.yaml', kinds: kinds.map((kind) => kind.describe) })
    .diagnostics.map(({ code, path, message }) => `${code} ${path}: ${message}`)
    .filter((each) => !each.startsWith('unreachable-component'));

function expectNear(figure: Figure, value: number): void {
  const room = figure.high! - figure.low!;
  expect(Math.abs(figure.value! - value), `${figure.value} for ${value}`).toBeLessThan(room + 1e-9);
}

/** Requests a second that come to the canary, in both. */
async function expectCanary(design: string, rate: number): Promise<void> {
  expect(arrivals(sheet(design), 'canary').value).toBeCloseTo(rate, 9);
  expect(arrivals(sheet(design), 'stable').value).toBeCloseTo(100 - rate, 9);
  const report = await run(design);
  expectNear(arrivals(report, 'canary'), rate);
  expectNear(arrivals(report, 'stable'), 100 - rate);
}

describe('headers that calls set', () => {
  it('HDR-1 go with all that is done for the call, through services and balancers, to the route that looks at them', () =>
    expectCanary(calling({ step: CANARY }), 100));

  it('HDR-2 are those of the traffic where no call sets them', async () => {
    await expectCanary(calling({ traffic: CANARY }), 100);
    await expectCanary(calling(), 0);
  });

  it('HDR-3 stand in place of those that came, the others stay', async () => {
    const both = '{ header: { x-version: canary, region: eu }, to: canary }, { to: stable }';
    const traffic = ', headers: { region: eu, x-version: old }';
    await expectCanary(calling({ routes: both, traffic, step: CANARY }), 100);
    await expectCanary(calling({ routes: both, traffic }), 0);
    await expectCanary(
      calling({ routes: both, traffic, step: CANARY, mid: ', headers: { x-version: old }' }),
      0,
    );
  });

  it('HDR-4 are of that call alone: what comes after it, and by other ways, has those that came', async () => {
    const web =
      ', other: [ { choose: [ { probability: 30%, do: [ { call: mid.get, headers: { X-Version: canary } } ] }, { probability: 70%, do: [ { call: mid.get } ] } ] } ]';
    const some = calling({ web }).replace('call: web.view', 'call: web.other');
    await expectCanary(some, 30);
  });

  it('HDR-5 are set by a client for its users as well', () =>
    expectCanary(
      calling({ call: 'app', more: '  app: { kind: client, to: web, headers: { x-version: canary } }' }),
      100,
    ));

  it('HDR-6 leave what stands between as it was: stations, bulkheads and limits are the same for all', async () => {
    const choose = (of: string): string =>
      `[ { choose: [ { probability: 50%, do: [ { call: mid.get${of} } ] }, { probability: 50%, do: [ { call: mid.get } ] } ] } ]`;
    const design = (of: string, mid: string): string =>
      calling({ mid }).replace('[ { call: mid.get  } ]', choose(of));
    const limit = ', limit: { rate: 40/s, burst: 1 }';
    const [apart, alike] = [await run(design(CANARY, limit)), await run(design('', limit))];
    const served = ({ operations }: Report): Figure => operations['users']!.throughput;
    // One bucket of 40 a second for both, not one for each.
    expect(served(apart).high!).toBeLessThan(41);
    expect(served(apart).low!).toBeLessThan(served(alike).high!);
    expect(served(apart).high!).toBeGreaterThan(served(alike).low!);
    // A bucket of one: 100 come to 40 tokens a second.
    expect(sheet(design(CANARY, limit)).operations['users']!.success.value).toBeCloseTo(1 / 3.5, 9);
    const few = await run(design(CANARY, ', bulkhead: { most: 3 }'));
    expect(Object.keys(few.stations).filter((name) => name.includes('bulkhead'))).toHaveLength(1);
    expectNear(arrivals(few, 'mid'), 100);
  });

  it('HDR-7 do not go along with messages, which have those of the traffic', async () => {
    const design = calling({ step: CANARY })
      .replace('{ call: mesh.fetch  }', '{ publish: jobs }')
      .concat(
        '  jobs: { kind: queue, consumer: worker.work, concurrency: 10 }\n  worker: { kind: service, cores: 10, operations: { work: [ { call: mesh.fetch } ] } }\n',
      );
    await expectCanary(design, 0);
    await expectCanary(design.replace('key: item', 'key: item, headers: { x-version: canary }'), 100);
    expect(problems(design).join()).toContain('no route behind `mid.get` looks at the header `x-version`');
  });

  it('HDR-8 part requests among caches and shares as those of traffic do', async () => {
    const routes = '{ header: { x-version: canary }, share: 25%, to: canary }, { to: stable }';
    await expectCanary(calling({ routes, step: CANARY }), 25);
    const cached = calling({ step: CANARY }).replace(
      'kind: load-balancer, routes',
      'kind: gateway, holds: item, cache: { items: 100 }, routes',
    );
    const warm = sheet(cached);
    expect(arrivals(warm, 'canary').value).toBeCloseTo(0, 6);
  });

  it('HDR-9 equal seeds give equal bytes', async () => {
    const design = calling({ step: CANARY });
    expect(JSON.stringify(await run(design))).toBe(JSON.stringify(await run(design)));
  });

  it('HDR-10 words without effect are told, and what cannot be', () => {
    expect(problems(calling({ step: CANARY }))).toEqual([
      expect.stringContaining('idle-knob components.mesh.routes[1]'),
    ]);
    const at = 'components.web.operations.view[0].headers';
    expect(problems(calling({ step: ', headers: { x-versoin: canary }' }))).toContain(
      `idle-knob ${at}.x-versoin: no route behind \`mid.get\` looks at the header \`x-versoin\``,
    );
    expect(problems(calling({ step: CANARY, traffic: CANARY }))).toContain(
      `idle-knob ${at}.x-version: every request that comes here has the header \`x-version: canary\` already`,
    );
    expect(problems(calling({ step: ', headers: {}' }))[0]).toContain(`out-of-range ${at}`);
    expect(problems(calling({ step: ', headers: canary' }))[0]).toContain(`wrong-type ${at}`);
    const refused = (headers: string) =>
      problems(calling({ step: `, headers: { ${headers} }` })).filter((each) => /^(bad|dup)/.test(each));
    // A field name is a token (RFC 9110, 5.1).
    for (const name of ['', 'x y', 'x:', 'ä'])
      expect(refused(`"${name}": a`)).toEqual([
        expect.stringContaining(`: \`${name}\` cannot be the name of a header field`),
      ]);
    expect(refused('x-version: canary, "!#$%&\'*+-.^_`|~a0": b')).toEqual([]);
    expect(refused('X-A: 1, x-a: 2')).toEqual([
      `duplicate-key ${at}.x-a: the header \`x-a\` stands here already, as \`X-A\``,
    ]);
    const other = calling({ step: ', headers: { x-version: beta }' });
    expect(problems(other)[0]).toContain('has the header `x-version: canary`');
  });

  it('HDR-12 headers of a traffic that its client sets itself are told', () => {
    const more = '  app: { kind: client, to: web, headers: { x-version: canary } }';
    const set = calling({ call: 'app', traffic: ', headers: { X-Version: old }', more });
    const message = 'the client `app` sets the header `X-Version` itself';
    expect(problems(set)).toContain(`idle-knob traffic.users.headers.X-Version: ${message}`);
    expect(
      problems(
        set.replace(
          'app: { kind: client, to: web, headers: { x-version: canary }',
          'app: { kind: client, to: web',
        ),
      ).join(),
    ).not.toContain('itself');
  });

  it('HDR-11 more sets of headers than can be told apart are refused', () => {
    const calls = Array.from({ length: 101 }, (_, i) => `{ call: mid.get, headers: { x-version: v${i} } }`);
    const many = calling().replace('[ { call: mid.get  } ]', `[ ${calls.join(', ')} ]`);
    expect(problems(many)).toEqual([expect.stringContaining('too-many-values components')]);
    const few = calling().replace('[ { call: mid.get  } ]', `[ ${calls.slice(1).join(', ')} ]`);
    expect(problems(few).some((each) => each.startsWith('too-many-values'))).toBe(false);
  });
});
