import { afterwardsOf, callsWithin, reachedFrom } from './callees.ts';
import { type Outline, visitSteps } from './outline.ts';
import { isMap, type Path } from './path.ts';
import type { Plan } from './plan.ts';
import type { Problems } from './problems.ts';

/** Warns of steps that are to be done once where no request comes twice, and of what their `once` makes no use of. */
export function checkIdleOnces(plan: Plan, { components }: Outline, problems: Problems): void {
  const idle = (path: Path, message: string): void =>
    problems.report({ code: 'idle-knob', path, at: 'key', message });
  const repeated = repeatedOperations(plan);
  for (const { name, written } of components.values()) {
    const index = plan.components.findIndex((each) => each.name === name);
    for (const [operation, steps] of written) {
      const number = plan.operations.find((o) => o.component === index && o.name === operation)?.index;
      visitSteps(steps, ['components', name, 'operations', operation], (step, path) => {
        const { once } = step;
        if (!isMap(once)) return;
        if (number !== undefined && !repeated.has(number))
          idle(
            [...path, 'once'],
            'no request comes here twice: nothing retries or hedges it, and no message brings it',
          );
        for (const [setting, why] of idleSettings(once)) {
          if (once[setting] !== undefined) idle([...path, 'once', setting], why);
        }
      });
    }
  }
}

function idleSettings(once: Readonly<Record<string, unknown>>): (readonly [string, string])[] {
  if (/^0(\D|$)/.test(String(once['for']))) {
    return ['lease', 'keys', 'when-full'].map(
      (setting) => [setting, 'nothing is remembered, as `for` is 0'] as const,
    );
  }
  const unbounded = once['keys'] === undefined || once['keys'] === 'unlimited';
  return [
    ...(unbounded ? [['when-full', 'it is never full, as it has no `keys`'] as const] : []),
    ...(once['when-full'] === 'forget'
      ? [['lease', 'with `when-full: forget`, a request counts as done from when it begins'] as const]
      : []),
  ];
}

/** Operations that one and the same request, or message, may come to more than once. */
function repeatedOperations({ operations }: Plan): ReadonlySet<number> {
  const repeated = new Set<number>();
  const begin = (operation: number): void => {
    for (const each of reachedFrom(operations, operation, { afterwards: true })) repeated.add(each);
  };
  for (const operation of operations) {
    for (const call of callsWithin(operation.steps)) {
      if (call.retry !== undefined || call.hedge !== undefined) begin(call.operation);
    }
    for (const later of afterwardsOf(operation)) begin(later);
  }
  return repeated;
}
