import { describe, expect, test } from 'vitest';
import { kinds } from '../components/index.ts';
import { constantOf, loadDesign, type Plan, type PlanStep, resolveConstant } from './index.ts';

const options = { kinds: kinds.map((kind) => kind.describe), file: 'design.yaml' };

function planOf(text: string): Plan {
  const { plan, diagnostics } = loadDesign(text, options);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (plan === null) throw new Error('no plan');
  return plan;
}

function stepsOf(plan: Plan, component: string, operation: string): readonly PlanStep[] {
  const index = plan.components.findIndex(({ name }) => name === component);
  return plan.operations.find((each) => each.component === index && each.name === operation)?.steps ?? [];
}

const smallest = `name: mm1
traffic: { users: { call: server.work, rate: 80/s } }
components:
  server: { kind: service, operations: { work: [ { compute: exponential(10ms) } ] } }
`;

const shortener = `name: url-shortener
summary: bit.ly-sized, 100M links and 10B redirects a day
constants: { rtt.dc: 0.3ms }
data:
  link: { count: 100M, size: 500B, growth: 1M/day, keep: 5y, popularity: zipf(1.0) }
traffic:
  visitors: { call: edge.redirect, rate: 10B/day, peak: 2x, key: link, timeout: 1s }
  authors:  { call: edge.shorten, rate: 1M/day, key: new link }
  staff:    { call: api.report, users: 50, think: exponential(10s) }
components:
  edge: { kind: load-balancer, algorithm: least-connections, to: api }
  api:
    kind: service
    instances: 12
    cores: 4
    operations:
      redirect:
        - compute: 60us
        - { read: link, from: links, through: hot-links, timeout: 100ms }
      shorten:
        - compute: 150us
        - { write: link, to: links, invalidate: hot-links }
      report:
        - { read: link, from: links, through: hot-links }
        - { write: link, to: links, invalidate: hot-links }
  hot-links: { kind: cache, engine: redis, holds: link, memory: 16GB, evict: lru, ttl: 1h ± 10% }
  links: { kind: database, engine: postgres, stores: link, connections: 100 }
goals:
  visitors: { p99: 50ms, success: 99.95% }
  shorten: { p99.9: 200ms, throughput: 10/s }
decisions:
  - { chose: 302 redirects, over: 301, because: every click must be counted, costs: no browser caching }
`;

describe('the smallest design', () => {
  test('means M/M/1', () => {
    const { constants, network, ...plan } = planOf(smallest);
    expect(plan).toEqual({
      name: 'mm1',
      summary: '',
      profile: 'cloud-2026',
      data: [],
      components: [
        {
          index: 0,
          name: 'server',
          kind: 'service',
          settings: {
            instances: 1,
            cores: 1,
            model: 'threads',
            workers: null,
            queue: null,
            discipline: 'fifo',
            balance: 'random',
          },
          components: {},
          data: {},
          operations: [0],
        },
      ],
      operations: [
        {
          index: 0,
          component: 0,
          name: 'work',
          steps: [{ step: 'compute', time: { law: 'exponential', mean: 0.01 } }],
          forwards: null,
        },
      ],
      traffic: [
        {
          index: 0,
          name: 'users',
          operation: 0,
          arrivals: {
            type: 'open',
            rate: { value: 80, low: 80, high: 80 },
            peak: 1,
            process: 'poisson',
            batch: { law: 'constant', value: 1 },
            shape: [],
          },
          key: null,
          timeout: null,
          priority: 0,
          hottest: 0,
        },
      ],
      goals: [],
      scenarios: [],
      scenario: null,
      decisions: [],
    });
    // Nothing crosses the network.
    expect(network).toEqual({ latency: { law: 'constant', value: 0 }, bandwidth: null });
    expect(constants.map(({ name }) => name)).toEqual(['availability.instance']);
  });

  test('has nothing to be said about it', () => {
    expect(loadDesign(smallest, options).diagnostics).toEqual([]);
  });
});

