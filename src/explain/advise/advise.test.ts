import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kindParts } from '../../components/index.ts';
import { edited, loadDesignObject, readSource } from '../../design/index.ts';
import { estimate } from '../../estimate/index.ts';
import { parseQuantity } from '../../quantities/index.ts';
import type { Advice, Figure } from '../../report/index.ts';
import { inlineRunner, simulate } from '../../simulate/index.ts';
import { advise } from './advise.ts';
import { movesFor } from './catalogue.ts';
import type { Changeable } from './changeable.ts';
import { type Move, split, type WrittenDesign } from './move.ts';
import { gainOf, perHundred, ranked } from './rank.ts';
import { wayTo } from './situation.ts';
import { Trial } from './trial.ts';

const parts = kindParts();
const runner = inlineRunner(parts.simulated);
const load = (design: unknown) => loadDesignObject(design, { kinds: parts.described });
const changeable = (design: unknown): Changeable => ({ design, load });

const SYSTEMS = new URL('../../../systems/', import.meta.url).pathname;
const systems = readdirSync(SYSTEMS, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.yaml'),
);

/** A design with something of everything that moves are about. */
const everything = {
  name: 'everything',
  data: { item: { count: 10_000, size: '1KB', popularity: 'zipf(1)' }, order: { count: 1000, size: '1KB' } },
  traffic: {
    readers: { call: 'api.look', rate: '50/s', key: 'item', timeout: '1s' },
    buyers: { call: 'api.buy', rate: '10/s', key: 'new order' },
  },
  components: {
    api: {
      kind: 'service',
      instances: 2,
      cores: 2,
      workers: 20,
      operations: {
        look: [
          { compute: '2ms' },
          { read: 'item', from: 'store', timeout: '100ms', retry: { attempts: 3 } },
          {
            parallel: [
              { call: 'helper.help', bulkhead: { most: 5 } },
              [{ choose: [{ probability: '50%', do: [{ call: 'helper.help' }] }] }],
            ],
          },
        ],
        buy: [
          { compute: '2ms' },
          { write: 'order', to: 'store' },
          { call: 'helper.help' },
          { publish: 'bought' },
        ],
      },
    },
    bought: { kind: 'stream', consumer: 'helper.help', partitions: 2 },
    helper: { kind: 'service', queue: 20, operations: { help: [{ compute: '1ms' }] } },
    store: { kind: 'database', stores: ['item', 'order'], disks: 4 },
  },
  goals: { readers: { p99: '100ms', success: '99%' } },
};

/** Moves for a design in which one station after the other is taken to give way, by what the formulas say of its stations. */
function movesOf(design: unknown, factor = 2): Move[] {
  const { plan } = load(design);
  const broken = estimate(plan!, parts.estimated);
  return Object.keys(broken.stations).flatMap((name) => {
    const [component, station] = split(name);
    return movesFor({
      design: design as WrittenDesign,
      plan: plan!,
      kinds: { described: new Map(parts.described.map((each) => [each.name, each])), moves: parts.moves },
      narrow: [{ component, station, factor }],
      way: wayTo(plan!, [component]),
      broken,
    });
  });
}

