import type { Random } from '../../kernel/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import type { Backoff } from './backoff.ts';
import type {
  BreakerState,
  CircuitBreakerOptions,
  CircuitBreakerState,
  HalfOpenOptions,
} from './breaker-options.ts';
import { createTrip } from './create-trip.ts';
import { HalfOpenProbes } from './half-open-probes.ts';
import { requireInstant, requirePositive, requireState, requireWhole, requireWithin } from './range.ts';
import type { TripCondition, TripOptions } from './trip.ts';

const NO_CHANCE: Random = {
  next() {
    throw new RangeError('random must be given with a backoff that uses chance, got none');
  },
};

const OPTIONS: OptionNames<CircuitBreakerOptions> = {
  trip: true,
  openFor: true,
  random: true,
  slowAfter: true,
  halfOpen: true,
};

/**
 * Stops calling a dependency that is broken, and tries it again after a while (Nygard, Release It!, 2007;
 * states and windows as in resilience4j).
 *
 * Every call asks for a permit and reports its outcome with it. *Closed*: all calls pass, outcomes go to the
 * trip condition. *Open*: none passes until its time is over. *Half-open*: so many probes pass; when all have
 * come back it closes or opens again. An outcome counts only for the state its permit was given in: what
 * comes later is dropped. No time passes by itself: it leaves the open state when a call asks after its end.
 *
 * A clock that goes back while it is open starts the wait anew from the earlier time.
 */
export class CircuitBreaker {
  private readonly trip: TripCondition;
  private readonly openTime: number | Backoff;
  private readonly random: Random;
  private readonly slowAfter: number;
  private readonly probes: HalfOpenProbes;

  private state: BreakerState['kind'] = 'closed';
  /** Permit of all calls while closed; every probe has one of its own. */
  private closedPermit = 1;
  private nextPermit = 2;
  private openedAt = 0;
  private openFor = 0;
  private openings = 0;

  /** @throws RangeError when an option is out of range, or the state not one of a circuit breaker */
  constructor(options: CircuitBreakerOptions, state?: CircuitBreakerState) {
    requireOptions('CircuitBreaker', options, OPTIONS);
    const { openFor, slowAfter = Number.POSITIVE_INFINITY, halfOpen } = options;
    if (typeof openFor === 'number') requirePositive('openFor', openFor);
    requireWithin('slowAfter', slowAfter, Number.MIN_VALUE, Number.POSITIVE_INFINITY);
    this.trip = createTrip(options.trip, state?.trip);
    this.openTime = openFor;
    this.random = options.random ?? NO_CHANCE;
    this.slowAfter = slowAfter;
    this.probes = new HalfOpenProbes(halfOpen, toleratedFailures(halfOpen, options.trip));
    if (state !== undefined) this.restore(state);
  }

  /** Closed, open or half-open, as the last call left it. */
  get kind(): BreakerState['kind'] {
    return this.state;
  }

  /**
   * Whether time matters as things are. It does not while closed, with a condition that knows no time and no
   * limit for slow calls: then any instant and any duration will do for `tryAcquire` and for a success, and for
   * a failure the instant alone must be right. Saves reading the clock, which costs more than deciding.
   */
  get timed(): boolean {
    return this.state !== 'closed' || this.slowAfter !== Number.POSITIVE_INFINITY || this.trip.timed;
  }

  /**
   * Asks for leave to call.
   *
   * @returns 0 when refused, else a permit: to be given back once, with `report` or `release`
   * @throws RangeError when `now` is not finite
   */
  tryAcquire(now: number): number {
    requireInstant(now);
    if (this.state === 'closed') return this.closedPermit;
    if (this.state === 'open') {
      if (this.waitLeft(now) > 0) return 0;
      this.state = 'half-open';
      this.probes.reset();
    } else if (this.probes.giveUp(now)) {
      this.judge(now);
      if (this.kind !== 'half-open') return this.kind === 'closed' ? this.closedPermit : 0;
    }
    if (!this.probes.start(this.nextPermit, now)) return 0;
    return this.nextPermit++;
  }

  /**
   * Reports what came of a call.
   *
   * @param permit what `tryAcquire` returned
   * @param duration how long the call took
   * @param succeeded whether the dependency did what it is for
   */
  report(permit: number, now: number, duration: number, succeeded: boolean): void {
    requireInstant(now);
    const failed = !succeeded || duration > this.slowAfter;
    if (permit === this.closedPermit) {
      if (this.state === 'closed' && this.trip.record(now, failed)) this.open(now);
      return;
    }
    if (this.state !== 'half-open') return;
    const givenUp = this.probes.giveUp(now);
    if (this.probes.finish(permit, failed) || givenUp) this.judge(now);
  }

