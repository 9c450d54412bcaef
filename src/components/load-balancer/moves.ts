import type { KindMoves, KindVariant } from '../../design/index.ts';
import { linkKnobs } from '../answer-link.ts';
import { takesNothing } from '../takes-nothing.ts';
import type { LoadBalancerSettings } from './describe.ts';

/** A probe that finds what is down within ten seconds. */
const PROBES = { every: '5s', fall: 2 };

/** Algorithms that know nothing of how busy an instance is. */
const BLIND = ['random', 'round-robin', 'weighted-round-robin'];

export const moves: KindMoves = {
  knobs(settings) {
    const balancer = settings as unknown as LoadBalancerSettings;
    const { cost, cores, compress } = balancer;
    if (takesNothing(cost) && compress === undefined) return linkKnobs(balancer);
    return [
      ...linkKnobs(balancer),
      {
        setting: ['cores'],
        now: cores,
        least: 1,
        most: 10_000,
        dimension: 'count',
        relieves: ['cpu'],
        sacrifices: 'a larger balancer',
      },
    ];
  },
  variants(settings) {
    const { algorithm, pair, health } = settings as unknown as LoadBalancerSettings;
    const variants: KindVariant[] = [];
    if (BLIND.includes(String(algorithm))) {
      variants.push({
        sets: [{ setting: ['algorithm'], value: 'least-connections' }],
        chose: 'least-connections',
        over: String(algorithm),
        because: 'it sends a request where the fewest are in progress, and not behind a slow one',
        sacrifices: 'it draws requests to an instance that fails fast',
        helps: 'behind',
      });
    }
    if (health === undefined) {
      variants.push({
        sets: [{ setting: ['health'], value: PROBES }],
        chose: 'a probe of every instance each five seconds',
        over: 'no health checks',
        because: 'an instance that is dead gets its share of the requests until somebody takes it out',
        sacrifices: 'probes, and an instance that is only slow may be taken out',
        leavesOut: true,
        helps: 'availability',
      });
    }
    if (pair === undefined) {
      variants.push({
        sets: [{ setting: ['pair'], value: 'active-passive' }],
        chose: 'a second balancer that stands by',
        over: 'one balancer',
        because: 'all requests come through it, and with it down none does',
        sacrifices: 'a second one to pay for, and a takeover that must be tried now and then',
        helps: 'availability',
      });
    }
    return variants;
  },
  balancer: (to) => ({ kind: 'load-balancer', algorithm: 'least-connections', to }),
};
