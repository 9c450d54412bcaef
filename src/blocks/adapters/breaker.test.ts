import { describe, expect, it } from 'vitest';
import { type BreakerEvent, BreakerGuard, type BreakerOptions, RefusedError, TimeoutError } from './index.ts';
import { ManualClock, outcome } from './manual-clock.fixture.ts';

function setUp(options: BreakerOptions = {}) {
  const clock = new ManualClock();
  const guard = new BreakerGuard({
    trip: { kind: 'consecutive', failures: 2 },
    openForMs: 1000,
    probes: 1,
    clock,
    ...options,
  });
  const events: BreakerEvent[] = [];
  guard.listen((event) => events.push(event));
  const fail = (error: unknown = new Error('no')) => outcome(guard.run(() => Promise.reject(error)));
  return { clock, guard, events, fail };
}

describe('breaker', () => {
  it('BR-1 opens, refuses, probes and closes, and tells so', async () => {
    const { clock, guard, events, fail } = setUp();
    await fail();
    await fail();
    expect(guard.state).toBe('open');
    await clock.advance(400);
    const refused = (await fail()) as { error: RefusedError };
    expect(refused.error).toBeInstanceOf(RefusedError);
    expect([refused.error.reason, refused.error.retryAfterMs]).toEqual(['breaker-open', 600]);
    await clock.advance(600);
    expect(await guard.run(() => 'back')).toBe('back');
    expect(events).toEqual([
      { guard: 'breaker', type: 'state', from: 'closed', to: 'open', reason: 'tripped' },
      { guard: 'breaker', type: 'refused', reason: 'breaker-open', retryAfterMs: 600 },
      { guard: 'breaker', type: 'state', from: 'open', to: 'half-open', reason: 'open-time-over' },
      { guard: 'breaker', type: 'state', from: 'half-open', to: 'closed', reason: 'probes-passed' },
    ]);
  });

  it('BR-2 counts timeouts; neither refusals further in nor calls whose caller went', async () => {
    const { guard, fail } = setUp({ isFailure: () => true });
    const controller = new AbortController();
    for (let i = 0; i < 5; i++) {
      await fail(new RefusedError('bulkhead-full', 'full'));
      await outcome(
        guard.run(
          ({ signal }) => {
            controller.abort();
            signal.throwIfAborted();
          },
          { signal: controller.signal },
        ),
      );
    }
    expect(guard.state).toBe('closed');
    await fail(new TimeoutError(1));
    await fail(new TimeoutError(1));
    expect(guard.state).toBe('open');
  });

  it('BR-3 takes for a failure what it is told to: an error is not, a value is', async () => {
    const { guard, fail } = setUp({
      isFailure: (error) => error !== 'not found',
      isFailedResult: (value) => value === 503,
    });
    for (let i = 0; i < 5; i++) {
      await fail('broken');
      await fail('not found');
    }
    expect(guard.state).toBe('closed');
    expect(await guard.run(() => 503)).toBe(503);
    await guard.run(() => 503);
    expect(guard.state).toBe('open');
  });

  it('BR-4 takes a slow answer for a failure', async () => {
    const { clock, guard } = setUp({ slowAfterMs: 100 });
    const slow = Promise.all([1, 2].map((value) => guard.run(() => clock.sleep(101, value))));
    await clock.advance(101);
    expect(await slow).toEqual([1, 2]);
    expect(guard.state).toBe('open');
  });

  it('BR-5 gives a probe’s place back when its caller goes', async () => {
    const { clock, guard } = setUp();
    guard.open();
    await clock.advance(1000);
    const controller = new AbortController();
    const probe = outcome(guard.run(() => clock.failAfter(10, 'aborted'), { signal: controller.signal }));
    expect(await outcome(guard.run(() => 1))).toEqual({ error: expect.any(RefusedError) });
    controller.abort();
    await clock.advance(10);
    await probe;
    expect(await guard.run(() => 1)).toBe(1);
    expect(guard.state).toBe('closed');
  });

  it('BR-10 loses no probe to options that are refused, nor to predicates that throw', async () => {
    const fault = new Error('predicate');
    const asked = () => {
      throw fault;
    };
    for (const [options, run] of [
      [{}, (guard: BreakerGuard) => guard.run(() => 1, { deadlineMs: Number.NaN })],
      [{ isFailedResult: asked }, (guard: BreakerGuard) => guard.run(() => 1)],
      [{ isFailure: asked }, (guard: BreakerGuard) => guard.run(() => Promise.reject('no'))],
    ] as const) {
      const { clock, guard } = setUp(options);
      guard.open();
      await clock.advance(1000);
      expect(await outcome(run(guard))).toEqual({ error: expect.any(Error) });
      expect(await outcome(run(guard))).not.toMatchObject({ error: { reason: 'breaker-open' } });
      expect(guard.inspect()).not.toMatchObject({ inFlight: 1 });
    }
  });

  it('BR-11 tells apart what tripped, what failed its probes and what was done by hand', async () => {
    const { clock, guard, events, fail } = setUp();
    guard.open();
    await clock.advance(1000);
    await fail();
    guard.close();
    await fail();
    await fail();
    expect(events.map((event) => (event.type === 'state' ? [event.to, event.reason] : []))).toEqual([
      ['open', 'by-hand'],
      ['half-open', 'open-time-over'],
      ['open', 'probes-failed'],
      ['closed', 'by-hand'],
      ['open', 'tripped'],
    ]);
  });

  it('BR-6 goes on after a restart where it left off', async () => {
    const before = setUp();
    before.guard.open();
    await before.clock.advance(300);
    const state = JSON.parse(JSON.stringify(before.guard.snapshot())) as ReturnType<BreakerGuard['snapshot']>;
    const after = setUp({ state, clock: before.clock });
    expect(after.guard.inspect()).toEqual({ kind: 'open', since: 0, until: 1000 });
    expect(await after.fail()).toMatchObject({ error: { retryAfterMs: 700 } });
  });

  it('BR-7 is resilience4j’s by default: half of 100 calls, 60 s, 10 probes', async () => {
    const clock = new ManualClock();
    const guard = new BreakerGuard({ clock });
    for (let i = 0; i < 99; i++) await outcome(guard.run(() => Promise.reject(i)));
    expect(guard.state).toBe('closed');
    await outcome(guard.run(() => Promise.reject(99)));
    expect(guard.inspect()).toEqual({ kind: 'open', since: 0, until: 60_000 });
    await clock.advance(60_000);
    const probes = Array.from({ length: 11 }, () => outcome(guard.run(() => clock.sleep(5, 'up'))));
    await clock.advance(5);
    const results = await Promise.all(probes);
    expect(results.filter((result) => 'value' in result).length).toBe(10);
    expect(guard.state).toBe('closed');
    guard.open();
    guard.close();
    expect(guard.state).toBe('closed');
  });

  it('BR-8 opens at the right time, where it is a success that fills the window', async () => {
    const { clock, guard, fail } = setUp({
      trip: { kind: 'count-window', calls: 10, failureRate: 0.5, minimumCalls: 10 },
    });
    await clock.advance(5000);
    for (let i = 0; i < 9; i++) await fail();
    const last = guard.run(() => clock.sleep(7, 'up'));
    await clock.advance(7);
    await last;
    expect(guard.inspect()).toEqual({ kind: 'open', since: 5007, until: 6007 });
  });

  it('BR-9 makes its open time longer by a backoff', async () => {
    const { clock, guard, fail } = setUp({ openForMs: { kind: 'exponential', base: 1000, cap: 8000 } });
    guard.open();
    await clock.advance(1000);
    await fail();
    expect(guard.inspect()).toEqual({ kind: 'open', since: 1000, until: 3000 });
  });
});
