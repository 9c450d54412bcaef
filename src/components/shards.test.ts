import { describe, expect, it } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { Placement } from '../design/placement.ts';
import { estimate } from '../estimate/index.ts';
import type { Figure, Report } from '../report/index.ts';
import { simulate } from '../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

interface Shop {
  /** Of the store, each followed by a comma. */
  readonly store: string;
  readonly reads?: number;
  readonly writes?: number;
  readonly reports?: number;
  readonly popularity?: string;
  readonly scenario?: string;
}

/** Orders that are read by key, written anew, and looked through all together. */
const shop = ({
  store,
  reads = 2000,
  writes = 1,
  reports = 1,
  popularity = 'zipf(0.8)',
  scenario,
}: Shop): string => `
name: shop
network: { latency: 0s }
data: { order: { count: 20k, size: 1KB, popularity: ${popularity} } }
traffic:
  readers: { call: api.load, rate: ${reads}/s, key: order }
  writers: { call: api.add, rate: ${writes}/s, key: new order }
  reports: { call: api.report, rate: ${reports}/s }
components:
  api:
    kind: service
    instances: 8
    operations:
      load: [ { compute: 1us }, { read: order, from: store } ]
      add: [ { write: order, to: store } ]
      report: [ { read: order, from: store, key: none } ]
  store:
    kind: database
    stores: order
    ${store.replaceAll(/, (?=[a-z])/g, '\n    ')}
    cores: 1
    read: { cpu: exponential(1ms), disk: 0s }
    write: { cpu: exponential(1ms), disk: 0s }
${scenario === undefined ? '' : `scenarios: { test: { lasts: 40s, faults: [ { ${scenario} } ] } }`}
`;

const run = (design: string, time = 12): Promise<Report> =>
  simulate(planOf(design), simulatedKinds, { seed: 5, time, replications: 5, warmup: 1 });
const estimated = (design: string): Report => estimate(planOf(design), estimatedKinds);
const cpu = (report: Report) => report.stations['store.cpu']!;
const hottest = (report: Report): Figure => cpu(report).busiest!.utilization;

/** Twice the half-width, since many figures are looked at under one seed, and a share of the value. */
function expectNear(figure: Figure, value: number, share = 0): void {
  const room = figure.high! - figure.low! + share * value;
  expect(Math.abs(figure.value! - value), `${figure.value} for ${value}`).toBeLessThan(room);
}

/** No value is in both intervals. */
function expectLess(less: Figure, more: Figure): void {
  expect(less.high!, `${less.value} against ${more.value}`).toBeLessThan(more.low!);
}

const ways = ['hash', 'range', 'consistent', 'directory'] as const;

