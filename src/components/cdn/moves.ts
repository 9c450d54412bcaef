import type { KindMoves, KindVariant } from '../../design/index.ts';
import { linkKnobs } from '../answer-link.ts';
import { evictVariants, roomKnob, ttlKnobs } from '../copies.ts';
import type { CdnSettings } from './describe.ts';

/** Places of a CDN that is put before a design, and how long it keeps copies. */
const POPS = 4;
const TTL = '1h';

export const moves: KindMoves = {
  knobs(settings) {
    const cdn = settings as unknown as CdnSettings;
    return [roomKnob(cdn.room), ...ttlKnobs(cdn.ttl), ...linkKnobs(cdn)];
  },
  variants(settings) {
    const { shield, coalesce, evict, mode, pops } = settings as unknown as CdnSettings & {
      readonly mode: string;
      readonly pops: number;
    };
    const variants: KindVariant[] = evictVariants(evict);
    if (mode === 'push') return variants;
    if (shield === null && pops > 1) {
      variants.push({
        sets: [{ setting: ['shield'], value: true }],
        chose: 'a shield that all points of presence ask first',
        over: 'the origin asked by each of them',
        because: 'what one of them fetched need not be fetched again by the others',
        sacrifices: 'one more hop for what is missed, and its memory',
        helps: 'behind',
      });
    }
    if (!coalesce) {
      variants.push({
        sets: [{ setting: ['coalesce'], value: true }],
        chose: 'one fetch for all who miss the same item',
        over: 'a fetch for each of them',
        because: 'many ask for what has just expired',
        sacrifices: 'they wait for one answer, and share its failure',
        helps: 'behind',
      });
    }
    return variants;
  },
  edge: ({ to, operation, data, items }) => ({
    kind: 'cdn',
    to,
    holds: data,
    caches: operation,
    pops: POPS,
    items,
    ttl: TTL,
  }),
};
