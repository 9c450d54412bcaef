import { requireFinite } from './checks.ts';
import { WeightedBalancer } from './weighted-balancer.ts';

/** A balancer whose targets take turns by weight, each with a credit of what it is owed. */
export abstract class SmoothBalancer extends WeightedBalancer {
  /** What each target is owed, in weights of all available targets together: as much as that is one turn. */
  protected readonly credit: Float64Array;
  /** The sum of weights in which credits are counted; 0 before the first pick. */
  private total = 0;
  private stale = true;

  constructor(targets: number, weights?: readonly number[]) {
    super(targets, weights);
    this.credit = new Float64Array(targets);
  }

  /** To be called before each pick: when weights have come or gone, what is owed stays the same number of turns. */
  protected renew(): void {
    if (!this.stale) return;
    const { up, upCount, weights, credit } = this;
    let total = 0;
    for (let i = 0; i < upCount; i++) total += weights[up[i]!]!;
    if (total === 0) return;
    if (this.total > 0 && this.total !== total) {
      const scale = total / this.total;
      for (let target = 0; target < credit.length; target++) credit[target] = credit[target]! * scale;
    }
    this.total = total;
    this.stale = false;
  }

  protected override weightChanged(): void {
    this.stale = true;
  }

  protected override availabilityChanged(): void {
    this.stale = true;
  }

  protected override own(): number[] {
    return [this.total, ...this.credit];
  }

  protected override adoptOwn(own: readonly number[]): void {
    requireFinite('state.own', own, 1 + this.targets);
    this.total = own[0]!;
    this.credit.set(own.slice(1));
  }
}
