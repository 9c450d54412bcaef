import { cdf, type Distribution } from '../../quantities/index.ts';
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
        return this.fromCumulative(residualCumulative(this.cumulative(law.of), grid.step / mean(law.of)));
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
  const masses = new Float64Array(grid.size);
  let left = cdf(of, 0);
  let before = 0;
  for (let k = 0; k < grid.size; k++) {
    const right = cdf(of, (k + 1) * grid.step);
    const average =
      right - left < MUCH
        ? (left + right) / 2
        : cellAverage(of, k * grid.step, left, (k + 1) * grid.step, right, 1);
    masses[k] = average - before;
    before = average;
    left = right;
    if (left === 1 && average === 1) break;
  }
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

/** A law of which so much lies within one cell is narrow, and its mean asks for a closer look. */
const MUCH = 0.05;

/** Average of the distribution function over a cell, halved until a thousandth of the cell is in doubt. */
function cellAverage(
  of: Distribution,
  from: number,
  left: number,
  to: number,
  right: number,
  width: number,
): number {
  if ((right - left) * width < 1e-3 || width < 1e-5) return (left + right) / 2;
  const middle = (from + to) / 2;
  const at = cdf(of, middle);
  return (
    (cellAverage(of, from, left, middle, at, width / 2) + cellAverage(of, middle, at, to, right, width / 2)) /
    2
  );
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
