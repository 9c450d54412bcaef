import { requireInstant, requireState, requireWhole, requireWithin } from './range.ts';
import type { RetryBudget, RetryBudgetState, TokenRetryBudgetOptions } from './retry-budget.ts';

/** Tokens are kept in whole thousandths, as gRPC keeps them, so that ten times 0.1 is 1. */
const SCALE = 1000;

/**
 * gRPC's retry throttling (proposal A6, "gRPC Retry Design"): a failure takes a token, a success gives
 * `tokenRatio`, and retries go while more than half of the tokens are there. It knows no time. A share of
 * failures above tokenRatio / (1 + tokenRatio) that lasts empties it.
 */
export class TokenRetryBudget implements RetryBudget {
  private readonly full: number;
  private readonly perSuccess: number;
  private milliTokens: number;

  constructor(options: TokenRetryBudgetOptions, state?: RetryBudgetState) {
    requireWithin('maxTokens', options.maxTokens, 1 / SCALE, 1000);
    requireWithin('tokenRatio', options.tokenRatio, 1 / SCALE, 1000);
    this.full = Math.round(options.maxTokens * SCALE);
    this.perSuccess = Math.round(options.tokenRatio * SCALE);
    this.milliTokens = this.full;
    if (state === undefined) return;
    requireState(state, 'token');
    requireWhole('state.milliTokens', state.milliTokens, 0, Number.MAX_SAFE_INTEGER);
    this.milliTokens = Math.min(state.milliTokens, this.full);
  }

  /** Tokens left. */
  get tokens(): number {
    return this.milliTokens / SCALE;
  }

  started(now: number): void {
    requireInstant(now);
  }

  succeeded(now: number): void {
    requireInstant(now);
    this.milliTokens = Math.min(this.full, this.milliTokens + this.perSuccess);
  }

  failed(now: number): void {
    requireInstant(now);
    this.milliTokens = Math.max(0, this.milliTokens - SCALE);
  }

  tryRetry(now: number): boolean {
    requireInstant(now);
    return 2 * this.milliTokens > this.full;
  }

  snapshot(): RetryBudgetState {
    return { version: 1, kind: 'token', milliTokens: this.milliTokens };
  }
}
