import { calleesOf, passedToBy } from '../design/callees.ts';
import type { Plan } from '../design/plan.ts';

/** A component that another one asks, and those that it passes requests on to, which it is nothing without. */
export interface Dependency {
  /** Index of the component. */
  readonly component: number;
  /** Indices of its operations that are asked. */
  readonly operations: readonly number[];
  readonly behind: readonly Dependency[];
}

/** What the steps of a component ask, each once. */
export function dependenciesOf(plan: Plan, component: number): readonly Dependency[] {
  const operations = plan.components[component]!.operations.map((index) => plan.operations[index]!);
  return grouped(
    plan,
    operations.flatMap((operation) => calleesOf(operation)),
  );
}

/** Operations by their components, which pass requests on only to what is behind these operations. */
function grouped(plan: Plan, operations: readonly number[]): readonly Dependency[] {
  const components = new Set(operations.map((index) => plan.operations[index]!.component));
  return [...components].map((component) => {
    const own = operations.filter((index) => plan.operations[index]!.component === component);
    return {
      component,
      operations: [...new Set(own)],
      behind: grouped(
        plan,
        own.flatMap((index) => passedToBy(plan.operations[index]!)),
      ),
    };
  });
}
