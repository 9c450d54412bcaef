import { type OptionNames, requireOptions } from '../require-options.ts';
import { RatioRetryBudget } from './ratio-retry-budget.ts';
import type {
  RatioRetryBudgetOptions,
  RetryBudget,
  RetryBudgetOptions,
  RetryBudgetState,
  TokenRetryBudgetOptions,
} from './retry-budget.ts';
import { TokenRetryBudget } from './token-retry-budget.ts';

const RATIO: OptionNames<RatioRetryBudgetOptions> = { kind: true, ttl: true, minimumRate: true, ratio: true };
const TOKEN: OptionNames<TokenRetryBudgetOptions> = { kind: true, maxTokens: true, tokenRatio: true };

/**
 * A full budget, or one that goes on from a snapshot.
 *
 * @throws RangeError when an option is out of range, or the state is of another kind
 */
export function createRetryBudget(options: RetryBudgetOptions, state?: RetryBudgetState): RetryBudget {
  switch (options.kind) {
    case 'ratio':
      requireOptions('retry budget ratio', options, RATIO);
      return new RatioRetryBudget(options, state);
    case 'token':
      requireOptions('retry budget token', options, TOKEN);
      return new TokenRetryBudget(options, state);
    default:
      throw new RangeError(`kind must be one of ratio, token, got ${(options as RetryBudgetOptions).kind}`);
  }
}
