import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import { createRetryBudget, type RetryBudgetOptions, type RetryBudgetState } from './index.ts';

const finagle: RetryBudgetOptions = { kind: 'ratio', ttl: 10, minimumRate: 10, ratio: 0.2 };
const grpc: RetryBudgetOptions = { kind: 'token', maxTokens: 10, tokenRatio: 0.1 };

const uses = ['started', 'succeeded', 'failed', 'tryRetry'] as const;
const history = fc.array(fc.tuple(fc.constantFrom(...uses), fc.double({ min: -30, max: 30, noNaN: true })), {
  maxLength: 300,
});

describe.each([finagle, grpc])('retry budget $kind', (options) => {
  it('RB-1 starts full and is spent by failures alone', () => {
    const budget = createRetryBudget(options);
    let retries = 0;
    for (let i = 0; i < 10_000; i++) {
      budget.failed(0);
      if (budget.tryRetry(0)) retries++;
    }
    expect(retries).toBe(options.kind === 'ratio' ? 100 : 4);
  });

  it('RB-2 comes back', () => {
    const budget = createRetryBudget(options);
    for (let i = 0; i < 1000; i++) {
      budget.failed(0);
      budget.tryRetry(0);
    }
    expect(budget.tryRetry(0)).toBe(false);
    for (let i = 0; i < 100; i++) budget.succeeded(20);
    expect(budget.tryRetry(20)).toBe(true);
  });

  it('RB-3 goes on from a snapshot, through JSON, as though there had been none', () => {
    fc.assert(
      fc.property(history, history, (before, after) => {
        const one = createRetryBudget(options);
        for (const [use, now] of before) one[use](now);
        const other = createRetryBudget(
          options,
          JSON.parse(JSON.stringify(one.snapshot())) as RetryBudgetState,
        );
        for (const [use, now] of after) expect(other[use](now)).toBe(one[use](now));
        expect(other.snapshot()).toEqual(one.snapshot());
      }),
    );
  });

  it('RB-4 gives nothing more for a clock that goes back', () => {
    const budget = createRetryBudget(options);
    for (let i = 0; i < 1000; i++) {
      budget.failed(3600);
      budget.tryRetry(3600);
    }
    for (const now of [3600, 3599, 3591, 0, -3600, -(2 ** 53)]) expect(budget.tryRetry(now)).toBe(false);
  });

  it('RB-5 refuses impossible arguments and state', () => {
    const budget = createRetryBudget(options);
    for (const use of uses) expect(() => budget[use](Number.NaN)).toThrow(/now must be finite/);
    for (const state of [
      null,
      {},
      { version: 1, kind: 'consecutive' },
      { version: 2, kind: options.kind },
      { version: 1, kind: 'ratio', epoch: 0, balances: [0] },
      { version: 1, kind: 'ratio', epoch: 0, balances: Array(10).fill(Number.NaN) },
      { version: 1, kind: 'token', milliTokens: -1 },
    ]) {
      expect(() => createRetryBudget(options, state as RetryBudgetState)).toThrow(RangeError);
    }
  });
});

describe('ratio', () => {
  it('RB-6 never gives more than the reserve and the share of the requests, in any window', () => {
    const step = fc.record({ move: fc.double({ min: 0, max: 2, noNaN: true }), request: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const budget = createRetryBudget({ kind: 'ratio', ttl: 10, minimumRate: 0.3, ratio: 0.25 });
        const retries: number[] = [];
        const requests: number[] = [];
        let now = -5;
        for (const { move, request } of steps) {
          now += move;
          if (request) {
            budget.started(now);
            requests.push(now);
            continue;
          }
          if (!budget.tryRetry(now)) continue;
          retries.push(now);
          const slot = Math.floor(now);
          const inside = (times: number[]) => times.filter((t) => Math.floor(t) > slot - 10).length;
          expect(inside(retries)).toBeLessThanOrEqual(3 + 0.25 * inside(requests));
        }
      }),
    );
  });

  it('RB-7 with ratio 0 gives the reserve alone', () => {
    const budget = createRetryBudget({ kind: 'ratio', ttl: 10, minimumRate: 0.5, ratio: 0 });
    for (let i = 0; i < 100; i++) budget.started(0);
    const retries = Array.from({ length: 10 }, () => budget.tryRetry(0)).filter(Boolean).length;
    expect(retries).toBe(5);
  });

  it('O-R06 at most 210 retries a second of 1000 requests a second that all fail', () => {
    const budget = createRetryBudget(finagle);
    let retries = 0;
    const seconds = 1000;
    for (let i = 0; i < 1000 * seconds; i++) {
      const now = i / 1000;
      budget.started(now);
      // Every failure, of a first attempt or a retry, wants one more.
      while (budget.tryRetry(now)) retries++;
    }
    const perSecond = retries / seconds;
    expect(Math.abs(perSecond / 210 - 1)).toBeLessThan(0.02);
    expect(Math.abs((1000 + perSecond) / 1000 / 1.21 - 1)).toBeLessThan(0.02);
  });
});

describe('token', () => {
  it('O-R05 allows a retry after 4 straight failures, none after the 5th, again after one success', () => {
    const budget = createRetryBudget(grpc);
    const allowed: boolean[] = [];
    for (let i = 0; i < 5; i++) {
      budget.failed(0);
      allowed.push(budget.tryRetry(0));
    }
    expect(allowed).toEqual([true, true, true, true, false]);
    expect(budget.snapshot()).toEqual({ version: 1, kind: 'token', milliTokens: 5000 });
    budget.succeeded(0);
    expect(budget.snapshot()).toEqual({ version: 1, kind: 'token', milliTokens: 5100 });
    expect(budget.tryRetry(0)).toBe(true);
  });

  it.each([
    [0.0909 - 0.005, false],
    [0.0909 + 0.005, true],
  ])('O-R05 a lasting share of failures of %d drains it: %s', (share, drained) => {
    const budget = createRetryBudget({ kind: 'token', maxTokens: 1000, tokenRatio: 0.1 });
    const random = createRandom(5);
    let blocked = 0;
    // The drift is ± 0.0055 a call, so 10^6 calls move it by 5,500 tokens and chance by some 300.
    const calls = 1_000_000;
    for (let i = 0; i < calls; i++) {
      if (random.next() < share) budget.failed(0);
      else budget.succeeded(0);
      if (!budget.tryRetry(0)) blocked++;
    }
    if (drained) expect(blocked).toBeGreaterThan(0.5 * calls);
    else expect(blocked).toBe(0);
  });

  it('RB-8 refuses impossible options by name', () => {
    const make = (options: object) => () => createRetryBudget(options as RetryBudgetOptions);
    expect(make({ kind: 'x' })).toThrow(/kind must be one of ratio, token, got x/);
    expect(make({ ...grpc, maxTokens: 0 })).toThrow(/maxTokens must be/);
    expect(make({ ...grpc, maxTokens: 1001 })).toThrow(/maxTokens must be/);
    expect(make({ ...grpc, tokenRatio: Number.NaN })).toThrow(/tokenRatio must be/);
    expect(make({ ...finagle, ttl: 0 })).toThrow(/ttl must be/);
    expect(make({ ...finagle, minimumRate: -1 })).toThrow(/minimumRate must be/);
    expect(make({ ...finagle, ratio: 1001 })).toThrow(/ratio must be/);
  });
});
