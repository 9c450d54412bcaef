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
  const parts: PlanFault[] = [];
  const versions: VersionRun[] = [];
  let until = at;
  for (let first = 0; first < instances; first++) {
    const begins = at + first * every;
    // Whoever is not reached by then stays as it is.
    if (back !== null && begins >= back) break;
    const returns = back === null ? null : back + first * every;
    const hit = { component, first, instances: 1 };
    const restarts = (from: number): void => {
      const upAgain = from + change;
      if (drain > 0) parts.push({ fault: 'drain', at: from, until: upAgain, ...hit });
      parts.push({ fault: 'crash', at: from + drain, until: upAgain, connections: 'refused', ...hit });
      until = Math.max(until, upAgain);
    };
    restarts(begins);
    if (returns !== null) restarts(returns);
    const runs = { at: begins + change, until: returns === null ? null : returns + drain };
    versions.push({ instance: first, from: begins + drain, until: runs.until });
    if (runs.until !== null && runs.until <= runs.at) continue;
    if (errors > 0) parts.push({ fault: 'errors', ...runs, ...hit, share: errors });
    if (slow !== 1) parts.push({ fault: 'slow', ...runs, ...hit, by: slow });
  }
  return { deploy: { component, at, until, back, every, errors, slow }, parts, runs: versions };
}
