import { describe, expect, it } from 'vitest';
import { createConcurrencyLimit, createRateLimiter } from '../limit/index.ts';
import {
  BreakerGuard,
  BulkheadGuard,
  type CallOptions,
  ConcurrencyLimiter,
  FallbackGuard,
  HedgeGuard,
  policy,
  RateLimiterAdapter,
  RetryGuard,
  ShedGuard,
  SingleFlightGuard,
  ThrottleGuard,
  TimeoutGuard,
  type Work,
} from './index.ts';
import { ManualClock, outcome, watchedController } from './manual-clock.fixture.ts';

type Run = <T>(work: Work<T>, options?: CallOptions) => Promise<T>;

/** Every guard, made so that it lets everything through. */
const guards: Record<string, (clock: ManualClock) => Run> = {
  timeout: (clock) => {
    const guard = new TimeoutGuard({ timeoutMs: 1e6, clock });
    return (work, options) => guard.run(work, options);
  },
  retry: (clock) => {
    const guard = new RetryGuard({ maxAttempts: 1, backoff: { kind: 'none' }, clock });
    return (work, options) => guard.run(work, options);
  },
  hedge: (clock) => {
    const guard = new HedgeGuard({ after: 1e6, budget: null, clock });
    return (work, options) => guard.run(work, options);
  },
  bulkhead: (clock) => {
    const guard = new BulkheadGuard({ maxInFlight: 10, clock });
    return (work, options) => guard.run(work, options);
  },
  breaker: (clock) => {
    const guard = new BreakerGuard({ clock });
    return (work, options) => guard.run(work, options);
  },
  fallback: () => {
    const guard = new FallbackGuard({ fallback: () => 'instead', handles: () => false });
    return (work, options) => guard.run(work, options) as ReturnType<typeof work> & Promise<never>;
  },
  shed: (clock) => {
    const guard = new ShedGuard({ classes: [{ from: 1, full: 1 }], clock });
    return (work, options) => guard.run(work, { ...options, priority: 0 });
  },
  'single flight': (clock) => {
    const guard = new SingleFlightGuard<string>({ maxKeys: 10, clock });
    return (work, options) => guard.run('key', work, options);
  },
  'policy of all': (clock) => {
    const all = policy({
      totalTimeoutMs: 1e6,
      retry: { maxAttempts: 1, backoff: { kind: 'none' } },
      hedge: { after: 1e6, budget: null },
      bulkhead: { maxInFlight: 10 },
      breaker: {},
      timeoutMs: 1e6,
      clock,
    });
    return (work, options) => all.run(work, options);
  },
};

describe.each(Object.entries(guards))('%s', (_, make) => {
  it('GD-1 gives what the function returns, soon or late', async () => {
    const clock = new ManualClock();
    const run = make(clock);
    expect(await run(() => 1)).toBe(1);
    expect(await run(async () => 2)).toBe(2);
    const late = run(() => clock.sleep(50, 3));
    await clock.advance(50);
    expect(await late).toBe(3);
  });

  it('GD-2 passes on what it throws as it is, now or later', async () => {
    const clock = new ManualClock();
    const run = make(clock);
    for (const error of [new TypeError('no'), 'a string', undefined]) {
      const thrown = run(() => {
        throw error;
      });
      expect(await outcome(thrown)).toEqual({ error });
      expect(await outcome(run(() => Promise.reject(error)))).toEqual({ error });
    }
  });

  it('GD-3 leaves no timer and no listener behind', async () => {
    const clock = new ManualClock();
    const run = make(clock);
    const { controller, listeners } = watchedController();
    const { signal } = controller;
    await run(() => 1, { signal });
    await outcome(run(() => Promise.reject(new Error('no')), { signal }));
    await run((call) => call.signal.aborted, { signal });
    const late = run(() => clock.sleep(50, 3), { signal });
    await clock.advance(50);
    await late;
    expect(clock.pending).toBe(0);
    expect(listeners()).toBe(0);
  });

  it('GD-4 aborts the function with the caller’s reason', async () => {
    const clock = new ManualClock();
    const run = make(clock);
    const controller = new AbortController();
    let seen: unknown = null;
    const aborted = outcome(
      run(
        ({ signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              seen = signal.reason;
              reject(signal.reason);
            });
          }),
        { signal: controller.signal },
      ),
    );
    await clock.advance(1);
    controller.abort('enough');
    expect(await aborted).toEqual({ error: 'enough' });
    expect(seen).toBe('enough');
    expect(clock.pending).toBe(0);
  });

  it('GD-5 tells the function which attempt it is, and the deadline', async () => {
    const run = make(new ManualClock());
    const { attempt, deadlineMs, aborted } = await run((call) => call);
    expect([attempt, deadlineMs > 0, aborted]).toEqual([1, true, false]);
    await expect(run(() => 1, { deadlineMs: Number.NaN })).rejects.toThrow(/deadlineMs must be/);
  });
});

describe('guards that refuse a call whose deadline is over', () => {
  const clock = new ManualClock();
  const bucket = createRateLimiter('token-bucket', { rate: 1e-9, burst: 1 });
  const limit = createConcurrencyLimit('fixed', { limit: 1 });
  const throttle = new ThrottleGuard({ clock });
  it.each([
    ['timeout', new TimeoutGuard({ timeoutMs: 10, clock })],
    ['rate limiter', new RateLimiterAdapter(bucket, { maxWaiting: 1, clock })],
    ['concurrency limiter', new ConcurrencyLimiter(limit, { maxWaiting: 1, clock })],
    ['throttle', throttle],
  ])('GD-6 %s: it is not begun, and takes nothing', async (_, guard) => {
    const told: string[] = [];
    guard.listen((event) => told.push('reason' in event ? event.reason : event.type));
    let begun = 0;
    const work = () => begun++;
    for (const deadlineMs of [clock.now(), clock.now() - 1000]) {
      const ended = await outcome(guard.run(work, { deadlineMs }));
      expect(ended).toMatchObject({ error: { name: 'RefusedError', reason: 'deadline' } });
    }
    expect([begun, told]).toEqual([0, ['deadline', 'deadline']]);
    expect(throttle.snapshot().requests.some((each) => each > 0)).toBe(false);
    await guard.run(work, { deadlineMs: clock.now() + 1 });
    expect(begun).toBe(1);
  });
});
