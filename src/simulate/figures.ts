import { around, quantileOf, wilson } from '../kernel/index.ts';
import type { Figure } from '../report/report.ts';

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

/** Values beyond a quantile that a group of replications must hold for its own quantile to mean something. */
const BEYOND = 20;
/** Fewer groups than this give no interval worth the name. */
const GROUPS = 4;

/**
 * A quantile of the replications' histograms pooled, with a 95 % interval from the spread of the quantiles
 * of groups of replications (sectioning). Where single replications hold too few values for the quantile,
 * neighbours are merged; unknown when that leaves fewer than four groups.
 */
export function quantileFigure(histograms: readonly Uint32Array[], p: number): Figure {
  const counts = histograms.map((histogram) => histogram.reduce((total, count) => total + count, 0));
  const needed = BEYOND / (1 - p);
  const perGroup = Math.max(1, Math.ceil(needed / Math.max(1, Math.min(...counts))));
  const groups: Float64Array[] = [];
  for (let i = 0; i + perGroup <= histograms.length; i += perGroup) {
    groups.push(pool(histograms.slice(i, i + perGroup)));
  }
  if (groups.length < GROUPS) return unknown('s');
  const interval = around(
    quantileOf(pool(histograms), p),
    groups.map((group) => quantileOf(group, p)),
  );
  return { value: interval.value, low: Math.max(0, interval.low), high: interval.high, unit: 's' };
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

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
