/** Outcomes of calls, and whether they amount to "broken". What follows from that is the breaker's affair. */
export interface TripCondition {
  /** Whether it looks at `now` at all, or might trip at a success now, which then must be told in time. */
  readonly timed: boolean;
  /**
   * Counts one outcome.
   * @returns true when the dependency is to be taken as broken
   */
  record(now: number, failed: boolean): boolean;
  /** Forgets all outcomes. */
  reset(): void;
  snapshot(): TripState;
}

/** So many failures in a row, with no success between. */
export interface ConsecutiveTripOptions {
  readonly kind: 'consecutive';
  /** Failures in a row, a whole number ≥ 1. */
  readonly failures: number;
}

/** When the outcomes in a window amount to "broken". */
export interface WindowThreshold {
  /** Share of failures at which it trips, above 0, at most 1. */
  readonly failureRate: number;
  /** Calls the window must hold before the rate means anything, a whole number ≥ 1. */
  readonly minimumCalls: number;
}

/** A share of failures among the last calls. */
export interface CountWindowTripOptions extends WindowThreshold {
  readonly kind: 'count-window';
  /** Calls in the window, from 1 to 2^20. A larger `minimumCalls` counts as this. */
  readonly calls: number;
}

/** A share of failures among the calls that ended in the last while. */
export interface TimeWindowTripOptions extends WindowThreshold {
  readonly kind: 'time-window';
  /** Length of the window, above 0, in the caller's unit of time. */
  readonly duration: number;
  /** Slots the window is kept in, from 1 to 3600; it moves on by a slot at a time. Default 10. */
  readonly slots?: number;
}

/** When a dependency is taken as broken. */
export type TripOptions = ConsecutiveTripOptions | CountWindowTripOptions | TimeWindowTripOptions;

/** State of a {@link TripCondition}, safe for JSON. */
export type TripState =
  | { readonly version: 1; readonly kind: 'consecutive'; readonly failures: number }
  /** Outcomes from the oldest on, `1` for a failure. */
  | { readonly version: 1; readonly kind: 'count-window'; readonly outcomes: string }
  /** Calls and failures by slot, the current one first. */
  | {
      readonly version: 1;
      readonly kind: 'time-window';
      readonly epoch: number | null;
      readonly calls: readonly number[];
      readonly failures: readonly number[];
    };
