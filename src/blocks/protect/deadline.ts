import { requireInstant, requireWhole, requireWithin } from './range.ts';

/**
 * Arithmetic of absolute deadlines. One instant is fixed where a request comes in, and every hop gets what is
 * left of it, so that no work goes on for an answer nobody waits for (Google, Site Reliability Engineering,
 * 2016, ch. 22, "Latency and Deadlines"). Across machines send what is left, not the instant: clocks differ.
 */

/** The instant after `budget` from `now`; Infinity for an infinite budget. */
export function deadlineAfter(now: number, budget: number): number {
  requireInstant(now);
  requireWithin('budget', budget, 0, Number.POSITIVE_INFINITY);
  return now + budget;
}

/** What is left, never below 0; Infinity when there is no deadline. */
export function timeLeft(deadline: number, now: number): number {
  requireInstant(now);
  requireWithin('deadline', deadline, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  return Math.max(0, deadline - now);
}

/**
 * The time a hop may take: what is left without `margin`, which is kept back for the way home, and no more
 * than `wanted`. 0 = do not even begin.
 *
 * @param margin ≥ 0: network and one's own work after the answer
 * @param wanted ≥ 0: the hop's own timeout. Default: none
 */
export function hopBudget(
  deadline: number,
  now: number,
  margin: number,
  wanted = Number.POSITIVE_INFINITY,
): number {
  requireWithin('margin', margin, 0, Number.MAX_VALUE);
  requireWithin('wanted', wanted, 0, Number.POSITIVE_INFINITY);
  return Math.min(wanted, Math.max(0, timeLeft(deadline, now) - margin));
}

/**
 * The time each of `attempts` attempts may take when they follow one another and all must fit: an equal share
 * of what is left without `margin` and the delays between them.
 */
export function attemptBudget(
  deadline: number,
  now: number,
  margin: number,
  attempts: number,
  delays = 0,
): number {
  requireWhole('attempts', attempts, 1, Number.MAX_SAFE_INTEGER);
  requireWithin('delays', delays, 0, Number.MAX_VALUE);
  return Math.max(0, hopBudget(deadline, now, margin) - delays) / attempts;
}
