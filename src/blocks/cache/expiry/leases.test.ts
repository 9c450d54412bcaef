import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, exponential } from '../../../kernel/index.ts';
import { createCache } from '../index.ts';
import { Leases, type LeasesState } from './index.ts';

describe('Leases', () => {
  it('LS-1, LS-2, LS-3 gives one token at a time, until it is used or late', () => {
    const leases = new Leases({ timeout: 10, maxLeases: 5 });
    const first = leases.acquire(1, 0);
    expect(first).toBeGreaterThan(0);
    expect(leases.acquire(1, 9.9)).toBe(0);
    expect(leases.remaining(1, 4)).toBe(6);
    expect(leases.acquire(2, 5)).toBeGreaterThan(first);
    const second = leases.acquire(1, 10);
    expect(second).toBeGreaterThan(first);
    expect(leases.fill(1, first)).toBe(false);
    expect(leases.fill(1, second)).toBe(true);
    expect(leases.fill(1, second)).toBe(false);
    expect(leases.remaining(1, 10)).toBe(0);
    const late = leases.acquire(3, 0);
    expect(leases.remaining(3, 3600)).toBe(0);
    expect(leases.fill(3, late)).toBe(true);
  });

  it('LS-4 turns away who read before an invalidation', () => {
    const leases = new Leases({ timeout: 10, maxLeases: 5 });
    const token = leases.acquire(1, 0);
    expect(leases.invalidate(1)).toBe(true);
    expect(leases.invalidate(1)).toBe(false);
    expect(leases.fill(1, token)).toBe(false);
    const next = leases.acquire(1, 0);
    expect(leases.fill(1, next)).toBe(true);
  });

  it('LS-5 lets the oldest go beyond the maximum', () => {
    const leases = new Leases({ timeout: 10, maxLeases: 20 });
    const tokens = Array.from({ length: 21 }, (_, key) => leases.acquire(key, 0));
    expect(leases.size).toBe(20);
    expect(leases.fill(0, tokens[0]!)).toBe(false);
    expect(leases.fill(1, tokens[1]!)).toBe(true);
  });

  it('LS-6 takes a clock that goes back for the present', () => {
    const leases = new Leases({ timeout: 10, maxLeases: 5 });
    leases.acquire(1, 3600);
    expect(leases.acquire(1, 0)).toBe(0);
    expect(leases.remaining(1, 0)).toBe(10);
    expect(leases.acquire(1, 10)).toBeGreaterThan(0);
    expect(leases.acquire(2, -5)).toBeGreaterThan(0);
    expect(leases.acquire(2, 4.9)).toBe(0);
    expect(leases.acquire(2, 5)).toBeGreaterThan(0);
  });

  it('holds its rules whatever is asked, and goes on from a snapshot', () => {
    const step = fc.record({
      op: fc.constantFrom('acquire', 'fill', 'invalidate', 'snapshot'),
      key: fc.nat({ max: 6 }),
      wait: fc.integer({ min: -3, max: 6 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), fc.integer({ min: 1, max: 5 }), (steps, maxLeases) => {
        const options = { timeout: 5, maxLeases };
        let leases = new Leases(options);
        const held = new Map<number, number>();
        let last = 0;
        let now = 0;
        for (const { op, key, wait } of steps) {
          now += wait;
          if (op === 'acquire') {
            const token = leases.acquire(key, now);
            if (token > 0) {
              expect(token).toBeGreaterThan(last);
              last = token;
              held.set(key, token);
              expect(leases.acquire(key, now)).toBe(0);
            } else expect(leases.remaining(key, now)).toBeGreaterThan(0);
          } else if (op === 'fill') {
            if (leases.fill(key, held.get(key) ?? 0)) held.delete(key);
            expect(leases.fill(key, held.get(key) ?? 0)).toBe(false);
          } else if (op === 'invalidate') {
            leases.invalidate(key);
            expect(leases.fill(key, held.get(key) ?? 0)).toBe(false);
          } else {
            leases = Leases.restore(options, JSON.parse(JSON.stringify(leases.snapshot())) as LeasesState);
          }
          expect(leases.size).toBeLessThanOrEqual(maxLeases);
        }
      }),
    );
  });

  it('names what is wrong with its arguments and with a foreign state', () => {
    expect(() => new Leases({ timeout: 0, maxLeases: 1 })).toThrow(/timeout must be > 0, got 0/);
    expect(() => new Leases({ timeout: 1, maxLeases: 0 })).toThrow(/maxLeases must be a whole number from 1/);
    const leases = new Leases({ timeout: 1, maxLeases: 2 });
    expect(() => leases.acquire(-1, 0)).toThrow(/key must be a whole number/);
    expect(() => leases.acquire(2 ** 53, 0)).toThrow(RangeError);
    expect(() => leases.acquire(1, Number.NaN)).toThrow(/now must be a finite number, got NaN/);
    leases.acquire(1, 0);
    leases.acquire(2, 0);
    const state = leases.snapshot();
    for (const bad of [
      null,
      {},
      { ...state, version: 2 },
      { ...state, count: 1 },
      { ...state, rows: [[1, 1, Number.NaN]] },
      { ...state, rows: state.rows.toReversed() },
      { ...state, rows: [3] },
    ]) {
      expect(() => Leases.restore({ timeout: 1, maxLeases: 2 }, bad as LeasesState)).toThrow(RangeError);
    }
    expect(() => Leases.restore({ timeout: 1, maxLeases: 1 }, state)).toThrow(/at most 1 keys, got 2/);
  });
});

describe('a stampede on one key', () => {
  /** Calls of the origin in so many cycles of expiry; misses during a fetch all go there, unless there are leases. */
  function origin(rate: number, ttl: number, fetchTime: number, withLeases: boolean, cycles: number) {
    const random = createRandom(2);
    const cache = createCache('lru', { capacity: 1 });
    const leases = new Leases({ timeout: 100 * fetchTime, maxLeases: 1 });
    let calls = 0;
    let fills = 0;
    let now = 0;
    let nextRequest = exponential(random) / rate;
    /** Fetches under way, in the order in which they come back. */
    const fetches: { at: number; token: number }[] = [];
    while (fills < cycles) {
      const fetched = fetches[0];
      if (fetched !== undefined && fetched.at <= nextRequest) {
        fetches.shift();
        now = fetched.at;
        if (withLeases && !leases.fill(1, fetched.token)) continue;
        // Counted from the first fetch that came back; the others bring the same.
        if (!cache.contains(1, now)) {
          cache.insert(1, 1, now, now + ttl);
          fills++;
        }
        continue;
      }
      now = nextRequest;
      nextRequest += exponential(random) / rate;
      if (cache.lookup(1, now)) continue;
      const token = withLeases ? leases.acquire(1, now) : 1;
      if (token === 0) continue;
      calls++;
      fetches.push({ at: now + fetchTime, token });
    }
    return { perCycle: calls / fills, perSecond: calls / now };
  }

  it.each([
    [100, 60, 0.5, 51, 0.84284, 0.016526, 450],
    [1000, 10, 0.2, 201, 19.704, 0.09803, 120],
  ])(
    'O-C10 %d/s, lifetime %d s, fetch %d s: %d calls a cycle, %d/s; with leases %d/s',
    (rate, ttl, fetchTime, perCycle, perSecond, coalesced, cycles) => {
      const alone = origin(rate, ttl, fetchTime, false, cycles);
      // Poisson arrivals during a fetch: three standard errors of their mean are within the 2 % of the case.
      expect((3 * Math.sqrt(rate * fetchTime)) / Math.sqrt(cycles) / perCycle).toBeLessThan(0.02);
      expect(Math.abs(alone.perCycle / perCycle - 1)).toBeLessThan(0.02);
      expect(Math.abs(alone.perSecond / perSecond - 1)).toBeLessThan(0.02);
      const leased = origin(rate, ttl, fetchTime, true, cycles);
      expect(leased.perCycle).toBeCloseTo(1, 1);
      expect(Math.abs(leased.perSecond / coalesced - 1)).toBeLessThan(0.02);
    },
  );
});
