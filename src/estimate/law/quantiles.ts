import { Evaluation } from './evaluate.ts';
import { Grid } from './grid.ts';
import type { Law } from './law.ts';
import { mean } from './moments.ts';

/** Points of a grid. The error of a quantile is at most one step where it meets a jump, else far below. */
export type Resolution = 128 | 256 | 512 | 1024 | 2048 | 4096;

const COARSE = 128;
/** The quantile sought lies at least so far up its grid. */
const GRID_FILL = 1 / 3;
const TRIES_MAX = 60;
/** Coarser grids are for those who do not ask for the last digits. */
const EXTRAPOLATED_FROM = 512;

/**
 * Quantiles of a law. A single exponential (plus a constant) and a constant are exact; all else is computed
 * on grids, each made so that the quantile lies in its upper two thirds: with 1024 points the error is below
 * 0.3 % where the law jumps just there, and some millionths where it is smooth.
 *
 * @param shares ascending, each in (0, 1)
 * @param near where each is about; spares the search
 * @returns one time per share; Infinity where the law has no such quantile
 */
export function quantiles(
  law: Law,
  shares: readonly number[],
  resolution: Resolution = 1024,
  near: readonly (number | null)[] = [],
): number[] {
  const closed = closedForm(law);
  if (closed !== null) return shares.map((q) => closed.shift - closed.mean * Math.log1p(-q));
  let start = 4 * Math.min(Math.max(mean(law), 1e-12), 1e9);
  let on: Grids | null = null;
  const found: number[] = [];
  // From the longest down: the grids of one often serve the next.
  for (let i = shares.length - 1; i >= 0; i--) {
    const q = shares[i]!;
    found[i] = on?.quantile(q) ?? Number.NaN;
    if (!Number.isNaN(found[i])) continue;
    const about = near[i] ?? 0;
    const rough = about > 0 && about < Number.POSITIVE_INFINITY ? about : locate(law, q, start);
    found[i] = rough;
    if (rough === 0 || rough === Number.POSITIVE_INFINITY) continue;
    start = rough;
    on = gridsFor(law, q, rough, resolution);
    found[i] = on?.quantile(q) ?? rough;
  }
  return found;
}

/** shift + Exp(mean), with mean 0 for a constant. */
function closedForm(law: Law): { readonly shift: number; readonly mean: number } | null {
  if (law.law === 'point') return { shift: law.value, mean: 0 };
  if (law.law === 'exponential') return { shift: 0, mean: law.mean };
  if (law.law !== 'sum' || law.parts.length !== 2) return null;
  const [a, b] = law.parts as [Law, Law];
  return a.law === 'exponential' && b.law === 'point' ? { shift: b.value, mean: a.mean } : null;
}

function locate(law: Law, q: number, start: number): number {
  let end = start;
  let smallest = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const at = quantileOn(cumulativeOn(law, end, COARSE), end / COARSE, q);
    if (at === null) {
      if (end >= smallest / 2) return end;
      end *= 4;
    } else if (at < end / 16) {
      smallest = Math.min(smallest, end);
      if (end < start * 1e-12) return 0;
      end = Math.max(at * 2, end / 64);
    } else return at;
  }
  return Number.POSITIVE_INFINITY;
}

/** Grids on which the quantile lies far enough up. */
function gridsFor(law: Law, q: number, rough: number, resolution: Resolution): Grids | null {
  let end = rough * 1.25;
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const grids = new Grids(law, end, resolution, attempt < 8 ? GRID_FILL : 0);
    const at = grids.fine(q);
    if (at === null) end *= 1.5;
    else if (at < end * GRID_FILL && attempt < 8) end = Math.max(at * 1.25, end / 16);
    else return grids;
  }
  return null;
}

/** A law on a grid, and on one of half the points where the last digits are asked for. */
class Grids {
  private readonly law: Law;
  private readonly end: number;
  private readonly resolution: Resolution;
  private readonly fill: number;
  private readonly over: Float64Array;
  private coarse: Float64Array | null = null;

  /** @param fill a quantile lower on the grid than this share of it asks for another grid */
  constructor(law: Law, end: number, resolution: Resolution, fill: number) {
    this.law = law;
    this.end = end;
    this.resolution = resolution;
    this.fill = fill;
    this.over = cumulativeOn(law, end, resolution);
  }

  /** The quantile as the finer grid has it; null where it lies beyond. */
  fine(q: number): number | null {
    return quantileOn(this.over, this.end / this.resolution, q);
  }

  /** The quantile; null where the grid is not made for it. */
  quantile(q: number): number | null {
    const at = this.fine(q);
    if (at === null || at < this.end * this.fill) return null;
    if (this.resolution < EXTRAPOLATED_FROM) return at;
    const half = this.resolution / 2;
    this.coarse ??= cumulativeOn(this.law, this.end, half);
    return extrapolated(at, quantileOn(this.coarse, this.end / half, q));
  }
}

/**
 * Richardson's step: where the law is smooth the error is in proportion to the square of the step, so the
 * grid of half the points tells how much is left. Near a jump it does not, and the finer grid stands.
 */
function extrapolated(fine: number, coarse: number | null): number {
  if (coarse === null || Math.abs(fine - coarse) > 2e-3 * fine) return fine;
  return fine + (fine - coarse) / 3;
}

function cumulativeOn(law: Law, end: number, size: number): Float64Array {
  return new Evaluation(new Grid(end, size)).cumulative(law);
}

/** The quantile where it lies on the grid, else null. The function is known at the middles of the cells. */
function quantileOn(over: Float64Array, step: number, q: number): number | null {
  if (!(over[over.length - 1]! >= q)) return null;
  let low = 0;
  let high = over.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (over[middle]! < q) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  return (low - 0.5 + between(over, low, q)) * step;
}

/** Where in the cell before `at` the function reaches q: on a cubic where it is smooth, else on a line. */
function between(over: Float64Array, at: number, q: number): number {
  const [a, b, c, d] = [over[at - 2], over[at - 1]!, over[at]!, over[at + 1]];
  const line = (q - b) / (c - b);
  if (a === undefined || d === undefined) return line;
  const bend = Math.max(Math.abs(c - 2 * b + a), Math.abs(d - 2 * c + b));
  if (bend > 0.1 * (c - b)) return line;
  // Newton's form through the four points, at positions −1, 0, 1, 2; a few secant steps from the line.
  const second = (c - 2 * b + a) / 2;
  const third = (d - 3 * c + 3 * b - a) / 6;
  let x = line;
  for (let i = 0; i < 4; i++) {
    const value = b + x * (c - b) + x * (x - 1) * (second + (x + 1) * third);
    x -= (value - q) / (c - b);
  }
  return x;
}
