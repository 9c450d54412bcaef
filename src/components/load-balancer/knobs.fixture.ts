import type { Knobs } from '../knobs.fixture.ts';

const routed = (more: object) => ({ routes: [{ path: '/get', to: 'other', ...more }] });
const balanced = (algorithm: string, more: object) => ({ algorithm, ...more });
const struck = (...faults: readonly object[]) => ({ scenarios: { it: { lasts: '15s', faults } } });
const dies = struck({ at: '2s', crash: 'web', instances: 1, for: '5s' });
const fails = struck({ at: '2s', errors: 'web', share: '50%', instances: 1 });

const probed = (more: object) => ({
  health: { every: '500ms', timeout: '200ms', fall: 2, rise: 2, ...more },
});
const ejecting = (more: object) => ({ eject: { consecutive: 3, for: '2s', ...more } });
const byShare = (more: object) => ({ eject: { failures: '20%', of: 10, over: '1s', for: '4s', ...more } });

const packed = (more: object) => ({ cost: '100us', compress: more });
const items = {
  data: { item: { count: 100, size: '50KB' } },
  components: {
    web: { operations: { get: [{ compute: '1ms' }, { read: 'item', from: 'store' }] } },
    store: { kind: 'database', stores: 'item', cores: 8 },
  },
};

/** Users whose connections stay, so that it matters what is balanced. */
const connected = {
  traffic: { users: { call: 'phones.get' }, lookers: { call: 'phones.look' } },
  components: {
    phones: { kind: 'client', to: 'it', users: 10, connections: { keep: '60s' } },
  },
};

const pair = { pair: 'active-passive' };

