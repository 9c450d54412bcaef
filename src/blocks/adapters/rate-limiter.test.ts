import { describe, expect, it } from 'vitest';
import { createRateLimiter, type RateLimiter } from '../limit/index.ts';
import { RefusedError } from './errors.ts';
import { ManualClock, outcome, settled, watchedController } from './manual-clock.fixture.ts';
import { RateLimiterAdapter, type RateLimiterAdapterOptions, type RateLimiterEvent } from './rate-limiter.ts';

/** Two at once, then one in 100 ms. */
function adapter(options: Omit<RateLimiterAdapterOptions, 'clock'> = { maxWaiting: 10 }) {
  const clock = new ManualClock();
  const limiter = new RateLimiterAdapter(createRateLimiter('token-bucket', { rate: 0.01, burst: 2 }), {
    ...options,
    clock,
  });
  return { clock, limiter };
}

/** What a refused call tells. */
async function refusal(promise: Promise<unknown>): Promise<[string, number | null]> {
  const settledAs = await outcome(promise);
  const error = 'error' in settledAs ? settledAs.error : null;
  if (!(error instanceof RefusedError)) throw new Error('not refused', { cause: error });
  return [error.reason, error.retryAfterMs];
}

describe('rate limiter', () => {
  it('RA-1 lets pass what the limiter does, and tells the others when to ask again', async () => {
    const { clock, limiter } = adapter({});
    await limiter.acquire();
    expect(limiter.tryAcquire()).toBe(true);
    expect(limiter.tryAcquire()).toBe(false);
    expect(await refusal(limiter.acquire())).toEqual(['rate-limited', 100]);
    await clock.advance(60);
    expect(await refusal(limiter.acquire())).toEqual(['rate-limited', 40]);
    await clock.advance(40);
    expect(await limiter.run(() => 7)).toBe(7);
  });

  it('RA-2 lets wait in order, each for its turn, and nobody overtake', async () => {
    const { clock, limiter } = adapter();
    const passed: string[] = [];
    const pass = (name: string) => limiter.acquire().then(() => passed.push(`${name} at ${clock.now()}`));
    const all = Promise.all(['a', 'b', 'c', 'd'].map(pass));
    expect(limiter.tryAcquire()).toBe(false);
    await clock.advance(100);
    expect(limiter.tryAcquire()).toBe(false);
    await clock.advance(100);
    await all;
    expect(passed).toEqual(['a at 0', 'b at 0', 'c at 100', 'd at 200']);
    expect(limiter.waiting).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('RA-3 refuses at once who cannot pass in time, or has no room to wait', async () => {
    const { clock, limiter } = adapter({ maxWaiting: 1 });
    await limiter.acquire({ cost: 2 });
    expect(await refusal(limiter.acquire({ maxWaitMs: 99 }))).toEqual(['rate-limited', 100]);
    expect(await refusal(limiter.acquire({ deadlineMs: 99 }))).toEqual(['deadline', 100]);
    expect(await refusal(limiter.acquire({ cost: 3 }))).toEqual(['rate-limited', Number.POSITIVE_INFINITY]);
    const waits = limiter.acquire({ maxWaitMs: 100 });
    expect(await refusal(limiter.acquire())).toEqual(['rate-limited', 100]);
    await clock.advance(100);
    await waits;
    expect(clock.pending).toBe(0);
  });

  it('RA-4 turns away who has waited too long behind others, and goes on with the rest', async () => {
    const { clock, limiter } = adapter();
    await limiter.acquire({ cost: 2 });
    const first = limiter.acquire();
    const second = refusal(limiter.acquire({ maxWaitMs: 150 }));
    const third = limiter.acquire();
    const fourth = refusal(limiter.acquire({ deadlineMs: 250 }));
    await clock.advance(100);
    await first;
    // At 100 the second is first in line, has to wait until 200, and may until 150.
    expect(await second).toEqual(['rate-limited', 100]);
    await clock.advance(100);
    await third;
    expect(await fourth).toEqual(['deadline', 100]);
    expect(limiter.waiting).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('RA-5 forgets who is aborted, and leaves nothing behind', async () => {
    const { clock, limiter } = adapter();
    await limiter.acquire({ cost: 2 });
    const { controller, listeners } = watchedController();
    const { signal } = controller;
    const heavy = outcome(limiter.acquire({ cost: 2, signal }));
    const light = limiter.acquire({ signal: new AbortController().signal });
    await settled();
    expect(listeners()).toBe(1);
    controller.abort('enough');
    expect(await heavy).toEqual({ error: 'enough' });
    expect(listeners()).toBe(0);
    await clock.advance(100);
    await light;
    expect(clock.pending).toBe(0);
    expect(await outcome(limiter.acquire({ signal }))).toEqual({ error: 'enough' });
  });

  it('RA-6 tells those who listen, with reasons', async () => {
    const { clock, limiter } = adapter({ maxWaiting: 1 });
    const events: RateLimiterEvent[] = [];
    const subscription = limiter.listen((event) => events.push(event));
    await limiter.acquire({ cost: 2 });
    const waits = limiter.acquire();
    limiter.tryAcquire();
    await clock.advance(100);
    await waits;
    subscription.dispose();
    limiter.tryAcquire();
    const guard = 'rate-limiter';
    expect(events).toEqual([
      { guard, type: 'passed', cost: 2, waitedMs: 0 },
      { guard, type: 'queued', cost: 1, waiting: 1 },
      { guard, type: 'refused', reason: 'rate-limited', cost: 1, retryAfterMs: 100 },
      { guard, type: 'passed', cost: 1, waitedMs: 100 },
    ]);
  });

  it('RA-7 runs on a leaky bucket one call at a time, whatever the others do', async () => {
    const clock = new ManualClock();
    const bucket = createRateLimiter('leaky-bucket', { rate: 0.1, capacity: 1 });
    const limiter = new RateLimiterAdapter(bucket, { maxWaiting: 100, clock });
    const starts: number[] = [];
    const all = Promise.all(Array.from({ length: 5 }, () => limiter.run(() => starts.push(clock.now()))));
    await clock.advance(50);
    await all;
    expect(starts).toEqual([0, 10, 20, 30, 40]);
  });

  it('RA-8 says what is wrong with options and costs, wherever in the queue', async () => {
    const limit = (maxWaiting: number) => () => adapter({ maxWaiting });
    for (const maxWaiting of [-1, 0.5, Number.NaN]) expect(limit(maxWaiting)).toThrow(/maxWaiting must be/);
    const { clock, limiter } = adapter();
    await expect(limiter.acquire({ maxWaitMs: Number.NaN })).rejects.toThrow(/maxWaitMs must be/);
    await expect(limiter.acquire({ cost: -1 })).rejects.toThrow(/cost must be/);
    await limiter.acquire({ cost: 2 });
    const waits = limiter.acquire();
    const faulty = outcome(limiter.acquire({ cost: Number.NaN }));
    await clock.advance(100);
    await waits;
    expect(await faulty).toMatchObject({ error: { message: 'cost must be ≥ 0, got NaN' } });
    expect(clock.pending).toBe(0);
  });

  it('RA-9 asks again when a timer goes off too early', async () => {
    const clock = new ManualClock();
    const asked: number[] = [];
    const limiter: RateLimiter = {
      tryTake: (now) => {
        asked.push(now);
        return now < 10 ? 4 : 0;
      },
      idleAt: () => 0,
      reset: () => undefined,
      snapshot: () => ({ version: 1, algorithm: 'gcra', values: [] }),
    };
    const waits = new RateLimiterAdapter(limiter, { maxWaiting: 1, clock }).acquire();
    await clock.advance(20);
    await waits;
    expect(asked).toEqual([0, 0, 4, 8, 12]);
  });
});
