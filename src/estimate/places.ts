import type { Plan, PlanPlaces } from '../design/plan.ts';
import type { Distribution } from '../quantities/index.ts';
import type { ComponentModel } from './kind.ts';
import { type Law, mixture, sum } from './law/index.ts';
import { timeLaw } from './station.ts';

/** Where a message goes: within a zone, to another zone of the region, or to another region. */
export type Scope = 'zone' | 'zones' | 'regions';

/** One way between two zones, and the share of messages that take it. */
export interface Share {
  readonly scope: Scope;
  readonly share: number;
  readonly latency: Distribution;
}

/** The share of a component's instances that stands in each zone. */
function standing(
  places: PlanPlaces,
  models: readonly ComponentModel[],
  component: number,
): ReadonlyMap<number, number> {
  const { instances } = models[component]!;
  const zones = places.components[component]!;
  const shares = new Map<number, number>();
  for (const [i, zone] of zones.entries()) {
    const here = Math.max(0, Math.ceil((instances - i) / zones.length));
    if (here > 0) shares.set(zone, (shares.get(zone) ?? 0) + here / instances);
  }
  return shares;
}

/**
 * The ways of messages between two components, where callers and callees are chosen without regard to where they
 * stand. Empty where the plan has no places.
 */
export function waysBetween(
  plan: Plan,
  models: readonly ComponentModel[],
  caller: number,
  callee: number,
): Share[] {
  const { places } = plan;
  if (places === undefined) return [];
  const there = standing(places, models, callee);
  return [...standing(places, models, caller)].flatMap(([from, a]) =>
    [...there].map(([to, b]): Share => {
      const [here, away] = [places.zones[from]!.region, places.zones[to]!.region];
      const share = a * b;
      if (here !== away) return { scope: 'regions', share, latency: acrossRegions(places, here, away) };
      if (from !== to) return { scope: 'zones', share, latency: places.acrossZones };
      return { scope: 'zone', share, latency: plan.network.latency };
    }),
  );
}

/** The time of a request and its answer on the network, between two components. */
export function roundTrip(
  plan: Plan,
  models: readonly ComponentModel[],
  caller: number,
  callee: number,
): Law | null {
  const ways = waysBetween(plan, models, caller, callee);
  if (ways.length === 0 || ways.every(({ scope }) => scope === 'zone')) return null;
  return bothWays(ways);
}

/** The same between the users of a traffic and its first component, no time within a region; null where they are nowhere. */
export function roundTripOfUsers(plan: Plan, models: readonly ComponentModel[], traffic: number): Law | null {
  const { places } = plan;
  const from = places?.users[traffic] ?? null;
  if (places === undefined || from === null) return null;
  const callee = plan.operations[plan.traffic[traffic]!.operation]!.component;
  const nothing: Distribution = { law: 'constant', value: 0 };
  return bothWays(
    [...standing(places, models, callee)].map(([zone, share]) => {
      const { region } = places.zones[zone]!;
      return { share, latency: region === from ? nothing : acrossRegions(places, from, region) };
    }),
  );
}

/** A request and its answer go the same way. */
function bothWays(ways: readonly Pick<Share, 'share' | 'latency'>[]): Law {
  return mixture(
    ways.map(({ share, latency }) => ({ weight: share, of: sum(timeLaw(latency), timeLaw(latency)) })),
  );
}

function acrossRegions(places: PlanPlaces, a: number, b: number): Distribution {
  const [low, high] = a < b ? [a, b] : [b, a];
  const pair = places.acrossRegions.find(({ regions }) => regions[0] === low && regions[1] === high);
  if (pair === undefined) throw new RangeError(`no latency between regions ${low} and ${high}`);
  return pair.latency;
}
