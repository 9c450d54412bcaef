import { NEWER, NONE, OLDER, SlotOrder, STRIDE } from './slot-order.ts';

/** First in, first out: the entry that came in first goes first, however often it was asked for. */
export class FifoOrder extends SlotOrder {
  protected newest: number = NONE;
  protected oldest: number = NONE;

  accessed(_slot: number): void {
    // Asking does not change who came first.
  }

  protected link(slot: number, _frequency: number): void {
    const { nodes, newest } = this;
    nodes[STRIDE * slot + NEWER] = NONE;
    nodes[STRIDE * slot + OLDER] = newest;
    if (newest === NONE) this.oldest = slot;
    else nodes[STRIDE * newest + NEWER] = slot;
    this.newest = slot;
  }

  protected unlink(slot: number): void {
    const { nodes } = this;
    const newer = nodes[STRIDE * slot + NEWER]!;
    const older = nodes[STRIDE * slot + OLDER]!;
    if (newer === NONE) this.newest = older;
    else nodes[STRIDE * newer + OLDER] = older;
    if (older === NONE) this.oldest = newer;
    else nodes[STRIDE * older + NEWER] = newer;
  }

  protected victim(spared: number): number {
    const { oldest } = this;
    return oldest === spared ? this.nodes[STRIDE * oldest + NEWER]! : oldest;
  }

  protected unlinkAll(): void {
    this.newest = NONE;
    this.oldest = NONE;
  }
}
