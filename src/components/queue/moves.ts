import type { KindMoves } from '../../design/index.ts';
import type { QueueSettings } from './describe.ts';

export const moves: KindMoves = {
  knobs(settings) {
    const { concurrency, capacity } = settings as unknown as QueueSettings;
    const count = { least: 1, dimension: 'count' } as const;
    return [
      {
        ...count,
        setting: ['concurrency'],
        now: concurrency,
        most: 100_000,
        relieves: ['consumers'],
        sacrifices: 'more messages at once on what works on them, and less of their order',
      },
      ...(capacity === null
        ? []
        : [
            {
              ...count,
              setting: ['capacity'],
              now: capacity,
              most: 1_000_000,
              relieves: ['consumers'],
              sacrifices: 'longer waits before anything is turned away',
            },
          ]),
    ];
  },
  channel: (consumer) => ({ kind: 'queue', consumer }),
};
