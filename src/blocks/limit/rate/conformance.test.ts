import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../kernel/index.ts';
import {
  createRateLimiter,
  FixedWindow,
  type RateLimiter,
  type RateLimiterName,
  type RateLimiterState,
  rateLimiters,
} from '../index.ts';

interface Passed {
  readonly at: number;
  readonly cost: number;
}

/** A limiter with its rule told plainly: from the whole history, by the definition rather than by a state. */
interface Subject {
  /** As new, or going on from a state. */
  create(state?: RateLimiterState): RateLimiter;
  /** May `cost` pass at `now`, after all that has passed before? Exact for times that are short in binary. */
  allows(history: readonly Passed[], now: number, cost: number): boolean;
  /** The most that may pass in a closed stretch of length t. */
  most(t: number): number;
  /** The largest cost that can ever pass. */
  readonly largest: number;
  /** The time in which it forgets. */
  readonly span: number;
}

const sum = (history: readonly Passed[]) => history.reduce((total, { cost }) => total + cost, 0);

/** Options from three whole numbers; powers of two, so that the arithmetic of the rules is exact. */
const subjects: Record<RateLimiterName, (size: number, exponent: number, extra: number) => Subject> = {
  'token-bucket': (size, exponent) => {
    const rate = 2 ** exponent;
    const most = (t: number) => size + rate * t;
    return {
      create: (state) => createRateLimiter('token-bucket', { rate, burst: size }, state),
      // By its arrival curve: no stretch that ends here has seen more.
      allows: (history, now, cost) =>
        [...history, { at: now, cost: 0 }].every(
          ({ at }) => sum(history.filter((passed) => passed.at >= at)) + cost <= most(now - at),
        ),
      most,
      largest: size,
      span: size / rate,
    };
  },
  gcra: (size, exponent) => {
    const rate = 2 ** exponent;
    const tolerance = (size - 1) / rate;
    return {
      create: (state) => createRateLimiter('gcra', { rate, tolerance }, state),
      // Virtual scheduling: theoretical arrival times.
      allows: (history, now, cost) => {
        let due = Number.NEGATIVE_INFINITY;
        for (const passed of history) due = Math.max(due, passed.at) + passed.cost / rate;
        return cost === 0 || Math.max(due, now) + (cost - 1) / rate - now <= tolerance;
      },
      most: (t) => 1 + tolerance * rate + rate * t,
      largest: size,
      span: size / rate,
    };
  },
  'leaky-bucket': (size, exponent) => {
    const rate = 2 ** exponent;
    return {
      create: (state) => createRateLimiter('leaky-bucket', { rate, capacity: size }, state),
      // The way out is free when the last one has left.
      allows: (history, now, cost) => {
        let free = Number.NEGATIVE_INFINITY;
        for (const passed of history) free = Math.max(free, passed.at) + passed.cost / rate;
        return cost === 0 || (cost <= size && free <= now);
      },
      most: (t) => size + rate * t,
      largest: size,
      span: size / rate,
    };
  },
  'fixed-window': (size, exponent, extra) => {
    const window = 2 ** exponent;
    const origin = extra / 8;
    const index = (at: number) => Math.floor((at - origin) / window);
    return {
      create: (state) => createRateLimiter('fixed-window', { limit: size, window, origin }, state),
      allows: (history, now, cost) =>
        sum(history.filter(({ at }) => index(at) === index(now))) + cost <= size,
      most: (t) => size * (Math.ceil(t / window) + 1),
      largest: size,
      span: window,
    };
  },
  'sliding-log': (size, exponent) => {
    const window = 2 ** exponent;
    return {
      create: (state) => createRateLimiter('sliding-log', { limit: size, window }, state),
      allows: (history, now, cost) => sum(history.filter(({ at }) => at > now - window)) + cost <= size,
      most: (t) => size * (Math.floor(t / window) + 1),
      largest: size,
      span: window,
    };
  },
  'sliding-counter': (size, exponent, extra) => {
    const window = 2 ** exponent;
    const origin = extra / 8;
    const index = (at: number) => Math.floor((at - origin) / window);
    return {
      create: (state) => createRateLimiter('sliding-counter', { limit: size, window, origin }, state),
      allows: (history, now, cost) => {
        const previous = sum(history.filter(({ at }) => index(at) === index(now) - 1));
        const current = sum(history.filter(({ at }) => index(at) === index(now)));
        const left = 1 - ((now - origin) / window - index(now));
        return cost === 0 || Math.floor(previous * left + current) + cost <= size;
      },
      most: (t) => size * (Math.ceil(t / window) + 1),
      largest: size,
      span: 2 * window,
    };
  },
};

