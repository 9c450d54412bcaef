import { FifoCache } from './fifo.ts';

/** Least recently used: the entry that was not asked for the longest goes first. */
export class LruCache extends FifoCache {
  protected override accessed(slot: number): void {
    if (slot === this.newest) return;
    this.unlink(slot);
    this.link(slot, 1);
  }
}
