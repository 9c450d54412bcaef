/** A rate multiplier over time: linear between points, held before the first and after the last. */
export interface ShapePoint {
  readonly at: number;
  readonly times: number;
}

/**
 * Arrivals of a process whose rate is multiplied by a shape: gaps are spent in operational time, the integral
 * of the multiplier (Çinlar, Introduction to Stochastic Processes, 1975, §4.7), so that any renewal process
 * can be shaped, not only the Poisson. Asked with times that do not go back, each point is passed once.
 */
export class ArrivalShape {
  private points: readonly ShapePoint[];
  /** The first point later than the last time asked about. */
  private next = 0;

  constructor(points: readonly ShapePoint[]) {
    this.points = points;
  }

  /** Puts all points later by so many seconds. */
  beginAt(time: number): void {
    if (time > 0) this.points = this.points.map((point) => ({ at: point.at + time, times: point.times }));
  }

  /**
   * When the next arrival comes, a gap of `gap` operational seconds after `from`, which is never before the
   * one asked about last.
   *
   * @returns Infinity when the multiplier is 0 for ever before the gap is spent
   */
  arrival(from: number, gap: number): number {
    if (gap <= 0) return from;
    let left = gap;
    let now = from;
    for (;;) {
      while (this.next < this.points.length && this.points[this.next]!.at <= now) this.next++;
      const before = this.points[this.next - 1];
      const after = this.points[this.next];
      if (after === undefined) {
        const rate = before === undefined ? 1 : before.times;
        return rate > 0 ? now + left / rate : Number.POSITIVE_INFINITY;
      }
      const slope = before === undefined ? 0 : (after.times - before.times) / (after.at - before.at);
      const rate = before === undefined ? after.times : before.times + slope * (now - before.at);
      const span = after.at - now;
      const available = rate * span + (slope * span * span) / 2;
      if (available >= left) return now + timeToSpend(left, rate, slope);
      left -= available;
      now = after.at;
    }
  }
}

/** Smallest x ≥ 0 with rate·x + slope·x²/2 = amount, in the form that does not cancel. */
function timeToSpend(amount: number, rate: number, slope: number): number {
  const root = Math.sqrt(Math.max(0, rate * rate + 2 * slope * amount));
  return (2 * amount) / (rate + root);
}

/** Area under a shape from 0 to `end`: the seconds at multiplier 1 that bring as many. */
export function areaUnder(points: readonly ShapePoint[], end: number): number {
  const [first] = points;
  if (first === undefined) return end;
  let area = first.times * Math.min(end, first.at);
  for (const [i, before] of points.entries()) {
    const after = points[i + 1];
    if (before.at >= end) break;
    if (after === undefined) return area + before.times * (end - before.at);
    if (after.at === before.at) continue;
    const until = Math.min(end, after.at);
    const slope = (after.times - before.times) / (after.at - before.at);
    area += (before.times + (slope * (until - before.at)) / 2) * (until - before.at);
  }
  return area;
}
