import { requireState, requireWhole, requireWithin } from './range.ts';
import type { CountWindowTripOptions, TripCondition, TripState } from './trip.ts';

const MAX_CALLS = 2 ** 20;

/** Trips when the share of failures among the last calls reaches a rate. One byte a call. */
export class CountWindowTrip implements TripCondition {
  private readonly outcomes: Uint8Array;
  private readonly size: number;
  private readonly rate: number;
  private readonly minimum: number;
  /** Where the next outcome goes. */
  private at = 0;
  private filled = 0;
  private failures = 0;

  constructor(options: CountWindowTripOptions, state?: TripState) {
    requireWhole('calls', options.calls, 1, MAX_CALLS);
    requireWithin('failureRate', options.failureRate, Number.MIN_VALUE, 1);
    requireWhole('minimumCalls', options.minimumCalls, 1, Number.MAX_SAFE_INTEGER);
    this.size = options.calls;
    this.rate = options.failureRate;
    this.minimum = Math.min(options.minimumCalls, options.calls);
    this.outcomes = new Uint8Array(options.calls);
    if (state === undefined) return;
    requireState(state, 'count-window');
    if (typeof state.outcomes !== 'string' || !/^[01]*$/.test(state.outcomes)) {
      throw new RangeError(`state.outcomes must be made of 0 and 1, got ${state.outcomes}`);
    }
    // A window that has become smaller keeps the latest.
    for (const outcome of state.outcomes.slice(-this.size)) this.push(outcome === '1' ? 1 : 0);
  }

  /** Once it is filled as far as need be, a success cannot raise the rate. */
  get timed(): boolean {
    return this.filled < this.minimum;
  }

  record(_now: number, failed: boolean): boolean {
    this.push(failed ? 1 : 0);
    // The quotient, not rate × filled: 3 / 30 is the number written 0.1, and 0.1 × 30 is above 3.
    return this.failures !== 0 && this.filled >= this.minimum && this.failures / this.filled >= this.rate;
  }

  reset(): void {
    this.outcomes.fill(0);
    this.at = 0;
    this.filled = 0;
    this.failures = 0;
  }

  snapshot(): TripState {
    const first = this.at - this.filled;
    let outcomes = '';
    for (let i = 0; i < this.filled; i++) {
      outcomes += this.outcomes[(first + i + this.size) % this.size] === 1 ? '1' : '0';
    }
    return { version: 1, kind: 'count-window', outcomes };
  }

  private push(outcome: number): void {
    const at = this.at;
    // A place not used yet holds 0.
    this.failures += outcome - this.outcomes[at]!;
    this.outcomes[at] = outcome;
    this.at = at + 1 === this.size ? 0 : at + 1;
    if (this.filled < this.size) this.filled++;
  }
}
