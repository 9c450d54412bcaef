import { type OptionNames, requireOptions } from '../require-options.ts';
import { requireHash } from './mix.ts';

/** Size of the sketch. */
export interface SpaceSavingOptions {
  /** Keys counted at a time, from 1 to 2^28. */
  readonly counters: number;
}

/** A key that may be frequent. */
export interface HeavyHitter {
  readonly hash: number;
  /** At least its true count. */
  readonly count: number;
  /** `count` is at most so much too high. */
  readonly error: number;
}

/** A snapshot of {@link SpaceSaving}. */
export interface SpaceSavingState {
  readonly version: 1;
  readonly total: number;
  /** In the order in which they are kept: each count is at least that of its parent at ⌊(i − 1) / 2⌋. */
  readonly entries: readonly HeavyHitter[];
}

const OPTIONS: OptionNames<SpaceSavingOptions> = { counters: true };

/**
 * The most frequent keys of a stream: Space-Saving (Metwally, Agrawal & El Abbadi, "Efficient computation of
 * frequent and top-k elements in data streams", ICDT 2005). A key that is not counted takes the counter of the one
 * with the least count, and starts from that count.
 *
 * - SS-1 A count is never too low, and too high by `error` at most, which is at most total / counters.
 * - SS-2 A key with more than total / counters of the stream is always counted.
 * - SS-3 While there were no more different keys than counters, all counts are exact.
 *
 * Counters form a heap with the least on top, so that an update takes logarithmic time. Hashes that are equal as
 * int32 are one key, told as a number from 0 to 2^32 − 1.
 */
export class SpaceSaving {
  readonly counters: number;
  /** Sum of all that was counted. */
  total = 0;
  private size = 0;
  private readonly hashes: Int32Array;
  private readonly counts: Float64Array;
  private readonly errors: Float64Array;
  private readonly places = new Map<number, number>();

  constructor(options: SpaceSavingOptions) {
    requireOptions('SpaceSaving', options, OPTIONS);
    const { counters } = options;
    if (!(Number.isSafeInteger(counters) && counters >= 1 && counters <= 2 ** 28)) {
      throw new RangeError(`counters must be a whole number from 1 to 2^28, got ${counters}`);
    }
    this.counters = counters;
    this.hashes = new Int32Array(counters);
    this.counts = new Float64Array(counters);
    this.errors = new Float64Array(counters);
  }

  /** Counts a key `count` times, a whole number from 1 to 2^53 − 1; default once. */
  add(hash: number, count = 1): void {
    requireHash(hash);
    if (!(Number.isSafeInteger(count) && count >= 1)) {
      throw new RangeError(`count must be a whole number from 1 to 2^53 − 1, got ${count}`);
    }
    const key = hash | 0;
    this.total += count;
    const place = this.places.get(key);
    if (place !== undefined) {
      this.counts[place] = this.counts[place]! + count;
      this.sink(place);
    } else if (this.size < this.counters) {
      this.rise(this.size++, key, count, 0);
    } else {
      const least = this.counts[0]!;
      this.places.delete(this.hashes[0]!);
      this.put(0, key, least + count, least);
      this.sink(0);
    }
  }

  /** The count of a key, never too low; 0 for one not counted, which came at most {@link SpaceSaving.floor} times. */
  estimate(hash: number): number {
    requireHash(hash);
    const place = this.places.get(hash | 0);
    return place === undefined ? 0 : this.counts[place]!;
  }

  /** No key that is not counted came more often than this. */
  get floor(): number {
    return this.size < this.counters ? 0 : this.counts[0]!;
  }

  /** The most frequent keys, by count, at most `most` of them. */
  top(most: number): HeavyHitter[] {
    if (!(Number.isSafeInteger(most) && most >= 0)) {
      throw new RangeError(`most must be a whole number ≥ 0, got ${most}`);
    }
    return this.entries()
      .sort((a, b) => b.count - a.count || a.error - b.error || a.hash - b.hash)
      .slice(0, most);
  }

  clear(): void {
    this.places.clear();
    this.size = 0;
    this.total = 0;
  }

  snapshot(): SpaceSavingState {
    return { version: 1, total: this.total, entries: this.entries() };
  }

  /** @throws RangeError when the state is not a snapshot, or holds more keys than there are counters */
  static restore(options: SpaceSavingOptions, state: SpaceSavingState): SpaceSaving {
    const made = new SpaceSaving(options);
    if (state?.version !== 1 || !Array.isArray(state.entries)) refuse('version 1');
    const { total, entries } = state;
    if (entries.length > made.counters) refuse(`at most ${made.counters} entries`);
    if (!(total >= 0 && total < Number.POSITIVE_INFINITY)) refuse('a total ≥ 0');
    for (const [at, { hash, count, error }] of entries.entries()) {
      requireHash(hash);
      if (made.places.has(hash | 0)) refuse('different keys');
      const parent = at === 0 ? 0 : made.counts[(at - 1) >> 1]!;
      if (!(count >= parent && count > 0 && count <= total)) refuse('counts in order');
      if (!(error >= 0 && error <= count)) refuse('errors from 0 to the count');
      made.put(at, hash | 0, count, error);
    }
    made.size = entries.length;
    made.total = total;
    return made;
  }

  private entries(): HeavyHitter[] {
    return Array.from({ length: this.size }, (_, at) => ({
      hash: this.hashes[at]! >>> 0,
      count: this.counts[at]!,
      error: this.errors[at]!,
    }));
  }

  private put(at: number, key: number, count: number, error: number): void {
    this.hashes[at] = key;
    this.counts[at] = count;
    this.errors[at] = error;
    this.places.set(key, at);
  }

  /** Moves what has become greater down, away from the top. */
  private sink(from: number): void {
    const { hashes, counts, errors, size } = this;
    const key = hashes[from]!;
    const count = counts[from]!;
    const error = errors[from]!;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && counts[child + 1]! < counts[child]!) child++;
      if (counts[child]! >= count) break;
      this.put(at, hashes[child]!, counts[child]!, errors[child]!);
      at = child;
    }
    if (at !== from) this.put(at, key, count, error);
  }

  private rise(from: number, key: number, count: number, error: number): void {
    const { hashes, counts, errors } = this;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (counts[parent]! <= count) break;
      this.put(at, hashes[parent]!, counts[parent]!, errors[parent]!);
      at = parent;
    }
    this.put(at, key, count, error);
  }
}

function refuse(what: string): never {
  throw new RangeError(`state must be a snapshot of SpaceSaving with ${what}`);
}
