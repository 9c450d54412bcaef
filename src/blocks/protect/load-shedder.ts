import { type OptionNames, requireOptions } from '../require-options.ts';
import { requireInstant, requirePositive, requireState, requireWhole, requireWithin } from './range.ts';

/** At which load a class of requests is turned away: none of them up to `from`, all of them from `full` on. */
export interface SheddingClass {
  /** Load, ≥ 0; 1 = as much as there should be. */
  readonly from: number;
  /** Load, ≥ `from`. Equal: a step. */
  readonly full: number;
}

/** Classes, and how the load is measured. */
export interface LoadShedderOptions {
  /** By priority, the most important first: 1 to 256 classes. */
  readonly classes: readonly SheddingClass[];
  /** Mean queueing delay that counts as load 1, above 0, in the caller's unit of time. DAGOR: 20 ms. */
  readonly targetDelay: number;
  /** How long the mean is taken over, above 0. DAGOR: 1 s. */
  readonly window: number;
  /** Requests after which a window ends early, a whole number ≥ 1. Default 2000, as in DAGOR. */
  readonly windowRequests?: number;
}

/** State of a {@link LoadShedder}, safe for JSON. */
export interface LoadShedderState {
  readonly version: 1;
  readonly kind: 'load-shedder';
  /** Start of the window; null before the first observation. */
  readonly since: number | null;
  readonly requests: number;
  readonly delaySum: number;
  readonly queueLoad: number;
}

const CLASS: OptionNames<SheddingClass> = { from: true, full: true };

const OPTIONS: OptionNames<LoadShedderOptions> = {
  classes: true,
  targetDelay: true,
  window: true,
  windowRequests: true,
};

/**
 * Turns requests away by priority when there is too much to do. The load is the larger of two: the utilisation
 * the caller states, and the mean queueing delay of the last window over its target, as in DAGOR (Zhou et al.,
 * "Overload Control for Scaling WeChat Microservices", SoCC 2018), which found queueing delay to tell overload
 * from slow work better than response time does. Between its two bounds a class loses a share of its requests
 * that grows evenly, as in random early detection (Floyd & Jacobson, IEEE/ACM ToN 1(4), 1993).
 *
 * Without an observation for two windows the queue counts as empty, so that shedding everything ends by itself.
 * A clock that goes back starts the window anew from the earlier time.
 */
export class LoadShedder {
  private readonly from: Float64Array;
  private readonly full: Float64Array;
  private readonly targetDelay: number;
  private readonly window: number;
  private readonly windowRequests: number;
  private since = Number.NaN;
  private requests = 0;
  private delaySum = 0;
  private queueLoad = 0;

  /** @throws RangeError when an option is out of range, or the state is faulty */
  constructor(options: LoadShedderOptions, state?: LoadShedderState) {
    requireOptions('LoadShedder', options, OPTIONS);
    const { classes, targetDelay, window, windowRequests = 2000 } = options;
    requireWhole('classes.length', classes.length, 1, 256);
    requirePositive('targetDelay', targetDelay);
    requirePositive('window', window);
    requireWhole('windowRequests', windowRequests, 1, Number.MAX_SAFE_INTEGER);
    for (const shedding of classes) {
      requireOptions('a class of LoadShedder', shedding, CLASS);
      const { from, full } = shedding;
      requireWithin('from', from, 0, Number.POSITIVE_INFINITY);
      requireWithin('full', full, from, Number.POSITIVE_INFINITY);
    }
    this.from = Float64Array.from(classes, ({ from }) => from);
    this.full = Float64Array.from(classes, ({ full }) => full);
    this.targetDelay = targetDelay;
    this.window = window;
    this.windowRequests = windowRequests;
    if (state !== undefined) this.restore(state);
  }

  /** A request left the queue after waiting for `delay` ≥ 0. */
  observe(now: number, delay: number): void {
    requireInstant(now);
    requireWithin('delay', delay, 0, Number.MAX_VALUE);
    if (!(now >= this.since)) this.begin(now);
    else if (now - this.since >= 2 * this.window) {
      // A window nobody looked at for long says nothing about now, and neither does the load of the one before it: else
      // the first request after everything was turned away would bring that load back, and turn all others away.
      this.begin(now);
      this.queueLoad = 0;
    }
    this.requests++;
    this.delaySum = Math.min(Number.MAX_VALUE, this.delaySum + delay);
    if (this.requests < this.windowRequests && now - this.since < this.window) return;
    this.queueLoad = this.delaySum / this.requests / this.targetDelay;
    this.begin(now);
  }

  /**
   * The load now: 1 = as much as there should be.
   *
   * @param utilisation of whatever is scarce, ≥ 0. Default 0: the queue alone decides
   */
  load(now: number, utilisation = 0): number {
    requireInstant(now);
    requireWithin('utilisation', utilisation, 0, Number.POSITIVE_INFINITY);
    if (now < this.since) this.begin(now);
    const stale = !(now - this.since < 2 * this.window);
    return Math.max(utilisation, stale ? 0 : this.queueLoad);
  }

  /**
   * Whether a request is taken in.
   *
   * @param priority its class, 0 = the most important
   * @param draw chance in [0, 1): drawn anew, or a hash of user or session, so that all calls that serve one
   *   request are decided alike
   * @param utilisation as for `load`
   */
  admits(now: number, priority: number, draw: number, utilisation = 0): boolean {
    requireWhole('priority', priority, 0, this.from.length - 1);
    requireWithin('draw', draw, 0, 1);
    const load = this.load(now, utilisation);
    const from = this.from[priority]!;
    const full = this.full[priority]!;
    if (load <= from) return true;
    return load < full && draw >= (load - from) / (full - from);
  }

  snapshot(): LoadShedderState {
    return {
      version: 1,
      kind: 'load-shedder',
      since: Number.isNaN(this.since) ? null : this.since,
      requests: this.requests,
      delaySum: this.delaySum,
      queueLoad: this.queueLoad,
    };
  }

  private begin(now: number): void {
    this.since = now;
    this.requests = 0;
    this.delaySum = 0;
  }

  private restore(state: LoadShedderState): void {
    requireState(state, 'load-shedder');
    if (state.since !== null) requireInstant(state.since);
    requireWhole('state.requests', state.requests, 0, Number.MAX_SAFE_INTEGER);
    requireWithin('state.delaySum', state.delaySum, 0, Number.MAX_VALUE);
    requireWithin('state.queueLoad', state.queueLoad, 0, Number.MAX_VALUE);
    this.since = state.since ?? Number.NaN;
    this.requests = state.requests;
    this.delaySum = state.delaySum;
    this.queueLoad = state.queueLoad;
  }
}

/** A shedder that goes on from a snapshot. @throws RangeError when the state is faulty */
export function restoreLoadShedder(options: LoadShedderOptions, state: LoadShedderState): LoadShedder {
  return new LoadShedder(options, state);
}
