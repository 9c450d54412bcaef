import { callsWithin, passedToBy } from '../design/callees.ts';
import type { Plan, PlanStep } from '../design/plan.ts';
import { lookedUp } from './fronts.ts';
import type { ComponentModel } from './kind.ts';

/** Whether a component looks the item of one request up more than once: later lookups find what the first one brought. */
export function asksAgain(plan: Plan, model: ComponentModel): boolean {
  const looked = lookedUp(model);
  if (looked === null) return false;
  const known = new Map<number, number>();
  const of = (operation: number): number => {
    let times = known.get(operation);
    if (times === undefined) {
      const further = passedToBy(plan.operations[operation]!).map(of);
      const { steps } = plan.operations[operation]!;
      times = Number(looked.operations.includes(operation)) + Math.max(0, ...further) + within(steps);
      known.set(operation, times);
    }
    return times;
  };
  const within = (steps: readonly PlanStep[]): number => steps.reduce((sum, step) => sum + atMost(step), 0);
  // Lookups of the item of the request, by the way with the most of them.
  const atMost = (step: PlanStep): number => {
    switch (step.step) {
      case 'call':
        return step.key?.from === 'request' ? of(step.operation) : 0;
      case 'choose':
        return Math.max(0, ...step.cases.map(({ steps }) => within(steps)));
      case 'parallel':
        return step.branches.reduce((sum, branch) => sum + within(branch), 0);
      case 'repeat':
        return step.times * within(step.steps);
      case 'fallback':
        return within(step.steps) + within(step.otherwise);
      case 'once':
        return within(step.steps);
      case 'journey':
        return step.states.reduce((sum, { steps }) => sum + within(steps), 0);
      default:
        return 0;
    }
  };
  const drawn = [...plan.traffic, ...plan.operations.flatMap(({ steps }) => [...callsWithin(steps)])];
  return drawn.some(
    ({ key, operation }) => key?.from === 'draw' && key.data === looked.holds && of(operation) > 1,
  );
}
