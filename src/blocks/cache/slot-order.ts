import type { CacheOptions } from './cache.ts';

/** No slot. */
export const NONE = -1;

/** Integers a slot has in `nodes`, and in `words`. */
export const STRIDE = 2;
/** What a `Map` of JavaScript holds at most. */
const MOST_ENTRIES = 2 ** 24;

/** In `nodes`: neighbours in the policy's list. */
export const NEWER = 0;
export const OLDER = 1;
/** In `words`: identity, and one word for the policy. Apart, because some policies never touch them at a hit. */
export const ID = 0;
export const POLICY = 1;

/**
 * What all policies share: numbered slots in flat arrays, each with a weight, and the room they take. A policy
 * extends it and says how slots are ordered and which one goes next. It knows no keys: whoever owns it finds
 * slots by key (`KeyedCache` by a hash index of integers, the adapter `CacheMap` by a `Map`) and keeps what
 * else belongs to a slot in arrays of its own.
 *
 * A new entry comes in by `expect`, then `makeRoom` until it answers {@link NONE}, then `add`.
 */
export abstract class SlotOrder {
  /** Sum of weights that fit. */
  readonly capacity: number;
  /** Slots that may be in use at once. */
  readonly maxEntries: number;
  /** Slots in use. */
  size = 0;
  /** Sum of their weights. */
  weight = 0;
  /** Slots given up by `makeRoom`. */
  evictions = 0;

  /** {@link STRIDE} integers a slot. */
  protected nodes: Int32Array<ArrayBuffer>;
  /** {@link STRIDE} integers a slot. */
  protected words: Int32Array<ArrayBuffer>;
  /** What each slot weighs; null as long as all weigh 1, which spares a memory access each time. */
  private weights: Float64Array<ArrayBuffer> | null = null;
  /** Slots from here on were never used. */
  private untouched = 0;
  /** Last slot that came free; the one before it is under its NEWER. */
  private freed = NONE;

  constructor(options: CacheOptions) {
    const { capacity, maxEntries = MOST_ENTRIES, expectedEntries = 1024 } = options;
    if (!(capacity >= 0)) throw new RangeError(`capacity must be ≥ 0, got ${capacity}`);
    if (!(expectedEntries >= 0 && expectedEntries <= 2 ** 28)) {
      throw new RangeError(`expectedEntries must be from 0 to 2^28, got ${expectedEntries}`);
    }
    if (!(Number.isInteger(maxEntries) && maxEntries >= 1 && maxEntries <= 2 ** 28)) {
      throw new RangeError(`maxEntries must be a whole number from 1 to 2^28, got ${maxEntries}`);
    }
    const slots = Math.max(8, Math.ceil(expectedEntries));
    this.capacity = capacity;
    this.maxEntries = maxEntries;
    this.nodes = new Int32Array(STRIDE * slots);
    this.words = new Int32Array(STRIDE * slots);
  }

  /** The entry was asked for, or written again. */
  abstract accessed(slot: number): void;
  /** Takes a slot into the order as the most recent one. */
  protected abstract link(slot: number, frequency: number): void;
  /** Takes a slot out of the order. */
  protected abstract unlink(slot: number): void;
  /**
   * The slot to evict next, other than `spared`; called only when there is one, and what it names is evicted.
   *
   * @param incoming weight of the entry that needs the room, 0 when one that is there has become heavier
   */
  protected abstract victim(spared: number, incoming: number): number;
  /** Forgets the whole order. */
  protected abstract unlinkAll(): void;

  /**
   * An entry that is not there is about to come in: policies that remember what they evicted look here.
   *
   * @param id equal for equal keys, from 0 to 2^31 − 1; a hash will do
   */
  expect(_id: number, _weight: number): void {
    // Most policies have no memory.
  }

  /** An entry weighs otherwise; told before the books change. */
  protected reweighing(_slot: number, _weight: number): void {
    // Most policies keep one list.
  }

  /**
   * Evicts one entry when `incoming` more does not fit.
   *
   * @param spared not to be evicted; {@link NONE} = all may go
   * @returns the slot that was given up, with its `idOf` still readable; NONE when it fits or nothing is left
   */
  makeRoom(incoming: number, spared: number): number {
    if (this.fits(incoming, spared) || this.size === (spared === NONE ? 0 : 1)) return NONE;
    const slot = this.victim(spared, incoming);
    this.evictions++;
    this.remove(slot);
    return slot;
  }

  /** Whether so much more fits: another entry, or where one is spared, that one. */
  private fits(incoming: number, spared: number): boolean {
    return this.weight + incoming <= this.capacity && (this.size < this.maxEntries || spared !== NONE);
  }

  /** Takes a slot for an entry that fits; negative ids are not kept: nobody looks at them. */
  add(id: number, weight: number, frequency: number): number {
    const slot = this.takeSlot();
    if (id >= 0) this.words[STRIDE * slot + ID] = id;
    if (this.weights !== null) this.weights[slot] = weight;
    else if (weight !== 1) this.ownWeights()[slot] = weight;
    this.size++;
    this.weight += weight;
    this.link(slot, frequency);
    return slot;
  }

  /** Gives a slot back. */
  remove(slot: number): void {
    this.unlink(slot);
    this.size--;
    // An empty cache weighs nothing, whatever rounding left over.
    this.weight = this.size === 0 ? 0 : this.weight - this.weightOf(slot);
    this.nodes[STRIDE * slot + NEWER] = this.freed;
    this.freed = slot;
  }

  /** Sets what an entry weighs; `makeRoom` may be due. */
  reweigh(slot: number, weight: number): void {
    const before = this.weightOf(slot);
    if (weight === before) return;
    this.reweighing(slot, weight);
    this.weight = this.size === 1 ? weight : this.weight - before + weight;
    this.ownWeights()[slot] = weight;
  }

  /** The identity it was added with. */
  idOf(slot: number): number {
    return this.words[STRIDE * slot + ID]!;
  }

  weightOf(slot: number): number {
    return this.weights === null ? 1 : this.weights[slot]!;
  }

  clear(): void {
    this.unlinkAll();
    this.untouched = 0;
    this.freed = NONE;
    this.size = 0;
    this.weight = 0;
  }

  /** Slots there is memory for. */
  protected get slots(): number {
    return this.nodes.length / STRIDE;
  }

  private takeSlot(): number {
    const slot = this.freed;
    if (slot !== NONE) {
      this.freed = this.nodes[STRIDE * slot + NEWER]!;
      return slot;
    }
    if (STRIDE * this.untouched === this.nodes.length) {
      this.nodes = doubled(this.nodes);
      this.words = doubled(this.words);
      if (this.weights !== null) {
        const weights = new Float64Array(2 * this.weights.length);
        weights.set(this.weights);
        this.weights = weights;
      }
    }
    return this.untouched++;
  }

  private ownWeights(): Float64Array<ArrayBuffer> {
    this.weights ??= new Float64Array(this.slots).fill(1);
    return this.weights;
  }
}

function doubled(values: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const twice = new Int32Array(2 * values.length);
  twice.set(values);
  return twice;
}
