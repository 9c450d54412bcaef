import { FifoOrder } from './fifo.ts';
import { POLICY, STRIDE } from './slot-order.ts';

/**
 * CLOCK, second chance: first in, first out, but an entry that was asked for since the hand last passed is
 * passed over once (Corbató, "A paging experiment with the Multics system", 1968). A hit sets one bit and moves
 * nothing. The hand at the oldest entry and the entry passed over moved to the newest end is the same circle.
 */
export class ClockOrder extends FifoOrder {
  override accessed(slot: number): void {
    this.words[STRIDE * slot + POLICY] = 1;
  }

  protected override link(slot: number, frequency: number): void {
    this.words[STRIDE * slot + POLICY] = frequency > 1 ? 1 : 0;
    super.link(slot, frequency);
  }

  protected override victim(spared: number): number {
    for (;;) {
      const slot = this.oldest;
      // The spared one was just written, so it is passed over like one that was asked for.
      if (slot !== spared && this.words[STRIDE * slot + POLICY] === 0) return slot;
      this.unlink(slot);
      this.link(slot, 1);
    }
  }
}
