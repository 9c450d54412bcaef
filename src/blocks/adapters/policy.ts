import type { Random } from '../../kernel/index.ts';
import type { ConcurrencyLimit, RateLimiter } from '../limit/index.ts';
import { requireOptions } from '../require-options.ts';
import { BreakerGuard, type BreakerOptions } from './breaker.ts';
import { BulkheadGuard, type BulkheadGuardOptions } from './bulkhead.ts';
import {
  type Call,
  type CallOptions,
  callOf,
  deadlineIsOver,
  type Guard,
  throwIfAborted,
  type Work,
} from './call.ts';
import { type Clock, systemClock } from './clock.ts';
import { ConcurrencyLimiter } from './concurrency-limiter.ts';
import { DEADLINE_OVER, RefusedError } from './errors.ts';
import { countsAsFailure, type FailureOptions } from './failure.ts';
import { FallbackGuard } from './fallback.ts';
import { HedgeGuard, type HedgeOptions } from './hedge.ts';
import type { Subscription } from './listeners.ts';
import { RateLimiterAdapter } from './rate-limiter.ts';
import { RetryGuard, type RetryOptions } from './retry.ts';
import { ThrottleGuard, type ThrottleOptions } from './throttle.ts';
import { TimeoutGuard } from './timeout.ts';

/**
 * What guards a call. A guard given ready-made may be shared with other policies: one breaker for all calls to
 * one dependency.
 */
export interface PolicyOptions<F = never> extends FailureOptions {
  /** Makes the answer when everything else failed, from the error or the value that counts as a failure. */
  readonly fallback?: (failure: unknown, call: Call) => F | PromiseLike<F>;
  /** For the whole call, with all attempts and all waiting. */
  readonly totalTimeoutMs?: number;
  readonly retry?: RetryOptions | RetryGuard;
  readonly hedge?: HedgeOptions | HedgeGuard;
  /** Counts in milliseconds. Given as a limiter, calls beyond it are refused; an adapter may let them wait. */
  readonly limit?: RateLimiter | RateLimiterAdapter;
  readonly throttle?: ThrottleOptions | ThrottleGuard;
  /** Counts in milliseconds. Given as a limit, calls beyond it are refused; an adapter may let them wait. */
  readonly concurrency?: ConcurrencyLimit | ConcurrencyLimiter;
  readonly bulkhead?: BulkheadGuardOptions | BulkheadGuard;
  readonly breaker?: BreakerOptions | BreakerGuard;
  /** For one attempt. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** A decision of one of the guards: its name, what it did, and why. */
export type PolicyEvent = Parameters<Parameters<Listening['listen']>[0]>[0];

type Listening =
  | BreakerGuard
  | BulkheadGuard
  | ConcurrencyLimiter
  | FallbackGuard<unknown>
  | HedgeGuard
  | RateLimiterAdapter
  | RetryGuard
  | ThrottleGuard
  | TimeoutGuard;

/**
 * Guards inside one another, in this order whatever the order of the options, outermost first:
 *
 * fallback → total timeout → retry → hedge → limit → throttle → concurrency → bulkhead → breaker → timeout →
 * the function
 *
 * - The fallback stands in for whatever failed in the end.
 * - The total timeout bounds all attempts; retries and queues know the deadline it sets.
 * - The rate limit counts attempts and copies, whatever comes of them. The throttle counts what is refused further
 *   in as not accepted. The concurrency limit measures the answer with the wait in the bulkhead.
 * - Every attempt, and every hedged copy, takes its own place in the bulkhead and is counted by the breaker. No
 *   place is held while a retry waits.
 * - The breaker is asked last, so that a probe does not wait in the queue and a verdict is about the dependency
 *   alone, not about waiting for one's own places.
 * - The timeout is innermost: it measures the dependency, and the breaker sees it as a failure.
 */
export class Policy<F = never> {
  private readonly fallback: FallbackGuard<F> | null;
  /** Outermost first. */
  private readonly guards: readonly (Guard & Listening)[];
  private readonly clock: Clock;

  constructor(options: PolicyOptions<F>) {
    requireShapes(options);
    const { fallback, isFailedResult } = options;
    this.fallback =
      fallback === undefined
        ? null
        : new FallbackGuard({ fallback, ...(isFailedResult === undefined ? {} : { isFailedResult }) });
    this.clock = options.clock ?? systemClock;
    this.guards = guardsOf(options, this.clock);
  }

  /** Calls `work` under all guards. What it throws in the end passes through as it is, if there is no fallback. */
  run<T>(work: Work<T>, options?: CallOptions): Promise<T | F> {
    if (this.fallback === null) return this.guard(0, work, options);
    return this.fallback.run((call) => this.guard(0, work, call), options);
  }

