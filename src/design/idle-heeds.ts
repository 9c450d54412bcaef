import { callsWithin, reachedFrom } from './callees.ts';
import { type Outline, visitCalls } from './outline.ts';
import { isMap } from './path.ts';
import type { Plan, PlanCall } from './plan.ts';
import type { Problems } from './problems.ts';

/**
 * Warns of retries that heed how long refusals ask to wait, where nobody refuses so.
 *
 * @param asksToWait whether a component refuses what is beyond a limit
 */
export function checkIdleHeeds(
  plan: Plan,
  { components }: Outline,
  asksToWait: (component: string) => boolean,
  problems: Problems,
): void {
  const asks = plan.components.map(({ name }) => asksToWait(name));
  const limited = ({ operation, limit }: PlanCall): boolean =>
    limit !== undefined ||
    [...reachedFrom(plan.operations, operation)].some((each) => {
      const { component, steps } = plan.operations[each]!;
      return asks[component] || [...callsWithin(steps)].some((call) => call.limit !== undefined);
    });
  for (const component of components.values()) {
    const index = plan.components.findIndex(({ name }) => name === component.name);
    const operations = plan.operations.filter((each) => each.component === index);
    visitCalls(component, (step, path) => {
      const retry = step['retry'];
      if (!isMap(retry) || retry['heed-retry-after'] === undefined) return;
      // A component that calls by its own settings does so in all of its operations.
      const calls = operations
        .filter(({ name }) => path.length < 4 || name === path[3])
        .flatMap(({ steps }) => [...callsWithin(steps)]);
      if (calls.some((call) => call.retry?.heed !== undefined && limited(call))) return;
      if (retry['heed-retry-after'] === false) return;
      problems.report({
        code: 'idle-knob',
        path: [...path, 'retry', 'heed-retry-after'],
        at: 'key',
        message:
          'nothing that this call comes to has a limit or a quota, so no refusal says how long to wait',
      });
    });
  }
}
