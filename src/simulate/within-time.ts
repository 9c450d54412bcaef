import type { Measurement } from './outcome/measurement.ts';
import type { ReplicationJob, ReplicationRunner } from './replication.ts';

/** Replications without which there is no interval; so many are run whatever time they take. */
const LEAST = 2;

export interface TimeLimit {
  /** Real seconds since the start. */
  readonly elapsed: () => number;
  /** When all is to be over; Infinity = any time. */
  readonly maxWall: number;
}

/**
 * Runs replications that are all of one length, as many of them as end by the time limit: two, and then as many more
 * as there is time for by how long those took. Each that is begun is run to its end, so the outcome of a part is that of
 * the first so many replications.
 */
export async function runWithinTime(
  jobs: readonly ReplicationJob[],
  { elapsed, maxWall }: TimeLimit,
  runner: ReplicationRunner,
): Promise<readonly Measurement[]> {
  if (maxWall === Number.POSITIVE_INFINITY) return runner.run(jobs);
  const runs: Measurement[] = [];
  let next = Math.min(LEAST, jobs.length);
  while (next > 0) {
    const begun = elapsed();
    runs.push(...(await runner.run(jobs.slice(runs.length, runs.length + next))));
    const now = elapsed();
    const each = (now - begun) / next;
    const left = jobs.length - runs.length;
    next = now + each * left <= maxWall ? left : Math.max(0, Math.floor((maxWall - now) / each));
  }
  return runs;
}
