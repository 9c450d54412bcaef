import type { Knob, Knobs } from '../knobs.fixture.ts';

/** Answers bring a page, which gives a link and compression something to do. */
const pages = {
  data: { page: { count: 100, size: '100KB' } },
  components: {
    web: { operations: { get: [{ compute: '5ms' }, { read: 'page', from: 'store' }] } },
    store: { kind: 'database', stores: 'page' },
  },
};

/** Instances of which it matters which one is chosen. */
const uneven = { components: { web: { instances: 4, speeds: [1, 1, 0.5, 0.25] } } };

/** Those who ask have a tier. */
const tiered = { traffic: { users: { tier: 'free' } } };

/** A second operation, beside the one that all have. */
const twoOperations = {
  traffic: { more: { call: 'it.put', rate: '30/s', key: 'item' } },
  components: {
    web: { operations: { get: [{ compute: '5ms' }], put: [{ compute: '5ms' }] } },
    other: { operations: { get: [{ compute: '1ms' }], put: [{ compute: '1ms' }] } },
  },
};

const counts = { kind: 'cache', holds: 'item', memory: '1MB' };
const perClient = { rate: '0.2/s', per: 'client' };

/** What an algorithm is told, of the component and of its only route. */
function told(algorithm: string, word: string, values: readonly [unknown, unknown]): Knob {
  const [a, b] = values.map((value) => ({ algorithm, [word]: value }));
  return { between: [a!, b!], around: uneven };
}
function toldRoute(algorithm: string, word: string, values: readonly [unknown, unknown]): Knob {
  const [a, b] = values.map((value) => ({ routes: [{ to: 'web', algorithm, [word]: value }] }));
  return { between: [a!, b!], around: uneven };
}

