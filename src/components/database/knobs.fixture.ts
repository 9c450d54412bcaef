import type { Knobs } from '../knobs.fixture.ts';
import { shardingKnobs } from '../sharding-knobs.fixture.ts';

const work = { cpu: '5ms', disk: '5ms' };
const busy = { connections: 1 };
const sharded = { shards: 3 };
const followed = { replicas: 2 };
const quorum = { replicas: 3, reads: 2, writes: 2 };

export const knobs: Knobs = {
  design: {
    name: 'knobs',
    data: {
      item: { count: 1000, size: '1KB', popularity: 'zipf(1)' },
    },
    traffic: {
      readers: { call: 'web.look', rate: '80/s', key: 'item' },
      writers: { call: 'web.change', rate: '20/s', key: 'item' },
    },
    components: {
      web: {
        kind: 'service',
        operations: { look: [{ read: 'item', from: 'it' }], change: [{ write: 'item', to: 'it' }] },
      },
      it: { kind: 'database', stores: 'item', cores: 1, read: work, write: work },
    },
  },
  settings: {
    // What an operation takes is known of postgres alone, and has to be said of another.
    engine: {
      between: [
        { engine: 'postgres', read: undefined },
        { engine: 'other', read: undefined },
      ],
      refused: true,
    },
    stores: {
      between: [{ stores: 'item' }, { stores: ['item', 'other'] }],
      around: { data: { other: { count: 1000, size: '1KB' } } },
    },
    connections: [{ connections: 100 }, { connections: 50 }],
    queue: [
      { ...busy, queue: 1 },
      { ...busy, queue: 2 },
    ],
    'queue-timeout': [
      { ...busy, 'queue-timeout': '10ms' },
      { ...busy, 'queue-timeout': '30ms' },
    ],
    cores: [{ cores: 1 }, { cores: 2 }],
    disks: [{ disks: 1 }, { disks: 2 }],
    'read.cpu': [{ read: { ...work, cpu: '1ms' } }, { read: { ...work, cpu: '2ms' } }],
    'read.disk': [{ read: { ...work, disk: '1ms' } }, { read: { ...work, disk: '2ms' } }],
    'write.cpu': [{ write: { ...work, cpu: '1ms' } }, { write: { ...work, cpu: '2ms' } }],
    'write.disk': [{ write: { ...work, disk: '1ms' } }, { write: { ...work, disk: '2ms' } }],
    shards: [{ shards: 2 }, { shards: 3 }],
    ...shardingKnobs(sharded),
    replicas: [{ replicas: 1 }, { replicas: 2 }],
    reads: [
      { ...followed, reads: 'replicas' },
      { ...followed, reads: 'any' },
    ],
    'read-your-writes': [
      { ...followed, lag: '50ms', 'read-your-writes': '20ms' },
      { ...followed, lag: '50ms', 'read-your-writes': 'token' },
    ],
    lag: [
      { ...followed, lag: '10ms' },
      { ...followed, lag: '50ms' },
    ],
    'confirmed-by': [
      { ...followed, 'confirmed-by': 0 },
      { ...followed, 'confirmed-by': 2 },
    ],
    takeover: {
      between: [
        { ...followed, takeover: '2s' },
        { ...followed, takeover: '4s' },
      ],
      around: { scenarios: { it: { lasts: '10s', faults: [{ at: '2s', crash: 'it.primary', for: '6s' }] } } },
    },
    'quorum.replicas': [{ quorum }, { quorum: { ...quorum, replicas: 4 } }],
    'quorum.reads': [{ quorum }, { quorum: { ...quorum, reads: 3 } }],
    'quorum.writes': [{ quorum }, { quorum: { ...quorum, writes: 3 } }],
  },
};
