import { describe, expect, it } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { estimate } from '../estimate/index.ts';
import type { Figure, Report } from '../report/index.ts';
import { simulate } from '../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

/** Readers of pages through a cache. */
interface Reading {
  readonly rate?: string;
  readonly keys?: string;
  readonly cache: string;
  /** Time a fetch takes. */
  readonly fetch?: string;
  readonly read?: string;
  readonly timeout?: string;
  readonly more?: string;
  readonly instances?: number;
}

const reading = (the: Reading): string => `
name: reading
network: { latency: 0s }
data: { page: { ${the.keys ?? 'count: 1'}, size: 100B } }
traffic: { readers: { call: site.show, rate: ${the.rate ?? '100/s'}, key: page${the.timeout === undefined ? '' : `, timeout: ${the.timeout}`} } ${the.more ?? ''} }
components:
  site:
    kind: service
    instances: ${the.instances ?? 1}
    operations:
      show: [ { read: page, from: pages, through: hot ${the.read ?? ''} } ]
      ${the.more === undefined ? '' : 'change: [ { write: page, to: pages, invalidate: hot } ]'}
  hot: { kind: cache, holds: page, time: 0s, ${the.cache} }
  pages: { kind: database, stores: page, connections: 10k, cores: 10k, read: { cpu: ${the.fetch ?? '0s'}, disk: 0s } }
`;

const run = (design: string, time: number, more = {}): Promise<Report> =>
  simulate(planOf(design), simulatedKinds, { seed: 7, time, replications: 4, warmup: 0, ...more });

/** Twice the half-width, since many figures are looked at, and so much of the value for what theory leaves out. */
function expectNear(figure: Figure, value: number, share = 0): void {
  const { low, high } = figure;
  expect(Math.abs(figure.value! - value), `${figure.value} for ${value}`).toBeLessThan(
    high! - low! + share * value,
  );
  // Close enough for that to mean something.
  expect(high! - low!).toBeLessThan(0.04 * value);
}

const fetches = ({ stations }: Report): Figure => stations['pages.connections']!.arrivals;
const hitRatio = ({ caches }: Report): Figure => caches['hot']!.hitRatio;
const problems = (design: string) =>
  loadDesign(design, { file: 'test.yaml', kinds: kinds.map(({ describe: one }) => one) })
    // So that none waits, the store has more cores than there are for rent.
    .diagnostics.filter(({ code }) => code !== 'beyond-largest')
    .map(({ code, path }) => `${code} ${path.split('.').at(-1)}`);

describe('a sliding time to live', () => {
  it.each([
    [1, 1, 0.632121],
    [0.1, 60, 0.997521],
    [10, 1, 0.999955],
  ])('O-C06 at λ = %d/s and T = %d s', async (rate, ttl, expected) => {
    // A hundred keys of that rate each.
    const design = reading({
      keys: 'count: 100',
      rate: `${100 * rate}/s`,
      cache: `items: 1000, ttl: ${ttl}s, sliding: true`,
    });
    const report = await run(design, 40_000 / rate / 100);
    expectNear(hitRatio(report), expected);
    expect(Math.abs(hitRatio(report).value! - expected)).toBeLessThan(0.003);
    expect(estimate(planOf(design), estimatedKinds).caches['hot']!.hitRatio.value).toBeCloseTo(expected, 6);
  });

  it.each([
    ['lru', 'count: 10k'],
    ['fifo', 'count: 10k'],
    ['lru', 'count: 4M'],
  ])('starts warm under %s as in the long run, %s', async (evict, keys) => {
    const [rate, ttl] = keys === 'count: 4M' ? ['40k/s', '100s'] : ['10k/s', '1s'];
    const report = await run(
      reading({ keys, rate, cache: `items: 5M, evict: ${evict}, ttl: ${ttl}, sliding: true` }),
      3,
    );
    expect(Math.abs(hitRatio(report).value! - 0.632121)).toBeLessThan(0.006);
  });

  it.each(['lru', 'fifo'])('with eviction by %s: the estimate and the simulation agree', async (evict) => {
    const design = (more: string) =>
      reading({
        keys: 'count: 10k, popularity: zipf(0.8)',
        rate: '10k/s',
        cache: `items: 2000, evict: ${evict}, ttl: 300ms ${more}`,
      });
    const sliding = await run(design(', sliding: true'), 20);
    const estimated = hitRatio(estimate(planOf(design(', sliding: true')), estimatedKinds)).value!;
    expect(Math.abs(hitRatio(sliding).value! - estimated)).toBeLessThan(0.01);
    expect(hitRatio(sliding).low!).toBeGreaterThan(hitRatio(await run(design(''), 20)).high!);
  });
});

