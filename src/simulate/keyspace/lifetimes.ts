import type { Random } from '../../kernel/index.ts';

const POOL = 256;
const TYPICAL = 8;
const MAX_TRIES = 64;

/**
 * Lifetimes of entries as they are found in the cache. Entries that live longer are met more often than they
 * are made; a lifetime is therefore picked from draws of its law in proportion to a weight, by rejection.
 */
export class Lifetimes {
  /** A few that stand for the law, each equally likely; one when all are equal. */
  readonly typical: Float64Array;
  /** All that there are to pick from, the shortest first. */
  readonly pool: Float64Array;
  private readonly longest: number;
  private readonly random: Random;

  /** @param draw a fresh lifetime in seconds, ≥ 0, finite */
  constructor(draw: () => number, random: Random) {
    this.pool = Float64Array.from({ length: POOL }, draw).sort();
    this.longest = this.pool[POOL - 1]!;
    const share = POOL / TYPICAL;
    this.typical =
      this.pool[0] === this.longest
        ? Float64Array.of(this.longest)
        : Float64Array.from({ length: TYPICAL }, (_, i) => this.meanOf(i * share, (i + 1) * share));
    this.random = random;
  }

  /**
   * @param weight of a lifetime, increasing with it, ≥ 0
   * @param concave the weight is so: then its share of the greatest is at least the lifetime's share of the longest,
   *   which accepts most draws of like lifetimes without a look at their weight
   */
  pick(weight: (lifetime: number) => number, concave = false): number {
    const { pool, random, longest } = this;
    let lifetime = longest;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      lifetime = pool[Math.floor(random.next() * POOL)]!;
      if (lifetime === longest) break;
      const u = random.next();
      if ((concave && u * longest < lifetime) || u * weight(longest) < weight(lifetime)) break;
    }
    return lifetime;
  }

  private meanOf(from: number, to: number): number {
    let sum = 0;
    for (let i = from; i < to; i++) sum += this.pool[i]!;
    return sum / (to - from);
  }
}
