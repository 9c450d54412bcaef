import type { Headers } from '../blocks/index.ts';
import { reachedFrom } from './callees.ts';
import type { CheckedDesign, Numbers } from './checked-design.ts';
import { overridden } from './headers-set.ts';
import type { PlanOperation } from './plan.ts';
import { routedWays } from './routed-ways.ts';
import { withCallees } from './steps-with-callees.ts';

/**
 * Gives requests whose headers a call has set operations of their own, as far as routes behind it look at these
 * headers: the ways of a request then follow from the operation and its traffic, and nobody has to carry headers along.
 * Messages take no headers that calls have set along.
 */
export function withHeaders(
  operations: readonly PlanOperation[],
  { outline, parsed }: CheckedDesign,
  names: Numbers,
): PlanOperation[] {
  const all = [...operations];
  const components = [...outline.components.values()];
  const asked = components.map(({ routes }) => routes.flatMap(({ headers }) => Object.keys(headers ?? {})));
  if (asked.every((fields) => fields.length === 0)) return all;
  const profiles = Object.values(parsed.traffic).map(({ headers = {} }) => headers);
  const fields = lookedAt(operations, (component) => asked[component]!);
  const known = new Map<string, number>();

  const of = (operation: number, headers: Headers): number => {
    const heeded = Object.entries(headers).filter(([field]) => fields(operation).has(field));
    if (heeded.length === 0) return operation;
    const name = JSON.stringify([operation, heeded.sort(([a], [b]) => (a < b ? -1 : 1))]);
    const before = known.get(name);
    if (before !== undefined) return before;
    const index = all.length;
    known.set(name, index);
    const own = { ...operations[operation]!, index, headers: Object.fromEntries(heeded) };
    all.push(own);
    all[index] = onwards(own);
    return index;
  };

  /** With what it asks for, and passes on to, as the headers of its requests have it. */
  const onwards = (operation: PlanOperation): PlanOperation => {
    const { component, name, steps, forwards, among, headers = {} } = operation;
    const { routes } = components[component]!;
    const calls = withCallees(steps, (to, { headers: sets }) => of(to, overridden(headers, sets)));
    if (routes.length > 0) {
      const { among: _, route: __, ...rest } = operation;
      const ways = routedWays(
        routes,
        name,
        profiles.map((each) => overridden(each, headers)),
        (target) => of(names.operations.get(`${target}.${name}`)!, headers),
      );
      return { ...rest, steps: calls, ...ways };
    }
    return {
      ...operation,
      steps: calls,
      forwards: forwards === null ? null : of(forwards, headers),
      ...(among && { among: among.map((way) => ({ ...way, operation: of(way.operation, headers) })) }),
    };
  };
  for (const operation of operations) all[operation.index] = onwards(operation);
  return all;
}

/** By operation: header fields that routes look at on the way of its requests. */
function lookedAt(
  operations: readonly PlanOperation[],
  askedBy: (component: number) => readonly string[],
): (operation: number) => ReadonlySet<string> {
  const known = new Map<number, ReadonlySet<string>>();
  return (operation) => {
    const before = known.get(operation);
    if (before !== undefined) return before;
    const reached = [...reachedFrom(operations, operation)];
    const fields = new Set(reached.flatMap((each) => askedBy(operations[each]!.component)));
    known.set(operation, fields);
    return fields;
  };
}
