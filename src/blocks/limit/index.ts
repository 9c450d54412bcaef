/**
 * Limiters: how much may pass, how much may be in progress, and what to do when too much wants in.
 *
 * `rate/` limits what passes in a stretch of time, one file per algorithm behind `RateLimiter`;
 * `concurrency/` limits what is in flight, behind `ConcurrencyLimit`; both have a table of names and a
 * conformance suite that every algorithm runs. `overload/` has what decides once there is a queue: whom to
 * refuse, whom to drop, and in which order to serve.
 */
export { AimdLimit, type AimdOptions } from './concurrency/aimd.ts';
export type {
  CallOutcome,
  ConcurrencyLimit,
  ConcurrencyLimitName,
  ConcurrencyLimitState,
} from './concurrency/concurrency-limit.ts';
export {
  type ConcurrencyLimitOptions,
  concurrencyLimits,
  createConcurrencyLimit,
} from './concurrency/create-concurrency-limit.ts';
export { FixedLimit, type FixedLimitOptions } from './concurrency/fixed.ts';
export { Gradient2Limit, type Gradient2Options } from './concurrency/gradient2.ts';
export { VegasLimit, type VegasOptions } from './concurrency/vegas.ts';
export { AdaptiveLifo, type AdaptiveLifoOptions, type AdaptiveLifoState } from './overload/adaptive-lifo.ts';
export {
  AdaptiveThrottle,
  type AdaptiveThrottleOptions,
  type AdaptiveThrottleState,
} from './overload/adaptive-throttle.ts';
export { Codel, type CodelOptions, type CodelState } from './overload/codel.ts';
export {
  DeficitRoundRobin,
  type DeficitRoundRobinOptions,
  type DeficitRoundRobinState,
} from './overload/deficit-round-robin.ts';
export {
  PriorityDiscipline,
  type PriorityOptions,
  type PriorityState,
} from './overload/priority-discipline.ts';
export { createRateLimiter, type RateLimiterOptions, rateLimiters } from './rate/create-rate-limiter.ts';
export { FixedWindow } from './rate/fixed-window.ts';
export { Gcra, type GcraOptions } from './rate/gcra.ts';
export { type KeyedOptions, KeyedRateLimiter, type KeyedState } from './rate/keyed-rate-limiter.ts';
export { LeakyBucket, type LeakyBucketOptions } from './rate/leaky-bucket.ts';
export type { RateLimiter, RateLimiterName, RateLimiterState } from './rate/rate-limiter.ts';
export { SlidingCounter } from './rate/sliding-counter.ts';
export { SlidingLog } from './rate/sliding-log.ts';
export { TokenBucket, type TokenBucketOptions } from './rate/token-bucket.ts';
export type { AlignedWindowOptions, WindowOptions } from './rate/window.ts';
