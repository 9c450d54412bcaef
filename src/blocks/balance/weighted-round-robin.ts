import type { Random } from '../../kernel/index.ts';
import { SmoothBalancer } from './smooth-balancer.ts';

/**
 * Smooth weighted round robin: every pick each available target gains its weight, the richest is taken and pays
 * what all gained together. With whole weights, any stretch of as many picks as they sum up to has exactly its weight
 * of each target, and the light ones are not left to the end but spread out (nginx since 1.3.1 of 2012,
 * `ngx_http_upstream_round_robin`: weights 5, 1, 1 go a a b a c a a). No chance needed; looks at every target.
 */
export class WeightedRoundRobinBalancer extends SmoothBalancer {
  pick(_random: Random): number {
    this.renew();
    const { up, upCount, credit, weights } = this;
    let best = -1;
    let most = Number.NEGATIVE_INFINITY;
    let gained = 0;
    for (let i = 0; i < upCount; i++) {
      const target = up[i]!;
      const weight = weights[target]!;
      const has = credit[target]! + weight;
      credit[target] = has;
      gained += weight;
      if (has > most) {
        most = has;
        best = target;
      }
    }
    if (best >= 0) credit[best] = most - gained;
    return best;
  }
}
