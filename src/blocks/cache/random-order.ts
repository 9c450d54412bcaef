import type { Random } from '../../kernel/index.ts';
import type { CacheOptions } from './cache.ts';
import { NONE, OLDER, POLICY, SlotOrder, STRIDE } from './slot-order.ts';

/**
 * Random eviction: each entry is as likely as any other to go, so that nothing need be noted at a hit. Under
 * independent references its hit ratio is that of FIFO (Gelenbe, "A unified approach to the evaluation of a
 * class of replacement algorithms", IEEE Trans. Computers C-22(6), 1973).
 *
 * Slots in use stand side by side without gaps: the slot at position p is the OLDER of node p, and its
 * position is its POLICY word.
 */
export class RandomOrder extends SlotOrder {
  private readonly random: Random;
  private count = 0;

  constructor(options: CacheOptions, random: Random) {
    super(options);
    this.random = random;
  }

  accessed(_slot: number): void {
    // Chance alone decides.
  }

  protected link(slot: number, _frequency: number): void {
    this.place(slot, this.count++);
  }

  protected unlink(slot: number): void {
    const last = this.nodes[STRIDE * --this.count + OLDER]!;
    this.place(last, this.words[STRIDE * slot + POLICY]!);
  }

  protected victim(spared: number): number {
    const { nodes } = this;
    const others = spared === NONE ? this.count : this.count - 1;
    const slot = nodes[STRIDE * Math.floor(this.random.next() * others) + OLDER]!;
    return slot === spared ? nodes[STRIDE * others + OLDER]! : slot;
  }

  protected unlinkAll(): void {
    this.count = 0;
  }

  private place(slot: number, position: number): void {
    this.nodes[STRIDE * position + OLDER] = slot;
    this.words[STRIDE * slot + POLICY] = position;
  }
}
