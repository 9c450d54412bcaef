import { policy } from './all.ts';

const recommender = policy({
  isFailedResult: (response) => (response as Response).status >= 500,
  fallback: () => new Response('[]'),
  totalTimeoutMs: 2000,
  retry: { maxAttempts: 3, backoff: { kind: 'full-jitter', base: 50, cap: 1000 } },
  breaker: { trip: { kind: 'time-window', duration: 10_000, failureRate: 0.5, minimumCalls: 20 } },
  timeoutMs: 500,
});
export const recommended = (user: string, signal?: AbortSignal) =>
  recommender.run((call) => fetch(`https://recommender/${user}`, { signal: call.signal }), { signal });
