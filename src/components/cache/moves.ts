import type { KindMoves } from '../../design/index.ts';
import { evictVariants, roomKnob, ttlKnobs } from '../copies.ts';
import type { CacheSettings } from './describe.ts';

export const moves: KindMoves = {
  knobs(settings) {
    const { capacity, ttl, nodes, sharding } = settings as unknown as CacheSettings;
    const knobs = [roomKnob(capacity), ...ttlKnobs(ttl)];
    // Places of the splits tie the number of nodes down.
    if (sharding.splits !== null) return knobs;
    return [
      ...knobs,
      {
        setting: ['nodes'],
        now: nodes,
        least: 1,
        most: 10_000,
        dimension: 'count',
        relieves: ['node'],
        sacrifices: 'when a node is added most keys may change theirs, and are missed once',
      },
    ];
  },
  variants: ({ evict }) => evictVariants(evict),
  front: (data, items) => ({ kind: 'cache', holds: data, items }),
};
