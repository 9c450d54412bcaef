import { afterwardsOf, calleesOf } from './callees.ts';
import { someStep } from './inner-steps.ts';
import type { PlanOperation } from './plan.ts';

/** Operations whose requests, or what follows from them, may come to steps that are to be done once. */
export function reachesOnce(operations: readonly PlanOperation[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (const { index, steps } of operations) {
    if (someStep(steps, ({ step }) => step === 'once')) found.add(index);
  }
  for (let known = -1; known < found.size; ) {
    known = found.size;
    for (const operation of operations) {
      const next = [...calleesOf(operation), ...afterwardsOf(operation)];
      if (next.some((each) => found.has(each))) found.add(operation.index);
    }
  }
  return found;
}
