import type { Cache, CacheOptions } from './cache.ts';
import { HashIndex } from './hash-index.ts';

const MAX_KEY = 0x7fffffff;

/** No slot. */
export const NONE = -1;

/** Integers a slot has in `nodes`: neighbours in the policy's list, key, and one word for the policy. */
export const STRIDE = 4;
export const NEWER = 0;
export const OLDER = 1;
export const KEY = 2;
export const POLICY = 3;

/**
 * What all policies share: slots for entries in flat arrays, found through one hash index. A policy says how
 * slots are ordered and which one goes next.
 */
export abstract class SlottedCache implements Cache {
  readonly capacity: number;
  size = 0;
  weight = 0;
  evictions = 0;

  /** {@link STRIDE} integers a slot. */
  protected nodes: Int32Array;
  /** Two floats a slot: when it expires, what it weighs. */
  private values: Float64Array;
  private readonly index: HashIndex;
  /** Slots from here on were never used. */
  private untouched = 0;
  /** Last slot that came free; the one before it is under its NEWER. */
  private freed = NONE;

  constructor(options: CacheOptions) {
    const { capacity, expectedEntries = 1024 } = options;
    if (!(capacity >= 0)) throw new RangeError(`capacity must be ≥ 0, got ${capacity}`);
    if (!(expectedEntries >= 0 && expectedEntries <= 2 ** 28)) {
      throw new RangeError(`expectedEntries must be from 0 to 2^28, got ${expectedEntries}`);
    }
    const slots = Math.max(8, Math.ceil(expectedEntries));
    this.capacity = capacity;
    this.nodes = new Int32Array(STRIDE * slots);
    this.values = new Float64Array(2 * slots);
    this.index = new HashIndex(slots);
  }

  /** The entry was asked for, or written again. */
  protected abstract accessed(slot: number): void;
  /** Takes a slot into the order as the most recent one. */
  protected abstract link(slot: number, frequency: number): void;
  /** Takes a slot out of the order. */
  protected abstract unlink(slot: number): void;
  /** The slot to evict next, other than `spared`; called only when there is one. */
  protected abstract victim(spared: number): number;
  /** Forgets the whole order. */
  protected abstract unlinkAll(): void;

  lookup(key: number, now: number): boolean {
    const slot = this.index.get(key);
    if (slot < 0) return false;
    if (this.values[2 * slot]! <= now) {
      this.drop(slot);
      return false;
    }
    this.accessed(slot);
    return true;
  }

  contains(key: number, now: number): boolean {
    const slot = this.index.get(key);
    return slot >= 0 && now < this.values[2 * slot]!;
  }

  insert(key: number, weight: number, now: number, expiresAt: number): void {
    requireEntry(key, weight);
    const slot = this.index.get(key);
    if (slot >= 0) {
      if (weight <= this.capacity && now < this.values[2 * slot]!) {
        this.replace(slot, weight, expiresAt);
        return;
      }
      this.drop(slot);
    }
    if (weight > this.capacity) return;
    while (this.weight + weight > this.capacity) this.evict(NONE);
    this.put(key, weight, expiresAt, 1);
  }

  remove(key: number): boolean {
    const slot = this.index.get(key);
    if (slot < 0) return false;
    this.drop(slot);
    return true;
  }

  clear(): void {
    this.index.clear();
    this.unlinkAll();
    this.untouched = 0;
    this.freed = NONE;
    this.size = 0;
    this.weight = 0;
  }

  restore(key: number, weight: number, expiresAt: number, frequency: number): boolean {
    requireEntry(key, weight);
    if (!(frequency >= 1 && frequency <= MAX_KEY)) {
      throw new RangeError(`frequency must be from 1 to ${MAX_KEY}, got ${frequency}`);
    }
    if (this.weight + weight > this.capacity || this.index.get(key) >= 0) return false;
    this.put(key, weight, expiresAt, Math.floor(frequency));
    return true;
  }

  private replace(slot: number, weight: number, expiresAt: number): void {
    this.weight = this.size === 1 ? weight : this.weight - this.values[2 * slot + 1]! + weight;
    this.values[2 * slot] = expiresAt;
    this.values[2 * slot + 1] = weight;
    this.accessed(slot);
    while (this.weight > this.capacity && this.size > 1) this.evict(slot);
  }

  private put(key: number, weight: number, expiresAt: number, frequency: number): void {
    const slot = this.takeSlot();
    this.nodes[STRIDE * slot + KEY] = key;
    this.values[2 * slot] = expiresAt;
    this.values[2 * slot + 1] = weight;
    this.index.add(key, slot);
    this.size++;
    this.weight += weight;
    this.link(slot, frequency);
  }

  private evict(spared: number): void {
    this.evictions++;
    this.drop(this.victim(spared));
  }

  private drop(slot: number): void {
    this.unlink(slot);
    this.index.delete(this.nodes[STRIDE * slot + KEY]!);
    this.size--;
    // An empty cache weighs nothing, whatever rounding left over.
    this.weight = this.size === 0 ? 0 : this.weight - this.values[2 * slot + 1]!;
    this.nodes[STRIDE * slot + NEWER] = this.freed;
    this.freed = slot;
  }

  private takeSlot(): number {
    const slot = this.freed;
    if (slot !== NONE) {
      this.freed = this.nodes[STRIDE * slot + NEWER]!;
      return slot;
    }
    if (2 * this.untouched === this.values.length) {
      const nodes = new Int32Array(2 * this.nodes.length);
      nodes.set(this.nodes);
      this.nodes = nodes;
      const values = new Float64Array(2 * this.values.length);
      values.set(this.values);
      this.values = values;
    }
    return this.untouched++;
  }
}

function requireEntry(key: number, weight: number): void {
  if ((key | 0) !== key || key < 0) {
    throw new RangeError(`key must be a whole number from 0 to ${MAX_KEY}, got ${key}`);
  }
  if (!(weight >= 0)) throw new RangeError(`weight must be ≥ 0, got ${weight}`);
}
