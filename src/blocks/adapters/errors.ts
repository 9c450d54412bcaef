/** Why a call was not made, or not waited for. */
export type RefusalReason =
  | 'timeout'
  | 'deadline'
  | 'breaker-open'
  | 'bulkhead-full'
  | 'rate-limited'
  | 'throttled'
  | 'overloaded'
  | 'no-target'
  | 'shed'
  | 'retry-budget'
  | 'in-progress'
  | 'key-reused'
  | 'keys-full'
  | 'buffer-full'
  | 'closed';

/** Thrown by adapters where their core refuses; what the wrapped function throws passes through as it is. */
export class RefusedError extends Error {
  override readonly name: string = 'RefusedError';
  readonly reason: RefusalReason;
  /** Milliseconds after which it may be asked again; null where nobody knows. */
  readonly retryAfterMs: number | null;

  constructor(
    reason: RefusalReason,
    message: string,
    options: { readonly retryAfterMs?: number | null; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = reason;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** The message of a call that is not begun, since nobody could use its answer. */
export const DEADLINE_OVER = 'the deadline is over before the call began';

/** What was waited for did not come in time. What was called may go on. */
export class TimeoutError extends RefusedError {
  override readonly name = 'TimeoutError';
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super('timeout', `no answer within ${timeoutMs} ms`);
    this.timeoutMs = timeoutMs;
  }
}
