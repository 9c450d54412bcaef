import type { Knobs } from '../knobs.fixture.ts';

const crash = { at: '2s', crash: 'east', for: '6s' };
const failing = { scenarios: { it: { lasts: '15s', faults: [crash] } } };
const watched = (more: object) => ({ routing: 'failover', ttl: '1s', check: { every: '500ms', ...more } });
const above = (more: object) => ({
  ttl: '10ms',
  resolvers: 10,
  'lookup-time': '10ms',
  hierarchy: { root: '40ms', tld: '20ms', 'root-ttl': '500ms', 'tld-ttl': '100ms', ...more },
});
const regional = {
  regions: { eu: {}, us: { latency: { eu: '40ms' } }, asia: { latency: { eu: '90ms', us: '60ms' } } },
  traffic: {
    users: { from: 'asia' },
    europeans: { call: 'it.get', rate: '50/s', from: 'eu' },
    americans: { call: 'it.get', rate: '50/s', from: 'us' },
  },
  components: { east: { zone: 'eu' }, west: { zone: 'us' }, spare: { zone: 'us' } },
};

export const knobs: Knobs = {
  design: {
    name: 'knobs',
    traffic: { users: { call: 'it.get', rate: '100/s', timeout: '1s' } },
    components: {
      it: { kind: 'dns', to: ['east', 'west'] },
      east: { kind: 'service', cores: 4, operations: { get: [{ compute: '1ms' }] } },
      west: { kind: 'service', cores: 4, operations: { get: [{ compute: '3ms' }] } },
      spare: { kind: 'service', cores: 4, operations: { get: [{ compute: '9ms' }] } },
    },
  },
  settings: {
    to: [{ to: ['east', 'west'] }, { to: ['east', 'spare'] }],
    routing: [{ routing: 'round-robin' }, { routing: 'failover' }],
    regions: {
      between: [
        { routing: 'region', regions: { asia: 'east' } },
        { routing: 'region', regions: { asia: 'west' } },
      ],
      around: regional,
    },
    default: {
      between: [
        { routing: 'region', default: 'east' },
        { routing: 'region', default: 'west' },
      ],
      around: regional,
    },
    weights: [
      { routing: 'weighted', weights: [1, 3] },
      { routing: 'weighted', weights: [3, 1] },
    ],
    ttl: [{ ttl: '1s' }, { ttl: '10s' }],
    resolvers: [{ resolvers: 10 }, { resolvers: 100 }],
    stale: [{ stale: '0%' }, { stale: '20%' }],
    'lookup-time': [{ 'lookup-time': '1ms' }, { 'lookup-time': '20ms' }],
    'hierarchy.root': [above({ root: '40ms' }), above({ root: '80ms' })],
    'hierarchy.tld': [above({ tld: '20ms' }), above({ tld: '60ms' })],
    'hierarchy.root-ttl': [above({ 'root-ttl': '200ms' }), above({ 'root-ttl': '2s' })],
    'hierarchy.tld-ttl': [above({ 'tld-ttl': '100ms' }), above({ 'tld-ttl': '1s' })],
    'hierarchy.others': [above({ others: '0/s' }), above({ others: '500/s' })],
    'check.every': { between: [watched({ every: '200ms' }), watched({ every: '1s' })], around: failing },
    'check.fall': { between: [watched({ fall: 1 }), watched({ fall: 4 })], around: failing },
    'check.rise': { between: [watched({ rise: 1 }), watched({ rise: 4 })], around: failing },
  },
};
