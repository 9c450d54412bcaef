import type { Knobs } from '../knobs.fixture.ts';

const flaky = {
  components: {
    web: {
      operations: { get: [{ compute: '1ms' }, { choose: [{ probability: '50%', do: [{ fail: 'bad' }] }] }] },
    },
  },
};
const retrying = (more: object) => ({ retry: { attempts: 4, base: '10ms', ...more } });
const connected = (more: object) => ({ users: 20, latency: '1ms', connections: { keep: '100ms', ...more } });
const keeping = (more: object) => ({ users: 20, cache: { ttl: '10s', ...more } });
const hedging = (more: object) => ({ hedge: { after: '5ms', ...more } });
const slow = {
  components: { web: { cores: 8, operations: { get: [{ compute: 'exponential(20ms)' }] } } },
};

export const knobs: Knobs = {
  design: {
    name: 'knobs',
    data: { item: { count: 100, size: '1KB' } },
    traffic: { users: { call: 'it.get', rate: '50/s', key: 'item' } },
    components: {
      it: { kind: 'client', to: 'web' },
      web: { kind: 'service', operations: { get: [{ compute: 'exponential(5ms)' }] } },
      other: { kind: 'service', operations: { get: [{ compute: '1ms' }] } },
    },
  },
  settings: {
    to: [{ to: 'web' }, { to: 'other' }],
    latency: [{ latency: '1ms' }, { latency: '5ms' }],
    users: [
      { users: 20, connections: { keep: '1s' } },
      { users: 200, connections: { keep: '1s' } },
    ],
    'cache.ttl': [keeping({ ttl: '1s' }), keeping({ ttl: '10s' })],
    'cache.operations': {
      between: [keeping({ operations: ['get'] }), keeping({ operations: ['get', 'look'] })],
      around: {
        traffic: { lookers: { call: 'it.look', rate: '50/s', key: 'item' } },
        components: {
          web: { operations: { look: [{ compute: '1ms' }] } },
          other: { operations: { look: [{ compute: '1ms' }] } },
        },
      },
    },
    'connections.keep': [connected({ keep: '100ms' }), connected({ keep: '1s' })],
    'connections.requests': [connected({ requests: 2 }), connected({ requests: 20 })],
    'connections.over': [connected({ over: 'tls-1.2' }), connected({ over: 'quic' })],
    'connections.resume': [
      connected({ over: 'tls-1.2', resume: '200ms' }),
      connected({ over: 'tls-1.2', resume: '2s' }),
    ],
    'connections.early-data': [
      connected({ resume: '1s', 'early-data': false }),
      connected({ resume: '1s', 'early-data': true }),
    ],
    headers: {
      between: [
        { to: 'edge', headers: { version: '1' } },
        { to: 'edge', headers: { version: '2' } },
      ],
      around: {
        components: {
          edge: {
            kind: 'load-balancer',
            to: 'web',
            routes: [{ header: { version: '2' }, to: 'other' }],
          },
        },
      },
    },
    timeout: [{ timeout: '5ms' }, { timeout: '50ms' }],
    cancel: {
      between: [
        { timeout: '5ms', cancel: false },
        { timeout: '5ms', cancel: true },
      ],
      around: slow,
    },
    'retry.attempts': { between: [retrying({ attempts: 2 }), retrying({ attempts: 3 })], around: flaky },
    'retry.backoff': {
      between: [retrying({ backoff: 'constant' }), retrying({ backoff: 'exponential' })],
      around: flaky,
    },
    'retry.base': { between: [retrying({ base: '10ms' }), retrying({ base: '50ms' })], around: flaky },
    'retry.cap': { between: [retrying({ cap: '10ms' }), retrying({ cap: '50ms' })], around: flaky },
    'retry.budget': { between: [retrying({ budget: '5%' }), retrying({ budget: '50%' })], around: flaky },
    'retry.heed-retry-after': {
      between: [retrying({ 'heed-retry-after': '1ms' }), retrying({ 'heed-retry-after': true })],
      around: {
        components: {
          it: { to: 'gate' },
          gate: { kind: 'gateway', to: 'web', limit: { rate: '30/s', burst: 2 } },
        },
      },
    },
    'hedge.after': { between: [hedging({ after: '5ms' }), hedging({ after: '20ms' })], around: slow },
    'hedge.most': { between: [hedging({ most: 1 }), hedging({ most: 3 })], around: slow },
    'hedge.budget': { between: [hedging({ budget: '5%' }), hedging({ budget: '50%' })], around: slow },
  },
};
