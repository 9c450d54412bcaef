import { describe, expect, it } from 'vitest';
import { type BulkheadEvent, BulkheadGuard, type RefusedError } from './index.ts';
import { ManualClock, outcome, settled, watchedController } from './manual-clock.fixture.ts';

function setUp(maxInFlight: number, maxWaiting: number) {
  const clock = new ManualClock();
  const guard = new BulkheadGuard({ maxInFlight, maxWaiting, clock });
  const events: BulkheadEvent[] = [];
  guard.listen((event) => events.push(event));
  const begun: number[] = [];
  const work =
    (name: number, ms = 100) =>
    () => {
      begun.push(name);
      return clock.sleep(ms, name);
    };
  return { clock, guard, events, begun, work };
}

describe('bulkhead', () => {
  it('BU-1 runs so many, lets so many wait in turn, and refuses the rest', async () => {
    const { clock, guard, events, begun, work } = setUp(2, 2);
    const runs = [1, 2, 3, 4, 5].map((name) => outcome(guard.run(work(name))));
    await settled();
    expect([guard.inFlight, guard.waiting]).toEqual([2, 2]);
    expect(begun).toEqual([1, 2]);
    await clock.advance(200);
    const results = await Promise.all(runs);
    expect(results.slice(0, 4)).toEqual([1, 2, 3, 4].map((value) => ({ value })));
    expect((results[4] as { error: RefusedError }).error.reason).toBe('bulkhead-full');
    expect(begun).toEqual([1, 2, 3, 4]);
    expect([guard.inFlight, guard.waiting]).toEqual([0, 0]);
    expect(events).toEqual([
      { guard: 'bulkhead', type: 'queued', waiting: 1 },
      { guard: 'bulkhead', type: 'queued', waiting: 2 },
      { guard: 'bulkhead', type: 'refused', reason: 'bulkhead-full', inFlight: 2, waiting: 2 },
    ]);
  });

  it('BU-2 frees the place of a call that throws, now or later', async () => {
    const { clock, guard } = setUp(1, 1);
    const thrower = () => {
      throw new Error('now');
    };
    for (let i = 0; i < 5; i++) {
      await outcome(guard.run(thrower));
      const late = outcome(guard.run(() => clock.failAfter(1, 'later')));
      await clock.advance(1);
      await late;
    }
    expect([guard.inFlight, guard.waiting]).toEqual([0, 0]);
  });

  it('BU-3 lets one leave the queue who no longer wants the answer, or whose deadline comes', async () => {
    const { clock, guard, begun, work } = setUp(1, 3);
    const { controller, listeners } = watchedController();
    const first = guard.run(work(1));
    const gone = outcome(guard.run(work(2), { signal: controller.signal }));
    const late = outcome(guard.run(work(3), { deadlineMs: 50 }));
    const last = guard.run(work(4));
    await clock.advance(10);
    controller.abort('gone');
    expect(await gone).toEqual({ error: 'gone' });
    await clock.advance(40);
    expect(((await late) as { error: RefusedError }).error.reason).toBe('deadline');
    await clock.advance(150);
    expect([await first, await last]).toEqual([1, 4]);
    expect(begun).toEqual([1, 4]);
    expect(clock.pending).toBe(0);
    expect(listeners()).toBe(0);
  });
});
