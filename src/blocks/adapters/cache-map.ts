import type { Random } from '../../kernel/index.ts';
import { createOrder, type EvictionPolicy, NO_SLOT, type SlotOrder } from '../cache/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { type Clock, systemClock, systemRandom } from './clock.ts';
import { Listeners, type Subscription } from './listeners.ts';

/** How much is kept, for how long, and who leaves. */
export interface CacheMapOptions<K, V> {
  /** Sum of weights that fit, ≥ 0: entries, as long as there is no `weigh`. */
  readonly capacity: number;
  /** Entries held at most, whatever they weigh: a whole number ≥ 1, default 2^24, which is what a `Map` holds. */
  readonly maxEntries?: number;
  /** Weight of an entry, ≥ 0; default 1. */
  readonly weigh?: (value: V, key: K) => number;
  /** Who leaves when there is no room; default `lru`. */
  readonly policy?: EvictionPolicy;
  /** Lifetime of entries that are set without one, ≥ 0; default Infinity. */
  readonly ttlMs?: number;
  /** Give an entry its whole lifetime anew at every `get`; default false. */
  readonly sliding?: boolean;
  /** Entries to reserve memory for, default 1024; more than that is found by doubling. */
  readonly expectedEntries?: number;
  /**
   * A whole number for a key, equal for equal keys: policies with a memory (`arc`, `s3-fifo`, `w-tiny-lfu`) know
   * evicted keys by it. Default: of numbers and strings their content, of objects their identity.
   */
  readonly hash?: (key: K) => number;
  readonly clock?: Clock;
  /** For the policy `random`. */
  readonly random?: Random;
}

/** Why an entry is no longer there, or did not come in. */
export type RemovalReason = 'evicted' | 'expired' | 'replaced' | 'deleted' | 'cleared' | 'too-heavy';

/** An entry has left the cache: time to release what its value holds. */
export interface RemovalEvent<K, V> {
  readonly type: 'removed';
  readonly reason: RemovalReason;
  readonly key: K;
  readonly value: V;
}

/** Policies that look at the identity of a key. */
const withMemory: ReadonlySet<EvictionPolicy> = new Set(['arc', 's3-fifo', 'w-tiny-lfu']);

const OPTIONS: OptionNames<CacheMapOptions<unknown, unknown>> = {
  capacity: true,
  maxEntries: true,
  weigh: true,
  policy: true,
  ttlMs: true,
  sliding: true,
  expectedEntries: true,
  hash: true,
  clock: true,
  random: true,
};

/**
 * A `Map` that forgets: bounded, by any policy of {@link EvictionPolicy}, with a lifetime for each entry. Where an
 * entry stands among those that may leave is kept in flat arrays, so that a million entries cost little.
 *
 * Expired entries are noticed when they are asked for, or leave by eviction; until then `size` counts them.
 */
export class CacheMap<K, V> {
  private readonly order: SlotOrder;
  private readonly slots = new Map<K, number>();
  private readonly keyAt: (K | undefined)[] = [];
  private readonly valueAt: (V | undefined)[] = [];
  /** When each slot expires; null as long as none does. */
  private expiries: Float64Array<ArrayBuffer> | null = null;
  /** How long each slot lives from its last use; kept beside `expiries` where it slides. */
  private lifetimes: Float64Array<ArrayBuffer> | null = null;
  private readonly weigh: ((value: V, key: K) => number) | null;
  private readonly ttlMs: number;
  private readonly sliding: boolean;
  private readonly hash: ((key: K) => number) | null;
  private readonly clock: Clock;
  private readonly listeners = new Listeners<RemovalEvent<K, V>>();
  /** What is to be told when the entry at hand is in. */
  private readonly untold: RemovalEvent<K, V>[] = [];

  constructor(options: CacheMapOptions<K, V>) {
    requireOptions('CacheMap', options, OPTIONS);
    const { policy = 'lru', capacity, expectedEntries = 1024, ttlMs = Number.POSITIVE_INFINITY } = options;
    requireTtl(ttlMs);
    const random = options.random ?? (policy === 'random' ? systemRandom() : undefined);
    this.order = createOrder(policy, {
      capacity,
      expectedEntries,
      ...(options.maxEntries === undefined ? {} : { maxEntries: options.maxEntries }),
      ...(random === undefined ? {} : { random }),
    });
    this.weigh = options.weigh ?? null;
    this.ttlMs = ttlMs;
    this.sliding = options.sliding ?? false;
    this.hash = withMemory.has(policy) ? (options.hash ?? defaultHash()) : null;
    this.clock = options.clock ?? systemClock;
  }

  /** Sum of weights that fit. */
  get capacity(): number {
    return this.order.capacity;
  }

