import { describe, expect, it } from 'vitest';
import * as blocks from './library.ts';

type Given = Readonly<Record<string, unknown>>;

/** As plain JavaScript hands it in: nothing has looked at the types. */
const plain = (options: unknown): never => options as never;

const bucket = { rate: 1, burst: 1 };
const counted = { limit: 1, window: 1 };
const limiter = new blocks.TokenBucket(bucket);
const keyed = new blocks.KeyedRateLimiter('token-bucket', { ...bucket, maxKeys: 1 });
const keys = new blocks.IdempotencyKeys({ capacity: 1, lease: 1, keep: 1 });
const random = { next: () => 0 };
const trip = { kind: 'consecutive', failures: 5 };
const halfOpen = { probes: 1, giveUpAfter: 1 };
const backoff = { kind: 'none' };
const shedding = { from: 1, full: 2 };
const percentile = { percentile: 0.9, halfLife: 100, minimumObservations: 1 };
const probes = { probe: () => true, intervalMs: 1e9 };

/** Whatever takes options when it is made: how it is made, and options that it takes. */
const makes: Record<string, readonly [make: (options: never) => unknown, options: Given]> = {
  AdaptiveLifo: [(options) => new blocks.AdaptiveLifo(options), { capacity: 10, threshold: 5 }],
  AdaptiveThrottle: [(options) => new blocks.AdaptiveThrottle(options), { window: 1 }],
  AimdLimit: [(options) => new blocks.AimdLimit(options), {}],
  AsyncBuffer: [(options) => new blocks.AsyncBuffer(options), { capacity: 1, whenFull: 'block' }],
  Autoscaler: [(options) => new blocks.Autoscaler(options, 0, 1), { from: 1, to: 2, targets: [1] }],
  BalancedPool: [(options) => new blocks.BalancedPool(['a'], options), {}],
  BloomFilter: [(options) => new blocks.BloomFilter(options), { bits: 8, hashes: 1 }],
  BoundedBuffer: [(options) => new blocks.BoundedBuffer(options), { capacity: 1, whenFull: 'block' }],
  BoundedLoadRing: [(options) => new blocks.BoundedLoadRing(2, options), {}],
  BreakerGuard: [(options) => new blocks.BreakerGuard(options), {}],
  Bulkhead: [(options) => new blocks.Bulkhead(options), { maxInFlight: 1 }],
  BulkheadGuard: [(options) => new blocks.BulkheadGuard(options), { maxInFlight: 1 }],
  BurnAlerts: [(options) => new blocks.BurnAlerts(options), { objective: 0.99 }],
  CacheMap: [(options) => new blocks.CacheMap(options), { capacity: 1 }],
  CachedLoader: [
    (options) => new blocks.CachedLoader(options),
    { load: async () => 1, capacity: 1, ttlMs: 1 },
  ],
  CircuitBreaker: [(options) => new blocks.CircuitBreaker(options), { trip, openFor: 1, halfOpen }],
  Codel: [(options) => new blocks.Codel(options), { target: 1, interval: 20 }],
  ConcurrencyLimiter: [
    (options) => new blocks.ConcurrencyLimiter(new blocks.FixedLimit({ limit: 1 }), options),
    {},
  ],
  CountMin: [(options) => new blocks.CountMin(options), { width: 8, depth: 2 }],
  DedupWindow: [(options) => new blocks.DedupWindow(options), { span: 1, capacity: 1 }],
  DeficitRoundRobin: [(options) => new blocks.DeficitRoundRobin(options), { tenants: 1, capacity: 1 }],
  DirectoryShards: [
    (options) => new blocks.DirectoryShards(options),
    { fallback: blocks.evenSlots(1, 1), maxEntries: 1 },
  ],
  DurationWindow: [(options) => new blocks.DurationWindow(options), { span: 1 }],
  FallbackGuard: [(options) => new blocks.FallbackGuard(options), { fallback: () => 1 }],
  FixedLimit: [(options) => new blocks.FixedLimit(options), { limit: 1 }],
  FixedWindow: [(options) => new blocks.FixedWindow(options), counted],
  Gcra: [(options) => new blocks.Gcra(options), { rate: 1 }],
  Gradient2Limit: [(options) => new blocks.Gradient2Limit(options), {}],
  HashRing: [(options) => new blocks.HashRing(2, options), {}],
  HedgeGuard: [(options) => new blocks.HedgeGuard(options), { after: 1, budget: null }],
  HedgePolicy: [(options) => new blocks.HedgePolicy(options), { after: percentile, budget: null }],
  HotKeys: [(options) => new blocks.HotKeys(options), { threshold: 0.1, halfLife: 100 }],
  HyperLogLog: [(options) => new blocks.HyperLogLog(options), { precision: 8 }],
  IdempotencyGuard: [(options) => new blocks.IdempotencyGuard(keys, options), {}],
  IdempotencyKeys: [(options) => new blocks.IdempotencyKeys(options), { capacity: 1, lease: 1, keep: 1 }],
  JumpLocator: [(options) => new blocks.JumpLocator(2, options), {}],
  KeyedRateLimiter: [
    (options) => new blocks.KeyedRateLimiter('token-bucket', options),
    { ...bucket, maxKeys: 1 },
  ],
  KeyedRateLimiterAdapter: [(options) => new blocks.KeyedRateLimiterAdapter(keyed, options), {}],
  LatencyPercentile: [(options) => new blocks.LatencyPercentile(options), { percentile: 0.9, halfLife: 100 }],
  LeakyBucket: [(options) => new blocks.LeakyBucket(options), { rate: 1, capacity: 1 }],
  Leases: [(options) => new blocks.Leases(options), { timeout: 1, maxLeases: 1 }],
  LoadShedder: [
    (options) => new blocks.LoadShedder(options),
    { classes: [shedding], targetDelay: 1, window: 1 },
  ],
  MaglevLocator: [(options) => new blocks.MaglevLocator(2, options), {}],
  MessageQueue: [(options) => new blocks.MessageQueue(options), { capacity: 1, visibilityTimeout: 1 }],
  ModuloLocator: [(options) => new blocks.ModuloLocator(2, options), {}],
  NamespaceVersions: [(options) => new blocks.NamespaceVersions(options), { maxNamespaces: 1 }],
  NegativeCache: [(options) => new blocks.NegativeCache(options), { ttl: 1, maxKeys: 1 }],
  OutlierEjection: [
    (options) => new blocks.OutlierEjection(2, options),
    { interval: 1, baseEjectionTime: 1 },
  ],
  PartitionedLog: [(options) => new blocks.PartitionedLog(options), { partitions: 1, retention: 1 }],
  Policy: [(options) => new blocks.Policy(options), {}],
  PriorityDiscipline: [(options) => new blocks.PriorityDiscipline(options), { levels: 1, capacity: 1 }],
  RateLimiterAdapter: [(options) => new blocks.RateLimiterAdapter(limiter, options), {}],
  RedWindow: [(options) => new blocks.RedWindow(options), { span: 1 }],
  RendezvousLocator: [(options) => new blocks.RendezvousLocator(2, options), {}],
  RetryGuard: [(options) => new blocks.RetryGuard(options), { maxAttempts: 3, backoff }],
  RetryPolicy: [
    (options) => new blocks.RetryPolicy(options),
    { maxAttempts: 3, backoff: () => 0, budget: null },
  ],
  RiseFall: [(options) => new blocks.RiseFall(2, options), {}],
  ServiceLevel: [(options) => new blocks.ServiceLevel(options), { objective: 0.99, span: 1 }],
  ShedGuard: [(options) => new blocks.ShedGuard(options), { classes: [shedding] }],
  ShortCodes: [(options) => new blocks.ShortCodes(options), { length: 5 }],
  SingleFlight: [(options) => new blocks.SingleFlight(options), { maxKeys: 1, leadFor: 1 }],
  SingleFlightGuard: [(options) => new blocks.SingleFlightGuard(options), { maxKeys: 1 }],
  SlidingCounter: [(options) => new blocks.SlidingCounter(options), counted],
  SlidingLog: [(options) => new blocks.SlidingLog(options), counted],
  SlowStart: [(options) => new blocks.SlowStart(2, options), { window: 1 }],
  SnowflakeGenerator: [(options) => new blocks.SnowflakeGenerator(options), { workerId: 1 }],
  SnowflakeIds: [(options) => new blocks.SnowflakeIds(options), { workerId: 1 }],
  SpaceSaving: [(options) => new blocks.SpaceSaving(options), { counters: 1 }],
  Stickiness: [(options) => new blocks.Stickiness(options), { maxSessions: 1, idleTime: 1 }],
  TagIndex: [(options) => new blocks.TagIndex(options), { maxPairs: 1 }],
  TargetHealth: [(options) => new blocks.TargetHealth(blocks.createBalancer('random', 2), options), {}],
  ThrottleGuard: [(options) => new blocks.ThrottleGuard(options), {}],
  TimeoutGuard: [(options) => new blocks.TimeoutGuard(options), { timeoutMs: 1 }],
  TokenBucket: [(options) => new blocks.TokenBucket(options), bucket],
  UlidGenerator: [(options) => new blocks.UlidGenerator(random, options), {}],
  UseWindow: [(options) => new blocks.UseWindow(options), { capacity: 1, span: 1 }],
  VegasLimit: [(options) => new blocks.VegasLimit(options), {}],
  WindowedSums: [(options) => new blocks.WindowedSums(1, options), { span: 1 }],
  WorkerLeases: [(options) => new blocks.WorkerLeases(options), { workers: 1, lease: 1 }],
  createBackoff: [(options) => blocks.createBackoff(options), backoff],
  createBalancer: [(options) => blocks.createBalancer('ring', 2, options), { virtualNodes: 1 }],
  createCache: [(options) => blocks.createCache('lru', options), { capacity: 1 }],
  createConcurrencyLimit: [(options) => blocks.createConcurrencyLimit('aimd', options), {}],
  createLocator: [(options) => blocks.createLocator('maglev', 2, options), {}],
  createOrder: [(options) => blocks.createOrder('random', options), { capacity: 1, random }],
  createRateLimiter: [(options) => blocks.createRateLimiter('gcra', options), { rate: 1 }],
  createRetryBudget: [
    (options) => blocks.createRetryBudget(options),
    { kind: 'ratio', ttl: 1, minimumRate: 1 },
  ],
  createShardMap: [(options) => blocks.createShardMap('hash', 2, options), {}],
  createTrip: [(options) => blocks.createTrip(options), trip],
  createUlid: [(options) => blocks.createUlid(options), {}],
  createUuidV7: [(options) => blocks.createUuidV7(options), {}],
  policy: [(options) => blocks.policy(options), {}],
};

