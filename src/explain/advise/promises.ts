import type { Plan } from '../../design/index.ts';
import { availability, type EstimatedKind } from '../../estimate/index.ts';
import type { Figure } from '../../report/index.ts';
import { singlePointsOf } from '../single-points.ts';

/** What years of failures and repairs do to a design. */
export interface Downtime {
  /** Seconds a year, of the traffic that suffers most, of those of which it is known. */
  readonly worst: Figure;
  /** Traffic of which it is not known. */
  readonly unknown: readonly string[];
  /** What alone takes requests with it. */
  readonly points: ReadonlySet<string>;
  /** Promises that it surely breaks: what fails alone is more than they allow. */
  readonly broken: readonly string[];
  /** Promises that it surely keeps. */
  readonly kept: ReadonlySet<string>;
}

/** How long a design is down in a year, and what it promises about that; null where that is not known of any traffic. */
export function downtimeOf(
  plan: Plan,
  kinds: ReadonlyMap<string, EstimatedKind>,
  seed: number,
): Downtime | null {
  const report = availability(plan, kinds, { seed });
  const isKnown = ({ value, low, high }: Figure): boolean => value !== null && low !== null && high !== null;
  const traffic = Object.entries(report.traffic);
  const times = traffic.flatMap(([, { downtime }]) => (isKnown(downtime) ? [downtime] : []));
  if (times.length === 0) return null;
  const promised = new Set(promises(plan));
  const judged = report.promises.filter(({ goal }) => promised.has(goal));
  return {
    worst: times.reduce((most, each) => (each.value! > most.value! ? each : most)),
    unknown: traffic.flatMap(([name, { downtime }]) => (isKnown(downtime) ? [] : [name])),
    points: new Set(singlePointsOf(report)),
    broken: judged.filter(({ met }) => met === false).map(({ goal }) => goal),
    kept: new Set(judged.filter(({ met }) => met === true).map(({ goal }) => goal)),
  };
}

/**
 * Goals on success that are about years too, failures and repairs included: those promised for a period, and all of
 * them where the design says how something fails.
 */
function promises({ goals, components }: Plan): string[] {
  const fails = components.some((component) => component.fails !== undefined);
  return goals.flatMap(({ metric, objective, text }) =>
    metric === 'success' && (fails || objective !== undefined) ? [text] : [],
  );
}
