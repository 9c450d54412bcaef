import type { PlanGoal } from '../design/plan.ts';
import type { Figure, GoalReport, QueueReport, StalenessReport } from './report.ts';
import type { PlainMeaning } from './scales.ts';

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

/** Whether a report of messages, by its key, is of those of a component: there is one for each whom they go to. */
export const isOfMessages = (component: string, key: string): boolean =>
  key === component || key.startsWith(`${component} to `);

/** The messages of a component by whom they go to; there is one report for each. */
function reportsOf(name: string, queues: Readonly<Record<string, QueueReport>>): QueueReport[] {
  return Object.entries(queues).flatMap(([key, report]) => (isOfMessages(name, key) ? [report] : []));
}

/** What a goal on messages is about: the worst of all that they go to. Unknown where one of these is. */
export function messageFigure(
  { metric, messages = '' }: { readonly metric: PlanGoal['metric']; readonly messages?: string },
  queues: Readonly<Record<string, QueueReport>>,
): Figure {
  const figures = reportsOf(messages, queues).map((queue): Figure => {
    if (metric === 'lag') return queue.depth;
    return queue.age[metric as keyof QueueReport['age']];
  });
  const worst = (a: Figure, b: Figure): Figure =>
    a.value === null || a.value > (b.value ?? Number.POSITIVE_INFINITY) ? a : b;
  return figures.reduce(worst);
}

/** Whether messages that a goal is about become more and more, so that it misses every target. */
export function messagesGrow(
  { messages = '' }: Pick<PlanGoal, 'messages'>,
  queues: Readonly<Record<string, QueueReport>>,
): boolean {
  return reportsOf(messages, queues).some(
    ({ depth, growth }) => depth.value === null && (growth?.low ?? 0) > 0,
  );
}

/** What a goal on replicas is about; unknown where nothing was simulated. */
export function replicasFigure(
  { replicas = '' }: Pick<PlanGoal, 'replicas'>,
  staleness: Readonly<Record<string, StalenessReport>> = {},
): Figure {
  return staleness[replicas]?.stale ?? { value: null, low: null, high: null, unit: '1' };
}

/** What a goal's figure without a unit is: a lag is a number of messages, all others are shares. */
export function goalMeaning({ goal, value }: Pick<GoalReport, 'goal' | 'value'>): PlainMeaning {
  return value.unit === '1' && !goal.includes('.lag ≤') ? 'share' : 'count';
}
