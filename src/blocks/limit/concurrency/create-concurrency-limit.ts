import { AimdLimit, type AimdOptions } from './aimd.ts';
import type { ConcurrencyLimit, ConcurrencyLimitName, ConcurrencyLimitState } from './concurrency-limit.ts';
import { FixedLimit, type FixedLimitOptions } from './fixed.ts';
import { Gradient2Limit, type Gradient2Options } from './gradient2.ts';
import { VegasLimit, type VegasOptions } from './vegas.ts';

/** What each algorithm wants to know. */
export interface ConcurrencyLimitOptions {
  readonly fixed: FixedLimitOptions;
  readonly aimd: AimdOptions;
  readonly vegas: VegasOptions;
  readonly gradient2: Gradient2Options;
}

type Algorithms = {
  readonly [Name in ConcurrencyLimitName]: new (
    options: ConcurrencyLimitOptions[Name],
    state?: ConcurrencyLimitState,
  ) => ConcurrencyLimit;
};

const algorithms: Algorithms = {
  fixed: FixedLimit,
  aimd: AimdLimit,
  vegas: VegasLimit,
  gradient2: Gradient2Limit,
};

/** Every {@link ConcurrencyLimitName}, in the order of the documentation. */
export const concurrencyLimits = Object.freeze(Object.keys(algorithms)) as readonly ConcurrencyLimitName[];

/**
 * A limit at its beginning, or one that goes on from a {@link ConcurrencyLimit.snapshot} of the same algorithm.
 *
 * @throws RangeError when the name is unknown, an option impossible or the state not one of this algorithm
 */
export function createConcurrencyLimit<Name extends ConcurrencyLimitName>(
  name: Name,
  options: ConcurrencyLimitOptions[Name],
  state?: ConcurrencyLimitState,
): ConcurrencyLimit {
  if (!Object.hasOwn(algorithms, name)) {
    throw new RangeError(`name must be one of ${concurrencyLimits.join(', ')}, got ${name}`);
  }
  return new algorithms[name](options, state);
}
