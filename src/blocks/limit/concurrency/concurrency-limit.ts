import { requireArray, requireFinite, requireWhole } from '../require.ts';

/** How a call ended, as far as a limit cares: `'ignored'` says nothing about load, such as a faulty request. */
export type CallOutcome = 'success' | 'dropped' | 'ignored';

/** Names of the algorithms. */
export type ConcurrencyLimitName = 'fixed' | 'aimd' | 'vegas' | 'gradient2';

/**
 * How many calls may be in flight at once, learned from how long they take and whether they fail. Times are
 * in any unit, the same everywhere. No algorithm looks at `now` itself: it may go back and jump.
 */
export interface ConcurrencyLimit {
  /** Calls that may be in flight, a whole number ≥ 1. */
  readonly limit: number;
  /** Calls let in and not released. May be above the limit after that has fallen. */
  readonly inFlight: number;

  /** Lets a call in, or not. Who is let in must release once. */
  tryAcquire(now: number): boolean;

  /**
   * A call that was let in has ended.
   *
   * @param roundTrip how long it took, ≥ 0; 0 is too short for the clock to tell and says nothing
   * @throws RangeError when none was in flight, or the round trip is impossible
   */
  release(now: number, roundTrip: number, outcome: CallOutcome): void;

  /**
   * What {@link release} learns from a call; for those who count calls in flight themselves.
   *
   * @param inFlight calls in flight when it ended, itself included
   */
  observe(roundTrip: number, inFlight: number, isDropped: boolean): void;

  /** The state as JSON-safe data, to make an equal one from. */
  snapshot(): ConcurrencyLimitState;
}

/** What a concurrency limit remembers. */
export interface ConcurrencyLimitState {
  readonly version: 1;
  readonly algorithm: ConcurrencyLimitName;
  readonly inFlight: number;
  /** The numbers of the algorithm; the first is the limit before it is cut to a whole number. */
  readonly values: readonly number[];
}

/** The books that every algorithm keeps. */
export abstract class CountingLimit implements ConcurrencyLimit {
  inFlight = 0;
  protected abstract readonly algorithm: ConcurrencyLimitName;
  /** The limit with its fraction. */
  protected estimate: number;

  constructor(initialLimit: number) {
    this.estimate = initialLimit;
  }

  get limit(): number {
    return Math.floor(this.estimate);
  }

  tryAcquire(now: number): boolean {
    requireFinite('now', now);
    if (this.inFlight >= Math.floor(this.estimate)) return false;
    this.inFlight++;
    return true;
  }

  release(now: number, roundTrip: number, outcome: CallOutcome): void {
    requireFinite('now', now);
    requireRoundTrip(roundTrip);
    if (outcome !== 'success' && outcome !== 'dropped' && outcome !== 'ignored') {
      throw new RangeError(`outcome must be success, dropped or ignored, got ${outcome}`);
    }
    if (this.inFlight === 0) throw new RangeError('release without a call in flight');
    if (outcome !== 'ignored') this.learn(roundTrip, this.inFlight, outcome === 'dropped');
    this.inFlight--;
  }

  observe(roundTrip: number, inFlight: number, isDropped: boolean): void {
    requireRoundTrip(roundTrip);
    requireWhole('inFlight', inFlight, 1);
    this.learn(roundTrip, inFlight, isDropped);
  }

  snapshot(): ConcurrencyLimitState {
    const { algorithm, inFlight } = this;
    return { version: 1, algorithm, inFlight, values: [this.estimate, ...this.memory()] };
  }

  /** Moves the estimate. */
  protected abstract learn(roundTrip: number, inFlight: number, isDropped: boolean): void;

  /** What else there is to remember; finite numbers. */
  protected memory(): readonly number[] {
    return [];
  }

  /**
   * Takes on what all algorithms remember, and gives back what this one remembers besides.
   *
   * @throws RangeError when the state is foreign or faulty
   */
  protected take(state: ConcurrencyLimitState, least: number, most: number): readonly number[] {
    const { version, algorithm, inFlight, values } = state;
    if (version !== 1 || algorithm !== this.algorithm) {
      throw new RangeError(
        `state must be of ${this.algorithm}, version 1, got ${algorithm}, version ${version}`,
      );
    }
    requireWhole('state.inFlight', inFlight, 0);
    requireArray('state.values', values);
    const [estimate, ...memory] = values;
    if (estimate === undefined || !(estimate >= least && estimate <= most)) {
      throw new RangeError(`state must hold a limit from ${least} to ${most}, got ${estimate}`);
    }
    if (
      memory.length !== this.memory().length ||
      !memory.every((value) => value >= 0 && value < Number.POSITIVE_INFINITY)
    ) {
      throw new RangeError(`state must hold the numbers of ${algorithm}, got ${JSON.stringify(values)}`);
    }
    this.inFlight = inFlight;
    this.estimate = estimate;
    return memory;
  }
}

/** @throws RangeError unless 1 ≤ least ≤ initial ≤ most, all whole */
export function requireLimits(initial: number, least: number, most: number): void {
  requireWhole('minLimit', least, 1);
  requireWhole('maxLimit', most, least);
  requireWhole('initialLimit', initial, least, most);
}

function requireRoundTrip(roundTrip: number): void {
  if (!(roundTrip >= 0 && roundTrip < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`roundTrip must be a finite number ≥ 0, got ${roundTrip}`);
  }
}
