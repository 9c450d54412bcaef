import type { Random } from '../../../kernel/index.ts';
import { type OptionNames, requireOptions } from '../../require-options.ts';
import { requireWhole, requireWithin } from '../require.ts';
import { type ConcurrencyLimitState, CountingLimit, requireLimits } from './concurrency-limit.ts';

/** How a limit follows the queue. Defaults are those of Netflix concurrency-limits. */
export interface VegasOptions {
  /** Where it begins, default 20. */
  readonly initialLimit?: number;
  /** It never rises above, default 1000 or `initialLimit` when that is more. */
  readonly maxLimit?: number;
  /** Queued calls below which it rises, default 3·⌊log₁₀ limit⌋, at least 3. */
  readonly alpha?: number;
  /** Queued calls above which it falls, default 6·⌊log₁₀ limit⌋, at least 6. */
  readonly beta?: number;
  /** How much of each new limit is taken on, above 0 to 1, default 1. */
  readonly smoothing?: number;
  /** The round trip without load is measured anew every so many samples times the limit, default 30. */
  readonly probeMultiplier?: number;
  /**
   * Spreads these new measurements over half to all of that time, so that many clients do not take them at
   * once. Without it, three quarters.
   */
  readonly random?: Random;
}

const OPTIONS: OptionNames<VegasOptions> = {
  initialLimit: true,
  maxLimit: true,
  alpha: true,
  beta: true,
  smoothing: true,
  probeMultiplier: true,
  random: true,
};

/**
 * TCP Vegas (Brakmo, O'Malley & Peterson, SIGCOMM 1994) for calls, as in Netflix concurrency-limits. The
 * queue at the server is estimated as ⌈limit · (1 − shortest round trip / round trip)⌉. No more than
 * ⌊log₁₀ limit⌋ queued: up by β; fewer than α: up by ⌊log₁₀ limit⌋; more than β, or a drop: down by as much;
 * between: it stays, as when less than half of the limit is in use.
 *
 * One thing differs: a drop never counts as the shortest round trip. A refusal that comes at once would
 * otherwise pass for the time that a call takes without load.
 */
export class VegasLimit extends CountingLimit {
  protected readonly algorithm = 'vegas';
  private readonly maxLimit: number;
  private readonly alpha: number | undefined;
  private readonly beta: number | undefined;
  private readonly smoothing: number;
  private readonly probeMultiplier: number;
  private readonly random: Random | undefined;
  /** Shortest round trip; 0 before there is one. */
  private shortest = 0;
  private samples = 0;
  private probeShare: number;

  /** @throws RangeError when an option is impossible or the state is not one of this algorithm */
  constructor(options: VegasOptions = {}, state?: ConcurrencyLimitState) {
    requireOptions('VegasLimit', options, OPTIONS);
    const { initialLimit = 20, alpha, beta, smoothing = 1, probeMultiplier = 30, random } = options;
    const { maxLimit = Math.max(1000, initialLimit) } = options;
    requireLimits(initialLimit, 1, maxLimit);
    if (alpha !== undefined) requireWhole('alpha', alpha, 0);
    if (beta !== undefined) requireWhole('beta', beta, alpha ?? 0);
    requireWithin('smoothing', smoothing, Number.MIN_VALUE, 1);
    requireWhole('probeMultiplier', probeMultiplier, 1);
    super(initialLimit);
    this.maxLimit = maxLimit;
    this.alpha = alpha;
    this.beta = beta;
    this.smoothing = smoothing;
    this.probeMultiplier = probeMultiplier;
    this.random = random;
    this.probeShare = this.drawProbeShare();
    if (state !== undefined) {
      const [shortest, samples, probeShare] = this.take(state, 1, maxLimit);
      this.shortest = shortest!;
      this.samples = samples!;
      this.probeShare = probeShare!;
    }
  }

  protected override memory(): readonly number[] {
    return [this.shortest, this.samples, this.probeShare];
  }

  protected learn(roundTrip: number, inFlight: number, isDropped: boolean): void {
    const { estimate } = this;
    if (isDropped) {
      this.move(estimate - step(estimate));
      return;
    }
    if (roundTrip === 0) return;
    this.samples++;
    if (this.samples >= this.probeShare * this.probeMultiplier * estimate) {
      this.samples = 0;
      this.probeShare = this.drawProbeShare();
      this.shortest = roundTrip;
      return;
    }
    if (this.shortest === 0 || roundTrip < this.shortest) {
      this.shortest = roundTrip;
      return;
    }
    if (2 * inFlight < estimate) return;
    const queue = Math.ceil(estimate * (1 - this.shortest / roundTrip));
    const by = step(estimate);
    const beta = this.beta ?? 6 * by;
    if (queue <= by) this.move(estimate + beta);
    else if (queue < (this.alpha ?? 3 * by)) this.move(estimate + by);
    else if (queue > beta) this.move(estimate - by);
  }

  private move(limit: number): void {
    const bounded = Math.max(1, Math.min(this.maxLimit, limit));
    this.estimate = (1 - this.smoothing) * this.estimate + this.smoothing * bounded;
  }

  private drawProbeShare(): number {
    return this.random === undefined ? 0.75 : 0.5 + 0.5 * this.random.next();
  }
}

/** ⌊log₁₀ limit⌋, at least 1. */
function step(limit: number): number {
  return Math.max(1, Math.floor(Math.log10(limit)));
}
