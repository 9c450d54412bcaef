import { describe, expect, it } from 'vitest';
import { characteristicTime } from '../../blocks/index.ts';
import { loadDesign } from '../../design/index.ts';
import { estimate } from '../../estimate/index.ts';
import type { Figure, Report } from '../../report/index.ts';
import { simulate } from '../../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from '../index.ts';
import { planOf } from '../plan.fixture.ts';

interface Gated {
  readonly cache: string;
  readonly rate?: string;
  readonly items?: string;
  readonly to?: string;
  readonly words?: string;
  readonly traffic?: string;
  readonly fetch?: string;
  readonly more?: string;
}

const gated = (the: Gated): string => `
name: gated
network: { latency: 0s }
data: { item: { ${the.items ?? 'count: 10k, popularity: zipf(0.9)'}, size: 10KB }, other: { count: 10, size: 1KB } }
traffic: { users: { call: gate.view, rate: ${the.rate ?? '2k/s'}, key: item } ${the.traffic ?? ''} }
components:
  gate: { kind: gateway, ${the.to ?? 'to: api'}, holds: item, cache: { ${the.cache} } ${the.words ?? ''} }
  api: { kind: service, cores: 800, operations: { view: [ { compute: ${the.fetch ?? '1us'} } ], edit: [ { compute: 1us } ] } }
${the.more ?? ''}
`;

const run = (design: string, more = {}): Promise<Report> =>
  simulate(planOf(design), simulatedKinds, { seed: 7, time: 20, replications: 4, warmup: 0, ...more });
const sheet = (design: string): Report => estimate(planOf(design), estimatedKinds);
const ratio = ({ caches }: Report): Figure => caches['gate']!.hitRatio;
const fetches = ({ stations }: Report): Figure => stations['api.cpu']!.arrivals;
const problems = (design: string) =>
  loadDesign(design, { file: 'test.yaml', kinds: kinds.map(({ describe: one }) => one) })
    .diagnostics.map(({ code, path }) => `${code} ${path.replace('components.gate.', '')}`)
    .filter((each) => !/^(unreachable-operation|unused-data)/.test(each));

/** Hit ratio of LRU by Che, Tung & Wang 2002, of 10k items under zipf(0.9). */
function che(rate: number, items: number): number {
  const weights = Float64Array.from({ length: 10_000 }, (_, i) => (i + 1) ** -0.9);
  const total = weights.reduce((a, b) => a + b, 0);
  const rates = weights.map((weight) => (rate * weight) / total);
  const time = characteristicTime('lru', rates, new Float64Array(10_000).fill(1), items);
  return rates.reduce((sum, each) => sum - each * Math.expm1(-each * time), 0) / rate;
}

/** The value lies in the interval, widened by its half on either side, since many are looked at. */
function expectAt({ value: found, low, high }: Figure, value: number, share = 0): void {
  const room = (high! - low!) / 2 + share * value;
  expect(value, `${found} for ${value}`).toBeGreaterThan(low! - room);
  expect(value, `${found} for ${value}`).toBeLessThan(high! + room);
}

