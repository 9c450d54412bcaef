import { CircuitBreaker, createBackoff, createRetryBudget, RetryPolicy } from './all.ts';

const breaker = new CircuitBreaker({
  trip: { kind: 'count-window', calls: 100, failureRate: 0.5, minimumCalls: 100 },
  openFor: 60,
  halfOpen: { probes: 10, giveUpAfter: 30 },
});
const retry = new RetryPolicy({
  maxAttempts: 3,
  backoff: createBackoff({ kind: 'full-jitter', base: 0.1, cap: 2 }),
  budget: createRetryBudget({ kind: 'ratio', ttl: 10, minimumRate: 10 }),
});
retry.started(0);
const permit = breaker.tryAcquire(0); // 0 = refused
breaker.report(permit, 0.2, 0.2, false);
const delay = retry.afterFailure(1, 0, 0.2, Infinity, { next: () => 0.5 }); // below 0 = no
if (delay !== 0.05) throw new Error(`half of U(0, 0.1) is 0.05, got ${delay}`);
