import { describe, expect, it } from 'vitest';
import { characteristicTime } from '../../blocks/index.ts';
import { loadDesign } from '../../design/index.ts';
import { estimate } from '../../estimate/index.ts';
import type { Figure, Report } from '../../report/index.ts';
import { simulate } from '../../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from '../index.ts';
import { planOf } from '../plan.fixture.ts';

/** Viewers of images through a CDN. */
interface Viewing {
  readonly rate?: string;
  readonly images?: string;
  readonly cdn: string;
  /** Time that the origin takes. */
  readonly fetch?: string;
  readonly latency?: string;
  /** Traffic and scenarios beside. */
  readonly traffic?: string;
  readonly more?: string;
}

const viewing = (the: Viewing): string => `
name: viewing
network: { latency: ${the.latency ?? '0s'} }
data: { image: { ${the.images ?? 'count: 10k, popularity: zipf(0.9)'}, size: 100KB } }
traffic: { viewers: { call: edge.view, rate: ${the.rate ?? '2k/s'}, key: image } ${the.traffic ?? ''} }
components:
  edge: { kind: cdn, to: door, holds: image, ${the.cdn} }
  door: { kind: load-balancer, to: web }
  web:
    kind: service
    cores: 800
    operations: { view: [ { compute: ${the.fetch ?? '1us'} } ], upload: [ { compute: 1us } ] }
${the.more ?? ''}
`;

const run = (design: string, time: number, more = {}): Promise<Report> =>
  simulate(planOf(design), simulatedKinds, { seed: 7, time, replications: 4, warmup: 0, ...more });
const sheet = (design: string): Report => estimate(planOf(design), estimatedKinds);

const ratioAt = ({ caches }: Report, cache = 'edge'): Figure => caches[cache]!.hitRatio;
const fetches = ({ stations }: Report): Figure => stations['web.cpu']!.arrivals;
const latency = ({ operations }: Report): Figure => operations['viewers']!.latency.mean;
const problems = (design: string) =>
  loadDesign(design, { file: 'test.yaml', kinds: kinds.map(({ describe: one }) => one) })
    .diagnostics.map(({ code, path }) => `${code} ${path.split('.').at(-1)}`)
    .filter((each) => !each.startsWith('unreachable-operation'))
    .sort();

/** Hit ratio of LRU by Che, Tung & Wang 2002, of 10k images under zipf(0.9). */
function che(rate: number, items: number): number {
  const weights = Float64Array.from({ length: 10_000 }, (_, i) => (i + 1) ** -0.9);
  const total = weights.reduce((a, b) => a + b, 0);
  const rates = weights.map((weight) => (rate * weight) / total);
  const time = characteristicTime('lru', rates, new Float64Array(10_000).fill(1), items);
  return rates.reduce((sum, each) => sum - each * Math.expm1(-each * time), 0) / rate;
}

/** The value lies in the interval, widened by its half on either side, since many are looked at. */
function expectAt(figure: Figure, value: number, share = 0): void {
  const { low, high } = figure;
  const room = (high! - low!) / 2 + share * value;
  expect(value, `${figure.value} for ${value}`).toBeGreaterThan(low! - room);
  expect(value, `${figure.value} for ${value}`).toBeLessThan(high! + room);
}

const apart = (one: Figure, other: Figure): boolean => one.high! < other.low! || other.high! < one.low!;

