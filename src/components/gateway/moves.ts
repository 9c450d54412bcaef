import type { KindMoves } from '../../design/index.ts';
import type { GatewaySettings } from './describe.ts';

export const moves: KindMoves = {
  knobs(settings) {
    const { cores } = settings as unknown as GatewaySettings;
    return [
      {
        setting: ['cores'],
        now: cores,
        least: 1,
        most: 10_000,
        dimension: 'count',
        relieves: ['cpu'],
        sacrifices: 'a larger gateway, at a price that is not in the estimate',
      },
    ];
  },
};
