import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdempotencyKeys, WorkerLeases } from './index.ts';

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value));

describe('worker leases', () => {
  it('WL-1 no two honest holders have the same id at the same time, whatever the clock does', () => {
    const action = fc.record({
      step: fc.integer({ min: -4, max: 6 }),
      process: fc.integer({ min: 0, max: 5 }),
      what: fc.constantFrom('acquire', 'renew', 'release', 'restart'),
    });
    fc.assert(
      fc.property(
        fc.array(action, { maxLength: 200 }),
        fc.integer({ min: 1, max: 4 }),
        (actions, workers) => {
          const options = { workers, lease: 10, guard: 2 };
          let leases = new WorkerLeases(options);
          const held = new Map<number, { worker: number; token: number }>();
          let now = 0;
          let latest = Number.NEGATIVE_INFINITY;
          for (const { step, process, what } of actions) {
            now += step;
            latest = Math.max(latest, now);
            // An honest process stops when its lease is over.
            for (const [other, { worker, token }] of held) {
              if (!leases.holds(worker, token, now)) held.delete(other);
            }
            const mine = held.get(process);
            if (what === 'restart') leases = new WorkerLeases(options, throughJson(leases.snapshot()));
            else if (mine === undefined) {
              if (what === 'acquire' && leases.tryAcquire(now) === 0) {
                expect([...held.values()].map(({ worker }) => worker)).not.toContain(leases.worker);
                expect(leases.worker).toBeLessThan(workers);
                expect([...held.values()].every(({ token }) => token < leases.token)).toBe(true);
                held.set(process, { worker: leases.worker, token: leases.token });
              }
            } else if (what === 'renew') {
              expect(leases.renew(mine.worker, mine.token, now)).toBe(true);
              expect(leases.heldUntil(mine.worker)).toBe(latest + 10);
            } else if (what === 'release') {
              expect(leases.release(mine.worker, mine.token, now)).toBe(true);
              held.delete(process);
            }
            expect(leases.held(now)).toBe(held.size);
          }
        },
      ),
    );
  });

  it('WL-2 an id rests for the guard, and the wait says until when', () => {
    const leases = new WorkerLeases({ workers: 2, lease: 10, guard: 3 });
    expect([leases.tryAcquire(-5), leases.worker]).toEqual([0, 0]);
    const first = leases.token;
    expect([leases.tryAcquire(0), leases.worker]).toEqual([0, 1]);
    expect(leases.tryAcquire(1)).toBe(7);
    expect(leases.renew(0, first, 5)).toBe(false);
    expect(leases.tryAcquire(7)).toBe(1);
    expect([leases.tryAcquire(8), leases.worker]).toEqual([0, 0]);
    expect(leases.renew(0, first, 8)).toBe(false);
    expect(leases.release(0, first, 8)).toBe(false);
    // The clock went back an hour: nothing ends, nothing comes free.
    expect(leases.tryAcquire(-3600)).toBe(3613);
    expect(leases.holds(1, 2, -3600)).toBe(true);
    expect(leases.tryAcquire(-3600 + 3613)).toBe(0);
  });

  it('WL-2b goes on from a snapshot at the ends of time', () => {
    for (const now of [-(2 ** 53 - 1), 2 ** 53 - 1]) {
      const leases = new WorkerLeases({ workers: 1, lease: 1000 });
      expect(leases.tryAcquire(now)).toBe(0);
      const again = new WorkerLeases({ workers: 1, lease: 1000 }, throughJson(leases.snapshot()));
      expect(again.holds(0, leases.token, now)).toBe(true);
      const keys = new IdempotencyKeys({ capacity: 1, lease: 1000, keep: 1000 });
      expect(keys.begin('a', 1, now)).toBe('first');
      const kept = new IdempotencyKeys(
        { capacity: 1, lease: 1000, keep: 1000 },
        throughJson(keys.snapshot()),
      );
      expect(kept.complete('a', keys.token, 'x', now)).toBe(true);
    }
  });

  it('WL-3 refuses impossible arguments and foreign states by name', () => {
    expect(() => new WorkerLeases({ workers: 0, lease: 1 })).toThrow(/workers must be/);
    expect(() => new WorkerLeases({ workers: 1, lease: 0 })).toThrow(/lease must be/);
    expect(() => new WorkerLeases({ workers: 1, lease: 1, guard: Number.NaN })).toThrow(/guard must be/);
    const leases = new WorkerLeases({ workers: 1, lease: 1 });
    expect(() => leases.tryAcquire(Number.NaN)).toThrow(/now must be/);
    expect(() => leases.renew(1, 1, 0)).toThrow(/worker must be/);
    const state = leases.snapshot();
    expect(() => new WorkerLeases({ workers: 2, lease: 1 }, state)).toThrow(RangeError);
    expect(() => new WorkerLeases({ workers: 1, lease: 1 }, { ...state, version: 2 as 1 })).toThrow(
      /version 1/,
    );
    expect(() => new WorkerLeases({ workers: 1, lease: 1 }, { ...state, leases: [[9, 0]] })).toThrow(
      RangeError,
    );
  });
});

