import { describe, expect, test } from 'vitest';
import { loadDesign, loadDesignObject } from '../design/index.ts';
import { simulate } from '../simulate/index.ts';
import { kinds, simulatedKinds } from './index.ts';

const design = (scenario: string): string => `
name: shop
data: { item: { count: 1k, size: 1KB, popularity: zipf(1.0) } }
traffic:
  users: { call: edge.view, rate: 100/s, peak: 2x, key: item }
  staff: { call: api.report, users: 5, think: 1s }
components:
  edge: { kind: load-balancer, to: api }
  api: { kind: service, instances: 3, operations: { view: [ { compute: 1ms }, { read: item, from: store, through: hot } ], report: [ { compute: 2ms } ] } }
  hot: { kind: cache, holds: item, items: 100, nodes: 2 }
  store: { kind: database, stores: item }
scenarios:
  it: ${scenario}
`;

function load(scenario: string, rates: readonly (readonly number[])[] = []) {
  return loadDesign(design(scenario), {
    file: 'shop.yaml',
    kinds: kinds.map(({ describe }) => describe),
    readNumbers: () => rates.map((numbers, i) => ({ line: i + 2, numbers })),
  });
}

const NOTHING = { cpu: '0s', disk: '0s' };

test('all that is wrong with scenarios is told at once, beside what is wrong elsewhere', () => {
  const wrong = design(`
    traffic: { users: { spike: 2x, at: 1s } }
    faults:
      - { at: 1s, crash: apy }
      - { at: 1s, slow: api, by: 0x }
      - { at: 1s, crash: api, instances: 4 }
      - { at: 1s, link: api, to: api }
      - { at: 1s, lower: front, to: 5/s }
      - { at: 1s, freeze: store.shard-9, for: 1s }`)
    .replace('items: 100', 'items: 0')
    .replace('components:', 'components:\n  front: { kind: gateway, to: api }')
    .replace('stores: item }', 'stores: item, shards: 2 }');
  const { diagnostics } = loadDesign(wrong, { file: 'd.yaml', kinds: kinds.map(({ describe }) => describe) });
  const at = 'scenarios.it';
  expect(
    diagnostics.filter(({ severity }) => severity === 'error').map(({ code, path }) => `${code} ${path}`),
  ).toEqual([
    'out-of-range components.hot.items',
    `missing-key ${at}.traffic.users.spike`,
    `unknown-reference ${at}.faults[0].crash`,
    `out-of-range ${at}.faults[1].by`,
    `out-of-range ${at}.faults[2].instances`,
    `missing-key ${at}.faults[3]`,
    `conflicting-keys ${at}.faults[3].to`,
    `missing-key ${at}.faults[4].lower`,
    `unknown-reference ${at}.faults[5].freeze`,
  ]);
});

describe('a scenario that cannot be', () => {
  test.each([
    ['{ faults: [ { at: 1s, crash: apy } ] }', 'unknown-reference', 'there is no component `apy`'],
    ['{ traffic: { user: { times: 2x } } }', 'unknown-reference', 'there is no traffic `user`'],
    [
      '{ faults: [ { at: 1s, explode: api } ] }',
      'unknown-step',
      'this fault says nothing that a fault can do',
    ],
    [
      '{ faults: [ { at: 1s, crash: api, flush: hot } ] }',
      'unknown-step',
      'more than one thing: crash, flush',
    ],
    ['{ faults: [ { at: 1s, flush: store } ] }', 'wrong-kind-for-role', '`store` is a database'],
    ['{ faults: [ { at: 1s, crash: api, instances: 4 } ] }', 'out-of-range', '`api` has 3 instances'],
    ['{ faults: [ { at: 1s, slow: api, by: 0x } ] }', 'out-of-range', '`by` is out of range'],
    ['{ faults: [ { at: -1s, crash: api } ] }', 'out-of-range', '`at` is out of range'],
    ['{ faults: [ { at: 1s, freeze: api } ] }', 'missing-key', '`for` is missing here'],
    ['{ faults: [ { at: 1s, link: api, to: store } ] }', 'missing-key', 'does not say what is wrong with it'],
    [
      '{ faults: [ { at: 1s, cut: api, from: [ api, store ] } ] }',
      'conflicting-keys',
      '`api` is on both sides',
    ],
    [
      '{ traffic: { users: { spike: 2x, at: 1s } } }',
      'missing-key',
      'the spike does not say how long it takes',
    ],
    [
      '{ traffic: { users: { times: 2x, ramp: 3x, for: 1s } } }',
      'conflicting-keys',
      'both say how the traffic runs',
    ],
    ['{ traffic: { users: { times: 2x, for: 1s } } }', 'conflicting-keys', '`for` belongs to'],
    ['{ traffic: { staff: { times: 2x } } }', 'conflicting-keys', '`times` belongs to a rate'],
    [
      '{ traffic: { users: { shape: [ { at: 2s, times: 1x }, { at: 1s, times: 2x } ] } } }',
      'out-of-range',
      'one after the other',
    ],
  ])('%s: %s', (scenario, code, message) => {
    const { plan, diagnostics } = load(scenario);
    expect(plan).toBeNull();
    expect(diagnostics.map((each) => each.code)).toContain(code);
    expect(diagnostics.map((each) => each.message).join('\n')).toContain(message);
  });

  test.each([
    [[], 'there are no rates', 'rates.csv'],
    [[[0, 1], [2]], 'are not two numbers a line', 'rates.csv, line 3: 2'],
    // Taken one after the other, these would be rates too, of other times.
    [
      [
        [0, 10, 3],
        [10, 20, 3],
      ],
      'are not two numbers a line',
      'rates.csv, line 2: 0, 10, 3',
    ],
    [[[0], [10], [20], [30]], 'are not two numbers a line', 'rates.csv, line 2: 0'],
    [
      [
        [0, 100],
        [0, 200],
      ],
      'do not come one after the other',
      'rates.csv, line 3: 0, 200',
    ],
    [
      [
        [0, 100],
        [5, -1],
      ],
      'are not all at least 0',
      'rates.csv, line 3: 5, -1',
    ],
  ])('rates %j', (rates, message, found) => {
    const { plan, diagnostics } = load('{ traffic: { users: { rates: rates.csv } } }', rates);
    expect(plan).toBeNull();
    expect(diagnostics[0]!.message).toContain(message);
    expect(diagnostics[0]!.found).toBe(found);
  });
});

