import { around, bucketLow, quantileOf, wilson } from '../../kernel/index.ts';
import type { Figure } from '../../report/report.ts';

/** A figure that cannot be had. */
export function unknown(unit: Figure['unit']): Figure {
  return { value: null, low: null, high: null, unit };
}

/**
 * Σ numerator / Σ denominator over replications, with the 95 % interval that their own ratios show.
 * Never below 0. Unknown when the denominators are all 0.
 */
export function ratioFigure(
  numerators: readonly number[],
  denominators: readonly number[],
  unit: Figure['unit'],
): Figure {
  const total = sum(denominators);
  if (total === 0) return unknown(unit);
  const ratios = numerators.map((n, i) => (denominators[i] === 0 ? Number.NaN : n / denominators[i]!));
  const interval = around(sum(numerators) / total, ratios.filter(Number.isFinite));
  if (!Number.isFinite(interval.low)) return unknown(unit);
  return { value: interval.value, low: Math.max(0, interval.low), high: interval.high, unit };
}

/** The mean of what is known, with its 95 % interval, never below 0. */
export function meanFigure(values: readonly number[], unit: Figure['unit']): Figure {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return unknown(unit);
  const mean = sum(known) / known.length;
  if (known.length === 1) return { value: mean, low: null, high: null, unit };
  const { low, high } = around(mean, known);
  return { value: mean, low: Math.max(0, low), high, unit };
}

/** How many of so many replications, as a share. */
export function share(of: number, all: number): Figure {
  const { low, high } = wilson(of, all);
  return { value: of / all, low, high, unit: '1' };
}

/** Fewer events than this have an interval from their number, too. */
const FEW = 30;

/**
 * Events per second with their 95 % interval. Where events are few, it is the wider of what replications show and
 * of the interval of a Poisson count (Wilson & Hilferty's approximation, 1931), so that no event seen is not taken
 * for no event possible.
 */
export function rateFigure(counts: readonly number[], seconds: readonly number[]): Figure {
  const seen = ratioFigure(counts, seconds, '1/s');
  const n = sum(counts);
  if (seen.value === null || n >= FEW) return seen;
  const time = sum(seconds);
  const bound = (m: number, z: number): number => m * (1 - 1 / (9 * m) + z / (3 * Math.sqrt(m))) ** 3;
  const low = n === 0 ? 0 : bound(n, -1.96) / time;
  const high = bound(n + 1, 1.96) / time;
  return { ...seen, low: Math.min(seen.low!, low), high: Math.max(seen.high!, high) };
}

/**
 * A share of events with its 95 % interval: the wider of what replications show and of the Wilson interval,
 * so that no failure seen is not taken for no failure possible.
 */
export function shareFigure(parts: readonly number[], wholes: readonly number[]): Figure {
  const seen = ratioFigure(parts, wholes, '1');
  if (seen.value === null) return seen;
  const counted = wilson(sum(parts), sum(wholes));
  return {
    value: seen.value,
    low: Math.min(seen.low!, counted.low),
    high: Math.min(1, Math.max(seen.high!, counted.high)),
    unit: '1',
  };
}

/** Values beyond a quantile that a replication must hold for its own quantile to mean something. */
const BEYOND = 20;

/** Values of one kind, replication by replication. */
export interface Sample {
  /** Smallest and largest value. */
  readonly least: number;
  readonly most: number;
  readonly histogram: Uint32Array;
  readonly count: number;
  readonly sum: number;
}

/**
 * A quantile of the replications' histograms pooled, with its 95 % interval.
 *
 * Where every replication holds enough values beyond the quantile, from the spread of the replications' own
 * quantiles (sectioning). Where values are rare, from their ranks (David & Nagaraja, Order Statistics, 2003,
 * §7.1), with as many values counted as independent as the spread of the replications' means allows. Unknown
 * when the interval would reach beyond the largest value seen.
 */
export function quantileFigure(samples: readonly Sample[], p: number): Figure {
  const pooled = pool(samples.map((sample) => sample.histogram));
  const fewest = Math.min(...samples.map((sample) => sample.count));
  if (fewest * (1 - p) >= BEYOND) {
    const quantiles = samples.map((sample) => quantileOf(sample.histogram, p));
    const interval = around(quantileOf(pooled, p), quantiles);
    return bounded(interval.value, interval.low, interval.high, samples);
  }
  const independent = sum(samples.map((sample) => sample.count)) / designEffect(samples, pooled);
  const margin = 1.96 * Math.sqrt((p * (1 - p)) / independent);
  if (!(p + margin < 1 - 1 / independent) || !(p - margin > 0)) return unknown('s');
  return bounded(
    quantileOf(pooled, p),
    quantileOf(pooled, p - margin),
    quantileOf(pooled, p + margin),
    samples,
  );
}

/** Half the width of a histogram's bucket, which is what a quantile may be off where many values are equal. */
const RESOLUTION = 1 / 256;

/** A quantile with its interval, not narrower than the histogram's resolution, and within what was seen. */
function bounded(value: number, low: number, high: number, samples: readonly Sample[]): Figure {
  const least = Math.min(...samples.map((sample) => sample.least));
  const most = Math.max(...samples.map((sample) => sample.most));
  const within = (x: number): number => Math.min(most, Math.max(least, x));
  return {
    value: within(value),
    low: within(Math.min(low, value * (1 - RESOLUTION))),
    high: within(Math.max(high, value * (1 + RESOLUTION))),
    unit: 's',
  };
}

/**
 * How many values count for one: the variance of the replications' means over what it would be were values
 * independent; at least 1 (Kish, Survey Sampling, 1965).
 */
function designEffect(samples: readonly Sample[], pooled: Float64Array): number {
  const filled = samples.filter((sample) => sample.count > 0);
  const count = sum(filled.map((sample) => sample.count));
  if (filled.length < 2) return Number.POSITIVE_INFINITY;
  const mean = sum(filled.map((sample) => sample.sum)) / count;
  let within = 0;
  for (let i = 0; i < pooled.length; i++) {
    if (pooled[i]! > 0) within += pooled[i]! * ((bucketLow(i) + bucketLow(i + 1)) / 2 - mean) ** 2;
  }
  const variance = within / count;
  if (variance === 0) return 1;
  const between = sum(filled.map((sample) => sample.count * (sample.sum / sample.count - mean) ** 2));
  return Math.max(1, between / (filled.length - 1) / variance);
}

/** The sum of histograms. */
export function pool(histograms: readonly Uint32Array[]): Float64Array {
  const pooled = new Float64Array(histograms[0]!.length);
  for (const histogram of histograms) {
    for (let i = 0; i < pooled.length; i++) pooled[i]! += histogram[i]!;
  }
  return pooled;
}

/** Half-width of a figure's interval relative to its value; Infinity when it is unknown. */
export function relativeHalfWidth(figure: Figure): number {
  if (figure.value === null || figure.low === null || figure.high === null) return Number.POSITIVE_INFINITY;
  const half = Math.max(figure.high - figure.value, figure.value - figure.low);
  return half === 0 ? 0 : half / Math.abs(figure.value);
}

export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
