import { createRetryBudget, type RetryBudget, type RetryBudgetOptions } from '../protect/index.ts';

/**
 * The budget that options describe, or the one given ready-made; null: none.
 *
 * @throws TypeError when it is none of these, as where it was forgotten; RangeError when an option is out of range
 */
export function budgetOf(budget: RetryBudgetOptions | RetryBudget | null): RetryBudget | null {
  if (budget === null) return null;
  if (typeof budget !== 'object') {
    throw new TypeError(
      `budget must be a retry budget, its options, or null for none, got ${String(budget)}`,
    );
  }
  return 'kind' in budget ? createRetryBudget(budget) : budget;
}