describe('points of presence', () => {
  it.each([
    [1, 500],
    [10, 500],
    [10, 2000],
  ])('CDN-A1 %d of them with %d items each hit as Che says at λ over their number', async (pops, items) => {
    const design = viewing({ cdn: `pops: ${pops}, items: ${items}` });
    const report = await run(design, 60);
    const expected = che(2000 / pops, items);
    expectAt(ratioAt(report), expected, 0.002);
    expect(ratioAt(sheet(design)).value).toBeCloseTo(expected, 3);
  });

  it('CDN-A1 give room to images that are new, which nobody asks for again', async () => {
    const design = viewing({
      cdn: 'pops: 2, items: 500',
      traffic: ', news: { call: edge.view, rate: 2k/s, key: new image }',
    });
    const report = await run(design, 60, { replications: 8 });
    const guess = sheet(design);
    expect(ratioAt(guess).value!).toBeLessThan(che(1000, 500) / 2 - 0.02);
    expectAt(ratioAt(report), ratioAt(guess).value!, 0.005);
  });

  it('CDN-A2 fragment a time to live: hit = λT/(1 + λT) at λ over their number', async () => {
    for (const pops of [1, 20]) {
      // A hundred images, each asked for once a second.
      const design = viewing({
        images: 'count: 100',
        rate: '100/s',
        cdn: `pops: ${pops}, items: 100, ttl: 10s`,
      });
      const expected = 10 / pops / (1 + 10 / pops);
      expectAt(ratioAt(await run(design, 300)), expected, 0.005);
      expect(ratioAt(sheet(design)).value).toBeCloseTo(expected, 6);
    }
  });

  it.each([
    [0.1, 0.0909],
    [100, 0.9901],
  ])('CDN-05 pull pays when an item is asked for often in its time to live: λT = %d', async (often, hit) => {
    const design = viewing({
      images: 'count: 1k',
      rate: `${100 * often}/s`,
      cdn: 'pops: 1, items: 1k, ttl: 10s',
    });
    expectAt(ratioAt(await run(design, often < 1 ? 2000 : 20)), hit, 0.005);
  });

  it('CDN-A3 what they miss is the load of the origin', async () => {
    const design = viewing({ cdn: 'pops: 10, items: 1000' });
    const report = await run(design, 60);
    expectAt(fetches(report), 2000 * (1 - ratioAt(report).value!), 0.005);
    expectAt(fetches(report), fetches(sheet(design)).value!, 0.01);
  });

  it('CDN-A4 by weights: the busy one hits more often', async () => {
    const design = (weights: string) =>
      viewing({ images: 'count: 100', rate: '100/s', cdn: `pops: 2, items: 100, ttl: 10s ${weights}` });
    const weighted = await run(design(', weights: [9, 1]'), 300);
    const expected = 0.9 * (9 / 10) + 0.1 * (1 / 2);
    expectAt(ratioAt(weighted), expected, 0.003);
    expect(ratioAt(sheet(design(', weights: [9, 1]'))).value).toBeCloseTo(expected, 6);
    expect(apart(ratioAt(weighted), ratioAt(await run(design(''), 300)))).toBe(true);
  });

  it('CDN-A5 keep what fits, by bytes as by items', async () => {
    const bytes = ratioAt(await run(viewing({ cdn: 'pops: 4, memory: 100MB' }), 20));
    expect(await run(viewing({ cdn: 'pops: 4, items: 1000' }), 20).then(ratioAt)).toEqual(bytes);
    expect(apart(bytes, ratioAt(await run(viewing({ cdn: 'pops: 4, memory: 50MB' }), 20)))).toBe(true);
  });

  it('CDN-A6 evict as they are told', async () => {
    const by = async (evict: string) =>
      ratioAt(await run(viewing({ cdn: `pops: 4, items: 500, evict: ${evict}` }), 20));
    expect(apart(await by('lru'), await by('fifo'))).toBe(true);
  });

  it('CDN-04 start empty where they are told: the first who asks waits for the origin', async () => {
    const cold = await run(viewing({ cdn: 'pops: 10, items: 1000, start: cold' }), 2);
    expect(apart(ratioAt(cold), ratioAt(await run(viewing({ cdn: 'pops: 10, items: 1000' }), 2)))).toBe(true);
  });

  it('CDN-A7 keep the answers of the named operations alone', async () => {
    const traffic = ', authors: { call: edge.upload, rate: 100/s, key: image }';
    const some = await run(viewing({ traffic, cdn: 'pops: 2, items: 10k, caches: view' }), 20);
    const all = await run(viewing({ traffic, cdn: 'pops: 2, items: 10k' }), 20);
    expectAt(fetches(some), 100, 0.03);
    expect(fetches(all).high!).toBeLessThan(10);
    const design = viewing({ traffic, cdn: 'pops: 2, items: 10k, caches: [ view ]' });
    expectAt(fetches(sheet(design)), 100, 0.03);
  });

  it('CDN-01 CDN-02 Sydney: 10 ms from the edge, 190 ms more from Virginia, 19.5 ms at 95 % hits', async () => {
    // Of images asked for every hundred seconds, 95 % hit within 1900 s; seldom twice while one is on its way.
    const design = viewing({
      images: 'count: 100',
      rate: '1/s',
      latency: '47.5ms',
      cdn: 'pops: 1, items: 100, ttl: 1900s, hit-time: 10ms',
      fetch: '0s',
    });
    // Over the balancer to the origin, and back: four messages.
    expectAt(latency(await run(design, 100_000)), 0.0195, 0.005);
    expect(latency(sheet(design)).value).toBeCloseTo(0.0195, 6);
  });

  it('CDN-A8 take their time with every request', async () => {
    const slow = await run(viewing({ cdn: 'pops: 2, items: 100, hit-time: 5ms' }), 5);
    expect(latency(slow).value!).toBeGreaterThan(0.005);
    expect(apart(latency(slow), latency(await run(viewing({ cdn: 'pops: 2, items: 100' }), 5)))).toBe(true);
  });
});

