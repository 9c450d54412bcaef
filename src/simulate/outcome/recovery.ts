import type { PlanGoal } from '../../design/plan.ts';
import { wilson } from '../../kernel/index.ts';
import { sum } from './figures.ts';
import { type TrafficSeries, WINDOW_QUANTILES, waitingAt, windowsOf } from './series.ts';

/** Without a goal, a window is bad where success falls below this share of what it was before the first change, */
const SUCCESS_KEPT = 0.95;
/** or where the p99 is so many times what it was before; with a goal, what it was before counts a little more than itself. */
const P99_TIMES = 3;
const P99_MARGIN = 1.2;
/** Of those who come, so many may take longer than the p99. */
const MAY_WAIT = 0.01;
/** Fewer served requests have no 99th percentile. */
const FEWEST = 100;

const MEDIAN = WINDOW_QUANTILES.indexOf(0.5);
const P99 = WINDOW_QUANTILES.indexOf(0.99);

/** What parts good windows from bad ones. */
export interface Standard {
  /** Share of success, at least. */
  readonly success: number;
  /** Seconds, at most; null = any. */
  readonly p99: number | null;
}

/** What became of one traffic in one replication. */
export interface Course {
  readonly harmed: boolean;
  /** Good at the end. */
  readonly recovered: boolean;
  /** End of the first bad window, seconds from the start; NaN without one. */
  readonly badFrom: number;
  /** Start of the good windows at the end, seconds from the start; NaN where there are none, or no bad ones. */
  readonly goodFrom: number;
}

/**
 * The standard of a traffic: its goals, or what it was like before anything changed.
 *
 * @param runs its series, by replication
 * @param before windows before the first change
 */
export function standardOf(
  goals: readonly PlanGoal[],
  runs: readonly TrafficSeries[],
  before: number,
): Standard {
  const served = sum(runs.map((run) => sum(run.served.subarray(0, before))));
  const failed = sum(runs.map((run) => sum(run.failed.map((by) => sum(by.subarray(0, before))))));
  const usual = served + failed === 0 ? 1 : served / (served + failed);
  const usualP99 = usualP99Of(runs, before);
  const success = goals.find(({ metric }) => metric === 'success')?.target;
  const p99 = goals.find(({ metric }) => metric === 'p99')?.target;
  return {
    success: Math.min(success ?? 1, usual) * (success === undefined ? SUCCESS_KEPT : 1),
    p99:
      p99 !== undefined
        ? Math.max(p99, P99_MARGIN * (usualP99 ?? 0))
        : usualP99 === null
          ? null
          : P99_TIMES * usualP99,
  };
}

/**
 * The mean p99 of the windows before the first change; where they hold too few, the mean over replications of the
 * longest, which is a little more.
 */
function usualP99Of(runs: readonly TrafficSeries[], before: number): number | null {
  const windows = runs.map((run) => {
    const p99s = [...run.quantiles[P99]!.subarray(0, before)];
    const enough = p99s.filter((_, w) => run.served[w]! >= FEWEST);
    return { enough, longest: Math.max(0, ...p99s.filter(Number.isFinite)) };
  });
  const enough = windows.flatMap((of) => of.enough);
  if (enough.length > 0) return sum(enough) / enough.length;
  const longest = windows.map((of) => of.longest).filter((value) => value > 0);
  return longest.length === 0 ? null : sum(longest) / longest.length;
}

/**
 * Which windows of a replication are bad: one of which nothing can be told is as the one before it, and a single one
 * between two of the other sort counts as they do, so that chance does not make one.
 *
 * @param window seconds of a window
 */
export function badWindows(series: TrafficSeries, standard: Standard, window: number): boolean[] {
  const { quantiles } = series;
  const told = Array.from(series.served, (served, w) => {
    const failed = sum(series.failed.map((by) => by[w]!));
    const ended = served + failed;
    if (ended === 0) return series.offered[w]! > 0 || waitsTooLong(series, standard, window, w) ? true : null;
    if (wilson(served, ended).high < standard.success) return true;
    // Who has waited too long and has no answer yet is not among the served, and would be missed until there is one.
    const came = standard.p99 === null ? -1 : w - windowsOf(standard.p99, window);
    const waits = came < 0 ? 0 : waitingAt(series, w, came);
    if (wilson(waits, ended + waits).low > MAY_WAIT) return true;
    // Of few, the median tells what the p99 cannot: most of those served took longer than all but some should.
    const least = served >= FEWEST ? P99 : MEDIAN;
    return standard.p99 !== null && quantiles[least]![w]! > standard.p99;
  });
  let before = false;
  const bad = told.map((is) => {
    before = is ?? before;
    return before;
  });
  return bad.map((is, w) => {
    const neighbours = [bad[w - 1] ?? is, is, bad[w + 1] ?? is];
    return neighbours.filter(Boolean).length >= 2;
  });
}

/** Whether somebody who came before window `w` has waited for longer than is good, and has no answer at its end. */
function waitsTooLong(series: TrafficSeries, { p99 }: Standard, window: number, w: number): boolean {
  for (let came = w - windowsOf(p99 ?? 0, window); came >= 0; came--) {
    if (waitingAt(series, w, came) > 0) return true;
  }
  return false;
}

/** @param window seconds of a window */
export function courseOf(bad: readonly boolean[], window: number): Course {
  const first = bad.indexOf(true);
  const last = bad.lastIndexOf(true);
  const harmed = first >= 0;
  const recovered = last < bad.length - 1;
  return {
    harmed,
    recovered,
    badFrom: harmed ? (first + 1) * window : Number.NaN,
    goodFrom: harmed && recovered ? (last + 1) * window : Number.NaN,
  };
}
