import { requireState, requireWithin } from './range.ts';

/** State of a {@link SlotRing}. */
export interface SlotRingState {
  readonly version: 1;
  readonly kind: 'slot-ring';
  /** Number of the current slot since time 0; null before the first use. */
  readonly epoch: number | null;
}

/**
 * Which slots of a sliding window have passed. The window is `slots` slots of `width` each; the caller keeps
 * what is in them and clears those that passed.
 *
 * A clock that goes back by no more than the window stands still meanwhile. One that goes back further was set
 * anew: the slots keep their ages and their content, and the window goes on from the new time.
 */
export class SlotRing {
  readonly slots: number;
  readonly width: number;
  /** The current slot, 0 to slots − 1. */
  current = 0;
  private epoch = Number.NEGATIVE_INFINITY;

  constructor(slots: number, width: number) {
    this.slots = slots;
    this.width = width;
  }

  /**
   * Moves on to `now`.
   *
   * @returns how many slots the window has moved by, 0 to `slots`: that many, the current one and those before
   *   it, hold what has passed and are to be cleared
   */
  advance(now: number): number {
    // + 0 makes 0 of −0, which JSON does not know.
    const epoch = Math.floor(now / this.width) + 0;
    const step = epoch - this.epoch;
    if (!(step > 0)) {
      if (step < -this.slots) this.epoch = epoch;
      return 0;
    }
    this.epoch = epoch;
    if (step >= this.slots) return this.slots;
    this.current = (this.current + step) % this.slots;
    return step;
  }

  /** The slot that is `age` slots older than the current one, `age` from 0 to slots − 1. */
  slotOfAge(age: number): number {
    const slot = this.current - age;
    return slot < 0 ? slot + this.slots : slot;
  }

  snapshot(): SlotRingState {
    return { version: 1, kind: 'slot-ring', epoch: Number.isFinite(this.epoch) ? this.epoch : null };
  }

  /** Goes on from a snapshot; contents are then given by age, the current slot being 0. */
  restore(state: SlotRingState): void {
    requireState(state, 'slot-ring');
    if (state.epoch !== null) {
      requireWithin('state.epoch', state.epoch, -Number.MAX_VALUE, Number.MAX_VALUE);
    }
    this.current = 0;
    this.epoch = state.epoch ?? Number.NEGATIVE_INFINITY;
  }
}
