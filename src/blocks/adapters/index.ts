/**
 * Adapters: the blocks in a service, on real time. Each is thin: it reads the clock, waits, listens to
 * `AbortSignal`, and throws where its core refuses. Times are in milliseconds. Decisions can be listened to; no
 * event is made while nobody does.
 */

export * from './async-buffer.ts';
export * from './balanced-pool.ts';
export { type BreakerChangeReason, type BreakerEvent, BreakerGuard, type BreakerOptions } from './breaker.ts';
export { type BulkheadEvent, BulkheadGuard, type BulkheadGuardOptions } from './bulkhead.ts';
export * from './cache-map.ts';
export * from './cached-loader.ts';
export { Call, type CallOptions, type Guard, type Work } from './call.ts';
export { type Clock, systemClock, systemRandom } from './clock.ts';
export * from './concurrency-limiter.ts';
export { type RefusalReason, RefusedError, TimeoutError } from './errors.ts';
export type { FailureOptions } from './failure.ts';
export { type FallbackEvent, FallbackGuard, type FallbackOptions } from './fallback.ts';
export { type HedgeEvent, HedgeGuard, type HedgeOptions } from './hedge.ts';
export * from './idempotency.ts';
export * from './identifiers.ts';
export * from './keyed-rate-limiter.ts';
export { Listeners, type Subscription } from './listeners.ts';
export { Policy, type PolicyEvent, type PolicyOptions, policy } from './policy.ts';
export * from './rate-limiter.ts';
export { type RetryEvent, RetryGuard, type RetryOptions } from './retry.ts';
export { type ShedCallOptions, type ShedEvent, ShedGuard, type ShedOptions } from './shed.ts';
export {
  type SingleFlightEvent,
  SingleFlightGuard,
  type SingleFlightGuardOptions,
} from './single-flight.ts';
export { type ThrottleEvent, ThrottleGuard, type ThrottleOptions } from './throttle.ts';
export { type TimeoutEvent, TimeoutGuard, type TimeoutOptions } from './timeout.ts';
