import { requirePositive, requireState, requireWhole, requireWithin } from './range.ts';
import { SlotRing } from './slot-ring.ts';
import type { TimeWindowTripOptions, TripCondition, TripState } from './trip.ts';

const DEFAULT_SLOTS = 10;
const MAX_SLOTS = 3600;

/**
 * Trips when the share of failures among the calls of the last while reaches a rate. The window is a ring of
 * slots, as resilience4j's and Hystrix's are, and covers from (slots − 1) / slots of the duration to all of
 * it. For a clock that goes back see {@link SlotRing}.
 */
export class TimeWindowTrip implements TripCondition {
  readonly timed = true;
  private readonly ring: SlotRing;
  private readonly callsBySlot: Float64Array;
  private readonly failuresBySlot: Float64Array;
  private readonly rate: number;
  private readonly minimum: number;
  private calls = 0;
  private failures = 0;

  constructor(options: TimeWindowTripOptions, state?: TripState) {
    const { duration, slots = DEFAULT_SLOTS, failureRate, minimumCalls } = options;
    requirePositive('duration', duration);
    requireWhole('slots', slots, 1, MAX_SLOTS);
    requireWithin('failureRate', failureRate, Number.MIN_VALUE, 1);
    requireWhole('minimumCalls', minimumCalls, 1, Number.MAX_SAFE_INTEGER);
    this.ring = new SlotRing(slots, duration / slots);
    this.callsBySlot = new Float64Array(slots);
    this.failuresBySlot = new Float64Array(slots);
    this.rate = failureRate;
    this.minimum = minimumCalls;
    if (state !== undefined) this.restore(state);
  }

  record(now: number, failed: boolean): boolean {
    const passed = this.ring.advance(now);
    if (passed !== 0) this.clear(passed);
    const at = this.ring.current;
    this.callsBySlot[at] = this.callsBySlot[at]! + 1;
    this.calls++;
    if (failed) {
      this.failuresBySlot[at] = this.failuresBySlot[at]! + 1;
      this.failures++;
    }
    return this.failures !== 0 && this.calls >= this.minimum && this.failures / this.calls >= this.rate;
  }

  reset(): void {
    this.clear(this.ring.slots);
  }

  snapshot(): TripState {
    const ages = Array.from({ length: this.ring.slots }, (_, age) => this.ring.slotOfAge(age));
    return {
      version: 1,
      kind: 'time-window',
      epoch: this.ring.snapshot().epoch,
      calls: ages.map((slot) => this.callsBySlot[slot]!),
      failures: ages.map((slot) => this.failuresBySlot[slot]!),
    };
  }

  private clear(passed: number): void {
    for (let age = 0; age < passed; age++) {
      const slot = this.ring.slotOfAge(age);
      this.calls -= this.callsBySlot[slot]!;
      this.failures -= this.failuresBySlot[slot]!;
      this.callsBySlot[slot] = 0;
      this.failuresBySlot[slot] = 0;
    }
  }

  private restore(state: TripState): void {
    requireState(state, 'time-window');
    const { slots } = this.ring;
    if (state.calls?.length !== slots || state.failures?.length !== slots) {
      throw new RangeError(`state must have ${slots} slots, got ${state.calls?.length}`);
    }
    this.ring.restore({ version: 1, kind: 'slot-ring', epoch: state.epoch });
    for (let age = 0; age < slots; age++) {
      const calls = state.calls[age]!;
      const failures = state.failures[age]!;
      requireWhole('state.calls', calls, 0, Number.MAX_SAFE_INTEGER);
      requireWhole('state.failures', failures, 0, calls);
      const slot = this.ring.slotOfAge(age);
      this.callsBySlot[slot] = calls;
      this.failuresBySlot[slot] = failures;
      this.calls += calls;
      this.failures += failures;
    }
  }
}
