import type { Plan, PlanOperation, PlanPlaces } from '../design/plan.ts';
import { acrossRegions } from '../design/plan-places.ts';
import type { Distribution } from '../quantities/index.ts';
import type { ComponentModel } from './kind.ts';
import { type Law, mixture, sum, zero } from './law/index.ts';
import { groupsOf } from './models.ts';
import { timeLaw } from './station.ts';

/** Where a message goes: within a zone, to another zone of the region, or to another region. */
export type Scope = 'zone' | 'zones' | 'regions';

/** One way between two zones, and the share of messages that take it. */
export interface Share {
  readonly scope: Scope;
  readonly share: number;
  readonly latency: Distribution;
}

/**
 * The share of a component's instances that stands in each zone.
 * @param among whether those at a position of its zones are looked at; without it, all are
 * @param asked the operation that it is asked for, where not all of its instances do that
 */
function standing(
  places: PlanPlaces,
  models: readonly ComponentModel[],
  component: number,
  among: (position: number) => boolean = () => true,
  asked?: PlanOperation,
): ReadonlyMap<number, number> {
  const { instances, members } = models[component]!;
  const zones = places.components[component]!;
  const upTo = (end: number, i: number): number => Math.max(0, Math.ceil((end - i) / zones.length));
  const range = asked === undefined ? undefined : members?.asked(asked);
  const { first, instances: some } = range ?? { first: 0, instances };
  const count = zones.map((_, i) => (among(i) ? upTo(first + some, i) - upTo(first, i) : 0));
  const all = count.reduce((sum, here) => sum + here, 0);
  const shares = new Map<number, number>();
  for (const [i, zone] of zones.entries()) {
    const here = count[i]!;
    if (here > 0) shares.set(zone, (shares.get(zone) ?? 0) + here / all);
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
  among?: (position: number) => boolean,
  asked?: PlanOperation,
): Share[] {
  const { places } = plan;
  if (places === undefined) return [];
  const there = standing(places, models, callee, undefined, asked);
  if (plan.components[caller]!.outside) return [];
  return [...standing(places, models, caller, among)].flatMap(([from, a]) =>
    [...there].map(([to, b]): Share => ({ ...way(plan, from, to), share: a * b })),
  );
}

/** The way from one zone to another. */
function way(plan: Plan, from: number, to: number): Omit<Share, 'share'> {
  const places = plan.places!;
  const [here, away] = [places.zones[from]!.region, places.zones[to]!.region];
  if (here !== away) return { scope: 'regions', latency: acrossRegions(places, here, away) };
  if (from !== to) return { scope: 'zones', latency: places.acrossZones };
  return { scope: 'zone', latency: plan.network.latency };
}

/**
 * The ways from one operation to another that it calls or passes requests on to. Of one that stands where it is asked,
 * those of who asks it; none to such a one.
 */
export function waysOf(
  plan: Plan,
  models: readonly ComponentModel[],
  from: PlanOperation,
  to: PlanOperation,
): Share[] {
  const { asked, among } = from;
  if (asked === undefined) return waysBetween(plan, models, from.component, to.component, undefined, to);
  const { by, prefers } = asked;
  if (by === null || to.asked !== undefined) return [];
  const target = among?.findIndex(({ operation }) => operation === to.index);
  const answered = prefers && ((position: number) => prefers[position]![0] === target);
  return waysBetween(plan, models, by, to.component, answered, to);
}

/** The time of a request and its answer on the network, between two operations; null where that is the usual one. */
export function roundTrip(
  plan: Plan,
  models: readonly ComponentModel[],
  from: PlanOperation,
  to: PlanOperation,
): Law | null {
  const { places } = plan;
  if (places === undefined) return null;
  if (to.asked !== undefined) return zero;
  if (from.asked?.by === null) {
    const users = from.asked.regions[0] ?? null;
    return users === null ? null : fromRegion(plan, models, users, to, plan.network.latency);
  }
  const ways = waysOf(plan, models, from, to);
  if (ways.length === 0 || ways.every(({ scope }) => scope === 'zone')) return null;
  return bothWays(ways);
}

/**
 * The time of a request and its answer to each replica of a group, by the zone of who asks and the group that is asked,
 * and the share of requests that this is; null where all stand together, or who asks is in no zone.
 */
export function roundTripsToReplicas(
  plan: Plan,
  models: readonly ComponentModel[],
  from: PlanOperation,
  to: PlanOperation,
): { readonly share: number; readonly trips: readonly Law[] }[] | null {
  const { places } = plan;
  const { each } = models[to.component]!.replicas!;
  if (places === undefined || from.asked !== undefined || plan.components[from.component]!.outside)
    return null;
  const zones = places.components[to.component]!;
  const groups = groupsOf(models[to.component]!);
  const callers = standing(places, models, from.component);
  if (new Set([...zones, ...callers.keys()]).size < 2) return null;
  // Groups stand alike when so many others lie between.
  const apart = Math.min(groups, zones.length);
  return [...callers].flatMap(([zone, share]) =>
    Array.from({ length: apart }, (_, group) => ({
      share: (share * Math.ceil((groups - group) / apart)) / groups,
      trips: Array.from({ length: each }, (_, replica) => {
        const { latency } = way(plan, zone, zones[(group * each + replica) % zones.length]!);
        return sum(timeLaw(latency), timeLaw(latency));
      }),
    })),
  );
}

/** Groups of a component with followers that stand alike, by the zones of primary and followers, with the share of each. */
function groupsApart(
  plan: Plan,
  models: readonly ComponentModel[],
  component: number,
): { readonly share: number; readonly ways: readonly Omit<Share, 'share'>[] }[] {
  const zones = plan.places?.components[component] ?? [];
  const { each } = models[component]!.members!;
  const groups = groupsOf(models[component]!);
  const apart = Math.min(groups, zones.length);
  return Array.from({ length: apart }, (_, group) => ({
    share: Math.ceil((groups - group) / apart) / groups,
    ways: Array.from({ length: each - 1 }, (_, follower) => {
      const there = zones[((1 + follower) * groups + group) % zones.length]!;
      return way(plan, zones[group % zones.length]!, there);
    }),
  }));
}

/** The ways of messages from a primary to its followers, one of them by chance. Empty where they have no places. */
export function waysToFollowers(plan: Plan, models: readonly ComponentModel[], component: number): Share[] {
  return groupsApart(plan, models, component).flatMap(({ share, ways }) =>
    ways.map((each) => ({ ...each, share: share / ways.length })),
  );
}

/**
 * The time of a message from a primary to each of its followers and back, by groups that stand alike, with their share.
 *
 * @param network the time of a message where there are no places
 */
export function tripsToFollowers(
  plan: Plan,
  models: readonly ComponentModel[],
  component: number,
  network: Law,
): { readonly share: number; readonly trips: readonly Law[] }[] {
  const { each } = models[component]!.members!;
  const apart = groupsApart(plan, models, component);
  if (apart.length === 0) return [{ share: 1, trips: new Array<Law>(each - 1).fill(sum(network, network)) }];
  return apart.map(({ share, ways }) => ({
    share,
    trips: ways.map(({ latency }) => sum(timeLaw(latency), timeLaw(latency))),
  }));
}

/** The time there and back between the users of a traffic and its first component, no time within a region; null where they are nowhere. */
export function roundTripOfUsers(plan: Plan, models: readonly ComponentModel[], traffic: number): Law | null {
  const { places } = plan;
  const from = places?.users[traffic] ?? null;
  const callee = plan.operations[plan.traffic[traffic]!.operation]!;
  if (from === null || callee.asked !== undefined) return null;
  return fromRegion(plan, models, from, callee, { law: 'constant', value: 0 });
}

/** The same between an operation of users and one of the system. */
export function roundTripOfOutside(
  plan: Plan,
  models: readonly ComponentModel[],
  caller: number,
  callee: PlanOperation,
): Law | null {
  const [zone] = plan.places?.components[caller] ?? [];
  if (zone === undefined || callee.asked !== undefined) return null;
  const from = plan.places!.zones[zone]!.region;
  return fromRegion(plan, models, from, callee, { law: 'constant', value: 0 });
}

/** There and back between a region and a component, with the latency within the region. */
function fromRegion(
  plan: Plan,
  models: readonly ComponentModel[],
  from: number,
  to: PlanOperation,
  within: Distribution,
): Law {
  const places = plan.places!;
  return bothWays(
    [...standing(places, models, to.component, undefined, to)].map(([zone, share]) => {
      const { region } = places.zones[zone]!;
      return { share, latency: region === from ? within : acrossRegions(places, from, region) };
    }),
  );
}

/** A request and its answer go the same way. */
function bothWays(ways: readonly Pick<Share, 'share' | 'latency'>[]): Law {
  return mixture(
    ways.map(({ share, latency }) => ({ weight: share, of: sum(timeLaw(latency), timeLaw(latency)) })),
  );
}
