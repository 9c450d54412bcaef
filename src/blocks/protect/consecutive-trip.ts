import { requireState, requireWhole } from './range.ts';
import type { ConsecutiveTripOptions, TripCondition, TripState } from './trip.ts';

/** Trips at so many failures in a row. A success sets the count back to nothing. */
export class ConsecutiveTrip implements TripCondition {
  readonly timed = false;
  private readonly limit: number;
  private failures = 0;

  constructor(options: ConsecutiveTripOptions, state?: TripState) {
    requireWhole('failures', options.failures, 1, 2 ** 31 - 1);
    this.limit = options.failures;
    if (state === undefined) return;
    requireState(state, 'consecutive');
    requireWhole('state.failures', state.failures, 0, 2 ** 31 - 1);
    this.failures = state.failures;
  }

  record(_now: number, failed: boolean): boolean {
    if (!failed) {
      this.failures = 0;
      return false;
    }
    if (this.failures < this.limit) this.failures++;
    return this.failures === this.limit;
  }

  reset(): void {
    this.failures = 0;
  }

  snapshot(): TripState {
    return { version: 1, kind: 'consecutive', failures: this.failures };
  }
}
