import type { PlanGoal } from '../design/plan.ts';
import type { Figure } from './report.ts';

/**
 * Whether a goal is met: yes or no only when the whole interval of the figure is on one side of the target,
 * `unknown` when it straddles the target or the figure cannot be had.
 */
export function judge(goal: Pick<PlanGoal, 'target' | 'comparator'>, figure: Figure): boolean | 'unknown' {
  const { low, high } = figure;
  if (low === null || high === null) return 'unknown';
  if (goal.comparator === '<=') {
    if (high <= goal.target) return true;
    return low > goal.target ? false : 'unknown';
  }
  if (low >= goal.target) return true;
  return high < goal.target ? false : 'unknown';
}
