/** Caches asked by key: eviction under Zipf, expiry, a stampede, and a cold start. */
import type { EvictionPolicy } from '../src/blocks/index.ts';
import type { Case, DesignModel, Expectation, RunLength } from './case.ts';
import { points, type Tolerance, within } from './case.ts';
import { complement, hitRatio, linear, station } from './figures.ts';

/** A cache in front of a store, both of which take no time: every request is one reference to one key. */
interface CacheModel {
  readonly keys: number;
  readonly popularity: string;
  readonly items: number;
  /** Left out where nothing is ever evicted. */
  readonly evict?: EvictionPolicy;
  /** Requests per second. */
  readonly rate: number;
  readonly ttl?: string;
  readonly start?: 'cold';
  /** What a read takes in the store. */
  readonly fetch?: string;
  /** Misses of a key share one fetch. */
  readonly coalesce?: boolean;
}

function cacheDesign(of: CacheModel): string {
  const cache = [
    'kind: cache',
    'holds: page',
    `items: ${of.items}`,
    ...(of.evict === undefined ? [] : [`evict: ${of.evict}`]),
    'time: 0s',
    ...(of.ttl === undefined ? [] : [`ttl: ${of.ttl}`]),
    ...(of.start === undefined ? [] : [`start: ${of.start}`]),
  ];
  // A fetch occupies a core of its own, so that fetches do not wait for each other; no machine for rent has so many.
  const machine = of.fetch === undefined ? '' : '\nconstants: { cap.database.cores: 10k }';
  const work =
    of.fetch === undefined
      ? 'read: { cpu: 0s, disk: 0s }'
      : `cores: 10k, read: { cpu: ${of.fetch}, disk: 0s }`;
  return `
name: cache
network: { latency: 0s }${machine}
data: { page: { count: ${of.keys}, size: 100B, popularity: ${of.popularity} } }
traffic: { readers: { call: site.show, rate: ${of.rate}/s, key: page } }
components:
  site: { kind: service, operations: { show: [ { read: page, from: pages, through: hot${of.coalesce === true ? ', coalesce: cache' : ''} } ] } }
  hot: { ${cache.join(', ')} }
  pages: { kind: database, stores: page, connections: 10k, ${work} }
`;
}

interface Zipf {
  readonly keys: number;
  readonly exponent: number;
  readonly items: number;
  readonly hits: number;
  readonly estimate?: Expectation['estimate'];
  readonly quick?: boolean;
  /** Longer than usual. */
  readonly length?: RunLength;
}

function zipf(evict: EvictionPolicy, of: Zipf): DesignModel {
  const many = of.keys > 2000;
  return {
    name: `${of.keys} keys, Zipf ${of.exponent}, room for ${of.items}`,
    design: cacheDesign({
      keys: of.keys,
      popularity: of.exponent === 0 ? 'uniform' : `zipf(${of.exponent})`,
      items: of.items,
      evict,
      rate: 1000,
    }),
    length: of.length ?? { time: many ? 250 : 200, replications: 20 },
    ...(of.quick === true ? { quick: { time: 50, replications: 10 } } : {}),
    expect: [
      {
        what: 'hit ratio',
        paper: of.hits,
        unit: '1',
        tolerance: points(0.3),
        read: hitRatio('hot'),
        estimate: of.estimate ?? 'approximate',
      },
    ],
  };
}

/** Che's approximation is one of large caches; with room for two to four it is a few points off. */
const small = { approximate: points(4) } as const;

/** The estimator groups keys of like popularity, which costs less than a hundredth of a point. */
const large = { approximate: points(0.01) } as const;

function expiry(rate: number, ttl: number, hits: number): DesignModel {
  return {
    name: `${rate}/s, expires after ${ttl} s`,
    design: cacheDesign({ keys: 1, popularity: 'uniform', items: 10, rate, ttl: `${ttl}s` }),
    length: { time: Math.ceil(2e5 / rate), replications: 20 },
    quick: { time: Math.ceil(4e4 / rate), replications: 20 },
    expect: [{ what: 'hit ratio', paper: hits, unit: '1', tolerance: points(0.3), read: hitRatio('hot') }],
  };
}

/** Every key fits, and none is there at the beginning. */
const coldDesign = cacheDesign({
  keys: 10_000,
  popularity: 'zipf(0.8)',
  items: 10_000,
  rate: 1000,
  start: 'cold',
});

function coldStart(seconds: number, loaded: number, tolerance: number): DesignModel {
  const asked = 1000 * seconds;
  return {
    name: `after ${seconds} s`,
    design: coldDesign,
    length: { time: seconds, replications: seconds < 10 ? 200 : 50, warmup: 0 },
    ...(seconds <= 10 ? { quick: { time: seconds, replications: 20, warmup: 0 } } : {}),
    expect: [
      {
        what: 'keys loaded',
        paper: loaded,
        unit: '1',
        tolerance: within(tolerance),
        read: linear(hitRatio('hot'), -asked, asked),
        estimate: 'none',
      },
    ],
  };
}

