import { quorumAvailability } from '../blocks/index.ts';
import { mean } from '../quantities/index.ts';
import { type Dependence, dependenceOf } from './availability.ts';
import { leastInstances, loadOf } from './component-entries.ts';
import type { Entry } from './entry.ts';
import { atLeastDrawn, downtime, failedParts, kOfEqual } from './formulas/index.ts';
import { shareText } from './numbers.ts';
import { reliabilityOf } from './reliability.ts';
import type { Solution } from './solution.ts';

/** The share of the time that a component does its work. */
interface Available {
  readonly value: number;
  readonly working: () => string;
  readonly source: string;
}

/**
 * Availability for each traffic: what every request needs in series, the rest as far as it is needed; the
 * instances of one component k of n, with k the least that can carry the load. Independent failures, at once
 * replaced. Unknown where a component's is, and where no request succeeds anyway.
 */
export function availabilityEntries(solution: Solution): Entry[] {
  const { plan, rules } = solution;
  return plan.traffic.flatMap(({ name, index }) => {
    const all = plan.components.map((_, c) => availableShare(c, index, solution));
    const needs = dependenceOf(plan, index, rules.keySpace);
    const reached =
      needs === null ? [] : [...needs.always, ...needs.partly.map(({ component }) => component)];
    const unknown = reached.filter((c) => all[c] === null).map((c) => plan.components[c]!.name);
    const value = needs === null || unknown.length > 0 ? null : needs.share((c) => all[c]!.value);
    const working = (): string => {
      if (needs === null) return 'unknown: no request succeeds';
      return unknown.length > 0 ? `unknown for ${unknown.join(', ')}` : workingOf(needs, all, value!);
    };
    const sources = [...new Set(reached.flatMap((c) => all[c]?.source ?? []))];
    return [
      {
        name: `traffic.${name}.availability`,
        label: 'availability',
        value,
        unit: '1',
        formula:
          'Π over the components that every request needs × share of requests that the others leave (parallel: k of n branches; choose: by probability); of equal instances, as many as carry the load; of replicas, as many as have to answer; of a primary with followers, one of them where another one takes over',
        working,
        source: `${sources.join('; ')}; failures independent, replaced at once`,
      },
      {
        name: `traffic.${name}.downtime`,
        label: 'downtime a year',
        value: value === null ? null : downtime(value),
        unit: 's',
        formula: '(1 − availability) × 365 days',
        working: value === null ? working : () => `(1 − ${shareText(value)}) × 365 days`,
        source: 'a year of 365 days',
      },
    ];
  });
}

/** The components that every request needs, and what each of the others costs while it alone is down. */
function workingOf(needs: Dependence, all: readonly (Available | null)[], value: number): string {
  const parts = needs.always.map((c) => all[c]!.working());
  if (needs.partly.length > 0) {
    const rest = value / needs.always.reduce((product, c) => product * all[c]!.value, 1);
    const others = needs.partly.map(
      ({ component, lost }) =>
        `${all[component]!.working()}, ${lost < 1e-12 ? 'none fail' : `${shareText(lost)} fail`} without it alone`,
    );
    parts.push(`${shareText(rest)} [${others.join('; ')}]`);
  }
  return parts.join(' × ');
}

function availableShare(component: number, traffic: number, solution: Solution): Available | null {
  const { plan, models, stations } = solution;
  const { availableAsOne, instances, spread, replicas, members } = models[component]!;
  const { name } = plan.components[component]!;
  const known = reliabilityOf(plan, component, models[component]!);
  if (known === null) return null;
  const { source } = known;
  const crews = known.crews ?? instances;
  const failed = crews < instances ? failedParts(instances, mean(known.mttr) / known.mtbf, crews) : null;
  const availability =
    failed?.reduce((sum, share, down) => sum + (share * (instances - down)) / instances, 0) ??
    known.availability;
  const repairs = failed === null ? '' : `, ${crews} in repair at a time`;
  if (replicas !== undefined) {
    const needed = replicasNeeded(component, traffic, solution);
    // Whoever is down is any of all: a group meets the failed as drawn from them.
    const value =
      failed?.reduce(
        (sum, share, down) => sum + share * atLeastDrawn(needed, replicas.each, instances - down, instances),
        0,
      ) ?? quorumAvailability(replicas.each, needed, availability);
    const working = (): string =>
      `${name} ${shareText(value)} (${needed} of ${replicas.each} replicas, each ${shareText(availability)}${repairs})`;
    return { value, working, source };
  }
  if (members !== undefined) {
    const asked = askedOf(component, traffic, solution);
    if (members.takeover !== null || !asked.some((o) => members.needsPrimary(plan.operations[o]!))) {
      const value =
        failed?.reduce(
          (sum, share, down) => sum + share * atLeastDrawn(1, members.each, instances - down, instances),
          0,
        ) ?? quorumAvailability(members.each, 1, availability);
      const working = (): string =>
        `${name} ${shareText(value)} (1 of ${members.each} members, each ${shareText(availability)}${repairs})`;
      return { value, working, source };
    }
    return { value: availability, working: () => `${name} ${shareText(availability)} (its primary)`, source };
  }
  // A request needs the one node that its key belongs to.
  if (spread === 'key' || instances === 1 || availableAsOne) {
    return { value: availability, working: () => `${name} ${shareText(availability)}`, source };
  }
  const needed = Math.min(instances, leastInstances(loadOf(stations[component]!, instances), 1));
  const value =
    failed?.slice(0, instances - needed + 1).reduce((sum, share) => sum + share, 0) ??
    kOfEqual(needed, instances, availability);
  const working = (): string =>
    `${name} ${shareText(value)} (${needed} of ${instances}, each ${shareText(availability)}${repairs})`;
  return { value, working, source };
}

/** Replicas of an item that have to be up for all that requests of a traffic ask of it. */
function replicasNeeded(component: number, traffic: number, solution: Solution): number {
  const { plan, models } = solution;
  const asked = askedOf(component, traffic, solution);
  return Math.max(1, ...asked.map((o) => models[component]!.replicas!.needed(plan.operations[o]!)));
}

/** Operations of a component that requests of a traffic ask for. */
function askedOf(component: number, traffic: number, { plan, flows }: Solution): number[] {
  return plan.components[component]!.operations.filter((o) =>
    flows.streams[o]!.some((stream) => stream.traffic === traffic),
  );
}
