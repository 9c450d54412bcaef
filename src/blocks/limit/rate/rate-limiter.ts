import { requireFinite } from '../require.ts';

/**
 * Decides how much may pass in a stretch of time. Time comes from the caller, in any unit, the same
 * everywhere; it may stand still, jump, and be zero or negative. A time before the last one at which anything
 * passed counts as that one: a clock that goes back stands still until it is there again.
 *
 * Instants nearer to each other than a few times {@link ROUNDING} × (|now| + the limiter's own span) are one: what
 * is worth asking for after some time passes after that time, whatever the last bits of the sum are.
 */
export interface RateLimiter {
  /**
   * Takes `cost` when the rule allows; a refusal leaves no trace.
   *
   * @param cost ≥ 0, default 1; algorithms that count in windows take whole numbers. What costs nothing passes
   *   and leaves no trace.
   * @returns 0 when it may pass; else how long until it could when nobody else takes anything; Infinity when
   *   it never can
   * @throws RangeError when `now` is not finite or the cost impossible
   */
  tryTake(now: number, cost?: number): number;

  /** The first instant from which on it is as new when nobody takes anything; −Infinity when it is already. */
  idleAt(): number;

  /** Forgets everything. */
  reset(): void;

  /** The state as JSON-safe data, to make an equal one from. */
  snapshot(): RateLimiterState;
}

/** Names of the algorithms. */
export type RateLimiterName =
  | 'token-bucket'
  | 'gcra'
  | 'leaky-bucket'
  | 'fixed-window'
  | 'sliding-log'
  | 'sliding-counter';

/** What a limiter remembers: the numbers of its algorithm, none when it is as new. */
export interface RateLimiterState {
  readonly version: 1;
  readonly algorithm: RateLimiterName;
  readonly values: readonly number[];
}

/** See {@link RateLimiter}: four units in the last place of a double. */
export const ROUNDING = 2 ** -50;

/** @throws RangeError unless the time is finite and the cost is ≥ 0 */
export function requireCall(now: number, cost: number): void {
  requireFinite('now', now);
  if (!(cost >= 0)) throw new RangeError(`cost must be ≥ 0, got ${cost}`);
}

/** The answer to a call that is out of the ordinary: what costs nothing passes, the rest is impossible. */
export function takeNothing(now: number, cost: number): 0 {
  requireCall(now, cost);
  return 0;
}

/**
 * The numbers of a state, when it is one of `algorithm`.
 *
 * @param counts how many numbers it may have besides none
 * @throws RangeError when the state is foreign or faulty
 */
export function valuesOf(
  state: RateLimiterState,
  algorithm: RateLimiterName,
  isCount: (count: number) => boolean,
): readonly number[] {
  if (state.version !== 1 || state.algorithm !== algorithm) {
    throw new RangeError(
      `state must be of ${algorithm}, version 1, got ${state.algorithm}, version ${state.version}`,
    );
  }
  const { values } = state;
  if (
    !Array.isArray(values) ||
    !(values.length === 0 || isCount(values.length)) ||
    !values.every(Number.isFinite)
  ) {
    throw new RangeError(`state must hold finite numbers of ${algorithm}, got ${JSON.stringify(values)}`);
  }
  return values;
}
