import type { CacheOptions } from './cache.ts';
import { FrequencySketch } from './frequency-sketch.ts';
import { SlotList } from './slot-list.ts';
import { ID, NONE, POLICY, SlotOrder, STRIDE } from './slot-order.ts';

/** Share of the capacity for the window (Einziger, Friedman & Manes 2017, section 4). */
const WINDOW_SHARE = 0.01;

/** Share of the rest for entries that were asked for again (the same). */
const PROTECTED_SHARE = 0.8;

/** POLICY word: which list. */
const WINDOW = 0;
const PROBATION = 1;
const PROTECTED = 2;

/**
 * W-TinyLFU (Einziger, Friedman & Manes, ACM Transactions on Storage 13(4), 2017): newcomers enter a window, by
 * recency; who falls out of it meets the oldest entry on probation in the main part, and the one asked for less
 * often lately has to go, by a sketch that also remembers entries no longer held. A hit on probation leads to the
 * protected part, whose oldest goes back on probation when it is full.
 *
 * The window has 1 % of the capacity, by weight, and always room for one entry. An access is a hit, a rewrite or
 * an insertion; a lookup in vain that is not followed by an insertion is not counted.
 */
export class WTinyLfuOrder extends SlotOrder {
  private readonly window = new SlotList();
  private readonly probation = new SlotList();
  private readonly protectedPart = new SlotList();
  private readonly sketch = new FrequencySketch();
  private readonly windowRoom: number;
  private readonly protectedRoom: number;

  constructor(options: CacheOptions) {
    super(options);
    this.windowRoom = WINDOW_SHARE * this.capacity;
    this.protectedRoom = PROTECTED_SHARE * (this.capacity - this.windowRoom);
  }

  accessed(slot: number): void {
    this.sketch.increment(this.words[STRIDE * slot + ID]!);
    if (this.words[STRIDE * slot + POLICY] === WINDOW) {
      if (slot !== this.window.newest) this.move(slot, WINDOW);
    } else if (slot !== this.protectedPart.newest) {
      this.move(slot, PROTECTED);
      this.demote();
    }
  }

  protected link(slot: number, frequency: number): void {
    const { sketch, nodes, words } = this;
    sketch.reserve(this.size);
    const id = words[STRIDE * slot + ID]!;
    for (let count = Math.min(frequency, 15); count > 0; count--) sketch.increment(id);
    const list = frequency > 1 ? PROTECTED : WINDOW;
    words[STRIDE * slot + POLICY] = list;
    this.listOf(list).push(nodes, slot, this.weightOf(slot));
    if (list === PROTECTED) this.demote();
    else this.shrinkWindow();
  }

  protected unlink(slot: number): void {
    this.listOf(this.words[STRIDE * slot + POLICY]!).unlink(this.nodes, slot, this.weightOf(slot));
  }

  protected override reweighing(slot: number, weight: number): void {
    this.listOf(this.words[STRIDE * slot + POLICY]!).reweigh(this.weightOf(slot), weight);
  }

  protected victim(spared: number, incoming: number): number {
    const { nodes, words, sketch } = this;
    const candidate = this.window.oldestBut(nodes, spared);
    let held = this.probation.oldestBut(nodes, spared);
    if (held === NONE) held = this.protectedPart.oldestBut(nodes, spared);
    if (held === NONE) return candidate;
    if (candidate === NONE || this.window.weight + incoming <= this.windowRoom) return held;
    const challenger = sketch.frequency(words[STRIDE * candidate + ID]!);
    if (challenger <= sketch.frequency(words[STRIDE * held + ID]!)) return candidate;
    this.move(candidate, PROBATION);
    return held;
  }

  protected unlinkAll(): void {
    this.window.clear();
    this.probation.clear();
    this.protectedPart.clear();
    this.sketch.clear();
  }

  /** While the main part has room, who falls out of the window gets in unchallenged. */
  private shrinkWindow(): void {
    const { window } = this;
    while (window.weight > this.windowRoom && window.oldest !== window.newest) {
      this.move(window.oldest, PROBATION);
    }
  }

  private demote(): void {
    const { protectedPart } = this;
    while (protectedPart.weight > this.protectedRoom) this.move(protectedPart.oldest, PROBATION);
  }

  private move(slot: number, list: number): void {
    const { nodes, words } = this;
    const weight = this.weightOf(slot);
    this.listOf(words[STRIDE * slot + POLICY]!).unlink(nodes, slot, weight);
    words[STRIDE * slot + POLICY] = list;
    this.listOf(list).push(nodes, slot, weight);
  }

  private listOf(list: number): SlotList {
    return list === WINDOW ? this.window : list === PROBATION ? this.probation : this.protectedPart;
  }
}
