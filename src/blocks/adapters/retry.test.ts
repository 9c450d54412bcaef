import { describe, expect, it } from 'vitest';
import { RefusedError, type RetryEvent, RetryGuard, type RetryOptions, TimeoutError } from './index.ts';
import { ManualClock, outcome, watchedController } from './manual-clock.fixture.ts';

function setUp(options: Partial<RetryOptions> = {}) {
  const clock = new ManualClock();
  const guard = new RetryGuard({
    maxAttempts: 3,
    backoff: { kind: 'exponential', base: 100, cap: 1000 },
    clock,
    ...options,
  });
  const events: RetryEvent[] = [];
  guard.listen((event) => events.push(event));
  const attempts: { attempt: number; at: number }[] = [];
  const failing = (error: unknown) => (call: { attempt: number }) => {
    attempts.push({ attempt: call.attempt, at: clock.now() });
    return Promise.reject(error);
  };
  return { clock, guard, events, attempts, failing };
}

describe('retry', () => {
  it('RT-1 makes the attempts asked for, after their delays, and throws the last error as it is', async () => {
    const { clock, guard, events, attempts } = setUp();
    const errors = [new Error('1'), new Error('2'), new Error('3')];
    const run = outcome(
      guard.run((call) => {
        attempts.push({ attempt: call.attempt, at: clock.now() });
        throw errors[call.attempt - 1];
      }),
    );
    await clock.advance(1000);
    expect(((await run) as { error: unknown }).error).toBe(errors[2]);
    expect(attempts).toEqual([
      { attempt: 1, at: 0 },
      { attempt: 2, at: 100 },
      { attempt: 3, at: 300 },
    ]);
    expect(events).toEqual([
      { guard: 'retry', type: 'retry', attempt: 1, delayMs: 100, failure: errors[0] },
      { guard: 'retry', type: 'retry', attempt: 2, delayMs: 200, failure: errors[1] },
      { guard: 'retry', type: 'gave-up', reason: 'attempts', attempt: 3, failure: errors[2] },
    ]);
  });

  it('RT-2 stops when one succeeds', async () => {
    const { clock, guard } = setUp();
    const run = guard.run(async ({ attempt }) => {
      if (attempt < 2) throw new Error('no');
      return attempt;
    });
    await clock.advance(100);
    expect(await run).toBe(2);
    expect(clock.pending).toBe(0);
  });

  it('RT-3 tries again after timeouts, not after refusals, nor what is not transient', async () => {
    for (const [error, attempts, options] of [
      [new TimeoutError(5), 3, {}],
      [new RefusedError('breaker-open', 'open'), 1, {}],
      [new Error('permanent'), 1, { isTransient: () => false }],
      [new TimeoutError(5), 1, { isTransient: () => false }],
    ] as const) {
      const each = setUp(options);
      const run = outcome(each.guard.run(each.failing(error)));
      await each.clock.advance(5000);
      expect(await run).toEqual({ error });
      expect(each.attempts.length).toBe(attempts);
    }
  });

  it('RT-4 takes a value for a failure where told to, and gives the last one back', async () => {
    const { clock, guard, attempts } = setUp({
      isFailedResult: (value) => (value as { status: number }).status >= 500,
    });
    const run = guard.run(async ({ attempt }) => {
      attempts.push({ attempt, at: clock.now() });
      return { status: 503, attempt };
    });
    await clock.advance(5000);
    expect(await run).toEqual({ status: 503, attempt: 3 });
    expect(attempts.length).toBe(3);
  });

  it('RT-5 waits as long as the failure asks for, and its own delay on top', async () => {
    const { clock, guard, attempts, failing } = setUp({ maxAttempts: 2, retryAfterMs: () => 700 });
    const run = outcome(guard.run(failing(new Error('429'))));
    await clock.advance(5000);
    await run;
    expect(attempts[1]!.at).toBe(800);
  });

  it('RT-10 never waits out a refusal that lasts, whatever its user takes for transient', async () => {
    for (const reason of ['breaker-open', 'deadline', 'shed', 'retry-budget'] as const) {
      const { guard, clock, attempts, events, failing } = setUp({ isTransient: () => true });
      const error = new RefusedError(reason, 'no', { retryAfterMs: 60_000 });
      expect(await outcome(guard.run(failing(error)))).toEqual({ error });
      expect([attempts.length, clock.pending]).toEqual([1, 0]);
      expect(events.at(-1)).toMatchObject({ type: 'gave-up', reason: 'permanent' });
    }
  });

  it('RT-12 says in words that a backoff is missing, where types do not', () => {
    const options = { maxAttempts: 3 } as unknown as RetryOptions;
    expect(() => new RetryGuard(options)).toThrow(/^backoff must be options with a kind, got undefined$/);
  });

  it('RT-11 comes again after a refusal that passes, where its user says so, when it may', async () => {
    const { guard, clock, attempts, failing } = setUp({ maxAttempts: 2, isTransient: () => true });
    const error = new RefusedError('rate-limited', 'not now', { retryAfterMs: 700 });
    const run = outcome(guard.run(failing(error)));
    await clock.advance(5000);
    expect(await run).toEqual({ error });
    expect(attempts.map(({ at }) => at)).toEqual([0, 800]);
  });

  it('RT-9 gives up where the failure asks for longer than it bears', async () => {
    const { guard, events, failing } = setUp({ retryAfterMs: () => 700, longestRetryAfterMs: 600 });
    const error = new Error('429');
    expect(await outcome(guard.run(failing(error)))).toEqual({ error });
    expect(events.at(-1)).toMatchObject({ type: 'gave-up', reason: 'wait', attempt: 1 });
  });

  it('RT-6 does not wait beyond the deadline', async () => {
    const { guard, clock, events, failing } = setUp();
    const error = new Error('no');
    const run = outcome(guard.run(failing(error), { deadlineMs: 250 }));
    await clock.advance(100);
    expect(await run).toEqual({ error });
    expect(events.at(-1)).toMatchObject({ type: 'gave-up', reason: 'deadline', attempt: 2 });
    expect(clock.pending).toBe(0);
  });

  it('RT-7 stops waiting when the caller goes, and leaves nothing behind', async () => {
    const { clock, guard, failing } = setUp();
    const { controller, listeners } = watchedController();
    const run = outcome(guard.run(failing(new Error('no')), { signal: controller.signal }));
    await clock.advance(50);
    expect(clock.pending).toBe(1);
    controller.abort('gone');
    expect(await run).toEqual({ error: 'gone' });
    expect(clock.pending).toBe(0);
    expect(listeners()).toBe(0);
  });

  it('RT-8 keeps to a budget shared by all calls: by default Finagle’s', async () => {
    const { guard, events, failing } = setUp({ backoff: { kind: 'none' }, maxAttempts: 4 });
    for (let i = 0; i < 1000; i++) await outcome(guard.run(failing(new Error('no'))));
    const retries = events.filter(({ type }) => type === 'retry').length;
    // 20 % of 1000 requests, and 10 a second for 10 s.
    expect(retries).toBe(300);
    expect(events.at(-1)).toMatchObject({ type: 'gave-up', reason: 'budget' });
  });
});
