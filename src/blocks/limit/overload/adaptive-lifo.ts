import { type OptionNames, requireOptions } from '../../require-options.ts';
import { requireArray, requireFinite, requireWhole, requireWithin } from '../require.ts';
import { MAX_ITEM, NOTHING } from './slot-lists.ts';

/** When a queue turns round. */
export interface AdaptiveLifoOptions {
  /** Items that may wait, a whole number from 1 to 2^28. 12 bytes each are reserved. */
  readonly capacity: number;
  /** Units of time, ≥ 0, for which it may have been without a break before the newest go first. */
  readonly threshold: number;
}

/** What the queue remembers. */
export interface AdaptiveLifoState {
  readonly version: 1;
  /** Since when it has not been empty; null when it is. */
  readonly standingSince: number | null;
  /** Items with the times at which they came, oldest first. */
  readonly items: readonly (readonly [number, number])[];
}

const OPTIONS: OptionNames<AdaptiveLifoOptions> = { capacity: true, threshold: true };

/**
 * First in, first out while all is well; newest first once the queue has not been empty for longer than a
 * threshold. Then those served have just come and are still waited for, and those who have waited too long
 * anyway go on waiting (Maurer, "Fail at Scale", ACM Queue 13(8), 2015). Best with a limit on the wait, such
 * as CoDel or a deadline, that clears out the old ones.
 *
 * Items are numbers from 0 to 2^31 − 1 of things that the caller keeps. A time before the latest seen counts
 * as that one.
 */
export class AdaptiveLifo {
  readonly capacity: number;
  /** Items that wait. */
  size = 0;
  /** How long the item popped last had waited. */
  waited = 0;
  private readonly threshold: number;
  private readonly items: Int32Array;
  private readonly times: Float64Array;
  private oldest = 0;
  private standingSince = Number.POSITIVE_INFINITY;
  private latest = Number.NEGATIVE_INFINITY;

  /** @throws RangeError when an option is impossible or the state does not fit them */
  constructor(options: AdaptiveLifoOptions, state?: AdaptiveLifoState) {
    requireOptions('AdaptiveLifo', options, OPTIONS);
    requireWhole('capacity', options.capacity, 1, 2 ** 28);
    requireWithin('threshold', options.threshold, 0, Number.POSITIVE_INFINITY);
    this.capacity = options.capacity;
    this.threshold = options.threshold;
    this.items = new Int32Array(options.capacity);
    this.times = new Float64Array(options.capacity);
    if (state !== undefined) this.restore(state);
  }

  /** @returns false when it is full */
  push(now: number, item: number): boolean {
    this.moveTo(now);
    requireWhole('item', item, 0, MAX_ITEM);
    if (this.size === this.capacity) return false;
    const at = this.position(this.size);
    this.items[at] = item;
    this.times[at] = this.latest;
    if (this.size === 0) this.standingSince = this.latest;
    this.size++;
    return true;
  }

  /** Takes out the item to serve next; −1 when there is none. */
  pop(now: number): number {
    this.moveTo(now);
    if (this.size === 0) return NOTHING;
    const isNewestFirst = this.isLifo(now);
    this.size--;
    const at = isNewestFirst ? this.position(this.size) : this.oldest;
    if (!isNewestFirst) this.oldest = this.position(1);
    if (this.size === 0) this.standingSince = Number.POSITIVE_INFINITY;
    this.waited = this.latest - this.times[at]!;
    return this.items[at]!;
  }

  /** Whether the newest would go first. */
  isLifo(now: number): boolean {
    this.moveTo(now);
    return this.latest - this.standingSince > this.threshold;
  }

  snapshot(): AdaptiveLifoState {
    const items = Array.from({ length: this.size }, (_, index) => {
      const at = this.position(index);
      return [this.items[at]!, this.times[at]!] as const;
    });
    return { version: 1, standingSince: this.size === 0 ? null : this.standingSince, items };
  }

  private position(index: number): number {
    const at = this.oldest + index;
    return at < this.capacity ? at : at - this.capacity;
  }

  private moveTo(now: number): void {
    requireFinite('now', now);
    if (now > this.latest) this.latest = now;
  }

  private restore(state: AdaptiveLifoState): void {
    const { version, standingSince, items } = state;
    requireArray('state.items', items);
    if (version !== 1 || (standingSince === null) !== (items.length === 0) || items.length > this.capacity) {
      throw new RangeError(`state must be of version 1 with at most ${this.capacity} items`);
    }
    for (const [item, time] of items) {
      if (time < this.latest) throw new RangeError(`state must hold items oldest first, got one of ${time}`);
      this.push(time, item);
    }
    if (standingSince !== null) {
      requireFinite('state.standingSince', standingSince);
      this.standingSince = standingSince;
      this.latest = Math.max(this.latest, standingSince);
    }
  }
}
