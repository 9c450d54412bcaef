import type { Plan, PlanGoal } from '../../design/plan.ts';
import { judge, messageFigure, messagesGrow, replicasFigure } from '../../report/goals.ts';
import type { Figure, GoalReport, OperationReport } from '../../report/report.ts';
import { relativeHalfWidth, unknown } from './figures.ts';
import type { Summary } from './summary.ts';
import type { Unfinished } from './unfinished.ts';

/**
 * How imprecise the least precise of the figures is that decide when to stop, as a relative half-width:
 * those of the goals, or all means and p99 when there are no goals. Infinity where one is unknown.
 */
export function worstPrecision(plan: Plan, summary: Summary, precision: number): number {
  if (plan.goals.length > 0) {
    return Math.max(
      ...plan.goals.map((goal) => goalPrecision(goal, figureOf(plan, goal, summary), precision)),
    );
  }
  return Math.max(
    ...plan.traffic.map((traffic) => {
      const { latency } = summary.operations[traffic.name]!;
      return Math.max(relativeHalfWidth(latency.mean), relativeHalfWidth(latency.p99));
    }),
  );
}

/**
 * The goals with their figures and verdicts.
 *
 * @param endless by traffic, whether its latency grows without end: it misses every target then
 * @param unfinished by traffic, who was in progress at the end of a scenario for longer than is good
 * @param unjudged why nothing is judged by the figures, as where they may still show how the run began; null = it is
 */
export function goalReports(
  plan: Plan,
  summary: Summary,
  endless: readonly boolean[],
  unjudged: NonNullable<GoalReport['unjudged']> | null,
  unfinished: readonly Unfinished[] = [],
): GoalReport[] {
  return plan.goals.map((goal) => {
    const value = figureOf(plan, goal, summary);
    const hung = goal.messages === undefined ? hangs(goal, unfinished[goal.traffic]) : false;
    if (hung !== false) {
      const met = hung === true ? false : 'unknown';
      return { goal: goal.text, met, value: unknown(value.unit), target: goal.target };
    }
    const missed =
      goal.messages === undefined
        ? endless[goal.traffic]! && value.unit === 's'
        : messagesGrow(goal, summary.queues ?? {});
    const known = { goal: goal.text, value, target: goal.target };
    if (missed) return { ...known, met: false };
    return unjudged === null ? { ...known, met: judge(goal, value) } : { ...known, met: 'unknown', unjudged };
  });
}

/** Of those who come, the share that may take longer than a goal's latency; none to a mean. */
const MAY_TAKE_LONGER: Readonly<Record<string, number>> = {
  mean: 0,
  p50: 0.5,
  p95: 0.05,
  p99: 0.01,
  p999: 0.001,
};

/**
 * Whether so many have no answer that the latency of those served is not what the goal is about: they have waited for
 * longer than its target. `unknown` where they may be too few, or may yet be answered in time.
 */
function hangs({ metric, target }: PlanGoal, unfinished: Unfinished | undefined): boolean | 'unknown' {
  const mayTakeLonger = MAY_TAKE_LONGER[metric];
  if (unfinished === undefined || mayTakeLonger === undefined) return false;
  const { share, patience } = unfinished;
  if ((share.value ?? 0) <= mayTakeLonger) return false;
  const isLonger = patience >= target && metric !== 'mean';
  return isLonger && share.low! > mayTakeLonger ? true : 'unknown';
}

function figureOf(plan: Plan, goal: PlanGoal, summary: Summary): Figure {
  if (goal.messages !== undefined) return messageFigure(goal, summary.queues ?? {});
  if (goal.replicas !== undefined) return replicasFigure(goal, summary.staleness);
  const operation: OperationReport = summary.operations[plan.traffic[goal.traffic]!.name]!;
  if (goal.metric === 'success') return operation.success;
  if (goal.metric === 'throughput') return operation.throughput;
  if (goal.metric === 'lag' || goal.metric === 'stale')
    throw new RangeError(`a goal on ${goal.metric} must be about a component`);
  return operation.latency[goal.metric];
}

/** A goal of 100 % leaves no share that may fail; it is taken as seriously as four nines. */
const LEAST_MARGIN = 1e-4;

/**
 * A success ratio of 99.95 % ± 5 % would tell nothing: what must be precise is the share that fails, or is stale, against
 * the share that may, unless the verdict is clear already.
 */
function goalPrecision(goal: PlanGoal, figure: Figure, precision: number): number {
  const isShare = goal.metric === 'success' || goal.metric === 'stale';
  if (!isShare || figure.value === null) return relativeHalfWidth(figure);
  if (judge(goal, figure) !== 'unknown') return Math.min(precision, relativeHalfWidth(figure));
  const allowed = goal.metric === 'success' ? 1 - goal.target : goal.target;
  return (figure.high! - figure.low!) / 2 / Math.max(allowed, LEAST_MARGIN);
}
