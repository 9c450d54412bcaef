import type { Random } from '../../kernel/index.ts';
import { SmoothBalancer } from './smooth-balancer.ts';

/**
 * The available target with the fewest requests in flight for its weight: least n/w (Zhang, "Linux Virtual Server
 * for scalable network services", Ottawa Linux Symposium 2000). Equals, idle ones above all, take turns by smooth
 * weighted round robin among themselves, as nginx's `least_conn` does. No chance needed; looks at every target.
 */
export class WeightedLeastConnectionsBalancer extends SmoothBalancer {
  pick(_random: Random): number {
    this.renew();
    const { up, upCount, inFlight, credit, weights } = this;
    if (upCount === 0) return -1;
    let least = up[0]!;
    for (let i = 1; i < upCount; i++) {
      const target = up[i]!;
      if (inFlight[target]! * weights[least]! < inFlight[least]! * weights[target]!) least = target;
    }
    const load = inFlight[least]!;
    const weightOfLeast = weights[least]!;
    let best = least;
    let most = Number.NEGATIVE_INFINITY;
    let gained = 0;
    for (let i = 0; i < upCount; i++) {
      const target = up[i]!;
      const weight = weights[target]!;
      if (inFlight[target]! * weightOfLeast !== load * weight) continue;
      const has = credit[target]! + weight;
      credit[target] = has;
      gained += weight;
      if (has > most) {
        most = has;
        best = target;
      }
    }
    credit[best] = most - gained;
    return best;
  }
}
