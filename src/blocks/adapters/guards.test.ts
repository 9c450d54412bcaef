import { describe, expect, it } from 'vitest';
import { IdempotencyKeys } from '../identify/index.ts';
import { createConcurrencyLimit, createRateLimiter, KeyedRateLimiter } from '../limit/index.ts';
import {
  BalancedPool,
  BreakerGuard,
  BulkheadGuard,
  type CallOptions,
  ConcurrencyLimiter,
  FallbackGuard,
  type Guard,
  HedgeGuard,
  IdempotencyGuard,
  KeyedRateLimiterAdapter,
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

/** Of each, made so that it lets one call through: how it is called, and how it is listened to. */
interface Asked {
  readonly run: Run;
  listen(listener: (event: { readonly reason?: string }) => void): unknown;
}

const askedBy: Record<string, (clock: ManualClock) => Asked> = {
  timeout: (clock) => plain(new TimeoutGuard({ timeoutMs: 10, clock })),
  retry: (clock) => plain(new RetryGuard({ maxAttempts: 2, backoff: { kind: 'none' }, clock })),
  hedge: (clock) => plain(new HedgeGuard({ after: 10, budget: null, clock })),
  'rate limiter': (clock) => {
    const bucket = createRateLimiter('token-bucket', { rate: 1e-9, burst: 1 });
    return plain(new RateLimiterAdapter(bucket, { maxWaiting: 1, clock }));
  },
  'rate limiter by key': (clock) => {
    const limits = new KeyedRateLimiter('token-bucket', { rate: 1e-9, burst: 1, maxKeys: 1 });
    const guard = new KeyedRateLimiterAdapter(limits, { clock });
    return {
      run: (work, options) => guard.run('key', work, options),
      listen: (listener) => guard.listen(listener),
    };
  },
  'concurrency limiter': (clock) =>
    plain(new ConcurrencyLimiter(createConcurrencyLimit('fixed', { limit: 1 }), { maxWaiting: 1, clock })),
  throttle: (clock) => plain(new ThrottleGuard({ clock })),
  bulkhead: (clock) => plain(new BulkheadGuard({ maxInFlight: 1, clock })),
  breaker: (clock) => plain(new BreakerGuard({ clock })),
  shed: (clock) => {
    const guard = new ShedGuard({ classes: [{ from: 1, full: 1 }], clock });
    return {
      run: (work, options) => guard.run(work, { ...options, priority: 0 }),
      listen: (listener) => guard.listen(listener),
    };
  },
  'single flight': (clock) => {
    const guard = new SingleFlightGuard<string>({ maxKeys: 10, clock });
    return {
      run: (work, options) => guard.run('key', work, options),
      listen: (listener) => guard.listen((event) => listener('reason' in event ? event : {})),
    };
  },
  idempotency: (clock) => {
    const keys = new IdempotencyKeys<string>({ capacity: 1, lease: 1000, keep: 1000 });
    const guard = new IdempotencyGuard(keys, { clock });
    return {
      run: <T>(work: Work<T>, options?: CallOptions) => guard.run('key', 0, work, options) as Promise<T>,
      listen: (listener) => guard.listen((event) => listener('reason' in event ? event : {})),
    };
  },
  pool: (clock) => {
    const pool = new BalancedPool(['a'], { clock });
    return {
      run: (work, options) => pool.run((_, call) => work(call), options),
      listen: (listener) => pool.listen((event) => listener('reason' in event ? event : {})),
    };
  },
};

function plain<Event extends object>(
  guard: Guard & { listen(listener: (event: Event) => void): unknown },
): Asked {
  return {
    run: (work, options) => guard.run(work, options),
    listen: (listener) => guard.listen((event) => listener('reason' in event ? (event as object) : {})),
  };
}

describe.each(Object.entries(askedBy))('%s', (_, make) => {
  it('GD-6 does not begin a call whose deadline is over: it takes nothing, and is told', async () => {
    const clock = new ManualClock();
    const { run, listen } = make(clock);
    const told: (string | undefined)[] = [];
    listen(({ reason }) => told.push(reason));
    let begun = 0;
    const work = () => begun++;
    for (const deadlineMs of [clock.now(), clock.now() - 1000]) {
      const ended = await outcome(run(work, { deadlineMs }));
      expect(ended).toMatchObject({ error: { name: 'RefusedError', reason: 'deadline' } });
    }
    expect([begun, told]).toEqual([0, ['deadline', 'deadline']]);
    await run(work, { deadlineMs: clock.now() + 1 });
    expect(begun).toBe(1);
  });

  it('GD-7 does not begin a call whose caller went away', async () => {
    const { run } = make(new ManualClock());
    let begun = 0;
    const gone = run(() => begun++, { signal: AbortSignal.abort('gone'), deadlineMs: -1 });
    expect(await outcome(gone)).toEqual({ error: 'gone' });
    expect(begun).toBe(0);
  });
});

describe('what stands around guards', () => {
  it('GD-8 a policy without guards begins no such call either, and a fallback stands in for the late one', async () => {
    let begun = 0;
    const work = () => begun++;
    const clock = new ManualClock();
    for (const options of [{}, { breaker: {} }]) {
      const bare = policy({ ...options, clock });
      expect(await outcome(bare.run(work, { deadlineMs: 0 }))).toMatchObject({
        error: { reason: 'deadline' },
      });
      const backed = policy({ ...options, fallback: () => 'instead', clock });
      expect(await backed.run(work, { deadlineMs: 0 })).toBe('instead');
      const signal = AbortSignal.abort('gone');
      expect(await outcome(backed.run(work, { signal }))).toEqual({ error: 'gone' });
    }
    const fallback = new FallbackGuard({ fallback: () => 'instead' });
    expect(await outcome(fallback.run(work, { signal: AbortSignal.abort('gone') }))).toEqual({
      error: 'gone',
    });
    expect(begun).toBe(0);
  });

  it('GD-9 a throttle counts no call that was not begun', async () => {
    const clock = new ManualClock();
    const throttle = new ThrottleGuard({ clock });
    await outcome(throttle.run(() => 1, { deadlineMs: 0 }));
    expect(throttle.snapshot().requests.some((each) => each > 0)).toBe(false);
  });
});
