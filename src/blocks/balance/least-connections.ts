import type { Random } from '../../kernel/index.ts';
import { CountingBalancer } from './balancer.ts';
import { requireWhole } from './checks.ts';

/**
 * The available target with the fewest requests in flight; of equals, the first one met when going round from
 * the target after the last pick. So an idle system is used in turn, not target 0 first, and no chance is needed.
 * With one queue per target this is "join the shortest queue".
 *
 * Looks at every target in the worst case, and stops at the first idle one.
 */
export class LeastConnectionsBalancer extends CountingBalancer {
  private last: number;

  constructor(targets: number) {
    super(targets);
    this.last = targets - 1;
  }

  pick(_random: Random): number {
    const { inFlight, isUp, targets } = this;
    let target = this.last;
    let best = -1;
    let fewest = Number.POSITIVE_INFINITY;
    for (let looked = 0; looked < targets; looked++) {
      target = target + 1 === targets ? 0 : target + 1;
      const load = inFlight[target]!;
      if (load < fewest && isUp[target] === 1) {
        best = target;
        if (load === 0) break;
        fewest = load;
      }
    }
    if (best >= 0) this.last = best;
    return best;
  }

  protected override own(): number[] {
    return [this.last];
  }

  protected override adoptOwn(own: readonly number[]): void {
    requireWhole('state.own', own, 1, 0, this.targets - 1);
    this.last = own[0]!;
  }
}
