import { RatioRetryBudget } from './ratio-retry-budget.ts';
import type { RetryBudget, RetryBudgetOptions, RetryBudgetState } from './retry-budget.ts';
import { TokenRetryBudget } from './token-retry-budget.ts';

/**
 * A full budget, or one that goes on from a snapshot.
 *
 * @throws RangeError when an option is out of range, or the state is of another kind
 */
export function createRetryBudget(options: RetryBudgetOptions, state?: RetryBudgetState): RetryBudget {
  switch (options.kind) {
    case 'ratio':
      return new RatioRetryBudget(options, state);
    case 'token':
      return new TokenRetryBudget(options, state);
    default:
      throw new RangeError(`kind must be one of ratio, token, got ${(options as RetryBudgetOptions).kind}`);
  }
}
