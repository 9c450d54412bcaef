import type { Random } from '../../kernel/index.ts';
import { AdaptiveThrottle, type AdaptiveThrottleState } from '../limit/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { type CallOptions, callOf, deadlineIsOver, type Guard, throwIfAborted, type Work } from './call.ts';
import { type Clock, systemClock, systemRandom } from './clock.ts';
import { DEADLINE_OVER, RefusedError } from './errors.ts';
import { wentAway } from './failure.ts';
import { Listeners, type Subscription } from './listeners.ts';
import { requireFunctions } from './require.ts';

/** How a client holds back. */
export interface ThrottleOptions {
  /** How far it looks back. Default 2 min, as in the source of {@link AdaptiveThrottle}. */
  readonly windowMs?: number;
  /** Calls made for one that is accepted, ≥ 1. Default 2. */
  readonly multiplier?: number;
  /**
   * Whether an error says that the server did not take the call, such as a response of status 429 or 503.
   * Default: timeouts, and refusals by guards further in; every other error is an answer.
   */
  readonly isRefusal?: (error: unknown) => boolean;
  /** The same of a value. Default: every value is an answer. */
  readonly isRefusedResult?: (value: unknown) => boolean;
  /** Where a guard of before left off: its `snapshot()`, by a clock that went on meanwhile. */
  readonly state?: AdaptiveThrottleState;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** Decisions of a throttle. */
export interface ThrottleEvent {
  readonly guard: 'throttle';
  readonly type: 'refused';
  readonly reason: 'throttled' | 'deadline';
  /** Share of the calls that it refuses at present. */
  readonly probability: number;
}

const TWO_MINUTES_MS = 120_000;

const OPTIONS: OptionNames<ThrottleOptions> = {
  windowMs: true,
  multiplier: true,
  isRefusal: true,
  isRefusedResult: true,
  state: true,
  clock: true,
  random: true,
};

/** Refuses part of the calls at home where the server refuses; see {@link AdaptiveThrottle}. */
export class ThrottleGuard implements Guard {
  private readonly core: AdaptiveThrottle;
  private readonly options: ThrottleOptions;
  private readonly clock: Clock;
  private readonly random: Random;
  private readonly listeners = new Listeners<ThrottleEvent>();

  /** @throws RangeError when an option is out of range, TypeError when one that is to be a function is none */
  constructor(options: ThrottleOptions = {}) {
    requireOptions('ThrottleGuard', options, OPTIONS);
    const { windowMs = TWO_MINUTES_MS, multiplier } = options;
    requireFunctions(options, 'isRefusal', 'isRefusedResult');
    this.core = new AdaptiveThrottle(
      { window: windowMs, ...(multiplier === undefined ? {} : { multiplier }) },
      options.state,
    );
    this.options = options;
    this.clock = options.clock ?? systemClock;
    this.random = options.random ?? systemRandom();
  }

  snapshot(): AdaptiveThrottleState {
    return this.core.snapshot();
  }

  listen(listener: (event: ThrottleEvent) => void): Subscription {
    return this.listeners.add(listener);
  }

  /** @throws RefusedError `'throttled'` when this call is one of those held back, `'deadline'` when its deadline is over */
  async run<T>(work: Work<T>, options?: CallOptions): Promise<T> {
    const call = callOf(options);
    throwIfAborted(call);
    if (deadlineIsOver(call, this.clock)) throw this.refused('deadline', DEADLINE_OVER);
    if (!this.core.tryPass(this.clock.now(), this.random)) {
      throw this.refused('throttled', 'held back, since the server refuses too many calls');
    }
    let value: T;
    try {
      value = await work(call);
    } catch (error) {
      // Of a call whose caller went away nobody knows whether it was taken: it counts neither way.
      if (!wentAway(call)) this.ended(call.aborted || this.isRefusal(error));
      throw error;
    }
    this.ended(this.options.isRefusedResult?.(value) === true);
    return value;
  }

  private ended(isRefused: boolean): void {
    if (isRefused) this.core.refused(this.clock.now());
    else this.core.accepted(this.clock.now());
  }

  private isRefusal(error: unknown): boolean {
    return error instanceof RefusedError || this.options.isRefusal?.(error) === true;
  }

  private refused(reason: 'throttled' | 'deadline', message: string): RefusedError {
    if (this.listeners.any) {
      const probability = this.core.refusalProbability(this.clock.now());
      this.listeners.tell({ guard: 'throttle', type: 'refused', reason, probability });
    }
    return new RefusedError(reason, message);
  }
}
