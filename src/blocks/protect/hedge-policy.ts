import { type OptionNames, requireOptions } from '../require-options.ts';
import {
  LatencyPercentile,
  type LatencyPercentileOptions,
  type LatencyPercentileState,
} from './latency-percentile.ts';
import { requireState, requireWhole, requireWithin } from './range.ts';
import type { RetryBudget } from './retry-budget.ts';

/** A delay that follows the dependency. */
export interface HedgePercentile extends LatencyPercentileOptions {
  /** Observations before the percentile is believed, a whole number ≥ 1; no hedge before. */
  readonly minimumObservations: number;
}

/** When a call is sent again while the first copy is still out. */
export interface HedgePolicyOptions {
  /** After this long without an answer, above 0; or a percentile of the durations seen. */
  readonly after: number | HedgePercentile;
  /** Copies beyond the first, a whole number from 1 to 16. Default 1. */
  readonly maxHedges?: number;
  /**
   * Bounds the copies of all calls together; null: nothing does but `maxHedges`. Not the budget of a retry
   * policy, which would count every request twice.
   */
  readonly budget: RetryBudget | null;
}

/** State of a {@link HedgePolicy}, safe for JSON. The budget, which may be shared, has its own. */
export interface HedgePolicyState {
  readonly version: 1;
  readonly kind: 'hedge-policy';
  readonly percentile: LatencyPercentileState | null;
}

const MAX_HEDGES = 16;

const OPTIONS: OptionNames<HedgePolicyOptions> = { after: true, maxHedges: true, budget: true };

/**
 * Hedged requests (Dean & Barroso, "The Tail at Scale", CACM 56(2), 2013): when the answer is not there after
 * the 95th percentile, ask another replica and take the first answer. The load grows by about the share of
 * calls that take longer than the delay.
 */
export class HedgePolicy {
  private readonly fixedDelay: number;
  private readonly percentile: LatencyPercentile | null;
  private readonly minimumObservations: number;
  private readonly maxHedges: number;
  private readonly budget: RetryBudget | null;

  /** @throws RangeError when an option is out of range, or the state is not one of such a policy */
  constructor(options: HedgePolicyOptions, state?: HedgePolicyState) {
    requireOptions('HedgePolicy', options, OPTIONS);
    const { after, maxHedges = 1, budget } = options;
    requireWhole('maxHedges', maxHedges, 1, MAX_HEDGES);
    if (state !== undefined) {
      requireState(state, 'hedge-policy');
      if ((state.percentile !== null) !== (typeof after !== 'number')) {
        throw new RangeError(`state.percentile must fit the delay, got ${state.percentile}`);
      }
    }
    this.maxHedges = maxHedges;
    this.budget = budget;
    if (typeof after === 'number') {
      requireWithin('after', after, Number.MIN_VALUE, Number.MAX_VALUE);
      this.fixedDelay = after;
      this.percentile = null;
      this.minimumObservations = 0;
    } else {
      const { minimumObservations, ...percentile } = after;
      requireWhole('minimumObservations', minimumObservations, 1, Number.MAX_SAFE_INTEGER);
      this.fixedDelay = Number.NaN;
      this.percentile = new LatencyPercentile(percentile, state?.percentile ?? undefined);
      this.minimumObservations = minimumObservations;
    }
  }

  /** A call's first copy is sent. */
  started(now: number): void {
    this.budget?.started(now);
  }

  /** How long to wait after one copy before the next; Infinity while nothing is known. */
  delay(): number {
    if (this.percentile === null) return this.fixedDelay;
    if (this.percentile.observations < this.minimumObservations) return Number.POSITIVE_INFINITY;
    return this.percentile.value();
  }

  /**
   * The delay is over: may another copy go?
   *
   * @param sent copies sent so far, the first included
   */
  tryHedge(now: number, sent: number): boolean {
    requireWhole('sent', sent, 1, MAX_HEDGES + 1);
    if (sent > this.maxHedges) return false;
    return this.budget === null || this.budget.tryRetry(now);
  }

  /**
   * A call was answered.
   *
   * @param duration from sending the first copy to the first answer. Where a hedge was faster, that is not how
   *   long the first copy would have taken, but it is above the delay, as that is: the percentile at which the
   *   delay settles is the one of calls that are not hedged.
   */
  observe(duration: number): void {
    this.percentile?.observe(duration);
  }

  snapshot(): HedgePolicyState {
    return { version: 1, kind: 'hedge-policy', percentile: this.percentile?.snapshot() ?? null };
  }
}

/** A policy that goes on from a snapshot. @throws RangeError when the state is not one of such a policy */
export function restoreHedgePolicy(options: HedgePolicyOptions, state: HedgePolicyState): HedgePolicy {
  return new HedgePolicy(options, state);
}