  /** Entries held, expired ones included until they are noticed. */
  get size(): number {
    return this.order.size;
  }

  /** Sum of their weights. */
  get weight(): number {
    return this.order.weight;
  }

  /** Entries pushed out for want of room since the cache was made. */
  get evictions(): number {
    return this.order.evictions;
  }

  /** The value of a key, which counts as an access; undefined when it is not there or has expired. */
  get(key: K): V | undefined {
    const slot = this.slots.get(key);
    if (slot === undefined) return undefined;
    if (this.expiries !== null && !this.alive(slot, this.expiries)) return undefined;
    // Before the order changes: the processor fetches both at once.
    const value = this.valueAt[slot];
    this.order.accessed(slot);
    return value;
  }

  /** As `get`, but leaves no trace: no access, no removal. */
  peek(key: K): V | undefined {
    const slot = this.slots.get(key);
    return slot === undefined || this.isOver(slot) ? undefined : this.valueAt[slot];
  }

  /** As `peek`, but tells only whether it is there. */
  has(key: K): boolean {
    const slot = this.slots.get(key);
    return slot !== undefined && !this.isOver(slot);
  }

  /** Milliseconds an entry has left; Infinity when it does not expire, 0 when it is not there. */
  remainingMs(key: K): number {
    const slot = this.slots.get(key);
    if (slot === undefined) return 0;
    const expiresAt = this.expiries === null ? Number.POSITIVE_INFINITY : this.expiries[slot]!;
    return expiresAt === Number.POSITIVE_INFINITY ? expiresAt : Math.max(0, expiresAt - this.clock.now());
  }

  /**
   * Puts an entry in, evicting others until it fits; one that is heavier than the capacity does not come in, and
   * what was held of its key is removed.
   *
   * @param ttlMs lifetime of this entry, ≥ 0; default the one of the cache
   * @throws RangeError when the weight or the lifetime is impossible
   */
  set(key: K, value: V, ttlMs: number = this.ttlMs): this {
    const { order } = this;
    const weight = this.weigh === null ? 1 : requireWeight(this.weigh(value, key));
    requireTtl(ttlMs);
    const slot = this.slots.get(key);
    if (slot !== undefined) {
      if (weight <= order.capacity && !this.isOver(slot)) {
        this.replace(slot, value, weight, ttlMs);
        return this;
      }
      this.drop(slot, this.isOver(slot) ? 'expired' : 'replaced');
    }
    if (weight > order.capacity) {
      if (this.listeners.any) this.untold.push({ type: 'removed', reason: 'too-heavy', key, value });
    } else {
      const id = this.hash === null ? NO_SLOT : this.hash(key) & 0x7fffffff;
      order.expect(id, weight);
      let free = NO_SLOT;
      for (;;) {
        const out = order.makeRoom(weight, NO_SLOT);
        if (out === NO_SLOT) break;
        // The last one to go makes its place free for the new one, which is written over it.
        if (free !== NO_SLOT) this.blank(free);
        if (this.listeners.any) this.note(out, 'evicted');
        this.slots.delete(this.keyAt[out] as K);
        free = out;
      }
      const taken = order.add(id, weight, 1);
      this.keyAt[taken] = key;
      this.valueAt[taken] = value;
      this.slots.set(key, taken);
      this.expire(taken, ttlMs);
    }
    if (this.untold.length > 0) this.tell();
    return this;
  }

  /** Takes an entry out; false when it was not there or had expired. */
  delete(key: K): boolean {
    const slot = this.slots.get(key);
    if (slot === undefined) return false;
    const over = this.isOver(slot);
    this.drop(slot, over ? 'expired' : 'deleted');
    this.tell();
    return !over;
  }

  /** Takes all entries out. */
  clear(): void {
    if (this.listeners.any) for (const slot of this.slots.values()) this.note(slot, 'cleared');
    this.slots.clear();
    this.order.clear();
    this.keyAt.length = 0;
    this.valueAt.length = 0;
    this.tell();
  }

  /** Takes out all entries that have expired; returns how many. It walks over all entries. */
  purgeExpired(): number {
    const { expiries } = this;
    if (expiries === null) return 0;
    const now = this.clock.now();
    const before = this.order.size;
    for (const slot of this.slots.values()) if (expiries[slot]! <= now) this.drop(slot, 'expired');
    const purged = before - this.order.size;
    this.tell();
    return purged;
  }

  /** Is told of every entry that leaves, with its value and the reason, when the cache is consistent again. */
  listen(listener: (event: RemovalEvent<K, V>) => void): Subscription {
    return this.listeners.add(listener);
  }

