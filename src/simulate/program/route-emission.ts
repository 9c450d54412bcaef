import { type Fork, forksOf, routerSeed } from '../../blocks/index.ts';
import { waysFor } from '../../design/callees.ts';
import { overridden } from '../../design/headers-set.ts';
import type { PlanComponent, PlanOperation } from '../../design/plan.ts';
import { pathOf } from '../../design/routes.ts';
import type { InstanceChoice } from '../instances.ts';
import type { Emitter } from './emitter.ts';
import * as op from './instructions.ts';

/**
 * Passes a request for an operation on: by the routes of the component where it has any, else to the only one there is.
 *
 * @param choiceOf how the instance of what answers is chosen, by the route; null = there are no routes
 */
export function emitForward(
  code: Emitter,
  component: PlanComponent,
  operation: PlanOperation,
  choiceOf: (target: number, route: number | null) => InstanceChoice | undefined,
): void {
  const { forwards, among, route = null } = operation;
  const pass = (to: number, by: number | null): void =>
    code.exchange(to, choiceOf(code.assembly.operation(to).component, by));
  if (component.routes !== undefined && among !== undefined) emitRoutes(code, component, operation, pass);
  else if (forwards !== null) pass(forwards, route);
  else throw new RangeError(`${component.name}.${operation.name} forwards to nothing`);
}

/** Does `each` by the number of the instance that it runs on, for each of so many; once where there is one. */
export function emitByInstance(code: Emitter, instances: number, each: (instance: number) => void): void {
  const end = code.label();
  for (let instance = instances - 1; instance > 0; instance--) {
    const here = code.label();
    const next = code.label();
    code.emit(op.ON_INSTANCE, here, instance);
    code.jump(next);
    code.place(here);
    each(instance);
    code.jump(end);
    code.place(next);
  }
  each(0);
  code.place(end);
}

function emitRoutes(
  code: Emitter,
  { name, routes = [] }: PlanComponent,
  { name: called, among = [], headers: set }: PlanOperation,
  pass: (to: number, route: number) => void,
): void {
  const { assembly } = code;
  const { traffic } = assembly.plan;
  const known = new Map<string, number>();
  const forks: (readonly Fork[])[] = [];
  const alike = traffic.map(({ headers = {} }) => {
    const ways = forksOf(routes, pathOf(called), overridden(headers, set));
    const of = JSON.stringify(ways);
    if (!known.has(of)) known.set(of, forks.push(ways) - 1);
    return known.get(of)!;
  });
  const taken = new Map(among.map(({ route, operation }) => [route!, operation]));
  const none = code.label();
  const end = code.label();
  const labels = routes.map((_, route) => (taken.has(route) ? code.label() : none));
  const whole = traffic.every(
    ({ index }) => waysFor(among, index).reduce((sum, { share }) => sum + share, 0) > 1 - 1e-9,
  );
  const spec = {
    forks,
    alike,
    targets: code.targets([...labels, none]),
    seed: routerSeed(name),
    purpose: code.purposeOf('routes'),
  };
  code.emit(op.ROUTE, assembly.route(spec));
  for (const [route, operation] of taken) {
    code.place(labels[route]!);
    pass(operation, route);
    code.jump(end);
  }
  code.place(none);
  if (!whole) code.emit(op.FAIL, assembly.answer(`${name} no route`), code.failureLabel);
  code.place(end);
}