export const knobs: Knobs = {
  design: {
    name: 'knobs',
    data: { item: { count: 100, size: '1KB' } },
    traffic: {
      users: { call: 'it.get', rate: '100/s', key: 'item' },
      lookers: { call: 'it.look', rate: '20/s', key: 'item' },
    },
    components: {
      it: { kind: 'load-balancer', to: 'web' },
      web: {
        kind: 'service',
        instances: 4,
        operations: {
          get: [{ compute: 'exponential(20ms)' }],
          look: [{ compute: '5ms' }],
        },
      },
      other: {
        kind: 'service',
        instances: 4,
        operations: { get: [{ compute: 'exponential(10ms)' }], look: [{ compute: '5ms' }] },
      },
      spare: { kind: 'service', operations: { get: [{ compute: '1ms' }], look: [{ compute: '1ms' }] } },
    },
  },
  settings: {
    to: [{ to: 'web' }, { to: 'other' }],
    'routes.path': [routed({ path: '/get' }), routed({ path: '/look' })],
    'routes.header': {
      between: [
        { routes: [{ header: { version: '1' }, to: 'other' }] },
        { routes: [{ header: { version: '2' }, to: 'other' }] },
      ],
      around: { traffic: { users: { headers: { version: '1' } }, lookers: { headers: { version: '2' } } } },
    },
    'routes.share': [routed({ share: '10%' }), routed({ share: '50%' })],
    'routes.by': [routed({ share: '50%', by: 'chance' }), routed({ share: '50%', by: 'key' })],
    'routes.to': [routed({ to: 'other' }), routed({ to: 'spare' })],
    'routes.algorithm': [routed({ algorithm: 'random' }), routed({ algorithm: 'round-robin' })],
    'routes.weights': [
      routed({ algorithm: 'random', weights: [1, 1, 1, 2] }),
      routed({ algorithm: 'random', weights: [1, 1, 1, 8] }),
    ],
    'routes.choices': [
      routed({ algorithm: 'power-of-d', choices: 2 }),
      routed({ algorithm: 'power-of-d', choices: 4 }),
    ],
    'routes.virtual-nodes': [
      routed({ algorithm: 'ring', 'virtual-nodes': 1 }),
      routed({ algorithm: 'ring', 'virtual-nodes': 100 }),
    ],
    'routes.load-factor': [
      routed({ algorithm: 'bounded-ring', 'load-factor': '1x' }),
      routed({ algorithm: 'bounded-ring', 'load-factor': '5x' }),
    ],
    'routes.dispatchers': [
      routed({ algorithm: 'join-idle-queue', dispatchers: 1 }),
      routed({ algorithm: 'join-idle-queue', dispatchers: 10 }),
    ],
    layer: { between: [{ layer: 4 }, { layer: 7 }], around: connected },
    managed: { between: [{ managed: 'aws-alb' }, { managed: 'aws-nlb' }], around: connected },
    algorithm: [{ algorithm: 'random' }, { algorithm: 'round-robin' }],
    weights: [balanced('random', { weights: [1, 1, 1, 2] }), balanced('random', { weights: [1, 1, 1, 8] })],
    choices: [balanced('power-of-d', { choices: 2 }), balanced('power-of-d', { choices: 4 })],
    'virtual-nodes': [balanced('ring', { 'virtual-nodes': 1 }), balanced('ring', { 'virtual-nodes': 100 })],
    'load-factor': [
      balanced('bounded-ring', { 'load-factor': '1x' }),
      balanced('bounded-ring', { 'load-factor': '5x' }),
    ],
    dispatchers: [
      balanced('join-idle-queue', { dispatchers: 1 }),
      balanced('join-idle-queue', { dispatchers: 10 }),
    ],
    sticky: [{ sticky: '100ms' }, { sticky: '10s' }],
    sessions: [
      { sticky: '10s', sessions: 10 },
      { sticky: '10s', sessions: 1000 },
    ],
    'health.every': { between: [probed({ every: '500ms' }), probed({ every: '1s' })], around: dies },
    'health.timeout': {
      between: [probed({ timeout: '100ms' }), probed({ timeout: '400ms' })],
      around: struck({ at: '2s', freeze: 'web', instances: 1, for: '5s' }),
    },
    'health.fall': { between: [probed({ fall: 1 }), probed({ fall: 4 })], around: dies },
    'health.rise': { between: [probed({ rise: 1 }), probed({ rise: 8 })], around: dies },
    'health.deep': {
      between: [probed({ deep: false }), probed({ deep: true })],
      around: {
        ...struck({ at: '2s', crash: 'spare', for: '5s' }),
        components: {
          web: {
            operations: {
              get: [{ compute: '1ms' }, { call: 'spare.get', fallback: [{ compute: '1ms' }] }],
            },
          },
        },
      },
    },
    'eject.consecutive': {
      between: [ejecting({ consecutive: 2 }), ejecting({ consecutive: 6 })],
      around: fails,
    },
    'eject.failures': {
      between: [byShare({ failures: '20%' }), byShare({ failures: '80%' })],
      around: fails,
    },
    'eject.of': { between: [byShare({ of: 5 }), byShare({ of: 500 })], around: fails },
    'eject.over': { between: [byShare({ over: '1s' }), byShare({ over: '4s' })], around: fails },
    'eject.slower': {
      between: [ejecting({ slower: '50ms' }), ejecting({ slower: '1s' })],
      around: struck({ at: '2s', slow: 'web', by: '10x', instances: 1 }),
    },
    'eject.for': { between: [ejecting({ for: '1s' }), ejecting({ for: '4s' })], around: fails },
    'eject.longest': { between: [ejecting({ longest: '2s' }), ejecting({ longest: '10s' })], around: fails },
    'eject.most': {
      between: [ejecting({ most: '10%' }), ejecting({ most: '100%' })],
      around: struck({ at: '2s', errors: 'web', share: '80%', instances: 3 }),
    },
    'slow-start': {
      between: [
        { algorithm: 'random', ...probed({}), 'slow-start': '1s' },
        { algorithm: 'random', ...probed({}), 'slow-start': '8s' },
      ],
      around: dies,
    },
    panic: {
      between: [
        { ...probed({}), panic: '10%' },
        { ...probed({}), panic: '90%' },
      ],
      around: struck({ at: '2s', crash: 'web', instances: 2, for: '8s' }),
    },
    cost: [{ cost: '1ms' }, { cost: '2ms' }],
    cores: [
      { cost: '2ms', cores: 1 },
      { cost: '2ms', cores: 2 },
    ],
    'compress.algorithm': {
      between: [packed({ algorithm: 'gzip' }), packed({ algorithm: 'brotli' })],
      around: items,
    },
    'compress.ratio': { between: [packed({ ratio: '2x' }), packed({ ratio: '5x' })], around: items },
    'compress.speed': { between: [packed({ speed: '50MB/s' }), packed({ speed: '100MB/s' })], around: items },
    bandwidth: { between: [{ bandwidth: '100Mbit/s' }, { bandwidth: '1Gbit/s' }], around: items },
    pair: [{ pair: 'active-passive' }, { pair: 'active-active' }],
    takeover: {
      between: [
        { ...pair, takeover: '1s' },
        { ...pair, takeover: '4s' },
      ],
      around: struck({ at: '2s', crash: 'it', instances: 1, for: '10s' }),
    },
  },
};
