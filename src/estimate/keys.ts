import type { PlanData } from '../design/plan.ts';
import { harmonic } from '../quantities/index.ts';

/** The keys of a data set in classes of equal popularity, most popular first. */
export interface KeyClasses {
  /** Keys in each class, not necessarily whole. */
  readonly keys: Float64Array;
  /** Probability that a drawn key is of the class; sums to 1. */
  readonly shares: Float64Array;
}

/** What keys a stream of requests carries. Streams with the same keys carry the same object. */
export type KeyStream =
  | { readonly keys: 'none' }
  /** Keys never used before; with `absent`, such that stand for nothing, and that no cache takes in as items. */
  | { readonly keys: 'new'; readonly data: number; readonly absent?: true }
  /** Keys of the data's classes, with these probabilities; with `missed`, what a cache on the way does not have. */
  | { readonly keys: 'drawn'; readonly data: number; readonly shares: Float64Array; readonly missed?: true };

/** Ranks that are classes of their own. */
const SINGLE_RANKS = 100;
/** Last rank to first rank of a range of later ranks. */
const RANGE_WIDTH = 1.1;
/** Where in a range, from −1 to 1, two classes stand for all of it (Gauss–Legendre). */
const NODE = 1 / Math.sqrt(3);

const known = new Map<string, KeyClasses>();
const KNOWN_MAX = 64;

/**
 * Classes of keys under a popularity law: each of the first 100 ranks by itself, then two classes for every
 * range of ranks 10 % wide, placed and weighted so that sums over smooth functions of the popularity are those
 * over the single keys. Against single keys, the error of a hit ratio is below 1e-6.
 */
export function keyClasses(data: PlanData): KeyClasses {
  const count = Math.max(1, Math.round(data.count.value));
  const { popularity } = data;
  if (popularity.law === 'uniform' || popularity.exponent === 0) {
    return { keys: Float64Array.of(count), shares: Float64Array.of(1) };
  }
  const name = `${count} ${popularity.exponent}`;
  let classes = known.get(name);
  if (classes === undefined) {
    classes = zipfClasses(count, popularity.exponent);
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(name, classes);
  }
  return classes;
}

function zipfClasses(count: number, exponent: number): KeyClasses {
  const total = harmonic(count, exponent);
  const keys: number[] = [];
  const shares: number[] = [];
  let before = 0;
  for (let first = 1; first <= count; ) {
    const last =
      first <= SINGLE_RANKS ? first : Math.min(count, Math.max(first, Math.floor(first * RANGE_WIDTH)));
    const upTo = harmonic(last, exponent);
    const ranks = last - first + 1;
    const middle = (first + last) / 2;
    // Far down, differences of sums lose digits that the middle of the range still has.
    const share = upTo - before > 1e-9 * upTo ? upTo - before : ranks * middle ** -exponent;
    if (ranks === 1) {
      keys.push(1);
      shares.push(share / total);
    } else {
      const high = (middle - (ranks / 2) * NODE) ** -exponent;
      const low = (middle + (ranks / 2) * NODE) ** -exponent;
      keys.push(ranks / 2, ranks / 2);
      shares.push((share * high) / (high + low) / total, (share * low) / (high + low) / total);
    }
    before = upTo;
    first = last + 1;
  }
  return { keys: Float64Array.from(keys), shares: Float64Array.from(shares) };
}

/** Makes streams of keys and remembers them, so that equal ones are one object. */
export class KeySpace {
  readonly none: KeyStream = { keys: 'none' };
  private readonly data: readonly PlanData[];
  private readonly drawnOf = new Map<number, KeyStream>();
  private readonly newOf = new Map<number, KeyStream>();
  private readonly absentOf = new Map<number, KeyStream>();
  private readonly missedOf = new Map<KeyStream, Map<Float64Array, Missed>>();

  constructor(data: readonly PlanData[]) {
    this.data = data;
  }

  classes(data: number): KeyClasses {
    return keyClasses(this.data[data]!);
  }

  drawn(data: number): KeyStream {
    let stream = this.drawnOf.get(data);
    if (stream === undefined) {
      stream = { keys: 'drawn', data, shares: this.classes(data).shares };
      this.drawnOf.set(data, stream);
    }
    return stream;
  }

  absent(data: number): KeyStream {
    let stream = this.absentOf.get(data);
    if (stream === undefined) {
      stream = { keys: 'new', data, absent: true };
      this.absentOf.set(data, stream);
    }
    return stream;
  }

  fresh(data: number): KeyStream {
    let stream = this.newOf.get(data);
    if (stream === undefined) {
      stream = { keys: 'new', data };
      this.newOf.set(data, stream);
    }
    return stream;
  }

  /**
   * What is left of a stream of keys after a cache: the probability of a miss, and the keys that miss.
   * Keys never used before, and keys of other data, always miss.
   *
   * @param misses probability of a miss by class of the data the cache holds
   */
  missed(stream: KeyStream, held: number, misses: Float64Array): Missed {
    if (stream.keys !== 'drawn' || stream.data !== held) return { probability: 1, keys: stream };
    let byCache = this.missedOf.get(stream);
    if (byCache === undefined) {
      byCache = new Map();
      this.missedOf.set(stream, byCache);
    }
    let missed = byCache.get(misses);
    if (missed === undefined) {
      const through = stream.shares.map((share, i) => share * misses[i]!);
      const probability = Math.min(
        1,
        through.reduce((sum, share) => sum + share, 0),
      );
      const shares = probability > 0 ? through.map((share) => share / probability) : stream.shares;
      missed = { probability, keys: { keys: 'drawn', data: stream.data, shares, missed: true } };
      byCache.set(misses, missed);
    }
    return missed;
  }
}

/** A stream behind a cache. */
export interface Missed {
  readonly probability: number;
  readonly keys: KeyStream;
}

/** Requests with the same keys, by whether they are done elsewhere since the item was written of late. */
export interface Pinned {
  readonly pinned: Missed;
  readonly others: Missed;
}