describe('shards', () => {
  it.each(ways)(
    'SHD-A1 by %s: the estimate and the simulation agree, on the hottest shard too',
    async (by) => {
      const design = shop({ store: `shards: 4, shard-by: ${by}`, reports: 100 });
      const [ours, theirs] = [await run(design), estimated(design)];
      for (const traffic of ['readers', 'reports']) {
        for (const part of ['mean', 'p95'] as const) {
          const of = ours.operations[traffic]!.latency[part];
          // Parts of a scatter see the same queues a moment apart, which the estimate takes for independent.
          expectNear(of, theirs.operations[traffic]!.latency[part].value!, 0.03);
        }
      }
      expectNear(cpu(ours).utilization, cpu(theirs).utilization.value!);
      expectNear(hottest(ours), hottest(theirs).value!);
    },
  );

  it('SHD-A2 the hottest shard is hotter the more popular its keys are, and with one it is idle to say more', async () => {
    const uniform = await run(shop({ store: 'shards: 4', popularity: 'uniform' }));
    const skewed = await run(shop({ store: 'shards: 4', popularity: 'zipf(1.2)' }));
    expectLess(hottest(uniform), hottest(skewed));
    expectNear(cpu(skewed).utilization, cpu(uniform).utilization.value!);
    expect(cpu(await run(shop({ store: 'shards: 1', reads: 500 }))).busiest).toBeUndefined();
  });

  it('SHD-A3 by range, all new keys come to the last shard; by hash, each gets its part', async () => {
    const store = { reads: 100, writes: 800 };
    const range = await run(shop({ ...store, store: 'shards: 4, shard-by: range' }));
    const hash = await run(shop({ ...store, store: 'shards: 4' }));
    expect(cpu(range).busiest!.instance).toBe(3);
    expect(hottest(range).value!).toBeGreaterThan(0.8);
    expect(hottest(hash).value!).toBeLessThan(0.3);
    expectNear(
      hottest(range),
      hottest(estimated(shop({ ...store, store: 'shards: 4, shard-by: range' }))).value!,
    );
  });

  it('SHD-A4 a request without a key waits for the slowest of all shards', async () => {
    const few = await run(shop({ store: 'shards: 2', reads: 1, reports: 30 }));
    const many = await run(shop({ store: 'shards: 16', reads: 1, reports: 30 }));
    const { mean } = many.operations['reports']!.latency;
    // Of n exponential times with next to no queue the mean of the greatest is the n-th harmonic number.
    const harmonic = (n: number): number =>
      Array.from({ length: n }, (_, i) => 1 / (i + 1)).reduce((a, b) => a + b);
    expectNear(mean, harmonic(16) * 1e-3, 0.04);
    expectNear(few.operations['reports']!.latency.mean, harmonic(2) * 1e-3, 0.04);
    expect(cpu(many).arrivals.value!).toBeGreaterThan(16 * 28);
  });

  it('SHD-A5 of 100 answers at 99 % each, all are in time with 36.6 %', async () => {
    const design = shop({ store: 'shards: 100', reads: 0.1, writes: 0.1, reports: 20 })
      .replace(
        'read: { cpu: exponential(1ms)',
        'read: { cpu: "hyperexponential(p: 0.99, mean1: 1us, mean2: 1s)"',
      )
      .replace('cores: 1', 'cores: 50')
      .replace('key: none }', 'key: none, timeout: 20ms }');
    const { success } = (await run(design)).operations['reports']!;
    // A slow one is in time all the same with 1 − e^(−0.02).
    expectNear(success, (1 - 0.01 * Math.exp(-0.02)) ** 100, 0.05);
  });

  it('SHD-A6 without a shard exactly the requests for its keys fail', async () => {
    const store = 'shards: 4, shard-by: consistent';
    const faulty = planOf(shop({ store, reports: 20, scenario: 'at: 0s, crash: store.shard-2' }));
    const scenario = faulty.scenarios[0]!.name;
    const report = await simulate(faulty, simulatedKinds, { seed: 5, scenario, replications: 3 });
    const spec = {
      by: 'consistent',
      shards: 4,
      slots: null,
      virtualNodes: 160,
      splits: null,
      entries: null,
    } as const;
    const popularity = { law: 'zipf', exponent: 0.8 } as const;
    const placement = new Placement(spec, [{ data: 0, count: 20_000, popularity }]);
    let lost = 0;
    let all = 0;
    for (let rank = 0; rank < 20_000; rank++) {
      const weight = (rank + 1) ** -0.8;
      all += weight;
      if (placement.shardOf(0, rank) === 2) lost += weight;
    }
    expectNear(report.operations['readers']!.success, 1 - lost / all);
    expect(report.operations['reports']!.served).toBe(0);
    expect(Object.keys(report.operations['readers']!.failed)).toEqual(['store down', 'store crashed']);
  });

  it('SHD-A7 each word moves where keys are', async () => {
    const spread = async (store: string): Promise<string> =>
      JSON.stringify((await run(shop({ store }), 1)).stations['store.cpu']);
    const base = await spread('shards: 4');
    expect(await spread('shards: 4')).toBe(base);
    for (const other of [
      'shards: 5',
      'shards: 4, slots: 64',
      'shards: 4, shard-by: consistent',
      'shards: 4, shard-by: range',
      'shards: 4, shard-by: directory',
    ]) {
      expect(await spread(other), other).not.toBe(base);
    }
    const pairs = [
      ['shards: 4, shard-by: consistent', 'virtual-nodes: 8'],
      ['shards: 4, shard-by: range', 'splits: [10%, 20%, 30%]'],
      ['shards: 4, shard-by: directory', 'placed-keys: 2'],
    ];
    for (const [store, word] of pairs)
      expect(await spread(`${store}, ${word}`), word).not.toBe(await spread(store!));
  });

  it('SHD-A8 a directory evens out what the hottest keys do', async () => {
    const store = { reads: 1500, popularity: 'zipf(1)' };
    const hash = estimated(shop({ ...store, store: 'shards: 8' }));
    const directory = estimated(shop({ ...store, store: 'shards: 8, shard-by: directory' }));
    expect(hottest(directory).value!).toBeLessThan(hottest(hash).value!);
  });

  it('SHD-A9 says which shard is too small though all together are not', async () => {
    const design = shop({ store: 'shards: 4', reads: 1700, popularity: 'zipf(1.5)' });
    const said =
      /store\.cpu: instance \d is always busy and its queue grows without end; all together are [\d.]+ % busy/;
    expect((await run(design)).notes.join('\n')).toMatch(said);
    expect(estimated(design).stable).toBe(false);
  });

  it('SHD-A10 more servers in front of a full store change nothing, and more shards do', async () => {
    const of = async (shards: number, instances: number): Promise<Figure> => {
      const design = shop({ store: `shards: ${shards}`, reads: 3000, popularity: 'uniform' })
        .replace('instances: 8', `instances: ${instances}`)
        .replace('key: order }', 'key: order, timeout: 100ms }');
      const report = await run(design, 4);
      return report.stations['store.cpu']!.utilization.value! > 0.99
        ? servedBy(report, shards)
        : report.operations['readers']!.throughput;
    };
    const [few, many, sharded] = [await of(1, 2), await of(1, 20), await of(4, 2)];
    expectNear(many, few.value!);
    expectLess(many, sharded);
    expectNear(sharded, 3000);
  });
});

