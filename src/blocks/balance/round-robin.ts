import type { Random } from '../../kernel/index.ts';
import { CountingBalancer } from './balancer.ts';

/** Targets in turn, starting with 0: equal numbers of requests, whatever each one costs. */
export class RoundRobinBalancer extends CountingBalancer {
  private following = 0;

  pick(_random: Random): number {
    const target = this.following;
    this.following = target + 1 === this.targets ? 0 : target + 1;
    return target;
  }
}
