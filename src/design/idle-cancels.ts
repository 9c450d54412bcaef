import { passedToBy } from './callees.ts';
import { innerSteps } from './inner-steps.ts';
import { type Outline, visitCalls } from './outline.ts';
import { formatPath, type Path } from './path.ts';
import type { Plan, PlanStep } from './plan.ts';
import type { Problems } from './problems.ts';

/** Warns of a `cancel` where the work below is never given up, so that there is nothing to cancel. */
export function checkIdleCancels(plan: Plan, { components, traffic }: Outline, problems: Problems): void {
  const idle = (path: Path, message: string, hint: string): void =>
    problems.report({ code: 'idle-knob', path: [...path, 'cancel'], at: 'key', message, hint });
  for (const [name, { cancel, timeout }] of traffic) {
    if (cancel === true && timeout === undefined)
      idle(['traffic', name], 'these users never give up', 'say a `timeout`');
  }
  const ended = endedOperations(plan);
  for (const component of components.values()) {
    const index = plan.components.findIndex((each) => each.name === component.name);
    const operations = plan.operations.filter((each) => each.component === index);
    const apart: string[] = [];
    visitCalls(component, (step, path) => {
      if (step['cancel'] !== true) return;
      const here = formatPath(path);
      if (Array.isArray(step['parallel'])) {
        apart.push(`${here}.`);
        if (step['parallel'].length === 1) idle(path, 'there is no other branch', 'leave it out');
        return;
      }
      const given = step['timeout'] !== undefined || step['hedge'] !== undefined;
      // A component that calls by its own settings does so in all of its operations.
      const mayEnd = operations.some(
        (each) => (path.length < 4 || each.name === path[3]) && ended.has(each.index),
      );
      if (given || mayEnd || apart.some((inside) => here.startsWith(inside))) return;
      idle(
        path,
        'this call is always waited for to its end',
        'say a `timeout` or a `hedge`, here or with `cancel: true` in what leads here',
      );
    });
  }
}

/** Operations that may be told to stop. */
function endedOperations({ traffic, operations }: Plan): ReadonlySet<number | undefined> {
  const ended = new Set<number | undefined>();
  for (const { operation, timeout, cancel } of traffic) if (cancel && timeout !== null) ended.add(operation);
  const visit = (steps: readonly PlanStep[], mayEnd: boolean): void => {
    for (const step of steps) {
      if (step.step === 'call' && step.cancel && (mayEnd || step.timeout !== null || step.hedge))
        ended.add(step.operation);
      const inside = mayEnd || (step.step === 'parallel' && step.cancel === true);
      for (const inner of innerSteps(step)) visit(inner, inside);
    }
  };
  for (let known = -1; known < ended.size; ) {
    known = ended.size;
    for (const operation of operations) {
      const mayEnd = ended.has(operation.index);
      if (mayEnd) for (const each of passedToBy(operation)) ended.add(each);
      visit(operation.steps, mayEnd);
    }
  }
  return ended;
}
