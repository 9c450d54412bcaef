import { describe, expect, it } from 'vitest';
import { AimdLimit, createConcurrencyLimit, FixedLimit } from '../limit/index.ts';
import {
  ConcurrencyLimiter,
  type ConcurrencyLimiterEvent,
  type ConcurrencyLimiterOptions,
} from './concurrency-limiter.ts';
import { RefusedError, TimeoutError } from './errors.ts';
import { ManualClock, outcome, settled, watchedController } from './manual-clock.fixture.ts';

function limiterOf(limit: number, options: Omit<ConcurrencyLimiterOptions, 'clock'> = {}) {
  const clock = new ManualClock();
  return { clock, limiter: new ConcurrencyLimiter(new FixedLimit({ limit }), { ...options, clock }) };
}

async function reasonOf(promise: Promise<unknown>): Promise<string> {
  const settledAs = await outcome(promise);
  const error = 'error' in settledAs ? settledAs.error : null;
  if (!(error instanceof RefusedError)) throw new Error('not refused', { cause: error });
  return error.reason;
}

describe('concurrency limiter', () => {
  it('CA-1 runs as many as the limit allows and refuses the rest', async () => {
    const { clock, limiter } = limiterOf(2);
    const running = [limiter.run(() => clock.sleep(10, 'a')), limiter.run(() => clock.sleep(20, 'b'))];
    expect(limiter.inFlight).toBe(2);
    expect(await reasonOf(limiter.run(() => 'c'))).toBe('overloaded');
    await clock.advance(10);
    expect(await limiter.run(() => 'd')).toBe('d');
    await clock.advance(10);
    expect(await Promise.all(running)).toEqual(['a', 'b']);
    expect(limiter.inFlight).toBe(0);
  });

  it('CA-2 lets so many wait, in order, and nobody overtake', async () => {
    const { clock, limiter } = limiterOf(1, { maxWaiting: 2 });
    const started: string[] = [];
    const run = (name: string) =>
      limiter.run(() => {
        started.push(`${name} at ${clock.now()}`);
        return clock.sleep(10, name);
      });
    const all = Promise.all(['a', 'b', 'c'].map(run));
    expect(await reasonOf(run('d'))).toBe('overloaded');
    await clock.advance(30);
    expect(await all).toEqual(['a', 'b', 'c']);
    expect(started).toEqual(['a at 0', 'b at 10', 'c at 20']);
    expect(clock.pending).toBe(0);
  });

  it('CA-3 turns away who waits too long, by its own limit or the deadline', async () => {
    const { clock, limiter } = limiterOf(1, { maxWaiting: 5, maxWaitMs: 30 });
    const running = limiter.run(() => clock.sleep(100, 'a'));
    const late = reasonOf(limiter.run(() => 'b'));
    const dead = reasonOf(limiter.run(() => 'c', { deadlineMs: 20 }));
    await clock.advance(20);
    expect(await dead).toBe('deadline');
    expect(await reasonOf(limiter.run(() => 'd', { deadlineMs: 20 }))).toBe('deadline');
    await clock.advance(10);
    expect(await late).toBe('overloaded');
    expect(limiter.waiting).toBe(0);
    await clock.advance(70);
    await running;
    expect(clock.pending).toBe(0);
  });

  it('CA-4 forgets who is aborted while waiting, and leaves nothing behind', async () => {
    const { clock, limiter } = limiterOf(1, { maxWaiting: 5 });
    const running = limiter.run(() => clock.sleep(10, 'a'));
    const { controller, listeners } = watchedController();
    const { signal } = controller;
    const aborted = outcome(limiter.run(() => 'b', { signal }));
    await settled();
    expect(listeners()).toBe(1);
    controller.abort('enough');
    expect(await aborted).toEqual({ error: 'enough' });
    expect(listeners()).toBe(0);
    expect(limiter.waiting).toBe(0);
    await clock.advance(10);
    expect(await running).toBe('a');
    expect(limiter.inFlight).toBe(0);
  });

  it('CA-5 passes on what the function throws, at once or later, and gives its place back', async () => {
    const { limiter } = limiterOf(1);
    for (const error of [new TypeError('no'), undefined]) {
      const thrown = limiter.run(() => {
        throw error;
      });
      expect(await outcome(thrown)).toEqual({ error });
      expect(await outcome(limiter.run(() => Promise.reject(error)))).toEqual({ error });
    }
    expect(limiter.inFlight).toBe(0);
  });

  it('CA-6 tells the limit of successes and drops, and lets in all that a raised limit has room for', async () => {
    const clock = new ManualClock();
    const core = new AimdLimit({ initialLimit: 1, minLimit: 1 });
    const limiter = new ConcurrencyLimiter(core, {
      maxWaiting: 9,
      clock,
      outcomeOf: (error) => (error === 503 ? 'dropped' : 'ignored'),
    });
    const all = Array.from({ length: 3 }, () => limiter.run(() => clock.sleep(10, 0)));
    await clock.advance(10);
    // From 1 to 2 by the first success: both others start.
    expect([limiter.limit, limiter.inFlight]).toEqual([2, 2]);
    await clock.advance(10);
    await Promise.all(all);
    const limit = limiter.limit;
    await outcome(limiter.run(() => Promise.reject(new Error('no'))));
    expect(limiter.limit).toBe(limit);
    await outcome(limiter.run(() => Promise.reject(503)));
    expect(limiter.limit).toBe(Math.floor(0.9 * limit));
  });

  it('CA-7 takes timeouts for drops, and calls that were aborted for nothing', async () => {
    const clock = new ManualClock();
    const limiter = new ConcurrencyLimiter(new AimdLimit({ initialLimit: 10, minLimit: 1 }), { clock });
    await outcome(limiter.run(() => Promise.reject(new TimeoutError(5))));
    expect(limiter.limit).toBe(9);
    const controller = new AbortController();
    const aborted = outcome(
      limiter.run(({ signal }) => clock.failAfter(5, new TimeoutError(5)).finally(() => signal), {
        signal: controller.signal,
      }),
    );
    controller.abort();
    await clock.advance(5);
    await aborted;
    await outcome(limiter.run(() => Promise.reject(new RefusedError('overloaded', 'elsewhere'))));
    expect(limiter.limit).toBe(9);
  });

  it('CA-8 tells those who listen, with reasons', async () => {
    const { clock, limiter } = limiterOf(1, { maxWaiting: 1 });
    const events: ConcurrencyLimiterEvent[] = [];
    const subscription = limiter.listen((event) => events.push(event));
    const all = [limiter.run(() => clock.sleep(10, 0)), limiter.run(() => 0)];
    await outcome(limiter.run(() => 0));
    await clock.advance(10);
    await Promise.all(all);
    subscription.dispose();
    await limiter.run(() => 0);
    const guard = 'concurrency-limiter';
    expect(events).toEqual([
      { guard, type: 'queued', waiting: 1 },
      { guard, type: 'refused', reason: 'overloaded', limit: 1, inFlight: 1, waiting: 1 },
      { guard, type: 'finished', outcome: 'success', roundTripMs: 10, limit: 1 },
      { guard, type: 'finished', outcome: 'success', roundTripMs: 0, limit: 1 },
    ]);
  });

  it('CA-9 says what is wrong with its options', () => {
    for (const maxWaiting of [-1, 0.5, Number.NaN]) {
      expect(() => limiterOf(1, { maxWaiting })).toThrow(/maxWaiting must be/);
    }
    for (const maxWaitMs of [-1, Number.NaN]) {
      expect(() => limiterOf(1, { maxWaitMs })).toThrow(/maxWaitMs must be/);
    }
    expect(() => new ConcurrencyLimiter(createConcurrencyLimit('fixed', { limit: 0 }))).toThrow(RangeError);
  });
});
