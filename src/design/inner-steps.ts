import type { PlanStep } from './plan.ts';

/** Whether some step, or a step inside of one, passes a test. */
export function someStep(steps: readonly PlanStep[], test: (step: PlanStep) => boolean): boolean {
  return steps.some((step) => test(step) || innerSteps(step).some((inner) => someStep(inner, test)));
}

/** The lists of steps that a step holds; those of the operation it calls are not among them. */
export function innerSteps(step: PlanStep): readonly (readonly PlanStep[])[] {
  switch (step.step) {
    case 'call':
      return [step.onMiss];
    case 'parallel':
      return step.branches;
    case 'choose':
      return step.cases.map(({ steps }) => steps);
    case 'fallback':
      return [step.steps, step.otherwise];
    case 'repeat':
    case 'once':
      return [step.steps];
    case 'journey':
      return step.states.map(({ steps }) => steps);
    default:
      return [];
  }
}
