import type { Figure, Report } from '../report/index.ts';

/** What the process ends with. `--help` and docs/reference/cli.md say the same. */
export const exitStatus = {
  /** Done, and every goal is met. */
  ok: 0,
  /** A goal is missed. */
  missed: 1,
  /** The input is faulty and nothing was done, or the result cannot be written. */
  faulty: 2,
  /** No goal is missed, but of one the simulation cannot tell. */
  undecided: 3,
  /** Tenfold itself is faulty (EX_SOFTWARE of sysexits.h). */
  bug: 70,
  /** Stopped by Ctrl-C: 128 + SIGINT, as shells report it. */
  interrupted: 130,
} as const;

/**
 * The status of a judged report. A goal that is not known to be met must not let a build pass, so a
 * simulation that cannot tell has a status of its own; an estimate cannot tell of everything by its nature,
 * and only a goal that it sees missed counts. A system that cannot hold its load meets no goal.
 */
export function statusOf(report: Report): number {
  const unknown = report.goals.filter((goal) => goal.met === 'unknown').length;
  if (report.goals.some((goal) => goal.met === false)) return exitStatus.missed;
  if (unknown === 0) return exitStatus.ok;
  if (!report.stable && report.filling === undefined) return exitStatus.missed;
  return report.kind === 'simulation' ? exitStatus.undecided : exitStatus.ok;
}

/** The status of a search for the headroom: whether the goals hold at the load of the design itself. */
export function headroomStatus({ low, high }: Figure): number {
  if (low !== null && low >= 1) return exitStatus.ok;
  return high !== null && high <= 1 ? exitStatus.missed : exitStatus.undecided;
}
