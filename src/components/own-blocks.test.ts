import { describe, expect, it } from 'vitest';
import { type Cache, CountingBalancer, createCache, createOrder, KeyedCache } from '../blocks/index.ts';
import { defineBlocks, loadDesign, type OwnBlocks, type Plan } from '../design/index.ts';
import { estimate } from '../estimate/index.ts';
import type { Report } from '../report/index.ts';
import { inlineRunner, simulate } from '../simulate/index.ts';
import { estimatedKinds, kindParts, simulatedKinds } from './index.ts';

class First extends CountingBalancer {
  pick(): number {
    return 0;
  }
}

class InTurn extends CountingBalancer {
  #next = -1;

  pick(): number {
    this.#next = (this.#next + 1) % this.targets;
    return this.#next;
  }
}

/** Lets a key in that is asked for a second time. */
class SecondAsked extends KeyedCache {
  readonly #once = new Set<number>();

  override insert(key: number, weight: number, now: number, expiresAt: number): void {
    if (this.#once.delete(key) || this.contains(key, now)) super.insert(key, weight, now, expiresAt);
    else this.#once.add(key);
  }
}

const blocks = defineBlocks({
  evict: {
    'my-lru': (options) => createCache('lru', options),
    'my-random': (options) => createCache('random', options),
    'second-asked': (options) => new SecondAsked(createOrder('lru', options), options),
  },
  balance: {
    first: (targets) => new First(targets),
    'in-turn': (targets) => new InTurn(targets),
  },
  backoff: {
    'twice-base': ({ base }) => {
      return () => 2 * base;
    },
  },
  limit: {
    'every-other': () => {
      let calls = 0;
      return {
        tryTake: () => (calls++ % 2 === 0 ? 0 : 1),
        idleAt: () => Number.POSITIVE_INFINITY,
        reset: () => {
          calls = 0;
        },
        snapshot: () => ({ version: 1, algorithm: 'token-bucket', values: [] }),
      };
    },
  },
});

function planWith(design: string, own: OwnBlocks): Plan {
  const { plan, diagnostics } = loadDesign(design, {
    file: 'own.yaml',
    kinds: kindParts().described,
    blocks: own,
  });
  if (plan === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return plan;
}

const length = { seed: 7, time: 100, replications: 4, warmup: 5 };

function run(design: string, own: OwnBlocks = blocks): Promise<Report> {
  return simulate(planWith(design, own), simulatedKinds, length, inlineRunner(simulatedKinds, own));
}

const cached = (evict: string, start = 'warm') => `
name: cached
network: { latency: 0s }
data: { page: { count: 2000, size: 1KB, popularity: zipf(1) } }
traffic: { users: { call: web.show, rate: 200/s, key: page } }
components:
  web: { kind: service, operations: { show: [ { read: page, from: pages, through: copies } ] } }
  copies: { kind: cache, holds: page, items: 200, evict: ${evict}, start: ${start}, time: 0s }
  pages: { kind: database, stores: [ page ], read: { disk: 1ms } }
`;

const spread = (algorithm: string, balance = 'random') => `
name: spread
network: { latency: 0s }
traffic: { users: { call: edge.show, rate: 90/s }, staff: { call: web.show, rate: 1/s } }
components:
  edge: { kind: load-balancer, algorithm: ${algorithm}, to: web }
  web: { kind: service, instances: 3, balance: ${balance}, operations: { show: [ { compute: 5ms } ] } }
`;

const calling = (options: string) => `
name: calling
network: { latency: 0s }
traffic: { users: { call: web.work, rate: 100/s } }
components:
  web: { kind: service, operations: { work: [ { call: server.work, ${options} } ] } }
  server: { kind: service, operations: { work: [ { choose: [ { probability: 50%, do: [ { fail: lost } ] } ] }, { compute: 1us } ] } }
`;

/** The report without the names that differ. */
const withoutNames = ({ command: _, notes: _notes, ...report }: Report) => report;

describe('an eviction of the user', () => {
  it.each([
    ['my-lru', 'lru', 'cold'],
    ['my-random', 'random', 'cold'],
    ['my-random', 'random', 'warm'],
  ])('%s that hands everything to %s gives the same bytes, %s', async (own, builtIn, start) => {
    expect(withoutNames(await run(cached(own, start)))).toEqual(
      withoutNames(await run(cached(builtIn, start))),
    );
  });

  it('shows in the hit ratio: what lets in only what is asked for twice does better than LRU', async () => {
    const ratio = async (evict: string) => (await run(cached(evict))).caches['copies']!.hitRatio;
    const own = await ratio('second-asked');
    expect(own.low).toBeGreaterThan((await ratio('lru')).high!);
    expect(await ratio('second-asked')).toEqual(own);
  });

  it('is estimated as LRU, with a note', () => {
    const own = estimate(planWith(cached('second-asked'), blocks), estimatedKinds);
    const lru = estimate(planWith(cached('lru'), blocks), estimatedKinds);
    expect(own.caches).toEqual(lru.caches);
    expect(own.notes).toContain(
      'copies: no formula is known for second-asked; the hit ratio is that of LRU: simulate it.',
    );
  });
});

describe('a balancing of the user', () => {
  it('that takes them in turn gives the same bytes as round-robin', async () => {
    expect(withoutNames(await run(spread('in-turn')))).toEqual(
      withoutNames(await run(spread('round-robin'))),
    );
  });

  it('of a load balancer and of a service, that takes the first alone: it waits as one server does (Pollaczek and Khinchine)', async () => {
    const { mean } = (await run(spread('first', 'first'))).operations['users']!.latency;
    const load = 91 * 0.005;
    const expected = 0.005 + (load * 0.005) / (2 * (1 - load));
    expect(Math.abs(mean.value! - expected)).toBeLessThan(mean.high! - mean.low!);
  });

  it('is estimated as random, with a note', () => {
    const own = estimate(planWith(spread('first'), blocks), estimatedKinds);
    const random = estimate(planWith(spread('random'), blocks), estimatedKinds);
    expect(own.operations).toEqual(random.operations);
    expect(own.notes).toContain(
      'edge: no formula is known for the balancing first; instances are taken to be chosen at random.',
    );
  });
});

describe('a backoff of the user', () => {
  const retrying = (backoff: string, base: string) =>
    calling(`retry: { attempts: 2, backoff: ${backoff}, base: ${base} }`);

  it('says how long is waited, with what the design says of it', async () => {
    const own = await run(retrying('twice-base', '20ms'));
    expect(own.operations).toEqual((await run(retrying('constant', '40ms'))).operations);
    expect(own.operations).not.toEqual((await run(retrying('constant', '20ms'))).operations);
  });

  it('is estimated as full jitter, with a note', () => {
    const own = estimate(planWith(retrying('twice-base', '20ms'), blocks), estimatedKinds);
    const jitter = estimate(planWith(retrying('full-jitter', '20ms'), blocks), estimatedKinds);
    expect(own.operations).toEqual(jitter.operations);
    expect(own.notes.join()).toContain('no formula is known for the backoff twice-base');
  });
});

describe('a limit of the user', () => {
  const limited = calling('limit: { algorithm: every-other, rate: 1000/s }');

  it('says which calls pass', async () => {
    const { success } = (await run(limited)).operations['users']!;
    expect(Math.abs(success.value! - 0.25)).toBeLessThan(success.high! - success.low!);
  });

  it('is estimated by its rate, with a note', () => {
    const { operations, notes } = estimate(planWith(limited, blocks), estimatedKinds);
    expect(operations['users']!.success.value).toBeCloseTo(0.5, 3);
    expect(notes).toContain('Limits: every-other is taken to let its rate pass.');
  });
});

describe('a faulty block', () => {
  const unmade = () => {
    throw new Error('no luck');
  };
  const cacheThat = (parts: Partial<Cache>) => {
    return ({ capacity }: { readonly capacity: number }): Cache => ({
      capacity,
      size: 0,
      weight: 0,
      evictions: 0,
      lookup: () => false,
      contains: () => false,
      insert: () => undefined,
      expireAt: () => false,
      remove: () => false,
      clear: () => undefined,
      restore: () => false,
      ...parts,
    });
  };
  class Picking extends CountingBalancer {
    readonly #target: number;

    constructor(targets: number, target: number) {
      super(targets);
      this.#target = target;
    }

    pick(): number {
      return this.#target;
    }
  }

  it.each<[string, OwnBlocks | object, string, string]>([
    ['that cannot be made', { evict: { x: unmade } }, cached('x'), 'evict x cannot be made: no luck'],
    ['that is none', { evict: { x: () => 3 } }, cached('x'), 'evict x must give a Cache, got number'],
    [
      'without its methods',
      { balance: { x: () => ({ pick: () => 0, started: () => 0 }) } },
      spread('x'),
      'balance x gives no Balancer: it has no finished, available, setAvailable, weight, setWeight',
    ],
    [
      'that fails in a run',
      { evict: { x: cacheThat({ lookup: unmade }) } },
      cached('x'),
      'evict x fails in lookup: no luck',
    ],
    [
      'without its size',
      { evict: { x: cacheThat({ size: undefined as unknown as number }) } },
      cached('x'),
      'evict x has no size, which a Cache has',
    ],
    [
      'that picks what is not there',
      { balance: { x: (n: number) => new Picking(n, n) } },
      spread('x'),
      'balance x fails in pick: it must give a target from 0 to 2, got 3',
    ],
    [
      'that picks nothing though all can be picked',
      { balance: { x: (n: number) => new Picking(n, -1) } },
      spread('x'),
      'balance x fails in pick: it must give a target from 0 to 2, got -1 though some are available',
    ],
    [
      'that gives no delay',
      { backoff: { x: () => () => Number.NaN } },
      calling('retry: { attempts: 2, backoff: x }'),
      'backoff x must give a delay of at least 0 seconds, got NaN',
    ],
    [
      'that is no function',
      { backoff: { x: () => 5 } },
      calling('retry: { attempts: 2, backoff: x }'),
      'backoff x must give a Backoff, which is a function, got number',
    ],
    [
      'that gives no time',
      { limit: { x: () => ({ tryTake: () => -1, idleAt: () => 0, reset: () => 0 }) } },
      calling('limit: { algorithm: x, rate: 1/s }'),
      'limit x fails in tryTake: it must give 0 or the time to wait, got -1',
    ],
  ])('%s is named', async (_, own, design, message) => {
    const running = run(design, own as OwnBlocks);
    await expect(running).rejects.toThrow(`the block ${message}`);
    await expect(running).rejects.toMatchObject({ name: 'FaultyBlock' });
  });
});
