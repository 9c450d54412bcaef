import { describe, expect, it } from 'vitest';
import {
  FallbackGuard,
  RefusedError,
  ShedGuard,
  SingleFlightGuard,
  type SingleFlightGuardOptions,
} from './index.ts';
import { ManualClock, outcome, watchedController } from './manual-clock.fixture.ts';

describe('single flight', () => {
  const setUp = (options: Partial<SingleFlightGuardOptions> = {}) => {
    const clock = new ManualClock();
    const guard = new SingleFlightGuard<string>({ maxKeys: 2, clock, ...options });
    const signals: AbortSignal[] = [];
    const work = ({ signal }: { signal: AbortSignal }) => clock.sleep(100, signals.push(signal));
    return { clock, guard, signals, work };
  };

  it('SG-1 makes one call for all who come while it is out', async () => {
    const { clock, guard, work, signals } = setUp();
    const runs = [guard.run('a', work), guard.run('a', work), guard.run('b', work)];
    await clock.advance(50);
    runs.push(guard.run('a', work));
    await clock.advance(50);
    expect(await Promise.all(runs)).toEqual([1, 1, 2, 1]);
    expect(signals.length).toBe(2);
    expect(guard.size).toBe(0);
    void guard.run('a', work);
    expect(signals.length).toBe(3);
  });

  it('SG-2 gives its error to all', async () => {
    const { clock, guard } = setUp();
    const error = new Error('no');
    const runs = [1, 2].map(() => outcome(guard.run('a', () => clock.failAfter(10, error))));
    await clock.advance(10);
    expect(await Promise.all(runs)).toEqual([{ error }, { error }]);
  });

  it('SG-3 ends one caller’s waiting when that one goes, the call when the last does', async () => {
    const { clock, guard, work, signals } = setUp();
    const one = watchedController();
    const other = watchedController();
    const first = outcome(guard.run('a', work, { signal: one.controller.signal }));
    const second = outcome(guard.run('a', work, { signal: other.controller.signal }));
    await clock.advance(10);
    one.controller.abort('one');
    expect(await first).toEqual({ error: 'one' });
    expect(signals[0]!.aborted).toBe(false);
    other.controller.abort('other');
    expect(await second).toEqual({ error: 'other' });
    expect(signals[0]!.aborted).toBe(true);
    // Who comes now does not join what was ended.
    void guard.run('a', work);
    expect(signals.length).toBe(2);
    expect([one.listeners(), other.listeners()]).toEqual([0, 0]);
  });

  it('SG-4 lets calls beyond its keys go alone', async () => {
    const { guard, work, signals } = setUp();
    const events: unknown[] = [];
    guard.listen((event) => events.push(event));
    for (const key of ['a', 'b', 'c', 'c', 'a']) void guard.run(key, work);
    expect(signals.length).toBe(4);
    expect(guard.size).toBe(2);
    expect(events).toEqual([
      { guard: 'single-flight', type: 'alone', reason: 'keys', key: 'c' },
      { guard: 'single-flight', type: 'alone', reason: 'keys', key: 'c' },
      { guard: 'single-flight', type: 'joined', key: 'a' },
    ]);
  });

  it('SG-5 calls anew for who comes late, and keeps the answers apart', async () => {
    const { clock, guard, work } = setUp({ leadForMs: 60 });
    const first = guard.run('a', work);
    await clock.advance(60);
    const second = guard.run('a', work);
    await clock.advance(40);
    expect(await first).toBe(1);
    const third = guard.run('a', work);
    await clock.advance(60);
    expect([await second, await third]).toEqual([2, 2]);
    expect(guard.size).toBe(0);
  });
});

it('SG-6 does not wait for itself when the function asks for its own key', async () => {
  const guard = new SingleFlightGuard<string>({ maxKeys: 2, clock: new ManualClock() });
  expect(await guard.run('a', () => guard.run('a', () => 'inner'))).toBe('inner');
});

describe('fallback', () => {
  it('FB-1 stands in for what failed, and passes on what did not', async () => {
    const guard = new FallbackGuard({ fallback: (error) => `instead of ${error}` });
    const events: unknown[] = [];
    guard.listen((event) => events.push(event));
    expect(await guard.run(() => 1)).toBe(1);
    expect(await guard.run(() => Promise.reject('no'))).toBe('instead of no');
    expect(events).toEqual([{ guard: 'fallback', type: 'fallback', failure: 'no' }]);
  });

  it('FB-2 stands in for a value that counts as a failure', async () => {
    const guard = new FallbackGuard({
      fallback: (failure) => `instead of ${failure}`,
      isFailedResult: (value) => value === 503,
    });
    expect(await guard.run(() => 503)).toBe('instead of 503');
    expect(await guard.run(() => 404)).toBe(404);
  });

  it('FB-3 does not stand in for what it does not handle, nor for a caller who went', async () => {
    const guard = new FallbackGuard({ fallback: () => 'instead', handles: (error) => error !== 'bug' });
    expect(await outcome(guard.run(() => Promise.reject('bug')))).toEqual({ error: 'bug' });
    const controller = new AbortController();
    const failing = () => {
      controller.abort('gone');
      return Promise.reject('no');
    };
    expect(await outcome(guard.run(failing, { signal: controller.signal }))).toEqual({ error: 'no' });
  });
});

describe('shed', () => {
  it('SH-1 turns the less important away while the queue is long', async () => {
    const clock = new ManualClock();
    const guard = new ShedGuard({
      classes: [
        { from: 3, full: 6 },
        { from: 1, full: 2 },
      ],
      windowRequests: 2,
      clock,
    });
    const events: unknown[] = [];
    guard.listen((event) => events.push(event));
    guard.observe(40);
    guard.observe(40);
    expect(await guard.run(() => 'in', { priority: 0 })).toBe('in');
    const refused = await outcome(guard.run(() => 'in', { priority: 1 }));
    expect((refused as { error: RefusedError }).error).toBeInstanceOf(RefusedError);
    expect(events).toEqual([{ guard: 'shed', type: 'refused', reason: 'shed', priority: 1, load: 2 }]);
    await clock.advance(2000);
    expect(await guard.run(() => 'in', { priority: 1 })).toBe('in');
  });

  it('SH-2 takes utilisation and the draw from the caller, and goes on after a restart', async () => {
    const clock = new ManualClock();
    const classes = [{ from: 0.5, full: 1 }];
    const guard = new ShedGuard({ classes, utilisation: () => 0.75, clock });
    expect(await outcome(guard.run(() => 1, { priority: 0, draw: 0.49 }))).toMatchObject({ error: {} });
    expect(await guard.run(() => 1, { priority: 0, draw: 0.51 })).toBe(1);
    const queued = new ShedGuard({ classes, windowRequests: 1, clock });
    queued.observe(100);
    const restored = new ShedGuard({ classes, clock, state: queued.snapshot() });
    expect(await outcome(restored.run(() => 1, { priority: 0 }))).toMatchObject({
      error: { reason: 'shed' },
    });
  });
});
