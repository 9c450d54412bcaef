/** What the compiler promises to those who use the blocks. It is `npm run check:types` that fails here. */
import { describe, expectTypeOf, test } from 'vitest';
import type * as blocks from './library.ts';

type Blocks = typeof blocks;
type Name = keyof Blocks;
type AnyClass = abstract new (...args: never) => unknown;
type AnyFunction = (...args: never) => unknown;
type Instance<N extends Name> = Blocks[N] extends abstract new (...args: never) => infer It ? It : never;
type Arguments<N extends Name> = Blocks[N] extends abstract new (
  ...args: infer Args
) => unknown
  ? Args[number]
  : never;

/** What `snapshot` gives. */
type State<N extends Name> = [Instance<N>] extends [never]
  ? never
  : Instance<N> extends { snapshot(): infer It }
    ? It
    : never;

/** Every class with a `snapshot`. */
type Lasting = { [N in Name]: [State<N>] extends [never] ? never : N }[Name];

/** T itself where it is made of what JSON can say; what a caller brings along is the caller's. */
type Json<T> = unknown extends T
  ? T
  : T extends string | number | boolean | null
    ? T
    : T extends AnyFunction
      ? never
      : { readonly [Key in keyof T]: Json<T[Key]> };

/** What a state can be given to: a constructor, its options, `restore` of the class, a function `restore…`. */
type Taken<N extends Name> =
  | Arguments<N>
  | (Arguments<N> extends infer Each ? (Each extends { readonly state?: infer It } ? It : never) : never)
  | (Blocks[N] extends { restore(...args: infer Args): unknown } ? Args[number] : never)
  | {
      [F in Name]: F extends `restore${string}` ? Parameters<Extract<Blocks[F], AnyFunction>>[number] : never;
    }[Name];

describe('states', () => {
  test('there are many, and this looks at them', () => {
    expectTypeOf<
      'TokenBucket' | 'CircuitBreaker' | 'Stickiness' | 'MessageQueue' | 'HotKeys'
    >().toExtend<Lasting>();
    expectTypeOf<Instance<'TokenBucket'>>().not.toBeAny();
  });

  test('are made of what JSON can say', () => {
    type NotJson = { [N in Lasting]: [State<N>] extends [Json<State<N>>] ? never : N }[Lasting];
    expectTypeOf<NotJson>().toBeNever();
  });

  test('can be given back to what they were taken of', () => {
    type Lost = { [N in Lasting]: [State<N>] extends [Taken<N>] ? never : N }[Lasting];
    expectTypeOf<Lost>().toBeNever();
  });
});

describe('nothing is any', () => {
  type IsAny<T> = 0 extends 1 & T ? true : false;
  type Loose<N extends Name> = Blocks[N] extends AnyClass
    ? { [Key in keyof Instance<N>]: IsAny<Instance<N>[Key]> }[keyof Instance<N>]
    : Blocks[N] extends AnyFunction
      ? IsAny<ReturnType<Blocks[N]>>
      : IsAny<Blocks[N]>;

  test('neither a member of a class, nor what a function returns', () => {
    type Found = { [N in Name]: true extends Loose<N> ? N : never }[Name];
    expectTypeOf<Found>().toBeNever();
  });
});

/** Whether a block takes such arguments. */
type Takes<N extends Name, Args extends readonly unknown[]> = Blocks[N] extends abstract new (
  ...args: infer Wanted
) => unknown
  ? Args extends Wanted
    ? true
    : false
  : Blocks[N] extends (...args: infer Wanted) => unknown
    ? Args extends Wanted
      ? true
      : false
    : never;