describe('misses that share a fetch', () => {
  // Each fetch that comes back gives the item its whole time to live again: it is that of the last one.
  it.each([
    ['100/s', 60, 0.5, 51 / 61, 0.84284, 0.016526],
    ['1000/s', 10, 0.2, 201 / 10.4, 19.704, 0.09803],
  ])('O-C10 at %s, T = %d s, D = %d s', async (rate, ttl, fetch, alone, published, shared) => {
    const design = (read: string) =>
      reading({ rate, cache: `items: 10, ttl: ${ttl}s, start: cold`, fetch: `${fetch}s`, read });
    const without = await run(design(''), 100 * ttl);
    expectNear(fetches(without), alone, 0.01);
    expect(Math.abs(alone / published - 1)).toBeLessThan(0.02);
    for (const among of ['cache', 'instance']) {
      const report = await run(design(`, coalesce: ${among}`), 100 * ttl);
      expectNear(fetches(report), shared, 0.02);
      // Who waits is served when the fetch ends, later by half of it on average.
      const { success, latency } = report.operations['readers']!;
      expect(success.value).toBe(1);
      const misses = 1 - hitRatio(report).value!;
      expect(latency.mean.value! / (misses * fetch)).toBeCloseTo(0.5, 1);
    }
  });

  const spread = (read: string) =>
    reading({
      keys: 'count: 50',
      cache: 'items: 100, ttl: 10s',
      fetch: '0.5s',
      rate: '500/s',
      instances: 4,
      read,
    });
  // Keys are asked for at 10/s, from each of four instances at 2.5/s: 1 + λD fetches for each time that one is gone.
  it('each instance by itself, or all of them', async () => {
    const per = async (read: string): Promise<number> => {
      const report = await run(spread(read), 400);
      return fetches(report).value! / 50;
    };
    const none = await per('');
    const instance = await per(', coalesce: instance');
    const cache = await per(', coalesce: cache');
    expect(cache).toBeCloseTo(1 / 10.6, 2);
    expect(instance / cache).toBeGreaterThan(2);
    expect(instance / cache).toBeLessThan(4);
    expect(none / cache).toBeGreaterThan(5);
  });

  const slow = (among: string) =>
    reading({
      cache: 'items: 10, ttl: 2s',
      fetch: 'exponential(100ms)',
      read: `, coalesce: ${among}, timeout: 100ms`,
    });
  it('a fetch that fails: who waits for a lease tries again, who shares a flight shares the failure', async () => {
    const failed = async (among: string): Promise<number> => {
      const report = await run(slow(among), 2000);
      const { failed: reasons, served, inFlight, offered } = report.operations['readers']!;
      expect(served + inFlight + reasons['timeout']!).toBe(offered);
      return reasons['timeout']! / (fetches(report).value! * 2000 * 4);
    };
    // A fetch takes too long with chance 1/e; ten more requests come in the 100 ms until that is known.
    expect(await failed('cache')).toBeCloseTo(Math.exp(-1), 1);
    expect((await failed('instance')) / 11).toBeCloseTo(Math.exp(-1), 1);
  });

  it('where the store never answers in time, leases fail one after the other, and all others wait', async () => {
    const design = reading({
      rate: '1k/s',
      cache: 'items: 10, ttl: 2s, start: cold',
      fetch: '10s',
      read: ', coalesce: cache, timeout: 100ms',
    });
    const { failed, served, inFlight } = (await run(design, 60)).operations['readers']!;
    expect([served, failed['timeout']]).toEqual([0, 4 * 599]);
    expect(inFlight).toBeGreaterThan(4 * 58_000);
  });

  it('a reader that gives up leaves the fetch to go on for the others', async () => {
    const report = await run(
      reading({ timeout: '100ms', cache: 'items: 10, ttl: 10s', fetch: '500ms', read: ', coalesce: cache' }),
      3000,
    );
    expectNear(fetches(report), 1 / 10.51, 0.02);
    // Those fail who come more than 100 ms before the fetch ends, the one who fetches among them.
    expectNear(report.operations['readers']!.success, 1 - 41 / 1051, 0.001);
    expect(Object.keys(report.operations['readers']!.failed)).toEqual(['timeout']);
  });

  it('a lease ends when its key is dropped, and what its fetch brings is not kept', async () => {
    const changed = (among: string) =>
      reading({
        cache: 'items: 10',
        fetch: '1s',
        read: `, coalesce: ${among}`,
        more: ', authors: { call: site.change, rate: 1/s, key: page }',
      });
    const more = { replications: 8 };
    // Each change is a write and is followed by a fetch; in a flight of one second, changes are overlooked.
    expectNear(fetches(await run(changed('cache'), 3000, more)), 2, 0.02);
    expectNear(fetches(await run(changed('instance'), 3000, more)), 1.5, 0.02);
  });
});

