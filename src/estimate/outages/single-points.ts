import type { Remains, Routing } from './impact.ts';
import type { FailingSystem } from './system.ts';

/** Something that alone takes requests with it, and the share of each traffic. */
export interface SinglePoint {
  readonly what: string;
  /** By traffic. */
  readonly lost: Float64Array;
}

/**
 * Everything that takes requests with it when it is down while all else is up and requests have been sent elsewhere as
 * far as they ever are: one instance, a zone, a region. What is never down counts too.
 */
export function singlePoints(system: FailingSystem): SinglePoint[] {
  const { components, plan } = system;
  const places = plan.places;
  const instances = components.map(
    ({ name, instances, alone }, c): [string, (of: number, i: number) => boolean] => [
      alone ?? (instances === 1 ? name : `1 of ${instances} ${name}`),
      (of, i) => of === c && i === 0,
    ],
  );
  const standsIn = (zones: readonly number[]) => (of: number, i: number) => {
    const own = components[of]!.zones[i]!;
    return own.length > 0 && own.every((zone) => zones.includes(zone));
  };
  const regions = (places?.regions ?? []).map((name, region) => ({
    name,
    zones: places!.zones.flatMap((zone, z) => (zone.region === region ? [z] : [])),
  }));
  const areas = [
    ...(places?.zones ?? []).map(({ name }, z) => ({ name, zones: [z] })),
    ...regions.filter(({ zones }) => zones.length > 1),
  ];
  const all = [...instances, ...areas.map(({ name, zones }) => [name, standsIn(zones)] as const)];
  return all.flatMap(([what, gone]) => {
    const lost = lostWithout(system, gone);
    return lost.some((share) => share > 0) ? [{ what, lost }] : [];
  });
}

function lostWithout(
  { components, routers, impact }: FailingSystem,
  gone: (component: number, instance: number) => boolean,
): Float64Array {
  const left = components.map(({ instances }, c) =>
    Array.from({ length: instances }, (_, i) => i).filter((i) => !gone(c, i)),
  );
  const up = left.map(({ length }) => length);
  const routing: Routing = routers.map(({ targets, failover }) => {
    const well = targets.map((target) => failover.leftOut === null || up[target]! > 0);
    return well.every(Boolean) ? null : well;
  });
  const state = components.flatMap(({ instances, groups, failover }, c): Remains[] => {
    if (up[c] === instances) return [];
    const stays = failover !== null && failover.leftOut === null && failover.afterFailures === undefined;
    const serving = { component: c, serving: up[c]!, listed: stays ? instances : up[c]!, up: up[c]! };
    if (groups === null) return [serving];
    const answering = groups();
    for (let i = 0; i < instances; i++) if (!left[c]!.includes(i)) answering.changed(i, false, false);
    return [{ ...serving, groups: answering.by }];
  });
  return impact.effect(state, routing).lost;
}
