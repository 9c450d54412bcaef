import { answerBytes, bytesSent } from '../design/answers.ts';
import type { Plan, PlanAsked, PlanCall } from '../design/plan.ts';
import { acrossRegions, usedZones } from '../design/plan-places.ts';
import { regionOfComponent } from '../design/users-region.ts';
import type { Distribution } from '../quantities/index.ts';
import type { CrossingSpec } from './model.ts';
import type { Assembly } from './program/assembly.ts';

/** One way of an exchange. */
export interface Way {
  readonly way: 'request' | 'answer';
  /** The component that calls; null for users, of this traffic. */
  readonly caller: number | null;
  readonly traffic: number | null;
  readonly callee: number;
  /** Of the callee's instance; −1 for instance 0. */
  readonly slot: number;
  /** The call that it is part of; null where there is none. */
  readonly call: PlanCall | null;
  /** Bytes of the item that a message carries which is part of no call. */
  readonly item?: number;
  /** Who asked the component that passes it on, where that stands where they do. */
  readonly asked?: PlanAsked | undefined;
}

/**
 * The number of a new leg: how long a message takes by where both ends stand, and the count of what goes from place
 * to place. Null where the design has no places, or all instances of both stand together.
 *
 * @param purposeOf makes the purpose of a random stream
 */
export function legOf(assembly: Assembly, leg: Way, purposeOf: (what: string) => string): number | null {
  const { plan } = assembly;
  const { places } = plan;
  if (places === undefined) return null;
  // Who asks as a user is the user: there is no way between.
  if (plan.components[leg.callee]!.outside) return null;
  const standing = (component: number): readonly (number | null)[] => {
    const zones = places.components[component]!;
    // What stands nowhere in particular is there.
    return zones.length === 0
      ? [null]
      : usedZones({ instances: assembly.component(component).instances, zones });
  };
  const callees = standing(leg.callee);
  const outside = leg.caller === null || plan.components[leg.caller]!.outside === true;
  const callers = outside ? [null] : standing(leg.caller!);
  const passed = leg.asked !== undefined;
  const users = passed ? (leg.asked.regions[0] ?? null) : regionOfAskers(plan, leg);
  const known = new Map<Distribution, number>();
  const samplerOf = (law: Distribution | null): number => {
    if (law === null || (law.law === 'constant' && law.value === 0)) return -1;
    const sampler = known.get(law) ?? assembly.sampler(law, purposeOf(`${leg.way} latency`));
    known.set(law, sampler);
    return sampler;
  };
  const crossed = callers.map((from) =>
    callees.map((to) => crossing(plan, from, from === null ? users : null, to, passed)),
  );
  const pairs = crossed.flat();
  // What comes to users by way of a name is counted on the way to that.
  const counts = !outside || (leg.way === 'answer' && !passed);
  if (!outside && pairs.every(({ scope }) => scope === null)) return null;
  if (passed && outside && pairs.every(({ scope }) => scope === null)) return null;
  if (outside && !counts && pairs.every(({ latency }) => latency === null)) return null;
  const read = outside && (leg.traffic !== null || leg.call !== null);
  const item = read ? bytesToUsers(assembly, leg) : itemOf(plan, leg);
  assembly.legs.push({
    callers: callers.length,
    callees: callees.length,
    samplers: Int32Array.from(pairs, ({ latency }) => samplerOf(latency)),
    crossings: Int32Array.from(pairs, ({ scope }) =>
      scope === null || !counts ? -1 : crossingNumber(assembly, leg, scope),
    ),
    headers: places.headers,
    item,
    answer: leg.way === 'answer',
    ofHit: (leg.call?.onMiss.length ?? 0) > 0,
  });
  return assembly.legs.length - 1;
}

/** The region of the users who ask; null where they are in none. */
function regionOfAskers(plan: Plan, { caller, traffic }: Way): number | null {
  if (traffic !== null) return plan.places!.users[traffic] ?? null;
  return caller === null ? null : regionOfComponent(plan, caller);
}

/**
 * How long a message takes from zone to zone, and what that is; users are in a region, or nowhere in particular. They
 * reach what is in their region in no time, unless a name passed them on: then the network is crossed behind it.
 */
function crossing(
  plan: Plan,
  from: number | null,
  users: number | null,
  to: number | null,
  passed: boolean,
): { readonly latency: Distribution | null; readonly scope: CrossingSpec['scope'] | null } {
  const places = plan.places!;
  if (to === null) return { latency: null, scope: from === null ? 'users' : null };
  const there = places.zones[to]!.region;
  if (from === null) {
    const away = users !== null && users !== there;
    const near = passed ? plan.network.latency : null;
    return {
      latency: away ? acrossRegions(places, users, there) : near,
      scope: passed && !away ? null : 'users',
    };
  }
  const here = places.zones[from]!.region;
  if (here !== there) return { latency: acrossRegions(places, here, there), scope: 'regions' };
  if (from !== to) return { latency: places.acrossZones, scope: 'zones' };
  return { latency: plan.network.latency, scope: null };
}

function crossingNumber(assembly: Assembly, leg: Way, scope: CrossingSpec['scope']): number {
  const { components } = assembly.plan;
  const caller = scope === 'users' ? 'users' : components[leg.caller!]!.name;
  const callee = components[leg.callee]!.name;
  const [from, to] = leg.way === 'request' ? [caller, callee] : [callee, caller];
  const known = assembly.crossings.findIndex(
    (each) => each.from === from && each.to === to && each.scope === scope,
  );
  return known >= 0 ? known : assembly.crossings.push({ from, to, scope }) - 1;
}

/** Bytes of the item that a call moves this way. */
function itemOf({ data }: Plan, { way, call, item = 0 }: Way): number {
  if (call === null && way === 'request') return item;
  const moved = call?.moves ?? call?.carries;
  return moved?.with === way ? data[moved.data]!.size.value : 0;
}

/** Mean bytes of the items that an answer has to bring to a user. */
function bytesToUsers({ plan }: Assembly, { caller, callee, traffic, call: made }: Way): number {
  const asking = plan.traffic.filter(({ index, operation }) =>
    made === null ? index === traffic : plan.operations[operation]!.component === caller,
  );
  const data = new Set(asking.map(({ key }) => (key?.from === 'draw' ? key.data : null)));
  const keyed = data.size === 1 ? [...data][0]! : null;
  const called = made === null ? plan.traffic[traffic!]!.operation : made.operation;
  if (plan.operations[called]!.component !== callee) return 0;
  const sole = asking.length === 1 ? asking[0]!.index : undefined;
  return bytesSent(answerBytes(plan, called, { traffic: sole, keyed }));
}
