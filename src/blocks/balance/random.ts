import type { Random } from '../../kernel/index.ts';
import { CountingBalancer } from './balancer.ts';

/** Each request to a target drawn evenly. No state to share, and as uneven as chance: each target is M/·/1. */
export class RandomBalancer extends CountingBalancer {
  pick(random: Random): number {
    return Math.floor(random.next() * this.targets);
  }
}
