import type { Plan } from '../design/plan.ts';
import { within } from './activities.ts';
import { type FlowRules, Follower, flowsFrom, passedOn, type Stream } from './flows.ts';
import type { Activity, ComponentModel } from './kind.ts';
import { mean } from './law/index.ts';
import { type Hold, type Visits, visitsOf } from './visits.ts';

/** Visits to one station by those who hold another; rates are per second. */
export interface VisitsWithin {
  readonly component: number;
  readonly station: number;
  readonly rate: number;
  /** Servers they keep busy; for a station that is held itself, null. */
  readonly work: number | null;
  /** The rate by traffic, where the work is known. */
  readonly byTraffic: Visits['byTraffic'];
}

/**
 * What those who hold a station do at the stations of other components, through calls. What happens while a
 * further one is held belongs to that one.
 *
 * @param heldBy the station that whoever calls an operation holds until it is over, where that is limited; null = none
 * @param turnedAway share of those who want to hold a station that is turned away
 */
export function visitsWithin(
  plan: Plan,
  models: readonly ComponentModel[],
  rules: FlowRules,
  trafficRates: readonly number[],
  holds: readonly Hold[],
  heldBy: (operation: number) => number | null,
  turnedAway: (component: number, station: number) => number,
): VisitsWithin[] {
  // Nobody holds anything for what goes on behind the scenes.
  const waited: FlowRules = { ...rules, refreshed: () => null, afterwards: false };
  const calls = holds.flatMap((hold) => callsWithin(plan, waited, hold));
  if (calls.length === 0) return [];
  const flows = flowsFrom(plan, waited, calls, (operation) => heldBy(operation) !== null);
  const held: VisitsWithin[] = plan.operations.flatMap(({ component, index }) => {
    const station = heldBy(index);
    const rate = flows.rates[index]!;
    return station === null || rate === 0
      ? []
      : [{ component, station, rate, work: null, byTraffic: new Map() }];
  });
  const outside = flows.streams.map((streams, operation) => (heldBy(operation) === null ? streams : []));
  const poisson = new Float64Array(plan.operations.length).fill(1);
  const visits = visitsOf(
    plan,
    models,
    { ...flows, streams: outside },
    waited,
    trafficRates,
    turnedAway,
    poisson,
  );
  const own = plan.operations[holds[0]!.operation]!.component;
  const used = visits.flatMap((stations, component) =>
    stations.flatMap(({ uses, byTraffic }, station): VisitsWithin[] => {
      const rate = uses.reduce((total, use) => total + use.rate, 0);
      const work = uses.reduce((total, use) => total + use.rate * mean(use.time), 0);
      return component !== own && work > 0 ? [{ component, station, rate, work, byTraffic }] : [];
    }),
  );
  return [...used, ...merged(held)];
}

/** Visits to the same station by several operations as one. */
function merged(visits: readonly VisitsWithin[]): VisitsWithin[] {
  const byStation = new Map<string, VisitsWithin>();
  for (const visit of visits) {
    const name = `${visit.component} ${visit.station}`;
    const { rate = 0 } = byStation.get(name) ?? {};
    byStation.set(name, { ...visit, rate: rate + visit.rate });
  }
  return [...byStation.values()];
}

/** Calls made by those who hold a station. */
function callsWithin(plan: Plan, rules: FlowRules, hold: Hold): (Stream & { readonly operation: number })[] {
  const { operation, traffic, keys } = hold;
  const pinned = rules.pinned?.(plan.operations[operation]!.component, keys).pinned.probability ?? 0;
  const follower = new Follower(plan, rules);
  const calls: (Stream & { readonly operation: number })[] = [];
  const go = (all: readonly Activity[], rate: number): void => {
    for (const activity of all) {
      for (const { times, activities } of within(activity, pinned)) go(activities, rate * times);
      if (activity.does === 'forward') {
        for (const { to, probability, keys: those } of passedOn(plan, rules, operation, traffic, keys)) {
          calls.push({ operation: to, traffic, keys: those, rate: rate * probability });
        }
      } else if (activity.does === 'steps') {
        follower.follow(operation, traffic, keys, rate, {
          compute: () => undefined,
          call: (callee, calleeKeys, often) =>
            calls.push({ operation: callee, traffic, keys: calleeKeys, rate: often }),
        });
      }
    }
  };
  go(hold.during, hold.rate);
  return calls;
}

/** How much of a station others keep busy, in shares of it. */
export interface Others {
  /** Who hold none of these pools. */
  readonly strangers: number;
  /** All who do not hold the same pool. */
  readonly all: number;
}

/**
 * What others than the holders of one of `pools` equal pools take of something that can be busy. At full load each
 * of these pools has an equal share of what those leave who hold none. Null where they leave nothing.
 *
 * @param ours share that the holders of all pools keep busy, and what it were if everybody were let in
 * @param total share that everybody would keep busy
 */
export function othersAt(
  ours: { readonly entering: number; readonly wanting: number },
  total: number,
  pools: number,
): Others | null {
  const strangers = Math.max(0, total - ours.wanting);
  if (strangers > FULL) return null;
  const siblings = ((pools - 1) / pools) * Math.min(1 - strangers, ours.entering);
  return { strangers, all: strangers + siblings };
}

/** Busier than this by others, nothing is left. */
const FULL = 0.999;
