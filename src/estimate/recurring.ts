import type { Plan, PlanTraffic } from '../design/plan.ts';
import { type FlowRules, type Flows, flowsOf, type Stream } from './flows.ts';
import { KeySpace } from './keys.ts';

/**
 * Expected calls per second of each operation of a plan, without those whose keys were never used before and
 * never come again: what ages the entries of a cache.
 *
 * @param missProbability chance that a call of this operation is answered with a miss, whatever its key
 * @param rateOf requests per second of each traffic
 */
export function recurringCallRates(
  plan: Plan,
  missProbability: (operation: number) => number,
  rateOf: (traffic: PlanTraffic) => number,
): Float64Array {
  const { streams } = recurringFlows(plan, missProbability, rateOf);
  return Float64Array.from(streams, (reached) => sumOfRecurring(reached));
}

/** The same of some operations together, by traffic; half of the lookups miss. */
export function callRatesByTraffic(
  plan: Plan,
  operations: readonly number[],
  rateOf: (traffic: PlanTraffic) => number,
): number[] {
  const { streams } = recurringFlows(plan, () => 0.5, rateOf);
  const reached = operations.flatMap((operation) => streams[operation]!);
  return plan.traffic.map(({ index }) => sumOfRecurring(reached.filter(({ traffic }) => traffic === index)));
}

function recurringFlows(
  plan: Plan,
  missProbability: (operation: number) => number,
  rateOf: (traffic: PlanTraffic) => number,
): Flows {
  const rules: FlowRules = {
    keySpace: new KeySpace(plan.data),
    missed: (operation, keys) => ({ probability: missProbability(operation), keys }),
    served: () => 1,
    admitted: () => 1,
  };
  return flowsOf(plan, rules, rateOf);
}

const sumOfRecurring = (streams: readonly Stream[]): number =>
  streams.reduce((sum, { keys, rate }) => (keys.keys === 'new' ? sum : sum + rate), 0);