/** The share of misses in a while so short around an instant that it is the share at the instant. */
function coldMisses(
  seconds: number,
  around: number,
  replications: number,
  missed: number,
  tolerance: Tolerance,
): DesignModel {
  return {
    name: `at ${seconds} s`,
    design: coldDesign,
    length: { time: around, replications, warmup: seconds - around / 2 },
    ...(seconds === 1 ? { quick: { time: around, replications: 100, warmup: seconds - around / 2 } } : {}),
    expect: [
      {
        what: 'missed share',
        paper: missed,
        unit: '1',
        tolerance,
        read: complement(hitRatio('hot')),
        estimate: 'none',
      },
    ],
  };
}

const laterTtl =
  'The figure counts the lifetime from the first fetch that ends; here every fetch of the stampede renews it, ' +
  'so a cycle is longer by nearly the time of one fetch.';

function stampede(rate: number, ttl: number, fetch: number, paper: number, coalesce = false): DesignModel {
  const shared = coalesce ? ', shared' : '';
  return {
    name: `${rate}/s, expires after ${ttl} s, a fetch takes ${fetch} s${shared}`,
    design: cacheDesign({
      keys: 1,
      popularity: 'uniform',
      items: 10,
      rate,
      ttl: `${ttl}s`,
      fetch: `${fetch * 1000}ms`,
      coalesce,
    }),
    length: { time: 100 * ttl, replications: 20 },
    expect: [
      {
        what: 'fetches from the origin',
        paper,
        unit: '1/s',
        tolerance: within(0.02),
        read: station('pages.cpu', 'arrivals'),
        estimate: 'none',
        ...(coalesce ? {} : { explanation: laterTtl }),
      },
    ],
  };
}

