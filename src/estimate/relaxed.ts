/** The most that is kept of what was there before. */
const KEPT_MAX = 0.75;

/**
 * Numbers that go round: each depends on all of them, and the next round is to use what the last one gave.
 * Where a number overshoots (a queue that turns more away calls for less of what fills it), a part of what was
 * there before is kept: as much as the last two rounds say, each number for itself (Wegstein, "Accelerating
 * convergence of iterative processes", CACM 1(6), 1958, without its strides ahead).
 */
export class Relaxed {
  private readonly numbers = new Map<string, Pair>();

  /** What the next round is to use. */
  get(name: string): number {
    return this.numbers.get(name)?.used ?? 0;
  }

  /** Takes in what a round gave. */
  give(name: string, given: number): void {
    const last = this.numbers.get(name);
    if (last === undefined || !Number.isFinite(given) || !Number.isFinite(last.used)) {
      this.numbers.set(name, { used: given, before: Number.NaN, given: Number.NaN });
      return;
    }
    const slope = (given - last.given) / (last.used - last.before);
    const kept = slope < 0 && slope > Number.NEGATIVE_INFINITY ? Math.min(KEPT_MAX, slope / (slope - 1)) : 0;
    this.numbers.set(name, { used: kept * last.used + (1 - kept) * given, before: last.used, given });
  }
}

/** What is used now, what was used before, and what that gave. */
interface Pair {
  readonly used: number;
  readonly before: number;
  readonly given: number;
}
