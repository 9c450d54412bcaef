import { expect, it } from 'vitest';
import { RefusedError, TimeoutError, type TimeoutEvent, TimeoutGuard } from './index.ts';
import { ManualClock, outcome } from './manual-clock.fixture.ts';

const never = () => new Promise<never>(() => undefined);

it('TO-1 gives up at its time, whether or not the function heeds the signal, and aborts it', async () => {
  const clock = new ManualClock();
  const guard = new TimeoutGuard({ timeoutMs: 100, clock });
  let signal: AbortSignal | null = null;
  let result: unknown = null;
  void outcome(
    guard.run((call) => {
      ({ signal } = call);
      return never();
    }),
  ).then((value) => {
    result = value;
  });
  await clock.advance(99);
  expect(result).toBe(null);
  await clock.advance(1);
  expect(result).toEqual({ error: new TimeoutError(100) });
  expect(signal!.aborted && signal!.reason instanceof TimeoutError).toBe(true);
  expect(clock.pending).toBe(0);
});

it('TO-2 aborts a signal that is asked for only afterwards', async () => {
  const clock = new ManualClock();
  const guard = new TimeoutGuard({ timeoutMs: 100, clock });
  const late = outcome(
    guard.run(async (call) => {
      await clock.sleep(200, null);
      expect(call.aborted && call.signal.aborted).toBe(true);
      throw new Error('swallowed: nobody waits any more');
    }),
  );
  await clock.advance(300);
  expect(await late).toEqual({ error: new TimeoutError(100) });
});

it('TO-3 ends at the deadline of the call, less the margin, and begins nothing after it', async () => {
  const clock = new ManualClock();
  const guard = new TimeoutGuard({ timeoutMs: 100, marginMs: 10, clock });
  const events: TimeoutEvent[] = [];
  const subscription = guard.listen((event) => events.push(event));
  const short = outcome(guard.run(never, { deadlineMs: 50 }));
  await clock.advance(40);
  expect(await short).toEqual({ error: new TimeoutError(40) });
  const refused = await outcome(guard.run(never, { deadlineMs: 50 }));
  expect(refused).toEqual({ error: expect.any(RefusedError) });
  expect((refused as { error: RefusedError }).error.reason).toBe('deadline');
  subscription.dispose();
  await outcome(guard.run(never, { deadlineMs: 0 }));
  expect(events).toEqual([
    { guard: 'timeout', type: 'timed-out', afterMs: 40 },
    { guard: 'timeout', type: 'refused', reason: 'deadline' },
  ]);
});

it('TO-4 tells the function the deadline', async () => {
  const clock = new ManualClock();
  const guard = new TimeoutGuard({ timeoutMs: 100, clock });
  await clock.advance(5);
  expect(await guard.run((call) => call.deadlineMs)).toBe(105);
  expect(await guard.run((call) => call.deadlineMs, { deadlineMs: 20 })).toBe(20);
});

it('TO-5 is not begun for a caller who has gone', async () => {
  const guard = new TimeoutGuard({ timeoutMs: 100, clock: new ManualClock() });
  let called = false;
  const gone = guard.run(
    () => {
      called = true;
    },
    { signal: AbortSignal.abort('gone') },
  );
  expect(await outcome(gone)).toEqual({ error: 'gone' });
  expect(called).toBe(false);
});

it('TO-6 refuses impossible options by name', () => {
  for (const timeoutMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => new TimeoutGuard({ timeoutMs })).toThrow(/timeoutMs must be/);
  }
  expect(() => new TimeoutGuard({ timeoutMs: 1, marginMs: -1 })).toThrow(/marginMs must be/);
});
