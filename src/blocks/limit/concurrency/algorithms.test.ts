import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../kernel/index.ts';
import { AimdLimit, FixedLimit, Gradient2Limit, VegasLimit } from '../index.ts';

describe('AIMD', () => {
  it('O-S05 from 20, a success of 1 ms with 10 in flight: 21', () => {
    const limit = new AimdLimit({ initialLimit: 20 });
    limit.observe(1, 10, false);
    expect(limit.limit).toBe(21);
  });

  it('O-S05 from 30, a drop: 27', () => {
    const limit = new AimdLimit({ initialLimit: 30 });
    limit.observe(1, 10, true);
    expect(limit.limit).toBe(27);
  });

  it('AI-1 takes a round trip beyond the time limit for a drop', () => {
    const limit = new AimdLimit({ initialLimit: 30, timeout: 5 });
    limit.observe(5, 30, false);
    expect(limit.limit).toBe(31);
    limit.observe(5.1, 30, false);
    expect(limit.limit).toBe(27);
  });

  it('AI-2 refuses impossible options', () => {
    expect(() => new AimdLimit({ backoff: 1 })).toThrow(/backoff must be/);
    expect(() => new AimdLimit({ backoff: 0.4 })).toThrow(/backoff must be/);
    expect(() => new AimdLimit({ timeout: 0 })).toThrow(/timeout must be/);
    expect(() => new AimdLimit({ initialLimit: 0 })).toThrow(RangeError);
    expect(() => new AimdLimit({ initialLimit: 5, minLimit: 1, maxLimit: 4 })).toThrow(
      /initialLimit must be/,
    );
    expect(() => new AimdLimit({ minLimit: 5, maxLimit: 4 })).toThrow(/maxLimit must be/);
  });
});

describe('Vegas', () => {
  /** The limiter of the published cases, after its first sample of 10 ms. */
  const limitOf = () => {
    const limit = new VegasLimit({ alpha: 3, beta: 6, initialLimit: 10, maxLimit: 20, smoothing: 1 });
    limit.observe(10, 10, false);
    expect(limit.limit).toBe(10);
    return limit;
  };

  it.each([
    [10, 11, 16],
    [50, 11, 9],
    [14, 14, 10],
  ])('O-S05 after 10 ms, a sample of %d ms with %d in flight: %d', (roundTrip, inFlight, expected) => {
    const limit = limitOf();
    limit.observe(roundTrip, inFlight, false);
    expect(limit.limit).toBe(expected);
  });

  it('VE-1 falls by a drop, which does not count as the shortest round trip', () => {
    const limit = limitOf();
    limit.observe(0.1, 10, true);
    expect(limit.limit).toBe(9);
    limit.observe(10, 10, false);
    expect(limit.limit).toBe(15);
  });

  it('VE-2 rises by the logarithm of the limit while the queue is below α', () => {
    const limit = new VegasLimit({ initialLimit: 200 });
    limit.observe(100, 200, false);
    // A queue of ⌈200 (1 − 100/102)⌉ = 4, between ⌊log₁₀ 200⌋ = 2 and 3 · 2.
    limit.observe(102, 200, false);
    expect(limit.limit).toBe(202);
  });

  it.each([
    ['without chance after three quarters', undefined, 0.75, 0.75],
    ['with chance between half and all', createRandom(1), 0.5, 1],
  ])('VE-3 measures the shortest round trip anew: %s of 30 × limit', (_, random, least, most) => {
    const limit = new VegasLimit({
      initialLimit: 10,
      maxLimit: 10,
      ...(random === undefined ? {} : { random }),
    });
    limit.observe(10, 10, false);
    // The load is gone for good but round trips are longer: until the new measurement the limit is 9 at most.
    let samples = 1;
    do {
      limit.observe(1000, 1, false);
      samples++;
    } while (limit.snapshot().values[1] === 10);
    expect(samples).toBeGreaterThanOrEqual(Math.ceil(30 * 10 * least));
    expect(samples).toBeLessThanOrEqual(Math.ceil(30 * 10 * most));
  });

  it('VE-4 settles where the server has its capacity, with a queue between α and β', () => {
    // Little's law: with n in flight a server of 10 in parallel answers in 10 ms, or in n ms when n > 10.
    const limit = new VegasLimit({ initialLimit: 50 });
    limit.observe(10, 1, false);
    for (let i = 0; i < 200; i++) limit.observe(Math.max(10, limit.limit), limit.limit, false);
    const queue = limit.limit - 10;
    expect(queue).toBeGreaterThanOrEqual(3);
    expect(queue).toBeLessThanOrEqual(6);
  });

  it('VE-5 refuses impossible options', () => {
    expect(() => new VegasLimit({ smoothing: 0 })).toThrow(/smoothing must be/);
    expect(() => new VegasLimit({ alpha: -1 })).toThrow(/alpha must be/);
    expect(() => new VegasLimit({ alpha: 5, beta: 4 })).toThrow(/beta must be/);
    expect(() => new VegasLimit({ probeMultiplier: 0 })).toThrow(/probeMultiplier must be/);
  });
});

describe('Gradient2', () => {
  it('GR-1 grows by a smoothed queue size while latency stays', () => {
    const limit = new Gradient2Limit();
    limit.observe(10, 20, false);
    expect(limit.snapshot().values[0]).toBeCloseTo(20 + 0.2 * 4, 12);
  });

  it('GR-2 shrinks by the gradient, by half at most', () => {
    const limit = new Gradient2Limit({ initialLimit: 100, minLimit: 1 });
    for (let i = 0; i < 9; i++) limit.observe(10, 1, false);
    // The mean of nine samples of 10 and one of 110 is 20: the gradient is 1.5 · 20 / 110, below a half.
    limit.observe(110, 100, false);
    expect(limit.snapshot().values[0]).toBeCloseTo(0.8 * 100 + 0.2 * (100 * 0.5 + 4), 12);
    // From the eleventh sample on the average is exponential, of weight 2/601.
    const average = 20 * (1 - 2 / 601) + 40 * (2 / 601);
    const before = limit.snapshot().values[0]!;
    limit.observe(40, 100, false);
    const gradient = (1.5 * average) / 40;
    expect(limit.snapshot().values[0]).toBeCloseTo(0.8 * before + 0.2 * (before * gradient + 4), 12);
  });

  it('GR-3 lets go of a long average that is more than twice a sample', () => {
    const limit = new Gradient2Limit();
    for (let i = 0; i < 10; i++) limit.observe(100, 1, false);
    limit.observe(10, 1, false);
    const average = 100 * (1 - 2 / 601) + 10 * (2 / 601);
    expect(limit.snapshot().values[1]).toBeCloseTo(0.95 * average, 12);
  });

  it('GR-4 refuses impossible options', () => {
    expect(() => new Gradient2Limit({ tolerance: 0.9 })).toThrow(/tolerance must be/);
    expect(() => new Gradient2Limit({ smoothing: 2 })).toThrow(/smoothing must be/);
    expect(() => new Gradient2Limit({ queueSize: Number.NaN })).toThrow(/queueSize must be/);
    expect(() => new Gradient2Limit({ longWindow: 0 })).toThrow(/longWindow must be/);
  });
});

it('FX-1 a fixed limit is a whole number ≥ 1', () => {
  for (const limit of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => new FixedLimit({ limit })).toThrow(/limit must be a whole number/);
  }
});
