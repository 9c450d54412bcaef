import { calleesOf } from './callees.ts';
import type { Plan, PlanCall, PlanConnections } from './plan.ts';

/** Who asks a component over connections that are known, and whether others ask it too. */
export interface ConnectedCallers {
  /** Components that stand for users. */
  readonly users: readonly { readonly component: number; readonly connections: PlanConnections }[];
  readonly others: boolean;
}

/** The call by which a component that stands for users asks; null for any other component. */
export function callOfUsers({ components, operations }: Plan, component: number): PlanCall | null {
  const [first] = components[component]!.operations;
  const [call] = first === undefined ? [] : operations[first]!.steps;
  return call?.step === 'call' && call.reach !== undefined ? call : null;
}

/** Who asks a component of a plan, as far as their connections are known. */
export function connectedCallers(plan: Plan, component: number): ConnectedCallers {
  const { components, operations, traffic } = plan;
  const asks = (operation: number): boolean => operations[operation]!.component === component;
  const callers = new Set(
    operations.filter((each) => calleesOf(each).some(asks)).map((each) => each.component),
  );
  const users = components.flatMap(({ index }) => {
    const connections = callers.has(index) ? (callOfUsers(plan, index)?.reach?.connections ?? null) : null;
    return connections === null ? [] : [{ component: index, connections }];
  });
  return { users, others: callers.size > users.length || traffic.some(({ operation }) => asks(operation)) };
}
