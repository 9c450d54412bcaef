import { type OptionNames, requireOptions } from '../../require-options.ts';
import { requireWhole } from '../require.ts';
import { type ConcurrencyLimitState, CountingLimit } from './concurrency-limit.ts';

/** A limit that stays. */
export interface FixedLimitOptions {
  /** Calls that may be in flight, a whole number ≥ 1. */
  readonly limit: number;
}

const OPTIONS: OptionNames<FixedLimitOptions> = { limit: true };

/** Always the same number of calls in flight: by Little's law, what passes is at most limit / round trip. */
export class FixedLimit extends CountingLimit {
  protected readonly algorithm = 'fixed';

  /** @throws RangeError when the limit is impossible or the state is not one of this limit */
  constructor(options: FixedLimitOptions, state?: ConcurrencyLimitState) {
    requireOptions('FixedLimit', options, OPTIONS);
    requireWhole('limit', options.limit, 1);
    super(options.limit);
    if (state !== undefined) this.take(state, options.limit, options.limit);
  }

  protected learn(): void {
    // Nothing to be learned.
  }
}
