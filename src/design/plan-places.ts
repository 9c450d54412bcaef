import { type Distribution, scaleDistribution } from '../quantities/index.ts';
import { calleesOf, componentsThatTalk } from './callees.ts';
import type { CheckedDesign } from './checked-design.ts';
import { findConstant } from './constants/index.ts';
import { instancesOf } from './kind.ts';
import { readPlaces, zonesOf } from './places.ts';
import type { PlanOperation, PlanPlaces, PlanTraffic } from './plan.ts';
import { planCommonCauses } from './plan-failures.ts';

/** Where a component's instances stand: instance i in zone `zones[i % zones.length]`. */
export interface Standing {
  readonly instances: number;
  readonly zones: readonly number[];
  /** It is where users are, and in no zone. */
  readonly outside: boolean;
}

/**
 * From which zones calls go to which, and answers come back: of every pair of components, any instance to any other; and
 * whether both stand in the system.
 */
export function zonesThatTalk(
  operations: readonly PlanOperation[],
  standing: readonly Standing[],
): readonly (readonly [from: number, to: number, within: boolean])[] {
  return componentsThatTalk(operations).flatMap(([caller, callee]) =>
    usedZones(standing[caller]!).flatMap((from) =>
      usedZones(standing[callee]!).map((to) => [from, to, !standing[caller]!.outside] as const),
    ),
  );
}

/** The zones of `standing` that have an instance at all, in its order. */
export function usedZones({ instances, zones }: Pick<Standing, 'instances' | 'zones'>): readonly number[] {
  return zones.slice(0, Math.max(1, instances));
}

/** The places of a checked design; null where it has none. */
export function planPlaces(
  design: CheckedDesign,
  operations: readonly PlanOperation[],
  traffic: readonly PlanTraffic[],
): PlanPlaces | null {
  const { parsed, written, outline, constants } = design;
  const names = readPlaces(written);
  if (names === null) return null;
  const components = [...outline.components.values()].map(
    ({ name, kind }) => zonesOf(names, parsed.components[name]!, kind) ?? [],
  );
  const standing = [...outline.components.values()].map(
    ({ name, kind }, index): Standing => ({
      instances: instancesOf(kind, design.settings.get(name)!),
      zones: components[index]!,
      outside: kind?.outside === true,
    }),
  );
  const users = Object.values(parsed.traffic).map(({ from }) =>
    from === undefined ? null : names.regions.indexOf(from),
  );
  const regionOf = (zone: number): number => names.zones[zone]!.region;
  const regionPairs = new Set<string>();
  let zonesCrossed = false;
  const cross = (a: number, b: number): void => {
    if (a !== b) regionPairs.add(`${Math.min(a, b)} ${Math.max(a, b)}`);
  };
  for (const [from, to, within] of zonesThatTalk(operations, standing)) {
    cross(regionOf(from), regionOf(to));
    zonesCrossed ||= within && from !== to && regionOf(from) === regionOf(to);
  }
  for (const operation of operations) {
    const from = operation.asked?.by === null ? (operation.asked.regions[0] ?? null) : null;
    if (from === null) continue;
    for (const callee of calleesOf(operation)) {
      for (const to of usedZones(standing[operations[callee]!.component]!)) cross(from, regionOf(to));
    }
  }
  for (const { operation, index } of traffic) {
    const from = users[index]!;
    if (from === null) continue;
    for (const to of usedZones(standing[operations[operation]!.component]!)) cross(from, regionOf(to));
  }
  const between = [...regionPairs].sort().map((pair) => {
    const [a = 0, b = 0] = pair.split(' ').map(Number);
    return {
      regions: [a, b] as const,
      latency: latencyBetween(names.regions[a]!, names.regions[b]!, design),
    };
  });
  const usual = (): Distribution => ({
    law: 'constant',
    value: zonesCrossed ? constants.take('rtt.az') / 2 : 0,
  });
  const fail = planCommonCauses(names, parsed.regions ?? {}, constants);
  return {
    regions: names.regions,
    zones: names.zones,
    components,
    users,
    acrossZones: parsed.network?.zones ?? usual(),
    acrossRegions: between,
    headers: constants.take('size.http.headers'),
    ...(fail.length > 0 && { fail }),
  };
}

/** One way from one region to another that a message of the plan can go. */
export function acrossRegions({ acrossRegions: pairs }: PlanPlaces, a: number, b: number): Distribution {
  const [low, high] = a < b ? [a, b] : [b, a];
  const pair = pairs.find(({ regions }) => regions[0] === low && regions[1] === high);
  if (pair === undefined) throw new RangeError(`no latency between regions ${low} and ${high}`);
  return pair.latency;
}

/** One way between two regions: as said, by the distance, or half of the round trip that is known of the pair. */
function latencyBetween(a: string, b: string, { parsed, constants }: CheckedDesign): Distribution {
  const regions = parsed.regions ?? {};
  const said = regions[a]?.latency?.[b] ?? regions[b]?.latency?.[a];
  if (said !== undefined) return said;
  const far = regions[a]?.distance?.[b] ?? regions[b]?.distance?.[a];
  if (far !== undefined) {
    const light: Distribution = { law: 'constant', value: far * constants.take('net.fibre.km') };
    return scaleDistribution(light, constants.take('net.route'));
  }
  const pair = [`rtt.${a}.${b}`, `rtt.${b}.${a}`].find((name) => findConstant(name) !== undefined);
  return { law: 'constant', value: constants.take(pair ?? 'rtt.region') / 2 };
}
