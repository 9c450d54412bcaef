import { BUCKETS, bucketLow, bucketOf } from '../../kernel/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { requireState, requireWhole, requireWithin } from './range.ts';

/** Which percentile, and how fast the past is forgotten. */
export interface LatencyPercentileOptions {
  /** Share of the durations below it, above 0 and below 1: 0.95. */
  readonly percentile: number;
  /** Observations after which one weighs half, a whole number from 1 to 2^30. */
  readonly halfLife: number;
}

/** State of a {@link LatencyPercentile}, safe for JSON: buckets that are not empty, and their weights. */
export interface LatencyPercentileState {
  readonly version: 1;
  readonly kind: 'latency-percentile';
  readonly observations: number;
  readonly buckets: readonly number[];
  readonly weights: readonly number[];
}

/** Weights are scaled down before they grow beyond this. */
const RESCALE_AT = 2 ** 40;

const OPTIONS: OptionNames<LatencyPercentileOptions> = { percentile: true, halfLife: true };

/**
 * A live percentile of durations. A histogram whose buckets are at most 0.8 % wide, from 2^-30 to 2^24 in the
 * caller's unit, in which every observation weighs a little more than the one before: forward decay (Cormode,
 * Shkapenyuk, Srivastava & Xu, ICDE 2009) by count rather than by time. Unlike P² (Jain & Chlamtac 1985) it
 * follows a dependency that becomes slower. 55 kB, amortised constant work.
 */
export class LatencyPercentile {
  private readonly share: number;
  private readonly growth: number;
  private readonly weights = new Float64Array(BUCKETS);
  private total = 0;
  private weight = 1;
  /** The bucket the percentile lies in, and the weight of all buckets below it. */
  private at = 0;
  private below = 0;
  private count = 0;

  /** @throws RangeError when an option is out of range, or the state is faulty */
  constructor(options: LatencyPercentileOptions, state?: LatencyPercentileState) {
    requireOptions('LatencyPercentile', options, OPTIONS);
    const { percentile, halfLife } = options;
    if (!(percentile > 0 && percentile < 1)) {
      throw new RangeError(`percentile must be above 0 and below 1, got ${percentile}`);
    }
    requireWhole('halfLife', halfLife, 1, 2 ** 30);
    this.share = percentile;
    this.growth = 2 ** (1 / halfLife);
    if (state !== undefined) this.restore(state);
  }

  /** Observations so far. */
  get observations(): number {
    return this.count;
  }

  /** @throws RangeError when `duration` is not a number ≥ 0 */
  observe(duration: number): void {
    requireWithin('duration', duration, 0, Number.MAX_VALUE);
    const bucket = bucketOf(duration);
    this.weights[bucket] = this.weights[bucket]! + this.weight;
    this.total += this.weight;
    if (bucket < this.at) this.below += this.weight;
    this.count = Math.min(this.count + 1, Number.MAX_SAFE_INTEGER);
    this.weight *= this.growth;
    if (this.weight > RESCALE_AT) this.rescale();
    this.settle();
  }

  /** The percentile now, interpolated within its bucket; NaN before the first observation. */
  value(): number {
    if (this.count === 0) return Number.NaN;
    const low = bucketLow(this.at);
    const inside = (this.share * this.total - this.below) / this.weights[this.at]!;
    return low + (bucketLow(this.at + 1) - low) * Math.min(1, Math.max(0, inside));
  }

  snapshot(): LatencyPercentileState {
    const buckets: number[] = [];
    this.weights.forEach((weight, bucket) => {
      if (weight > 0) buckets.push(bucket);
    });
    return {
      version: 1,
      kind: 'latency-percentile',
      observations: this.count,
      buckets,
      // The next observation weighs 1.
      weights: buckets.map((bucket) => this.weights[bucket]! / this.weight),
    };
  }

  /** Moves to the bucket in which `below` first reaches the share. Empty buckets are passed over. */
  private settle(): void {
    const rank = this.share * this.total;
    while (this.at > 0 && this.below >= rank) {
      this.at--;
      this.below -= this.weights[this.at]!;
    }
    while (this.at < BUCKETS - 1 && this.below + this.weights[this.at]! < rank) {
      this.below += this.weights[this.at]!;
      this.at++;
    }
  }

  /** The next weight becomes 1; what weighs nothing any more is dropped, and the sums are made exact. */
  private rescale(): void {
    this.total = 0;
    this.below = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const scaled = this.weights[bucket]! / this.weight;
      const kept = scaled > 1 / RESCALE_AT ? scaled : 0;
      this.weights[bucket] = kept;
      this.total += kept;
      if (bucket < this.at) this.below += kept;
    }
    this.weight = 1;
  }

  private restore(state: LatencyPercentileState): void {
    requireState(state, 'latency-percentile');
    requireWhole('state.observations', state.observations, 0, Number.MAX_SAFE_INTEGER);
    if (state.buckets?.length !== state.weights?.length) {
      throw new RangeError(`state.weights must be as many as buckets, got ${state.weights?.length}`);
    }
    state.buckets.forEach((bucket, i) => {
      requireWhole('state.buckets', bucket, 0, BUCKETS - 1);
      requireWithin('state.weights', state.weights[i]!, 0, 2 ** 53);
      this.weights[bucket] = state.weights[i]!;
    });
    this.total = this.weights.reduce((sum, weight) => sum + weight, 0);
    if (state.observations > 0 && !(this.total > 0)) {
      throw new RangeError(`state.weights must not be empty after observations, got ${this.total}`);
    }
    this.count = state.observations;
    this.settle();
  }
}
