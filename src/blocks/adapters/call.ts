import type { Clock } from './clock.ts';

/** What a caller may say about one call. A {@link Call} is such a thing: guards can be put inside one another. */
export interface CallOptions {
  /** Aborted when the caller no longer wants the answer. */
  readonly signal?: AbortSignal | null | undefined;
  /** Instant of the clock in use from which an answer is of no use. Default: Infinity. */
  readonly deadlineMs?: number;
  /** Which attempt this is, from 1. Default 1. */
  readonly attempt?: number;
}

/** A function under guard. It gets the call, whose `signal` it should pass on. */
export type Work<T> = (call: Call) => T | PromiseLike<T>;

/** What all guards offer. */
export interface Guard {
  /** Calls `work`, or refuses to. What it throws passes through as it is. */
  run<T>(work: Work<T>, options?: CallOptions): Promise<T>;
}

/**
 * One call as the guarded function sees it. The signal is made when it is first asked for: a function that
 * does not look at it costs no `AbortController`.
 */
export class Call implements CallOptions {
  readonly attempt: number;
  readonly deadlineMs: number;
  private readonly parent: Call | null;
  /** The signal of the one who calls from outside. */
  private readonly source: AbortSignal | null;
  private readonly cancellable: boolean;
  private controller: AbortController | null = null;
  private cancelled = false;
  private reason: unknown;

  constructor(
    source: AbortSignal | null,
    deadlineMs: number,
    attempt: number,
    parent: Call | null,
    cancellable: boolean,
  ) {
    this.source = source;
    this.deadlineMs = deadlineMs;
    this.attempt = attempt;
    this.parent = parent;
    this.cancellable = cancellable;
  }

  /** Aborted when a guard gives up waiting, or the caller does. Always there: hand it to `fetch`. */
  get signal(): AbortSignal {
    if (!this.cancellable) {
      if (this.parent !== null) return this.parent.signal;
      if (this.source !== null) return this.source;
    }
    if (this.controller === null) {
      this.controller = new AbortController();
      if (this.cancelled) this.controller.abort(this.reason);
    }
    return this.controller.signal;
  }

  /** The signal to listen to; null when nobody can abort this call. */
  get abortSignal(): AbortSignal | null {
    if (this.cancellable) return this.signal;
    return this.parent === null ? this.source : this.parent.abortSignal;
  }

  /** Whether nobody waits for the answer any more. */
  get aborted(): boolean {
    if (this.cancelled || this.source?.aborted === true) return true;
    return this.parent?.aborted ?? false;
  }

  /** The same call as a further attempt. */
  again(attempt: number): Call {
    return new Call(null, this.deadlineMs, attempt, this, false);
  }

  /** A call inside this one that ends earlier, by `cancel`. Who makes it passes on that this one was aborted. */
  inner(deadlineMs: number): Call {
    return new Call(null, Math.min(deadlineMs, this.deadlineMs), this.attempt, this, true);
  }

  /** Aborts the signal of an inner call. */
  cancel(reason?: unknown): void {
    if (this.cancelled) return;
    this.cancelled = true;
    this.reason = reason;
    this.controller?.abort(reason);
  }
}

/** The call a guard is asked to make. */
export function callOf(options: CallOptions | undefined): Call {
  if (options instanceof Call) return options;
  if (options === undefined) return new Call(null, Number.POSITIVE_INFINITY, 1, null, false);
  const { signal = null, deadlineMs = Number.POSITIVE_INFINITY, attempt = 1 } = options;
  if (Number.isNaN(deadlineMs)) throw new RangeError(`deadlineMs must be an instant, got ${deadlineMs}`);
  return new Call(signal, deadlineMs, attempt, null, false);
}

/** Throws what the caller aborted with, if it has. */
export function throwIfAborted(call: Call): void {
  if (call.aborted) call.signal.throwIfAborted();
}

/** Whether the deadline of a call is over, so that nobody could use its answer: it is not begun, and takes nothing. */
export function deadlineIsOver(call: Call, clock: Clock): boolean {
  // Most calls have none, and then the clock is not read.
  return call.deadlineMs < Number.POSITIVE_INFINITY && clock.now() >= call.deadlineMs;
}

/** Starts the work; what it throws at once becomes a rejection, as what it throws later. */
export function start<T>(work: Work<T>, call: Call): Promise<T> {
  try {
    return Promise.resolve(work(call));
  } catch (error) {
    return Promise.reject(error);
  }
}
