import { describe, expect, it } from 'vitest';
import { gammaShares, logGamma } from './gamma-functions.ts';
import { gammaQuantile } from './gamma-quantile.ts';
import { erf, normalCdf, normalQuantile } from './normal-functions.ts';

// Reference values: mpmath with 60 digits.
const logGammas = [
  [1e-10, 23.025850929882736],
  [0.001, 6.907178885383853],
  [0.1, 2.252712651734206],
  [0.5, 0.5723649429247001],
  [0.9, 0.06637623973474295],
  [1, 0.0],
  [1.0001, -5.771334222047127e-5],
  [1.5, -0.12078223763524522],
  [2, 0.0],
  [2.5, 0.2846828704729192],
  [7.3, 7.147892523022248],
  [9.99, 12.779315214350193],
  [10, 12.801827480081469],
  [50.5, 146.51925549072064],
  [1000.0, 5905.220423209181],
  [1000000.0, 12815504.569147611],
  [10000000000.0, 220258509288.81058],
] as const;

// a, x, P(a, x), Q(a, x)
const shares = [
  [0.01, 1e-10, 0.7988610914336052, 0.2011389085663948],
  [0.01, 0.005, 0.9537608600421978, 0.046239139957802135],
  [0.01, 0.01, 0.9603474235215091, 0.039652576478490804],
  [0.01, 0.02, 0.9669321313764189, 0.03306786862358118],
  [0.5, 0.0005, 0.025227120630039613, 0.9747728793699604],
  [0.5, 0.45, 0.6572182888520887, 0.3427817111479114],
  [0.5, 0.505, 0.6850971609882106, 0.31490283901178945],
  [0.5, 2.5, 0.9746526813225317, 0.025347318677468263],
  [1.7, 0.17, 0.028630923104504425, 0.9713690768954956],
  [1.7, 1.683, 0.5968988824501256, 0.4031011175498745],
  [1.7, 1.87, 0.6489839837621534, 0.3510160162378466],
  [9.5, 9.5e-8, 1.7141057266334834e-73, 1.0],
  [9.5, 4.75, 0.03577842926764396, 0.964221570732356],
  [9.5, 9.5, 0.5431638744080376, 0.4568361255919624],
  [9.5, 19.0, 0.9940652909927988, 0.005934709007201126],
  [10, 0.01, 2.7307942836962466e-27, 1.0],
  [10, 9.0, 0.4125917556680586, 0.5874082443319414],
  [10, 10.1, 0.5545170889485651, 0.44548291105143495],
  [10, 50.0, 0.9999999999987403, 1.2596084591660908e-12],
  [100, 50.0, 3.200065324585125e-10, 0.9999999996799934],
  [100, 100.0, 0.5132987982791487, 0.48670120172085135],
  [100, 200.0, 0.9999999999999981, 1.843893649711574e-15],
  [10000.0, 9900.0, 0.15865119219356466, 0.8413488078064354],
  [10000.0, 11000.0, 1.0, 1.6928531496469328e-22],
] as const;

const normalShares = [
  [-37, 5.725571222524577e-300],
  [-20, 2.7536241186062337e-89],
  [-8, 6.220960574271784e-16],
  [-3, 0.0013498980316300946],
  [-1, 0.15865525393145705],
  [-0.1, 0.460172162722971],
  [-1e-9, 0.49999999960105773],
  [0, 0.5],
  [0.001, 0.500398942213911],
  [0.5, 0.6914624612740131],
  [1, 0.8413447460685429],
  [2.5, 0.9937903346742238],
  [6, 0.9999999990134123],
] as const;

const normalQuantiles = [
  [1e-300, -37.0470962993612],
  [1e-100, -21.273453560965326],
  [1e-20, -9.262340089798407],
  [1e-10, -6.361340902404057],
  [1e-5, -4.264890793922825],
  [0.001, -3.0902323061678136],
  [0.01, -2.326347874040841],
  [0.05, -1.6448536269514726],
  [0.07, -1.4757910281791706],
  [0.3, -0.5244005127080408],
  [0.5, 0.0],
  [0.75, 0.6744897501960817],
  [0.924, 1.4325027208258119],
  [0.93, 1.475791028179171],
  [0.95, 1.6448536269514722],
  [0.99, 2.3263478740408408],
  [0.999, 3.090232306167813],
  [0.999999, 4.753424308817087],
] as const;

const erfs = [
  [-2, -0.9953222650189527],
  [-0.3, -0.3286267594591274],
  [1e-8, 1.1283791670955126e-8],
  [0.1, 0.1124629160182849],
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [2, 0.9953222650189527],
  [3.5, 0.9999992569016276],
] as const;

