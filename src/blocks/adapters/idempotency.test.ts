import { describe, expect, it } from 'vitest';
import { IdempotencyKeys } from '../identify/index.ts';
import {
  type IdempotencyEvent,
  IdempotencyGuard,
  type IdempotencyOptions,
  policy,
  RefusedError,
} from './index.ts';
import { ManualClock, outcome } from './manual-clock.fixture.ts';

function setUp(options: IdempotencyOptions = {}, capacity = 10) {
  const clock = new ManualClock();
  const keys = new IdempotencyKeys<string, string>({ capacity, lease: 100, keep: 1000 });
  const guard = new IdempotencyGuard(keys, { clock, ...options });
  const events: IdempotencyEvent<string>[] = [];
  guard.listen((event) => events.push(event));
  return { clock, guard, events };
}

describe('idempotency keys', () => {
  it('ID-1 do the work once, and answer repetitions with its result until that is forgotten', async () => {
    const { clock, guard, events } = setUp();
    let times = 0;
    const pay = () => guard.run('order 7', '10 EUR', () => `receipt ${++times}`);
    expect(await pay()).toBe('receipt 1');
    expect(await pay()).toBe('receipt 1');
    expect(events).toEqual([{ guard: 'idempotency', type: 'replayed', key: 'order 7' }]);
    await clock.advance(1000);
    expect(await pay()).toBe('receipt 2');
  });

  it('ID-2 refuse who comes meanwhile, and a key that comes with something else', async () => {
    const { clock, guard, events } = setUp();
    const first = guard.run('a', 'this', () => clock.sleep(50, 'done'));
    await clock.advance(10);
    const others = ['this', 'that'].map((what) => outcome(guard.run('a', what, () => 'twice')));
    expect(await Promise.all(others)).toMatchObject([
      { error: { reason: 'in-progress', retryAfterMs: 90 } },
      { error: { reason: 'key-reused', retryAfterMs: null } },
    ]);
    await clock.advance(50);
    expect(await first).toBe('done');
    expect(events.map(({ type }) => type)).toEqual(['refused', 'refused']);
  });

  it('ID-3 refuse a new key where all are in use', async () => {
    const { guard } = setUp({}, 1);
    await guard.run('a', 1, () => 'done');
    expect(await outcome(guard.run('b', 1, () => 'no'))).toMatchObject({
      error: { reason: 'keys-full', retryAfterMs: 1000 },
    });
  });

  it('ID-4 let work be done anew that surely changed nothing, other failed work after its lease', async () => {
    const refusal = new RefusedError('bulkhead-full', 'full');
    const clash = new Error('rolled back');
    for (const [error, options, isFree] of [
      // A policy within that tries again may end in a refusal though an attempt before has done the work.
      [refusal, {}, false],
      [clash, {}, false],
      [clash, { isWithoutEffect: (thrown: unknown) => thrown === clash }, true],
    ] as const) {
      const { clock, guard } = setUp(options);
      expect(await outcome(guard.run('a', 1, () => Promise.reject(error)))).toEqual({ error });
      expect('value' in (await outcome(guard.run('a', 1, () => 'again')))).toBe(isFree);
      await clock.advance(100);
      expect(await guard.run('a', 1, () => 'again')).toBe('again');
    }
  });

  it('ID-5 tell when a lease has ended before the work, unless it is renewed', async () => {
    const slow = async (options: IdempotencyOptions) => {
      const { clock, guard, events } = setUp(options);
      const runs = [guard.run('a', 1, () => clock.sleep(250, 'first'))];
      await clock.advance(150);
      runs.push(guard.run('a', 1, () => 'second'));
      const ends = Promise.all(runs.map(outcome));
      await clock.advance(200);
      expect(clock.pending).toBe(0);
      return { ends: await ends, events: events.map(({ type }) => type) };
    };
    expect(await slow({})).toEqual({
      ends: [{ value: 'first' }, { value: 'second' }],
      events: ['lost'],
    });
    const failing = setUp();
    const late = outcome(failing.guard.run('a', 1, () => failing.clock.failAfter(250, 'no')));
    await failing.clock.advance(150);
    await failing.guard.run('a', 1, () => 'second');
    await failing.clock.advance(200);
    expect(await late).toEqual({ error: 'no' });
    expect(failing.events.map(({ type }) => type)).toEqual(['lost']);
    expect(await slow({ renewEveryMs: 33 })).toMatchObject({
      ends: [{ value: 'first' }, { error: { reason: 'in-progress' } }],
      events: ['refused'],
    });
  });

  it('ID-6 go with a policy that tries again: the second attempt finds what the first has done', async () => {
    const { clock, guard } = setUp();
    let times = 0;
    const charge = () => guard.run('order 7', '10 EUR', () => clock.sleep(30, `receipt ${++times}`));
    const patient = policy({
      retry: {
        maxAttempts: 3,
        backoff: { kind: 'constant', delay: 15 },
        isTransient: (error) => error instanceof RefusedError && error.reason !== 'keys-full',
      },
      timeoutMs: 20,
      clock,
    });
    const run = patient.run(charge);
    await clock.advance(1000);
    expect(await run).toBe('receipt 1');
  });

  it('ID-7 refuse impossible options', () => {
    for (const renewEveryMs of [0, -1, Number.NaN]) {
      expect(() => setUp({ renewEveryMs })).toThrow(/renewEveryMs must be > 0/);
    }
    expect(() => setUp({ isWithoutEffect: true as never })).toThrow(
      'isWithoutEffect must be a function, got true',
    );
    expect(() => new IdempotencyGuard(undefined as never)).toThrow('keys must be IdempotencyKeys');
  });

  it('ID-8 refuse a request that has no key, as all of these would be one', async () => {
    const { guard } = setUp();
    expect(await outcome(guard.run(undefined as never, 1, () => 'done'))).toMatchObject({
      error: { message: 'key must be a string or a number, got undefined' },
    });
  });
});