describe('a shield', () => {
  const cdn = (shield: string) => viewing({ cdn: `pops: 10, items: 300 ${shield}` });

  it('CDN-B1 hits as the estimate says of the stream that is left, within a few percent', async () => {
    const design = cdn(', shield: 200MB');
    const report = await run(design, 60);
    const estimated = sheet(design);
    expectAt(ratioAt(report), che(200, 300), 0.003);
    expectAt(ratioAt(report, 'edge.shield'), ratioAt(estimated, 'edge.shield').value!, 0.03);
    expectAt(fetches(report), fetches(estimated).value!, 0.03);
    expect(fetches(report).high!).toBeLessThan(0.7 * fetches(await run(cdn(''), 20)).low!);
  });

  it('CDN-B1a an estimate says of a cache behind it that what it is asked for comes not quite at random', () => {
    const behind = (through: string) =>
      sheet(
        viewing({
          cdn: 'pops: 2, items: 500',
          fetch: `1us }, { read: image, from: store${through}`,
          more: `  hot: { kind: cache, holds: image, items: 100 }
  store: { kind: database, stores: image }`,
        }),
      ).notes.filter((note) => note.startsWith('hot: asked only for what a cache before it does not have'));
    expect(behind(', through: hot')).toHaveLength(1);
    expect(behind('')).toEqual([]);
  });

  it('CDN-B2 starts as in the long run: a second half is like the first', async () => {
    const early = await run(cdn(', shield: 200MB'), 5, { replications: 8 });
    const late = await run(cdn(', shield: 200MB'), 60, { warmup: 120, replications: 2 });
    expectAt(ratioAt(early, 'edge.shield'), ratioAt(late, 'edge.shield').value!, 0.02);
  });

  it('CDN-B3 true: as large as a point of presence', async () => {
    const [flag, size] = await Promise.all(
      ['true', '30MB'].map((shield) => run(cdn(`, shield: ${shield}`), 5)),
    );
    expect(ratioAt(flag!, 'edge.shield').value).toBeCloseTo(ratioAt(size!, 'edge.shield').value!, 1);
    expect(ratioAt(await run(cdn(', shield: false'), 5)).value).toBeGreaterThan(0);
    expect(Object.keys((await run(cdn(', shield: false'), 5)).caches)).toEqual(['edge']);
  });

  it('CDN-B4 is one more message away, and takes its time', async () => {
    const design = viewing({
      latency: '5ms',
      fetch: '0s',
      cdn: 'pops: 2, items: 300, hit-time: 1ms, shield: 1GB',
    });
    const report = await run(design, 20);
    // All of it is at the shield.
    expectAt(latency(report), 0.001 + (1 - ratioAt(report).value!) * 0.011, 0.01);
    expectAt(latency(report), latency(sheet(design)).value!, 0.01);
  });
});