const size = fc.integer({ min: 1, max: 12 });
const exponent = fc.integer({ min: -3, max: 3 });
const extra = fc.integer({ min: -20, max: 20 });

/** Steps between calls in 64ths: mostly small, some none, some back, some large. */
const steps = fc.array(
  fc.record({
    step: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 40 }) },
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: -200, max: -1 }) },
      { weight: 1, arbitrary: fc.integer({ min: 41, max: 300_000 }) },
    ),
    cost: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, fc.integer({ min: 0, max: 13 })),
  }),
  { maxLength: 80 },
);

const anyTime = fc.double({ min: -1e9, max: 1e9, noNaN: true });
const anyGaps = fc.array(
  fc.record({
    gap: fc.oneof(
      { weight: 4, arbitrary: fc.double({ min: 0, max: 2, noNaN: true }) },
      { weight: 2, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.double({ min: 0, max: 100, noNaN: true }) },
    ),
    cost: fc.integer({ min: 1, max: 4 }),
  }),
  { maxLength: 60 },
);

/** What rounding may move an instant by, generously: see `RateLimiter`. */
const nearby = (now: number, span: number) => 2 ** -43 * (Math.abs(now) + span);

describe.each(rateLimiters)('%s', (name) => {
  const subject = subjects[name];

  it('RL-1 decides as its rule told plainly, whatever comes, the clock going back and jumping', () => {
    fc.assert(
      fc.property(
        size,
        exponent,
        extra,
        fc.integer({ min: -5000, max: 5000 }),
        steps,
        (a, b, c, start, plan) => {
          const { create, allows, largest } = subject(a, b, c);
          const limiter = create();
          const history: Passed[] = [];
          let now = start / 64;
          for (const { step, cost } of plan) {
            now += step / 64;
            const time = Math.max(now, history.at(-1)?.at ?? now);
            const wait = limiter.tryTake(now, cost);
            if (cost > largest) expect(wait).toBe(Number.POSITIVE_INFINITY);
            else expect(wait === 0, `at ${now}, ${cost}`).toBe(allows(history, time, cost));
            expect(wait).toBeGreaterThanOrEqual(0);
            if (wait === 0 && cost > 0) history.push({ at: time, cost });
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('RL-2 never lets through more than promised in any stretch of time', () => {
    fc.assert(
      fc.property(size, exponent, extra, anyTime, anyGaps, (a, b, c, start, plan) => {
        const { create, most, span } = subject(a, b, c);
        const limiter = create();
        const passed: Passed[] = [];
        let now = start;
        for (const { gap, cost } of plan) {
          now += gap * span;
          if (limiter.tryTake(now, cost) === 0) passed.push({ at: now, cost });
        }
        const slack = 1e-12 * a + 2 * nearby(now, span) * 2 ** Math.abs(b);
        for (let from = 0; from < passed.length; from++) {
          let amount = 0;
          for (let to = from; to < passed.length; to++) {
            amount += passed[to]!.cost;
            const length = passed[to]!.at - passed[from]!.at;
            expect(amount).toBeLessThanOrEqual(most(length + nearby(now, span)) + slack);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('RL-3 tells exactly how long to wait: then it passes, a moment earlier it does not', () => {
    fc.assert(
      fc.property(size, exponent, extra, anyTime, anyGaps, (a, b, c, start, plan) => {
        const { create, span } = subject(a, b, c);
        const limiter = create();
        let now = start;
        for (const { gap, cost } of plan) {
          now += 0.3 * gap * span;
          const before = limiter.snapshot();
          const wait = limiter.tryTake(now, cost);
          if (wait === 0 || wait === Number.POSITIVE_INFINITY) continue;
          expect(limiter.snapshot()).toEqual(before);
          expect(create(before).tryTake(now + wait, cost)).toBe(0);
          const moment = nearby(now, span) * 16;
          if (wait > moment) expect(create(before).tryTake(now + wait - moment, cost)).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('RL-4 a clock that has gone back has to come back first', () => {
    const { create, span } = subject(4, 1, 0);
    const limiter = create();
    while (limiter.tryTake(1000) === 0);
    const wait = limiter.tryTake(1000);
    for (const back of [0.5, 10, 3600, 1e6]) {
      expect(limiter.tryTake(1000 - back)).toBeGreaterThanOrEqual(back + wait - nearby(1000, span));
    }
    expect(limiter.tryTake(1000 + wait)).toBe(0);
  });

  it('RL-5 a clock that jumps ahead finds it as new, and no more than that', () => {
    const { create } = subject(4, 1, 0);
    const limiter = create();
    while (limiter.tryTake(0) === 0);
    const fresh = create();
    for (let i = 0; i < 10; i++) expect(limiter.tryTake(3600) === 0).toBe(fresh.tryTake(3600) === 0);
  });

  it('RL-6 is idle at the instant it says, as is one that was never asked', () => {
    fc.assert(
      fc.property(size, exponent, extra, anyTime, anyGaps, (a, b, c, start, plan) => {
        const { create, span } = subject(a, b, c);
        const limiter = create();
        expect(limiter.idleAt()).toBe(Number.NEGATIVE_INFINITY);
        let now = start;
        for (const { gap, cost } of plan) {
          now += gap * span;
          limiter.tryTake(now, cost);
        }
        const idle = Math.max(now, limiter.idleAt());
        const again = create(limiter.snapshot());
        const fresh = create();
        for (const { gap, cost } of plan) {
          const time = idle + nearby(idle, span) + gap * span;
          expect(again.tryTake(time, cost)).toBeCloseTo(fresh.tryTake(time, cost), 5);
        }
        limiter.reset();
        expect(limiter.snapshot()).toEqual(create().snapshot());
        expect(limiter.idleAt()).toBe(Number.NEGATIVE_INFINITY);
      }),
    );
  });

  it('RL-7 a refusal leaves no trace', () => {
    const { create } = subject(3, 0, 0);
    const limiter = create();
    while (limiter.tryTake(5) === 0);
    const state = limiter.snapshot();
    for (const now of [5, 5.01, 4, -100]) {
      expect(limiter.tryTake(now, 3)).toBeGreaterThan(0);
      expect(limiter.snapshot()).toEqual(state);
    }
  });

  it('RL-8 goes on from its snapshot through JSON, and decides alike when run twice', () => {
    const decisions = (through: boolean) => {
      const { create } = subject(5, 1, 3);
      const random = createRandom(7, 'arrivals');
      let limiter = create();
      let now = -20;
      return Array.from({ length: 500 }, () => {
        now += random.next() * 0.4;
        const state = JSON.parse(JSON.stringify(limiter.snapshot())) as RateLimiterState;
        if (through) limiter = create(state);
        return limiter.tryTake(now, 1 + Math.floor(random.next() * 2));
      });
    };
    expect(decisions(true)).toEqual(decisions(false));
    expect(decisions(false)).toEqual(decisions(false));
  });

  it('RL-9 refuses foreign and faulty states', () => {
    const { create } = subject(3, 0, 0);
    const limiter = create();
    limiter.tryTake(0);
    const state = limiter.snapshot();
    const other = rateLimiters.find((each) => each !== name)!;
    const { values } = state;
    for (const faulty of [
      { ...state, version: 2 },
      { ...state, algorithm: other },
      { ...state, values: [...values, 1] },
      { ...state, values: values.map(() => Number.NaN) },
      { ...state, values: values.map(() => null) },
      { ...state, values: values.map(() => 1e300) },
      { ...state, values: values.map(() => -1e300) },
      { ...state, values: 'x' },
    ]) {
      expect(() => create(faulty as RateLimiterState), JSON.stringify(faulty)).toThrow(RangeError);
    }
  });

  it('RL-10 stands what a clock and a caller can do to it', () => {
    const { create, largest } = subject(3, 0, 1);
    const limiter = create();
    expect(limiter.tryTake(0, 2 ** 53)).toBe(Number.POSITIVE_INFINITY);
    expect(limiter.tryTake(0, Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(limiter.tryTake(0, 0)).toBe(0);
    expect(limiter.tryTake(-0, largest)).toBe(0);
    for (const now of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(() => limiter.tryTake(now)).toThrow(/now must be a finite number, got/);
    }
    for (const cost of [Number.NaN, -1, Number.NEGATIVE_INFINITY]) {
      expect(() => limiter.tryTake(1, cost)).toThrow(/cost must be ≥ 0, got/);
    }
    for (const now of [-(2 ** 53), -1e300, 1e-300, 2 ** 53, 1e300, 0, -1]) {
      const wait = limiter.tryTake(now);
      expect(wait).toBeGreaterThanOrEqual(0);
    }
  });
});

it('RL-13 what a refusal found expired in a log counts again when the clock goes back', () => {
  const limiter = createRateLimiter('sliding-log', { limit: 3, window: 10 });
  expect(limiter.tryTake(0)).toBe(0);
  expect(limiter.tryTake(5, 2)).toBe(0);
  expect(limiter.tryTake(12, 2)).toBe(3);
  expect(limiter.tryTake(9)).toBe(1);
});

it('RL-14 a fixed window tells beforehand what it would answer, and keeps no trace of that', () => {
  fc.assert(
    fc.property(size, exponent, steps, (limit, power, plan) => {
      const limiter = new FixedWindow({ limit, window: 2 ** power });
      let now = 0;
      for (const { step, cost } of plan) {
        now += step / 64;
        const before = limiter.snapshot();
        const wait = limiter.peek(now, cost);
        expect(limiter.snapshot()).toEqual(before);
        expect(limiter.tryTake(now, cost)).toBe(wait);
      }
    }),
  );
});

it('createRateLimiter lists the algorithms when it does not know one', () => {
  expect(() => createRateLimiter('bucket' as 'gcra', { rate: 1 })).toThrow(
    /one of token-bucket, gcra, leaky/,
  );
});

describe('options', () => {
  const bad = [0, -1, Number.NaN, Number.POSITIVE_INFINITY];
  it.each(bad)('RL-11 refuses %d where a limiter cannot work with it', (value) => {
    expect(() => createRateLimiter('token-bucket', { rate: value, burst: 1 })).toThrow(/rate must be/);
    expect(() => createRateLimiter('token-bucket', { rate: 1, burst: value })).toThrow(/burst must be/);
    expect(() => createRateLimiter('gcra', { rate: value })).toThrow(/rate must be/);
    expect(() => createRateLimiter('leaky-bucket', { rate: value, capacity: 1 })).toThrow(/rate must be/);
    expect(() => createRateLimiter('leaky-bucket', { rate: 1, capacity: value })).toThrow(/capacity must/);
    for (const name of ['fixed-window', 'sliding-log', 'sliding-counter'] as const) {
      expect(() => createRateLimiter(name, { limit: value, window: 1 })).toThrow(/limit must be/);
      expect(() => createRateLimiter(name, { limit: 1.5, window: 1 })).toThrow(/limit must be a whole/);
      expect(() => createRateLimiter(name, { limit: 1, window: value })).toThrow(/window must be/);
      expect(() => createRateLimiter(name, { limit: 2, window: 1 }).tryTake(0, 0.5)).toThrow(/whole/);
    }
  });

  it('RL-12 refuses impossible tolerances and origins', () => {
    expect(() => createRateLimiter('gcra', { rate: 1, tolerance: -1 })).toThrow(/tolerance must be/);
    expect(() => createRateLimiter('gcra', { rate: 1, tolerance: Number.NaN })).toThrow(/tolerance must be/);
    expect(() => createRateLimiter('fixed-window', { limit: 1, window: 1, origin: Number.NaN })).toThrow(
      /origin must be/,
    );
  });
});
