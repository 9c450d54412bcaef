import type { Random } from '../../kernel/index.ts';

const POOL = 256;
const MAX_TRIES = 64;

/**
 * Lifetimes of entries as they are found in the cache. Entries that live longer are met more often than they
 * are made; a lifetime is therefore picked from draws of its law in proportion to a weight, by rejection.
 */
export class Lifetimes {
  /** Entries never expire. */
  readonly endless: boolean;
  private readonly pool: Float64Array;
  private readonly longest: number;
  private readonly random: Random;

  /** @param draw a fresh lifetime in seconds, ≥ 0; null = entries never expire */
  constructor(draw: (() => number) | null, random: Random) {
    this.endless = draw === null;
    this.pool =
      draw === null ? Float64Array.of(Number.POSITIVE_INFINITY) : Float64Array.from({ length: POOL }, draw);
    this.longest = this.pool.reduce((longest, lifetime) => Math.max(longest, lifetime));
    this.random = random;
  }

  /** @param weight of a lifetime, increasing with it */
  pick(weight: (lifetime: number) => number): number {
    if (this.endless) return Number.POSITIVE_INFINITY;
    const { pool, random, longest } = this;
    let lifetime = longest;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      lifetime = pool[Math.floor(random.next() * pool.length)]!;
      if (lifetime === longest || random.next() * weight(longest) < weight(lifetime)) break;
    }
    return lifetime;
  }
}
