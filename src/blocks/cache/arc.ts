import { GhostList } from './ghost-list.ts';
import { SlotList } from './slot-list.ts';
import { ID, NONE, POLICY, SlotOrder, STRIDE } from './slot-order.ts';

/** POLICY word: which list. */
const RECENT = 0;
const FREQUENT = 1;

/**
 * ARC, adaptive replacement (Megiddo & Modha, FAST 2003): entries asked for once lately (T1) and more often (T2),
 * each by recency, and ghosts of both (B1, B2). Meeting a ghost shifts the target p for the room of T1 towards
 * the list that should have been longer. Sizes are weights here: the step of p is multiplied by the weight of
 * the entry met, which for items of weight 1 is the algorithm of the paper. There are never more ghosts than
 * slots.
 */
export class ArcOrder extends SlotOrder {
  private readonly recent = new SlotList();
  private readonly frequent = new SlotList();
  private readonly recentGhosts = new GhostList();
  private readonly frequentGhosts = new GhostList();
  /** Room that T1 should have; p in the paper. */
  private target = 0;
  /** The entry about to come in: was it met among the ghosts, and among those of T2? */
  private remembered = false;
  private rememberedFrequent = false;

  accessed(slot: number): void {
    this.unlink(slot);
    this.words[STRIDE * slot + POLICY] = FREQUENT;
    this.frequent.push(this.nodes, slot, this.weightOf(slot));
  }

  override expect(id: number, weight: number): void {
    const { recent, frequent, recentGhosts: b1, frequentGhosts: b2, capacity } = this;
    this.rememberedFrequent = false;
    this.remembered = true;
    if (b1.has(id)) {
      const step = b1.weight > 0 ? Math.max(1, b2.weight / b1.weight) : 1;
      this.target = Math.min(capacity, this.target + step * weight);
      b1.remove(id);
      return;
    }
    if (b2.has(id)) {
      const step = b2.weight > 0 ? Math.max(1, b1.weight / b2.weight) : 1;
      this.target = Math.max(0, this.target - step * weight);
      b2.remove(id);
      this.rememberedFrequent = true;
      return;
    }
    this.remembered = false;
    while (b1.size > 0 && recent.weight + b1.weight + weight > capacity) b1.dropOldest();
    const held = recent.weight + frequent.weight;
    while (b2.size > 0 && held + b1.weight + b2.weight + weight > 2 * capacity) b2.dropOldest();
  }

  protected link(slot: number, frequency: number): void {
    const list = this.remembered || frequency > 1 ? FREQUENT : RECENT;
    this.remembered = false;
    this.rememberedFrequent = false;
    this.words[STRIDE * slot + POLICY] = list;
    (list === FREQUENT ? this.frequent : this.recent).push(this.nodes, slot, this.weightOf(slot));
  }

  protected unlink(slot: number): void {
    this.listOf(slot).unlink(this.nodes, slot, this.weightOf(slot));
  }

  protected override reweighing(slot: number, weight: number): void {
    this.listOf(slot).reweigh(this.weightOf(slot), weight);
  }

  protected victim(spared: number, incoming: number): number {
    const { nodes, recent, frequent, target } = this;
    const once = recent.oldestBut(nodes, spared);
    const often = frequent.oldestBut(nodes, spared);
    if (once === NONE) return this.remember(often, this.frequentGhosts, this.recentGhosts);
    // Nothing but newcomers: a list of them as long as the cache leaves no ghosts.
    if (!this.remembered && recent.weight + incoming > this.capacity) return once;
    const over = recent.weight > target || (this.rememberedFrequent && recent.weight === target);
    if (over || often === NONE) return this.remember(once, this.recentGhosts, this.frequentGhosts);
    return this.remember(often, this.frequentGhosts, this.recentGhosts);
  }

  protected unlinkAll(): void {
    this.recent.clear();
    this.frequent.clear();
    this.recentGhosts.clear();
    this.frequentGhosts.clear();
    this.target = 0;
    this.remembered = false;
    this.rememberedFrequent = false;
  }

  private remember(slot: number, ghosts: GhostList, others: GhostList): number {
    const id = this.words[STRIDE * slot + ID]!;
    others.remove(id);
    ghosts.push(id, this.weightOf(slot));
    while (ghosts.size + others.size > this.slots) (ghosts.size > 1 ? ghosts : others).dropOldest();
    return slot;
  }

  private listOf(slot: number): SlotList {
    return this.words[STRIDE * slot + POLICY] === FREQUENT ? this.frequent : this.recent;
  }
}
