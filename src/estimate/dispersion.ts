import { callersFirst } from '../design/call-order.ts';
import { someStep } from '../design/inner-steps.ts';
import type { Plan, PlanOperation, PlanStep } from '../design/plan.ts';
import { arrivalProcess } from './arrivals.ts';
import { type FlowRules, type Flows, Follower, messagesOf, passedOn } from './flows.ts';
import type { Activity, ComponentModel } from './kind.ts';
import { scv } from './law/index.ts';
import type { StationState } from './station.ts';

/**
 * Variability of the requests that reach each operation, 1 for Poisson, by the two-moment rules of the
 * Queueing Network Analyzer (Whitt, Bell System Technical Journal 62(9), 1983): a stream of which a share p
 * goes on has 1 + p(d − 1), streams that meet have the average, and behind a station of utilisation ρ
 * 1 + (1 − ρ²)(d − 1) + ρ²(max(scv, 0.2) − 1)/√servers is left. Exact, and 1, where all times are exponential.
 *
 * @param states of the stations, by component, as far as they are known
 */
export function dispersionsOf(
  plan: Plan,
  models: readonly ComponentModel[],
  flows: Flows,
  rules: FlowRules,
  trafficRates: readonly number[],
  states: readonly (readonly (StationState | null)[])[],
): Float64Array {
  const follower = new Follower(plan, rules);
  const arriving = new Float64Array(plan.operations.length);
  const reach = (operation: number, rate: number, dispersion: number): void => {
    if (rate > 0) arriving[operation]! += (rate / flows.rates[operation]!) * dispersion;
  };
  for (const traffic of plan.traffic) {
    reach(traffic.operation, trafficRates[traffic.index]!, arrivalProcess(traffic).dispersion);
  }
  for (const index of callersFirst(plan)) {
    const rate = flows.rates[index]!;
    if (rate === 0) continue;
    const operation = plan.operations[index]!;
    const left = afterwards(
      arriving[index]!,
      operation,
      models[operation.component]!,
      states[operation.component]!,
    );
    const goesOn = (callee: number, calls: number): void => {
      reach(callee, calls, 1 + Math.min(1, calls / rate) * (left - 1));
    };
    for (const { traffic, keys, rate: own } of flows.streams[index]!) {
      for (const { to, probability } of passedOn(plan, rules, index, traffic, keys)) {
        goesOn(to, own * rules.served(index, null, traffic) * probability);
      }
      for (const { to, perMessage } of messagesOf(plan, index, traffic, follower))
        goesOn(to, own * perMessage);
      follower.follow(index, traffic, keys, own * rules.served(index, null, traffic), {
        compute: () => undefined,
        call: (callee, _keys, calls) => goesOn(callee, calls),
      });
    }
  }
  return arriving;
}

/** What is left of the variability of an operation's requests behind the stations they visit here. */
function afterwards(
  arriving: number,
  operation: PlanOperation,
  model: ComponentModel,
  states: readonly (StationState | null)[],
): number {
  let dispersion = arriving;
  for (const station of stationsOf(model.activities(operation), operation)) {
    const state = states[station];
    if (state == null || state.offered === 0) continue;
    const { servers, pools, spread } = state.load;
    if (servers === null) continue;
    const busy = Math.min(1, state.accepted / state.capacity);
    const variability = Math.min(scv(state.time), MOST);
    const split = pools > 1 && (spread === 'random' || spread === 'key') ? pools : 1;
    dispersion =
      1 +
      ((1 - busy ** 2) * (dispersion - 1)) / split +
      (busy ** 2 * (Math.max(variability, 0.2) - 1)) / Math.sqrt(servers);
  }
  return dispersion;
}

/** Service more variable than this is not told apart: a second moment may not even exist. */
const MOST = 100;

function stationsOf(activities: readonly Activity[], operation: PlanOperation): number[] {
  return activities.flatMap((activity) => {
    if (activity.does === 'visit') return [activity.station];
    if (activity.does === 'hold') return stationsOf(activity.during, operation);
    if (activity.does === 'either')
      return activity.cases.flatMap(({ activities: inner }) => stationsOf(inner, operation));
    if (activity.does === 'pin')
      return [...stationsOf(activity.pinned, operation), ...stationsOf(activity.others, operation)];
    return activity.does === 'steps' && computes(operation.steps) ? [activity.compute] : [];
  });
}

function computes(steps: readonly PlanStep[]): boolean {
  return someStep(steps, ({ step }) => step === 'compute');
}
