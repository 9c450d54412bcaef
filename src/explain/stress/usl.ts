import { uslThroughput } from '../../report/stress.ts';

/** The universal scalability law: throughput X(N) = λN / (1 + σ(N − 1) + κN(N − 1)). */
export interface Usl {
  /** λ: throughput at N = 1, in the unit of what was fitted. */
  readonly lambda: number;
  /** σ ≥ 0: contention, the share of the work that is done one after the other. */
  readonly sigma: number;
  /** κ ≥ 0: coherency, what it costs that every part has to agree with every other. */
  readonly kappa: number;
  /** Share of the variance of the throughputs that the curve explains. */
  readonly r2: number;
}

/** A measured point: load, or concurrency, and the throughput at it. */
export interface UslPoint {
  readonly load: number;
  readonly throughput: number;
}

const ROUNDS_MAX = 200;
const SETTLED = 1e-12;

/**
 * Fits the universal scalability law by least squares on throughputs (Levenberg–Marquardt, coefficients kept at
 * 0 or above), from the line through the points of N/X as a start.
 *
 * @param points at least three, of different positive loads
 * @throws RangeError on fewer points, or one that is not positive
 * @see Gunther, Guerrilla Capacity Planning, 2007; Schwartz, Practical Scalability Analysis with the USL, 2015
 */
export function fitUsl(points: readonly UslPoint[]): Usl {
  if (new Set(points.map(({ load }) => load)).size < 3) {
    throw new RangeError(`points must be at least three of different loads, got ${points.length}`);
  }
  for (const { load, throughput } of points) {
    if (!(load > 0 && throughput > 0 && Number.isFinite(load) && Number.isFinite(throughput))) {
      throw new RangeError(`points must be positive and finite, got ${load}: ${throughput}`);
    }
  }
  let at = start(points);
  let error = squares(points, at);
  let damping = 1e-3;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const tried = step(points, at, damping);
    const left = tried === null ? Number.POSITIVE_INFINITY : squares(points, tried);
    if (tried === null || !(left < error)) {
      damping *= 10;
      if (damping > 1e12) break;
      continue;
    }
    const gained = error - left;
    at = tried;
    error = left;
    damping = Math.max(damping / 10, 1e-12);
    if (gained <= SETTLED * error) break;
  }
  const mean = points.reduce((sum, { throughput }) => sum + throughput, 0) / points.length;
  const total = points.reduce((sum, { throughput }) => sum + (throughput - mean) ** 2, 0);
  const [lambda, sigma, kappa] = at;
  return { lambda, sigma, kappa, r2: total === 0 ? 1 : 1 - error / total };
}

/** The load of the highest throughput; Infinity without coherency. */
export function uslPeak({ sigma, kappa }: Omit<Usl, 'r2'>): number {
  return kappa === 0 ? Number.POSITIVE_INFINITY : Math.sqrt(Math.max(0, 1 - sigma) / kappa);
}

type Coefficients = readonly [lambda: number, sigma: number, kappa: number];

/** N/X is a parabola in N − 1: its value, slope and bend at N = 1 by linear least squares. */
function start(points: readonly UslPoint[]): Coefficients {
  const least = points.reduce((a, b) => (b.load < a.load ? b : a));
  const lambda = least.throughput / least.load;
  const rows = points.map(({ load, throughput }) => {
    const n = load - 1;
    return { a: n, b: load * n, y: (lambda * load) / throughput - 1 };
  });
  const sum = (of: (row: { a: number; b: number; y: number }) => number) =>
    rows.reduce((total, row) => total + of(row), 0);
  const [aa, ab, bb] = [sum(({ a }) => a * a), sum(({ a, b }) => a * b), sum(({ b }) => b * b)];
  const [ay, by] = [sum(({ a, y }) => a * y), sum(({ b, y }) => b * y)];
  const determinant = aa * bb - ab * ab;
  if (!(Math.abs(determinant) > 0)) return [lambda, 0.01, 0.0001];
  const sigma = (ay * bb - by * ab) / determinant;
  const kappa = (aa * by - ab * ay) / determinant;
  return [lambda, Math.max(1e-6, sigma), Math.max(1e-9, kappa)];
}

function squares(points: readonly UslPoint[], [lambda, sigma, kappa]: Coefficients): number {
  return points.reduce(
    (sum, { load, throughput }) => sum + (throughput - uslThroughput({ lambda, sigma, kappa }, load)) ** 2,
    0,
  );
}

/** One damped Gauss–Newton step; null where its equations have no solution. */
function step(
  points: readonly UslPoint[],
  [lambda, sigma, kappa]: Coefficients,
  damping: number,
): Coefficients | null {
  const normal = [
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ];
  for (const { load, throughput } of points) {
    const below = 1 + sigma * (load - 1) + kappa * load * (load - 1);
    const value = (lambda * load) / below;
    const slopes = [load / below, (-value * (load - 1)) / below, (-value * load * (load - 1)) / below];
    const missing = throughput - value;
    slopes.forEach((slope, i) => {
      slopes.forEach((other, j) => {
        normal[i]![j]! += slope * other;
      });
      normal[i]![3]! += slope * missing;
    });
  }
  normal.forEach((row, i) => {
    row[i]! *= 1 + damping;
  });
  const by = solve3(normal);
  return by === null
    ? null
    : [Math.max(1e-300, lambda + by[0]!), Math.max(0, sigma + by[1]!), Math.max(0, kappa + by[2]!)];
}

/** Solves three equations by elimination with pivots; null when they do not determine three unknowns. */
function solve3(rows: readonly (readonly number[])[]): readonly number[] | null {
  const m = rows.map((row) => [...row]);
  for (let column = 0; column < 3; column++) {
    const pivot = m.reduce(
      (best, row, r) => (r >= column && Math.abs(row[column]!) > Math.abs(m[best]![column]!) ? r : best),
      column,
    );
    [m[column], m[pivot]] = [m[pivot]!, m[column]!];
    const head = m[column]![column]!;
    if (head === 0 || !Number.isFinite(head)) return null;
    for (let r = 0; r < 3; r++) {
      if (r === column) continue;
      const times = m[r]![column]! / head;
      for (let c = column; c < 4; c++) m[r]![c]! -= times * m[column]![c]!;
    }
  }
  return m.map((row, r) => row[3]! / row[r]!);
}
