import {
  AdaptiveThrottle,
  type ConcurrencyLimit,
  createConcurrencyLimit,
  createRateLimiter,
  createRetryBudget,
  HedgePolicy,
  type RateLimiter,
  type RetryBudget,
} from '../../blocks/index.ts';
import type { BuiltInLimit, PlanConcurrency, PlanHedge, PlanThrottle } from '../../design/plan.ts';
import type { Random } from '../../kernel/index.ts';
import type { Guarded } from '../model.ts';

/** Seconds over which a budget of further requests is kept, as in Finagle. */
const BUDGET_WINDOW = 10;
/** A live percentile is believed once so many answers are expected beyond it. */
const ANSWERS_BEYOND = 10;
/** Half-life of an answer in a live percentile, in numbers of answers that make one believed. */
const HALF_LIFE = 10;
/** Longest half-life, in answers. */
const LONGEST_HALF_LIFE = 2 ** 30;

/** A block for each instance of each caller, in the order in which instructions number them. */
export function forEachInstance<Options, Block>(
  guards: readonly Guarded<Options>[],
  create: (options: Options, purpose: string) => Block,
): Block[] {
  return guards.flatMap(({ options, instances, purpose }) =>
    Array.from({ length: instances }, (_, i) => create(options, `${purpose} ${i}`)),
  );
}

/** Makes the blocks of one instance of a component anew, as when it has been started again. */
export function renewInstance<Options, Block>(
  guards: readonly Guarded<Options>[],
  blocks: Block[],
  create: (options: Options, purpose: string) => Block,
  component: number,
  instance: number,
): void {
  for (const { options, owner, first, purpose } of guards) {
    if (owner === component) blocks[first + instance] = create(options, `${purpose} ${instance}`);
  }
}

/** A share of the requests of the last ten seconds. */
export function shareBudget(ratio: number): RetryBudget {
  return createRetryBudget({ kind: 'ratio', ttl: BUDGET_WINDOW, minimumRate: 0, ratio });
}

/** The limiter of a `limit`. */
export function rateLimiter(limit: BuiltInLimit): RateLimiter {
  const { algorithm, rate } = limit;
  switch (algorithm) {
    case 'token-bucket':
      return createRateLimiter(algorithm, { rate, burst: limit.burst });
    case 'gcra':
      // The bucket that decides alike holds 1 + tolerance · rate.
      return createRateLimiter(algorithm, { rate, tolerance: (limit.burst - 1) / rate });
    case 'leaky-bucket':
      // A call that is not let through at once is refused: nobody stands in the queue.
      return createRateLimiter(algorithm, { rate, capacity: 1 });
    case 'fixed-window':
    case 'sliding-log':
    case 'sliding-counter':
      return createRateLimiter(algorithm, { limit: limit.calls, window: limit.window });
  }
}

/** The limit of a `concurrency`. */
export function concurrencyLimit(
  { algorithm, initial, least, most }: PlanConcurrency,
  random: Random,
): ConcurrencyLimit {
  switch (algorithm) {
    case 'fixed':
      return createConcurrencyLimit(algorithm, { limit: initial });
    case 'vegas':
      return createConcurrencyLimit(algorithm, { initialLimit: initial, maxLimit: most, random });
    case 'aimd':
    case 'gradient2':
      return createConcurrencyLimit(algorithm, { initialLimit: initial, minLimit: least, maxLimit: most });
  }
}

/** The throttle of a `throttle`. */
export function adaptiveThrottle({ factor, over }: PlanThrottle): AdaptiveThrottle {
  return new AdaptiveThrottle({ window: over, multiplier: factor });
}

/** The policy of a `hedge` after a live percentile or with a budget. */
export function hedgePolicy({ after, most, budget }: PlanHedge): HedgePolicy {
  return new HedgePolicy({
    after: typeof after === 'number' ? Math.max(after, Number.MIN_VALUE) : livePercentile(after.percentile),
    maxHedges: most,
    budget: budget === null ? null : shareBudget(budget),
  });
}

function livePercentile(percentile: number) {
  const minimumObservations = Math.max(1, Math.round(ANSWERS_BEYOND / (1 - percentile)));
  return {
    percentile,
    minimumObservations,
    halfLife: Math.min(LONGEST_HALF_LIFE, HALF_LIFE * minimumObservations),
  };
}