describe('stale while it is fetched anew', () => {
  const design = (swr: string) =>
    viewing({
      images: 'count: 100',
      rate: '100/s',
      fetch: '100ms',
      cdn: `pops: 1, items: 100, ttl: 2s ${swr}`,
    });

  it('CDN-C1 keeps fewer waiting, and the origin as busy', async () => {
    const [without, some, more] = await Promise.all(
      ['', ', swr: 500ms', ', swr: 4s'].map((swr) => run(design(swr), 200)),
    );
    // Whether it was a hit or a miss, the first request after the time to live fetches.
    expectAt(ratioAt(some!), ratioAt(sheet(design(', swr: 500ms'))).value!, 0.02);
    expectAt(ratioAt(more!), ratioAt(sheet(design(', swr: 4s'))).value!, 0.02);
    expect(apart(ratioAt(without!), ratioAt(some!))).toBe(true);
    expect(latency(more!).high!).toBeLessThan(0.2 * latency(without!).low!);
    expectAt(fetches(more!), 100 / 3, 0.05);
    expectAt(fetches(more!), fetches(sheet(design(', swr: 4s'))).value!, 0.05);
  });

  it('CDN-C2 starts warm as in the long run', async () => {
    const early = await run(design(', swr: 4s'), 2, { replications: 40 });
    expectAt(ratioAt(early), ratioAt(await run(design(', swr: 4s'), 200)).value!, 0.01);
  });

  it('CDN-C3 goes by way of the shield', async () => {
    const many = (shield: string) =>
      viewing({
        images: 'count: 100',
        rate: '500/s',
        cdn: `pops: 5, items: 100, ttl: 2s, swr: 4s ${shield}`,
      });
    const both = await run(many(', shield: true'), 100);
    expect(fetches(both).high!).toBeLessThan(0.7 * fetches(await run(many(''), 100)).low!);
    expectAt(fetches(both), fetches(sheet(many(', shield: true'))).value!, 0.1);
  });
});

describe('misses that share a fetch', () => {
  it('CDN-D1 ask the origin once at each point of presence', async () => {
    const design = (more: string) =>
      viewing({
        images: 'count: 1',
        rate: '1k/s',
        fetch: '100ms',
        cdn: `pops: 2, items: 1, ttl: 1s ${more}`,
      });
    const shared = await run(design(', coalesce: true'), 50);
    // One fetch in each time to live and fetch, at either.
    expectAt(fetches(shared), 2 / (1 + 0.1 + 1 / 500), 0.01);
    expect(fetches(await run(design(''), 50)).low!).toBeGreaterThan(10 * fetches(shared).high!);
  });
});

describe('a CDN that is pushed to', () => {
  it('CDN-03 has the most popular items that fit from the first request on, and no other', async () => {
    const weights = Array.from({ length: 10_000 }, (_, i) => (i + 1) ** -0.9);
    const total = weights.reduce((a, b) => a + b, 0);
    const held = weights.slice(0, 1000).reduce((a, b) => a + b, 0) / total;
    const design = viewing({ cdn: 'mode: push, pops: 10, items: 1000' });
    expectAt(ratioAt(await run(design, 5)), held, 0.003);
    expect(ratioAt(sheet(design)).value).toBeCloseTo(held, 3);
    // Room grows with the library, at every point of presence.
    const room = sheet(design).sheet.find(({ name }) => name === 'edge.storage')!;
    expect(room.figure.value).toBe(10 * 1000 * 100_000);
    const whole = viewing({ cdn: 'mode: push, pops: 10, items: 10k' });
    expect(ratioAt(await run(whole, 2)).value).toBe(1);
  });
});

