import type { Random } from '../../kernel/index.ts';
import {
  type Backoff,
  type BackoffOptions,
  type BreakerState,
  CircuitBreaker,
  type CircuitBreakerState,
  createBackoff,
  type TripOptions,
} from '../protect/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { type CallOptions, callOf, deadlineIsOver, type Guard, throwIfAborted, type Work } from './call.ts';
import { type Clock, systemClock, systemRandom } from './clock.ts';
import { DEADLINE_OVER, RefusedError } from './errors.ts';
import { countsAsFailure, type FailureOptions, wasNotAsked, wentAway } from './failure.ts';
import { Listeners, type Subscription } from './listeners.ts';
import { requireFunctions } from './require.ts';

/** When a breaker opens and closes. Defaults are those of resilience4j. */
export interface BreakerOptions extends FailureOptions {
  /** When the dependency is taken as broken; a time window is in milliseconds. Default: half of the last 100. */
  readonly trip?: TripOptions;
  /** How long it stays open, or a backoff over the times it opened in a row. Default 60 s. */
  readonly openForMs?: number | BackoffOptions | Backoff;
  /** A call that takes longer counts as failed. Default: never. */
  readonly slowAfterMs?: number;
  /** Probes while half-open. Default 10. */
  readonly probes?: number;
  /** Probes at the same time. Default: all of them. */
  readonly probesInFlight?: number;
  /** Failed probes with which it closes all the same; see `HalfOpenOptions`. */
  readonly toleratedFailures?: number;
  /** After this long a probe that has not come back counts as failed. Default 60 s. */
  readonly giveUpAfterMs?: number;
  /** Where a breaker of before left off: its `snapshot()`, by a clock that went on meanwhile. */
  readonly state?: CircuitBreakerState;
  readonly clock?: Clock;
  readonly random?: Random;
}

/**
 * Why a breaker changed its state: its condition tripped; its open time is over, and it tries probes; these failed,
 * or were given up; they passed; or `open` or `close` was called.
 */
export type BreakerChangeReason =
  | 'tripped'
  | 'open-time-over'
  | 'probes-failed'
  | 'probes-passed'
  | 'by-hand';

/** Decisions of a breaker. */
export type BreakerEvent =
  | {
      readonly guard: 'breaker';
      readonly type: 'refused';
      readonly reason: 'breaker-open' | 'deadline';
      readonly retryAfterMs: number;
    }
  | {
      readonly guard: 'breaker';
      readonly type: 'state';
      readonly from: BreakerState['kind'];
      readonly to: BreakerState['kind'];
      readonly reason: BreakerChangeReason;
    };

/** For where the core does not look at it. */
const ANY_INSTANT = 0;

const DEFAULT_TRIP: TripOptions = { kind: 'count-window', calls: 100, failureRate: 0.5, minimumCalls: 100 };
const DEFAULT_OPEN_MS = 60_000;
const DEFAULT_PROBES = 10;
const DEFAULT_GIVE_UP_MS = 60_000;

const OPTIONS: OptionNames<BreakerOptions> = {
  trip: true,
  openForMs: true,
  slowAfterMs: true,
  probes: true,
  probesInFlight: true,
  toleratedFailures: true,
  giveUpAfterMs: true,
  state: true,
  clock: true,
  random: true,
  isFailure: true,
  isFailedResult: true,
};

/**
 * Stops calling what is broken: a `RefusedError` instead of a call. Errors count as failures unless
 * `isFailure` says otherwise; so does a call that a timeout further out cut short, once the function ends.
 * Calls whose caller went away, and those that a guard further in refused, count neither way.
 */
export class BreakerGuard implements Guard {
  private readonly core: CircuitBreaker;
  private readonly clock: Clock;
  private readonly isFailure: (error: unknown) => boolean;
  private readonly isFailedResult: ((value: unknown) => boolean) | undefined;
  private readonly listeners = new Listeners<BreakerEvent>();

