import type { Popularity } from '../../quantities/index.ts';

/**
 * A group has as many ranks as this part of its first rank, so that popularity varies within it by less than
 * exponent / 2048, and as its mean is kept, what that does to hit ratios goes with the square.
 */
const GROUP_WIDTH = 1 / 2048;

/** Data sets of up to this many keys are simulated key by key. */
const EXACT_KEYS = 2 ** 20;

/** Of larger ones this many of the most popular keys. */
const DEFAULT_ALONE = 2 ** 15;

/** Stand-ins for a large data set whose keys are all alike. */
const UNIFORM_KEYS = 2 ** 18;

/**
 * Fewest stand-ins that fill a cache: a few heavy ones would push out too much at once, and the more there
 * are, the less its hit ratio wavers.
 */
const KEYS_TO_FILL = 2 ** 16;

/** Most simulated keys that a cache should have to hold, for the sake of memory. */
const KEYS_TO_HOLD = 2 ** 20;

/** Simulated keys have numbers of 30 bits, so that a code with its mark is an int32. */
const MAX_KEYS = 2 ** 29;

/** How finely a key space is simulated. */
export interface KeySpaceOptions {
  /** Most popular keys that are simulated one by one; default all of them up to 2^20 keys, otherwise 2^15. */
  readonly alone?: number;
  /**
   * Capacities of the caches that keep this data, in items. A stand-in is kept light beside the smallest of
   * them, and heavy enough that the largest need not hold more than about a million. Default: none, which
   * puts no bound on what one simulated key stands for.
   */
  readonly capacities?: readonly number[];
}

/** Ranks cut into groups of consecutive ranks; arrays by group, in order of popularity. */
export interface Strata {
  /** Probability that a request goes to the group. */
  readonly probability: Float64Array;
  /** Keys of the data set in the group. */
  readonly ranks: Float64Array;
  /** Keys that each simulated key of the group stands for; divides `ranks`. */
  readonly standsFor: Float64Array;
  /** Number of the first simulated key of the group. */
  readonly first: Int32Array;
  /** Simulated keys of all groups. */
  readonly keys: number;
}

/**
 * Cuts ranks 1 to `count` into groups, which grow in proportion to the rank: there are about
 * 2048 · (1 + ln(count / 2048)) of them. Keys that are all alike are one group, and what is left of it when
 * stand-ins do not go into it evenly.
 *
 * @throws RangeError when an option or the exponent is out of range
 */
export function stratify(count: number, popularity: Popularity, options: KeySpaceOptions): Strata {
  const { alone = count <= EXACT_KEYS ? count : DEFAULT_ALONE, capacities = [] } = options;
  if (!(alone >= 1)) throw new RangeError(`alone must be ≥ 1, got ${alone}`);
  const heaviest = Math.max(standInLimit(count, capacities), Math.ceil(count / MAX_KEYS));
  const exponent = popularity.law === 'zipf' ? popularity.exponent : 0;
  if (!(exponent >= 0)) throw new RangeError(`exponent of zipf must be ≥ 0, got ${exponent}`);
  if (exponent === 0) {
    const each = alone >= count ? 1 : Math.ceil(count / UNIFORM_KEYS);
    return cut(
      count,
      0,
      () => count,
      () => Math.min(each, heaviest),
    );
  }
  return cut(
    count,
    exponent,
    (rank) => Math.floor(rank * GROUP_WIDTH),
    (rank) => Math.min(Math.floor(rank / alone), heaviest),
  );
}

/** Most keys that one simulated key may stand for. */
function standInLimit(count: number, capacities: readonly number[]): number {
  const bad = capacities.find((capacity) => !(capacity >= 0));
  if (bad !== undefined) throw new RangeError(`capacities must be ≥ 0, got ${bad}`);
  const held = capacities.filter((capacity) => capacity > 0).map((capacity) => Math.min(capacity, count));
  if (held.length === 0) return count;
  return Math.max(
    1,
    Math.floor(Math.min(...held) / KEYS_TO_FILL),
    Math.ceil(Math.max(...held) / KEYS_TO_HOLD),
  );
}

/** Groups that begin with a rank have about `ranksAt` ranks and stand-ins for about `standsForAt` of them. */
function cut(
  count: number,
  exponent: number,
  ranksAt: (rank: number) => number,
  standsForAt: (rank: number) => number,
): Strata {
  const mass: number[] = [];
  const ranks: number[] = [];
  const standsFor: number[] = [];
  const first: number[] = [];
  let keys = 0;
  let total = 0;
  for (let rank = 1; rank <= count; ) {
    const left = count - rank + 1;
    const each = Math.min(left, Math.max(1, standsForAt(rank)));
    const wanted = Math.min(left, Math.max(each, ranksAt(rank)));
    const size = wanted - (wanted % each);
    ranks.push(size);
    standsFor.push(each);
    first.push(keys);
    mass.push(zipfMass(rank, size, exponent));
    total += mass[mass.length - 1]!;
    keys += size / each;
    rank += size;
  }
  return {
    probability: Float64Array.from(mass, (of) => of / total),
    ranks: Float64Array.from(ranks),
    standsFor: Float64Array.from(standsFor),
    first: Int32Array.from(first),
    keys,
  };
}

/** Sum of r^-exponent over `ranks` ranks from `rank` on, by the middle rank and the next term of its series. */
function zipfMass(rank: number, ranks: number, exponent: number): number {
  if (ranks === 1) return rank ** -exponent;
  const middle = rank + (ranks - 1) / 2;
  const spread = (exponent * (exponent + 1) * (ranks * ranks - 1)) / (24 * middle * middle);
  return ranks * middle ** -exponent * (1 + spread);
}