describe('the catalogue of moves', () => {
  const designs: [string, unknown][] = [
    ['everything', everything],
    ...systems.map((file): [string, unknown] => [
      file,
      readSource(readFileSync(join(SYSTEMS, file), 'utf8'), file).value,
    ]),
  ];

  test.each(designs)('ADV-1 every move that fits %s makes a design without errors', (_, design) => {
    for (const { edits, name } of movesOf(design)) {
      const errors = load(edited(design, edits)).diagnostics.filter(({ severity }) => severity === 'error');
      expect({ name, errors }).toEqual({ name, errors: [] });
    }
  });

  test('ADV-2 there is something of every sort', () => {
    const names = designs.flatMap(([, design]) => movesOf(design).map(({ name }) => name));
    const sorts = [
      /\.instances$/,
      /^bought\.partitions$/,
      /^bought\.concurrency$/,
      /^bought\.partitions \+ bought\.concurrency$/,
      /\.cores$/,
      /\.workers$/,
      /\.connections$/,
      /\.shards$/,
      /\.disks$/,
      /\.nodes$/,
      /\.(items|memory)$/,
      /\.ttl$/,
      /\.evict$/,
      /-cache$/,
      /-cdn$/,
      /-balancer$/,
      /-queue \(/,
      /\.queue$/,
      /\.pair$/,
      /\.health$/,
      /calls\.timeout$/,
      /calls\.retry$/,
      /calls\.retry\.budget$/,
      /calls\.breaker$/,
      /calls\.hedge$/,
      /calls\.cancel$/,
      /calls\.coalesce$/,
      /calls\.bulkhead\.most$/,
      /\(a second\)$/,
    ];
    for (const sort of sorts) expect(names).toContainEqual(expect.stringMatching(sort));
  });
});

describe('moves of kinds', () => {
  test('ADV-13 large numbers are written as a design would', () => {
    const { data } = everything;
    const many = { ...everything, data: { ...data, item: { ...data.item, count: 1_000_000 } } };
    const cache = movesOf(many).find(({ name }) => name === 'item-cache')!;
    expect(cache.chose).toBe('a cache of 100k item before store');
    expect(cache.edits[0]!.value).toMatchObject({ items: '100k' });
  });

  test.each([
    ['512MB', 1.7, '880MB'],
    ['512MB', 3.5656789, '1900MB'],
    ['2GiB', 1.3001534, '2.7GiB'],
    ['2GiB', 1.25, '2.5GiB'],
    ['128MB', 2, '256MB'],
  ])('ADV-22 more of %s is a size that one would write: times %d, %s', (memory, factor, expected) => {
    const design = {
      name: 'roomy',
      traffic: { users: { call: 'app.get', rate: '10/s' } },
      components: {
        app: {
          kind: 'service',
          memory,
          'memory-base': '10MB',
          'memory-per-request': '1MB',
          operations: { get: [{ compute: '1ms' }] },
        },
      },
    };
    const edit = movesOf(design, factor)
      .filter(({ name }) => name === 'app.memory')
      .flatMap(({ edits }) => edits)[0]!;
    const read = (text: unknown) => {
      const quantity = parseQuantity(String(text), 'size');
      return quantity.ok ? quantity.value.value : Number.NaN;
    };
    expect(read(edit.value)).toBe(read(expected));
  });

  const variantsOf = (quorum: { replicas: number; reads: number; writes: number }) => {
    const settings = { quorum, sharding: { shards: 1, splits: null } };
    return parts.moves.get('database')!.variants!(settings).map(({ sets, sacrifices, helps }) => ({
      to: sets.map(({ setting, value }) => `${setting.join('.')} ${value}`).join(', '),
      sacrifices,
      helps,
    }));
  };

  test('ADV-10 of a quorum: fewer to wait for, with what that loses, and one replica more where all are needed', () => {
    expect(variantsOf({ replicas: 3, reads: 3, writes: 1 })).toEqual([
      {
        to: 'quorum.reads 2',
        sacrifices: 'R + W is no more than N then: a read may miss a write that was confirmed',
        helps: 'itself',
      },
      {
        to: 'quorum.replicas 4, quorum.writes 2',
        sacrifices: 'one more machine for each shard, which is asked by every read and every write',
        helps: 'availability',
      },
    ]);
    // R + W = N + 2: one fewer still meets.
    expect(variantsOf({ replicas: 4, reads: 3, writes: 3 }).map(({ sacrifices }) => sacrifices)).toEqual([
      'the answers of fewer replicas are compared',
      'a write is confirmed by fewer, and lost when these are',
    ]);
    // Where reads may miss writes, either size can be raised until they meet.
    expect(variantsOf({ replicas: 3, reads: 1, writes: 1 }).map(({ to }) => to)).toEqual([
      'quorum.reads 3',
      'quorum.writes 3',
    ]);
  });

  test('ADV-11 every set of sizes has moves that a design allows, each with a name of its own', () => {
    for (const replicas of [1, 3, 100]) {
      for (const reads of [1, replicas]) {
        for (const writes of [1, replicas]) {
          const { components } = everything;
          const store = { ...components.store, quorum: { replicas, reads, writes } };
          const design = { ...everything, components: { ...components, store } };
          const moves = movesOf(design).filter(({ name }) => name.startsWith('store.quorum'));
          // The same move comes for each station that is taken to give way.
          const told = new Set(moves.map(({ name, edits }) => `${name} ${JSON.stringify(edits)}`));
          expect(new Set(moves.map(({ name }) => name)).size).toBe(told.size);
          for (const { edits } of moves) {
            const { diagnostics } = load(edited(design, edits));
            expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
          }
        }
      }
    }
  });

  test('ADV-12 a service that is killed for want of memory gets more of it, more instances, or refuses instead', async () => {
    const hungry = {
      name: 'hungry',
      traffic: { users: { call: 'api.ask', rate: '60/s', timeout: '5s' } },
      components: {
        api: {
          kind: 'service',
          memory: '1GB',
          'memory-per-request': '20MB',
          'when-full': 'kill',
          restart: '10s',
          operations: { ask: [{ compute: '1ms' }, { wait: 'exponential(300ms)' }] },
        },
      },
      goals: { users: { success: '99%' } },
    };
    const report = await advise(changeable(hungry), parts, { most: 4, precision: 0.2 }, runner);
    expect(report.because[0]).toMatch(/^api runs out of memory, and is killed /);
    const helpful = report.advice.filter(({ helps }) => helps === 'load').map(({ name }) => name);
    expect(helpful).toEqual(expect.arrayContaining(['api.memory', 'api.instances', 'api.when-full']));
    const found = (move: string) =>
      load(edited(hungry, report.advice.find(({ name }) => name === move)!.edits)).diagnostics;
    expect(found('api.memory').filter(({ severity }) => severity === 'error')).toEqual([]);
    // Who refuses is not restarted: that setting goes.
    expect(found('api.when-full')).toEqual([]);
  });
});

/** A store that serves 400 requests a second, behind a service that serves 2,000. */
const chain = {
  name: 'chain',
  data: { item: { count: 1000, size: '1KB', popularity: 'zipf(1)' } },
  traffic: { users: { call: 'web.look', rate: '200/s', key: 'item' } },
  components: {
    web: {
      kind: 'service',
      cores: 4,
      operations: { look: [{ compute: 'exponential(2ms)' }, { read: 'item', from: 'store' }] },
    },
    store: {
      kind: 'database',
      stores: 'item',
      cores: 2,
      read: { cpu: 'exponential(5ms)', disk: '0s' },
      write: { cpu: '1ms', disk: '0s' },
    },
  },
  goals: { users: { p99: '60ms' } },
};

describe('advice', () => {
  test('ADV-3 names what gives way, and what is first raises the headroom on other random numbers', async () => {
    const options = { seed: 2, most: 8, precision: 0.2 };
    const report = await advise(changeable(chain), parts, options, runner);
    expect(report.because[0]).toMatch(/^store\.cpu/);
    const [first] = report.advice;
    expect(first!.helps).toBe('load');
    expect(report.advice.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['item-cache', 'store.cores', 'store.shards']),
    );
    const rejected = report.rejected.find(({ name }) => name === 'store calls.retry')!;
    expect(rejected.why).toMatch(/does too: .*store\.cpu/);
    const trial = (design: unknown) =>
      new Trial(load(design).plan!, {
        simulation: (plan, more) => simulate(plan, parts.simulated, { seed: 99, ...more }, runner),
        most: 8,
        precision: 0.2,
        heard: () => undefined,
      });
    const goals = new Set([0]);
    const before = await trial(chain).breaking(goals, report.headroom.value);
    const after = await trial(edited(chain, first!.edits)).breaking(goals, first!.headroom!.value);
    expect(after.met!).toBeGreaterThan(before.missed!);
  });

  test('ADV-4 what holds up to the highest load needs nothing; what nothing helps is said to be so; same seed, same bytes', async () => {
    const idle = { ...chain, traffic: { users: { ...chain.traffic.users, rate: '10/s' } } };
    const holds = await advise(changeable(idle), parts, { most: 2 }, runner);
    expect(holds.headroom.high).toBe(null);
    expect(holds.advice.filter(({ helps }) => helps === 'load')).toEqual([]);
    const slow = {
      name: 'slow',
      traffic: { users: { call: 'api.ask', rate: '10/s' } },
      components: { api: { kind: 'service', operations: { ask: [{ compute: '1ms' }, { wait: '1s' }] } } },
      goals: { users: { p99: '100ms' } },
    };
    const hopeless = await advise(changeable(slow), parts, { most: 2 }, runner);
    expect(hopeless.headroom.low).toBe(null);
    expect(hopeless.advice.filter(({ helps }) => helps === 'load')).toEqual([]);
    expect(hopeless.rejected.length).toBeGreaterThan(0);
    const again = await advise(changeable(slow), parts, { most: 2 }, runner);
    expect(JSON.stringify(again)).toBe(JSON.stringify(hopeless));
  });

  test.each([['70/s'], ['150/s']])(
    'ADV-9 at %s a bound on a queue that no goal on success forbids comes last, and gives up what it fails',
    async (rate) => {
      const unguarded = {
        name: 'unguarded',
        network: { latency: '0s' },
        traffic: { users: { call: 'web.ask', rate } },
        components: { web: { kind: 'service', operations: { ask: [{ compute: 'exponential(10ms)' }] } } },
        goals: { users: { p99: '200ms' } },
      };
      const { advice } = await advise(changeable(unguarded), parts, { most: 2, precision: 0.5 }, runner);
      const moves = advice.filter(({ helps }) => helps === 'load');
      expect(moves[0]!.name).toMatch(/^web\.(cores|instances)$/);
      expect(moves.at(-1)).toMatchObject({
        name: 'web.queue',
        loses: [expect.stringMatching(/^\d+ % of users fail$/)],
      });
      expect(moves.at(-1)!.sacrifices).toMatch(/while the queue is full; at [\d.]+× \d+ % of users fail$/);
    },
  );

  test('ADV-8 a stream with a partition for each consumer gets more of both together: of one alone, some do nothing', async () => {
    const clicks = {
      name: 'clicks',
      network: { latency: '0s' },
      data: { user: { count: 100_000, size: '1KB' } },
      traffic: { users: { call: 'web.click', rate: '100/s', key: 'user' } },
      components: {
        web: { kind: 'service', operations: { click: [{ publish: 'clicks' }] } },
        clicks: { kind: 'stream', consumer: 'worker' },
        worker: { kind: 'service', operations: { consume: [{ wait: '8ms' }] } },
      },
      goals: { clicks: { 'age p99': '100ms' } },
    };
    const report = await advise(changeable(clicks), parts, { most: 4, precision: 0.2 }, runner);
    expect(report.because[0]).toMatch(/^clicks\.consumers/);
    expect(report.advice[0]!.name).toBe('clicks.partitions + clicks.concurrency');
    const names = report.rejected.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['clicks.partitions', 'clicks.concurrency', 'clicks.batch']),
    );
  });

  test('ADV-24 a goal of which runs cannot tell that it holds counts where it is surely missed', async () => {
    const plan = load({ ...chain, goals: { users: { p99: '100ms', success: '99%' } } }).plan!;
    const report = await simulate(plan, parts.simulated, { seed: 1, replications: 2, time: 2 }, runner);
    const verdict = (second: boolean | 'unknown') =>
      new Trial(plan, {
        simulation: async () => ({
          ...report,
          stable: true,
          goals: report.goals.map((goal, g) => ({ ...goal, met: g === 0 ? true : second })),
        }),
        most: 8,
        precision: 0.2,
        heard: () => undefined,
      }).verdict(1, new Set([0]));
    expect(await verdict('unknown')).toBe(true);
    expect(await verdict(false)).toBe(false);
  });

  test('ADV-23 a second instance that cannot carry the load alone is down more often: it is no help, nor one point of failure less', async () => {
    const over = {
      name: 'over',
      traffic: { users: { call: 'api.ask', rate: '1000/s' } },
      components: { api: { kind: 'service', operations: { ask: [{ compute: '5ms' }] } } },
    };
    const report = await advise(changeable(over), parts, { most: 2, precision: 0.2 }, runner);
    // It holds a fifth of its load: with two, either one that fails takes requests with it.
    expect(report.headroom.high).toBeLessThan(0.25);
    expect(report.advice.filter(({ helps }) => helps === 'availability')).toEqual([]);
    const second = report.rejected.find(({ name }) => name === 'api.instances (a second)')!;
    expect(second.why).toMatch(/^it is down longer in a year: .+, not .+$/);
  });

  test('ADV-5 options out of range are refused', async () => {
    const refused = (options: object, design: unknown = chain) =>
      expect(advise(changeable(design), parts, options, runner)).rejects.toThrow(RangeError);
    await refused({ most: 0.5 });
    await refused({ precision: 2 });
    await refused({ scenario: 'none' });
    await refused({}, { name: 'empty' });
  });
});

