/**
 * Blocks of tenfold/blocks beside the libraries that people use today, each doing the same work. A contender is made
 * once and then asked for so many operations; what it returns is checked, so that nobody wins by doing nothing.
 */

import { zipfKeys } from './requests.ts';

/** Does so many operations; returns how many of them went as they should. */
export type Work = (operations: number) => number | Promise<number>;

export interface Race {
  readonly name: string;
  /** What an operation is. */
  readonly what: string;
  /** Where the time goes, for a race that is close. */
  readonly why?: string;
  readonly operations: number;
  /** By name; the first is ours. */
  readonly contenders: Readonly<Record<string, () => Promise<Work>>>;
  /** Least ratio of our speed to that of each other one; null where there is no goal. */
  readonly goal: number | null;
}

const blocks = () => import('../../src/blocks/library.ts');

/** A package that brings no types, as the few things of it that are used. */
async function untyped<T>(name: string): Promise<T> {
  return ((await import(name)) as { default: T }).default;
}

const plenty = 1e12;

/** Takes a token for each key in turn, by the library. */
async function flexible(keys: readonly string[]): Promise<Work> {
  const { RateLimiterMemory } = await import('rate-limiter-flexible');
  const limiter = new RateLimiterMemory({ points: plenty, duration: 3600 });
  return async (operations) => {
    let passed = 0;
    for (let i = 0; i < operations; i++) {
      await limiter.consume(keys[i % keys.length]!);
      passed++;
    }
    return passed;
  };
}

/** Asks for a token so often, by a clock. */
function taking(take: (i: number, now: number) => number): Work {
  return (operations) => {
    let passed = 0;
    for (let i = 0; i < operations; i++) if (take(i, Date.now()) === 0) passed++;
    return passed;
  };
}

const tokenBucket: Race = {
  name: 'token bucket',
  what: 'the one limiter of a dependency lets a call through; theirs has it under a key',
  why: 'Six sevenths of ours is reading the clock, which theirs does as well.',
  operations: 2_000_000,
  goal: 5,
  contenders: {
    tenfold: async () => {
      const { TokenBucket } = await blocks();
      const limiter = new TokenBucket({ rate: plenty, burst: plenty });
      return taking((_, now) => limiter.tryTake(now));
    },
    'rate-limiter-flexible': () => flexible(['dependency']),
  },
};

const users = Array.from({ length: 1000 }, (_, i) => `user-${i}`);

const keyedLimit: Race = {
  name: 'rate limit by key',
  what: 'one of 1,000 keys takes a token',
  why: 'Three quarters of ours is the clock and the look into a map of keys, which theirs does as well.',
  operations: 2_000_000,
  goal: 5,
  contenders: {
    tenfold: async () => {
      const { KeyedRateLimiter } = await blocks();
      const limiter = new KeyedRateLimiter('token-bucket', { rate: plenty, burst: plenty, maxKeys: 2000 });
      return taking((i, now) => limiter.tryTake(users[i % users.length]!, now));
    },
    'rate-limiter-flexible': () => flexible(users),
  },
};

/** What opossum offers, as far as it is used here. */
type Opossum = new (action: () => Promise<number>, options: object) => { fire(): Promise<number> };

const trip = { kind: 'count-window', calls: 100, minimumCalls: 100, failureRate: 0.5 } as const;
const one = async (): Promise<number> => 1;

const peers = {
  opossum: async (): Promise<Work> => {
    const CircuitBreaker = await untyped<Opossum>('opossum');
    const breaker = new CircuitBreaker(one, { timeout: false, errorThresholdPercentage: 50 });
    return async (operations) => {
      let passed = 0;
      for (let i = 0; i < operations; i++) passed += await breaker.fire();
      return passed;
    };
  },
  cockatiel: async (): Promise<Work> => {
    const { circuitBreaker, CountBreaker, handleAll } = await import('cockatiel');
    const policy = circuitBreaker(handleAll, {
      halfOpenAfter: 60_000,
      breaker: new CountBreaker({ threshold: 0.5, size: 100 }),
    });
    return async (operations) => {
      let passed = 0;
      for (let i = 0; i < operations; i++) passed += await policy.execute(one);
      return passed;
    };
  },
};

const breakerDecision: Race = {
  name: 'breaker, decision',
  what: 'a call passes a closed breaker and reports success; ours is told the time, theirs have no synchronous way',
  operations: 1_000_000,
  goal: 5,
  contenders: {
    tenfold: async () => {
      const { CircuitBreaker } = await blocks();
      const breaker = new CircuitBreaker({
        trip,
        openFor: 60_000,
        halfOpen: { probes: 10, giveUpAfter: 60_000 },
      });
      return (operations) => {
        let passed = 0;
        for (let i = 0; i < operations; i++) {
          const permit = breaker.tryAcquire(i);
          if (permit === 0) continue;
          breaker.report(permit, i + 1, 1, true);
          passed++;
        }
        return passed;
      };
    },
    ...peers,
  },
};

