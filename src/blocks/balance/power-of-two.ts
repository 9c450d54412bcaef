import type { Random } from '../../kernel/index.ts';
import { CountingBalancer } from './balancer.ts';

/**
 * Two distinct available targets at random, then the one with fewer requests in flight: most of what looking at
 * all of them brings, for two looks (Mitzenmacher, "The power of two choices in randomized load balancing", IEEE
 * TPDS 12(10), 2001).
 */
export class PowerOfTwoBalancer extends CountingBalancer {
  pick(random: Random): number {
    const { inFlight, up, upCount } = this;
    if (upCount === 0) return -1;
    const drawn = Math.floor(random.next() * upCount);
    const first = up[drawn]!;
    if (upCount === 1) return first;
    const other = Math.floor(random.next() * (upCount - 1));
    const second = up[other < drawn ? other : other + 1]!;
    // The pair comes in random order, so that keeping the first on a tie is a fair coin already.
    return inFlight[second]! < inFlight[first]! ? second : first;
  }
}