/** Operations that the store does in a second, in vain or not. */
function servedBy(report: Report, servers: number): Figure {
  const { utilization, service } = cpu(report);
  const each = (share: number | null): number => (share! * servers) / service.value!;
  return {
    value: each(utilization.value),
    low: each(utilization.low) * 0.98,
    high: each(utilization.high) * 1.02,
    unit: '1/s',
  };
}

it('SHD-A11 behind a cache, the sheet does not take its first guess, that nothing is found there, for what comes', () => {
  // Without the cache, shards and connections would be full; with it, each shard is asked as one would be alone.
  const behind = (shards: number, connections: number) => {
    const { stations } = estimated(`
name: behind
data: { page: { count: 100k, size: 1KB, popularity: zipf(1.0) } }
traffic: { readers: { call: web.view, rate: ${2000 * shards}/s, key: page } }
components:
  web:
    kind: service
    instances: ${shards}
    operations: { view: [ { compute: 1ms }, { read: page, from: store, through: hot } ] }
  hot: { kind: cache, holds: page, items: 10k }
  store: { kind: database, stores: page, shards: ${shards}, cores: 4, connections: ${connections}, read: { cpu: exponential(6ms) } }
`);
    return stations['store.connections']!.utilization.value!;
  };
  const alone = behind(1, 100);
  expect(alone).toBeLessThan(0.1);
  for (const shards of [2, 3, 8]) expect(behind(shards, 100)).toBeCloseTo(alone, 2);
  expect(behind(1, 2000)).toBeCloseTo(alone / 20, 3);
});