// a, p, x
const gammaQuantiles = [
  [0.05, 1e-9, 5.844632057286642e-181],
  [0.05, 0.9, 0.07631711390918851],
  [0.3, 0.3, 0.012726657769948701],
  [0.3, 0.999999, 10.984835632108627],
  [0.5, 0.6, 0.35416315040039686],
  [1, 0.01, 0.010050335853501442],
  [1, 0.99, 4.605170185988091],
  [1.7, 0.5, 1.380762075939121],
  [5, 1e-9, 0.04157613724276548],
  [5, 0.9, 7.9935895860526305],
  [10, 0.3, 8.132928242506392],
  [10, 0.999999, 32.71034051748481],
  [50, 0.6, 51.4729721077284],
  [1000, 0.01, 927.9081597966425],
  [1000, 0.99, 1075.032832086435],
  [10000.0, 0.5, 9999.666668642047],
] as const;

function relativeError(actual: number, expected: number): number {
  return expected === 0 ? Math.abs(actual) : Math.abs(actual / expected - 1);
}

describe('special functions against 60-digit values', () => {
  it.each(logGammas)('logGamma(%d)', (x, expected) => {
    expect(Math.abs(logGamma(x) - expected)).toBeLessThan(1e-14 * Math.max(1, Math.abs(expected)));
  });

  it.each(shares)('gammaShares(%d, %d)', (a, x, lower, upper) => {
    const actual = gammaShares(a, x);
    expect(Math.abs(actual.lower - lower)).toBeLessThan(1e-14);
    expect(Math.abs(actual.upper - upper)).toBeLessThan(1e-14);
    if (lower < upper) expect(relativeError(actual.lower, lower)).toBeLessThan(1e-12);
    else if (a >= 0.01) expect(relativeError(actual.upper, upper)).toBeLessThan(1e-12);
  });

  it.each(normalShares)('normalCdf(%d)', (z, expected) => {
    expect(relativeError(normalCdf(z), expected)).toBeLessThan(1e-12);
  });

  it.each(normalQuantiles)('normalQuantile(%d)', (p, expected) => {
    expect(Math.abs(normalQuantile(p) - expected)).toBeLessThan(2e-15 * Math.max(1, Math.abs(expected)));
  });

  it.each(erfs)('erf(%d)', (x, expected) => {
    expect(relativeError(erf(x), expected)).toBeLessThan(1e-14);
  });

  it.each(gammaQuantiles)('gammaQuantile(%d, %d)', (a, p, expected) => {
    expect(relativeError(gammaQuantile(a, p), expected)).toBeLessThan(1e-12);
  });
});

describe('special functions at their ends', () => {
  it('goes on without a step, and without end, where the shape is so large that it is all but normal', () => {
    for (const z of [-6, -3, -1, -0.001, 0, 0.001, 1, 3, 6]) {
      const at = (a: number) => gammaShares(a, a + z * Math.sqrt(a));
      const [series, expansion] = [at(1e8 - 0.1), at(1e8 + 0.1)];
      expect(Math.abs(series.lower / expansion.lower - 1)).toBeLessThan(1e-10);
      expect(Math.abs(series.upper / expansion.upper - 1)).toBeLessThan(1e-10);
    }
    expect(gammaShares(2.75e21, 2.75e21 * (1 - 1e-8))).toEqual({ lower: 0, upper: 1 });
    expect(gammaShares(1e300, 2e300)).toEqual({ lower: 1, upper: 0 });
  });

  it('answer with the limits', () => {
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1);
    expect(gammaShares(2, 0)).toEqual({ lower: 0, upper: 1 });
    expect(gammaShares(2, Number.POSITIVE_INFINITY)).toEqual({ lower: 1, upper: 0 });
    expect(gammaQuantile(2, 0)).toBe(0);
    expect(gammaQuantile(2, 1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('stay accurate for the largest shape that a law may have', () => {
    for (const p of [1e-9, 0.01, 0.5, 0.99]) {
      expect(relativeError(gammaShares(1e8, gammaQuantile(1e8, p)).lower, p)).toBeLessThan(1e-7);
    }
  });

  it('refuse what they are not defined for', () => {
    expect(() => logGamma(0)).toThrow(RangeError);
    expect(() => gammaShares(0, 1)).toThrow(RangeError);
    expect(() => gammaQuantile(0, 0.5)).toThrow(RangeError);
    expect(() => gammaQuantile(1, Number.NaN)).toThrow(RangeError);
    expect(() => normalQuantile(1.1)).toThrow(RangeError);
  });
});