const breakerCall: Race = {
  name: 'breaker, async call',
  what: 'an async function is called through a closed breaker',
  why: 'Most of ours is awaiting: the promise of the function, and that of the call.',
  operations: 1_000_000,
  goal: 1.2,
  contenders: {
    tenfold: async () => {
      const { BreakerGuard } = await blocks();
      const guard = new BreakerGuard({ trip });
      return async (operations) => {
        let passed = 0;
        for (let i = 0; i < operations; i++) passed += await guard.run(one);
        return passed;
      };
    },
    ...peers,
  },
};

const DRAWS = 1 << 22;

interface MapLike {
  get(key: number): number | undefined;
  set(key: number, value: number): unknown;
}

function lru(entries: number): Race {
  const used = async (cache: MapLike): Promise<Work> => {
    const keys = zipfKeys(entries * 10, DRAWS);
    let at = 0;
    return (operations) => {
      let asked = 0;
      for (let i = 0; i < operations; i++) {
        const key = keys[at++ & (DRAWS - 1)]!;
        if (cache.get(key) === undefined) cache.set(key, key);
        asked++;
      }
      return asked;
    };
  };
  return {
    why: 'About half of ours is the `Map` with which both find their entries, and at a million keys all of it waits for memory.',
    name: `LRU of ${entries.toLocaleString('en')}`,
    what: `a lookup, and a set after a miss; ${(entries * 10).toLocaleString('en')} keys, Zipf 1.0`,
    operations: 4_000_000,
    goal: 1,
    contenders: {
      tenfold: async () => {
        const { CacheMap } = await blocks();
        return used(new CacheMap<number, number>({ capacity: entries, expectedEntries: entries }));
      },
      'lru-cache': async () => {
        const { LRUCache } = await import('lru-cache');
        return used(new LRUCache<number, number>({ max: entries }));
      },
    },
  };
}

const NODES = 100;
const nodeNames = Array.from({ length: NODES }, (_, i) => `node-${i}.example:6379`);

/** Looks up keys that are all different. */
function lookups(locate: (key: string) => unknown): Work {
  let next = 0;
  return (operations) => {
    let found = 0;
    for (let i = 0; i < operations; i++) if (locate(`key-${next++}`) !== undefined) found++;
    return found;
  };
}

const located = (name: 'ring' | 'jump' | 'maglev') => async (): Promise<Work> => {
  const { createLocator, hashString } = await blocks();
  const locator = createLocator(name, NODES, (name === 'jump' ? {} : { ids: nodeNames }) as never);
  return lookups((key) => locator.locate(hashString(key)));
};

const ring: Race = {
  name: 'hash ring',
  what: `the node of a key never seen before, of ${NODES}`,
  operations: 500_000,
  goal: 3,
  contenders: {
    tenfold: located('ring'),
    hashring: async () => {
      const HashRing =
        await untyped<new (nodes: readonly string[]) => { get(key: string): string }>('hashring');
      const hashes = new HashRing(nodeNames);
      return lookups((key) => hashes.get(key));
    },
    'tenfold, jump': located('jump'),
    'tenfold, maglev': located('maglev'),
  },
};

const uuid: Race = {
  name: 'UUIDv7',
  what: 'one identifier, as text',
  operations: 2_000_000,
  goal: 1,
  contenders: {
    tenfold: async () => {
      const { createUuidV7 } = await blocks();
      const next = createUuidV7();
      return (operations) => {
        let right = 0;
        for (let i = 0; i < operations; i++) if (next().charCodeAt(14) === 55) right++;
        return right;
      };
    },
    uuid: async () => {
      const { v7 } = await import('uuid');
      return (operations) => {
        let right = 0;
        for (let i = 0; i < operations; i++) if (v7().charCodeAt(14) === 55) right++;
        return right;
      };
    },
  },
};

export const races: readonly Race[] = [
  tokenBucket,
  keyedLimit,
  breakerDecision,
  breakerCall,
  lru(100_000),
  lru(1_000_000),
  ring,
  uuid,
];

export function raceNamed(name: string): Race {
  const race = races.find((each) => each.name === name);
  if (race === undefined)
    throw new RangeError(`race must be one of ${races.map((r) => r.name).join(', ')}, got ${name}`);
  return race;
}
