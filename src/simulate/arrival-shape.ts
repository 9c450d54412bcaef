/** A rate multiplier over time: linear between points, held before the first and after the last. */
export interface ShapePoint {
  readonly at: number;
  readonly times: number;
}

/**
 * When the next arrival of a process comes whose rate is multiplied by `shape`: the gap is spent in
 * operational time, the integral of the multiplier (Çinlar, Introduction to Stochastic Processes, 1975,
 * §4.7), so that any renewal process can be shaped, not only the Poisson.
 *
 * @returns Infinity when the multiplier is 0 for ever before the gap is spent
 */
export function shapedArrival(shape: readonly ShapePoint[], from: number, gap: number): number {
  if (gap <= 0) return from;
  let left = gap;
  let now = from;
  for (let i = 0; i <= shape.length; i++) {
    const end = i < shape.length ? shape[i]!.at : Number.POSITIVE_INFINITY;
    if (end <= now) continue;
    const rate = multiplierAt(shape, now);
    const slope = i > 0 && i < shape.length ? slopeOf(shape[i - 1]!, shape[i]!) : 0;
    const span = end - now;
    const available =
      span === Number.POSITIVE_INFINITY ? (rate > 0 ? span : 0) : rate * span + (slope * span * span) / 2;
    if (available >= left) return now + timeToSpend(left, rate, slope);
    left -= available;
    now = end;
  }
  return Number.POSITIVE_INFINITY;
}

/** The multiplier at a time; where two points share a time, the later one holds from there on. */
export function multiplierAt(shape: readonly ShapePoint[], time: number): number {
  let before: ShapePoint | undefined;
  for (const point of shape) {
    if (point.at > time) {
      if (before === undefined) return point.times;
      return before.times + slopeOf(before, point) * (time - before.at);
    }
    before = point;
  }
  return before === undefined ? 1 : before.times;
}

function slopeOf(a: ShapePoint, b: ShapePoint): number {
  return (b.times - a.times) / (b.at - a.at);
}

/** Smallest x ≥ 0 with rate·x + slope·x²/2 = amount, in the form that does not cancel. */
function timeToSpend(amount: number, rate: number, slope: number): number {
  const root = Math.sqrt(Math.max(0, rate * rate + 2 * slope * amount));
  return (2 * amount) / (rate + root);
}
