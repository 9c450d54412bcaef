/** A target on an outcome. */
export interface PlanGoal {
  /** Traffic index the goal speaks of; of a goal on a component, the first whose requests come to it. */
  readonly traffic: number;
  /** Name of the component whose messages it is about: times are their ages. Absent = about requests. */
  readonly messages?: string;
  /** Name of the component whose replicas it is about. */
  readonly replicas?: string;
  readonly metric: 'mean' | 'p50' | 'p95' | 'p99' | 'p999' | 'success' | 'throughput' | 'lag' | 'stale';
  /** Base units: seconds, ratio, per second, messages. */
  readonly target: number;
  /** Latencies, ages, lags and stale reads must stay at or below, success and throughput at or above the target. */
  readonly comparator: '<=' | '>=';
  /** As the user wrote it, e.g. `redirect.p99 ≤ 50ms`. */
  readonly text: string;
  /** Of a goal on success that is promised for a period. */
  readonly objective?: PlanObjective;
}

/** A service level objective: what may fail in its window is its error budget. */
export interface PlanObjective {
  /** Seconds. */
  readonly window: number;
  /** Whether the standard alerts watch how fast the budget burns. */
  readonly alerts: boolean;
}

/** Those of some goals that are about what users of a traffic see; the others are about components. */
export function goalsOfTraffic(goals: readonly PlanGoal[], traffic: number): readonly PlanGoal[] {
  return goals.filter(
    ({ traffic: of, messages, replicas }) =>
      of === traffic && messages === undefined && replicas === undefined,
  );
}
