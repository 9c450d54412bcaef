import type { KindMoves } from '../../design/index.ts';
import type { StreamSettings } from './describe.ts';

/** Each partition has one consumer of a group: more of either may need more of the other. */
export const moves: KindMoves = {
  knobs(settings) {
    const { partitions, concurrency, batch } = settings as unknown as StreamSettings;
    const count = { least: 1, dimension: 'count', relieves: ['consumers'] } as const;
    return [
      {
        ...count,
        setting: ['partitions'],
        now: partitions,
        most: 1024,
        joint: true,
        sacrifices: 'keys change partition while they grow in number, and their order is kept in each alone',
      },
      {
        ...count,
        setting: ['concurrency'],
        now: concurrency,
        most: 1000,
        joint: true,
        sacrifices: 'more messages at once on what works on them',
      },
      {
        ...count,
        setting: ['batch'],
        now: batch,
        most: 1_000_000,
        sacrifices: 'more messages are done again when their consumer dies before it commits',
      },
    ];
  },
};
