import { callsWithin, passedToBy } from '../../design/callees.ts';
import type { Plan } from '../../design/plan.ts';
import { mean } from '../../quantities/index.ts';
import type { ComponentModel, Failover, Reroute } from '../kind.ts';

/** A component that passes each request on to one of several others, and what it does when one of these is gone. */
export interface Router {
  readonly component: number;
  /** Components, in the order of the shares. */
  readonly targets: readonly number[];
  readonly failover: Failover;
  readonly reroute: Reroute;
}

/** The components of a plan that choose among others by which of them are well. */
export function routersOf(plan: Plan, models: readonly ComponentModel[]): Router[] {
  return plan.components.flatMap(({ index, operations }) => {
    const { failover, reroute } = models[index]!;
    const among = operations.map((o) => plan.operations[o]!.among).find((each) => each !== undefined);
    if (among === undefined || reroute === undefined || failover === undefined) return [];
    const targets = among.map(({ operation }) => plan.operations[operation]!.component);
    return [{ component: index, targets, failover, reroute }];
  });
}

/** The plan while routers send requests elsewhere: which of their targets are taken to be well, null = as usual. */
export function reroutedPlan(
  plan: Plan,
  routers: readonly Router[],
  well: readonly (readonly boolean[] | null)[],
): Plan {
  if (well.every((each) => each === null)) return plan;
  const operations = plan.operations.map((operation) => {
    const r = routers.findIndex(({ component }) => component === operation.component);
    const left = r < 0 ? null : well[r]!;
    if (left === null || operation.among === undefined) return operation;
    const usual = operation.among.map(({ share }) => share);
    const now = routers[r]!.reroute(left, usual, operation.asked?.prefers);
    return { ...operation, among: operation.among.map((each, i) => ({ ...each, share: now[i]! })) };
  });
  return { ...plan, operations };
}

/**
 * How requests get away from a dead instance of each component: the slowest way of all that choose among its instances.
 * Null where the others take over at once.
 */
export function failoversOf(plan: Plan, models: readonly ComponentModel[]): (Failover | null)[] {
  const choosers = models.map(() => new Set<Failover | null>());
  const chosenBy = (operation: number, chooser: ComponentModel | null): void => {
    const { component } = plan.operations[operation]!;
    const { takeover, failover, addressed } = models[component]!;
    choosers[component]!.add(
      (chooser === null || addressed ? (takeover ?? failover) : chooser.failover) ?? null,
    );
  };
  for (const { operation } of plan.traffic) chosenBy(operation, null);
  for (const operation of plan.operations) {
    const model = models[operation.component]!;
    const chooses = model
      .activities(operation)
      .some((each) => each.does === 'forward' && each.spread !== null);
    for (const next of passedToBy(operation)) chosenBy(next, chooses ? model : null);
    for (const { operation: callee } of callsWithin(operation.steps)) chosenBy(callee, null);
  }
  return choosers.map((all) =>
    [...all].reduce<Failover | null>((slowest, each) => slower(slowest, each), null),
  );
}

function slower(a: Failover | null, b: Failover | null): Failover | null {
  return timeOf(a) >= timeOf(b) ? a : b;
}

/** Failures in a row come sooner than any probe. */
function timeOf(failover: Failover | null): number {
  if (failover === null) return -1;
  if (failover.afterFailures !== undefined) return 0;
  return failover.leftOut === null ? Number.POSITIVE_INFINITY : mean(failover.leftOut);
}
