import { afterwardsOf, calleesOf } from './callees.ts';
import type { PlanOperation } from './plan.ts';

/** Operations such that whoever calls comes before whom it calls. Calls form no cycle. */
export function callersFirst({ operations }: { readonly operations: readonly PlanOperation[] }): number[] {
  const all = operations.map(({ index }) => index);
  const after = (index: number): number[] => {
    const operation = operations[index]!;
    return [...calleesOf(operation), ...afterwardsOf(operation)];
  };
  return deepestFirst(all, after).reverse();
}

/**
 * An operation with all that a request for it may come to, those that are called before those that call them.
 *
 * @param traffic whose requests alone are meant; without it, those of all
 * @param isDone those that are not gone into
 */
export function calleesBefore(
  operations: readonly PlanOperation[],
  operation: number,
  isDone: (operation: number) => boolean,
  traffic?: number,
): number[] {
  return deepestFirst([operation], (index) =>
    calleesOf(operations[index]!, traffic).filter((callee) => !isDone(callee)),
  );
}

/** In the order in which a walk into the depth leaves them; on a stack of its own, since chains of calls may be long. */
function deepestFirst(from: readonly number[], calleesOf: (operation: number) => number[]): number[] {
  const order: number[] = [];
  const seen = new Set<number>();
  for (const start of from) {
    if (seen.has(start)) continue;
    seen.add(start);
    const stack = [{ operation: start, callees: calleesOf(start), next: 0 }];
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const callee = top.callees[top.next++];
      if (callee === undefined) {
        order.push(top.operation);
        stack.pop();
      } else if (!seen.has(callee)) {
        seen.add(callee);
        stack.push({ operation: callee, callees: calleesOf(callee), next: 0 });
      }
    }
  }
  return order;
}
