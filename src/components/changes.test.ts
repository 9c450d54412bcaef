import { describe, expect, it } from 'vitest';
import { loadDesign } from '../design/index.ts';
import type { Figure, Report } from '../report/index.ts';
import { simulate } from '../simulate/index.ts';
import { kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

/** Viewers of 100 pictures: each is asked for 10 times a second. */
const pictures = (components: string, scenario: string): string => `
name: pictures
network: { latency: 0s }
data: { picture: { count: 100, size: 100KB }, page: { count: 10, size: 1KB } }
traffic: { viewers: { call: front.view, rate: 1k/s, key: picture }, readers: { call: pages.read, rate: 1/s, key: page } }
components:
${components}
  pages: { kind: database, engine: postgres, stores: page }
scenarios: { it: ${scenario} }
`;
const web = '  web: { kind: service, cores: 100, operations: { view: [ { compute: 10us } ] } }';
const changed = '{ lasts: 30s, faults: [ { at: 5s, change: picture } ] }';
/** A service that reads through a cache. */
const reading = (ttl: string, read = ''): string => `
  web: { kind: service, cores: 100, operations: { view: [ { read: picture, from: store, through: kept ${read} } ] } }
  kept: { kind: cache, holds: picture, memory: 1GB, ttl: ${ttl} }
  store: { kind: database, stores: picture, engine: postgres, cores: 100 }`;

const run = (design: string, more = {}): Promise<Report> =>
  simulate(planOf(design), simulatedKinds, { seed: 3, replications: 8, scenario: 'it', ...more });
const problems = (design: string) =>
  loadDesign(design, { file: 'test.yaml', kinds: kinds.map(({ describe: one }) => one) }).diagnostics.map(
    ({ code, path }) => `${code} ${path}`,
  );

/** The value lies in the interval, widened by its half on either side, since many are looked at. */
function expectAround({ value, low, high }: Pick<Figure, 'value' | 'low' | 'high'>, truth: number): void {
  const room = (high! - low!) / 2 + 1e-9;
  expect(truth, `${value} (${low}..${high})`).toBeGreaterThan(low! - room);
  expect(truth, `${value} (${low}..${high})`).toBeLessThan(high! + room);
}

/** Old answers of a component, by the middle of each window. */
function old({ scenario }: Report, name: string) {
  const { value, low, high } = scenario!.stale![name]!;
  return value.map((each, w) => ({
    at: (w + 0.5) * scenario!.window,
    value: each,
    low: low[w]!,
    high: high[w]!,
  }));
}

/** Largest share of old answers in the windows that lie in a time. */
const mostOld = (report: Report, name: string, from: number, to: number): number => {
  const half = report.scenario!.window / 2;
  const there = old(report, name).filter(({ at }) => at - half >= from && at + half <= to);
  expect(there.length).toBeGreaterThan(0);
  return Math.max(...there.map(({ value }) => value!));
};

const keepers: readonly (readonly [what: string, name: string, components: string])[] = [
  [
    'a cdn',
    'front',
    `  front: { kind: cdn, to: web, holds: picture, memory: 1GB, ttl: 10s, pops: 1 }\n${web}`,
  ],
  [
    'a gateway',
    'front',
    `  front: { kind: gateway, to: web, holds: picture, cache: { memory: 1GB, ttl: 10s } }\n${web}`,
  ],
  ['a cache', 'kept', `  front: { kind: load-balancer, to: web }${reading('10s')}`],
  ['a user', 'front', `  front: { kind: client, to: web, users: 1, cache: { ttl: 10s } }\n${web}`],
];

describe('a data of which all items change', () => {
  it.each(keepers)(
    'CHG-1 %s gives old copies as renewal theory has it, until their ttl ends',
    async (_, name, components) => {
      const report = await run(pictures(components, changed));
      // An item asked for at rate λ is fetched every T + 1/λ seconds on average, and old τ after the change while the copy
      // that was there has more than τ to live.
      const cycle = 10 + 1 / 10;
      for (const window of old(report, name)) {
        const since = window.at - 5;
        const half = report.scenario!.window / 2;
        if (since + half <= 0 || since - half >= 10) expect(window.value).toBe(0);
        else if (since - half >= 0 && since + half <= 10) expectAround(window, (10 - since) / cycle);
      }
      const { stale, age, versions, reads } = report.staleness![name]!;
      expectAround(stale, 50 / cycle / 25);
      // The age has the density 2(T − τ)/T².
      expectAround(age.mean, 10 / 3);
      expect(age.p99.value!).toBeLessThan(10);
      expect(versions.value).toBe(1);
      expect(Math.abs(reads - 8 * 25_000)).toBeLessThan(5 * Math.sqrt(8 * 25_000));
    },
  );

  it('CDN-08c stale until the ttl without a purge, and nothing is old after one', async () => {
    const edge = `  front: { kind: cdn, to: web, holds: picture, memory: 1GB, ttl: 10s, pops: 3, shield: 1GB }\n${web}`;
    const purged = '{ lasts: 30s, faults: [ { at: 5s, change: picture }, { at: 7s, flush: front } ] }';
    const without = await run(pictures(edge, changed));
    const after = await run(pictures(edge, purged));
    for (const name of ['front', 'front.shield']) {
      expect(mostOld(without, name, 7.5, 12)).toBeGreaterThan(0.1);
      expect(mostOld(after, name, 5.5, 7)).toBeGreaterThan(0.1);
      expect(mostOld(after, name, 7, 30)).toBe(0);
    }
  });

  it('CHG-2 a copy of an old copy is old: behind a shield for two times to live', async () => {
    const edge = `  front: { kind: cdn, to: web, holds: picture, memory: 1GB, ttl: 10s, pops: 3, shield: 1GB }\n${web}`;
    const report = await run(pictures(edge, changed));
    expect(mostOld(report, 'front', 15.5, 20)).toBeGreaterThan(0.1);
    expect(mostOld(report, 'front', 25, 30)).toBe(0);
    expect(mostOld(report, 'front.shield', 15, 30)).toBe(0);
  });

  it.each([
    ['calls in one frame', '', '', ''],
    ['shared fetches', ', coalesce: true', '', ', coalesce: instance'],
    ['calls with a timeout', '', ', timeout: 10s', ', timeout: 1s'],
  ])('CHG-3 what comes from an old copy by %s is old wherever it is kept', async (_, gate, users, read) => {
    // The cache never forgets, so all that users and gateway keep stays old for ever.
    const components = `
  front: { kind: client, to: gate, users: 1, cache: { ttl: 500ms } ${users} }
  gate: { kind: gateway, to: web, holds: picture, cache: { memory: 1GB, ttl: 1s ${gate} } }`;
    const report = await run(pictures(components + reading('1y', read), changed), { replications: 3 });
    for (const name of ['kept', 'gate', 'front']) {
      const hits = report.caches[name]!.hitRatio;
      const { stale } = report.staleness![name]!;
      // The one is of all the run, the other of what follows the change.
      expect(Math.abs(stale.value! - hits.value!), name).toBeLessThan(2 * (hits.high! - hits.low!) + 1e-9);
    }
  });

  it('CHG-4 what is written is new, though an old copy was read before', async () => {
    const components = `  front: { kind: load-balancer, to: web }
  web:
    kind: service
    cores: 100
    operations:
      view:
        - { read: picture, from: store, through: kept }
        - { write: picture, to: store }
        - { call: kept.set }
  kept: { kind: cache, holds: picture, memory: 1GB }
  store: { kind: database, stores: picture, engine: postgres, cores: 1000, connections: 1000 }`;
    const report = await run(pictures(components, changed), { replications: 2 });
    // Each of 100 copies is old until it is asked for the first time, and written: e⁻¹⁰ of them after a second.
    expect(mostOld(report, 'kept', 6.5, 30)).toBeLessThan(0.001);
    expect(report.staleness!['kept']!.stale.value).toBeGreaterThan(0);
  });

  it('CHG-5 copies can be several versions behind', async () => {
    const components = `  front: { kind: load-balancer, to: web }${reading('1y')}`;
    const twice = '{ lasts: 20s, faults: [ { at: 5s, change: picture }, { at: 15s, change: picture } ] }';
    const { versions, age, stale } = (await run(pictures(components, twice))).staleness!['kept']!;
    // All are old; by one version for 10 s, by two for 5 s.
    expect(stale.value).toBe(1);
    expectAround(versions, 4 / 3);
    // As old as the first version that they lack.
    expectAround(age.mean, 7.5);
  });

  it('CHG-5a what the store gave out before the change is old, though it is put into the cache after it', async () => {
    const front = '  front: { kind: load-balancer, to: web }';
    const components = front + reading('1y', ', coalesce: instance');
    const forgotten = '{ lasts: 20s, faults: [ { at: 5s, flush: kept }, { at: 5750ms, change: picture } ] }';
    const far = pictures(components, forgotten).replace('latency: 0s', 'latency: 300ms');
    const report = await run(far);
    // Each of 100 is missed 0.1 s after the flush on average, read 0.6 s later, and put in 0.6 s after that.
    const old = 1 - Math.exp(-10 * (5.75 - 5.6));
    const room = 4 * Math.sqrt((old * (1 - old)) / 800);
    expect(Math.abs(mostOld(report, 'kept', 8, 20) - old)).toBeLessThan(2 * room);
    const { value } = report.scenario!.stale!['kept']!;
    expect(Math.abs(value.at(-1)! - old)).toBeLessThan(room);
  });

  it('CHG-6 changes nothing else, and without it nothing is kept', async () => {
    const edge = `  front: { kind: cdn, to: web, holds: picture, memory: 1GB, ttl: 10s, pops: 2, swr: 1s }\n${web}`;
    const calm = '{ lasts: 30s, faults: [ { at: 29s, slow: web, by: 1.5x } ] }';
    const both = calm.replace('faults: [', 'faults: [ { at: 5s, change: picture },');
    const one = await run(pictures(edge, calm), { replications: 2 });
    const other = await run(pictures(edge, both), { replications: 2 });
    expect(one.staleness).toBeUndefined();
    expect(one.scenario!.stale).toBeUndefined();
    expect(other.operations).toEqual(one.operations);
    expect(other.caches).toEqual(one.caches);
    expect(other.scenario!.traffic).toEqual(one.scenario!.traffic);
  });

  it('CHG-7 is refused for a data that is not there, and idle where nothing keeps copies of it', () => {
    const [, , cdn] = keepers[0]!;
    const fault = 'scenarios.it.faults[0].change';
    expect(problems(pictures(cdn, changed))).not.toContain(`idle-knob ${fault}`);
    expect(problems(pictures(cdn, changed.replace('picture', 'picure')))).toContain(
      `unknown-reference ${fault}`,
    );
    expect(problems(pictures(cdn, changed.replace('picture', 'page')))).toContain(`idle-knob ${fault}`);
    const [, , user] = keepers[3]!;
    expect(problems(pictures(user, changed))).not.toContain(`idle-knob ${fault}`);
    expect(problems(pictures(user.replace(', cache: { ttl: 10s }', ''), changed))).toContain(
      `idle-knob ${fault}`,
    );
  });
});