describe('names are those of the tables, and each name has its own options', () => {
  test('balance', () => {
    expectTypeOf<blocks.BalanceAlgorithm>().toEqualTypeOf<Blocks['balanceAlgorithms'][number]>();
    expectTypeOf<Takes<'createBalancer', ['power-of-d', 3]>>().toEqualTypeOf<true>();
    expectTypeOf<Takes<'createBalancer', ['fastest', 3]>>().toEqualTypeOf<false>();
    expectTypeOf<Takes<'createBalancer', ['random', { targets: 3 }]>>().toEqualTypeOf<false>();
    expectTypeOf<Takes<'Stickiness', [{ maxSessions: 10 }]>>().toEqualTypeOf<false>();
  });

  test('limit', () => {
    expectTypeOf<blocks.RateLimiterName>().toEqualTypeOf<Blocks['rateLimiters'][number]>();
    expectTypeOf<blocks.ConcurrencyLimitName>().toEqualTypeOf<Blocks['concurrencyLimits'][number]>();
    expectTypeOf<Takes<'TokenBucket', [{ rate: 1; burst: 1 }]>>().toEqualTypeOf<true>();
    expectTypeOf<Takes<'TokenBucket', [{ limit: 1; window: 1 }]>>().toEqualTypeOf<false>();
    expectTypeOf<Takes<'FixedWindow', [{ limit: 1; window: 1 }]>>().toEqualTypeOf<true>();
    expectTypeOf<Takes<'FixedWindow', [{ rate: 1; burst: 1 }]>>().toEqualTypeOf<false>();
    expectTypeOf<blocks.RateLimiterOptions>().toHaveProperty('sliding-counter');
  });

  test('protect', () => {
    type Backoff = Parameters<Blocks['createBackoff']>[0];
    expectTypeOf<{ kind: 'none' }>().toExtend<Backoff>();
    expectTypeOf<{ kind: 'full-jitter'; base: 1; cap: 2 }>().toExtend<Backoff>();
    expectTypeOf<{ kind: 'full-jitter' }>().not.toExtend<Backoff>();
    expectTypeOf<{ kind: 'some-jitter'; base: 1; cap: 2 }>().not.toExtend<Backoff>();
    expectTypeOf<{ kind: 'consecutive'; failures: 5 }>().toExtend<blocks.TripOptions>();
    expectTypeOf<{ kind: 'consecutive'; failureRate: 0.5 }>().not.toExtend<blocks.TripOptions>();
    expectTypeOf<{
      kind: 'count-window';
      calls: 100;
      minimumCalls: 10;
      failureRate: 0.5;
    }>().toExtend<blocks.TripOptions>();
    expectTypeOf<{ kind: 'ratio' }>().not.toExtend<blocks.RetryBudgetOptions>();
    expectTypeOf<
      Takes<'CircuitBreaker', [{ trip: { kind: 'consecutive'; failures: 5 } }]>
    >().toEqualTypeOf<false>();
  });

  test('cache', () => {
    expectTypeOf<blocks.EvictionPolicy>().toEqualTypeOf<Blocks['evictionPolicies'][number]>();
    expectTypeOf<Takes<'createCache', ['sieve', { capacity: 10 }]>>().toEqualTypeOf<true>();
    expectTypeOf<Takes<'createCache', ['mru', { capacity: 10 }]>>().toEqualTypeOf<false>();
    expectTypeOf<Takes<'createCache', ['lru', { maxSize: 10 }]>>().toEqualTypeOf<false>();
  });

  test('place', () => {
    expectTypeOf<blocks.LocatorName>().toEqualTypeOf<Blocks['locators'][number]>();
    expectTypeOf<blocks.Sharding>().toEqualTypeOf<Blocks['shardings'][number]>();
    expectTypeOf<Takes<'createShardMap', ['hash', 4, { slots: 16 }]>>().toEqualTypeOf<true>();
    expectTypeOf<Takes<'createShardMap', ['modulo', 4]>>().toEqualTypeOf<false>();
    expectTypeOf<Takes<'quorumFacts', [{ replicas: 3; reads: 2 }]>>().toEqualTypeOf<false>();
  });

  test('deliver', () => {
    expectTypeOf<blocks.BackPressure>().toEqualTypeOf<Blocks['backPressures'][number]>();
    expectTypeOf<Takes<'BoundedBuffer', [{ capacity: 1; whenFull: 'wait' }]>>().toEqualTypeOf<false>();
    expectTypeOf<blocks.Assignor>().toEqualTypeOf<typeof blocks.assignRange>();
  });
});

describe('what a caller brings along is known to what comes back', () => {
  test('keys and values of a cache', () => {
    type Users = blocks.CacheMap<string, { readonly name: string }>;
    expectTypeOf<ReturnType<Users['get']>>().toEqualTypeOf<{ readonly name: string } | undefined>();
    expectTypeOf<Parameters<Users['get']>>().toEqualTypeOf<[key: string]>();
    expectTypeOf<Parameters<Users['set']>[1]>().toEqualTypeOf<{ readonly name: string }>();
  });

  test('the answer of a call, and of its fallback', () => {
    type Plain = Awaited<ReturnType<typeof plain.run<number>>>;
    type Guarded = Awaited<ReturnType<typeof guarded.run<number>>>;
    const plain = null as unknown as blocks.Policy;
    const guarded = null as unknown as blocks.Policy<'cached'>;
    expectTypeOf<Plain>().toEqualTypeOf<number>();
    expectTypeOf<Guarded>().toEqualTypeOf<number | 'cached'>();
  });

  test('keys that are hot', () => {
    type Hot = ReturnType<blocks.HotKeys<string>['hot']>[number];
    expectTypeOf<Hot['key']>().toEqualTypeOf<string>();
    expectTypeOf<Parameters<blocks.HotKeys<string>['record']>[0]>().toEqualTypeOf<string>();
  });

  test('what shards are split at', () => {
    type Moves = ReturnType<typeof blocks.planRangeMoves<string>>;
    expectTypeOf<Moves['ranges'][number]['low']>().toEqualTypeOf<string | null>();
    // Keys of both maps are of one sort.
    type Both = Parameters<typeof blocks.planRangeMoves<number>>;
    expectTypeOf<blocks.RangeShards<string>>().not.toExtend<Both[0]>();
  });
});

describe('refusals are typed', () => {
  test('an error says why in words that a switch can be checked against', () => {
    const inWords = (reason: blocks.RefusalReason): string => {
      switch (reason) {
        case 'timeout':
        case 'deadline':
          return 'late';
        case 'breaker-open':
        case 'no-target':
          return 'down';
        case 'bulkhead-full':
        case 'rate-limited':
        case 'throttled':
        case 'overloaded':
        case 'shed':
        case 'retry-budget':
        case 'keys-full':
        case 'buffer-full':
          return 'busy';
        case 'closed':
          return 'over';
        case 'in-progress':
        case 'key-reused':
          return 'repeated';
      }
    };
    expectTypeOf(inWords).returns.toBeString();
    expectTypeOf<blocks.TimeoutError>().toExtend<blocks.RefusedError>();
    expectTypeOf<blocks.RefusedError['retryAfterMs']>().toEqualTypeOf<number | null>();
  });

  test('events of guards are told apart by their guard and type', () => {
    type OfBreaker = Extract<blocks.PolicyEvent, { readonly guard: 'breaker' }>;
    expectTypeOf<OfBreaker>().not.toBeNever();
    expectTypeOf<Extract<OfBreaker, { readonly type: 'state' }>>().toHaveProperty('to');
    expectTypeOf<Extract<blocks.PolicyEvent, { readonly guard: 'brake' }>>().toBeNever();
  });
});