describe('the plan of a larger design', () => {
  const plan = planOf(shortener);
  const index = (component: string, operation: string) =>
    plan.operations.findIndex(
      (each) => each.name === operation && plan.components[each.component]?.name === component,
    );

  test('is plain JSON, frozen to the last leaf, and the same every time', () => {
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(planOf(shortener)).toEqual(plan);
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(plan)).toBe(true);
  });

  test('a balancer forwards the operations of what it balances', () => {
    expect(plan.components[0]).toMatchObject({ name: 'edge', components: { to: 1 }, operations: [0, 1, 2] });
    expect(plan.operations[0]).toMatchObject({ component: 0, name: 'redirect', steps: [], forwards: 3 });
    expect(plan.traffic[0]?.operation).toBe(0);
  });

  test('a read through a cache is a look-up, and on a miss a read and a fill, each with the timeout', () => {
    const key = { from: 'request' };
    expect(stepsOf(plan, 'api', 'redirect')[1]).toEqual({
      step: 'call',
      operation: index('hot-links', 'get'),
      timeout: 0.1,
      key,
      moves: { data: 0, with: 'answer' },
      onMiss: [
        {
          step: 'call',
          operation: index('links', 'read'),
          timeout: 0.1,
          key,
          moves: { data: 0, with: 'answer' },
          onMiss: [],
        },
        {
          step: 'call',
          operation: index('hot-links', 'set'),
          timeout: 0.1,
          key,
          moves: { data: 0, with: 'request' },
          onMiss: [],
        },
      ],
    });
  });

  test('an invalidating write is a write and then a delete', () => {
    const key = { from: 'request' };
    expect(stepsOf(plan, 'api', 'shorten').slice(1)).toEqual([
      {
        step: 'call',
        operation: index('links', 'write'),
        timeout: null,
        key,
        onMiss: [],
        carries: { data: 0, with: 'request' },
      },
      { step: 'call', operation: index('hot-links', 'delete'), timeout: null, key, onMiss: [] },
    ]);
  });

  test('where no request carries a key one is drawn, and the calls that belong together share it', () => {
    const steps = stepsOf(plan, 'api', 'report');
    const draw = { from: 'draw', data: 0 };
    expect(steps).toMatchObject([
      { key: draw, onMiss: [{ key: { from: 'last' } }, { key: { from: 'last' } }] },
      { key: draw },
      { key: { from: 'last' } },
    ]);
  });

  test('again with other values of constants: what was taken from them follows, the rest stays', () => {
    const { replan } = loadDesign(shortener, options);
    const again = replan!(new Map([['cap.redis.ops', 50_000]]))!;
    expect(again.components[2]?.settings['time']).toEqual({ law: 'constant', value: 1 / 50_000 });
    expect(again.constants.find(({ name }) => name === 'cap.redis.ops')).toMatchObject({
      value: 50_000,
      low: 50_000,
      high: 50_000,
    });
    expect({ ...again, components: [], constants: [] }).toEqual({ ...plan, components: [], constants: [] });
    expect(replan!(new Map())).toEqual(plan);
  });

  test('traffic: rates, peaks, keys, users', () => {
    expect(plan.traffic).toMatchObject([
      { key: { from: 'draw', data: 0 }, timeout: 1, arrivals: { rate: { value: 1e10 / 86_400 }, peak: 2 } },
      { key: { from: 'new', data: 0 }, timeout: null },
      { key: null, arrivals: { type: 'closed', users: 50, think: { law: 'exponential', mean: 10 } } },
    ]);
  });

  test('goals: by traffic or by operation, in base units, in the words of the user', () => {
    expect(plan.goals).toEqual([
      { traffic: 0, metric: 'p99', target: 0.05, comparator: '<=', text: 'visitors.p99 ≤ 50ms' },
      { traffic: 0, metric: 'success', target: 0.9995, comparator: '>=', text: 'visitors.success ≥ 99.95%' },
      { traffic: 1, metric: 'p999', target: 0.2, comparator: '<=', text: 'shorten.p99.9 ≤ 200ms' },
      { traffic: 1, metric: 'throughput', target: 10, comparator: '>=', text: 'shorten.throughput ≥ 10/s' },
    ]);
  });

  test('decisions, whose words may be numbers', () => {
    expect(plan.decisions).toMatchObject([
      { chose: '302 redirects', over: '301', costs: 'no browser caching' },
    ]);
  });

  test('data in base units', () => {
    expect(plan.data).toMatchObject([
      { name: 'link', count: { value: 1e8 }, size: { value: 500 }, keep: 5 * 365 * 86_400 },
    ]);
    expect(plan.components[2]?.data).toEqual({ holds: 0 });
    expect(plan.components[3]?.data).toEqual({ 'stores.0': 0 });
  });

  test('constants: overridden ones from the design, the others from the profile, each with its source', () => {
    expect(plan.network.latency).toEqual({ law: 'constant', value: 0.00015 });
    expect(plan.constants.find(({ name }) => name === 'rtt.dc')).toMatchObject({
      value: 0.0003,
      unit: 's',
      source: 'the design',
    });
    const operations = resolveConstant('cap.redis.ops', 'cloud-2026').value.value;
    expect(plan.components[2]?.settings['time']).toEqual({ law: 'constant', value: 1 / operations });
    expect(constantOf(plan, 'rtt.dc').value).toBe(0.0003);
    expect(constantOf(plan, 'lat.ram').value).toBe(resolveConstant('lat.ram').value.value);
    expect(() => constantOf(plan, 'rtt.nowhere')).toThrow(RangeError);
  });
});

