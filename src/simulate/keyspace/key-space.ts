import type { Random } from '../../kernel/index.ts';
import type { Popularity } from '../../quantities/index.ts';
import { AliasTable } from './alias-table.ts';
import { type KeySpaceOptions, type Strata, stratify } from './strata.ts';

/** Numbers a group has in `details`: its ranks, what a stand-in stands for, its first simulated key. */
const STRIDE = 3;
/** Thinned spaces that are remembered. */
const MOST_LEFT = 16;

/**
 * The keys of a data set as the simulator sees them: up to 2^20 of them one by one, more of them by
 * *stand-ins*. Ranks of next to equal popularity form a group, and of every `sizeOf` keys of it only one is
 * simulated. It lies in a cache with the weight of all it stands for. A request for it moves, fills or
 * deletes it; a request for one of the others looks whether the stand-in is there, takes that for its
 * answer, and leaves no trace.
 *
 * That keeps hit ratios because, by Che's argument, the chance of a hit depends on the key's popularity and
 * the cache's characteristic time alone, and weights keep the latter (Che, Tung & Wang, IEEE JSAC 20(7), 2002;
 * Fricker, Robert & Roberts, ITC 2012). Simulating a sample of keys in a cache scaled to match is SHARDS
 * (Waldspurger et al., FAST 2015); here the most popular keys are not sampled but all kept, and others the
 * more finely the more popular they are.
 *
 * What it costs: requests that ask for the same stand-in hit or miss alike, so hit ratios of short stretches
 * of time waver more.
 */
export class KeySpace {
  /** What was left of it for others, the latest last: equal replications leave the same, and it takes a while to build. */
  private readonly left: { readonly passing: Float64Array; readonly space: KeySpace }[] = [];
  /** Keys of the data set. */
  readonly count: number;
  /** Groups of next to equal popularity, numbered from the most popular on. */
  readonly groups: number;
  /** Simulated keys, numbered from 0, the most popular first. Numbers from here to 2^30 are free. */
  readonly keys: number;
  /** Most keys that any simulated key stands for; 1 = all keys are simulated. */
  readonly heaviest: number;
  /** The popularity law by group, for `characteristicTime` and `hitRatio`. */
  readonly classes: PopularityClasses;
  private readonly popularity: Popularity;
  private readonly options: KeySpaceOptions;
  private readonly strata: Strata;
  private readonly table: AliasTable;
  private readonly details: Float64Array;

  /** @param strata default: those of the popularity */
  constructor(count: number, popularity: Popularity, options: KeySpaceOptions, strata?: Strata) {
    const whole = Math.round(count);
    if (!(whole >= 1 && whole <= Number.MAX_SAFE_INTEGER)) {
      throw new RangeError(`count must be from 1 to ${Number.MAX_SAFE_INTEGER}, got ${count}`);
    }
    const cut = strata ?? stratify(whole, popularity, options);
    const { probability, ranks, standsFor, first } = cut;
    this.count = whole;
    this.groups = ranks.length;
    this.keys = cut.keys;
    this.heaviest = standsFor.reduce((most, keys) => Math.max(most, keys), 1);
    this.classes = { perKey: probability.map((all, group) => all / ranks[group]!), keys: ranks };
    this.strata = cut;
    this.popularity = popularity;
    this.options = options;
    this.table = new AliasTable(probability);
    this.details = new Float64Array(STRIDE * this.groups);
    for (let group = 0; group < this.groups; group++) {
      this.details.set([ranks[group]!, standsFor[group]!, first[group]!], STRIDE * group);
    }
  }

  /**
   * Draws the key of a request, as a code: 2 · simulated key, plus 1 when the request is for that key itself
   * and not for one that it stands for.
   */
  sample(random: Random): number {
    const { details } = this;
    const at = STRIDE * this.table.sample(random);
    const ranks = details[at]!;
    const first = details[at + 2]!;
    if (ranks === 1) return 2 * first + 1;
    const place = Math.floor(random.next() * ranks);
    const each = details[at + 1]!;
    if (each === 1) return 2 * (first + place) + 1;
    const standIn = Math.floor(place / each);
    return 2 * (first + standIn) + (place === standIn * each ? 1 : 0);
  }

  /**
   * The same keys as what is left of their requests asks for them.
   *
   * @param passing share of the requests for each group that is left, not all 0
   */
  thinned(passing: Float64Array): KeySpace {
    const known = this.left.find((each) => each.passing.every((share, group) => share === passing[group]));
    if (known !== undefined) return known.space;
    const space = this.thinnedAnew(passing);
    if (this.left.push({ passing, space }) > MOST_LEFT) this.left.shift();
    return space;
  }

  private thinnedAnew(passing: Float64Array): KeySpace {
    const left = this.strata.probability.map((all, group) => all * passing[group]!);
    const total = left.reduce((sum, share) => sum + share, 0);
    const probability = left.map((share) => share / total);
    return new KeySpace(this.count, this.popularity, this.options, { ...this.strata, probability });
  }

  /** Keys that a simulated key stands for, itself included, ≥ 1. */
  sizeOf(key: number): number {
    return this.heaviest === 1 ? 1 : this.standsFor(this.groupOf(key));
  }

  /** The group of a simulated key. */
  groupOf(key: number): number {
    if (!(key >= 0 && key < this.keys)) {
      throw new RangeError(`key must be from 0 to ${this.keys - 1}, got ${key}`);
    }
    const { first } = this.strata;
    let low = 0;
    let high = first.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (first[middle]! <= key) low = middle;
      else high = middle;
    }
    return low;
  }

  /**
   * How many of the most popular simulated keys fit together into a cache.
   *
   * @param capacity in keys of the data set, ≥ 0
   */
  keysThatFit(capacity: number): number {
    const { ranks, standsFor } = this.strata;
    let room = capacity;
    for (let group = 0; group < this.groups; group++) {
      if (ranks[group]! > room) return this.firstKey(group) + Math.floor(room / standsFor[group]!);
      room -= ranks[group]!;
    }
    return this.keys;
  }

  /** Probability that a request asks for any key of the group. */
  probabilityOf(group: number): number {
    return this.strata.probability[group]!;
  }

  /** Probability that a request asks for one given key of the group. */
  probabilityPerKey(group: number): number {
    return this.classes.perKey[group]!;
  }

  /** Keys of the data set in the group. */
  ranksOf(group: number): number {
    return this.strata.ranks[group]!;
  }

  /** Keys that each simulated key of the group stands for. */
  standsFor(group: number): number {
    return this.strata.standsFor[group]!;
  }

  /** The first simulated key of the group; it has `ranksOf / standsFor` of them, in a row. */
  firstKey(group: number): number {
    return this.strata.first[group]!;
  }
}

/** Keys in classes of next to equal popularity. */
export interface PopularityClasses {
  /** Probability that a request asks for one given key of the class. */
  readonly perKey: Float64Array;
  /** Keys in the class. */
  readonly keys: Float64Array;
}

/**
 * The keys of a data set for simulation; see {@link KeySpace}. It never changes and can be shared. A billion
 * keys take some ten milliseconds and 3 MB.
 *
 * @param count keys, ≥ 1, rounded
 * @throws RangeError when the count or an option is out of range
 */
export function createKeySpace(
  count: number,
  popularity: Popularity,
  options: KeySpaceOptions = {},
): KeySpace {
  return new KeySpace(count, popularity, options);
}
