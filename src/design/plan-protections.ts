import type { OwnName } from './word-fields.ts';

/** Further attempts. Each instance of the caller has a budget of its own. */
export interface PlanRetry {
  /** In all, the first included, ≥ 2. */
  readonly attempts: number;
  readonly backoff:
    | 'none'
    | 'constant'
    | 'exponential'
    | 'full-jitter'
    | 'equal-jitter'
    | 'decorrelated-jitter'
    | OwnName<'backoff'>;
  /** Seconds: pause before the second attempt, and the longest; jitter aside. */
  readonly base: number;
  readonly cap: number;
  /**
   * Further attempts per first attempt; or tokens that failures take, and successes give `ratio` each, and of which
   * more than half must be there; null = as many as `attempts` says.
   */
  readonly budget: number | { readonly tokens: number; readonly ratio: number } | null;
  /** It waits as long as refusals ask for, up to so many seconds, null = however long; absent where it does not. */
  readonly heed?: number | null;
}

/** Opens when too many calls failed, for a time, and then lets a few through. */
export interface PlanBreaker {
  /** Share of calls, and how many calls it is taken of. */
  readonly failures: number;
  readonly of: number;
  /** Seconds that the share is taken over, where there are `of` calls; null = it is taken over the last `of`. */
  readonly over: number | null;
  /** Calls that failed in a row at which it opens, whatever their share; null = it goes by the share. */
  readonly consecutive: number | null;
  /** Seconds; a call that takes longer counts as failed; null = none does. */
  readonly slower: number | null;
  /** Seconds it stays open. */
  readonly open: number;
  readonly probes: number;
}

/** A limiter for each instance of the caller: calls per second in the long run, and how they may bunch. */
export type PlanLimit =
  /** One of the user's own. */
  { readonly own: OwnName<'limit'>; readonly rate: number; readonly burst: number } | BuiltInLimit;

/** A limiter of `tenfold/blocks`. */
export type BuiltInLimit =
  /** Calls at once. */
  | { readonly algorithm: 'token-bucket' | 'gcra'; readonly rate: number; readonly burst: number }
  | { readonly algorithm: 'leaky-bucket'; readonly rate: number }
  /** Seconds of a window, and how many calls, a whole number, it lets through. */
  | {
      readonly algorithm: 'fixed-window' | 'sliding-log' | 'sliding-counter';
      readonly rate: number;
      readonly window: number;
      readonly calls: number;
    };

/** Refuses part of the calls where the callee refuses, for each instance of the caller. */
export interface PlanThrottle {
  /** Calls sent for one that is accepted, ≥ 1. */
  readonly factor: number;
  /** Seconds it looks back. */
  readonly over: number;
}

/** Calls in progress, for each instance of the caller, by what the calls so far told; least ≤ initial ≤ most. */
export interface PlanConcurrency {
  readonly algorithm: 'fixed' | 'aimd' | 'vegas' | 'gradient2';
  readonly initial: number;
  readonly least: number;
  readonly most: number;
}

/** Calls in progress, and such that wait for their turn, for each instance of the caller. */
export interface PlanBulkhead {
  readonly most: number;
  readonly queue: number;
}

/** Another request when there is no answer after a while; at most so many more. */
export interface PlanHedge {
  /** Seconds, or the share of answers, above 0 and below 1, that take less. */
  readonly after: number | { readonly percentile: number };
  readonly most: number;
  /** Further requests per call, for each instance of the caller; null = as many as `most` says. */
  readonly budget: number | null;
}
