import type { Plan } from '../design/plan.ts';
import { type FlowRules, Follower, flowsFrom, type Stream } from './flows.ts';
import type { Activity, ComponentModel } from './kind.ts';
import { mean } from './law/index.ts';
import type { InsideStation } from './slots.ts';
import type { StationState } from './station.ts';
import { type Hold, visitsOf } from './visits.ts';

/** Visits to one station by those who hold another. */
export interface VisitsWithin {
  readonly component: number;
  readonly station: number;
  /** Per second, and the servers they keep busy. */
  readonly rate: number;
  readonly work: number;
}

/**
 * What those who hold a station do at the stations of other components, through calls.
 *
 * @param turnedAway share of those who want to hold a station that is turned away
 */
export function visitsWithin(
  plan: Plan,
  models: readonly ComponentModel[],
  rules: FlowRules,
  trafficRates: readonly number[],
  holds: readonly Hold[],
  turnedAway: (component: number, station: number) => number,
): VisitsWithin[] {
  const calls = holds.flatMap((hold) => callsWithin(plan, rules, hold));
  if (calls.length === 0) return [];
  const poisson = new Float64Array(plan.operations.length).fill(1);
  const flows = flowsFrom(plan, rules, calls);
  const visits = visitsOf(plan, models, flows, rules, trafficRates, turnedAway, poisson);
  const own = plan.operations[holds[0]!.operation]!.component;
  return visits.flatMap((stations, component) =>
    component === own
      ? []
      : stations.flatMap(({ uses }, station) => {
          const rate = uses.reduce((total, use) => total + use.rate, 0);
          const work = uses.reduce((total, use) => total + use.rate * mean(use.time), 0);
          return work > 0 ? [{ component, station, rate, work }] : [];
        }),
  );
}

/** Calls made by those who hold a station. */
function callsWithin(plan: Plan, rules: FlowRules, hold: Hold): (Stream & { readonly operation: number })[] {
  const { operation, traffic, keys } = hold;
  const follower = new Follower(plan, rules);
  const calls: (Stream & { readonly operation: number })[] = [];
  const go = (all: readonly Activity[], rate: number): void => {
    for (const activity of all) {
      if (activity.does === 'hold') go(activity.during, rate);
      else if (activity.does === 'forward') {
        calls.push({ operation: plan.operations[operation]!.forwards!, traffic, keys, rate });
      } else if (activity.does === 'steps') {
        follower.follow(operation, keys, rate, {
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

/** A station elsewhere as those see it who hold a pool, and what others take of it. */
export interface SharedStation {
  readonly inside: InsideStation;
  /** Servers of each of its pools that others keep busy: other pools of holders, and who does not hold any. */
  readonly taken: number;
}

/**
 * What others leave of a station to the holders of one of `pools` equal pools. At full load each of these pools has
 * an equal share of what those who hold none leave. Null where these alone are too much, or servers without limit.
 *
 * @param through share of those who want to hold that is ever let in
 * @param entered how many are let in per second, all pools together
 */
export function sharedStation(
  state: StationState,
  within: VisitsWithin,
  pools: number,
  through: number,
  entered: number,
): SharedStation | null {
  const { load, offered, loss, service } = state;
  if (load.servers === null || entered === 0) return null;
  const all = load.pools * load.servers;
  const ours = within.work / all;
  const strangers = Math.max(0, (offered * (1 - loss) * service) / all - ours / through);
  if (strangers > FULL) return null;
  const siblings = ((pools - 1) / pools) * Math.min(1 - strangers, ours);
  const taken = (strangers + siblings) * load.servers;
  return {
    inside: {
      service: within.work / entered / load.pools,
      servers: load.servers - taken,
      copies: load.pools,
    },
    taken,
  };
}

/** Busier than this by others, a station has nothing left. */
const FULL = 0.999;
