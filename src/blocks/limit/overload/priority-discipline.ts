import { type OptionNames, requireOptions } from '../../require-options.ts';
import { requireArray, requireFinite, requirePositive, requireWhole } from '../require.ts';
import { type ListsState, NOTHING, SlotLists } from './slot-lists.ts';

/** Who goes first. */
export interface PriorityOptions {
  /** Levels of priority, a whole number from 1 to 2^16. Level 0 goes first. */
  readonly levels: number;
  /** Items that may wait, all levels together, a whole number from 1 to 2^28. */
  readonly capacity: number;
  /** Time of waiting that makes up for one level, > 0. Default none: levels are strict. */
  readonly aging?: number;
}

/** What the queue remembers. */
export interface PriorityState {
  readonly version: 1;
  readonly waiting: ListsState;
}

const OPTIONS: OptionNames<PriorityOptions> = { levels: true, capacity: true, aging: true };

/**
 * Priorities, first come first served within a level. Strict: nobody is served while anybody of a level before
 * waits, so that the last may starve (Cobham, Operations Research 2(1), 1954). With aging, an item of level p
 * that came at t is served in the order of t + p · aging: it goes before everybody who comes more than that
 * after it (Jackson, "Some problems in queueing with dynamic priorities", Naval Research Logistics Quarterly
 * 7(3), 1960).
 *
 * Items are numbers from 0 to 2^31 − 1 of things that the caller keeps. A time before the latest seen counts
 * as that one.
 */
export class PriorityDiscipline {
  readonly levels: number;
  /** How long the item popped last had waited. */
  waited = 0;
  private readonly aging: number | null;
  private readonly lists: SlotLists;
  private latest = Number.NEGATIVE_INFINITY;

  /** @throws RangeError when an option is impossible or the state does not fit them */
  constructor(options: PriorityOptions, state?: PriorityState) {
    requireOptions('PriorityDiscipline', options, OPTIONS);
    const { levels, capacity, aging } = options;
    requireWhole('levels', levels, 1, 2 ** 16);
    if (aging !== undefined) requirePositive('aging', aging);
    this.levels = levels;
    this.aging = aging ?? null;
    this.lists = new SlotLists(levels, capacity);
    if (state !== undefined) this.restore(state);
  }

  /** Items that wait. */
  get size(): number {
    return this.lists.size;
  }

  /** @returns false when it is full */
  push(now: number, item: number, level: number): boolean {
    this.moveTo(now);
    requireWhole('level', level, 0, this.levels - 1);
    return this.lists.push(level, item, this.latest, 0);
  }

  /** Takes out the item to serve next; −1 when there is none. */
  pop(now: number): number {
    this.moveTo(now);
    const { lists } = this;
    if (lists.size === 0) return NOTHING;
    const level = this.aging === null ? this.firstLevel() : this.agedLevel(this.aging);
    const slot = lists.head(level);
    lists.shift(level);
    this.waited = this.latest - lists.times[slot]!;
    return lists.items[slot]!;
  }

  snapshot(): PriorityState {
    return { version: 1, waiting: this.lists.snapshot() };
  }

  private firstLevel(): number {
    let level = 0;
    while (this.lists.lengths[level] === 0) level++;
    return level;
  }

  private agedLevel(aging: number): number {
    const { lists, levels } = this;
    let first = NOTHING;
    let firstKey = Number.POSITIVE_INFINITY;
    for (let level = 0; level < levels; level++) {
      if (lists.lengths[level] === 0) continue;
      const key = lists.times[lists.head(level)]! + level * aging;
      if (first === NOTHING || key < firstKey) {
        first = level;
        firstKey = key;
      }
    }
    return first;
  }

  private moveTo(now: number): void {
    requireFinite('now', now);
    if (now > this.latest) this.latest = now;
  }

  private restore(state: PriorityState): void {
    const { version, waiting } = state;
    if (version !== 1) throw new RangeError(`state must be of version 1, got ${version}`);
    requireArray('state.waiting', waiting, this.levels);
    for (const [level, entries] of waiting.entries()) {
      let last = Number.NEGATIVE_INFINITY;
      for (const [item, time] of entries) {
        this.moveTo(time);
        if (time < last || !this.lists.push(level, item, time, 0)) {
          throw new RangeError(`state must hold at most ${this.lists.capacity} items, oldest first`);
        }
        last = time;
      }
    }
  }
}
