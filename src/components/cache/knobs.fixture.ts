import type { Knobs } from '../knobs.fixture.ts';
import { shardingKnobs } from '../sharding-knobs.fixture.ts';

const sharded = { nodes: 3, time: '2ms' };

/** Reads of items that there are not, some of them again and again. */
const missing = {
  components: {
    web: {
      operations: {
        look: [{ read: 'item', from: 'store', through: 'it', missing: { share: '50%', keys: 20 } }],
      },
    },
  },
};

/** Its room is said by `memory`. */
const inBytes = { items: undefined };

export const knobs: Knobs = {
  design: {
    name: 'knobs',
    data: {
      item: { count: 1000, size: '1KB', popularity: 'zipf(1)' },
    },
    traffic: {
      readers: { call: 'web.look', rate: '80/s', key: 'item' },
      writers: { call: 'web.change', rate: '5/s', key: 'item' },
    },
    components: {
      web: {
        kind: 'service',
        operations: {
          look: [{ read: 'item', from: 'store', through: 'it' }],
          change: [{ write: 'item', to: 'store', invalidate: 'it' }],
        },
      },
      it: { kind: 'cache', holds: 'item', items: 400 },
      store: { kind: 'database', stores: 'item', read: { cpu: '20ms' } },
    },
  },
  settings: {
    // What an operation takes is known of redis alone, and has to be said of another.
    engine: [{ engine: 'redis' }, { engine: 'other', time: '1ms' }],
    holds: {
      between: [{ holds: 'item' }, { holds: 'other' }],
      around: {
        data: { other: { count: 5000, size: '1KB' } },
        traffic: { listeners: { call: 'web.hear', rate: '80/s', key: 'other' } },
        components: {
          web: {
            operations: {
              look: [{ call: 'it.get' }, { call: 'it.set' }],
              hear: [{ call: 'it.get' }, { call: 'it.set' }],
              change: [{ write: 'item', to: 'store' }],
            },
          },
        },
      },
    },
    memory: [
      { ...inBytes, memory: '400KB' },
      { ...inBytes, memory: '600KB' },
    ],
    items: [{ items: 400 }, { items: 600 }],
    overhead: [
      { ...inBytes, memory: '400KB', overhead: '50B' },
      { ...inBytes, memory: '400KB', overhead: '200B' },
    ],
    evict: [{ evict: 'lru' }, { evict: 'fifo' }],
    ttl: [{ ttl: '2s' }, { ttl: '4s' }],
    sliding: [
      { ttl: '2s', sliding: false },
      { ttl: '2s', sliding: true },
    ],
    'soft-ttl': [
      { ttl: '2s', 'soft-ttl': '1s' },
      { ttl: '2s', 'soft-ttl': '500ms' },
    ],
    early: [
      { ttl: '1s', early: 1 },
      { ttl: '1s', early: 10 },
    ],
    'invalidate-by': [
      { 'invalidate-by': 'tag', tags: 5 },
      { 'invalidate-by': 'version', tags: 5 },
    ],
    tags: [
      { 'invalidate-by': 'tag', tags: 5 },
      { 'invalidate-by': 'tag', tags: 20 },
    ],
    'negative-ttl': {
      between: [{ 'negative-ttl': '500ms' }, { 'negative-ttl': '2s' }],
      around: missing,
    },
    'negative-items': {
      between: [
        { 'negative-ttl': '2s', 'negative-items': 2 },
        { 'negative-ttl': '2s', 'negative-items': 10 },
      ],
      around: missing,
    },
    nodes: [
      { time: '2ms', nodes: 2 },
      { time: '2ms', nodes: 3 },
    ],
    ...shardingKnobs(sharded),
    time: [{ time: '10us' }, { time: '20us' }],
    start: [{ start: 'warm' }, { start: 'cold' }],
  },
};
