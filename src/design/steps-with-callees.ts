import type { PlanCall, PlanStep } from './plan.ts';

/** The same steps with other callees. */
export function withCallees(
  steps: readonly PlanStep[],
  to: (operation: number, call: PlanCall) => number,
): readonly PlanStep[] {
  const inside = (inner: readonly PlanStep[]): readonly PlanStep[] => withCallees(inner, to);
  return steps.map((step): PlanStep => {
    switch (step.step) {
      case 'call':
        return { ...step, operation: to(step.operation, step), onMiss: inside(step.onMiss) };
      case 'parallel':
        return { ...step, branches: step.branches.map(inside) };
      case 'choose':
        return { ...step, cases: step.cases.map((each) => ({ ...each, steps: inside(each.steps) })) };
      case 'repeat':
      case 'once':
        return { ...step, steps: inside(step.steps) };
      case 'journey':
        return { ...step, states: step.states.map((each) => ({ ...each, steps: inside(each.steps) })) };
      case 'fallback':
        return { ...step, steps: inside(step.steps), otherwise: inside(step.otherwise) };
      default:
        return step;
    }
  });
}
