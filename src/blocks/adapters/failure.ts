import type { Call } from './call.ts';
import { type RefusalReason, RefusedError, TimeoutError } from './errors.ts';

/** What counts as a failure of the dependency. */
export interface FailureOptions {
  /**
   * Whether an error that the function threw is a failure. Default: every error. One that is not, such as "not
   * found", is an answer of a dependency that works. Guards' own errors are not asked about: a timeout is a
   * failure, a refusal is not, since nobody was asked.
   */
  readonly isFailure?: (error: unknown) => boolean;
  /** Whether a value is a failure, such as a response of status 503. Default: none is. */
  readonly isFailedResult?: (value: unknown) => boolean;
}

/** Whether an error tells that the dependency does not do its work. */
export function countsAsFailure(error: unknown, isFailure: FailureOptions['isFailure']): boolean {
  if (error instanceof RefusedError) return error.reason === 'timeout';
  return isFailure === undefined || isFailure(error);
}

const LASTING: ReadonlySet<RefusalReason> = new Set([
  'breaker-open',
  'deadline',
  'shed',
  'retry-budget',
  'key-reused',
  'closed',
]);

/** Whether a guard refused for a reason that another attempt soon after only meets again, or makes worse. */
export function isLastingRefusal(error: unknown): boolean {
  return error instanceof RefusedError && LASTING.has(error.reason);
}

/** Whether a guard on the way refused: the dependency was not asked, and nothing is known about it. */
export function wasNotAsked(error: unknown): boolean {
  return error instanceof RefusedError && error.reason !== 'timeout';
}

/** Whether the caller gave up for reasons of its own, rather than because the answer did not come in time. */
export function wentAway(call: Call): boolean {
  return call.aborted && !(call.signal.reason instanceof TimeoutError);
}