  /** Entries that have not expired, in the order in which their keys came in. */
  *entries(): IterableIterator<[K, V]> {
    for (const [key, slot] of this.slots) if (!this.isOver(slot)) yield [key, this.valueAt[slot] as V];
  }

  *keys(): IterableIterator<K> {
    for (const [key, slot] of this.slots) if (!this.isOver(slot)) yield key;
  }

  *values(): IterableIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries();
  }

  forEach(callback: (value: V, key: K, cache: this) => void): void {
    for (const [key, value] of this.entries()) callback(value, key, this);
  }

  private replace(slot: number, value: V, weight: number, ttlMs: number): void {
    const { order } = this;
    if (this.listeners.any && this.valueAt[slot] !== value) this.note(slot, 'replaced');
    this.valueAt[slot] = value;
    this.expire(slot, ttlMs);
    order.reweigh(slot, weight);
    order.accessed(slot);
    for (let out = order.makeRoom(0, slot); out !== NO_SLOT; out = order.makeRoom(0, slot)) {
      this.forget(out, 'evicted');
    }
    if (this.untold.length > 0) this.tell();
  }

  /** Whether an entry has not expired; removes it otherwise, and prolongs it where it slides. */
  private alive(slot: number, expiries: Float64Array<ArrayBuffer>): boolean {
    const expiresAt = expiries[slot]!;
    if (expiresAt === Number.POSITIVE_INFINITY) return true;
    const now = this.clock.now();
    if (expiresAt <= now) {
      this.drop(slot, 'expired');
      this.tell();
      return false;
    }
    if (this.lifetimes !== null) expiries[slot] = now + this.lifetimes[slot]!;
    return true;
  }

  private isOver(slot: number): boolean {
    if (this.expiries === null) return false;
    const expiresAt = this.expiries[slot]!;
    return expiresAt !== Number.POSITIVE_INFINITY && expiresAt <= this.clock.now();
  }

  private expire(slot: number, ttlMs: number): void {
    if (ttlMs === Number.POSITIVE_INFINITY && this.expiries === null) return;
    if (this.expiries === null || slot >= this.expiries.length) {
      const length = Math.max(1024, 2 ** Math.ceil(Math.log2(this.valueAt.length)));
      this.expiries = grown(this.expiries, length);
      if (this.sliding) this.lifetimes = grown(this.lifetimes, length);
    }
    this.expiries[slot] = ttlMs === Number.POSITIVE_INFINITY ? ttlMs : this.clock.now() + ttlMs;
    if (this.lifetimes !== null) this.lifetimes[slot] = ttlMs;
  }

  private drop(slot: number, reason: RemovalReason): void {
    this.order.remove(slot);
    this.forget(slot, reason);
  }

  /** The order has given the slot back already. */
  private forget(slot: number, reason: RemovalReason): void {
    if (this.listeners.any) this.note(slot, reason);
    this.slots.delete(this.keyAt[slot] as K);
    this.blank(slot);
  }

  /** Lets go of what a slot held. */
  private blank(slot: number): void {
    this.keyAt[slot] = undefined;
    this.valueAt[slot] = undefined;
  }

  private note(slot: number, reason: RemovalReason): void {
    const key = this.keyAt[slot] as K;
    this.untold.push({ type: 'removed', reason, key, value: this.valueAt[slot] as V });
  }

  /** Last of all, because listeners may use the cache. */
  private tell(): void {
    if (this.untold.length === 0) return;
    for (const event of this.untold.splice(0)) this.listeners.tell(event);
  }
}

function grown(values: Float64Array<ArrayBuffer> | null, length: number): Float64Array<ArrayBuffer> {
  const more = new Float64Array(length).fill(Number.POSITIVE_INFINITY);
  if (values !== null) more.set(values);
  return more;
}

function requireWeight(weight: number): number {
  if (!(weight >= 0)) throw new RangeError(`weight must be ≥ 0, got ${weight}`);
  return weight;
}

function requireTtl(ttlMs: number): void {
  if (!(ttlMs >= 0)) throw new RangeError(`ttlMs must be ≥ 0, got ${ttlMs}`);
}

/** Numbers and strings by content (FNV-1a), objects and symbols by a number given at the first sight. */
function defaultHash(): (key: unknown) => number {
  const numbers = new WeakMap<object, number>();
  let last = 0;
  return (key) => {
    if (typeof key === 'number' && (key | 0) === key) return key;
    if ((typeof key === 'object' && key !== null) || typeof key === 'function') {
      let number = numbers.get(key);
      if (number === undefined) {
        number = ++last;
        numbers.set(key, number);
      }
      return number;
    }
    const text = String(key);
    let hash = 0x811c9dc5;
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    return hash;
  };
}
