import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../kernel/index.ts';
import { createBackoff, createRetryBudget, RETRY_REFUSAL, RetryPolicy, retryRefusal } from './index.ts';

const NEVER = Number.POSITIVE_INFINITY;
const still: Random = { next: () => 0.5 };
const immediate = createBackoff({ kind: 'none' });

function attemptsOnly(maxAttempts: number): RetryPolicy {
  return new RetryPolicy({ maxAttempts, backoff: immediate, budget: null });
}

/** Tries `work` until the policy gives up; the number of attempts, and whether the last one succeeded. */
function tries(policy: RetryPolicy, work: () => boolean): { attempts: number; succeeded: boolean } {
  policy.started(0);
  for (let attempt = 1; ; attempt++) {
    if (work()) return { attempts: attempt, succeeded: true };
    if (policy.afterFailure(attempt, 0, 0, NEVER, still) < 0) return { attempts: attempt, succeeded: false };
  }
}

describe('retry policy', () => {
  it('RP-1 makes exactly as many attempts as asked for', () => {
    for (const attempts of [1, 2, 3, 10]) {
      expect(tries(attemptsOnly(attempts), () => false)).toEqual({ attempts, succeeded: false });
    }
  });

  it('RP-2 says which reason there is to stop, the first that holds', () => {
    const policy = new RetryPolicy({
      maxAttempts: 3,
      backoff: createBackoff({ kind: 'constant', delay: 5 }),
      budget: createRetryBudget({ kind: 'ratio', ttl: 10, minimumRate: 0.1, ratio: 0 }),
    });
    const reason = (...of: Parameters<RetryPolicy['afterFailure']>) =>
      retryRefusal(policy.afterFailure(...of));
    expect(reason(3, 0, 0, 4, still, false)).toBe('permanent');
    expect(reason(3, 0, 0, 4, still)).toBe('attempts');
    expect(reason(2, 0, 0, 5, still)).toBe('deadline');
    expect(reason(2, 0, 0, NEVER, still, true, NEVER)).toBe('deadline');
    expect(policy.afterFailure(2, 0, 0, 5.1, still)).toBe(5);
    expect(reason(2, 0, 0, NEVER, still)).toBe('budget');
    expect(Object.keys(RETRY_REFUSAL).map((name) => RETRY_REFUSAL[name as 'budget'])).toEqual([
      -1, -2, -3, -4, -5,
    ]);
    expect(retryRefusal(0)).toBe(null);
    expect(retryRefusal(5)).toBe(null);
  });

  it('RP-3 waits as long as the dependency asks for, and its own delay on top', () => {
    const policy = new RetryPolicy({
      maxAttempts: 9,
      backoff: createBackoff({ kind: 'constant', delay: 5 }),
      budget: null,
    });
    expect(policy.afterFailure(1, 0, 0, NEVER, still, true, 7)).toBe(12);
    expect(policy.afterFailure(1, 0, 0, NEVER, still)).toBe(5);
  });

  it('RP-8 gives up where the dependency asks for more than it bears, and takes nothing from the budget for that', () => {
    const budget = createRetryBudget({ kind: 'ratio', ttl: 10, minimumRate: 0.1, ratio: 0 });
    const policy = new RetryPolicy({ maxAttempts: 9, backoff: immediate, budget, longestWait: 7 });
    expect(retryRefusal(policy.afterFailure(1, 0, 0, NEVER, still, true, 7.1))).toBe('wait');
    expect(policy.afterFailure(1, 0, 0, NEVER, still, true, 7)).toBe(7);
    for (const longestWait of [-1, Number.NaN]) {
      expect(
        () => new RetryPolicy({ maxAttempts: 2, backoff: immediate, budget: null, longestWait }),
      ).toThrow(/longestWait must be/);
    }
  });

  it('RP-4 takes nothing from the budget for a retry that is not made', () => {
    const budget = createRetryBudget({ kind: 'ratio', ttl: 10, minimumRate: 0.1, ratio: 0 });
    const policy = new RetryPolicy({ maxAttempts: 2, backoff: immediate, budget });
    for (let i = 0; i < 10; i++) {
      policy.afterFailure(2, 0, 0, NEVER, still);
      policy.afterFailure(1, 0, 0, 0, still);
      policy.afterFailure(1, 0, 0, NEVER, still, false);
    }
    expect(policy.afterFailure(1, 0, 0, NEVER, still)).toBe(0);
    expect(policy.afterFailure(1, 0, 0, NEVER, still)).toBe(RETRY_REFUSAL.budget);
  });

  it('RP-5 tells a token budget of failures and successes', () => {
    const budget = createRetryBudget({ kind: 'token', maxTokens: 4, tokenRatio: 0.5 });
    const policy = new RetryPolicy({ maxAttempts: 100, backoff: immediate, budget });
    expect(policy.afterFailure(1, 0, 0, NEVER, still)).toBe(0);
    expect(policy.afterFailure(1, 0, 0, NEVER, still)).toBe(RETRY_REFUSAL.budget);
    for (let i = 0; i < 4; i++) policy.succeeded(0);
    expect(policy.afterFailure(1, 0, 0, NEVER, still)).toBe(0);
  });

  it('RP-6 never ends a delay at the deadline or later, nor returns what is no number', () => {
    const policy = new RetryPolicy({
      maxAttempts: 5,
      backoff: createBackoff({ kind: 'decorrelated-jitter', base: 1, cap: 50 }),
      budget: null,
    });
    const instant = fc.double({ min: -1000, max: 1000, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        instant,
        instant,
        fc.nat(),
        (attempt, now, deadline, seed) => {
          const delay = policy.afterFailure(attempt, 1, now, deadline, createRandom(seed));
          if (delay >= 0) expect(now + delay < deadline && attempt < 5).toBe(true);
          else expect(retryRefusal(delay)).not.toBe(null);
        },
      ),
    );
  });

  it('RP-7 refuses impossible options and arguments by name', () => {
    for (const attempts of [0, -1, 1.5, Number.NaN]) {
      expect(() => attemptsOnly(attempts)).toThrow(/maxAttempts must be a whole number/);
      expect(() => attemptsOnly(2).afterFailure(attempts, 0, 0, 1, still)).toThrow(/attempt must be/);
    }
    expect(() => attemptsOnly(2).afterFailure(1, 0, Number.NaN, 1, still)).toThrow(/now must be/);
    expect(() => attemptsOnly(2).afterFailure(1, 0, 0, Number.NaN, still)).toThrow(/deadline must be/);
    expect(() => attemptsOnly(2).afterFailure(1, 0, 0, 1, still, true, -1)).toThrow(/atLeast must be/);
  });
});