describe('nodes of a cache', () => {
  const site = (cache: string): string => `
name: site
network: { latency: 0s }
data: { page: { count: 10k, size: 1KB, popularity: zipf(1) } }
traffic: { readers: { call: web.show, rate: 1000/s, key: page } }
components:
  web: { kind: service, instances: 4, operations: { show: [ { read: page, from: store, through: hot } ] } }
  hot: { kind: cache, holds: page, items: 2k, time: exponential(1ms), ${cache} }
  store: { kind: database, stores: page, cores: 64, read: { cpu: 1ms, disk: 0s } }
`;

  it('SHD-B1 has the keys of the blocks, and a ring spreads them otherwise than a hash', async () => {
    const of = (report: Report): Figure => report.stations['hot.node']!.busiest!.utilization;
    const busy: (number | null)[] = [];
    for (const words of ['nodes: 4', 'nodes: 4, shard-by: consistent']) {
      const [ours, theirs] = [await run(site(words)), estimated(site(words))];
      expectNear(of(ours), of(theirs).value!);
      busy.push(of(ours).value);
    }
    expect(busy[0]).not.toBe(busy[1]);
  });
});

describe('what cannot be, and what changes nothing', () => {
  const problems = (design: string): string[] =>
    loadDesign(design, { file: 'shop.yaml', kinds: kinds.map(({ describe: each }) => each) }).diagnostics.map(
      ({ code, path, message }) => `${code} ${path.split('.').at(-1)}: ${message}`,
    );

  it.each([
    ['shards: 1, shard-by: range', 'idle-knob shard-by: there is one shard, which has all keys'],
    ['shards: 1', 'idle-knob key: `store` has one shard, which has every key'],
    ['shards: 4, splits: [10%]', 'idle-knob splits: hash takes no splits'],
    ['shards: 4, virtual-nodes: 9', 'idle-knob virtual-nodes: hash takes no virtual-nodes'],
    ['shards: 4, shard-by: range, slots: 9', 'idle-knob slots: range takes no slots'],
    ['shards: 4, placed-keys: 9', 'idle-knob placed-keys: hash takes no placed-keys'],
    ['shards: 4, slots: 3', 'out-of-range slots: 3 slots for 4 shards'],
    ['shards: 4, shard-by: range, splits: [10%]', 'out-of-range splits: 1 splits for 4 shards'],
    ['shards: 3, shard-by: range, splits: [20%, 10%]', 'out-of-range splits: the splits do not ascend'],
    ['shards: 2000', 'out-of-range shards: '],
  ])('%s', (store, problem) => {
    expect(problems(shop({ store })).join('\n')).toContain(problem);
  });

  it('parts that there are not, and keys that nobody has', () => {
    const sharded = { store: 'shards: 4' };
    expect(problems(shop({ ...sharded, scenario: 'at: 1s, crash: store.shard-4' }))).toEqual([
      'unknown-reference crash: there is no part `store.shard-4`',
    ]);
    expect(problems(shop({ ...sharded, scenario: 'at: 1s, slow: api.shard-1, by: 2x' }))[0]).toContain(
      'no parts',
    );
    expect(problems(shop({ ...sharded, scenario: 'at: 1s, crash: store.shard-1, instances: 1' }))).toEqual([
      'conflicting-keys instances: `store.shard-1` says already which instances',
    ]);
    const direct = shop(sharded).replace('call: api.report', 'call: store.read');
    expect(problems(direct).join('\n')).toContain(
      'no-request-key shards: requests without a key come to `store`',
    );
    const through = shop(sharded)
      .replace('key: none', 'through: hot, key: none')
      .replace('  store:', '  hot: { kind: cache, holds: order, items: 9 }\n  store:');
    expect(problems(through)).toEqual([
      'conflicting-keys key: `through` a cache goes by key, and `key: none` asks all shards of a store',
    ]);
  });
});