/** What options hold in themselves, and kinds of options beside those above. */
const inside: readonly (readonly [name: string, make: (more: Given) => unknown])[] = [
  [
    'halfOpen',
    (more) => makes['CircuitBreaker']![0](plain({ trip, openFor: 1, halfOpen: { ...halfOpen, ...more } })),
  ],
  ['trip', (more) => makes['BreakerGuard']![0](plain({ trip: { ...trip, ...more } }))],
  [
    'trip count-window',
    (more) =>
      blocks.createTrip(plain({ kind: 'count-window', calls: 9, minimumCalls: 1, failureRate: 1, ...more })),
  ],
  [
    'trip time-window',
    (more) =>
      blocks.createTrip(
        plain({ kind: 'time-window', duration: 9, minimumCalls: 1, failureRate: 1, ...more }),
      ),
  ],
  [
    'openForMs',
    (more) => makes['BreakerGuard']![0](plain({ openForMs: { kind: 'constant', delay: 1, ...more } })),
  ],
  [
    'backoff',
    (more) =>
      blocks.policy({
        retry: plain({ maxAttempts: 2, backoff: { kind: 'full-jitter', base: 1, cap: 1, ...more } }),
      }),
  ],
  [
    'budget',
    (more) =>
      new blocks.HedgeGuard({
        after: 1,
        budget: plain({ kind: 'token', maxTokens: 1, tokenRatio: 1, ...more }),
      }),
  ],
  ['after', (more) => new blocks.HedgeGuard({ after: plain({ ...percentile, ...more }), budget: null })],
  ['retry', (more) => blocks.policy({ retry: plain({ maxAttempts: 2, backoff, ...more }) })],
  ['hedge', (more) => blocks.policy({ hedge: plain({ after: 1, budget: null, ...more }), random })],
  ['throttle', (more) => blocks.policy({ throttle: plain(more), random })],
  ['bulkhead', (more) => blocks.policy({ bulkhead: plain({ maxInFlight: 1, ...more }) })],
  ['breaker', (more) => blocks.policy({ breaker: plain(more) })],
  ['a class', (more) => new blocks.ShedGuard({ classes: [plain({ ...shedding, ...more })] })],
  ['probes', (more) => new blocks.BalancedPool(['a'], { probes: plain({ ...probes, ...more }) }).dispose()],
  ['outliers', (more) => new blocks.BalancedPool(['a'], { outliers: plain(more) })],
  [
    'slowStart',
    (more) =>
      new blocks.BalancedPool(['a'], { algorithm: 'random', slowStart: plain({ windowMs: 1, ...more }) }),
  ],
  [
    'sticky',
    (more) => new blocks.BalancedPool(['a'], { sticky: plain({ maxSessions: 1, idleMs: 1, ...more }) }),
  ],
  ['balance', (more) => new blocks.BalancedPool(['a'], { balance: plain(more) })],
  [
    'a filter by its purpose',
    (more) => new blocks.BloomFilter(plain({ expectedItems: 9, falsePositiveShare: 0.1, ...more })),
  ],
];

