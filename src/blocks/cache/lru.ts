import { FifoOrder } from './fifo.ts';
import { NEWER, NONE, OLDER, STRIDE } from './slot-order.ts';

/** Least recently used: the entry that was not asked for the longest goes first. */
export class LruOrder extends FifoOrder {
  override accessed(slot: number): void {
    const { nodes, newest } = this;
    if (slot === newest) return;
    // As `unlink` and `link`, with a newer one known to be there.
    const newer = nodes[STRIDE * slot + NEWER]!;
    const older = nodes[STRIDE * slot + OLDER]!;
    nodes[STRIDE * newer + OLDER] = older;
    if (older === NONE) this.oldest = newer;
    else nodes[STRIDE * older + NEWER] = newer;
    nodes[STRIDE * slot + NEWER] = NONE;
    nodes[STRIDE * slot + OLDER] = newest;
    nodes[STRIDE * newest + NEWER] = slot;
    this.newest = slot;
  }
}
