/**
 * Small random designs for property tests: one to four services in a row of calls without cycles, with
 * balancers, a cache and a database, every kind of step, and open and closed traffic, lossy or not.
 * A design is plain data; as JSON it is a design file, since JSON is YAML.
 */
import fc from 'fast-check';
import type { StepInput } from '../src/design/index.ts';

/** A design as it would be written in a file. */
export interface RandomDesign {
  readonly name: string;
  readonly network: { readonly latency: string };
  readonly data: Readonly<Record<string, object>>;
  readonly traffic: Readonly<Record<string, object>>;
  readonly components: Readonly<Record<string, object>>;
}

/** What a service may ask for, and where the key comes from. */
interface Reach {
  /** Operations to call. */
  readonly targets: readonly string[];
  readonly cached: boolean;
  readonly stored: boolean;
}

const law = fc.constantFrom(
  'exponential(10ms)',
  'exponential(50ms)',
  'uniform(1ms, 20ms)',
  'lognormal(p50: 5ms, p99: 60ms)',
  'hyperexponential(mean: 10ms, cv: 3)',
  'erlang(3, 20ms)',
  'gamma(mean: 10ms, cv: 0.5)',
  'weibull(shape: 0.7, scale: 10ms)',
  'bounded-pareto(low: 1ms, high: 2s, alpha: 1.3)',
  'empirical(1ms, 5ms, 40ms)',
  '10ms',
  '0s',
);

const timeout = fc.option(fc.constantFrom('5ms', '30ms', '200ms'), { nil: undefined });

/** Drops what is undefined, as a writer leaves it out. */
function written<T extends object>(of: T): T {
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as T;
}

function leaf(reach: Reach): fc.Arbitrary<StepInput> {
  const options: fc.Arbitrary<StepInput>[] = [
    law.map((compute) => ({ compute })),
    law.map((wait) => ({ wait })),
  ];
  if (reach.targets.length > 0) {
    options.push(
      fc
        .record({ call: fc.constantFrom(...reach.targets), timeout })
        .map((step) => written(step) as StepInput),
    );
  }
  if (reach.stored) {
    const through = reach.cached ? fc.constantFrom('cache', undefined) : fc.constant(undefined);
    options.push(
      fc
        .record({
          read: fc.constant('item'),
          from: fc.constant('store'),
          through,
          key: fc.constant('item'),
          timeout,
        })
        .map((step) => written(step) as StepInput),
      fc
        .record({
          write: fc.constant('item'),
          to: fc.constant('store'),
          invalidate: through,
          key: fc.constantFrom('item', 'new item'),
          timeout,
        })
        .map((step) => written(step) as StepInput),
    );
  }
  return fc.oneof(...options);
}

function steps(reach: Reach, depth: number): fc.Arbitrary<readonly StepInput[]> {
  return fc.array(step(reach, depth), { minLength: 1, maxLength: 3 });
}

function step(reach: Reach, depth: number): fc.Arbitrary<StepInput> {
  if (depth === 0) return leaf(reach);
  const inner = steps(reach, depth - 1);
  const parallel = fc.tuple(fc.array(inner, { minLength: 1, maxLength: 3 }), fc.nat({ max: 2 })).map(
    ([branches, fewer]): StepInput => ({
      parallel: branches,
      'wait for': Math.max(1, branches.length - fewer),
    }),
  );
  const choose = fc.tuple(inner, inner).map(
    ([a, b]): StepInput => ({
      choose: [
        { probability: '60%', do: a },
        { probability: '30%', do: b },
      ],
    }),
  );
  const sometimesFail = fc.constant<StepInput>({
    choose: [{ probability: '10%', do: [{ fail: 'bad luck' }] }],
  });
  const repeat = fc
    .tuple(fc.integer({ min: 1, max: 3 }), inner)
    .map(([times, of]): StepInput => ({ repeat: times, do: of }));
  const journey = fc.tuple(inner, inner).map(
    ([a, b]): StepInput => ({
      journey: {
        start: { do: a, next: { again: '50%' } },
        again: { do: b, next: { start: '30%', again: '20%' } },
      },
    }),
  );
  return fc.oneof({ weight: 4, arbitrary: leaf(reach) }, parallel, choose, sometimesFail, repeat, journey);
}

const discipline = fc.constantFrom('fifo', 'lifo', 'processor-sharing', 'srpt', 'priority');
const algorithm = fc.constantFrom('random', 'round-robin', 'least-connections', 'power-of-two');
const optional = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined });

/** Memory for few requests or for many, which refuses, or takes the instance down; seldom, since it costs the formulas much. */
const memory = fc.record({
  memory: fc.constantFrom('30MB', '60MB', '1GB'),
  'memory-per-request': fc.constant('10MB'),
  'memory-base': fc.constantFrom(undefined, '20MB'),
  'when-full': fc.constantFrom(undefined, 'refuse', 'kill'),
  restart: fc.constantFrom(undefined, '1ms', '2s'),
});

