import { callsWithin, passedToBy } from './callees.ts';
import type { Plan, PlanCall } from './plan.ts';

/** Operations that may be told until when their answer is of use: the calls that lead to them pass it on. */
export function toldOperations({ traffic, operations }: Plan): ReadonlySet<number> {
  const told = new Set<number>();
  for (const { operation, timeout, deadline } of traffic)
    if (deadline === 'propagate' && timeout !== null) told.add(operation);
  for (let known = -1; known < told.size; ) {
    known = told.size;
    for (const operation of operations) {
      const isTold = told.has(operation.index);
      if (isTold) for (const passed of passedToBy(operation)) told.add(passed);
      for (const call of callsWithin(operation.steps))
        if (tellsDeadline(call, isTold)) told.add(call.operation);
    }
  }
  return told;
}

/** Whether a call of an operation tells its callee of a deadline: it has one itself, or has been told of one. */
export function tellsDeadline({ deadline, timeout }: PlanCall, isTold: boolean): boolean {
  return deadline === 'propagate' && (isTold || timeout !== null);
}
