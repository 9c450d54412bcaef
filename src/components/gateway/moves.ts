import type { KindKnob, KindMoves, KindVariant } from '../../design/index.ts';
import { isMap } from '../../design/path.ts';
import { linkKnobs } from '../answer-link.ts';
import { evictVariants, roomKnob, ttlKnobs } from '../copies.ts';
import type { GatewayCache } from './cache.ts';
import type { GatewaySettings } from './describe.ts';

export const moves: KindMoves = {
  knobs(settings) {
    const gateway = settings as unknown as GatewaySettings;
    const { cores, cache } = gateway;
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
      ...linkKnobs(gateway),
      ...(cache === null ? [] : cacheKnobs(cache)),
    ];
  },
  variants(settings) {
    const { cache } = settings as unknown as GatewaySettings;
    return cache === null ? [] : cacheVariants(cache);
  },
  guards: ({ auth = 'none', limit, quota }) =>
    auth !== 'none' || quota !== undefined || (isMap(limit) && limit['per'] === 'client'),
};

const within = (setting: readonly string[]): readonly string[] => ['cache', ...setting];

function cacheKnobs({ room, ttl }: GatewayCache): KindKnob[] {
  return [roomKnob(room), ...ttlKnobs(ttl)].map((knob) => ({ ...knob, setting: within(knob.setting) }));
}

function cacheVariants({ evict, coalesce }: GatewayCache): KindVariant[] {
  const variants = evictVariants(evict).map((variant) => ({
    ...variant,
    sets: variant.sets.map(({ setting, value }) => ({ setting: within(setting), value })),
  }));
  if (coalesce) return variants;
  return [
    ...variants,
    {
      sets: [{ setting: ['cache', 'coalesce'], value: true }],
      chose: 'one fetch for all who miss the same item',
      over: 'a fetch for each of them',
      because: 'many ask for what has just expired',
      sacrifices: 'they wait for one answer, and share its failure',
      helps: 'behind',
    },
  ];
}
