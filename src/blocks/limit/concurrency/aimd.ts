import { type OptionNames, requireOptions } from '../../require-options.ts';
import { requirePositive } from '../require.ts';
import { type ConcurrencyLimitState, CountingLimit, requireLimits } from './concurrency-limit.ts';

/** How a limit rises and falls. Defaults are those of Netflix concurrency-limits. */
export interface AimdOptions {
  /** Where it begins, default 20. */
  readonly initialLimit?: number;
  /** It never falls below, default 20 or `initialLimit` when that is less. */
  readonly minLimit?: number;
  /** It never rises above, default 200 or `initialLimit` when that is more. */
  readonly maxLimit?: number;
  /** What a drop multiplies it by, from 0.5, below 1, default 0.9. */
  readonly backoff?: number;
  /** A round trip longer than this counts as a drop; default none. */
  readonly timeout?: number;
}

const OPTIONS: OptionNames<AimdOptions> = {
  initialLimit: true,
  minLimit: true,
  maxLimit: true,
  backoff: true,
  timeout: true,
};

/**
 * Additive increase, multiplicative decrease (Chiu & Jain, Computer Networks and ISDN Systems 17(1), 1989), as
 * in Netflix concurrency-limits: a call that ends well while at least half of the limit is in use raises it
 * by 1, a drop cuts it to ⌊limit · backoff⌋. Needs drops to see overload.
 */
export class AimdLimit extends CountingLimit {
  protected readonly algorithm = 'aimd';
  private readonly minLimit: number;
  private readonly maxLimit: number;
  private readonly backoff: number;
  private readonly timeout: number;

  /** @throws RangeError when an option is impossible or the state is not one of this algorithm */
  constructor(options: AimdOptions = {}, state?: ConcurrencyLimitState) {
    requireOptions('AimdLimit', options, OPTIONS);
    const { initialLimit = 20, backoff = 0.9, timeout } = options;
    const { minLimit = Math.min(20, initialLimit), maxLimit = Math.max(200, initialLimit) } = options;
    requireLimits(initialLimit, minLimit, maxLimit);
    if (!(backoff >= 0.5 && backoff < 1)) {
      throw new RangeError(`backoff must be from 0.5, below 1, got ${backoff}`);
    }
    if (timeout !== undefined) requirePositive('timeout', timeout);
    super(initialLimit);
    this.minLimit = minLimit;
    this.maxLimit = maxLimit;
    this.backoff = backoff;
    this.timeout = timeout ?? Number.POSITIVE_INFINITY;
    if (state !== undefined) this.take(state, minLimit, maxLimit);
  }

  protected learn(roundTrip: number, inFlight: number, isDropped: boolean): void {
    if (isDropped || roundTrip > this.timeout) {
      this.estimate = Math.max(this.minLimit, Math.floor(this.estimate * this.backoff));
    } else if (2 * inFlight >= this.estimate) {
      this.estimate = Math.min(this.maxLimit, this.estimate + 1);
    }
  }
}
