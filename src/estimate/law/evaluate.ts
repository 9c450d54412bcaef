import { cdf, type Distribution, mean as meanOf } from '../../quantities/index.ts';
import { Grid, type Spectrum } from './grid.ts';
import type { Law } from './law.ts';
import { mean } from './moments.ts';
import {
  geometricSpectrum,
  journeySpectrum,
  mixedSpectrum,
  poweredSpectrum,
  productSpectrum,
  randomSumSpectrum,
} from './spectra.ts';

/** Evaluates laws on one grid, each object once; what is scaled, on another that is kept beside it. */
export class Evaluation {
  readonly grid: Grid;
  private readonly done = new Map<Law, Spectrum>();
  private readonly byEnd: Map<number, Evaluation>;

  constructor(grid: Grid, byEnd = new Map<number, Evaluation>()) {
    this.grid = grid;
    this.byEnd = byEnd;
    byEnd.set(grid.end, this);
  }

  private scaledBy(factor: number): Evaluation {
    const end = this.grid.end / factor;
    return this.byEnd.get(end) ?? new Evaluation(new Grid(end, this.grid.size), this.byEnd);
  }

  /** Transform of the law's masses. */
  spectrum(law: Law): Spectrum {
    let spectrum = this.done.get(law);
    if (spectrum === undefined) {
      spectrum = this.compute(law);
      this.done.set(law, spectrum);
    }
    return spectrum;
  }

  /** The distribution function, averaged over each cell [k·step, (k + 1)·step]. */
  cumulative(law: Law): Float64Array {
    const masses = this.grid.masses(this.spectrum(law));
    let sum = 0;
    for (let k = 0; k < masses.length; k++) {
      sum += masses[k]!;
      masses[k] = Math.min(1, Math.max(0, sum));
    }
    return masses;
  }

  private compute(law: Law): Spectrum {
    const { grid } = this;
    switch (law.law) {
      case 'point':
        return pointSpectrum(law.value / grid.step, grid);
      case 'exponential':
        return exponentialSpectrum(law.mean, grid);
      case 'distribution':
        return grid.spectrum(distributionMasses(law.of, grid));
      case 'sum':
        return productSpectrum(law.parts.map((part) => this.spectrum(part)));
      case 'repeated':
        return poweredSpectrum(this.spectrum(law.part), law.times);
      case 'mixture':
        return mixedSpectrum(law.cases.map(({ weight, of }) => ({ weight, of: this.spectrum(of) })));
      case 'kth':
        return this.fromCumulative(
          kthCumulative(
            law.parts.map(({ of, count }) => ({ over: this.cumulative(of), count })),
            law.k,
          ),
        );
      case 'scaled':
        return this.scaledBy(law.factor).spectrum(law.part);
      case 'residual':
        return this.residual(law.of);
      case 'geometric':
        return geometricSpectrum(this.spectrum(law.part), law.ratio, law.last);
      case 'random-sum':
        return randomSumSpectrum(this.spectrum(law.part), law.weights);
      case 'within':
        return this.fromCumulative(
          withinCumulative(this.cumulative(law.part), law.limit / grid.step, law.share),
        );
      case 'journey':
        return journeySpectrum(law.states.map(({ of, next }) => ({ of: this.spectrum(of), next })));
    }
  }

  /** What is left of a law in the middle; of a choice by what each case has of the time. */
  private residual(of: Law): Spectrum {
    if (of.law === 'exponential') return this.spectrum(of);
    if (of.law === 'scaled') return this.scaledBy(of.factor).residual(of.part);
    if (of.law === 'mixture') {
      const whole = mean(of);
      const cases = of.cases.filter((each) => mean(each.of) > 0);
      return mixedSpectrum(
        cases.map((each) => ({ weight: (each.weight * mean(each.of)) / whole, of: this.residual(each.of) })),
      );
    }
    // Straight from the distribution, without the rounding of a transform, which the integral would add up.
    const direct = of.law === 'distribution' && of.of.law !== 'empirical' && of.of.law !== 'uniform';
    const cumulative = direct ? cellAverages(of.of, this.grid) : this.cumulative(of);
    return this.fromCumulative(residualCumulative(cumulative, this.grid.step / mean(of)));
  }

  private fromCumulative(cumulative: Float64Array): Spectrum {
    for (let k = cumulative.length - 1; k > 0; k--) cumulative[k]! -= cumulative[k - 1]!;
    return this.grid.spectrum(cumulative);
  }
}

/** One mass, shared by the two points around it; what lies beyond the end is left out. */
function pointSpectrum(at: number, grid: Grid): Spectrum {
  const kept = grid.size / 2 + 1;
  const re = new Float64Array(kept);
  const im = new Float64Array(kept);
  const below = Math.floor(at);
  const above = at - below;
  if (below >= grid.size) return { re, im };
  const { cosines, sines, ratio } = grid;
  const size = ratio ** below;
  for (let k = 0; k < kept; k++) {
    const turn = (k * below) % grid.size;
    const c = size * cosines[turn]!;
    const s = -size * sines[turn]!;
    const r = 1 - above + above * ratio * cosines[k]!;
    const i = -above * ratio * sines[k]!;
    re[k] = c * r - s * i;
    im[k] = c * i + s * r;
  }
  return { re, im };
}

/** Each value's share of probability on the two points around it, so that the mean is kept. */
function pointMasses(values: readonly number[], grid: Grid): Float64Array {
  const masses = new Float64Array(grid.size);
  for (const value of values) {
    const at = value / grid.step;
    const k = Math.floor(at);
    if (k < grid.size) masses[k]! += (1 / values.length) * (1 - (at - k));
    if (k + 1 < grid.size) masses[k + 1]! += (1 / values.length) * (at - k);
  }
  return masses;
}

