/**
 * Protection of calls to something that may fail: when to stop calling it (circuit breaker), when and how
 * often to try again (backoff, retry policy, retry budgets), when to ask twice (hedging), how long to wait
 * (deadlines), how much at once (bulkhead), what to turn away (load shedder), and what not to ask twice
 * (single flight).
 *
 * When something is broken, what is done about it, and how long to wait are three things and three files:
 * trip conditions, the breaker, backoffs. Time is whatever the caller counts in, as long as options and `now`
 * count alike.
 */
export {
  type Backoff,
  type BackoffOptions,
  type ConstantBackoffOptions,
  createBackoff,
  type GrowingBackoffOptions,
  type NoBackoffOptions,
} from './backoff.ts';
export { CircuitBreaker, restoreCircuitBreaker } from './breaker.ts';
export type {
  BreakerState,
  CircuitBreakerOptions,
  CircuitBreakerState,
  HalfOpenOptions,
} from './breaker-options.ts';
export {
  Bulkhead,
  type BulkheadDecision,
  type BulkheadOptions,
  type BulkheadState,
  restoreBulkhead,
} from './bulkhead.ts';
export { createRetryBudget } from './create-retry-budget.ts';
export { createTrip } from './create-trip.ts';
export { attemptBudget, deadlineAfter, hopBudget, timeLeft } from './deadline.ts';
export {
  type HedgePercentile,
  HedgePolicy,
  type HedgePolicyOptions,
  type HedgePolicyState,
  restoreHedgePolicy,
} from './hedge-policy.ts';
export {
  LatencyPercentile,
  type LatencyPercentileOptions,
  type LatencyPercentileState,
} from './latency-percentile.ts';
export {
  LoadShedder,
  type LoadShedderOptions,
  type LoadShedderState,
  restoreLoadShedder,
  type SheddingClass,
} from './load-shedder.ts';
export type {
  RatioRetryBudgetOptions,
  RetryBudget,
  RetryBudgetOptions,
  RetryBudgetState,
  TokenRetryBudgetOptions,
} from './retry-budget.ts';
export {
  RETRY_REFUSAL,
  RetryPolicy,
  type RetryPolicyOptions,
  type RetryRefusal,
  retryRefusal,
} from './retry-policy.ts';
export { FLIGHT, SingleFlight, type SingleFlightOptions } from './single-flight.ts';
export type {
  ConsecutiveTripOptions,
  CountWindowTripOptions,
  TimeWindowTripOptions,
  TripCondition,
  TripOptions,
  TripState,
  WindowThreshold,
} from './trip.ts';
