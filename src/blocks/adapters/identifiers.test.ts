import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import { parseSnowflake, ulidTime, uuidV7Time } from '../identify/index.ts';
import type { Clock } from './clock.ts';
import {
  createUlid,
  createUuidV7,
  NoIdentifierError,
  type SnowflakeEvent,
  SnowflakeIds,
  secureRandom,
} from './identifiers.ts';

/** A clock moved by hand, whose Unix time may go back. */
function handClock(begin: number) {
  const waiting = new Set<{ at: number; callback: () => void }>();
  const clock: Clock = {
    now: () => hand.time,
    after(delayMs, callback) {
      const entry = { at: hand.time + delayMs, callback };
      waiting.add(entry);
      return () => waiting.delete(entry);
    },
  };
  const hand = {
    time: begin,
    waiting,
    clock,
    async moveTo(time: number) {
      hand.time = time;
      for (const entry of [...waiting].filter(({ at }) => at <= time)) {
        waiting.delete(entry);
        entry.callback();
      }
      for (let i = 0; i < 5; i++) await Promise.resolve();
    },
  };
  return hand;
}

describe('identifiers on real time', () => {
  it('ID-1 have the time of the system, and are in order', () => {
    for (const [make, time] of [
      [createUuidV7(), uuidV7Time],
      [createUlid(), ulidTime],
    ] as const) {
      const before = Date.now();
      const made = Array.from({ length: 1000 }, make);
      expect(new Set(made).size).toBe(1000);
      expect([...made].sort()).toEqual(made);
      expect(time(made[0]!)).toBeGreaterThanOrEqual(before);
      expect(time(made[999]!)).toBeLessThanOrEqual(Date.now());
    }
  });

  it('ID-2 are the same for the same sources', () => {
    const sources = () => ({ unixMs: () => 5, random: createRandom(3) });
    expect(createUuidV7(sources())()).toBe(createUuidV7(sources())());
    expect(createUlid(sources())()).toBe(createUlid(sources())());
    const ulid = createUlid({ ...sources(), monotonic: false });
    expect(ulid().slice(0, 10)).toBe(ulid().slice(0, 10));
  });

  it('ID-3 secure chance is uniform on [0, 1)', () => {
    const random = secureRandom();
    const draws = 20_000;
    let sum = 0;
    for (let i = 0; i < draws; i++) {
      const value = random.next();
      if (!(value >= 0 && value < 1)) expect.fail(`${value}`);
      sum += value;
    }
    // Six standard deviations of the mean of uniform numbers.
    expect(Math.abs(sum / draws - 0.5)).toBeLessThan(6 / Math.sqrt(12 * draws));
  });
});

describe('snowflake ids', () => {
  const options = { workerId: 2, epoch: 0, sequenceBits: 1 };

  it('SI-1 waits for the next millisecond, and tells', async () => {
    const hand = handClock(100);
    const ids = new SnowflakeIds({ ...options, clock: hand.clock, unixMs: () => hand.time });
    const events: SnowflakeEvent[] = [];
    const subscription = ids.listen((event) => events.push(event));
    expect(await Promise.all([ids.next(), ids.next()])).toHaveLength(2);
    expect(ids.tryNext()).toBe(null);
    const third = ids.next();
    expect(hand.waiting.size).toBe(1);
    await hand.moveTo(101);
    expect(parseSnowflake(await third, options)).toEqual({ time: 101, workerId: 2, sequence: 0 });
    expect(events).toEqual([
      { type: 'refused', reason: 'sequence-full', waitMs: 1 },
      { type: 'waiting', reason: 'sequence-full', waitMs: 1 },
    ]);
    subscription.dispose();
    await ids.next();
    expect(ids.tryNext()).toBe(null);
    expect(events).toHaveLength(2);
  });

  it('SI-2 throws where waiting is refused', async () => {
    const hand = handClock(100);
    const ids = new SnowflakeIds({
      ...options,
      longestClockBack: 0,
      clock: hand.clock,
      unixMs: () => hand.time,
    });
    await ids.next();
    hand.time = 99;
    const events: SnowflakeEvent[] = [];
    ids.listen((event) => events.push(event));
    const error = await ids.next().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(NoIdentifierError);
    expect((error as NoIdentifierError).reason).toBe('clock-back');
    expect(events).toEqual([{ type: 'refused', reason: 'clock-back', waitMs: null }]);
  });

  it('SI-3 stops waiting when aborted, and leaves no listener and no timer', async () => {
    const hand = handClock(100);
    const ids = new SnowflakeIds({ ...options, clock: hand.clock, unixMs: () => hand.time });
    await ids.next();
    hand.time = 50;
    const controller = new AbortController();
    let listening = 0;
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = ((...args: Parameters<typeof add>) => {
      listening++;
      add(...args);
    }) as typeof add;
    signal.removeEventListener = ((...args: Parameters<typeof remove>) => {
      listening--;
      remove(...args);
    }) as typeof remove;
    const first = ids.next({ signal });
    await hand.moveTo(100);
    await first;
    expect(listening).toBe(0);
    hand.time = 50;
    const second = ids.next({ signal });
    controller.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    expect(hand.waiting.size).toBe(0);
    await expect(ids.next({ signal })).rejects.toThrow('enough');
  });

  it('SI-4 goes on from a snapshot', async () => {
    const first = new SnowflakeIds({ ...options, unixMs: () => 7 });
    const id = await first.next();
    const second = new SnowflakeIds({ ...options, unixMs: () => 7, state: first.snapshot() });
    expect(await second.next()).toBe(id + 1n);
  });
});