function service(reach: Reach): fc.Arbitrary<object> {
  return fc
    .record({
      kind: fc.constant('service'),
      instances: fc.integer({ min: 1, max: 3 }),
      cores: fc.integer({ min: 1, max: 2 }),
      model: fc.constantFrom('threads', 'event-loop'),
      workers: optional(fc.integer({ min: 1, max: 4 })),
      queue: optional(fc.integer({ min: 0, max: 5 })),
      discipline,
      balance: algorithm,
      operations: fc.record({ work: steps(reach, 2) }),
      bounded: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, memory),
    })
    .map(({ bounded, ...others }) => written({ ...others, ...bounded }));
}

const cache = fc
  .record({
    kind: fc.constant('cache'),
    holds: fc.constant('item'),
    items: fc.integer({ min: 1, max: 200 }),
    evict: fc.constantFrom('lru', 'fifo', 'lfu'),
    ttl: optional(fc.constantFrom('1s', '10s ± 10%', 'exponential(2s)')),
    nodes: fc.integer({ min: 1, max: 2 }),
    time: fc.constantFrom('0s', '1ms', 'exponential(2ms)'),
    start: fc.constantFrom('warm', 'cold'),
  })
  .map(written);

/** Replicas that follow the primary of a store. */
const following = fc.record({
  replicas: fc.integer({ min: 1, max: 2 }),
  reads: fc.constantFrom(undefined, 'primary', 'replicas', 'any'),
  lag: fc.constantFrom('0s', '20ms', 'exponential(50ms)'),
  'confirmed-by': fc.constantFrom(undefined, 1),
  takeover: fc.constantFrom(undefined, '500ms'),
});

const store = fc
  .record({
    kind: fc.constant('database'),
    stores: fc.constant('item'),
    connections: fc.integer({ min: 1, max: 5 }),
    queue: optional(fc.integer({ min: 0, max: 5 })),
    cores: fc.integer({ min: 1, max: 2 }),
    disks: optional(fc.integer({ min: 1, max: 2 })),
    read: fc.record({ cpu: law, disk: law }),
    write: fc.record({ cpu: law, disk: law }),
    following: optional(following),
  })
  .map(({ following: replicated, ...others }) => written({ ...others, ...replicated }));

function traffic(calls: readonly string[]): fc.Arbitrary<object> {
  const common = {
    call: fc.constantFrom(...calls),
    timeout: optional(fc.constantFrom('20ms', '500ms')),
    priority: fc.nat({ max: 2 }),
  };
  const open = fc.record({
    ...common,
    rate: fc.constantFrom('1/s', '5/s', '20/s', '60/s'),
    arrivals: fc.constantFrom('poisson', 'constant', 'hyperexponential(mean: 1s, cv: 2)'),
    batch: optional(fc.constantFrom(2, 3)),
    shape: optional(
      fc.constant([
        { at: '0s', times: '1x' },
        { at: '5s', times: '3x' },
        { at: '6s', times: '0.5x' },
      ]),
    ),
  });
  const closed = fc.record({
    ...common,
    users: fc.integer({ min: 1, max: 8 }),
    think: fc.constantFrom('exponential(200ms)', '100ms'),
  });
  return fc.oneof(open, closed).map(written);
}

const item = fc.record({
  count: fc.constantFrom('1', '50', '5000'),
  size: fc.constant('500B'),
  popularity: fc.constantFrom('uniform', 'zipf(1)'),
});

/** A random small design. */
export const randomDesign: fc.Arbitrary<RandomDesign> = fc
  .record({
    services: fc.integer({ min: 1, max: 4 }),
    stored: fc.boolean(),
    cached: fc.boolean(),
    balanced: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  })
  .chain(({ services, stored, cached, balanced }) => {
    const names = Array.from({ length: services }, (_, index) => `service-${index + 1}`);
    const front = (index: number): string =>
      balanced[index] === true ? `balancer-${index + 1}` : names[index]!;
    const calls = names.map((_, index) => `${front(index)}.work`);
    const parts: Record<string, fc.Arbitrary<object>> = {};
    names.forEach((name, index) => {
      parts[name] = service({ targets: calls.slice(index + 1), cached: cached && stored, stored });
      if (balanced[index] === true) {
        parts[front(index)] = algorithm.map((of) => ({ kind: 'load-balancer', algorithm: of, to: name }));
      }
    });
    if (stored) parts['store'] = store;
    if (stored && cached) parts['cache'] = cache;
    return fc.record({
      name: fc.constant('random'),
      network: fc.record({ latency: fc.constantFrom('0s', '1ms', 'exponential(500us)') }),
      data: stored ? fc.record({ item }) : fc.constant({}),
      traffic: fc
        .array(traffic(calls), { minLength: 1, maxLength: 3 })
        .map((of) => Object.fromEntries(of.map((one, index) => [`traffic-${index + 1}`, one]))),
      components: fc.record(parts),
    });
  });
