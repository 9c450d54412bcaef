import { type OptionNames, requireOptions } from '../require-options.ts';
import { SpaceSaving, type SpaceSavingState } from '../sketch/index.ts';
import { hashKey, type ShardKey } from './shard-map.ts';

/** Options of {@link HotKeys}. */
export interface HotKeysOptions<Key extends ShardKey> {
  /** A key is hot from this share of all requests on; above 0, up to 1. */
  readonly threshold: number;
  /** Time in which a request's weight halves, in the unit of `now`; finite and > 0. */
  readonly halfLife: number;
  /** Keys that are counted at a time, 1 to 2^20. Default ⌈2/threshold⌉, at most 2^20. */
  readonly capacity?: number;
  /**
   * Requests, by their present weight, before any key is called hot; ≥ 0. Default 1/threshold: with fewer a
   * single request would make its key hot.
   */
  readonly minimumRequests?: number;
  /** Counters to go on with, saved with the same options. */
  readonly state?: HotKeysState<Key>;
}

/** A hot key and how hot it is. */
export interface HotKey<Key extends ShardKey> {
  readonly key: Key;
  /** Share of all requests it has at least, 0 to 1. */
  readonly shareLow: number;
  /** Share of all requests it has at most, 0 to 1. */
  readonly shareHigh: number;
}

/** Saved {@link HotKeys}; plain JSON. */
export interface HotKeysState<Key extends ShardKey> {
  readonly version: 1;
  /** Time whose requests have weight 1, and latest time seen; null when none was. */
  readonly landmark: number | null;
  readonly latest: number | null;
  readonly sketch: SpaceSavingState;
  /** By hash: keys that were hot. */
  readonly names: readonly (readonly [number, Key])[];
}

const MAX_CAPACITY = 2 ** 20;
const MAX_REQUESTS = 2 ** 20;
/** Counters are whole numbers: so many for a request, to round its weight by less than 1 in 100,000. */
const UNITS = 2 ** 16;
/** Doublings of a request's weight before all are taken down; 2^(20 + 16 + 16) units are still exact. */
const MAX_DOUBLINGS = 16;
/** Halvings after which not even MAX_REQUESTS at once are left. */
const FORGOTTEN = 64;

const OPTIONS: OptionNames<HotKeysOptions<string>> = {
  threshold: true,
  halfLife: true,
  capacity: true,
  minimumRequests: true,
  state: true,
};

/**
 * Finds the keys that have a large share of the requests, with a bounded number of counters: the Space-Saving
 * sketch on weights that halve every half-life, which its bounds survive (Cormode, Korn & Tirthapura,
 * "Exponentially decayed aggregates on data streams", ICDE 2008). Instead of old requests' weights going down,
 * new ones' go up, until every 16 half-lives all counters are taken down at once.
 *
 * With k counters a share is too high by 1/k at most. A key is called hot when its share is proven: none below
 * the threshold ever is, and every one at threshold + 1/k or above always is; both but for rounding, 1 in
 * 100,000. Shares are of weighted requests; at a steady rate r their weights add up to r · half-life / ln 2.
 * Keys with the same 32-bit hash (`hashKey`) count as one.
 *
 * Time that went back counts as standing still; after a long pause old requests weigh nothing.
 */
export class HotKeys<Key extends ShardKey> {
  readonly threshold: number;
  readonly capacity: number;
  private readonly halfLife: number;
  private readonly minimumRequests: number;
  private sketch: SpaceSaving;
  /** By hash: keys that had a hot share when they came last. */
  private readonly names = new Map<number, Key>();
  private landmark = Number.NEGATIVE_INFINITY;
  private latest = Number.NEGATIVE_INFINITY;

  /** @throws RangeError when an option is outside its range, or the state is not of such counters */
  constructor(options: HotKeysOptions<Key>) {
    requireOptions('HotKeys', options, OPTIONS);
    const { threshold, halfLife, state } = options;
    if (!(threshold > 0 && threshold <= 1)) {
      throw new RangeError(`threshold must be above 0 and up to 1, got ${threshold}`);
    }
    if (!(halfLife > 0 && halfLife < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`halfLife must be finite and > 0, got ${halfLife}`);
    }
    const { capacity = Math.min(MAX_CAPACITY, Math.ceil(2 / threshold)), minimumRequests = 1 / threshold } =
      options;
    if (!(Number.isInteger(capacity) && capacity >= 1 && capacity <= MAX_CAPACITY)) {
      throw new RangeError(`capacity must be a whole number from 1 to 2^20, got ${capacity}`);
    }
    if (!(minimumRequests >= 0)) {
      throw new RangeError(`minimumRequests must be ≥ 0, got ${minimumRequests}`);
    }
    this.threshold = threshold;
    this.capacity = capacity;
    this.halfLife = halfLife;
    this.minimumRequests = minimumRequests;
    this.sketch = new SpaceSaving({ counters: capacity });
    if (state !== undefined) this.restore(state);
  }

