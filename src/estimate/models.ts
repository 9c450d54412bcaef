import type { Plan } from '../design/plan.ts';
import type { ComponentModel, EstimatedKind, StationModel } from './kind.ts';

/** The models of a plan's components. */
export function modelsOf(plan: Plan, kinds: ReadonlyMap<string, EstimatedKind>): ComponentModel[] {
  return plan.components.map((component) => {
    const kind = kinds.get(component.kind);
    if (kind === undefined) throw new RangeError(`no estimate for kind ${component.kind}`);
    const model = kind.model(component, plan);
    const { widened } = plan;
    if (widened === undefined) return model;
    const times = (station: StationModel) => widened[`${component.name}.${station.name}`] ?? 1;
    return {
      ...model,
      stations: model.stations.map((station) => ({
        ...station,
        servers: station.servers === null ? null : station.servers * times(station),
      })),
    };
  });
}

/** Groups of instances each of which has a share of the requests: single instances, unless these are replicas. */
export function groupsOf({
  instances,
  replicas,
  members,
}: Pick<ComponentModel, 'instances' | 'replicas' | 'members'>): number {
  return instances / (replicas?.each ?? members?.each ?? 1);
}

/** How many of a station there are among which requests are spread. */
export function poolsOf(model: ComponentModel, station: number): number {
  return model.stations[station]!.followers ?? groupsOf(model);
}

/** Share of the requests from which on it matters what becomes of them. */
const MATTERS = 1e-6;

/**
 * Whether instances of a component are killed often enough to matter: with each request that finds no room go those that
 * have it, and those that come until the instance is back. An upper bound, since nobody finds no room meanwhile.
 */
export function killsMatter(
  { instances, stations }: ComponentModel,
  solved: readonly { readonly offered: number; readonly accepted: number }[],
): boolean {
  return stations.some(({ fatal, servers }, s) => {
    const { offered, accepted } = solved[s]!;
    if (fatal === undefined || servers === null || offered === 0) return false;
    return (1 - accepted / offered) * (1 + servers + (offered / instances) * fatal) > MATTERS;
  });
}