describe('idempotency keys', () => {
  const options = { capacity: 2, lease: 10, keep: 100 };

  it('IK-1 one does the work, others wait, then get its result', () => {
    const keys = new IdempotencyKeys<string, { paid: number }>(options);
    expect(keys.begin('a', 'pay 5', 0)).toBe('first');
    const token = keys.token;
    expect(keys.begin('a', 'pay 5', 4)).toBe('in-progress');
    expect(keys.retryIn).toBe(6);
    expect(keys.complete('a', token, { paid: 5 }, 6)).toBe(true);
    expect(keys.begin('a', 'pay 5', 7)).toBe('done');
    expect(keys.result).toEqual({ paid: 5 });
    expect(keys.begin('a', 'pay 5', 105)).toBe('done');
    expect(keys.begin('a', 'pay 5', 106)).toBe('first');
    expect(keys.result).toBe(null);
  });

  it('IK-2 a key used for another request is refused in every state', () => {
    const keys = new IdempotencyKeys(options);
    keys.begin('a', 1, 0);
    expect(keys.begin('a', 2, 1)).toBe('mismatch');
    keys.complete('a', keys.token, null, 2);
    expect(keys.begin('a', 2, 3)).toBe('mismatch');
    expect(keys.begin('a', 1, 3)).toBe('done');
  });

  it('IK-3 a lease that ended lets the next in, and what is late does not count', () => {
    const keys = new IdempotencyKeys<string, string>(options);
    keys.begin('a', 1, 0);
    const old = keys.token;
    expect(keys.renew('a', old, 9)).toBe(true);
    expect(keys.begin('a', 1, 18)).toBe('in-progress');
    expect(keys.begin('a', 1, 19)).toBe('first');
    expect(keys.token).toBeGreaterThan(old);
    expect(keys.complete('a', old, 'late', 20)).toBe(false);
    expect(keys.renew('a', old, 20)).toBe(false);
    expect(keys.abandon('a', old, 20)).toBe(false);
    expect(keys.complete('a', keys.token, 'right', 20)).toBe(true);
    expect(keys.complete('a', keys.token, 'twice', 20)).toBe(false);
    keys.begin('a', 1, 21);
    expect(keys.result).toBe('right');
  });

  it('IK-4 work given up is first again', () => {
    const keys = new IdempotencyKeys(options);
    keys.begin('a', 1, 0);
    expect(keys.abandon('a', keys.token, 1)).toBe(true);
    expect(keys.begin('a', 7, 1)).toBe('first');
  });

  it('IK-5 forgets no key in use to make room, and says when there will be some', () => {
    const keys = new IdempotencyKeys(options);
    keys.begin('a', 1, 0);
    const a = keys.token;
    keys.begin('b', 1, 1);
    expect(keys.begin('c', 1, 2)).toBe('full');
    expect(keys.retryIn).toBe(8);
    keys.complete('a', a, 1, 5);
    expect(keys.begin('c', 1, 5)).toBe('full');
    expect(keys.retryIn).toBe(6);
    expect(keys.begin('c', 1, 11)).toBe('first');
    expect(keys.begin('a', 1, 11)).toBe('done');
    expect(keys.size).toBe(2);
  });

  it('IK-6 lets one through at a time and stays within its capacity, whatever the clock does', () => {
    const action = fc.record({
      step: fc.integer({ min: -5, max: 8 }),
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      what: fc.constantFrom('begin', 'begin', 'complete', 'renew', 'abandon', 'restart'),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 150 }), (actions) => {
        let keys = new IdempotencyKeys<string, number>(options);
        // By key: token and end of the lease or of the result, on a clock that never goes back.
        const model = new Map<string, { token: number; until: number; result: number | null }>();
        let now = 0;
        let clock = Number.NEGATIVE_INFINITY;
        for (const { step, key, what } of actions) {
          if (what === 'restart') {
            keys = new IdempotencyKeys(options, throughJson(keys.snapshot()));
            continue;
          }
          now += step;
          clock = Math.max(clock, now);
          for (const [other, { until }] of model) if (until <= clock) model.delete(other);
          const entry = model.get(key);
          if (what === 'begin') {
            const decision = keys.begin(key, key, now);
            if (entry === undefined) expect(decision).toBe(model.size < 2 ? 'first' : 'full');
            else expect(decision).toBe(entry.result === null ? 'in-progress' : 'done');
            if (decision === 'first') model.set(key, { token: keys.token, until: clock + 10, result: null });
            if (decision === 'done') expect(keys.result).toBe(entry!.result);
            expect(keys.retryIn > 0).toBe(decision === 'in-progress' || decision === 'full');
          } else {
            const token = entry?.token ?? 0;
            const runs = entry !== undefined && entry.result === null;
            if (what === 'complete') {
              expect(keys.complete(key, token, token, now)).toBe(runs);
              if (runs) model.set(key, { token, until: clock + 100, result: token });
            } else if (what === 'renew') {
              expect(keys.renew(key, token, now)).toBe(runs);
              if (runs) entry.until = clock + 10;
            } else {
              expect(keys.abandon(key, token, now)).toBe(runs);
              if (runs) model.delete(key);
            }
          }
          expect(keys.size).toBeLessThanOrEqual(2);
        }
      }),
    );
  });

  it('IK-7 refuses impossible arguments and foreign states by name', () => {
    for (const bad of [
      { capacity: 0 },
      { capacity: 1.5 },
      { lease: 0 },
      { lease: Number.NaN },
      { keep: -1 },
    ]) {
      expect(() => new IdempotencyKeys({ ...options, ...bad })).toThrow(RangeError);
    }
    const keys = new IdempotencyKeys(options);
    expect(() => keys.begin('a', 1, Number.NaN)).toThrow(/now must be/);
    keys.begin('a', 1, 0);
    keys.begin('b', 1, 0);
    const state = keys.snapshot();
    expect(() => new IdempotencyKeys({ ...options, capacity: 1 }, state)).toThrow(RangeError);
    expect(() => new IdempotencyKeys(options, { ...state, token: 1 })).toThrow(RangeError);
    expect(() => new IdempotencyKeys(options, { ...state, version: 2 as 1 })).toThrow(/version 1/);
  });
});
