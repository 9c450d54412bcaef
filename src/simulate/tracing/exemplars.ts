import type { Candidate } from './scout.ts';

/** A request chosen as an example. */
export interface Exemplar {
  readonly number: number;
  readonly traffic: number;
  readonly why: string;
  /** Place among those it was chosen from, the fastest first, from 1; and how many those are. */
  readonly rank: number;
  readonly among: number;
}

/** What the example of slow requests is called: of too few, the one at the nearest rank is the slowest of all. */
export const P99 = 'p99';
export const SLOWEST = 'slowest';
const FEWEST_WITH_P99 = 100;

/** Whether a request was chosen because it is slow. */
export const isSlow = (why: string): boolean => why === P99 || why === SLOWEST;

/** Reasons of failure that get an example, for each traffic: the most frequent. */
const REASONS = 3;

/**
 * Chooses, for each traffic: of those served the one at the median and the one at the 99th percentile (nearest
 * rank), or the slowest where there are too few for that; for
 * each of the most frequent reasons of failure the one at its median; and of those served after a further attempt the
 * one at their median. Of those that were unfinished after longer than any that was served, the one at their median:
 * others were only the last to come.
 *
 * @param candidates requests that ended
 * @param unfinished requests that had not ended with the run
 * @param reasons names of the ways to fail
 */
export function chooseExemplars(
  candidates: readonly Candidate[],
  unfinished: readonly Candidate[],
  traffic: number,
  reasons: readonly string[],
): Exemplar[] {
  const ofTraffic = (all: readonly Candidate[]): Candidate[] =>
    all
      .filter((each) => each.traffic === traffic)
      .sort((a, b) => a.latency - b.latency || a.number - b.number);
  const ordered = ofTraffic(candidates);
  const served = ordered.filter(({ status }) => status === 0);
  const failures = reasons
    .map((reason, r) => ({ reason, failed: ordered.filter(({ status }) => r !== 0 && status === r) }))
    .sort((a, b) => b.failed.length - a.failed.length)
    .slice(0, REASONS);
  return [
    ...at(served, 0.5, 'median'),
    ...at(served, 0.99, served.length < FEWEST_WITH_P99 ? SLOWEST : P99),
    ...failures.flatMap(({ reason, failed }) => at(failed, 0.5, `failed: ${reason}`)),
    ...at(
      served.filter(({ retried }) => retried),
      0.5,
      'retried',
    ),
    ...at(
      ofTraffic(unfinished).filter(({ latency }) => latency > (served.at(-1)?.latency ?? 0)),
      0.5,
      'unfinished',
    ),
  ];
}

/** The one at the nearest rank of a quantile; none of none. */
function at(ordered: readonly Candidate[], quantile: number, why: string): Exemplar[] {
  if (ordered.length === 0) return [];
  const rank = Math.ceil(quantile * ordered.length);
  const { number, traffic } = ordered[rank - 1]!;
  return [{ number, traffic, why, rank, among: ordered.length }];
}
