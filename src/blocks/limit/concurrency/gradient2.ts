import { type OptionNames, requireOptions } from '../../require-options.ts';
import { requireWhole, requireWithin } from '../require.ts';
import { type ConcurrencyLimitState, CountingLimit, requireLimits } from './concurrency-limit.ts';

/** How a limit follows the gradient of latency. Defaults are those of Netflix concurrency-limits. */
export interface Gradient2Options {
  /** Where it begins, default 20. */
  readonly initialLimit?: number;
  /** It never falls below, default 20 or `initialLimit` when that is less. */
  readonly minLimit?: number;
  /** It never rises above, default 200 or `initialLimit` when that is more. */
  readonly maxLimit?: number;
  /** Calls that may queue at the server: what the limit grows by while latency stays, default 4. */
  readonly queueSize?: number;
  /** How much of each new limit is taken on, above 0 to 1, default 0.2. */
  readonly smoothing?: number;
  /** How far a round trip may exceed the long average before the limit falls, ≥ 1, default 1.5. */
  readonly tolerance?: number;
  /** Samples over which the long average runs, default 600. */
  readonly longWindow?: number;
}

/** Samples at the start whose plain mean the long average is. */
const WARM_UP = 10;

const OPTIONS: OptionNames<Gradient2Options> = {
  initialLimit: true,
  minLimit: true,
  maxLimit: true,
  queueSize: true,
  smoothing: true,
  tolerance: true,
  longWindow: true,
};

/**
 * The gradient of latency, as in Netflix concurrency-limits (`Gradient2Limit`). With a long exponential average
 * of round trips, for each sample taken while at least half of the limit is in use:
 *
 *     gradient = max(0.5, min(1, tolerance · average / round trip))
 *     limit    ← (1 − smoothing) · limit + smoothing · (limit · gradient + queueSize)
 *
 * While the average is more than twice a sample, it is cut by 5 % a sample, so that it comes back down soon
 * after an overload. Two things differ: a sample of 0 is left out, and a drop never raises the limit.
 */
export class Gradient2Limit extends CountingLimit {
  protected readonly algorithm = 'gradient2';
  private readonly minLimit: number;
  private readonly maxLimit: number;
  private readonly queueSize: number;
  private readonly smoothing: number;
  private readonly tolerance: number;
  private readonly longWindow: number;
  private average = 0;
  /** Samples so far, counted up to {@link WARM_UP}. */
  private samples = 0;
  /** Sum of these samples. */
  private sum = 0;

  /** @throws RangeError when an option is impossible or the state is not one of this algorithm */
  constructor(options: Gradient2Options = {}, state?: ConcurrencyLimitState) {
    requireOptions('Gradient2Limit', options, OPTIONS);
    const { initialLimit = 20, queueSize = 4, smoothing = 0.2, tolerance = 1.5, longWindow = 600 } = options;
    const { minLimit = Math.min(20, initialLimit), maxLimit = Math.max(200, initialLimit) } = options;
    requireLimits(initialLimit, minLimit, maxLimit);
    requireWithin('queueSize', queueSize, 0, Number.MAX_SAFE_INTEGER);
    requireWithin('smoothing', smoothing, Number.MIN_VALUE, 1);
    requireWithin('tolerance', tolerance, 1, Number.MAX_SAFE_INTEGER);
    requireWhole('longWindow', longWindow, 1);
    super(initialLimit);
    this.minLimit = minLimit;
    this.maxLimit = maxLimit;
    this.queueSize = queueSize;
    this.smoothing = smoothing;
    this.tolerance = tolerance;
    this.longWindow = longWindow;
    if (state !== undefined) {
      const [average, samples, sum] = this.take(state, minLimit, maxLimit);
      this.average = average!;
      this.samples = samples!;
      this.sum = sum!;
    }
  }

  protected override memory(): readonly number[] {
    return [this.average, this.samples, this.sum];
  }

  protected learn(roundTrip: number, inFlight: number, isDropped: boolean): void {
    if (roundTrip === 0) return;
    const average = this.add(roundTrip);
    if (average > 2 * roundTrip) this.average = average * 0.95;
    const { estimate } = this;
    if (2 * inFlight < estimate) return;
    const gradient = Math.max(0.5, Math.min(1, (this.tolerance * average) / roundTrip));
    const limit = (1 - this.smoothing) * estimate + this.smoothing * (estimate * gradient + this.queueSize);
    const most = isDropped ? estimate : this.maxLimit;
    this.estimate = Math.max(this.minLimit, Math.min(most, limit));
  }

  private add(roundTrip: number): number {
    if (this.samples < WARM_UP) {
      this.samples++;
      this.sum += roundTrip;
      this.average = this.sum / this.samples;
    } else {
      const weight = 2 / (this.longWindow + 1);
      this.average = this.average * (1 - weight) + roundTrip * weight;
    }
    return this.average;
  }
}
