import { FifoOrder } from './fifo.ts';
import { NEWER, NONE, POLICY, STRIDE } from './slot-order.ts';

/**
 * SIEVE (Zhang, Yang, Yue, Vigfusson & Rashmi, NSDI 2024): first in, first out with one bit an entry and a hand
 * that moves from the oldest to the newest. The hand clears the bits it meets and takes the first entry without
 * one; entries it passes over stay where they are, so that newcomers are sieved out first. A hit sets the bit.
 */
export class SieveOrder extends FifoOrder {
  /** Where the hand goes on; NONE = at the oldest. */
  private hand: number = NONE;

  override accessed(slot: number): void {
    this.words[STRIDE * slot + POLICY] = 1;
  }

  protected override link(slot: number, frequency: number): void {
    this.words[STRIDE * slot + POLICY] = frequency > 1 ? 1 : 0;
    super.link(slot, frequency);
  }

  protected override unlink(slot: number): void {
    if (slot === this.hand) this.hand = this.nodes[STRIDE * slot + NEWER]!;
    super.unlink(slot);
  }

  protected override victim(spared: number): number {
    const { nodes, words } = this;
    let slot = this.hand;
    for (;;) {
      if (slot === NONE) slot = this.oldest;
      if (slot !== spared) {
        if (words[STRIDE * slot + POLICY] === 0) break;
        words[STRIDE * slot + POLICY] = 0;
      }
      slot = nodes[STRIDE * slot + NEWER]!;
    }
    this.hand = nodes[STRIDE * slot + NEWER]!;
    return slot;
  }

  protected override unlinkAll(): void {
    super.unlinkAll();
    this.hand = NONE;
  }
}
