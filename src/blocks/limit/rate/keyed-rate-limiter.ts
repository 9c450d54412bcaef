import { requireArray, requireWhole } from '../require.ts';
import { createRateLimiter, type RateLimiterOptions } from './create-rate-limiter.ts';
import {
  type RateLimiter,
  type RateLimiterName,
  type RateLimiterState,
  requireCall,
} from './rate-limiter.ts';

/** How many keys, and what then. */
export interface KeyedOptions {
  /** Keys remembered at once, a whole number from 1 to 2^24, the most that a JavaScript `Map` holds. */
  readonly maxKeys: number;
  /**
   * What becomes of a new key when that many are remembered and none is idle. `'refuse'`, the default: it has
   * to wait for the first that becomes idle, and no key ever gets more than its due. `'forget'`: the key that
   * would be idle first is forgotten, and may get what it has used up once more.
   */
  readonly beyond?: 'refuse' | 'forget';
}

/** What a {@link KeyedRateLimiter} remembers. */
export interface KeyedState<Key extends string | number> {
  readonly version: 1;
  /** The latest time seen; null before the first. */
  readonly now: number | null;
  readonly keys: readonly (readonly [Key, RateLimiterState])[];
}

interface Entry<Key> {
  key: Key;
  readonly limiter: RateLimiter;
  /** A time before which it is not idle; the true one may be later. */
  due: number;
}

/** The most entries a Map of V8 takes. */
const MAX_KEYS = 2 ** 24;

/**
 * A limiter for each key: user, address, API key. When there are as many keys as allowed, a new one takes the
 * place of one whose limiter is as new again, without anybody noticing the difference.
 *
 * The entries are in a heap by a lower bound of the time from which on they are idle. That time only grows
 * when something passes, so that a decision for a known key need not touch the heap; entries that turn out to
 * be idle later than was thought are put where they belong when they come to the top. Nothing is allocated
 * but the entry of a new key, until there are as many as allowed.
 *
 * Time must not go back: an earlier time than the latest seen counts as that one, for all keys.
 */
export class KeyedRateLimiter<Name extends RateLimiterName, Key extends string | number = string> {
  private readonly name: Name;
  private readonly options: RateLimiterOptions[Name];
  /** The limiter of a key that was never seen. */
  private readonly fresh: RateLimiter;
  private readonly maxKeys: number;
  private readonly forgets: boolean;
  private readonly entries = new Map<Key, Entry<Key>>();
  private readonly heap: Entry<Key>[] = [];
  private latest = Number.NEGATIVE_INFINITY;

  /** @throws RangeError when the name is unknown, an option impossible or the state not one of this algorithm */
  constructor(name: Name, options: RateLimiterOptions[Name] & KeyedOptions, state?: KeyedState<Key>) {
    const { maxKeys, beyond = 'refuse', ...own } = options;
    requireWhole('maxKeys', maxKeys, 1, MAX_KEYS);
    if (beyond !== 'refuse' && beyond !== 'forget') {
      throw new RangeError(`beyond must be refuse or forget, got ${beyond}`);
    }
    this.options = own as unknown as RateLimiterOptions[Name];
    this.fresh = createRateLimiter(name, this.options);
    this.name = name;
    this.maxKeys = maxKeys;
    this.forgets = beyond === 'forget';
    if (state !== undefined) this.restore(state);
  }

  /** Keys remembered, idle ones included until they are noticed. */
  get size(): number {
    return this.heap.length;
  }

  /** As {@link RateLimiter.tryTake}, for one key. */
  tryTake(key: Key, now: number, cost = 1): number {
    if (now > this.latest && now < Number.POSITIVE_INFINITY) this.latest = now;
    else requireCall(now, cost);
    const entry = this.entries.get(key);
    if (entry !== undefined) return this.takeFrom(entry, now, cost);
    // What costs nothing, can never pass or is impossible takes no place, least of all that of another key.
    const alone = this.fresh.tryTake(this.latest, cost);
    this.fresh.reset();
    if (cost === 0 || alone === Number.POSITIVE_INFINITY) return alone;
    if (this.heap.length < this.maxKeys) return this.enter(key, now, cost);
    const first = this.firstIdle();
    if (first.due > this.latest && !this.forgets) return first.due - now;
    this.entries.delete(first.key);
    first.limiter.reset();
    first.key = key;
    this.entries.set(key, first);
    const wait = this.takeFrom(first, now, cost);
    first.due = first.limiter.idleAt();
    this.siftDown(first);
    return wait;
  }

  /** As {@link RateLimiter.idleAt}, for one key; −Infinity for one that is not remembered. */
  idleAt(key: Key): number {
    return this.entries.get(key)?.limiter.idleAt() ?? Number.NEGATIVE_INFINITY;
  }

  /**
   * Forgets all keys that are idle at the latest time seen, to give their memory back.
   *
   * @returns how many
   */
  forgetIdle(): number {
    const { heap } = this;
    const before = heap.length;
    while (heap.length > 0 && this.firstIdle().due <= this.latest) {
      this.entries.delete(heap[0]!.key);
      const last = heap.pop()!;
      if (heap.length > 0) this.siftDown(last);
    }
    return before - heap.length;
  }

  snapshot(): KeyedState<Key> {
    const now = this.latest === Number.NEGATIVE_INFINITY ? null : this.latest;
    return { version: 1, now, keys: this.heap.map(({ key, limiter }) => [key, limiter.snapshot()] as const) };
  }

  /** The entry that is idle before all others, at its `due`; called only when there is one. */
  private firstIdle(): Entry<Key> {
    for (;;) {
      const first = this.heap[0]!;
      const due = first.limiter.idleAt();
      if (due <= first.due) return first;
      first.due = due;
      this.siftDown(first);
    }
  }

  private takeFrom(entry: Entry<Key>, now: number, cost: number): number {
    const wait = entry.limiter.tryTake(this.latest, cost);
    return wait === 0 ? 0 : wait + (this.latest - now);
  }

  private enter(key: Key, now: number, cost: number): number {
    const limiter = createRateLimiter(this.name, this.options);
    const entry = { key, limiter, due: Number.NEGATIVE_INFINITY };
    const wait = this.takeFrom(entry, now, cost);
    this.add(entry);
    return wait;
  }

  private add(entry: Entry<Key>): void {
    entry.due = entry.limiter.idleAt();
    this.entries.set(entry.key, entry);
    this.heap.push(entry);
    this.siftUp(entry);
  }

  private restore(state: KeyedState<Key>): void {
    const { version, now, keys } = state;
    requireArray('state.keys', keys);
    if (version !== 1 || !(now === null || Number.isFinite(now)) || !(keys.length <= this.maxKeys)) {
      throw new RangeError(`state must be of version 1 with at most ${this.maxKeys} keys`);
    }
    this.latest = now ?? Number.NEGATIVE_INFINITY;
    for (const [key, inner] of keys) {
      if (this.entries.has(key)) throw new RangeError(`state must hold a key once, got ${key} twice`);
      this.add({ key, limiter: createRateLimiter(this.name, this.options, inner), due: 0 });
    }
  }

  private siftUp(entry: Entry<Key>): void {
    const { heap } = this;
    let at = heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.due <= entry.due) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  /** Puts an entry in at the top, and from there to where it belongs. */
  private siftDown(entry: Entry<Key>): void {
    const { heap } = this;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child + 1 < heap.length && heap[child + 1]!.due < heap[child]!.due) child++;
      if (child >= heap.length || heap[child]!.due >= entry.due) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = entry;
  }
}