describe('what has no effect is said', () => {
  test.each([
    ['{ summary: quiet }', 'nothing happens in this scenario'],
    ['{ lasts: 10s, faults: [ { at: 20s, crash: api } ] }', 'the scenario is over by then'],
    ['{ faults: [ { at: 1s, cut: edge, from: store } ] }', 'these components never call each other'],
    ['{ traffic: { staff: { hottest: 10% } } }', '`staff` asks for no key of data'],
    [
      '{ faults: [ { at: 1s, slow: edge, by: 3x } ] }',
      '`edge` has no work of its own that could take longer',
    ],
  ])('%s', (scenario, message) => {
    const { plan, diagnostics } = load(scenario);
    expect(plan).not.toBeNull();
    expect(diagnostics.map(({ code, message }) => [code, message])).toContainEqual(['idle-knob', message]);
  });
});

test('what is made slow has work, whichever kind it is', () => {
  const components = {
    balancer: { kind: 'load-balancer', to: 'api', cost: '1us' },
    gate: { kind: 'gateway', to: 'api', auth: 'api-key' },
    packing: { kind: 'load-balancer', to: 'reading', compress: {} },
    sending: { kind: 'cdn', to: 'api', holds: 'item', pops: 2, items: 9, bandwidth: '1Gbit/s' },
    api: { kind: 'service', instances: 2, operations: { view: [{ compute: '1ms' }] } },
    reading: {
      kind: 'service',
      instances: 2,
      operations: { get: [{ compute: '1ms' }, { read: 'item', from: 'store' }] },
    },
    meshed: { kind: 'service', sidecar: {}, operations: { get: [{ wait: '1ms' }] } },
    store: { kind: 'database', stores: 'item' },
    hot: { kind: 'cache', holds: 'item', items: 9 },
    partner: { kind: 'external', operations: ['ask'], latency: '9ms' },
    // These have none.
    plain: { kind: 'load-balancer', to: 'api' },
    open: { kind: 'gateway', to: 'api' },
    edge: { kind: 'cdn', to: 'api', holds: 'item', pops: 2, items: 9, 'hit-time': '1ms' },
    waiting: { kind: 'service', instances: 2, operations: { get: [{ wait: '1ms' }, { publish: 'jobs' }] } },
    free: { kind: 'database', stores: 'item', read: NOTHING, write: NOTHING },
    instant: { kind: 'cache', holds: 'item', items: 9, time: '0s' },
    jobs: { kind: 'queue', consumer: 'api.view' },
    clicks: { kind: 'stream', consumer: 'api.view' },
    www: { kind: 'dns', to: ['api', 'plain'] },
  };
  const names = Object.keys(components);
  const { plan, diagnostics } = loadDesignObject(
    {
      name: 'slow',
      data: { item: { count: 100, size: '1KB' } },
      traffic: { users: { call: 'api.view', rate: '1/s', key: 'item' } },
      components,
      scenarios: {
        it: {
          faults: [
            ...names.map((slow) => ({ at: '1s', slow, by: '2x' })),
            { at: '1s', deploy: 'api', slow: '2x', every: '1s', drain: '1s' },
            { at: '1s', deploy: 'waiting', slow: '2x', every: '1s', drain: '1s' },
            { at: '1s', deploy: 'waiting', errors: '2%', every: '1s', drain: '1s' },
          ],
        },
      },
    },
    { kinds: kinds.map(({ describe }) => describe) },
  );
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(plan).not.toBeNull();
  const told = diagnostics.filter(({ path }) => path.startsWith('scenarios.')).map(({ path }) => path);
  const idle = names.slice(names.indexOf('plain')).map((name) => names.indexOf(name));
  expect(told).toEqual([...idle, names.length + 1].map((at) => `scenarios.it.faults[${at}].slow`));
});

