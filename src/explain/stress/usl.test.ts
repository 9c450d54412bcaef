import { describe, expect, test } from 'vitest';
import { uslThroughput } from '../../report/stress.ts';
import { fitUsl, uslPeak } from './usl.ts';

/** Concurrency 1 to 32: throughput of Cisco's MySQL benchmark, in Schwartz (2015). */
const CISCO = [
  955.16, 1878.91, 2688.01, 3548.68, 4315.54, 5130.43, 5931.37, 6531.08, 7219.8, 7867.61, 8278.71, 8646.7,
  9047.84, 9426.55, 9645.37, 9897.24, 10097.6, 10240.5, 10532.39, 10798.52, 11151.43, 11518.63, 11806,
  12089.37, 12075.41, 12177.29, 12211.41, 12158.93, 12155.27, 12118.04, 12140.4, 12074.39,
].map((throughput, i) => ({ load: i + 1, throughput }));

describe('the universal scalability law', () => {
  test('O-U01 fits the published benchmark as published', () => {
    const usl = fitUsl(CISCO);
    expect(usl.sigma / 0.02671591).toBeCloseTo(1, 3);
    expect(usl.kappa / 7.690945e-4).toBeCloseTo(1, 3);
    expect(usl.lambda / 995.6486).toBeCloseTo(1, 3);
    expect(Math.floor(uslPeak(usl))).toBe(35);
    expect(uslThroughput(usl, 35) / 12341).toBeCloseTo(1, 3);
    expect(uslThroughput(usl, 20) / 11063.63).toBeCloseTo(1, 3);
    expect(20 / uslThroughput(usl, 20)).toBeCloseTo(1.80772e-3, 6);
    expect(usl.r2).toBeGreaterThan(0.99);
  });

  test.each([
    { lambda: 100, sigma: 0, kappa: 0 },
    { lambda: 100, sigma: 0.05, kappa: 0 },
    { lambda: 2e5, sigma: 0.2, kappa: 0.003 },
  ])('finds what made the points: %o', (law) => {
    const points = [0.25, 0.5, 1, 2, 4, 8, 16, 32].map((load) => ({
      load,
      throughput: uslThroughput(law, load),
    }));
    const usl = fitUsl(points);
    expect(usl.lambda / law.lambda).toBeCloseTo(1, 6);
    expect(usl.sigma).toBeCloseTo(law.sigma, 6);
    expect(usl.kappa).toBeCloseTo(law.kappa, 6);
  });

  test('with σ = 0.05 and κ = 0, 64 do 15.4 times the work of one, as Amdahl says', () => {
    expect(uslThroughput({ lambda: 1, sigma: 0.05, kappa: 0 }, 64)).toBeCloseTo(15.42, 2);
  });

  test.each([
    [[{ load: 1, throughput: 1 }]],
    [[1, 1, 1].map((load) => ({ load, throughput: 2 }))],
    [[0, 1, 2].map((load) => ({ load, throughput: 1 }))],
    [[1, 2, 3].map((load) => ({ load, throughput: load === 2 ? Number.NaN : 1 }))],
  ])('refuses points that tell nothing: %j', (points) => {
    expect(() => fitUsl(points)).toThrow(RangeError);
  });
});
