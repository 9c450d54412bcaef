/**
 * Bounds the retries of all calls to a dependency together, so that retrying cannot multiply the load of one
 * that is down. Shared by all who call it.
 */
export interface RetryBudget {
  /** A first attempt is sent. */
  started(now: number): void;
  /** An attempt, the first or a later one, succeeded. */
  succeeded(now: number): void;
  /** An attempt, the first or a later one, failed in a way that may be retried. */
  failed(now: number): void;
  /** Takes one retry, if there is one. */
  tryRetry(now: number): boolean;
  snapshot(): RetryBudgetState;
}

/** Retries as a share of requests, and some more. */
export interface RatioRetryBudgetOptions {
  readonly kind: 'ratio';
  /** How long a request counts, above 0, in the caller's unit of time. Finagle: 10 s. */
  readonly ttl: number;
  /** Retries per unit of time on top of the share, ≥ 0, for callers with few requests. Finagle: 10 per s. */
  readonly minimumRate: number;
  /** Retries per request, from 0 to 1000. Default 0.2, as in Finagle. */
  readonly ratio?: number;
}

/** Tokens that failures take and successes give. */
export interface TokenRetryBudgetOptions {
  readonly kind: 'token';
  /** Tokens when full, above 0, at most 1000. */
  readonly maxTokens: number;
  /** Tokens a success gives, above 0, at most 1000; to three decimal places. A failure takes one. */
  readonly tokenRatio: number;
}

/** Which budget, and how much. */
export type RetryBudgetOptions = RatioRetryBudgetOptions | TokenRetryBudgetOptions;

/** State of a {@link RetryBudget}, safe for JSON. */
export type RetryBudgetState =
  /** Balance by slot, in requests, the current one first. */
  | {
      readonly version: 1;
      readonly kind: 'ratio';
      readonly epoch: number | null;
      readonly balances: readonly number[];
    }
  | { readonly version: 1; readonly kind: 'token'; readonly milliTokens: number };