describe('the plan of a scenario', () => {
  const planned = (scenario: string, rates: readonly (readonly number[])[] = []) =>
    load(scenario, rates).plan!.scenarios[0]!;

  test('courses become multiples of the rate at the peak', () => {
    const shape = (course: string, rates: readonly (readonly number[])[] = []) =>
      planned(`{ traffic: { users: ${course} } }`, rates).courses[0]!.shape;
    expect(shape('{ times: 3x }')).toEqual([{ at: 0, times: 3 }]);
    expect(shape('{ spike: 5x, at: 10s, for: 5s }')!.map(({ at, times }) => [at, times])).toEqual([
      [10, 1],
      [10, 5],
      [15, 5],
      [15, 1],
    ]);
    expect(
      shape('{ rates: rates.csv }', [
        [0, 100],
        [60, 400],
      ]),
    ).toEqual([
      { at: 0, times: 0.5 },
      { at: 60, times: 2 },
    ]);
    const day = shape('{ daily: 4x, for: 24h }')!.map(({ times }) => times);
    expect(Math.max(...day) / Math.min(...day)).toBeCloseTo(4, 6);
  });

  test('lasts half as long again as until the last change, and at least half a minute longer', () => {
    expect(planned('{ faults: [ { at: 60s, crash: api, for: 60s } ] }').lasts).toBe(180);
    expect(planned('{ faults: [ { at: 5s, flush: hot } ] }').lasts).toBe(35);
  });

  test('without a number a fault hits all instances, and nodes', () => {
    const { faults } = planned('{ faults: [ { at: 1s, crash: api }, { at: 2s, crash: hot } ] }');
    expect(faults).toMatchObject([{ instances: 3 }, { instances: 2 }]);
  });

  test('a cut holds both ways, unless it is one-way', () => {
    expect(planned('{ faults: [ { at: 1s, cut: api, from: store } ] }').faults).toHaveLength(2);
    const [only, ...others] = planned(
      '{ faults: [ { at: 1s, cut: api, from: store, direction: one-way } ] }',
    ).faults;
    expect(only).toMatchObject({ fault: 'cut', from: [1], to: [3] });
    expect(others).toEqual([]);
  });
});

test('replications that end by the time limit are the outcome, and the command asks for as many', async () => {
  const { plan } = load('{ faults: [ { at: 2s, crash: api, instances: 1 } ] }');
  const options = { scenario: 'it', time: 5, warmup: 1 };
  // Each look at the clock is a second after the one before: two replications end in one.
  let seconds = 0;
  const limited = await simulate(plan!, simulatedKinds, { ...options, maxWall: 5, clock: () => seconds++ });
  const { replications, command, notes } = limited;
  expect(replications).toBeGreaterThan(2);
  expect(replications).toBeLessThan(20);
  expect(notes).toContain(
    `The time limit came after ${replications} of 20 replications: intervals are wider than they would be.`,
  );
  expect(command).toBe(
    `tenfold simulate shop --scenario it --seed 1 --time 5s --warmup 1s --replications ${replications}`,
  );
  const again = await simulate(plan!, simulatedKinds, { ...options, replications });
  expect(again).toEqual({ ...limited, notes: [] });
  // A number that was asked for is kept, whatever time it takes.
  const asked = { ...options, replications: 4, maxWall: 0.001, clock: () => seconds++ };
  expect(await simulate(plan!, simulatedKinds, asked)).toMatchObject({ replications: 4, notes: [] });
});

test('who comes to a component without a station while it stands still waits at its door', async () => {
  const text = (kind: string) => `
name: still
network: { latency: 0s }
data: { page: { count: 100, size: 1KB } }
traffic: { users: { call: edge.view, rate: 100/s, key: page } }
components:
  edge: { kind: ${kind}, to: api }
  api: { kind: service, cores: 8, operations: { view: [ { compute: 1ms } ] } }
scenarios:
  it: { lasts: 12s, faults: [ { at: 4s, freeze: edge, for: 4s } ] }
`;
  for (const kind of ['gateway', 'load-balancer', 'cdn, holds: page, items: 10, pops: 2']) {
    const { plan } = loadDesign(text(kind), {
      file: 'd.yaml',
      kinds: kinds.map(({ describe }) => describe),
    });
    const report = await simulate(plan!, simulatedKinds, { seed: 3, scenario: 'it', replications: 2 });
    const { window, traffic } = report.scenario!;
    const served = (from: number, to: number): number =>
      traffic['users']!.goodput.value.slice(
        Math.round(from / window),
        Math.round(to / window),
      ).reduce<number>((sum, each) => sum + each! * window, 0);
    // What takes no time there is served at the very end of it.
    expect(served(4.4, 7.8), kind).toBe(0);
    // Those of eight seconds, within four standard deviations of a mean of two runs.
    expect(Math.abs(served(4.4, 12) - 800), kind).toBeLessThan(4 * Math.sqrt(800 / 2));
    expect(report.operations['users']!.success.value, kind).toBe(1);
  }
});
