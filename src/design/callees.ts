import { innerSteps } from './inner-steps.ts';
import type { Plan, PlanCall, PlanOperation, PlanStep, PlanWay } from './plan.ts';

/**
 * Indices of the operations that an operation calls or forwards to, once for each place that does.
 *
 * @param traffic whose requests alone are meant; without it, those of all
 */
export function calleesOf({ steps, forwards, among }: PlanOperation, traffic?: number): number[] {
  if (among === undefined) return forwards === null ? called(steps) : [forwards, ...called(steps)];
  return [...waysFor(among, traffic).map(({ operation }) => operation), ...called(steps)];
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

/** Indices of the operations that an operation may pass a request on to. */
export function passedToBy({ forwards, among }: PlanOperation): readonly number[] {
  if (among !== undefined) return among.map(({ operation }) => operation);
  return forwards === null ? [] : [forwards];
}

/** The ways that requests of a traffic may go. */
export function waysFor(among: readonly PlanWay[], traffic?: number): readonly PlanWay[] {
  if (traffic === undefined || among.every((way) => way.traffic === undefined)) return among;
  return among.filter((way) => way.traffic?.includes(traffic) ?? true);
}

/** Which requests are followed, and how far. */
export interface Reach {
  /** Those of one traffic; default: of any. */
  readonly traffic?: number;
  /** What is done with their messages, when they have been answered, too; default: not. */
  readonly afterwards?: boolean;
}

/** Indices of the operations that a request to an operation may come to, itself the first. */
export function reachedFrom(
  operations: readonly PlanOperation[],
  operation: number,
  { traffic, afterwards = false }: Reach = {},
): ReadonlySet<number> {
  const reached = new Set([operation]);
  for (const each of reached) {
    for (const callee of calleesOf(operations[each]!, traffic)) reached.add(callee);
    if (afterwards) for (const later of afterwardsOf(operations[each]!)) reached.add(later);
  }
  return reached;
}

/** Names of the components that a request to an operation may come to. */
export function componentsReached({ operations, components }: Plan, operation: number): ReadonlySet<string> {
  const reached = [...reachedFrom(operations, operation)];
  return new Set(reached.map((index) => components[operations[index]!.component]!.name));
}

function called(steps: readonly PlanStep[]): number[] {
  return steps.flatMap((step) => {
    const inside = innerSteps(step).flatMap(called);
    return step.step === 'call' ? [step.operation, ...inside] : inside;
  });
}

/** Every call within steps, nested ones included. */
export function* callsWithin(steps: readonly PlanStep[]): Iterable<PlanCall> {
  for (const step of steps) {
    if (step.step === 'call') yield step;
    for (const inner of innerSteps(step)) yield* callsWithin(inner);
  }
}
