import { NEWER, NONE, OLDER, STRIDE } from './slot-order.ts';

/** One of several lists that a policy keeps over the same slots, with the sum of its weights. */
export class SlotList {
  newest: number = NONE;
  oldest: number = NONE;
  weight = 0;

  /** Takes a slot in as the newest. */
  push(nodes: Int32Array, slot: number, weight: number): void {
    const { newest } = this;
    nodes[STRIDE * slot + NEWER] = NONE;
    nodes[STRIDE * slot + OLDER] = newest;
    if (newest === NONE) this.oldest = slot;
    else nodes[STRIDE * newest + NEWER] = slot;
    this.newest = slot;
    this.weight += weight;
  }

  /** Takes a slot of this list out. */
  unlink(nodes: Int32Array, slot: number, weight: number): void {
    const newer = nodes[STRIDE * slot + NEWER]!;
    const older = nodes[STRIDE * slot + OLDER]!;
    if (newer === NONE) this.newest = older;
    else nodes[STRIDE * newer + OLDER] = older;
    if (older === NONE) this.oldest = newer;
    else nodes[STRIDE * older + NEWER] = newer;
    // An empty list weighs nothing, whatever rounding left over.
    this.weight = this.newest === NONE ? 0 : this.weight - weight;
  }

  /** A slot of this list weighs `after` instead of `before`. */
  reweigh(before: number, after: number): void {
    this.weight = this.newest === this.oldest ? after : this.weight - before + after;
  }

  /** The oldest slot other than `spared`; NONE when there is none. */
  oldestBut(nodes: Int32Array, spared: number): number {
    const { oldest } = this;
    return oldest !== NONE && oldest === spared ? nodes[STRIDE * oldest + NEWER]! : oldest;
  }

  clear(): void {
    this.newest = NONE;
    this.oldest = NONE;
    this.weight = 0;
  }
}
