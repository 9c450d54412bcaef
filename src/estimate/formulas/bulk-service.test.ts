import { describe, expect, it } from 'vitest';
import { bulkService, mg1 } from './index.ts';

const none = { mean: 0, variance: 0 };
const exponential = (mean: number) => ({ mean, variance: mean ** 2 });

describe('bulk service', () => {
  it('is M/G/1 where one is taken at a time', () => {
    for (const rate of [1, 30, 60, 64]) {
      const { batch, time } = bulkService(rate, { mean: 0.01, variance: 0 }, exponential(0.005), 1);
      const { response } = mg1(rate, 0.015, 0.005 ** 2 / 0.015 ** 2);
      expect(batch).toBeCloseTo(1, 9);
      expect(time.mean / response).toBeCloseTo(1, 6);
    }
    // Batches that take nothing besides are no batches at all.
    const { response } = mg1(60, 0.01, 1);
    expect(bulkService(60, none, exponential(0.01), 40).time.mean / response).toBeCloseTo(1, 6);
  });

  it('is exact where a batch takes an exponential time whatever its size', () => {
    // P(busy, n wait) = C·rⁿ, where μ·r^(b+1) − (λ + μ)·r + λ = 0, and P(idle) = μ·C/λ (Bailey 1954).
    const [most, service] = [7, 0.1];
    for (const rate of [5, 30, 60]) {
      let ratio = 0.5;
      for (let step = 0; step < 5000; step++)
        ratio = (rate + ratio ** (most + 1) / service) / (rate + 1 / service);
      const weight = 1 / (1 / (service * rate) + 1 / (1 - ratio));
      const waiting = (weight * ratio) / (1 - ratio) ** 2 / rate;
      const { batch, time } = bulkService(rate, exponential(service), none, most);
      expect(time.mean / (waiting + service)).toBeCloseTo(1, 6);
      // Busy for as long as its batches take.
      expect((rate * service) / batch).toBeCloseTo(1 - weight / (service * rate), 6);
    }
  });

  it('takes one at no load, and as many as it may at the highest', () => {
    const at = (rate: number) => bulkService(rate, { mean: 0.02, variance: 0 }, exponential(0.001), 40);
    expect(at(0).batch).toBe(1);
    expect(at(0).time.mean).toBeCloseTo(0.021, 12);
    expect(at(1e-4).batch).toBeCloseTo(1, 4);
    expect(at(0.999 / (0.02 / 40 + 0.001)).batch).toBeGreaterThan(39);
    expect(at(1.001 / (0.02 / 40 + 0.001))).toEqual({
      batch: 40,
      time: { mean: Number.POSITIVE_INFINITY, variance: Number.POSITIVE_INFINITY },
    });
  });

  it('goes over from the chain to a flow without a step', () => {
    const [each, work] = [{ mean: 0.2, variance: 0 }, exponential(0.001)];
    // So many that a batch of 500 is never full, and a batch of 64 not either.
    for (const rate of [80, 110]) {
      const small = bulkService(rate, each, work, 64);
      const large = bulkService(rate, each, work, 500);
      expect(large.batch / small.batch).toBeCloseTo(1, 3);
      expect(large.time.mean / small.time.mean).toBeCloseTo(1, 2);
    }
  });

  it('waits for a batch to fill, for as long as it has patience', () => {
    const at = (patience: number) => bulkService(100, none, { mean: 0.001, variance: 0 }, 5, patience);
    // The first of five waits for four, the last for nobody, and each for its turn.
    expect(at(100).time.mean).toBeGreaterThan(0.02);
    expect(at(100).batch).toBeCloseTo(5, 9);
    expect(at(0.005).time.mean).toBeLessThan(at(100).time.mean);
    expect(at(0.005).batch).toBeLessThan(5);
  });
});