export const caches: readonly Case[] = [
  {
    id: 'lru-exact-small',
    title: 'LRU under independent references, by enumeration of every order',
    source: 'King 1971; Hendricks 1972',
    evidence: 'closed form',
    models: [
      zipf('lru', { keys: 5, exponent: 1.4, items: 2, hits: 0.6166267254, estimate: small, quick: true }),
      zipf('lru', { keys: 10, exponent: 1, items: 3, hits: 0.47066419, estimate: small }),
      zipf('lru', { keys: 10, exponent: 0.8, items: 4, hits: 0.5206024169, estimate: small }),
      zipf('lru', { keys: 20, exponent: 0.9, items: 4, hits: 0.3648626003, estimate: small }),
    ],
  },
  {
    id: 'fifo-exact-small',
    title: 'FIFO under independent references',
    source: 'Gelenbe 1973; the first also in LINE, testCacheReplcFIFOCTMC',
    evidence: 'closed form',
    models: [
      zipf('fifo', { keys: 5, exponent: 1.4, items: 2, hits: 0.5903959956, estimate: small, quick: true }),
      zipf('fifo', { keys: 10, exponent: 1, items: 3, hits: 0.4451044606, estimate: small }),
      zipf('fifo', { keys: 10, exponent: 0.8, items: 4, hits: 0.4968756363, estimate: small }),
      zipf('fifo', { keys: 5, exponent: 0, items: 2, hits: 0.4, estimate: small }),
      zipf('lru', { keys: 5, exponent: 0, items: 2, hits: 0.4, estimate: small }),
    ].map((model, index) => (index === 4 ? { ...model, name: `${model.name}, LRU` } : model)),
  },
  {
    id: 'random-exact-small',
    title: 'RANDOM hits as often as FIFO',
    source: 'Gelenbe 1973',
    evidence: 'closed form',
    models: [
      zipf('random', { keys: 10, exponent: 1, items: 3, hits: 0.4451044606, estimate: small, quick: true }),
      zipf('random', { keys: 1000, exponent: 0.8, items: 100, hits: 0.33411 }),
    ],
  },
  {
    id: 'sieve',
    title: 'SIEVE',
    source: 'Zhang et al., NSDI 2024 (the algorithm); 4 × 10^7 simulated requests (figures)',
    evidence: 'published simulation',
    models: [
      zipf('sieve', { keys: 1000, exponent: 0.8, items: 100, hits: 0.496, estimate: 'none', quick: true }),
      // The hit ratio swings over some hundred thousand requests: short runs tell little.
      zipf('sieve', {
        keys: 10_000,
        exponent: 0.8,
        items: 1000,
        hits: 0.5518,
        estimate: 'none',
        length: { time: 1000, replications: 20 },
      }),
      zipf('sieve', {
        keys: 1_000_000,
        exponent: 0.99,
        items: 10_000,
        hits: 0.6479,
        estimate: 'none',
        length: { time: 1000, replications: 6 },
      }),
    ],
  },
  {
    id: 'lru-exact-thousand',
    title: 'LRU with a thousand keys',
    source: 'Flajolet, Gardy & Thimonier 1992 (exact integral)',
    evidence: 'closed form',
    models: [
      zipf('lru', { keys: 1000, exponent: 0.8, items: 100, hits: 0.3778, quick: true }),
      zipf('lru', { keys: 1000, exponent: 1, items: 100, hits: 0.5765 }),
      zipf('lru', { keys: 1000, exponent: 1, items: 50, hits: 0.46101 }),
    ],
  },
  {
    id: 'fifo-exact-thousand',
    title: 'FIFO with a thousand keys',
    source: 'Gelenbe 1973 (exact, by elementary symmetric polynomials)',
    evidence: 'closed form',
    models: [
      zipf('fifo', { keys: 1000, exponent: 0.8, items: 100, hits: 0.33411 }),
      zipf('fifo', { keys: 1000, exponent: 1, items: 100, hits: 0.52081 }),
      zipf('fifo', { keys: 1000, exponent: 1, items: 50, hits: 0.40552 }),
    ],
  },
  {
    id: 'lru-characteristic-time',
    title: 'LRU with many keys: the characteristic time approximation',
    source: 'Che, Tung & Wang, IEEE JSAC 20(7) 2002; Fricker, Robert & Roberts 2012',
    evidence: 'closed form',
    models: [
      zipf('lru', {
        keys: 10_000,
        exponent: 0.8,
        items: 1000,
        hits: 0.43665972,
        estimate: large,
        quick: true,
      }),
      zipf('lru', { keys: 1_000_000, exponent: 0.99, items: 10_000, hits: 0.56618325, estimate: large }),
      zipf('lru', { keys: 100_000, exponent: 0.9, items: 1000, hits: 0.34206117, estimate: large }),
      zipf('lru', { keys: 100_000, exponent: 1, items: 10_000, hits: 0.73733981, estimate: large }),
    ],
  },
  {
    id: 'fifo-characteristic-time',
    title: 'FIFO with many keys: the characteristic time approximation',
    source: 'Martina, Garetto & Leonardi, INFOCOM 2014',
    evidence: 'closed form',
    models: [
      zipf('fifo', { keys: 10_000, exponent: 0.8, items: 1000, hits: 0.3941791, estimate: large }),
      zipf('fifo', { keys: 1_000_000, exponent: 0.99, items: 10_000, hits: 0.5310196, estimate: large }),
      zipf('fifo', { keys: 100_000, exponent: 0.9, items: 1000, hits: 0.30627754, estimate: large }),
      zipf('fifo', { keys: 100_000, exponent: 1, items: 10_000, hits: 0.70102017, estimate: large }),
    ],
  },
  {
    id: 'expiry',
    title: 'Entries that expire: λT / (1 + λT)',
    source: 'Jung, Berger & Balakrishnan, INFOCOM 2003',
    evidence: 'closed form',
    models: [expiry(1, 1, 0.5), expiry(0.1, 60, 6 / 7), expiry(10, 1, 10 / 11)],
  },
  {
    id: 'cold-start',
    title: 'A cold cache fills: distinct keys asked for by then',
    source: 'Poisson thinning: Σ (1 − exp(−pᵢ λ t)), 10,000 keys, Zipf 0.8, 1,000/s',
    evidence: 'closed form',
    models: [
      coldStart(1, 722.108069, 0.02),
      coldStart(10, 4149.684089, 0.02),
      coldStart(60, 9017.96676, 0.02),
      coldStart(300, 9998.713182, 0.02),
    ],
  },
  {
    id: 'cold-start-misses',
    title: 'A cold cache fills: what it misses by then',
    source: 'Poisson thinning: Σ pᵢ exp(−pᵢ λ t), 10,000 keys, Zipf 0.8, 1,000/s',
    evidence: 'closed form',
    models: [
      coldMisses(1, 0.2, 400, 0.6157, points(1)),
      coldMisses(10, 1, 60, 0.25922, points(1)),
      coldMisses(60, 4, 20, 0.031106, points(0.3)),
      coldMisses(300, 20, 15, 3.33e-5, points(0.01)),
    ],
  },
  {
    id: 'stampede',
    title: 'A hot key expires and everybody fetches it',
    source: 'Renewal argument: (1 + λD) / (T + D + 1/λ); cf. Nishtala et al., NSDI 2013, §3.2.1',
    evidence: 'closed form',
    models: [
      stampede(100, 60, 0.5, 0.84284),
      stampede(1000, 10, 0.2, 19.704),
      stampede(100, 60, 0.5, 0.016526, true),
      stampede(1000, 10, 0.2, 0.09803, true),
    ],
  },
];