  /**
   * A request for `key` came, or several at once.
   *
   * @param requests whole number from 1 to 2^20; default 1
   * @returns whether the key is hot now
   * @throws RangeError when `now` is not finite, `requests` outside its range, or the key a number but no safe
   *   integer
   */
  record(key: Key, now: number, requests = 1): boolean {
    if (!(Number.isInteger(requests) && requests >= 1 && requests <= MAX_REQUESTS)) {
      throw new RangeError(`requests must be a whole number from 1 to 2^20, got ${requests}`);
    }
    requireTime(now);
    const hash = hashKey(key);
    this.advance(now);
    this.sketch.add(hash, Math.round(requests * UNITS * 2 ** this.doublings(this.latest)));
    if (!this.isProven(hash)) return false;
    this.names.set(hash, key);
    if (this.names.size > 2 * this.capacity) this.forgetNames();
    return this.isEnough(this.latest);
  }

  /** Whether a key is hot. */
  isHot(key: Key, now: number): boolean {
    requireTime(now);
    return this.isProven(hashKey(key)) && this.isEnough(Math.max(now, this.latest));
  }

  /** The hot keys, the hottest first; at most 1/threshold. Allocates its result. */
  hot(now: number): HotKey<Key>[] {
    requireTime(now);
    if (!this.isEnough(Math.max(now, this.latest))) return [];
    const { total } = this.sketch;
    return this.sketch.top(this.capacity).flatMap(({ hash, count, error }) => {
      const key = this.names.get(hash);
      if (key === undefined || !this.isProven(hash)) return [];
      return { key, shareLow: (count - error) / total, shareHigh: Math.min(1, count / total) };
    });
  }

  snapshot(): HotKeysState<Key> {
    const seen = this.latest !== Number.NEGATIVE_INFINITY;
    return {
      version: 1,
      landmark: seen ? this.landmark : null,
      latest: seen ? this.latest : null,
      sketch: this.sketch.snapshot(),
      names: [...this.names],
    };
  }

  private restore({ version, landmark, latest, sketch, names }: HotKeysState<Key>): void {
    if (version !== 1 || !Array.isArray(names) || names.length > 2 * this.capacity) {
      throw new RangeError(`state must be of ${this.capacity} hot keys, version 1, got version ${version}`);
    }
    if (landmark !== null && latest !== null) {
      this.landmark = landmark;
      this.latest = latest;
      const doublings = this.doublings(latest);
      if (!(Number.isFinite(landmark) && doublings >= 0 && doublings <= MAX_DOUBLINGS)) {
        throw new RangeError(
          `state.latest must be up to 16 half-lives after landmark ${landmark}, got ${latest}`,
        );
      }
    }
    this.sketch = SpaceSaving.restore({ counters: this.capacity }, sketch);
    for (const [hash, key] of names) this.names.set(hash, key);
  }

  /** Whether what is certain of a key's share reaches the threshold. */
  private isProven(hash: number): boolean {
    // No count is further above the truth than the least count, which its key may have taken over.
    const proven = this.sketch.estimate(hash) - this.sketch.floor;
    return proven > 0 && proven >= this.threshold * this.sketch.total;
  }

  /** Whether enough requests are left at a time for any key to be hot. */
  private isEnough(at: number): boolean {
    return (this.sketch.total / UNITS) * 2 ** -this.doublings(at) >= this.minimumRequests;
  }

  /** How often the weight of a request doubled from the landmark to `at`. */
  private doublings(at: number): number {
    return at === this.landmark ? 0 : (at - this.landmark) / this.halfLife;
  }

  private advance(now: number): void {
    if (now <= this.latest) return;
    this.latest = now;
    if (this.landmark === Number.NEGATIVE_INFINITY) this.landmark = now;
    const doublings = this.doublings(now);
    if (doublings <= MAX_DOUBLINGS) return;
    this.landmark = now;
    if (doublings > FORGOTTEN) {
      this.sketch.clear();
      this.names.clear();
      return;
    }
    const factor = 2 ** -doublings;
    const { version, total, entries } = this.sketch.snapshot();
    const down = (count: number) => Math.max(1, Math.round(count * factor));
    this.sketch = SpaceSaving.restore(
      { counters: this.capacity },
      {
        version,
        total: down(total),
        entries: entries.map(({ hash, count, error }) => ({
          hash,
          count: down(count),
          error: error === 0 ? 0 : down(error),
        })),
      },
    );
  }

  private forgetNames(): void {
    for (const hash of this.names.keys()) if (!this.isProven(hash)) this.names.delete(hash);
  }
}

function requireTime(now: number): void {
  if (!Number.isFinite(now)) throw new RangeError(`now must be finite, got ${now}`);
}
