import { describe, expect, it } from 'vitest';
import { type HedgeEvent, HedgeGuard, type HedgeOptions } from './index.ts';
import { ManualClock, outcome, watchedController } from './manual-clock.fixture.ts';

function setUp(options: Partial<HedgeOptions> = {}) {
  const clock = new ManualClock();
  const guard = new HedgeGuard({ after: 100, budget: null, clock, ...options });
  const events: HedgeEvent[] = [];
  guard.listen((event) => events.push(event));
  const signals: AbortSignal[] = [];
  /** Copies that take so long, or fail after so long when negative. */
  const copies =
    (...delays: number[]) =>
    ({ signal }: { signal: AbortSignal }): Promise<number> => {
      const copy = signals.push(signal);
      const delay = delays[copy - 1]!;
      return delay >= 0 ? clock.sleep(delay, copy) : clock.failAfter(-delay, `copy ${copy}`);
    };
  return { clock, guard, events, signals, copies };
}

describe('hedge', () => {
  it('HE-1 sends one copy when it answers in time', async () => {
    const { clock, guard, events, signals, copies } = setUp();
    const run = guard.run(copies(99, 1));
    await clock.advance(99);
    expect(await run).toBe(1);
    expect(clock.pending).toBe(0);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    expect(events).toEqual([{ guard: 'hedge', type: 'won', copy: 1 }]);
  });

  it('HE-2 takes the first answer and aborts the other copy', async () => {
    const { clock, guard, events, signals, copies } = setUp();
    const run = guard.run(copies(500, 20));
    await clock.advance(120);
    expect(await run).toBe(2);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect(events).toEqual([
      { guard: 'hedge', type: 'hedge', copy: 2, delayMs: 100 },
      { guard: 'hedge', type: 'won', copy: 2 },
    ]);
    await clock.advance(1000);
    expect(events.length).toBe(2);
  });

  it('HE-3 fails at once when the only copy does, else when the last does', async () => {
    const one = setUp();
    const early = outcome(one.guard.run(one.copies(-50)));
    await one.clock.advance(50);
    expect(await early).toEqual({ error: 'copy 1' });
    expect(one.clock.pending).toBe(0);
    const two = setUp();
    const late = outcome(two.guard.run(two.copies(-150, -30)));
    await two.clock.advance(150);
    expect(await late).toEqual({ error: 'copy 1' });
    const rescued = setUp();
    const run = rescued.guard.run(rescued.copies(-110, 30));
    await rescued.clock.advance(130);
    expect(await run).toBe(2);
  });

  it('HE-4 keeps to its number of copies and to its budget', async () => {
    const many = setUp({ maxHedges: 2 });
    void outcome(many.guard.run(many.copies(900, 900, 900)));
    await many.clock.advance(800);
    expect(many.signals.length).toBe(3);
    const spent = setUp({ budget: { kind: 'ratio', ttl: 1000, minimumRate: 0, ratio: 0.5 } });
    for (let i = 0; i < 2; i++) void outcome(spent.guard.run(spent.copies(900, 900, 900, 900)));
    await spent.clock.advance(800);
    expect(spent.signals.length).toBe(3);
    expect(spent.events).toContainEqual({ guard: 'hedge', type: 'refused', reason: 'budget', copy: 2 });
  });

  it('HE-5 waits for a percentile of what it saw', async () => {
    const { clock, guard, events, signals } = setUp({
      after: { percentile: 0.9, halfLife: 100, minimumObservations: 20 },
    });
    for (let i = 0; i < 20; i++) {
      const run = guard.run(() => clock.sleep(10, 0));
      await clock.advance(10);
      await run;
    }
    expect(signals.length).toBe(0);
    void outcome(guard.run(() => clock.sleep(30, 0)));
    await clock.advance(30);
    const hedge = events.find(({ type }) => type === 'hedge') as { delayMs: number };
    expect(Math.abs(hedge.delayMs / 10 - 1)).toBeLessThan(1 / 128);
    const again = setUp({
      after: { percentile: 0.9, halfLife: 100, minimumObservations: 20 },
      state: guard.snapshot(),
    });
    expect(again.guard.snapshot().percentile?.observations).toBe(21);
  });

  it('HE-6 takes a value for a failure where told to', async () => {
    const { clock, guard } = setUp({ isFailedResult: (value) => value === 503 });
    let copy = 0;
    const work = () => (copy++ === 0 ? clock.sleep(150, 503) : clock.sleep(100, 200));
    const run = guard.run(work);
    await clock.advance(200);
    expect(await run).toBe(200);
    const alone = guard.run(() => clock.sleep(50, 503));
    await clock.advance(50);
    expect(await alone).toBe(503);
    expect(clock.pending).toBe(0);
  });

  it('HE-8 says in words that a budget is missing, where types do not', () => {
    for (const options of [{ after: 5 }, { after: 5, budget: 5 }]) {
      expect(() => new HedgeGuard(options as unknown as HedgeOptions)).toThrow(
        /^budget must be a retry budget, its options, or null for none, got /,
      );
    }
  });

  it('HE-9 throws what its predicate throws, and leaves nothing behind', async () => {
    const fault = new Error('predicate');
    const isFailedResult = () => {
      throw fault;
    };
    const { clock, guard, copies } = setUp({ isFailedResult });
    const run = outcome(guard.run(copies(10, 10)));
    await clock.advance(10);
    expect(await run).toEqual({ error: fault });
    expect(clock.pending).toBe(0);
  });

  it('HE-7 aborts every copy when the caller goes', async () => {
    const { clock, guard, signals, copies } = setUp();
    const { controller, listeners } = watchedController();
    const run = outcome(guard.run(copies(500, 500), { signal: controller.signal }));
    await clock.advance(150);
    controller.abort('gone');
    expect(await run).toEqual({ error: 'gone' });
    expect(signals.map(({ aborted, reason }) => [aborted, reason])).toEqual([
      [true, 'gone'],
      [true, 'gone'],
    ]);
    expect(listeners()).toBe(0);
  });
});
