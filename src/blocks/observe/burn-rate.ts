import { requirePositive } from '../require.ts';

/** An alert on how fast the error budget burns: in a long window and still in a short one. */
export interface BurnRule {
  /** A page wakes somebody, a ticket waits for the morning. */
  readonly severity: 'page' | 'ticket';
  /** Fires above so many times the rate at which the budget lasts the period just so, > 0. */
  readonly burnRate: number;
  /** How much has burned: length of the long window, in the unit of `now`. */
  readonly long: number;
  /** Whether it still burns: length of the short window, at most the long one. */
  readonly short: number;
}

/**
 * The rules that the Site Reliability Workbook recommends to start with (Beyer et al., 2018, ch. 5, "Alerting on
 * SLOs", table 5-8), for an objective over 30 days: 2 % of the budget in an hour and 5 % in six page, 10 % in
 * three days makes a ticket; short windows are a twelfth of the long ones.
 *
 * @param second how many units of `now` a second has: 1 (default) in a simulation, 1000 in milliseconds
 */
export function workbookBurnRules(second = 1): readonly BurnRule[] {
  const hour = 3600 * requirePositive('second', second);
  return [
    { severity: 'page', burnRate: 14.4, long: hour, short: hour / 12 },
    { severity: 'page', burnRate: 6, long: 6 * hour, short: hour / 2 },
    { severity: 'ticket', burnRate: 1, long: 72 * hour, short: 6 * hour },
  ];
}

/**
 * The burn rate that uses up a share of the budget in a window: share · period / window (Workbook, ch. 5).
 *
 * @throws RangeError when an argument is not > 0
 */
export function burnRateFor(budgetShare: number, window: number, period: number): number {
  requirePositive('budgetShare', budgetShare);
  requirePositive('window', window);
  requirePositive('period', period);
  return (budgetShare * period) / window;
}

/**
 * How long after errors begin a rule fires, when there were none before: (1 − objective) / error ratio · long
 * window · burn rate (Workbook, ch. 5). Infinity when the ratio is too small for it ever to fire.
 *
 * @param errorRatio share of bad events from then on, above 0 to 1
 * @throws RangeError when an argument is out of range
 */
export function detectionTime(rule: BurnRule, objective: number, errorRatio: number): number {
  if (!(objective > 0 && objective < 1)) {
    throw new RangeError(`objective must be above 0 and below 1, got ${objective}`);
  }
  if (!(errorRatio > 0 && errorRatio <= 1)) {
    throw new RangeError(`errorRatio must be above 0 and up to 1, got ${errorRatio}`);
  }
  const share = ((1 - objective) * rule.burnRate) / errorRatio;
  return share < 1 ? share * rule.long : Number.POSITIVE_INFINITY;
}

/**
 * How long a budget lasts: share left · period / burn rate. 0 when nothing is left, Infinity when nothing burns.
 *
 * @param shareLeft at most 1; negative when overspent
 * @param burnRate ≥ 0, of the last hour for example
 * @param period what the objective is promised for
 * @throws RangeError when an argument is out of range
 */
export function timeToExhaustion(shareLeft: number, burnRate: number, period: number): number {
  if (!(shareLeft <= 1)) throw new RangeError(`shareLeft must be a number up to 1, got ${shareLeft}`);
  if (!(burnRate >= 0)) throw new RangeError(`burnRate must be a number ≥ 0, got ${burnRate}`);
  requirePositive('period', period);
  if (shareLeft <= 0) return 0;
  return burnRate === 0 ? Number.POSITIVE_INFINITY : (shareLeft * period) / burnRate;
}