  /** @throws RangeError when an option is out of range */
  constructor(options: BreakerOptions = {}) {
    requireOptions('BreakerGuard', options, OPTIONS);
    const { openForMs: openFor = DEFAULT_OPEN_MS } = options;
    requireFunctions(options, 'isFailure', 'isFailedResult');
    this.core = new CircuitBreaker(
      {
        trip: options.trip ?? DEFAULT_TRIP,
        openFor: typeof openFor === 'object' ? createBackoff(openFor) : openFor,
        random: options.random ?? systemRandom(),
        slowAfter: options.slowAfterMs ?? Number.POSITIVE_INFINITY,
        halfOpen: {
          probes: options.probes ?? DEFAULT_PROBES,
          giveUpAfter: options.giveUpAfterMs ?? DEFAULT_GIVE_UP_MS,
          ...(options.probesInFlight === undefined ? {} : { inFlight: options.probesInFlight }),
          ...(options.toleratedFailures === undefined
            ? {}
            : { toleratedFailures: options.toleratedFailures }),
        },
      },
      options.state,
    );
    this.clock = options.clock ?? systemClock;
    this.isFailure = (error) => countsAsFailure(error, options.isFailure);
    this.isFailedResult = options.isFailedResult;
  }

  /** Closed, open or half-open, as the last call left it. */
  get state(): BreakerState['kind'] {
    return this.core.kind;
  }

  /** What it is in the middle of, with its figures. */
  inspect(): BreakerState {
    return this.core.inspect();
  }

  snapshot(): CircuitBreakerState {
    return this.core.snapshot();
  }

  /** Opens it by hand. */
  open(): void {
    const before = this.core.kind;
    this.core.open(this.clock.now());
    this.tellChange(before, 'by-hand');
  }

  /** Closes it by hand. */
  close(): void {
    const before = this.core.kind;
    this.core.close();
    this.tellChange(before, 'by-hand');
  }

  listen(listener: (event: BreakerEvent) => void): Subscription {
    return this.listeners.add(listener);
  }

  async run<T>(work: Work<T>, options?: CallOptions): Promise<T> {
    const call = callOf(options);
    throwIfAborted(call);
    if (deadlineIsOver(call, this.clock)) throw this.refused('deadline', DEADLINE_OVER, null);
    const startedAt = this.core.timed ? this.clock.now() : ANY_INSTANT;
    const before = this.core.kind;
    const permit = this.core.tryAcquire(startedAt);
    if (this.core.kind !== before) this.tellChange(before);
    if (permit === 0) {
      throw this.refused('breaker-open', 'the circuit breaker is open', this.core.retryAfter(startedAt));
    }
    let value: T;
    try {
      value = await work(call);
    } catch (error) {
      if (wasNotAsked(error) || wentAway(call)) this.core.release(permit);
      else this.report(permit, startedAt, !call.aborted && !this.judge(permit, this.isFailure, error));
      throw error;
    }
    const { isFailedResult } = this;
    this.report(
      permit,
      startedAt,
      isFailedResult === undefined || !this.judge(permit, isFailedResult, value),
    );
    return value;
  }

  /** What the predicate says. One that throws leaves no verdict: then the permit goes back. */
  private judge(permit: number, isFailed: (ended: unknown) => boolean, ended: unknown): boolean {
    try {
      return isFailed(ended);
    } catch (fault) {
      this.core.release(permit);
      throw fault;
    }
  }

  private report(permit: number, startedAt: number, succeeded: boolean): void {
    const now = succeeded && !this.core.timed ? ANY_INSTANT : this.clock.now();
    const before = this.core.kind;
    this.core.report(permit, now, now - startedAt, succeeded);
    if (this.core.kind !== before) this.tellChange(before);
  }

  private refused(
    reason: 'breaker-open' | 'deadline',
    message: string,
    retryAfterMs: number | null,
  ): RefusedError {
    if (this.listeners.any) {
      this.listeners.tell({ guard: 'breaker', type: 'refused', reason, retryAfterMs: retryAfterMs ?? 0 });
    }
    return new RefusedError(reason, message, { retryAfterMs });
  }

  private tellChange(from: BreakerState['kind'], byHand?: 'by-hand'): void {
    const to = this.core.kind;
    if (from === to || !this.listeners.any) return;
    const reason = byHand ?? reasonOf(from, to);
    this.listeners.tell({ guard: 'breaker', type: 'state', from, to, reason });
  }
}

/** Of a change that nobody made by hand, start and end tell the reason. */
function reasonOf(from: BreakerState['kind'], to: BreakerState['kind']): BreakerChangeReason {
  if (to === 'half-open') return 'open-time-over';
  if (to === 'closed') return 'probes-passed';
  return from === 'closed' ? 'tripped' : 'probes-failed';
}
