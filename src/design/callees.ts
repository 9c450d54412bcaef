import { innerSteps } from './inner-steps.ts';
import type { PlanOperation, PlanStep } from './plan.ts';

/** Indices of the operations that an operation calls or forwards to, once for each place that does. */
export function calleesOf({ steps, forwards, among }: PlanOperation): number[] {
  if (among !== undefined) return [...among.map(({ operation }) => operation), ...called(steps)];
  return forwards === null ? called(steps) : [forwards, ...called(steps)];
}

/** Which component calls which, by number, the caller first; each pair once. Of one that stands where it is asked, who asks calls. */
export function componentsThatTalk(
  operations: readonly PlanOperation[],
): readonly (readonly [caller: number, callee: number])[] {
  const callees = new Map<number, Set<number>>();
  for (const operation of operations) {
    const component = operation.asked?.by ?? operation.component;
    const called = callees.get(component) ?? new Set();
    for (const callee of calleesOf(operation)) called.add(operations[callee]!.component);
    callees.set(component, called);
  }
  return [...callees].flatMap(([caller, called]) => [...called].map((callee) => [caller, callee] as const));
}

/** Indices of the operations that are done after an operation, by messages that it takes in or could not deliver. */
export function afterwardsOf({ delivers = [], delivery }: PlanOperation): readonly number[] {
  return delivery?.deadLetters == null ? delivers : [...delivers, delivery.deadLetters];
}

/**
 * Indices of the operations that a request to an operation may come to, itself the first.
 *
 * @param afterwards whether what is done with its messages, when it has been answered, counts too
 */
export function reachedFrom(
  operations: readonly PlanOperation[],
  operation: number,
  afterwards = false,
): ReadonlySet<number> {
  const reached = new Set([operation]);
  for (const each of reached) {
    for (const callee of calleesOf(operations[each]!)) reached.add(callee);
    if (afterwards) for (const later of afterwardsOf(operations[each]!)) reached.add(later);
  }
  return reached;
}

function called(steps: readonly PlanStep[]): number[] {
  return steps.flatMap((step) => {
    const inside = innerSteps(step).flatMap(called);
    return step.step === 'call' ? [step.operation, ...inside] : inside;
  });
}