test('every step of the language reaches the plan', () => {
  const plan = planOf(`name: steps
data: { item: { count: 10, size: 1B } }
traffic: { users: { call: a.b, rate: 1/s } }
components:
  a:
    kind: service
    operations:
      b:
        - wait: 5ms..20ms
        - { call: a.c, timeout: 1s, key: new item }
        - parallel: [ { wait: 1ms }, [ { wait: 2ms }, { wait: 3ms } ] ]
        - parallel: [ { wait: 1ms }, { wait: 2ms } ]
          wait for: 1
        - choose: [ { probability: 30%, do: [ { fail: sold out } ] } ]
        - repeat: 3
          do: [ { compute: uniform(1ms, 3ms) } ]
        - journey:
            look: { do: [ { wait: 1s } ], next: { buy: 20%, look: 50% } }
            buy: { do: [] }
      c: []
`);
  const wait = (value: number) => ({ step: 'wait', time: { law: 'constant', value } });
  expect(stepsOf(plan, 'a', 'b')).toEqual([
    { step: 'wait', time: expect.objectContaining({ law: 'lognormal' }) },
    { step: 'call', operation: 1, timeout: 1, key: { from: 'new', data: 0 }, onMiss: [] },
    { step: 'parallel', branches: [[wait(0.001)], [wait(0.002), wait(0.003)]], waitFor: 2 },
    { step: 'parallel', branches: [[wait(0.001)], [wait(0.002)]], waitFor: 1 },
    { step: 'choose', cases: [{ probability: 0.3, steps: [{ step: 'fail', reason: 'sold out' }] }] },
    {
      step: 'repeat',
      times: 3,
      steps: [{ step: 'compute', time: { law: 'uniform', low: 0.001, high: 0.003 } }],
    },
    {
      step: 'journey',
      states: [
        {
          name: 'look',
          steps: [wait(1)],
          next: [
            { state: 1, probability: 0.2 },
            { state: 0, probability: 0.5 },
          ],
        },
        { name: 'buy', steps: [], next: [] },
      ],
    },
  ]);
});

describe('arrivals', () => {
  const arrivalsOf = (words: string) =>
    planOf(smallest.replace('rate: 80/s', `rate: 80/s, ${words}`)).traffic[0]?.arrivals;
  test.each([
    ['arrivals: poisson', { process: 'poisson' }],
    ['arrivals: constant', { process: 'constant' }],
    ['arrivals: hyperexponential(mean: 1, cv: 2)', { process: { law: 'hyperexponential' } }],
    ['arrivals: gamma(mean: 10ms, cv: 0.5)', { process: { law: 'gamma' } }],
    ['batch: 3', { batch: { law: 'constant', value: 3 } }],
    ['batch: uniform(1, 5)', { batch: { law: 'uniform', low: 1, high: 5 } }],
    ['peak: 2x', { peak: 2 }],
    [
      'shape: [ { at: 0s, times: 1x }, { at: 60s, times: 5x } ]',
      {
        shape: [
          { at: 0, times: 1 },
          { at: 60, times: 5 },
        ],
      },
    ],
  ])('%s', (words, expected) => {
    expect(arrivalsOf(words)).toMatchObject(expected);
  });
});

describe('laws of a file', () => {
  const text = smallest.replace('exponential(10ms)', 'empirical(file: times.csv)');
  test('are read by what the caller hands in', () => {
    const files: string[] = [];
    const readNumbers = (path: string) => {
      files.push(path);
      return [{ line: 2, numbers: [0.002, 0.001] }];
    };
    const { plan } = loadDesign(text, { ...options, readNumbers });
    expect(files).toEqual(['times.csv']);
    expect(plan?.operations[0]?.steps).toEqual([
      { step: 'compute', time: { law: 'empirical', values: [0.001, 0.002] } },
    ]);
  });
  test('are refused where no file can be read, or this one cannot', () => {
    expect(loadDesign(text, options).diagnostics).toMatchObject([{ code: 'not-a-quantity', line: 4 }]);
    const readNumbers = () => {
      throw new Error('no such file');
    };
    expect(loadDesign(text, { ...options, readNumbers }).diagnostics).toMatchObject([
      {
        code: 'not-a-quantity',
        line: 4,
        column: (text.split('\n')[3]?.indexOf('empirical') ?? 0) + 1,
        hint: 'no such file',
      },
    ]);
  });
});

test('a kind of the user stands where the built-in ones stand', () => {
  const [, service] = options.kinds;
  const own = { ...service!, name: 'robot' };
  const { plan } = loadDesign(smallest.replace('kind: service', 'kind: robot'), { ...options, kinds: [own] });
  expect(plan?.components[0]?.kind).toBe('robot');
});
