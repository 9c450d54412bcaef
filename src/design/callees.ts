import type { PlanOperation, PlanStep } from './plan.ts';

/** Indices of the operations that an operation calls or forwards to, once for each place that does. */
export function calleesOf({ steps, forwards }: PlanOperation): number[] {
  return forwards === null ? called(steps) : [forwards, ...called(steps)];
}

function called(steps: readonly PlanStep[]): number[] {
  return steps.flatMap((step): number[] => {
    switch (step.step) {
      case 'call':
        return [step.operation, ...called(step.onMiss)];
      case 'parallel':
        return step.branches.flatMap(called);
      case 'choose':
        return step.cases.flatMap((each) => called(each.steps));
      case 'repeat':
        return called(step.steps);
      case 'journey':
        return step.states.flatMap((each) => called(each.steps));
      default:
        return [];
    }
  });
}