describe('scenarios', () => {
  const scenario = (cdn: string, it: string) => viewing({ cdn, more: `scenarios:\n  it: ${it}` });
  const busy = async (design: string): Promise<(from: number, to: number) => number> => {
    const report = await run(design, 60, { scenario: 'it', replications: 3, warmup: undefined });
    const { window, stations } = report.scenario!;
    const series = stations['web.cpu']!.utilization;
    return (from, to) => {
      const part = series.value.slice(Math.round(from / window), Math.round(to / window));
      return part.reduce<number>((sum, value) => sum + value!, 0) / part.length;
    };
  };

  it('CDN-08 a purge sends everybody to the origin, until the copies are back', async () => {
    const over = await busy(
      scenario('pops: 4, items: 10k', '{ lasts: 60s, faults: [ { at: 20s, flush: edge } ] }'),
    );
    expect(over(20, 22)).toBeGreaterThan(5 * over(10, 20));
    expect(over(50, 60)).toBeLessThan(over(20, 22));
  });

  it('CDN-08b what is pushed is gone after a purge', async () => {
    const over = await busy(
      scenario('mode: push, pops: 4, items: 10k', '{ lasts: 60s, faults: [ { at: 20s, flush: edge } ] }'),
    );
    expect(over(0, 20)).toBe(0);
    expect(over(50, 60)).toBeGreaterThan(0.9 * over(20, 30));
  });

  it('CDN-F1 a point of presence that dies loses its copies, and its requests fail meanwhile', async () => {
    const design = scenario(
      'pops: 4, items: 10k',
      '{ lasts: 60s, faults: [ { at: 20s, crash: edge, instances: 1, for: 10s } ] }',
    );
    const report = await run(design, 60, { scenario: 'it', replications: 3, warmup: undefined });
    const failed = report.operations['viewers']!.success.value!;
    expect(Math.abs(1 - failed - (10 / 60) * (1 / 4))).toBeLessThan(0.01);
    const over = await busy(design);
    expect(over(30, 32)).toBeGreaterThan(1.5 * over(10, 20));
  });

  it('CDN-06 a spike of one cached asset is not seen by the origin', async () => {
    const over = await busy(
      scenario(
        'pops: 4, items: 10k',
        '{ lasts: 60s, traffic: { viewers: { spike: 10x, at: 20s, for: 20s, hottest: 99% } } }',
      ),
    );
    expect(over(20, 40)).toBeLessThan(1.5 * over(0, 20) + 1e-6);
  });
});