/** The masses of an exponential law are geometric from point 1 on: their transform has a closed form. */
function exponentialSpectrum(mean: number, grid: Grid): Spectrum {
  const kept = grid.size / 2 + 1;
  const re = new Float64Array(kept);
  const im = new Float64Array(kept);
  if (mean === Number.POSITIVE_INFINITY) return { re, im };
  const perStep = grid.step / mean;
  const survives = Math.exp(-perStep);
  const dies = -Math.expm1(-perStep);
  const c = dies / perStep;
  const { cosines, sines, ratio } = grid;
  for (let k = 0; k < kept; k++) {
    const wr = ratio * cosines[k]!;
    const wi = -ratio * sines[k]!;
    const dr = 1 - survives * wr;
    const di = -survives * wi;
    const norm = (c * dies) / (dr * dr + di * di);
    re[k] = 1 - c + norm * (wr * dr + wi * di);
    im[k] = norm * (wi * dr - wr * di);
  }
  return { re, im };
}

function distributionMasses(of: Distribution, grid: Grid): Float64Array {
  if (of.law === 'empirical') return pointMasses(of.values, grid);
  if (of.law === 'uniform') return uniformMasses(of.low, of.high, grid);
  const masses = cellAverages(of, grid);
  for (let k = masses.length - 1; k > 0; k--) masses[k]! -= masses[k - 1]!;
  return masses;
}

/** Differences of the integral of the distribution function, which is known exactly on both sides of its bends. */
function uniformMasses(low: number, high: number, grid: Grid): Float64Array {
  const masses = new Float64Array(grid.size);
  const area = (x: number): number => {
    const inside = Math.min(Math.max(x - low, 0), high - low);
    return (inside * inside) / (2 * (high - low)) + Math.max(0, x - high);
  };
  let before = 0;
  for (let k = 0; k < grid.size; k++) {
    const average = (area((k + 1) * grid.step) - area(k * grid.step)) / grid.step;
    masses[k] = average - before;
    before = average;
  }
  return masses;
}

/** Of probability: how far the average over a cell may be off, where the cell is no longer than the mean. */
const CELL_ERROR = 1e-7;
const HALVINGS_MAX = 40;

/** The distribution function averaged over each cell, so that its integral up to far beyond the mean is kept. */
function cellAverages(of: Distribution, grid: Grid): Float64Array {
  const averages = new Float64Array(grid.size).fill(1);
  const error = CELL_ERROR * Math.min(1, meanOf(of) / grid.step);
  let left = cdf(of, 0);
  for (let k = 0; k < grid.size && left < 1; k++) {
    const right = cdf(of, (k + 1) * grid.step);
    averages[k] = cellAverage(of, k * grid.step, left, (k + 1) * grid.step, right, error, HALVINGS_MAX);
    left = right;
  }
  return averages;
}

/** Average over a cell by Simpson's rule, halved until both halves together say the same. */
function cellAverage(
  of: Distribution,
  from: number,
  left: number,
  to: number,
  right: number,
  error: number,
  halvings: number,
): number {
  if (right - left < error || halvings === 0) return (left + right) / 2;
  const middle = (from + to) / 2;
  const at = cdf(of, middle);
  const early = cdf(of, (from + middle) / 2);
  const late = cdf(of, (middle + to) / 2);
  const once = (left + 4 * at + right) / 6;
  const twice = (left + 4 * early + 2 * at + 4 * late + right) / 12;
  if (Math.abs(twice - once) < error && halvings < HALVINGS_MAX) return twice;
  // A half may be off by twice as much, as it counts for half.
  const first = cellAverage(of, from, left, middle, at, 2 * error, halvings - 1);
  return (first + cellAverage(of, middle, at, to, right, 2 * error, halvings - 1)) / 2;
}

/** P(the k-th shortest is over) = P(at most n − k are not), point by point. */
export function kthCumulative(
  parts: readonly { readonly over: Float64Array; readonly count: number }[],
  k: number,
): Float64Array {
  const allowed = parts.reduce((sum, { count }) => sum + count, 0) - k;
  if (allowed === 0) return longestCumulative(parts);
  const result = new Float64Array(parts[0]!.over.length);
  const open = new Float64Array(allowed + 1);
  for (let at = 0; at < result.length; at++) {
    open.fill(0);
    open[0] = 1;
    for (const { over, count } of parts) {
      const p = over[at]!;
      for (let i = 0; i < count; i++) {
        for (let j = allowed; j >= 1; j--) open[j] = open[j]! * p + open[j - 1]! * (1 - p);
        open[0]! *= p;
      }
    }
    let probability = 0;
    for (let j = 0; j <= allowed; j++) probability += open[j]!;
    result[at] = probability;
  }
  return result;
}

function longestCumulative(
  parts: readonly { readonly over: Float64Array; readonly count: number }[],
): Float64Array {
  const result = new Float64Array(parts[0]!.over.length).fill(1);
  for (const { over, count } of parts) {
    for (let at = 0; at < result.length; at++) result[at]! *= over[at]! ** count;
  }
  return result;
}

/** The residual law's function is the integral of 1 − F over the mean. */
function residualCumulative(cumulative: Float64Array, stepsPerMean: number): Float64Array {
  let area = 0;
  return cumulative.map((average) => {
    const before = area;
    area += (1 - average) * stepsPerMean;
    return Math.min(1, (before + area) / 2);
  });
}

function withinCumulative(cumulative: Float64Array, limit: number, share: number): Float64Array {
  return cumulative.map((average, k) => {
    if (k >= limit) return 1;
    const inside = Math.min(1, limit - k);
    return inside * Math.min(1, average / share) + (1 - inside);
  });
}
