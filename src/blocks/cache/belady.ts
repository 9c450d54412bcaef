import { HashIndex } from './hash-index.ts';

/**
 * Misses of the best that could be done with a whole trace known in advance: out goes the entry whose next use
 * lies farthest ahead (Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems
 * Journal 5(2), 1966). No policy that brings in every item it misses does better, for items of one size. Takes
 * O(n log n) time and four integers for each reference.
 *
 * @param keys the references in order, each a whole number from 0 to 2^31 − 1; at most 2^30 of them
 * @param capacityItems items that fit, a whole number ≥ 0
 */
export function beladyMisses(keys: ArrayLike<number>, capacityItems: number): number {
  if (!(Number.isSafeInteger(capacityItems) && capacityItems >= 0)) {
    throw new RangeError(`capacityItems must be a whole number ≥ 0, got ${capacityItems}`);
  }
  const count = keys.length;
  if (count > 2 ** 30) throw new RangeError(`keys must be at most 2^30, got ${count}`);
  const { items, distinct } = numbered(keys);
  if (capacityItems === 0) return count;

  // The next use of each reference; what is never used again has one of its own beyond the end.
  const next = new Int32Array(count);
  const later = new Int32Array(distinct).fill(-1);
  for (let i = count - 1; i >= 0; i--) {
    const item = items[i]!;
    next[i] = later[item]! < 0 ? count + item : later[item]!;
    later[item] = i;
  }

  // Next uses of all items held, farthest first. One that has come to pass lies below all others of use.
  const heap = new Int32Array(count);
  let heapSize = 0;
  const held = new Uint8Array(distinct);
  let room = capacityItems;
  let misses = 0;
  for (let i = 0; i < count; i++) {
    const item = items[i]!;
    if (held[item] === 0) {
      misses++;
      if (room > 0) {
        room--;
      } else {
        const farthest = heap[0]!;
        heapSize = pop(heap, heapSize);
        held[farthest < count ? items[farthest]! : farthest - count] = 0;
      }
      held[item] = 1;
    }
    heapSize = push(heap, heapSize, next[i]!);
  }
  return misses;
}

/** Keys by the order of their first use. */
function numbered(keys: ArrayLike<number>): { items: Int32Array; distinct: number } {
  const items = new Int32Array(keys.length);
  const index = new HashIndex(1024);
  let distinct = 0;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    if ((key | 0) !== key || key < 0) {
      throw new RangeError(`key must be a whole number from 0 to ${2 ** 31 - 1}, got ${key}`);
    }
    let item = index.get(key);
    if (item < 0) {
      item = distinct++;
      index.add(key, item);
    }
    items[i] = item;
  }
  return { items, distinct };
}

function push(heap: Int32Array, size: number, value: number): number {
  let at = size;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (heap[parent]! >= value) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = value;
  return size + 1;
}

/** Takes the greatest out. */
function pop(heap: Int32Array, size: number): number {
  const last = size - 1;
  const value = heap[last]!;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= last) break;
    if (child + 1 < last && heap[child + 1]! > heap[child]!) child++;
    if (heap[child]! <= value) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = value;
  return last;
}