export const knobs: Knobs = {
  design: {
    name: 'knobs',
    data: { item: { count: 100, size: '1KB', popularity: 'zipf(0.5)' } },
    traffic: { users: { call: 'it.get', rate: '80/s', key: 'item' } },
    components: {
      it: { kind: 'gateway', to: 'web' },
      web: { kind: 'service', operations: { get: [{ compute: 'exponential(5ms)' }] } },
      other: { kind: 'service', operations: { get: [{ compute: '1ms' }] } },
    },
  },
  settings: {
    to: [{ to: 'web' }, { to: 'other' }],
    'routes.path': {
      between: [{ routes: [{ path: '/get', to: 'other' }] }, { routes: [{ path: '/put', to: 'other' }] }],
      around: twoOperations,
    },
    'routes.header': {
      between: [
        { routes: [{ header: { version: '1' }, to: 'other' }] },
        { routes: [{ header: { version: '2' }, to: 'other' }] },
      ],
      around: {
        traffic: {
          users: { headers: { version: '1' } },
          more: { call: 'it.get', rate: '20/s', key: 'item', headers: { version: '2' } },
        },
      },
    },
    'routes.share': [
      { routes: [{ share: '20%', to: 'other' }] },
      { routes: [{ share: '60%', to: 'other' }] },
    ],
    'routes.by': [
      { routes: [{ share: '50%', by: 'chance', to: 'other' }] },
      { routes: [{ share: '50%', by: 'key', to: 'other' }] },
    ],
    'routes.to': [{ routes: [{ to: 'web' }] }, { routes: [{ to: 'other' }] }],
    'routes.algorithm': {
      between: [
        { routes: [{ to: 'web', algorithm: 'random' }] },
        { routes: [{ to: 'web', algorithm: 'least-connections' }] },
      ],
      around: uneven,
    },
    'routes.weights': toldRoute('random', 'weights', [
      [4, 4, 2, 1],
      [1, 1, 2, 4],
    ]),
    'routes.choices': toldRoute('power-of-d', 'choices', [2, 4]),
    'routes.virtual-nodes': toldRoute('ring', 'virtual-nodes', [1, 100]),
    'routes.load-factor': toldRoute('bounded-ring', 'load-factor', ['1x', '3x']),
    'routes.dispatchers': toldRoute('join-idle-queue', 'dispatchers', [1, 8]),
    algorithm: {
      between: [{ algorithm: 'random' }, { algorithm: 'least-connections' }],
      around: uneven,
    },
    weights: told('random', 'weights', [
      [4, 4, 2, 1],
      [1, 1, 2, 4],
    ]),
    choices: told('power-of-d', 'choices', [2, 4]),
    'virtual-nodes': told('ring', 'virtual-nodes', [1, 100]),
    'load-factor': told('bounded-ring', 'load-factor', ['1x', '3x']),
    dispatchers: told('join-idle-queue', 'dispatchers', [1, 8]),
    cost: [{ cost: '1ms' }, { cost: '5ms' }],
    cores: [
      { cost: '5ms', cores: 1 },
      { cost: '5ms', cores: 2 },
    ],
    auth: [{ auth: 'api-key' }, { auth: 'jwt' }],
    'auth-cost': [
      { auth: 'jwt', 'auth-cost': '1ms' },
      { auth: 'jwt', 'auth-cost': '3ms' },
    ],
    'tls.handshake': [{ tls: { handshake: '1ms' } }, { tls: { handshake: '3ms' } }],
    'tls.resumed': [{ tls: { resumed: '20%' } }, { tls: { resumed: '80%' } }],
    'tls.resumed-cost': [
      { tls: { resumed: '50%', 'resumed-cost': '1ms' } },
      { tls: { resumed: '50%', 'resumed-cost': '3ms' } },
    ],
    'tls.requests-per-connection': [
      { tls: { 'requests-per-connection': 1 } },
      { tls: { 'requests-per-connection': 10 } },
    ],
    mtls: [
      { tls: {}, mtls: false },
      { tls: {}, mtls: true },
    ],
    'limit.rate': [{ limit: { rate: '40/s' } }, { limit: { rate: '60/s' } }],
    'limit.burst': [{ limit: { rate: '60/s', burst: 1 } }, { limit: { rate: '60/s', burst: 10 } }],
    'limit.per': [{ limit: { rate: '10/s', per: 'all' } }, { limit: { rate: '10/s', per: 'client' } }],
    'limit.tiers.*.rate': {
      between: [
        { limit: { tiers: { free: { rate: '0.2/s' } } } },
        { limit: { tiers: { free: { rate: '0.5/s' } } } },
      ],
      around: tiered,
    },
    'limit.tiers.*.burst': {
      between: [
        { limit: { tiers: { free: { rate: '0.5/s', burst: 1 } } } },
        { limit: { tiers: { free: { rate: '0.5/s', burst: 5 } } } },
      ],
      around: tiered,
    },
    'limit.atomic': {
      between: [
        { counters: 'counts', limit: { rate: '40/s', atomic: true } },
        { counters: 'counts', limit: { rate: '40/s', atomic: false } },
      ],
      around: { components: { counts } },
    },
    'limit.clients': [{ limit: { ...perClient, clients: 5 } }, { limit: { ...perClient, clients: 100 } }],
    counters: {
      between: [{ limit: perClient }, { limit: perClient, counters: 'counts' }],
      around: { components: { counts } },
    },
    'quota.requests': [
      { quota: { requests: 10, window: '60s' } },
      { quota: { requests: 30, window: '60s' } },
    ],
    'quota.window': [{ quota: { requests: 10, window: '10s' } }, { quota: { requests: 10, window: '60s' } }],
    'quota.tiers.*.requests': {
      between: [
        { quota: { window: '60s', tiers: { free: { requests: 10 } } } },
        { quota: { window: '60s', tiers: { free: { requests: 30 } } } },
      ],
      around: tiered,
    },
    'quota.tiers.*.window': {
      between: [
        { quota: { tiers: { free: { requests: 10, window: '10s' } } } },
        { quota: { tiers: { free: { requests: 10, window: '60s' } } } },
      ],
      around: tiered,
    },
    'quota.resets-in': [
      { quota: { requests: 30, window: '60s', 'resets-in': '5s' } },
      { quota: { requests: 30, window: '60s', 'resets-in': '40s' } },
    ],
    'cache.operations': {
      between: [
        { holds: 'item', cache: { items: 50 } },
        { holds: 'item', cache: { items: 50, operations: ['get'] } },
      ],
      around: twoOperations,
    },
    'cache.memory': [
      { holds: 'item', cache: { memory: '20KB' } },
      { holds: 'item', cache: { memory: '60KB' } },
    ],
    'cache.items': [
      { holds: 'item', cache: { items: 20 } },
      { holds: 'item', cache: { items: 60 } },
    ],
    'cache.evict': [
      { holds: 'item', cache: { items: 20, evict: 'lru' } },
      { holds: 'item', cache: { items: 20, evict: 'lfu' } },
    ],
    'cache.ttl': [
      { holds: 'item', cache: { items: 50, ttl: '1s' } },
      { holds: 'item', cache: { items: 50, ttl: '10s' } },
    ],
    'cache.coalesce': [
      { holds: 'item', cache: { items: 20, coalesce: false } },
      { holds: 'item', cache: { items: 20, coalesce: true } },
    ],
    'cache.start': [
      { holds: 'item', cache: { items: 50, start: 'warm' } },
      { holds: 'item', cache: { items: 50, start: 'cold' } },
    ],
    'compress.algorithm': {
      between: [{ compress: { algorithm: 'gzip' } }, { compress: { algorithm: 'brotli' } }],
      around: pages,
    },
    'compress.ratio': { between: [{ compress: { ratio: 2 } }, { compress: { ratio: 5 } }], around: pages },
    'compress.speed': {
      between: [{ compress: { speed: '200Mbit/s' } }, { compress: { speed: '1Gbit/s' } }],
      around: pages,
    },
    bandwidth: { between: [{ bandwidth: '200Mbit/s' }, { bandwidth: '1Gbit/s' }], around: pages },
    // The data is that of the keys that its requests carry, so that another data comes with other operations.
    holds: {
      between: [
        { holds: 'item', cache: { items: 20, operations: ['get'] } },
        { holds: 'page', cache: { items: 20, operations: ['put'] } },
      ],
      around: {
        ...twoOperations,
        data: { page: { count: 40, size: '1KB' } },
        traffic: { more: { call: 'it.put', rate: '80/s', key: 'page' } },
      },
    },
  },
};
