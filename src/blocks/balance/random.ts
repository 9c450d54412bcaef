import type { Random } from '../../kernel/index.ts';
import { WeightedBalancer } from './weighted-balancer.ts';

/**
 * Each request to an available target drawn at random, evenly or in proportion to the weights. As uneven as
 * chance: under Poisson arrivals each target is M/·/1, and no two balancers need to know of each other.
 * One draw a request; the time it takes grows with the logarithm of the number of targets where weights differ.
 */
export class RandomBalancer extends WeightedBalancer {
  /** Sums of the weights of the available targets, up to and including each; null while these are equal. */
  private sums: Float64Array | null = null;
  private readonly room: Float64Array;
  private stale: boolean;

  constructor(targets: number, weights?: readonly number[]) {
    super(targets, weights);
    this.room = new Float64Array(targets);
    this.stale = weights !== undefined;
  }

  pick(random: Random): number {
    const { up, upCount } = this;
    if (upCount === 0) return -1;
    if (this.stale) this.sum();
    return up[this.sums === null ? Math.floor(random.next() * upCount) : this.draw(random, this.sums)]!;
  }

  protected override weightChanged(): void {
    this.stale = true;
  }

  protected override availabilityChanged(): void {
    this.stale = true;
  }

  /** A position among the available ones, by halving. */
  private draw(random: Random, sums: Float64Array): number {
    let low = 0;
    let high = this.upCount - 1;
    const drawn = random.next() * sums[high]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sums[middle]! > drawn) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private sum(): void {
    const { up, upCount, weights } = this;
    const first = weights[up[0]!]!;
    const sums = this.room;
    let sum = 0;
    let even = true;
    for (let i = 0; i < upCount; i++) {
      const weight = weights[up[i]!]!;
      if (weight !== first) even = false;
      sum += weight;
      sums[i] = sum;
    }
    this.sums = even ? null : sums;
    this.stale = false;
  }
}
