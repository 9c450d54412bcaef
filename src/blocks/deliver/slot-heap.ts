/**
 * Slots (0 to capacity − 1) in the order of their keys, the least first, with removal from anywhere: an indexed
 * binary heap (Williams, Algorithm 232, CACM 7(6), 1964) in flat arrays. Of equal keys the lower slot comes first.
 */
export class SlotHeap {
  size = 0;
  private slots: Int32Array;
  /** Where a slot is in the heap; −1 when it is not. */
  private places: Int32Array;
  private keys: Float64Array;

  constructor(capacity: number) {
    this.slots = new Int32Array(capacity);
    this.places = new Int32Array(capacity).fill(-1);
    this.keys = new Float64Array(capacity);
  }

  /** Makes room for slots up to a greater capacity. */
  grow(capacity: number): void {
    const { slots, places, keys } = this;
    this.slots = new Int32Array(capacity);
    this.slots.set(slots);
    this.places = new Int32Array(capacity).fill(-1);
    this.places.set(places);
    this.keys = new Float64Array(capacity);
    this.keys.set(keys);
  }

  /** The slot with the least key; −1 when there is none. */
  get first(): number {
    return this.size === 0 ? -1 : this.slots[0]!;
  }

  /** The least key; Infinity when there is none. */
  get firstKey(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.keys[this.slots[0]!]!;
  }

  has(slot: number): boolean {
    return this.places[slot]! >= 0;
  }

  /** The key a slot was put in with last. */
  keyOf(slot: number): number {
    return this.keys[slot]!;
  }

  /** Puts a slot in that is not there yet. */
  add(slot: number, key: number): void {
    this.keys[slot] = key;
    this.rise(this.size++, slot);
  }

  /** Takes a slot out that is there. */
  remove(slot: number): void {
    const place = this.places[slot]!;
    this.places[slot] = -1;
    const last = this.slots[--this.size]!;
    if (last === slot) return;
    if (place > 0 && this.before(last, this.slots[(place - 1) >> 1]!)) this.rise(place, last);
    else this.sink(place, last);
  }

  private before(a: number, b: number): boolean {
    const difference = this.keys[a]! - this.keys[b]!;
    return difference < 0 || (difference === 0 && a < b);
  }

  private rise(from: number, slot: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const other = this.slots[above]!;
      if (!this.before(slot, other)) break;
      this.put(place, other);
      place = above;
    }
    this.put(place, slot);
  }

  private sink(from: number, slot: number): void {
    let place = from;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= this.size) break;
      if (below + 1 < this.size && this.before(this.slots[below + 1]!, this.slots[below]!)) below++;
      const other = this.slots[below]!;
      if (!this.before(other, slot)) break;
      this.put(place, other);
      place = below;
    }
    this.put(place, slot);
  }

  private put(place: number, slot: number): void {
    this.slots[place] = slot;
    this.places[slot] = place;
  }
}
