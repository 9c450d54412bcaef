import type { Knob, Knobs } from '../knobs.fixture.ts';

type Written = Knob['between'][number];

/** One instance is dead for a while. */
const crash = { at: '2s', crash: 'it', instances: 1, for: '5s' };
/** Most answers of one instance are errors. */
const bad = { at: '2s', errors: 'it', share: '80%', instances: 1, for: '6s' };

const faults = (...faults: readonly Written[]): Written => ({ scenarios: { it: { lasts: '15s', faults } } });
const four = (more: Written): Written => ({ instances: 4, ...more });
/** A rush in the middle, and the quiet after it. */
const rush = {
  scenarios: { it: { lasts: '20s', traffic: { users: { spike: '3x', at: '2s', for: '8s' } } } },
};

const scaled = (more: Written): Written => ({
  autoscale: { from: 1, to: 6, target: '60%', every: '1s', boot: '2s', cooldown: '4s', ...more },
});
/** It gets more than it can do. */
const overload = { traffic: { users: { rate: '130/s' } } };
const killed = (more: Written): Written => ({
  memory: '10MB',
  'memory-per-request': '1MB',
  'when-full': 'kill',
  restart: '500ms',
  ...more,
});
const ejecting = (eject: Written): Written => four({ eject: { for: '1s', ...eject } });
const probed = (health: Written): Written =>
  four({ health: { every: '500ms', timeout: '200ms', fall: 2, ...health } });
const registered = (discovery: Written): Written =>
  four({ discovery: { heartbeat: '500ms', expire: '1s', refresh: '500ms', ...discovery } });
/** What it answers is data. */
const answers = {
  data: { page: { count: 1000, size: '50KB' } },
  traffic: { users: { key: 'page' } },
  components: {
    it: { operations: { get: [{ compute: 'exponential(5ms)' }, { read: 'page', from: 'store' }] } },
    store: { kind: 'database', stores: ['page'] },
  },
};
const keyed = { data: { item: { count: 100, size: '1KB' } }, traffic: { users: { key: 'item' } } };

