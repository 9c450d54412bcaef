/**
 * A bounded store of keys, without their values: it knows what would be there. Keys are integers from 0 to
 * 2^31 − 1. Time is whatever the caller counts in, as long as `now` and `expiresAt` count alike; it need not
 * run forward. No operation allocates, apart from growth by doubling.
 */
export interface Cache {
  /** Sum of weights that fit: bytes or items. */
  readonly capacity: number;
  /** Entries held, expired ones included until they are noticed. */
  readonly size: number;
  /** Sum of the weights of these entries. */
  readonly weight: number;
  /** Entries pushed out for want of room since the cache was made; removal and expiry do not count. */
  readonly evictions: number;

  /**
   * Asks for a key: true when it is held and `now < expiresAt`. Counts as an access. An entry found expired
   * is removed.
   */
  lookup(key: number, now: number): boolean;

  /** As `lookup`, but leaves no trace: no access, no removal. */
  contains(key: number, now: number): boolean;

  /**
   * Puts a key in and evicts others until it fits. An entry already there is replaced in weight and expiry;
   * that counts as an access, so that LRU moves it to the front, LFU raises its frequency and FIFO leaves it
   * in its place, and it is not evicted itself to make room. One that has expired starts anew. A key heavier
   * than the whole capacity is not admitted, and what was held of it is removed.
   *
   * @param weight ≥ 0
   * @param expiresAt first instant at which it is no longer there; Infinity = never
   * @throws RangeError when the key, the weight or `expiresAt` is impossible
   */
  insert(key: number, weight: number, now: number, expiresAt: number): void;

  /**
   * Sets when a key expires, sooner or later than before, and leaves no other trace; false when it is not there.
   * An expired entry that nobody has noticed is there, and may be given more time.
   */
  expireAt(key: number, expiresAt: number): boolean;

  /** Takes a key out; false when it was not there. An expired entry counts as there. */
  remove(key: number): boolean;

  /** Takes everything out. */
  clear(): void;

  /**
   * Puts a key in as the most recent one, evicting nothing: for filling a cache from the coldest entry to
   * the hottest. An `expiresAt` in the past is allowed: such an entry takes room until it is noticed.
   *
   * @param frequency accesses so far, a whole number ≥ 1; LFU counts on from it, and to policies that know only
   *   whether an entry was asked for again it is more than 1 or not
   * @returns false when it does not fit or is there already
   */
  restore(key: number, weight: number, expiresAt: number, frequency: number): boolean;
}

/** Size of a cache. */
export interface CacheOptions {
  /** Sum of weights that fit, ≥ 0. */
  readonly capacity: number;
  /** Entries held at most, whatever they weigh: a whole number ≥ 1, default 2^24. */
  readonly maxEntries?: number;
  /** Entries to reserve memory for at the start, default 1024; more than that is found by doubling. */
  readonly expectedEntries?: number;
  /**
   * Keys below this are numbered in a row: each is found by its number, which is faster, for 4 bytes whether it is held or
   * not; a whole number from 0 to 2^31 − 1, default 0.
   */
  readonly denseKeys?: number;
}
