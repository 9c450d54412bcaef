import { reachedFrom } from './callees.ts';
import type { Plan } from './plan.ts';

/** Indices of the traffic whose requests, or messages that these publish, may come to a component, in the order of the plan. */
export function trafficOf({ traffic, operations }: Plan, component: number): number[] {
  return traffic.flatMap(({ index, operation }) => {
    const reached = [...reachedFrom(operations, operation, { traffic: index, afterwards: true })];
    return reached.some((each) => operations[each]!.component === component) ? [index] : [];
  });
}
