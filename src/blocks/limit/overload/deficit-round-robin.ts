import { type OptionNames, requireOptions } from '../../require-options.ts';
import { requireArray, requireFinite, requirePositive, requireWhole } from '../require.ts';
import { type ListsState, NOTHING, SlotLists } from './slot-lists.ts';

/** Who shares, and how. */
export interface DeficitRoundRobinOptions {
  /** Tenants, numbered from 0, a whole number from 1 to 2^20. */
  readonly tenants: number;
  /** Items that may wait, all tenants together, a whole number from 1 to 2^28. */
  readonly capacity: number;
  /** Items that may wait for one tenant; default capacity / tenants, at least 1, so that none takes another's room. */
  readonly tenantCapacity?: number;
  /** What a tenant of weight 1 may use up a turn, > 0, default 1. No item costs more. */
  readonly quantum?: number;
  /** Share of each tenant, ≥ 1, default 1 for all. */
  readonly weights?: readonly number[];
}

/** What the queue remembers. */
export interface DeficitRoundRobinState {
  readonly version: 1;
  readonly waiting: ListsState;
  /** What is left of their turns, by tenant. */
  readonly deficits: readonly number[];
  /** Tenants with something to serve, in the order of their turns. */
  readonly turns: readonly number[];
  /** Whether the first of them has got its quantum already. */
  readonly isServing: boolean;
}

const OPTIONS: OptionNames<DeficitRoundRobinOptions> = {
  tenants: true,
  capacity: true,
  tenantCapacity: true,
  quantum: true,
  weights: true,
};

/**
 * Deficit round robin (Shreedhar & Varghese, IEEE/ACM Transactions on Networking 4(3), 1996): tenants with
 * something waiting take turns; in each turn a tenant gets weight · quantum, serves while that lasts, and
 * keeps the rest for its next turn as long as it has something waiting. Two tenants that both always have
 * something waiting get shares that differ, by weight, by at most three quanta over any stretch, whatever
 * their items cost; one decision takes constant time.
 *
 * Items are numbers from 0 to 2^31 − 1 of things that the caller keeps. A time before the latest seen counts
 * as that one.
 */
export class DeficitRoundRobin {
  readonly tenants: number;
  /** How long the item popped last had waited. */
  waited = 0;
  private readonly tenantCapacity: number;
  private readonly quantum: number;
  private readonly quanta: Float64Array;
  private readonly deficits: Float64Array;
  private readonly lists: SlotLists;
  /** Ring of tenants with something waiting. */
  private readonly turns: Int32Array;
  private first = 0;
  private active = 0;
  private isServing = false;
  private latest = Number.NEGATIVE_INFINITY;

  /** @throws RangeError when an option is impossible or the state does not fit them */
  constructor(options: DeficitRoundRobinOptions, state?: DeficitRoundRobinState) {
    requireOptions('DeficitRoundRobin', options, OPTIONS);
    const { tenants, capacity, quantum = 1, weights } = options;
    requireWhole('tenants', tenants, 1, 2 ** 20);
    this.lists = new SlotLists(tenants, capacity);
    const { tenantCapacity = Math.max(1, Math.floor(capacity / tenants)) } = options;
    requireWhole('tenantCapacity', tenantCapacity, 1);
    requirePositive('quantum', quantum);
    if (weights !== undefined && weights.length !== tenants) {
      throw new RangeError(`weights must be one for each of ${tenants} tenants, got ${weights.length}`);
    }
    this.tenants = tenants;
    this.tenantCapacity = tenantCapacity;
    this.quantum = quantum;
    this.quanta = new Float64Array(tenants).fill(quantum);
    for (const [tenant, weight] of (weights ?? []).entries()) {
      if (!(weight >= 1 && weight < Number.POSITIVE_INFINITY)) {
        throw new RangeError(`weights must be finite numbers ≥ 1, got ${weight}`);
      }
      this.quanta[tenant] = weight * quantum;
    }
    this.deficits = new Float64Array(tenants);
    this.turns = new Int32Array(tenants);
    if (state !== undefined) this.restore(state);
  }

