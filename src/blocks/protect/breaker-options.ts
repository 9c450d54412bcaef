import type { Random } from '../../kernel/index.ts';
import type { Backoff } from './backoff.ts';
import type { TripOptions, TripState } from './trip.ts';

/** When a circuit breaker opens, how long it stays so, and what it takes to close it. */
export interface CircuitBreakerOptions {
  /** When the dependency is taken as broken. */
  readonly trip: TripOptions;
  /**
   * How long it stays open, in the caller's unit of time: above 0 and finite, or a backoff over the number of
   * times it opened without closing between.
   */
  readonly openFor: number | Backoff;
  /** Chance for a backoff with jitter; not looked at with a number. */
  readonly random?: Random;
  /** A call that takes longer than this counts as failed, whatever came of it; > 0. Default: never. */
  readonly slowAfter?: number;
  readonly halfOpen: HalfOpenOptions;
}

/** The probes that decide between closed and open again. The verdict falls when all have come back. */
export interface HalfOpenOptions {
  /** Probes in all, a whole number from 1 to 1024. */
  readonly probes: number;
  /** Probes at the same time, from 1 to `probes`. Default: all of them. */
  readonly inFlight?: number;
  /**
   * Failed probes with which it closes all the same, from 0 to probes − 1. Default: as many as keep the rate of
   * the trip condition unreached; none where it has no rate.
   */
  readonly toleratedFailures?: number;
  /** A probe that has not come back after this long is given up and counts as failed; above 0 and finite. */
  readonly giveUpAfter: number;
}

/** What a circuit breaker is in the middle of. Times are instants of the caller's clock. */
export type BreakerState =
  | { readonly kind: 'closed' }
  /** No call goes through before `until`. */
  | { readonly kind: 'open'; readonly since: number; readonly until: number }
  /** Probes sent and not back, back, and failed of these. */
  | {
      readonly kind: 'half-open';
      readonly inFlight: number;
      readonly returned: number;
      readonly failed: number;
    };

/** State of a {@link CircuitBreaker}, safe for JSON. */
export interface CircuitBreakerState {
  readonly version: 1;
  readonly kind: 'circuit-breaker';
  readonly state: BreakerState['kind'];
  /** When it opened last, and for how long; 0 before that. */
  readonly openedAt: number;
  readonly openFor: number;
  /** Times it opened without closing between. */
  readonly openings: number;
  /** The next permit. */
  readonly nextPermit: number;
  readonly trip: TripState;
}
