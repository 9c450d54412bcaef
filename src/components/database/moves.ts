import type { KindKnob, KindMoves } from '../../design/index.ts';
import { type DatabaseSettings, MOST_SHARDS } from './describe.ts';
import { MOST_IN_ALL } from './quorum.ts';

export const moves: KindMoves = {
  knobs(settings) {
    const { connections, cores, disks, sharding, quorum } = settings as unknown as DatabaseSettings;
    const count = { least: 1, dimension: 'count' } as const;
    const knobs: KindKnob[] = [
      {
        ...count,
        setting: ['connections'],
        now: connections,
        most: 1_000_000,
        relieves: ['connections'],
        sacrifices: 'memory for each connection, and more operations at once on its cores',
      },
      {
        ...count,
        setting: ['cores'],
        now: cores,
        most: 10_000,
        relieves: ['cpu'],
        sacrifices: 'a larger machine, and there is a largest; it restarts to become so',
      },
    ];
    if (disks !== null) {
      knobs.push({
        ...count,
        setting: ['disks'],
        now: disks,
        most: 1_000_000,
        relieves: ['disk'],
        sacrifices: 'faster disks, at a price that is not in the estimate',
      });
    }
    // Places of the splits tie the number of shards down.
    if (sharding.splits === null) {
      knobs.push({
        ...count,
        setting: ['shards'],
        now: sharding.shards,
        most: mostShards(quorum?.replicas ?? 1),
        relieves: ['connections', 'cpu', 'disk'],
        sacrifices: 'no transaction across shards, what has no key asks all of them, and all data moves once',
      });
    }
    return knobs;
  },
};

function mostShards(replicas: number): number {
  return Math.min(MOST_SHARDS, Math.floor(MOST_IN_ALL / replicas));
}
