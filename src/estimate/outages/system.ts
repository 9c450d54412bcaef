import type { Plan } from '../../design/plan.ts';
import type { ComponentModel, Failover, MembersModel } from '../kind.ts';
import { type Reliability, reliabilityOf } from '../reliability.ts';
import type { Solution } from '../solution.ts';
import { type Groups, memberGroups, replicaGroups } from './groups.ts';
import { Impact } from './impact.ts';
import { failoversOf, type Router, routersOf } from './state.ts';

/** A design as a set of things that fail and are repaired, and what follows from that. */
export interface FailingSystem {
  readonly plan: Plan;
  readonly impact: Impact;
  readonly routers: readonly Router[];
  /** By component. */
  readonly components: readonly FailingComponent[];
  /** Regions and zones that fail as a whole. */
  readonly places: readonly FailingPlace[];
}

/** The instances of a component. */
export interface FailingComponent {
  readonly name: string;
  readonly instances: number;
  /** Makes the groups that answer; null = no groups do. */
  readonly groups: (() => Groups) | null;
  /** What of it to name that fails alone, where that is not any instance of it. */
  readonly alone?: string;
  /** null = nothing is known of how it fails, and it is taken never to. */
  readonly reliability: Reliability | null;
  /** null = the others take over at once. */
  readonly failover: Failover | null;
  /** Requests per second that come to one instance. */
  readonly rate: number;
  /** By instance: the zones without all of which it is gone; empty where it stands nowhere. */
  readonly zones: readonly (readonly number[])[];
}

/** A region or zone. */
export interface FailingPlace {
  readonly name: string;
  readonly zones: readonly number[];
  readonly reliability: Pick<Reliability, 'mtbf' | 'mttr'>;
}

function groupsOf({ instances, replicas, members }: ComponentModel): FailingComponent['groups'] {
  if (members !== undefined) return () => memberGroups(instances, members.each, members.takeover !== null);
  return replicas === undefined ? null : () => replicaGroups(instances, replicas.each);
}

/** A primary that is gone counts as one until a follower has taken over. */
function takeoverOf({ takeover }: MembersModel): Failover | null {
  if (takeover === null) return null;
  return { leftOut: { law: 'constant', value: takeover }, back: { law: 'constant', value: 0 } };
}

/** What of a solved design can fail. */
export function failingSystem(solution: Solution): FailingSystem {
  const { plan, models, flows } = solution;
  const routers = routersOf(plan, models);
  const impact = new Impact(solution, routers);
  const failovers = failoversOf(plan, models);
  const components = plan.components.map(({ name, index, operations }): FailingComponent => {
    const instances = impact.instances(index);
    const { members } = models[index]!;
    // Users stand in no zone.
    const zones = plan.components[index]!.outside ? [] : (plan.places?.components[index] ?? []);
    const standing = (i: number): readonly number[] => {
      if (zones.length === 0) return [];
      // What is available as one stands in all of its zones, and is gone with the last of them.
      return models[index]!.availableAsOne ? zones : [zones[i % zones.length]!];
    };
    return {
      name,
      instances,
      groups: groupsOf(models[index]!),
      ...(members && {
        alone:
          instances === members.each
            ? `the primary of ${name}`
            : `1 of the ${instances / members.each} primaries of ${name}`,
      }),
      reliability: reliabilityOf(plan, index, models[index]!),
      failover: members ? takeoverOf(members) : instances > 1 ? failovers[index]! : null,
      rate: operations.reduce((sum, o) => sum + flows.rates[o]!, 0) / instances,
      zones: Array.from({ length: instances }, (_, i) => standing(i)),
    };
  });
  const places = (plan.places?.fail ?? []).map(({ name, zones, mtbf, mttr }) => ({
    name,
    zones,
    reliability: { mtbf, mttr },
  }));
  return { plan, impact, routers, components, places };
}