describe('ranks', () => {
  const times = (low: number, high: number): Figure => ({ value: (low + high) / 2, low, high, unit: '1' });
  const before = times(1, 1.05);
  const helpful = (name: string, after: Figure, cost: number | null): Omit<Advice, 'rank'> => {
    const gain = gainOf(before, after);
    const said = { chose: name, over: '', because: '', sacrifices: '', edits: [], steps: [], next: null };
    return {
      ...said,
      name,
      helps: 'load',
      headroom: after,
      gain,
      cost,
      gainPerHundred: perHundred(gain, cost),
      downtime: null,
      keeps: [],
      loses: [],
    };
  };

  test('ADV-6 what is free first, then by gain for a dollar, what nobody knows the price of, what loses requests last; alike where intervals overlap', () => {
    const order = ranked(
      [
        { ...helpful('lossy', times(20, 21), 0), loses: ['47 % of users fail'] },
        helpful('unknown', times(9, 9.4), null),
        helpful('dear', times(4, 4.2), 1000),
        helpful('cheap', times(2, 2.1), 10),
        helpful('as cheap', times(2.02, 2.15), 10),
        helpful('free', times(1.2, 1.25), 0),
        helpful('less', times(1.1, 1.12), -20),
      ],
      before,
    );
    expect(order.map(({ name, rank }) => `${rank} ${name}`)).toEqual([
      '1 free',
      '2 less',
      '3 as cheap',
      '3 cheap',
      '4 dear',
      '5 unknown',
      '6 lossy',
    ]);
  });

  test('ADV-7 a gain spans what both headrooms allow', () => {
    const { low, high } = gainOf(before, times(1.5, 1.6));
    expect(low).toBeCloseTo(0.45, 10);
    expect(high).toBeCloseTo(0.6, 10);
    expect(gainOf({ value: null, low: null, high: 0.01, unit: '1' }, times(2, 3)).low).toBeCloseTo(1.99, 10);
  });
});