describe('published cases', () => {
  it.each([
    [3, 4, 64],
    [5, 3, 243],
  ])('O-R02 %d layers of %d attempts make %d calls at the bottom', (layers, attempts, calls) => {
    const policy = attemptsOnly(attempts);
    let made = 0;
    const layer = (depth: number): boolean => {
      if (depth === 0) {
        made++;
        return false;
      }
      return tries(policy, () => layer(depth - 1)).succeeded;
    };
    expect(layer(layers)).toBe(false);
    expect(made).toBe(calls);
  });

  it.each([
    [0.1, 3, 1.11, 0.999],
    [0.5, 3, 1.75, 0.875],
    [0.9, 3, 2.71, 0.271],
    // The lowest of three layers of four attempts, by call it gets.
    [0.5, 4, 1.875, 0.9375],
  ])(
    'O-R03 failing with p = %d, at most %d attempts: %d on average, success %d',
    (p, k, attempts, success) => {
      const policy = attemptsOnly(k);
      const random = createRandom(3);
      const calls = 400_000;
      let made = 0;
      let succeeded = 0;
      for (let i = 0; i < calls; i++) {
        const outcome = tries(policy, () => random.next() >= p);
        made += outcome.attempts;
        if (outcome.succeeded) succeeded++;
      }
      // Standard errors are below 0.2 % and 0.26 %.
      expect(Math.abs(made / calls / attempts - 1)).toBeLessThan(0.01);
      expect(Math.abs(succeeded / calls / success - 1)).toBeLessThan(0.01);
    },
  );
});