  /** Listens to the decisions of all its guards, shared ones included. */
  listen(listener: (event: PolicyEvent) => void): Subscription {
    const subscriptions = this.guards.map((guard) => guard.listen(listener));
    if (this.fallback !== null) subscriptions.push(this.fallback.listen(listener));
    const dispose = (): void => {
      for (const subscription of subscriptions) subscription.dispose();
    };
    return { dispose, [Symbol.dispose]: dispose };
  }

  private guard<T>(at: number, work: Work<T>, options: CallOptions | undefined): Promise<T> {
    const last = this.guards.length - 1;
    const guard = this.guards[at];
    if (guard === undefined) return this.unguarded(work, options);
    return guard.run(at === last ? work : (call) => this.guard(at + 1, work, call), options);
  }

  private async unguarded<T>(work: Work<T>, options: CallOptions | undefined): Promise<T> {
    const call = callOf(options);
    throwIfAborted(call);
    if (deadlineIsOver(call, this.clock)) throw new RefusedError('deadline', DEADLINE_OVER);
    return work(call);
  }
}

/** What each option is. A name that is misspelt would leave a call without its guard, and nobody would notice. */
const SHAPES: { readonly [Option in keyof Required<PolicyOptions>]: 'function' | 'number' | 'object' } = {
  fallback: 'function',
  totalTimeoutMs: 'number',
  retry: 'object',
  hedge: 'object',
  limit: 'object',
  throttle: 'object',
  concurrency: 'object',
  bulkhead: 'object',
  breaker: 'object',
  timeoutMs: 'number',
  isFailure: 'function',
  isFailedResult: 'function',
  clock: 'object',
  random: 'object',
};

function requireShapes(options: object): void {
  requireOptions('policy', options, SHAPES);
  for (const [name, value] of Object.entries(options)) {
    const shape = SHAPES[name as keyof typeof SHAPES];
    if (value !== undefined && (value === null || typeof value !== shape)) {
      throw new TypeError(`${name} must be ${shape === 'object' ? 'an' : 'a'} ${shape}, got ${value}`);
    }
  }
}

function guardsOf<F>(options: PolicyOptions<F>, clock: Clock): (Guard & Listening)[] {
  const { totalTimeoutMs, timeoutMs, retry, hedge, bulkhead, breaker, isFailure, isFailedResult } = options;
  const timed = { clock, ...(isFailedResult === undefined ? {} : { isFailedResult }) };
  const shared = { ...timed, ...(options.random === undefined ? {} : { random: options.random }) };
  const failures = isFailure === undefined ? {} : { isFailure };
  const transient =
    isFailure === undefined ? {} : { isTransient: (error: unknown) => countsAsFailure(error, isFailure) };
  const guards: (Guard & Listening)[] = [];
  if (totalTimeoutMs !== undefined) guards.push(new TimeoutGuard({ timeoutMs: totalTimeoutMs, clock }));
  if (retry !== undefined) {
    guards.push(retry instanceof RetryGuard ? retry : new RetryGuard({ ...shared, ...transient, ...retry }));
  }
  if (hedge !== undefined) {
    guards.push(hedge instanceof HedgeGuard ? hedge : new HedgeGuard({ ...timed, ...hedge }));
  }
  guards.push(...limitsOf(options, clock));
  if (bulkhead !== undefined) {
    guards.push(bulkhead instanceof BulkheadGuard ? bulkhead : new BulkheadGuard({ clock, ...bulkhead }));
  }
  if (breaker !== undefined) {
    guards.push(
      breaker instanceof BreakerGuard ? breaker : new BreakerGuard({ ...shared, ...failures, ...breaker }),
    );
  }
  if (timeoutMs !== undefined) guards.push(new TimeoutGuard({ timeoutMs, clock }));
  return guards;
}

/** What stands between hedge and bulkhead. */
function limitsOf<F>(options: PolicyOptions<F>, clock: Clock): (Guard & Listening)[] {
  const { limit, throttle, concurrency, random } = options;
  const guards: (Guard & Listening)[] = [];
  if (limit !== undefined) {
    guards.push(limit instanceof RateLimiterAdapter ? limit : new RateLimiterAdapter(limit, { clock }));
  }
  if (throttle !== undefined) {
    const shared = { clock, ...(random === undefined ? {} : { random }) };
    guards.push(throttle instanceof ThrottleGuard ? throttle : new ThrottleGuard({ ...shared, ...throttle }));
  }
  if (concurrency !== undefined) {
    guards.push(
      concurrency instanceof ConcurrencyLimiter
        ? concurrency
        : new ConcurrencyLimiter(concurrency, { clock }),
    );
  }
  return guards;
}

/**
 * A policy over the guards named in `options`; see {@link Policy} for their order.
 *
 * @throws TypeError when an option is unknown, or is not what it should be
 * @throws RangeError when an option of a guard is out of range
 */
export function policy<F = never>(options: PolicyOptions<F>): Policy<F> {
  return new Policy(options);
}
