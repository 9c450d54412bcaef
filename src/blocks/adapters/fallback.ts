import { type OptionNames, requireOptions } from '../require-options.ts';
import { type Call, type CallOptions, callOf, throwIfAborted, type Work } from './call.ts';
import { Listeners, type Subscription } from './listeners.ts';
import { requireFunction, requireFunctions } from './require.ts';

/** What to give instead. */
export interface FallbackOptions<F> {
  /**
   * Makes the answer that stands in for the failed one, from the error, or the value that counts as a failure.
   * What it throws is what the caller gets.
   */
  readonly fallback: (failure: unknown, call: Call) => F | PromiseLike<F>;
  /** Whether an error is to be stood in for. Default: every error. */
  readonly handles?: (error: unknown) => boolean;
  /** Whether a value is a failure, such as a response of status 503. Default: none is. */
  readonly isFailedResult?: (value: unknown) => boolean;
}

/** Decisions of a fallback. */
export interface FallbackEvent {
  readonly guard: 'fallback';
  readonly type: 'fallback';
  /** The error, or the value that counts as a failure. */
  readonly failure: unknown;
}

const OPTIONS: OptionNames<FallbackOptions<unknown>> = {
  fallback: true,
  handles: true,
  isFailedResult: true,
};

/**
 * Gives another answer where the call fails or is refused; not to a caller who went away. It looks at no deadline: where a
 * guard further in refuses because that is over, this is the answer.
 */
export class FallbackGuard<F> {
  private readonly options: FallbackOptions<F>;
  private readonly listeners = new Listeners<FallbackEvent>();

  /** @throws TypeError when there is no `fallback`, or one that is to be a function is none */
  constructor(options: FallbackOptions<F>) {
    requireOptions('FallbackGuard', options, OPTIONS);
    requireFunction('fallback', options.fallback);
    requireFunctions(options, 'handles', 'isFailedResult');
    this.options = options;
  }

  listen(listener: (event: FallbackEvent) => void): Subscription {
    return this.listeners.add(listener);
  }

  async run<T>(work: Work<T>, options?: CallOptions): Promise<T | F> {
    const call = callOf(options);
    throwIfAborted(call);
    let value: T;
    try {
      value = await work(call);
    } catch (error) {
      if (call.aborted || this.options.handles?.(error) === false) throw error;
      return this.instead(error, call);
    }
    if (call.aborted || this.options.isFailedResult?.(value) !== true) return value;
    return this.instead(value, call);
  }

  private instead(failure: unknown, call: Call): F | PromiseLike<F> {
    if (this.listeners.any) this.listeners.tell({ guard: 'fallback', type: 'fallback', failure });
    return this.options.fallback(failure, call);
  }
}
