import type { CacheOptions } from './cache.ts';
import { GhostList } from './ghost-list.ts';
import { SlotList } from './slot-list.ts';
import { ID, NONE, POLICY, SlotOrder, STRIDE } from './slot-order.ts';

/** Share of the capacity that newcomers pass through (Yang et al. 2023, section 4.1). */
const SMALL_SHARE = 0.1;

/** Accesses are counted up to this, in two bits. */
const MOST = 3;

/** The POLICY word holds the count, and this bit in the main list. */
const IN_MAIN = 4;

/**
 * S3-FIFO: three queues, each first in, first out (Yang, Zhang, Qiu, Yue & Rashmi, "FIFO queues are all you need
 * for cache eviction", SOSP 2023). Newcomers enter a small queue of a tenth of the capacity. Who leaves it after
 * more than one hit goes to the main queue; the others go, and their identity is kept in a ghost queue as heavy
 * as the main one: who is met there enters the main queue at once. The main queue gives an entry one more round
 * for each hit, three at most. Sizes are weights throughout; there are never more ghosts than slots.
 */
export class S3FifoOrder extends SlotOrder {
  private readonly small = new SlotList();
  private readonly main = new SlotList();
  private readonly ghosts = new GhostList();
  private readonly smallRoom: number;
  /** The entry about to come in was evicted lately. */
  private remembered = false;

  constructor(options: CacheOptions) {
    super(options);
    this.smallRoom = SMALL_SHARE * this.capacity;
  }

  accessed(slot: number): void {
    const word = this.words[STRIDE * slot + POLICY]!;
    if ((word & MOST) < MOST) this.words[STRIDE * slot + POLICY] = word + 1;
  }

  override expect(id: number, _weight: number): void {
    this.remembered = this.ghosts.remove(id);
  }

  protected link(slot: number, frequency: number): void {
    const toMain = this.remembered || frequency > 1;
    this.remembered = false;
    const count = Math.min(MOST, frequency - 1);
    this.words[STRIDE * slot + POLICY] = toMain ? IN_MAIN + count : count;
    (toMain ? this.main : this.small).push(this.nodes, slot, this.weightOf(slot));
  }

  protected unlink(slot: number): void {
    this.listOf(slot).unlink(this.nodes, slot, this.weightOf(slot));
  }

  protected override reweighing(slot: number, weight: number): void {
    this.listOf(slot).reweigh(this.weightOf(slot), weight);
  }

  protected victim(spared: number): number {
    if (this.small.weight >= this.smallRoom || this.main.oldestBut(this.nodes, spared) === NONE) {
      const slot = this.smallVictim(spared);
      if (slot !== NONE) return slot;
    }
    return this.mainVictim(spared);
  }

  protected unlinkAll(): void {
    this.small.clear();
    this.main.clear();
    this.ghosts.clear();
    this.remembered = false;
  }

  /** Moves those that were asked for to the main queue; NONE when that was all of them. */
  private smallVictim(spared: number): number {
    const { nodes, words, small, main } = this;
    for (let slot = small.oldest; slot !== NONE; slot = small.oldest) {
      if (slot !== spared && words[STRIDE * slot + POLICY]! <= 1) {
        this.remember(slot);
        return slot;
      }
      // The spared one was just written, so it is treated like one that was asked for.
      const weight = this.weightOf(slot);
      small.unlink(nodes, slot, weight);
      main.push(nodes, slot, weight);
      words[STRIDE * slot + POLICY] = IN_MAIN;
    }
    return NONE;
  }

  private mainVictim(spared: number): number {
    const { nodes, words, main } = this;
    for (;;) {
      const slot = main.oldest;
      const word = words[STRIDE * slot + POLICY]!;
      if (slot !== spared && word === IN_MAIN) return slot;
      const weight = this.weightOf(slot);
      main.unlink(nodes, slot, weight);
      main.push(nodes, slot, weight);
      if (word > IN_MAIN) words[STRIDE * slot + POLICY] = word - 1;
    }
  }

  private remember(slot: number): void {
    const { ghosts } = this;
    ghosts.push(this.words[STRIDE * slot + ID]!, this.weightOf(slot));
    while (ghosts.weight > this.capacity - this.smallRoom || ghosts.size > this.slots) ghosts.dropOldest();
  }

  private listOf(slot: number): SlotList {
    return this.words[STRIDE * slot + POLICY]! >= IN_MAIN ? this.main : this.small;
  }
}