describe('a soft time to live', () => {
  const soft = (keys: string, rate: string, cache: string, fetch = '0s', read = '') =>
    reading({ keys, rate, cache, fetch, read, instances: 2 });
  const share = Math.exp(-2);

  it.each([
    ['count: 10k', '10k/s', 'items: 20k, ttl: 10s, soft-ttl: 8s'],
    ['count: 10k', '10k/s', 'items: 20k, ttl: 10s, soft-ttl: 8s, evict: s3-fifo'],
    // Four of them by one that stands in.
    ['count: 4M', '40k/s', 'items: 10M, ttl: 1000s, soft-ttl: 800s'],
  ])(
    'refreshes what is asked for after it, from the start as in the long run: %s, %s, %s',
    async (keys, rate, cache) => {
      const design = soft(keys, rate, cache);
      const report = await run(design, 8);
      const requests = Number.parseFloat(rate) * 1000;
      // A key is fetched by the first request after 8/λ, which finds it gone when it comes 2/λ later.
      expect(Math.abs(hitRatio(report).value! - (1 - share / 9))).toBeLessThan(0.002);
      expectNear(fetches(report), requests / 9, 0.01);
      const estimated = estimate(planOf(design), estimatedKinds);
      expect(hitRatio(estimated).value).toBeCloseTo(1 - share / 9, 6);
      expect(fetches(estimated).value! / (requests / 9)).toBeCloseTo(1, 6);
    },
  );

  it('serves the old copy while one refresh is under way, whoever asks', async () => {
    const hot = (cache: string) => soft('count: 1', '200/s', `items: 10, ${cache}`, '500ms');
    const report = await run(hot('ttl: 10s, soft-ttl: 8s'), 850);
    expectNear(fetches(report), 1 / (8 + 0.5 + 0.005), 0.02);
    const { latency } = report.operations['readers']!;
    expect(latency.p99.value).toBe(0);
    expect((await run(hot('ttl: 10s'), 850)).operations['readers']!.latency.p99.value).toBeGreaterThan(0.1);
  });
});

