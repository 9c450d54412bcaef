import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import {
  RefusedError,
  type ThrottleEvent,
  ThrottleGuard,
  type ThrottleOptions,
  TimeoutError,
} from './index.ts';
import { ManualClock, outcome } from './manual-clock.fixture.ts';

/** Chance that refuses whenever there is any reason to. */
const STRICT = { next: () => 0 };

function setUp(options: ThrottleOptions = {}) {
  const clock = new ManualClock();
  const guard = new ThrottleGuard({ clock, random: STRICT, multiplier: 1, ...options });
  const events: ThrottleEvent[] = [];
  guard.listen((event) => events.push(event));
  const fail = (error: unknown) => outcome(guard.run(() => Promise.reject(error)));
  /** Whether it holds a call back now. */
  const holds = async () => 'error' in (await outcome(guard.run(() => 'ok')));
  return { clock, guard, events, fail, holds };
}

describe('throttle', () => {
  it('TH-1 refuses at home what the server refuses, tells so, and forgets after two minutes', async () => {
    const { clock, guard, events, fail } = setUp();
    await fail(new TimeoutError(1));
    expect(await outcome(guard.run(() => 'ok'))).toMatchObject({ error: { reason: 'throttled' } });
    // Of two wanted none was accepted: (2 − 0) / (2 + 1).
    expect(events).toEqual([{ guard: 'throttle', type: 'refused', reason: 'throttled', probability: 2 / 3 }]);
    await clock.advance(121_000);
    expect(await guard.run(() => 'ok')).toBe('ok');
  });

  it('TH-2 takes timeouts and refusals for refusals, other errors for answers, unless told otherwise', async () => {
    const told = {
      isRefusal: (error: unknown) => error === 503,
      isRefusedResult: (value: unknown) => value === 429,
    };
    for (const [end, options, held] of [
      [new TimeoutError(1), {}, true],
      [new RefusedError('bulkhead-full', 'full'), {}, true],
      [new Error('404'), {}, false],
      [503, {}, false],
      [503, told, true],
      [404, told, false],
    ] as const) {
      const { fail, holds } = setUp(options);
      await fail(end);
      expect(await holds()).toBe(held);
    }
    const { guard, holds } = setUp(told);
    expect(await guard.run(() => 429)).toBe(429);
    expect(await holds()).toBe(true);
  });

  it('TH-3 does not hold it against the server that a caller went away, but that its time was up', async () => {
    for (const [reason, held] of [
      ['gone', false],
      [new TimeoutError(5), true],
    ] as const) {
      const { guard, holds } = setUp();
      const controller = new AbortController();
      const work = () => {
        controller.abort(reason);
        throw new Error('aborted');
      };
      await outcome(guard.run(work, { signal: controller.signal }));
      expect(await holds()).toBe(held);
    }
  });

  it('TH-4 sends K calls for each that is accepted', async () => {
    const { guard } = setUp({ multiplier: 2, random: createRandom(7) });
    const wanted = 5000;
    let sent = 0;
    let accepted = 0;
    for (let i = 0; i < wanted; i++) {
      const work = () => {
        sent++;
        // The server has room for a tenth of what is wanted.
        if (accepted >= i / 10) throw new RefusedError('overloaded', 'too much');
        accepted++;
      };
      await outcome(guard.run(work));
    }
    expect(accepted).toBe(wanted / 10);
    // Six standard deviations of so many independent draws.
    const share = 0.2;
    expect(Math.abs(sent - share * wanted)).toBeLessThan(6 * Math.sqrt(wanted * share * (1 - share)));
  });

  it('TH-7 lets all calls of a client that has just begun go out together', async () => {
    const { clock, guard } = setUp({ multiplier: 2 });
    const runs = Array.from({ length: 50 }, () => guard.run(() => clock.sleep(10, 'ok')));
    await clock.advance(10);
    expect(await Promise.all(runs)).toEqual(Array(50).fill('ok'));
  });

  it('TH-5 goes on after a restart where it left off', async () => {
    const before = setUp();
    await before.fail(new TimeoutError(1));
    const state = JSON.parse(JSON.stringify(before.guard.snapshot())) as ReturnType<
      ThrottleGuard['snapshot']
    >;
    expect(await setUp({ state }).holds()).toBe(true);
    expect(await setUp().holds()).toBe(false);
  });

  it('TH-6 refuses impossible options by name', () => {
    expect(() => new ThrottleGuard({ multiplier: 0.5 })).toThrow(/multiplier must be/);
    expect(() => new ThrottleGuard({ windowMs: 0 })).toThrow(/window must be/);
  });
});
