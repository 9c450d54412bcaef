import type { Plan } from '../../design/plan.ts';
import { formatQuantity } from '../../quantities/index.ts';
import { countText } from '../../report/figure-text.ts';
import type { Figure } from '../../report/report.ts';
import { sum } from './figures.ts';
import type { Measurement } from './measurement.ts';
import type { Standard } from './recovery.ts';
import { type TrafficSeries, waitingAt, windowsOf } from './series.ts';

/** What requests are reported as that nobody answered: the reason among the failures of a scenario. */
export const UNFINISHED = 'unfinished';

/** Requests of one traffic that were in progress at the end for longer than is good. */
export interface Unfinished {
  /** They have waited for more seconds than this. */
  readonly patience: number;
  /** By replication. */
  readonly requests: readonly number[];
  /** Their share of all that ended, or should have. */
  readonly share: Figure;
}

/**
 * Seconds after which nobody believes any more that a request is merely slow: longer than the p99 of good windows, and
 * than any took before the first change; where nothing tells, than any took at all.
 *
 * @param before windows before the first change
 */
export function patienceOf({ p99 }: Standard, runs: readonly TrafficSeries[], before: number): number {
  const longest = (windows: number): number =>
    runs.reduce((most, run) => Math.max(most, ...run.longest.subarray(0, windows)), 0);
  const usual = Math.max(p99 ?? 0, longest(before));
  return usual > 0 ? usual : longest(Number.POSITIVE_INFINITY);
}

/**
 * How many of one replication were in progress at the end for longer than `patience` seconds, by the window in which
 * that became so. Who came in one window counts from when the last of it has waited so long: too few rather than too many.
 *
 * @param window seconds of a window
 */
export function unfinishedIn(run: TrafficSeries, patience: number, window: number): Float64Array {
  const windows = run.offered.length;
  const unfinished = new Float64Array(windows);
  for (let w = 0; w < windows; w++) {
    const came = w - windowsOf(patience, window);
    if (came >= 0) unfinished[w] = waitingAt(run, windows - 1, came);
  }
  return unfinished;
}

/** The series of a replication with those unfinished among the failures, as the last reason. */
export function withUnfinished(run: TrafficSeries, unfinished: Float64Array): TrafficSeries {
  return { ...run, failed: [...run.failed, unfinished] };
}

/** What replications measured, with the unfinished told from the rest of those in progress. */
export function toldApart(runs: readonly Measurement[], unfinished: readonly Unfinished[]): Measurement[] {
  return runs.map((run, r) => ({
    ...run,
    traffic: run.traffic.map((each, t) => ({ ...each, unfinished: unfinished[t]!.requests[r]! })),
  }));
}

/** What there is to say of them. */
export function unfinishedNotes({ traffic }: Plan, unfinished: readonly Unfinished[]): string[] {
  return unfinished.flatMap(({ patience, requests }, t) =>
    sum(requests) === 0
      ? []
      : [
          `${countText(sum(requests))} requests of ${traffic[t]!.name} had no answer at the end and had waited for more than ${formatQuantity(patience, 'time')}, longer than is good and than any took before: they are unfinished, and count as not served. A \`timeout\` bounds how long users wait.`,
        ],
  );
}
