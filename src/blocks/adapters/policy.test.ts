import { describe, expect, it } from 'vitest';
import { FixedLimit, TokenBucket } from '../limit/index.ts';
import {
  BreakerGuard,
  type Call,
  ConcurrencyLimiter,
  type PolicyEvent,
  type PolicyOptions,
  policy,
  RateLimiterAdapter,
  type RefusedError,
  ThrottleGuard,
  TimeoutError,
} from './index.ts';
import { ManualClock, outcome, watchedController } from './manual-clock.fixture.ts';

function setUp<F = never>(options: PolicyOptions<F> = {}) {
  const clock = new ManualClock();
  const guarded = policy({ clock, ...options });
  const events: PolicyEvent[] = [];
  guarded.listen((event) => events.push(event));
  const tell = () => events.map(({ guard, type }) => `${guard} ${type}`);
  return { clock, guarded, events, tell };
}

const threeTimes = { maxAttempts: 3, backoff: { kind: 'constant', delay: 100 } } as const;

describe('policy', () => {
  it('PO-1 is a plain call without guards', async () => {
    const { guarded } = setUp();
    expect(await guarded.run(() => 1)).toBe(1);
    expect(await outcome(guarded.run(() => Promise.reject('no')))).toEqual({ error: 'no' });
  });

  it('PO-2 has the same order whatever the order of its options', async () => {
    const options: PolicyOptions<string> = {
      timeoutMs: 10,
      breaker: { trip: { kind: 'consecutive', failures: 100 } },
      bulkhead: { maxInFlight: 1 },
      hedge: { after: 5, budget: null },
      retry: threeTimes,
      totalTimeoutMs: 150,
      fallback: () => 'instead',
    };
    const reversed = Object.fromEntries(Object.entries(options).reverse()) as PolicyOptions<string>;
    const runs = [options, reversed].map(async (each) => {
      const { clock, guarded, tell } = setUp(each);
      const run = guarded.run(() => clock.sleep(1000, 'late'));
      await clock.advance(2000);
      expect(await run).toBe('instead');
      return tell();
    });
    const [one, other] = await Promise.all(runs);
    expect(other).toEqual(one);
    expect(one).toEqual([
      'hedge hedge',
      'bulkhead refused',
      'timeout timed-out',
      'retry retry',
      'hedge hedge',
      'bulkhead refused',
      'timeout timed-out',
      // The third attempt would begin after the deadline.
      'retry gave-up',
      'fallback fallback',
    ]);
  });

  it('PO-3 counts every attempt in the breaker, and does not try again when it has opened', async () => {
    const { clock, guarded, tell } = setUp({
      retry: threeTimes,
      breaker: { trip: { kind: 'consecutive', failures: 2 } },
    });
    let calls = 0;
    const run = outcome(
      guarded.run(() => {
        calls++;
        throw new Error('no');
      }),
    );
    await clock.advance(1000);
    expect(((await run) as { error: RefusedError }).error.reason).toBe('breaker-open');
    expect(calls).toBe(2);
    expect(tell()).toEqual([
      'retry retry',
      'breaker state',
      'retry retry',
      'breaker refused',
      'retry gave-up',
    ]);
  });

  it('PO-12 puts the limits between hedge and bulkhead, rate before throttle before concurrency', async () => {
    const made = (options: PolicyOptions) =>
      setUp({ limit: new TokenBucket({ rate: 0.001, burst: 4 }), ...options });
    // What stands further out is asked first: it refuses, and what stands further in hears of nothing.
    const breaker = new BreakerGuard();
    let draw = 0;
    const throttle = { random: { next: () => draw }, multiplier: 1 };
    const { guarded, tell } = made({ breaker, bulkhead: { maxInFlight: 1 }, throttle });
    await outcome(guarded.run(() => Promise.reject(new TimeoutError(1))));
    await outcome(guarded.run(() => 1));
    expect(tell()).toEqual(['rate-limiter passed', 'rate-limiter passed', 'throttle refused']);

    const concurrency = new FixedLimit({ limit: 1 });
    const other = made({ concurrency, throttle, bulkhead: { maxInFlight: 1 } });
    draw = 0.9;
    const first = other.guarded.run(() => other.clock.sleep(10, 'done'));
    expect(await outcome(other.guarded.run(() => 1))).toMatchObject({ error: { reason: 'overloaded' } });
    draw = 0;
    // The limit refused before the bulkhead did, and the throttle counts that as not accepted.
    expect(await outcome(other.guarded.run(() => 1))).toMatchObject({ error: { reason: 'throttled' } });
    await other.clock.advance(10);
    expect(await first).toBe('done');
    expect(other.tell().filter((name) => name !== 'rate-limiter passed')).toEqual([
      'concurrency-limiter refused',
      'throttle refused',
      'concurrency-limiter finished',
    ]);
  });

  it('PO-13 takes every attempt and every copy from the rate limit', async () => {
    const limit = new TokenBucket({ rate: 0.000_001, burst: 4 });
    const { clock, guarded, tell } = setUp({
      limit,
      hedge: { after: 5, budget: null },
      retry: threeTimes,
      timeoutMs: 10,
    });
    const run = outcome(guarded.run(() => new Promise(() => undefined)));
    await clock.advance(1000);
    expect(tell().filter((name) => name === 'rate-limiter passed')).toHaveLength(4);
    expect(tell()).toContain('rate-limiter refused');
    expect(await run).toMatchObject({ error: { reason: 'rate-limited' } });
  });

  it('PO-14 takes limiters ready-made, which may let wait', async () => {
    const clock = new ManualClock();
    const limit = new RateLimiterAdapter(new TokenBucket({ rate: 0.1, burst: 1 }), { maxWaiting: 1, clock });
    const concurrency = new ConcurrencyLimiter(new FixedLimit({ limit: 1 }), {
      maxWaiting: 1,
      clock,
    });
    const guarded = policy({ limit, concurrency, throttle: new ThrottleGuard({ clock }), clock });
    const runs = [1, 2].map((name) => guarded.run(() => clock.sleep(15, [name, clock.now()])));
    await clock.advance(100);
    expect(await Promise.all(runs)).toEqual([
      [1, 0],
      [2, 15],
    ]);
  });

  it('PO-15 refuses options that it does not know, and those that are not what they should be', () => {
    const made = (options: object) => () => policy(options as PolicyOptions);
    expect(made({ timeout: 5 })).toThrow(/no option timeout; it has .*timeoutMs/);
    expect(made({ breaker: 5 })).toThrow('breaker must be an object, got 5');
    expect(made({ throttle: true })).toThrow('throttle must be an object, got true');
    expect(made({ retry: null })).toThrow('retry must be an object, got null');
    expect(made({ timeoutMs: '5' })).toThrow('timeoutMs must be a number, got 5');
    expect(made({ fallback: 'none' })).toThrow('fallback must be a function, got none');
    expect(made({ breaker: undefined })).not.toThrow();
  });

  it('PO-4 holds no place in the bulkhead while a retry waits', async () => {
    const { clock, guarded } = setUp({ retry: threeTimes, bulkhead: { maxInFlight: 1 } });
    const failing = outcome(guarded.run(() => Promise.reject('no')));
    await clock.advance(50);
    expect(await guarded.run(() => 'in between')).toBe('in between');
    await clock.advance(1000);
    expect(await failing).toEqual({ error: 'no' });
  });

  it('PO-5 lets a probe neither wait in the queue nor be judged by it', async () => {
    const breaker = { trip: { kind: 'consecutive', failures: 1 }, slowAfterMs: 50 } as const;
    const { clock, guarded, tell } = setUp({ breaker, bulkhead: { maxInFlight: 1, maxWaiting: 5 } });
    const runs = [1, 2, 3].map((name) => guarded.run(() => clock.sleep(40, name)));
    await clock.advance(120);
    expect(await Promise.all(runs)).toEqual([1, 2, 3]);
    expect(tell()).toEqual(['bulkhead queued', 'bulkhead queued']);
  });

  it('PO-6 counts a timeout against the dependency, and ends at the total time', async () => {
    const { clock, guarded, events } = setUp({
      totalTimeoutMs: 130,
      retry: { maxAttempts: 9, backoff: { kind: 'constant', delay: 10 } },
      breaker: { trip: { kind: 'consecutive', failures: 2 } },
      timeoutMs: 50,
    });
    const deadlines: number[] = [];
    const run = outcome(
      guarded.run((call) => {
        deadlines.push(call.deadlineMs);
        return new Promise(() => undefined);
      }),
    );
    await clock.advance(500);
    expect(deadlines).toEqual([50, 110]);
    expect(events.filter(({ guard }) => guard === 'breaker').length).toBeGreaterThan(0);
    expect(((await run) as { error: RefusedError }).error.reason).toBe('breaker-open');
    expect(clock.pending).toBe(0);
  });

  it('PO-7 takes one notion of failure for all guards, and tells them apart where told to', async () => {
    const { guarded, tell } = setUp({
      isFailure: (error) => error !== 'not found',
      isFailedResult: (value) => value === 503,
      retry: { maxAttempts: 2, backoff: { kind: 'none' } },
      breaker: { trip: { kind: 'consecutive', failures: 2 } },
    });
    for (let i = 0; i < 3; i++) await outcome(guarded.run(() => Promise.reject('not found')));
    expect(new Set(tell())).toEqual(new Set(['retry gave-up']));
    expect(await guarded.run(() => 503)).toBe(503);
    expect(tell().slice(3)).toEqual(['retry retry', 'breaker state', 'retry gave-up']);
  });

  it('PO-8 shares a guard given ready-made', async () => {
    const clock = new ManualClock();
    const breaker = new BreakerGuard({ clock });
    const one = policy({ breaker });
    const other = policy({ breaker, timeoutMs: 10, clock });
    breaker.open();
    for (const each of [one, other]) {
      expect(await outcome(each.run(() => 1))).toMatchObject({ error: { reason: 'breaker-open' } });
    }
  });

  it('PO-9 hands the call down with its attempt, and a signal that all guards abort', async () => {
    const { clock, guarded } = setUp({ totalTimeoutMs: 500, retry: threeTimes, timeoutMs: 30 });
    const seen: Call[] = [];
    const { controller, listeners } = watchedController();
    const run = outcome(
      guarded.run(
        (call) => {
          seen.push(call);
          return new Promise((_resolve, reject) => {
            call.signal.addEventListener('abort', () => reject(call.signal.reason));
          });
        },
        { signal: controller.signal },
      ),
    );
    await clock.advance(140);
    expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(seen[0]!.signal.reason).toBeInstanceOf(TimeoutError);
    controller.abort('gone');
    expect(await run).toEqual({ error: 'gone' });
    expect(seen[1]!.signal.reason).toBe('gone');
    expect([clock.pending, listeners()]).toEqual([0, 0]);
  });

  it('PO-10 lets the breaker see what the total time cut short, where the function heeds its signal', async () => {
    const { clock, guarded, tell } = setUp({
      totalTimeoutMs: 100,
      breaker: { trip: { kind: 'consecutive', failures: 2 } },
    });
    const heeding = (call: Call) =>
      new Promise((_resolve, reject) => {
        call.signal.addEventListener('abort', () => reject(call.signal.reason));
      });
    const hanging = () => new Promise(() => undefined);
    for (const work of [hanging, hanging, hanging, heeding, heeding]) {
      const run = outcome(guarded.run(work));
      await clock.advance(100);
      expect(await run).toEqual({ error: new TimeoutError(100) });
    }
    expect(tell().indexOf('breaker state')).toBe(5);
  });

  it('PO-11 stops telling when the listener is taken away', async () => {
    const guarded = policy({ retry: { maxAttempts: 2, backoff: { kind: 'none' } }, fallback: () => 0 });
    const events: PolicyEvent[] = [];
    const subscription = guarded.listen((event) => events.push(event));
    await guarded.run(() => Promise.reject('no'));
    expect(events.length).toBe(3);
    subscription.dispose();
    await guarded.run(() => Promise.reject('no'));
    expect(events.length).toBe(3);
  });
});
