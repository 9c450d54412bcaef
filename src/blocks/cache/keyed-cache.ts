import type { Cache, CacheOptions } from './cache.ts';
import { HashIndex } from './hash-index.ts';
import { NONE, type SlotOrder } from './slot-order.ts';

const MAX_KEY = 0x7fffffff;

/** A cache of integer keys: an order of slots, found through one hash index, and when each expires. */
export class KeyedCache implements Cache {
  private readonly order: SlotOrder;
  private readonly index: HashIndex;
  private expiries: Float64Array;

  /** @param order empty, and used by nobody else */
  constructor(order: SlotOrder, options: CacheOptions) {
    const slots = Math.max(8, Math.ceil(options.expectedEntries ?? 1024));
    const { denseKeys = 0 } = options;
    if (!(Number.isInteger(denseKeys) && denseKeys >= 0 && denseKeys <= MAX_KEY)) {
      throw new RangeError(`denseKeys must be a whole number from 0 to ${MAX_KEY}, got ${denseKeys}`);
    }
    this.order = order;
    this.index = new HashIndex(denseKeys > 0 ? 8 : slots, denseKeys);
    this.expiries = new Float64Array(slots);
  }

  get capacity(): number {
    return this.order.capacity;
  }

  get size(): number {
    return this.order.size;
  }

  get weight(): number {
    return this.order.weight;
  }

  get evictions(): number {
    return this.order.evictions;
  }

  lookup(key: number, now: number): boolean {
    const slot = this.index.get(key);
    if (slot < 0) return false;
    if (!(now < this.expiries[slot]!)) {
      this.drop(slot);
      return false;
    }
    this.order.accessed(slot);
    return true;
  }

  contains(key: number, now: number): boolean {
    const slot = this.index.get(key);
    return slot >= 0 && now < this.expiries[slot]!;
  }

  insert(key: number, weight: number, now: number, expiresAt: number): void {
    requireEntry(key, weight);
    requireInstant(expiresAt);
    const { order } = this;
    const slot = this.index.get(key);
    if (slot >= 0) {
      if (weight <= order.capacity && now < this.expiries[slot]!) {
        this.replace(slot, weight, expiresAt);
        return;
      }
      this.drop(slot);
    }
    if (weight > order.capacity) return;
    order.expect(key, weight);
    for (let out = order.makeRoom(weight, NONE); out !== NONE; out = order.makeRoom(weight, NONE)) {
      this.index.delete(order.idOf(out));
    }
    this.put(key, weight, expiresAt, 1);
  }

  expireAt(key: number, expiresAt: number): boolean {
    const slot = this.index.get(key);
    requireInstant(expiresAt);
    if (slot < 0) return false;
    this.expiries[slot] = expiresAt;
    return true;
  }

  remove(key: number): boolean {
    const slot = this.index.get(key);
    if (slot < 0) return false;
    this.drop(slot);
    return true;
  }

  clear(): void {
    this.index.clear();
    this.order.clear();
  }

  restore(key: number, weight: number, expiresAt: number, frequency: number): boolean {
    requireEntry(key, weight);
    requireInstant(expiresAt);
    if (!(frequency >= 1 && frequency <= MAX_KEY)) {
      throw new RangeError(`frequency must be from 1 to ${MAX_KEY}, got ${frequency}`);
    }
    const { order } = this;
    if (order.weight + weight > order.capacity || order.size >= order.maxEntries) return false;
    if (this.index.get(key) >= 0) return false;
    this.put(key, weight, expiresAt, Math.floor(frequency));
    return true;
  }

  private replace(slot: number, weight: number, expiresAt: number): void {
    const { order } = this;
    this.expiries[slot] = expiresAt;
    order.reweigh(slot, weight);
    order.accessed(slot);
    for (let out = order.makeRoom(0, slot); out !== NONE; out = order.makeRoom(0, slot)) {
      this.index.delete(order.idOf(out));
    }
  }

  private put(key: number, weight: number, expiresAt: number, frequency: number): void {
    const slot = this.order.add(key, weight, frequency);
    if (slot >= this.expiries.length) {
      const expiries = new Float64Array(2 * this.expiries.length);
      expiries.set(this.expiries);
      this.expiries = expiries;
    }
    this.expiries[slot] = expiresAt;
    this.index.add(key, slot);
  }

  private drop(slot: number): void {
    this.index.delete(this.order.idOf(slot));
    this.order.remove(slot);
  }
}

function requireInstant(expiresAt: number): void {
  if (Number.isNaN(expiresAt)) throw new RangeError('expiresAt must be a number, got NaN');
}

function requireEntry(key: number, weight: number): void {
  if ((key | 0) !== key || key < 0) {
    throw new RangeError(`key must be a whole number from 0 to ${MAX_KEY}, got ${key}`);
  }
  if (!(weight >= 0)) throw new RangeError(`weight must be ≥ 0, got ${weight}`);
}