describe('early refreshes by chance', () => {
  // Beside one refresh at a time, so that a cycle is the time to live, less the lead, and the fetch.
  it.each([
    ['100/s', 5.1824],
    ['10/s', 2.8798],
  ])('O-C11 at %s, D = 1 s, β = 1: %d s before it expires', async (rate, lead) => {
    const report = await run(
      reading({
        rate,
        cache: 'items: 10, ttl: 20s, early: 1, start: cold',
        fetch: '1s',
        read: ', coalesce: cache',
      }),
      4000,
      { replications: 10 },
    );
    const { value, low, high } = fetches(report);
    const leadOf = (perSecond: number): number => 20 + 1 - 1 / perSecond;
    expect(Math.abs(leadOf(value!) - lead)).toBeLessThan(leadOf(high!) - leadOf(low!) + 0.02 * lead);
    expect(leadOf(high!) - leadOf(low!)).toBeLessThan(0.1 * lead);
  });

  it('without coalescing each reader decides for itself, and several are early', async () => {
    const design = (read: string, early: string) =>
      reading({ cache: `items: 10, ttl: 20s, ${early}`, fetch: '1s', read });
    const alone = fetches(await run(design('', 'early: 1'), 2000));
    const together = fetches(await run(design(', coalesce: cache', 'early: 1'), 2000));
    const eager = fetches(await run(design(', coalesce: cache', 'early: 2'), 2000));
    expect(alone.low!).toBeGreaterThan(together.high!);
    expect(eager.low!).toBeGreaterThan(together.high!);
    // Still far from the hundred of a stampede.
    expect(alone.high!).toBeLessThan(20 / 20);
  });
});

describe('all of it', () => {
  const design = reading({
    keys: 'count: 3M, popularity: zipf(0.9)',
    rate: '2k/s',
    cache: 'items: 200k, ttl: 30s ± 10%, soft-ttl: 20s, early: 1',
    fetch: 'exponential(50ms)',
    read: ', coalesce: instance, timeout: 200ms, hedge: { after: 100ms }, retry: { attempts: 2 }',
    instances: 3,
    more: ', authors: { call: site.change, rate: 20/s, key: page, timeout: 100ms }',
  });

  it('gives equal bytes for equal seeds, and loses no request', async () => {
    const report = await run(design, 10, { replications: 2 });
    for (const { offered, served, failed, inFlight } of Object.values(report.operations)) {
      const lost = Object.values(failed).reduce((sum, each) => sum + each, 0);
      expect(served + lost + inFlight).toBe(offered);
    }
    expect(await run(design, 10, { replications: 2 })).toEqual(report);
    expect(report.notes.join()).toMatch(/hot starts as it would be with its time to live alone/);
  });

  it('is said to be left out where the estimate leaves it out', () => {
    const notes = estimate(planOf(design), estimatedKinds).notes.join();
    expect(notes).toMatch(/Fetches are taken to be over at once/);
    expect(notes).toMatch(/early refreshes are left out/);
  });
});

describe('words without effect, and such that contradict each other', () => {
  const plain = (cache: string, read = '') =>
    reading({ cache, read, more: ', authors: { call: site.change, rate: 1/s, key: page }' });
  it.each([
    ['items: 1, evict: lru, ttl: 1s', '', 'idle-knob evict'],
    ['memory: 1KB, sliding: true', '', 'idle-knob sliding'],
    ['memory: 1KB, soft-ttl: 1s, early: 1', '', 'idle-knob soft-ttl, idle-knob early'],
    ['memory: 1KB, ttl: 10s, soft-ttl: 10s', '', 'idle-knob soft-ttl'],
    ['memory: 1KB, ttl: 10s, soft-ttl: 1s, sliding: true', '', 'conflicting-keys soft-ttl'],
    ['memory: 1KB, ttl: 10s, early: 1, sliding: true', '', 'conflicting-keys early'],
    ['memory: 1KB, ttl: 10s, early: 0', '', 'out-of-range early'],
    ['memory: 1KB, ttl: 10s, sliding: maybe', '', 'wrong-type sliding'],
    ['memory: 1KB, ttl: 10s', ', coalesce: all', 'unknown-value coalesce'],
    ['memory: 1KB, ttl: 10s, sliding: true', ', coalesce: cache', ''],
    ['memory: 1KB, ttl: 10s, soft-ttl: 9s, early: 2', ', coalesce: instance', ''],
  ])('%s%s: %s', (cache, read, expected) => {
    expect(problems(plain(cache, read)).join(', ')).toBe(expected);
  });

  it('coalesce without a cache, and refreshes of what nobody reads through', () => {
    const direct = plain('memory: 10B, ttl: 10s, early: 1', ', coalesce: cache').replace(
      ', through: hot ',
      '',
    );
    expect(problems(direct)).toEqual(expect.arrayContaining(['idle-knob coalesce', 'idle-knob early']));
  });
});