describe('the cache of a gateway', () => {
  it('GTC-1 hits as Che says of an LRU cache, and passes on what it misses', async () => {
    const design = gated({ cache: 'items: 1000' });
    const report = await run(design);
    const expected = che(2000, 1000);
    expectAt(ratio(report), expected, 0.002);
    expectAt(fetches(report), 2000 * (1 - expected), 0.01);
    const guess = sheet(design);
    expect(ratio(guess).value).toBeCloseTo(expected, 3);
    expect(fetches(guess).value! / (2000 * (1 - expected))).toBeCloseTo(1, 2);
    expect(report.operations['users']!.success.value).toBe(1);
    // 1000 items of 10 kB.
    expect(ratio(await run(gated({ cache: 'memory: 10MB' })))).toEqual(ratio(report));
  });

  it('GTC-1 gives room to items that are new, which nobody asks for again', async () => {
    const traffic = ', news: { call: gate.view, rate: 2k/s, key: new item }';
    const design = gated({ cache: 'items: 1000', traffic });
    const report = await run(design, { time: 60, replications: 8 });
    const guess = ratio(sheet(design)).value!;
    // Beside 2k requests a second for items that there are, half of all: less than half of what those hit alone.
    expect(guess).toBeLessThan(che(2000, 1000) / 2 - 0.02);
    expectAt(ratio(report), guess, 0.005);
    expect(report.notes.join()).toContain('gate starts as it would be had no item been new');
  });

  it('GTC-2 keeps copies for a time to live: hit = λT/(1 + λT)', async () => {
    const design = gated({ items: 'count: 100', rate: '100/s', cache: 'items: 100, ttl: 3s' });
    expectAt(ratio(await run(design, { time: 200 })), 3 / 4, 0.005);
    expect(ratio(sheet(design)).value).toBeCloseTo(3 / 4, 6);
  });

  it('GTC-3 keeps the answers of the named operations alone', async () => {
    const traffic = ', editors: { call: gate.edit, rate: 100/s, key: item }';
    const some = gated({ traffic, cache: 'items: 10k, operations: [ view ]' });
    expectAt(fetches(await run(some)), 100, 0.03);
    expectAt(fetches(sheet(some)), 100, 0.03);
    expect(fetches(await run(gated({ traffic, cache: 'items: 10k' }))).high!).toBeLessThan(10);
  });

  it('GTC-4 makes misses of a key share a fetch', async () => {
    const hot = (coalesce: string) =>
      gated({
        items: 'count: 1',
        rate: '1k/s',
        fetch: '100ms',
        cache: `items: 1, ttl: 1s${coalesce}`,
      });
    const shared = await run(hot(', coalesce: true'), { time: 100 });
    // One fetch in each time to live and fetch.
    expectAt(fetches(shared), 1 / (1 + 0.1 + 1 / 1000), 0.01);
    expect(fetches(await run(hot(''))).low!).toBeGreaterThan(20 * fetches(shared).high!);
  });

  it('GTC-5 starts empty where it is told', async () => {
    const [cold, warm] = await Promise.all(
      [', start: cold', ''].map((start) => run(gated({ cache: `items: 5000${start}` }), { time: 2 })),
    );
    expect(ratio(cold!).high!).toBeLessThan(ratio(warm!).low!);
  });

  it('GTC-6 is asked behind the limit, and a hit costs the gateway what a miss does', async () => {
    const design = gated({
      cache: 'items: 1000',
      words: ', cost: 100us, limit: { rate: 1000/s, burst: 10 }',
    });
    const report = await run(design);
    expectAt(report.stations['gate.cpu']!.utilization, 0.2, 0.01);
    expectAt(ratio(report), che(1000, 1000), 0.01);
    expect(report.operations['users']!.success.value).toBeCloseTo(0.5, 1);
    const { notes } = sheet(design);
    expect(notes.some((note) => note.includes('taken to ask its cache too'))).toBe(true);
  });

  it('GTC-7 stands before routes: each takes its share of the misses', async () => {
    const routes = 'routes: [ { share: 10%, to: canary }, { to: api } ]';
    const more = '  canary: { kind: service, cores: 100, operations: { view: [ { compute: 1us } ] } }';
    const design = gated({ to: routes, cache: 'items: 1000', more });
    const report = await run(design);
    const missed = 2000 * (1 - che(2000, 1000));
    for (const each of [report, sheet(design)]) {
      expectAt(each.stations['canary.cpu']!.arrivals, 0.1 * missed, 0.05);
      expectAt(fetches(each), 0.9 * missed, 0.02);
    }
    // Where no route takes a part of the requests, copies are served all the same.
    const lost = gated({ to: 'routes: [ { share: 40%, to: api } ]', cache: 'items: 1000' });
    const guess = sheet(lost).operations['users']!.success.value!;
    expect(guess).toBeCloseTo(che(2000, 1000) + 0.4 * (1 - che(2000, 1000)), 2);
    const cut = await run(lost);
    expect(Object.keys(cut.operations['users']!.failed)).toEqual(['gate no route']);
  });

  it('GTC-8 answers hits without what is behind it, and is faster by that', async () => {
    const slow = gated({ cache: 'items: 1000', fetch: '10ms' });
    const mean = (report: Report) => report.operations['users']!.latency.mean;
    const expected = 0.01 * (1 - che(2000, 1000));
    expectAt(mean(await run(slow)), expected, 0.01);
    expectAt(mean(sheet(slow)), expected, 0.01);
  });

  it('GTC-9 is emptied by a flush', async () => {
    const design = gated({
      cache: 'items: 10k',
      more: 'scenarios: { it: { lasts: 30s, faults: [ { at: 10s, flush: gate } ] } }',
    });
    const report = await run(design, { scenario: 'it', warmup: undefined, replications: 2 });
    const { stations, window } = report.scenario!;
    const busy = stations['api.cpu']!.utilization.value;
    const over = (from: number, to: number): number =>
      busy.slice(Math.round(from / window), Math.round(to / window)).reduce<number>((a, b) => a + b!, 0);
    expect(over(0, 10)).toBeLessThan(0.01 * over(10, 20));
  });

  it('GTC-10 equal seeds give equal reports', async () => {
    const design = gated({ cache: 'items: 1000, ttl: 10s, coalesce: true' });
    expect(await run(design, { time: 3 })).toEqual(await run(design, { time: 3 }));
  });

  it('GTC-11 says what is wrong with its words, and what they leave without effect', () => {
    expect(problems(gated({ cache: 'items: 1000, ttl: 10s, evict: lfu, coalesce: true' }))).toEqual([]);
    expect(problems(gated({ cache: 'items: 1000' }).replace('holds: item, ', ''))).toEqual([
      'missing-key components.gate',
    ]);
    expect(problems(gated({ cache: 'items: 10' }).replace(/, cache: \{[^}]*\}/, ''))).toEqual([
      'idle-knob holds',
    ]);
    expect(problems(gated({ cache: 'ttl: 1s' }))).toEqual(['missing-key cache.memory']);
    expect(problems(gated({ cache: 'items: 10, memory: 1MB' }))).toEqual(['conflicting-keys cache.items']);
    expect(problems(gated({ cache: 'items: 10, operations: [ vew ]' }))[0]).toBe(
      'unknown-operation cache.operations',
    );
    expect(problems(gated({ cache: 'items: 10k, evict: lfu' }))).toEqual(['idle-knob cache.evict']);
    const flush = 'scenarios: { it: { faults: [ { at: 1s, flush: gate } ] } }';
    expect(problems(gated({ cache: 'items: 1000', more: flush }))).toEqual([]);
    const none = gated({ cache: 'items: 1000', more: flush }).replace(/ holds: item, cache: \{[^}]*\}/, '');
    expect(problems(none)).toEqual(['idle-knob scenarios.it.faults[0].flush']);
    const other = gated({
      cache: 'items: 10',
      traffic: ', more: { call: gate.edit, rate: 1/s, key: other }',
    });
    expect(problems(other)).toEqual(['data-not-held holds']);
    expect(problems(other.replace('items: 10 }', 'items: 10, operations: [ view ] }'))).toEqual([]);
  });
});