export const knobs: Knobs = {
  design: {
    name: 'knobs',
    traffic: { users: { call: 'web.show', rate: '80/s' } },
    components: {
      it: { kind: 'service', operations: { get: [{ compute: 'exponential(10ms)' }] } },
      web: { kind: 'service', cores: 4, operations: { show: [{ compute: '1ms' }, { call: 'it.get' }] } },
    },
  },
  settings: {
    instances: [{ instances: 1 }, { instances: 2 }],
    'autoscale.to': { between: [scaled({ to: 2 }), scaled({ to: 6 })], around: rush },
    'autoscale.from': { between: [scaled({ from: 1 }), scaled({ from: 2 })], around: rush },
    'autoscale.target': { between: [scaled({ target: '50%' }), scaled({ target: '70%' })], around: rush },
    'autoscale.queue': { between: [scaled({ queue: 1 }), scaled({ queue: 10 })], around: rush },
    'autoscale.every': { between: [scaled({ every: '500ms' }), scaled({ every: '2s' })], around: rush },
    'autoscale.boot': { between: [scaled({ boot: '1s' }), scaled({ boot: '4s' })], around: rush },
    'autoscale.cooldown': {
      between: [scaled({ cooldown: '1s' }), scaled({ cooldown: '6s' })],
      around: rush,
    },
    'autoscale.tolerance': {
      between: [scaled({ tolerance: '1%' }), scaled({ tolerance: '50%' })],
      around: rush,
    },
    'pauses.every': [{ pauses: { every: '1s' } }, { pauses: { every: '2s' } }],
    'pauses.for': [{ pauses: { every: '1s', for: '50ms' } }, { pauses: { every: '1s', for: '200ms' } }],
    speeds: [
      { instances: 2, speeds: [1, 0.8] },
      { instances: 2, speeds: [1, 0.9] },
    ],
    cores: [{ cores: 1 }, { cores: 2 }],
    model: [
      { model: 'threads', cores: 2 },
      { model: 'event-loop', cores: 2 },
    ],
    workers: [{ workers: 1 }, { workers: 2 }],
    queue: [{ queue: 2 }, { queue: 4 }],
    'queue-timeout': {
      between: [
        { queue: 50, 'queue-timeout': '50ms' },
        { queue: 50, 'queue-timeout': '100ms' },
      ],
      around: overload,
    },
    memory: [
      { memory: '4MB', 'memory-per-request': '1MB' },
      { memory: '6MB', 'memory-per-request': '1MB' },
    ],
    'memory-per-request': [
      { memory: '10MB', 'memory-per-request': '1MB' },
      { memory: '10MB', 'memory-per-request': '2MB' },
    ],
    'memory-base': [
      { memory: '10MB', 'memory-per-request': '1MB', 'memory-base': '2MB' },
      { memory: '10MB', 'memory-per-request': '1MB', 'memory-base': '4MB' },
    ],
    'when-full': [
      { memory: '4MB', 'memory-per-request': '1MB', 'when-full': 'refuse' },
      { memory: '4MB', 'memory-per-request': '1MB', 'when-full': 'kill' },
    ],
    restart: { between: [killed({ restart: '200ms' }), killed({ restart: '1s' })], around: overload },
    'restart-backoff.cap': {
      between: [
        killed({ 'restart-backoff': { cap: '1s', reset: '1min' } }),
        killed({ 'restart-backoff': { cap: '3s', reset: '1min' } }),
      ],
      around: overload,
    },
    'restart-backoff.reset': {
      between: [
        killed({ 'restart-backoff': { cap: '3s', reset: '10ms' } }),
        killed({ 'restart-backoff': { cap: '3s', reset: '1min' } }),
      ],
      around: overload,
    },
    'compress.algorithm': {
      between: [{ compress: { algorithm: 'gzip' } }, { compress: { algorithm: 'brotli' } }],
      around: answers,
    },
    'compress.ratio': {
      between: [
        { bandwidth: '100Mbit/s', compress: { ratio: 3 } },
        { bandwidth: '100Mbit/s', compress: { ratio: 4 } },
      ],
      around: answers,
    },
    'compress.speed': {
      between: [{ compress: { speed: '50MB/s' } }, { compress: { speed: '100MB/s' } }],
      around: answers,
    },
    bandwidth: { between: [{ bandwidth: '100Mbit/s' }, { bandwidth: '200Mbit/s' }], around: answers },
    'sidecar.cpu': [{ sidecar: { cpu: '100us' } }, { sidecar: { cpu: '300us' } }],
    'sidecar.latency': [{ sidecar: { latency: '1ms' } }, { sidecar: { latency: '2ms' } }],
    'sidecar.cores': [{ sidecar: { cores: 1 } }, { sidecar: { cores: 2 } }],
    discipline: {
      between: [{ discipline: 'fifo' }, { discipline: 'processor-sharing' }],
      around: { components: { it: { operations: { get: [{ compute: '10ms' }] } } } },
    },
    target: {
      between: [
        { discipline: 'codel', target: '5ms' },
        { discipline: 'codel', target: '50ms' },
      ],
      around: overload,
    },
    interval: {
      between: [
        { discipline: 'codel', interval: '100ms' },
        { discipline: 'codel', interval: '500ms' },
      ],
      around: overload,
    },
    threshold: {
      between: [
        { discipline: 'adaptive-lifo', threshold: '10ms' },
        { discipline: 'adaptive-lifo', threshold: '200ms' },
      ],
    },
    'shed.at': {
      between: [{ shed: { at: '20ms', window: '50ms' } }, { shed: { at: '50ms', window: '50ms' } }],
      around: overload,
    },
    'shed.window': {
      between: [{ shed: { window: '20ms' } }, { shed: { window: '100ms' } }],
      around: overload,
    },
    balance: [four({ balance: 'random' }), four({ balance: 'least-connections' })],
    'discovery.heartbeat': {
      between: [
        registered({ heartbeat: '300ms', expire: '2s' }),
        registered({ heartbeat: '2s', expire: '2s' }),
      ],
      around: faults(crash),
    },
    'discovery.expire': {
      between: [registered({ expire: '1s' }), registered({ expire: '3s' })],
      around: faults(crash),
    },
    'discovery.refresh': {
      between: [registered({ refresh: '500ms' }), registered({ refresh: '3s' })],
      around: faults(crash),
    },
    weights: [
      { instances: 2, weights: [1, 2] },
      { instances: 2, weights: [1, 3] },
    ],
    choices: [four({ balance: 'power-of-d', choices: 2 }), four({ balance: 'power-of-d', choices: 3 })],
    'virtual-nodes': {
      between: [
        four({ balance: 'ring', 'virtual-nodes': 2 }),
        four({ balance: 'ring', 'virtual-nodes': 50 }),
      ],
      around: keyed,
    },
    'load-factor': {
      between: [
        four({ balance: 'bounded-ring', 'load-factor': '1.1x' }),
        four({ balance: 'bounded-ring', 'load-factor': '3x' }),
      ],
      around: keyed,
    },
    dispatchers: [
      four({ balance: 'join-idle-queue', dispatchers: 1 }),
      four({ balance: 'join-idle-queue', dispatchers: 4 }),
    ],
    'health.every': {
      between: [probed({ every: '300ms' }), probed({ every: '1s' })],
      around: faults(crash),
    },
    'health.timeout': {
      between: [probed({ timeout: '100ms' }), probed({ timeout: '400ms' })],
      around: faults({ ...crash, connections: 'hanging' }),
    },
    'health.fall': { between: [probed({ fall: 1 }), probed({ fall: 4 })], around: faults(crash) },
    'health.rise': { between: [probed({ rise: 1 }), probed({ rise: 4 })], around: faults(crash) },
    'health.deep': {
      between: [probed({ deep: false }), probed({ deep: true })],
      around: {
        components: {
          it: {
            operations: { get: [{ compute: '1ms' }, { call: 'deep.get', fallback: [{ wait: '1ms' }] }] },
          },
          deep: { kind: 'service', operations: { get: [{ compute: '1ms' }] } },
        },
        ...faults({ at: '2s', crash: 'deep', for: '5s' }),
      },
    },
    'eject.consecutive': {
      between: [ejecting({ consecutive: 1 }), ejecting({ consecutive: 10 })],
      around: faults(bad),
    },
    'eject.failures': {
      between: [
        ejecting({ failures: '30%', of: 5, over: '1s' }),
        ejecting({ failures: '95%', of: 5, over: '1s' }),
      ],
      around: faults(bad),
    },
    'eject.of': {
      between: [
        ejecting({ failures: '30%', of: 5, over: '1s' }),
        ejecting({ failures: '30%', of: 200, over: '1s' }),
      ],
      around: faults(bad),
    },
    'eject.over': {
      between: [
        ejecting({ failures: '30%', of: 5, over: '1s' }),
        ejecting({ failures: '30%', of: 5, over: '3s' }),
      ],
      around: faults(bad),
    },
    'eject.slower': {
      between: [ejecting({ slower: '20ms' }), ejecting({ slower: '500ms' })],
      around: faults({ at: '2s', slow: 'it', by: '5x', instances: 1, for: '6s' }),
    },
    'eject.for': {
      between: [ejecting({ for: '1s' }), ejecting({ for: '3s' })],
      around: faults(bad),
    },
    'eject.longest': {
      between: [ejecting({ longest: '1s' }), ejecting({ longest: '10s' })],
      around: faults(bad),
    },
    'eject.most': {
      between: [ejecting({ most: '10%' }), ejecting({ most: '100%' })],
      around: faults({ ...bad, instances: 3 }),
    },
    'slow-start': {
      between: [probed({}), { ...probed({}), 'slow-start': '4s' }],
      around: faults(crash),
    },
    panic: {
      between: [
        { ...probed({}), panic: '10%' },
        { ...probed({}), panic: '90%' },
      ],
      around: faults({ ...crash, instances: 2 }),
    },
  },
};
