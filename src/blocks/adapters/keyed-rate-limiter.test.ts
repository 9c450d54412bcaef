import { describe, expect, it } from 'vitest';
import { KeyedRateLimiter } from '../limit/index.ts';
import { KeyedRateLimiterAdapter, type KeyedRateLimiterEvent } from './index.ts';
import { ManualClock, outcome } from './manual-clock.fixture.ts';

function setUp() {
  const clock = new ManualClock();
  const limiter = new KeyedRateLimiter('token-bucket', { rate: 0.01, burst: 2, maxKeys: 10 });
  const door = new KeyedRateLimiterAdapter(limiter, { clock });
  const events: KeyedRateLimiterEvent<string>[] = [];
  door.listen((event) => events.push(event));
  return { clock, door, events };
}

describe('a rate limiter by key', () => {
  it('KR-1 lets each key pass at its own rate, and says when to come again', async () => {
    const { clock, door, events } = setUp();
    for (const key of ['ann', 'bob']) {
      expect(await door.run(key, () => key)).toBe(key);
      expect(await door.run(key, () => key)).toBe(key);
    }
    expect(await outcome(door.run('ann', () => 'no'))).toMatchObject({
      error: { reason: 'rate-limited', retryAfterMs: 100 },
    });
    expect(events).toEqual([
      {
        guard: 'keyed-rate-limiter',
        type: 'refused',
        reason: 'rate-limited',
        key: 'ann',
        cost: 1,
        retryAfterMs: 100,
      },
    ]);
    await clock.advance(100);
    expect(door.tryTake('ann')).toBe(0);
    expect(door.tryTake('ann')).toBe(100);
  });

  it('KR-2 takes the cost of a call, and says when that can never pass', async () => {
    const { door } = setUp();
    expect(await door.run('ann', () => 'ok', { cost: 2 })).toBe('ok');
    expect(await outcome(door.run('ann', () => 'no', { cost: 3 }))).toMatchObject({
      error: { message: 'a cost of 3 can never pass', retryAfterMs: Number.POSITIVE_INFINITY },
    });
    expect(() => door.tryTake('ann', -1)).toThrow(RangeError);
  });

  it('KR-3 takes nothing for a call that its caller has given up', async () => {
    const { door } = setUp();
    await outcome(door.run('ann', () => 'no', { signal: AbortSignal.abort('gone'), cost: 2 }));
    expect(door.tryTake('ann', 2)).toBe(0);
  });
});
