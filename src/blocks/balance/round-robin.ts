import type { Random } from '../../kernel/index.ts';
import { CountingBalancer } from './balancer.ts';
import { requireWhole } from './checks.ts';

/** Available targets in turn, starting with 0: equal numbers of requests, whatever each one costs. */
export class RoundRobinBalancer extends CountingBalancer {
  private following = 0;

  pick(_random: Random): number {
    const { isUp, targets } = this;
    if (this.upCount === 0) return -1;
    let target = this.following;
    while (isUp[target] === 0) target = target + 1 === targets ? 0 : target + 1;
    this.following = target + 1 === targets ? 0 : target + 1;
    return target;
  }

  protected override own(): number[] {
    return [this.following];
  }

  protected override adoptOwn(own: readonly number[]): void {
    requireWhole('state.own', own, 1, 0, this.targets - 1);
    this.following = own[0]!;
  }
}