describe('laws', () => {
  const design = viewing({
    cdn: 'pops: 5, items: 300, ttl: 1h ± 10%, swr: 10m, shield: 100MB, coalesce: true',
  });

  it('CDN-06a an attack of 1 Tbit/s over 200 places is 5 Gbit/s at each, which a link of 10 Gbit/s takes', async () => {
    const size = 'count: 10, size: 1MB';
    const flood = (cdn: string) =>
      viewing({ rate: '125k/s', images: size, cdn: `items: 10, bandwidth: 10Gbit/s, ${cdn}` })
        .replace(', size: 100KB', '')
        .replace('network:', 'constants: { size.http.headers: 1B }\nnetwork:');
    const link = ({ stations }: Report): Figure => stations['edge.link']!.utilization;
    const report = await run(flood('pops: 200'), 2);
    expectAt(link(report), 0.5);
    expect(link(sheet(flood('pops: 200'))).value).toBeCloseTo(0.5, 5);
    expect(report.operations['viewers']!.success.value).toBe(1);
    // At a tenth of the places it is 50 Gbit/s at each.
    const few = sheet(flood('pops: 20'));
    expect(few.stations['edge.link']!.utilization.value).toBeGreaterThanOrEqual(1);
    // One that gets ten times the share of the others, 47.8 Gbit/s, answers at most what its link carries; they go on.
    const uneven = await run(flood(`pops: 200, weights: [ 10${', 1'.repeat(199)} ]`), 2);
    const served = uneven.operations['viewers']!.throughput;
    expect(served.low!).toBeLessThan((199 / 209) * 125e3 + 1250);
    expect(served.high!).toBeGreaterThan((199 / 209) * 125e3);
    expect(served.high!).toBeLessThan(report.operations['viewers']!.throughput.low!);
  });

  it('CDN-09 a model of 10 GB takes 80 s at 1 Gbit/s; of the link of the origin, four at once have a quarter each', async () => {
    const download = (call: string, links: string, users: number) => `
name: weights
network: { latency: 0s }
constants: { size.http.headers: 1B }
data: { weights: { count: 4, size: 10GB } }
traffic: { loaders: { call: ${call}.load, users: ${users}, key: weights } }
components:
  edge: { kind: cdn, to: origin, holds: weights, items: 4, ${links} }
  origin: { kind: service, bandwidth: 1Gbit/s, operations: { load: [ { read: weights, from: store } ] } }
  store: { kind: database, stores: weights }
`;
    const seconds = async (call: string, links: string, users: number): Promise<number> => {
      const report = await run(download(call, links, users), 200_000);
      return report.operations['loaders']!.latency.mean.value!;
    };
    expect((await seconds('edge', 'pops: 1, bandwidth: 1Gbit/s', 1)) / 80).toBeCloseTo(1, 2);
    expect((await seconds('origin', 'pops: 1', 4)) / 320).toBeCloseTo(1, 2);
    // Four who are spread over so many places seldom meet at one of them.
    const spread = await seconds('edge', 'pops: 400, bandwidth: 1Gbit/s', 4);
    expect(spread / 80).toBeGreaterThan(1);
    expect(spread / 80).toBeLessThan(1.03);
  });

  it('CDN-E1 equal seeds give equal bytes', async () => {
    expect(JSON.stringify(await run(design, 2))).toBe(JSON.stringify(await run(design, 2)));
  });

  it('CDN-E2 bad input is told with its place', () => {
    const of = (cdn: string, traffic?: string) => problems(viewing({ cdn, ...(traffic && { traffic }) }));
    const authors = ', authors: { call: edge.upload, rate: 1/s, key: image }';
    expect(of('pops: 2')).toEqual(['missing-key memory']);
    expect(of('pops: 2, items: 9, memory: 1GB')).toEqual(['conflicting-keys items']);
    expect(of('pops: 2, items: 9, weights: [1]')).toEqual(['out-of-range weights']);
    expect(of('pops: 2, items: 9, caches: [ vew ]')).toContain('unknown-operation caches');
    expect(of('pops: 2, items: 9, shield: large')).toEqual(['not-a-quantity shield']);
    expect(of('pops: 2, items: 9', authors)).toEqual([]);
  });

  it('CDN-E3 words without effect are told', () => {
    const idle = (cdn: string) => problems(viewing({ cdn })).filter((each) => each.startsWith('idle-knob'));
    expect(idle('pops: 1, items: 9, weights: [1]')).toEqual(['idle-knob weights']);
    expect(idle('pops: 2, items: 9, swr: 1s')).toEqual(['idle-knob swr']);
    expect(idle('pops: 2, items: 10k, evict: fifo')).toEqual(['idle-knob evict']);
    expect(
      idle('pops: 2, items: 9, mode: push, ttl: 1s, swr: 1s, coalesce: true, evict: fifo, start: cold'),
    ).toEqual(['idle-knob coalesce', 'idle-knob evict', 'idle-knob start', 'idle-knob swr', 'idle-knob ttl']);
    expect(idle('pops: 2, items: 9, caches: upload')).toEqual(['idle-knob holds']);
    expect(idle('pops: 2, items: 9, ttl: 1s, swr: 1s, coalesce: true, evict: fifo, shield: true')).toEqual(
      [],
    );
  });
});
