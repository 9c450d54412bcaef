import { requireWhole } from '../require.ts';

/** What a queue gives when there is nothing in it. */
export const NOTHING = -1;

/** Items are numbers up to this. */
export const MAX_ITEM = 0x7fffffff;

/** What waits, list by list, oldest first: item, time at which it came, cost. */
export type ListsState = readonly (readonly (readonly [number, number, number])[])[];

/** Several first-in-first-out lists over one pool of slots. Nothing is allocated after construction. */
export class SlotLists {
  readonly capacity: number;
  size = 0;
  /** Items by list. Read only. */
  readonly lengths: Int32Array;
  /** By slot. Read only; of a slot just taken out, until the next one comes in. */
  readonly items: Int32Array;
  readonly times: Float64Array;
  readonly costs: Float64Array;
  private readonly next: Int32Array;
  private readonly heads: Int32Array;
  private readonly tails: Int32Array;
  /** First free slot; the others follow by `next`. */
  private free = 0;

  /** @throws RangeError when there are no lists, or no slots, or more than 2^28 */
  constructor(lists: number, capacity: number) {
    requireWhole('capacity', capacity, 1, 2 ** 28);
    this.capacity = capacity;
    this.lengths = new Int32Array(lists);
    this.items = new Int32Array(capacity);
    this.times = new Float64Array(capacity);
    this.costs = new Float64Array(capacity);
    this.next = Int32Array.from({ length: capacity }, (_, slot) => slot + 1);
    this.next[capacity - 1] = NOTHING;
    this.heads = new Int32Array(lists).fill(NOTHING);
    this.tails = new Int32Array(lists).fill(NOTHING);
  }

  /** @returns false when no slot is free */
  push(list: number, item: number, time: number, cost: number): boolean {
    requireWhole('item', item, 0, MAX_ITEM);
    const slot = this.free;
    if (slot === NOTHING) return false;
    this.free = this.next[slot]!;
    this.items[slot] = item;
    this.times[slot] = time;
    this.costs[slot] = cost;
    this.next[slot] = NOTHING;
    if (this.heads[list] === NOTHING) this.heads[list] = slot;
    else this.next[this.tails[list]!] = slot;
    this.tails[list] = slot;
    this.lengths[list] = this.lengths[list]! + 1;
    this.size++;
    return true;
  }

  /** Slot of the oldest item of a list, or −1. */
  head(list: number): number {
    return this.heads[list]!;
  }

  /** Takes out the oldest item of a list that is not empty. */
  shift(list: number): void {
    const slot = this.heads[list]!;
    this.heads[list] = this.next[slot]!;
    this.next[slot] = this.free;
    this.free = slot;
    this.lengths[list] = this.lengths[list]! - 1;
    this.size--;
  }

  snapshot(): ListsState {
    return Array.from(this.heads, (head) => {
      const entries: (readonly [number, number, number])[] = [];
      for (let slot = head; slot !== NOTHING; slot = this.next[slot]!) {
        entries.push([this.items[slot]!, this.times[slot]!, this.costs[slot]!]);
      }
      return entries;
    });
  }
}
