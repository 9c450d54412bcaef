import type { PlanCanary, PlanFault } from './plan-scenario.ts';

/** A canary as it is written, with its quantities in base units. */
export interface ParsedCanary {
  share: number;
  watch?: number | undefined;
  'abort-above'?: number | undefined;
}

/** Flagger, "Metrics Analysis": the success rate over 1m must be 99 % (docs.flagger.app/usage/metrics). */
const WATCH = 60;
const ABORT_ABOVE = 0.01;

/** How a version is rolled out: seconds from one instance to the next, and how one of them changes. */
interface Rollout {
  readonly at: number;
  readonly instances: number;
  readonly every: number;
  /** Seconds from the moment an instance gets nothing new to its return, and those of them before it goes down. */
  readonly change: number;
  readonly drain: number;
  /** What the version does to an instance, and what changing it does. */
  runs(first: number, at: number, until: number | null): readonly PlanFault[];
  restarts(first: number, at: number): readonly PlanFault[];
}

/** How many of so many instances get a version first: the share of them, rounded up. */
export function canaryInstances(share: number, instances: number): number {
  // 10 % of 30 is 3, and not what rounding of binary fractions would make of it.
  return Math.min(instances, Math.max(1, Math.ceil(share * instances - 1e-9)));
}

/**
 * A version that some instances get first. What happens to them until they are judged happens anyway; of what comes
 * after that, one part happens if the version is kept, and the other if it is rolled back: the run decides.
 */
export function planCanary(
  written: ParsedCanary,
  { at, instances, every, change, drain, runs, restarts }: Rollout,
): { readonly canary: PlanCanary; readonly parts: readonly PlanFault[]; readonly until: number } {
  const { share, watch = WATCH, 'abort-above': abortAbove = ABORT_ABOVE } = written;
  const first = canaryInstances(share, instances);
  const watched = at + (first - 1) * every + change;
  const judged = watched + watch;
  const parts: PlanFault[] = [];
  const kept = (more: readonly PlanFault[]) =>
    parts.push(...more.map((part) => ({ ...part, if: 'kept' as const })));
  const back = (more: readonly PlanFault[]) =>
    parts.push(...more.map((part) => ({ ...part, if: 'rolled back' as const })));
  for (let i = 0; i < first; i++) {
    const begins = at + i * every;
    const leaves = judged + i * every;
    parts.push(...restarts(i, begins), ...runs(i, begins + change, judged));
    kept(runs(i, judged, null));
    back([...runs(i, judged, leaves + drain), ...restarts(i, leaves)]);
  }
  for (let i = first; i < instances; i++) {
    const begins = judged + (i - first) * every;
    kept([...restarts(i, begins), ...runs(i, begins + change, null)]);
  }
  const rest = instances - first;
  return {
    canary: {
      instances: first,
      watched,
      judged,
      abortAbove,
      backUntil: judged + (first - 1) * every + change,
    },
    parts,
    until: rest === 0 ? judged : judged + (rest - 1) * every + change,
  };
}
