import { type Outline, visitSteps } from './outline.ts';
import type { Path } from './path.ts';
import type { Plan } from './plan.ts';
import type { Problems } from './problems.ts';
import { toldOperations } from './told-operations.ts';

/** Warns of a `deadline` where there is none that could be passed on. */
export function checkIdleDeadlines(plan: Plan, { components, traffic }: Outline, problems: Problems): void {
  const idle = (path: Path, message: string, hint: string): void =>
    problems.report({ code: 'idle-knob', path: [...path, 'deadline'], at: 'key', message, hint });
  for (const [name, { deadline, timeout }] of traffic) {
    if (deadline !== undefined && timeout === undefined)
      idle(['traffic', name], 'these users never give up', 'say a `timeout`');
  }
  const told = toldOperations(plan);
  for (const { name, written } of components.values()) {
    const index = plan.components.findIndex((each) => each.name === name);
    for (const [operation, steps] of written) {
      const number = plan.operations.find((o) => o.component === index && o.name === operation)?.index;
      if (number !== undefined && told.has(number)) continue;
      visitSteps(steps, ['components', name, 'operations', operation], (step, path) => {
        if (step['deadline'] === undefined || step['timeout'] !== undefined) return;
        idle(
          path,
          'there is no deadline to pass on: this call waits for ever, and so does all that leads here',
          'say a `timeout`, here or with `deadline: propagate` in what leads here',
        );
      });
    }
  }
}