  /** Items that wait. */
  get size(): number {
    return this.lists.size;
  }

  /** @returns false when it is full, or the tenant's part of it is */
  push(now: number, item: number, tenant: number, cost = this.quantum): boolean {
    this.moveTo(now);
    requireWhole('tenant', tenant, 0, this.tenants - 1);
    if (!(cost > 0 && cost <= this.quantum)) {
      throw new RangeError(`cost must be above 0, at most ${this.quantum}, got ${cost}`);
    }
    const { lists } = this;
    const had = lists.lengths[tenant]!;
    if (had >= this.tenantCapacity || !lists.push(tenant, item, this.latest, cost)) return false;
    if (had === 0) this.turns[this.position(this.active++)] = tenant;
    return true;
  }

  /** Takes out the item to serve next; −1 when there is none. */
  pop(now: number): number {
    this.moveTo(now);
    const { lists, deficits } = this;
    if (lists.size === 0) return NOTHING;
    for (;;) {
      const tenant = this.turns[this.first]!;
      if (!this.isServing) {
        deficits[tenant] = deficits[tenant]! + this.quanta[tenant]!;
        this.isServing = true;
      }
      const slot = lists.head(tenant);
      const cost = lists.costs[slot]!;
      if (cost <= deficits[tenant]!) {
        deficits[tenant] = deficits[tenant]! - cost;
        lists.shift(tenant);
        if (lists.lengths[tenant] === 0) this.leave(tenant);
        this.waited = this.latest - lists.times[slot]!;
        return lists.items[slot]!;
      }
      // The turn is over; the next one begins with at least a quantum, and no item costs more.
      this.turns[this.position(this.active)] = tenant;
      this.first = this.position(1);
      this.isServing = false;
    }
  }

  snapshot(): DeficitRoundRobinState {
    return {
      version: 1,
      waiting: this.lists.snapshot(),
      deficits: [...this.deficits],
      turns: Array.from({ length: this.active }, (_, index) => this.turns[this.position(index)]!),
      isServing: this.isServing,
    };
  }

  private leave(tenant: number): void {
    this.deficits[tenant] = 0;
    this.first = this.position(1);
    this.active--;
    this.isServing = false;
  }

  private position(index: number): number {
    return (this.first + index) % this.tenants;
  }

  private moveTo(now: number): void {
    requireFinite('now', now);
    if (now > this.latest) this.latest = now;
  }

  private restore(state: DeficitRoundRobinState): void {
    const { version, waiting, deficits, turns, isServing } = state;
    if (version !== 1) throw new RangeError(`state must be of version 1, got ${version}`);
    requireArray('state.waiting', waiting, this.tenants);
    requireArray('state.deficits', deficits, this.tenants);
    requireArray('state.turns', turns);
    for (const [tenant, entries] of waiting.entries()) {
      for (const [item, time, cost] of entries) {
        this.moveTo(time);
        if (!(cost > 0 && cost <= this.quantum && this.lists.push(tenant, item, time, cost))) {
          throw new RangeError(
            `state must hold at most ${this.lists.capacity} items that cost a quantum or less`,
          );
        }
      }
      const deficit = deficits[tenant]!;
      if (!(deficit >= 0 && deficit <= this.quanta[tenant]! + this.quantum)) {
        throw new RangeError(`state must hold deficits of less than two turns, got ${deficit}`);
      }
    }
    const waitingTenants = waiting.flatMap((entries, tenant) => (entries.length === 0 ? [] : [tenant]));
    if (waitingTenants.join() !== [...turns].sort((a, b) => a - b).join() || typeof isServing !== 'boolean') {
      throw new RangeError(`state must give a turn to each tenant that waits, got ${turns.join()}`);
    }
    this.deficits.set(deficits);
    this.turns.set(turns);
    this.active = turns.length;
    this.isServing = isServing && turns.length > 0;
  }
}
