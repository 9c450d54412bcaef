import type { Knobs } from './knobs.fixture.ts';

/** The settings of what spreads its keys over three parts: shards of a database, nodes of a cache. */
export const shardingKnobs = (sharded: Readonly<Record<string, unknown>>): Knobs['settings'] => ({
  'shard-by': [
    { ...sharded, 'shard-by': 'hash' },
    { ...sharded, 'shard-by': 'range' },
  ],
  slots: [
    { ...sharded, slots: 7 },
    { ...sharded, slots: 64 },
  ],
  'virtual-nodes': [
    { ...sharded, 'shard-by': 'consistent', 'virtual-nodes': 2 },
    { ...sharded, 'shard-by': 'consistent', 'virtual-nodes': 20 },
  ],
  splits: [
    { ...sharded, 'shard-by': 'range', splits: [0.1, 0.5] },
    { ...sharded, 'shard-by': 'range', splits: [0.2, 0.5] },
  ],
  'placed-keys': [
    { ...sharded, 'shard-by': 'directory', 'placed-keys': 1 },
    { ...sharded, 'shard-by': 'directory', 'placed-keys': 10 },
  ],
});
