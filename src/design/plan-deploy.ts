import { planCanary } from './plan-canary.ts';
import type { PlanDeploy, PlanFault } from './plan-scenario.ts';
import type { ParsedDeploy } from './scenario.ts';

/** Seconds from one instance to the next, and that one is down, where a user says nothing. */
const EVERY = 10;
const RESTART = 5;

/** From when to when an instance has another version, seconds; null = to the end. */
export interface VersionRun {
  readonly instance: number;
  readonly from: number;
  readonly until: number | null;
}

/** What a version does to its instances, less the time in which these have a version that was rolled out after it. */
export function withoutLater(
  parts: readonly PlanFault[],
  later: readonly VersionRun[],
): readonly PlanFault[] {
  return parts.flatMap((part): PlanFault[] => {
    if (part.fault !== 'errors' && part.fault !== 'slow') return [part];
    let left: { at: number; until: number | null }[] = [{ at: part.at, until: part.until }];
    for (const { instance, from, until } of later) {
      if (instance !== part.first) continue;
      left = left.flatMap((each) => {
        const before = { at: each.at, until: Math.min(from, each.until ?? Number.POSITIVE_INFINITY) };
        const after = until === null ? [] : [{ at: Math.max(until, each.at), until: each.until }];
        return [before, ...after].filter((piece) => piece.until === null || piece.until > piece.at);
      });
    }
    return left.map((piece) => ({ ...part, ...piece }));
  });
}

/**
 * A version that is rolled out and back, as what it does to each instance: it is drained, goes down, and comes back
 * with the other version.
 *
 * @param component index of the component
 * @param instances how many it has
 */
export function planDeploy(
  written: { readonly at: number } & ParsedDeploy,
  component: number,
  instances: number,
): {
  readonly deploy: PlanDeploy;
  readonly parts: readonly PlanFault[];
  readonly runs: readonly VersionRun[];
} {
  const { at, errors = 0, slow = 1, every = EVERY, restart = RESTART, drain = 0, for: lasting } = written;
  const back = lasting === undefined ? null : at + lasting;
  const change = drain + restart;
  const restarts = (first: number, from: number): readonly PlanFault[] => {
    const hit = { component, first, instances: 1 };
    const up = { until: from + change };
    return [
      ...(drain > 0 ? [{ fault: 'drain', at: from, ...up, ...hit } as const] : []),
      { fault: 'crash', at: from + drain, ...up, connections: 'refused', ...hit },
    ];
  };
  const flaws = (first: number, from: number, until: number | null): readonly PlanFault[] => {
    const spell = { at: from, until, component, first, instances: 1 };
    if (until !== null && until <= from) return [];
    return [
      ...(errors > 0 ? [{ fault: 'errors', ...spell, share: errors } as const] : []),
      ...(slow === 1 ? [] : [{ fault: 'slow', ...spell, by: slow } as const]),
    ];
  };
  const deploy = { component, at, every, errors, slow };
  if (written.canary !== undefined) {
    const rollout = { at, instances, every, change, drain, runs: flaws, restarts };
    const { canary, parts, until } = planCanary(written.canary, rollout);
    return { deploy: { ...deploy, until, back: null, canary }, parts, runs: [] };
  }
  const parts: PlanFault[] = [];
  const versions: VersionRun[] = [];
  let until = at;
  for (let first = 0; first < instances; first++) {
    const begins = at + first * every;
    // Whoever is not reached by then stays as it is.
    if (back !== null && begins >= back) break;
    const returns = back === null ? null : back + first * every;
    const ends = returns === null ? null : returns + drain;
    parts.push(...restarts(first, begins), ...(returns === null ? [] : restarts(first, returns)));
    until = Math.max(until, (returns ?? begins) + change);
    versions.push({ instance: first, from: begins + drain, until: ends });
    parts.push(...flaws(first, begins + change, ends));
  }
  return { deploy: { ...deploy, until, back }, parts, runs: versions };
}