/** Those that take no options, or are made by others. */
const without = new Set([
  'Call',
  'CountingBalancer',
  'KeyedCache',
  'KeyedPermutation',
  'LeaseList',
  'Listeners',
  'LruLife',
  'NoIdentifierError',
  'RefusedError',
  'Router',
  'SlotShards',
  'TimeoutError',
  'UuidV7Generator',
]);

describe('options', () => {
  it('ON-1 are looked at wherever something is made of them', () => {
    const isMade = ([name, value]: [string, unknown]): boolean =>
      typeof value === 'function' && (/^class\b/.test(String(value)) || name.startsWith('create'));
    const made = Object.entries(blocks).filter(isMade);
    expect(made.map(([name]) => name).filter((name) => !without.has(name) && !(name in makes))).toEqual([]);
  });

  it.each(Object.entries(makes))('ON-2 of an unknown name are refused: %s', (_, [make, options]) => {
    expect(() => make(plain({ ...options, atempts: 3 }))).toThrow(TypeError);
    expect(() => make(plain({ ...options, atempts: 3 }))).toThrow(/has no option atempts; it has/);
    // What is undefined is not given.
    make(plain({ ...options, atempts: undefined }));
  });

  it.each(inside)('ON-3 of an unknown name are refused inside of options: %s', (_, make) => {
    expect(() => make({ atempts: 3 })).toThrow(/has no option atempts; it has/);
    make({});
  });

  it('ON-4 are told the nearest name', () => {
    const message =
      /RetryGuard has no option maxAtempts; it has maxAttempts, .*: did you mean maxAttempts\?$/;
    expect(() => new blocks.RetryGuard(plain({ maxAtempts: 3, backoff }))).toThrow(message);
  });
});