  /** Gives a permit back without a verdict: the call was not made, or its caller went away. */
  release(permit: number): void {
    if (this.state === 'half-open') this.probes.release(permit);
  }

  /**
   * How long until it is worth asking again: 0 when closed. While half-open with no probe to spare, until the
   * oldest one is given up; the answer may come sooner.
   */
  retryAfter(now: number): number {
    requireInstant(now);
    if (this.state === 'closed') return 0;
    return this.state === 'open' ? this.waitLeft(now) : this.probes.retryAfter(now);
  }

  /** What it is in the middle of, for those who watch. */
  inspect(): BreakerState {
    switch (this.state) {
      case 'closed':
        return { kind: 'closed' };
      case 'open':
        return { kind: 'open', since: this.openedAt, until: this.openedAt + this.openFor };
      case 'half-open':
        return { kind: 'half-open', ...this.probes.counts() };
    }
  }

  /** Opens it by hand, as though its condition had tripped. */
  open(now: number): void {
    requireInstant(now);
    const backoff = this.openTime;
    const previous = this.openings === 0 ? 0 : this.openFor;
    if (this.openings < Number.MAX_SAFE_INTEGER) this.openings++;
    this.openFor = typeof backoff === 'number' ? backoff : backoff(this.openings, previous, this.random);
    requireWithin('openFor', this.openFor, 0, Number.MAX_VALUE);
    this.openedAt = now;
    this.state = 'open';
    this.forget();
  }

  /** Closes it by hand and forgets all outcomes. */
  close(): void {
    this.openings = 0;
    this.state = 'closed';
    this.forget();
  }

  snapshot(): CircuitBreakerState {
    return {
      version: 1,
      kind: 'circuit-breaker',
      state: this.state,
      openedAt: this.openedAt,
      openFor: this.openFor,
      openings: this.openings,
      nextPermit: this.nextPermit,
      trip: this.trip.snapshot(),
    };
  }

  /** What is left of the open time. */
  private waitLeft(now: number): number {
    if (now < this.openedAt) this.openedAt = now;
    return Math.max(0, this.openFor - (now - this.openedAt));
  }

  /** Ends the half-open state, if all probes have come back. */
  private judge(now: number): void {
    const verdict = this.probes.verdict();
    if (verdict === 'failed') this.open(now);
    else if (verdict === 'passed') this.close();
  }

  /** Permits of before count no more, nor do outcomes. */
  private forget(): void {
    this.trip.reset();
    this.closedPermit = this.nextPermit++;
  }

  private restore(state: CircuitBreakerState): void {
    requireState(state, 'circuit-breaker');
    if (state.state !== 'closed' && state.state !== 'open' && state.state !== 'half-open') {
      throw new RangeError(`state.state must be closed, open or half-open, got ${state.state}`);
    }
    requireInstant(state.openedAt);
    requireWithin('state.openFor', state.openFor, 0, Number.MAX_VALUE);
    requireWhole('state.openings', state.openings, 0, Number.MAX_SAFE_INTEGER);
    requireWhole('state.nextPermit', state.nextPermit, 2, Number.MAX_SAFE_INTEGER);
    this.state = state.state;
    this.openedAt = state.openedAt;
    this.openFor = state.openFor;
    this.openings = state.openings;
    this.nextPermit = state.nextPermit;
    // Calls of before the snapshot are nobody's any more: probes start anew.
    this.closedPermit = this.nextPermit++;
  }
}

/** As many failures as keep the rate unreached. */
function toleratedFailures(options: HalfOpenOptions, trip: TripOptions): number {
  if (options.toleratedFailures !== undefined) return options.toleratedFailures;
  if (trip.kind === 'consecutive') return 0;
  let failures = 0;
  while ((failures + 1) / options.probes < trip.failureRate) failures++;
  return failures;
}

/**
 * A circuit breaker that goes on from a snapshot. Probes that were out then are sent anew.
 *
 * @throws RangeError when the state is not one of a circuit breaker with such a trip condition
 */
export function restoreCircuitBreaker(
  options: CircuitBreakerOptions,
  state: CircuitBreakerState,
): CircuitBreaker {
  return new CircuitBreaker(options, state);
}
