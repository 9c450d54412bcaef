import { uncompressedAnswer } from './answers.ts';
import { callsWithin } from './callees.ts';
import { type CallGraph, type OperationName, splitOperation } from './calls.ts';
import { connectedCallers } from './connected.ts';
import { someStep } from './inner-steps.ts';
import type { SettledComponent, Surroundings } from './kind.ts';
import { type Outline, type OutlineComponent, visitCalls, visitSteps } from './outline.ts';
import { isMap } from './path.ts';
import type { Plan } from './plan.ts';
import { askedFrom, whereaboutsOf } from './plan-askers.ts';
import { type Carried, reach } from './reach.ts';
import type { Settled } from './settle.ts';
import { trafficOf } from './traffic-of.ts';

/** What the checks of a kind are told of the rest of the design, by component. The design has no error. */
export function surroundingsOf(
  plan: Plan,
  outline: Outline,
  calls: CallGraph,
  settled: ReadonlyMap<string, Settled>,
): (component: OutlineComponent) => Surroundings {
  const direct = directlyCalled(outline, calls);
  const through = readThrough(plan);
  const missing = readsMissing(outline);
  const data = new Map(plan.data.map((each) => [each.name, each]));
  const reached = reach(calls);
  const callers = new Set(
    plan.operations.flatMap(({ component, steps }) =>
      [...callsWithin(steps)].length === 0 ? [] : [plan.components[component]!.name],
    ),
  );
  const priorities = new Set(plan.traffic.map(({ priority }) => priority)).size;
  // Of what is written with an operation, such as `worker.handle`, the component is meant.
  const named = (name: string) =>
    settledOf(outline.components.get(splitOperation(name)?.component ?? name), settled);
  return (component) => {
    const index = plan.components.findIndex(({ name }) => name === component.name);
    return {
      referred: (setting) => named(component.mentions.get(setting)?.[0]?.name ?? ''),
      referredAll: (setting) =>
        (component.mentions.get(setting) ?? []).flatMap(({ name }) => named(name) ?? []),
      data: (setting) => (component.mentions.get(setting) ?? []).flatMap(({ name }) => data.get(name) ?? []),
      calledDirectly: direct.has(component.name),
      ...chosenBy(component.name, outline, calls),
      computes: [...component.written.values()].some(hasCompute),
      callers,
      carriesKeys: [...(component.operations ?? [])].some((operation) =>
        carriesKey(reached.get(`${component.name}.${operation}`)),
      ),
      operations: [...(component.operations ?? [])],
      keysOf: (operation) => reached.get(`${component.name}.${operation}`)?.some(KEYS_TOLD) ?? [],
      answerOf: (operation) => uncompressedAnswer(plan, operationOf(plan, index, operation)),
      connected: connectedBy(plan, index),
      readThrough: through.has(component.name),
      readsMissing: missing.has(component.name),
      priorities,
      traffics: trafficOf(plan, index).length,
      tiers: new Set(trafficOf(plan, index).map((index) => plan.traffic[index]!.tier)),
      regions: plan.places?.regions ?? null,
      askedFrom: askedFrom(plan, index),
      asking: whereaboutsOf(plan, index, (name) => settledOf(outline.components.get(name), settled)),
      remote: isRemote(plan, index),
    };
  };
}

/** A component with its defaults filled in; null where it has none. */
export function settledOf(
  component: OutlineComponent | undefined,
  settled: ReadonlyMap<string, Settled>,
): SettledComponent | null {
  const settings = component === undefined ? undefined : settled.get(component.name)?.settings;
  if (component === undefined || component.kind === null || settings === undefined) return null;
  return { name: component.name, kind: component.kind, settings };
}

/** Whether messages of a component may take time that it does not say itself: to another region, or by a fault. */
function isRemote({ places, scenarios }: Plan, component: number): boolean {
  if ((places?.components[component] ?? []).length > 0) return true;
  return scenarios.some(({ faults }) =>
    faults.some(
      (fault) =>
        (fault.fault === 'link' || fault.fault === 'cut') &&
        (fault.from.includes(component) || fault.to.includes(component)),
    ),
  );
}

function connectedBy(plan: Plan, component: number): 'all' | 'some' | 'none' {
  const { users, others } = connectedCallers(plan, component);
  if (users.length === 0) return 'none';
  return others ? 'some' : 'all';
}

/** Of the data whose keys come to an operation, so many are told. */
const KEYS_TOLD = 8;

function carriesKey(carried: Carried | undefined): boolean {
  return carried?.some(2).some((data) => data !== null) ?? false;
}

function operationOf(plan: Plan, component: number, name: string): number {
  return plan.operations.findIndex((each) => each.component === component && each.name === name);
}

/** Components through which items are read again and again that do not exist. */
function readsMissing({ components }: Outline): ReadonlySet<string> {
  const fronts = new Set<string>();
  for (const component of components.values()) {
    visitCalls(component, ({ through, missing }) => {
      if (typeof through === 'string' && isMap(missing) && missing['keys'] !== undefined)
        fronts.add(through.trim());
    });
  }
  return fronts;
}

/** Components whose misses are fetched from a store. */
function readThrough(plan: Plan): ReadonlySet<string> {
  const fronts = new Set<string>();
  for (const { steps } of plan.operations) {
    someStep(steps, (step) => {
      if (step.step === 'call' && step.onMiss.length > 0) {
        fronts.add(plan.components[plan.operations[step.operation]!.component]!.name);
      }
      return false;
    });
  }
  return fronts;
}

function hasCompute(steps: unknown): boolean {
  let found = false;
  visitSteps(steps, [], (step) => {
    found ||= step['compute'] !== undefined;
  });
  return found;
}

/** Components that traffic or a step names itself, rather than being passed requests. */
function directlyCalled(outline: Outline, { calls, entries }: CallGraph): ReadonlySet<string> {
  const direct = new Set<string>();
  const add = (name: OperationName) => direct.add(name.slice(0, name.indexOf('.')));
  for (const { target } of entries.values()) add(target);
  for (const [caller, list] of calls) {
    const component = outline.components.get(caller.slice(0, caller.indexOf('.')));
    if (component == null || choosesForOthers(component)) continue;
    for (const { target } of list) add(target);
  }
  return direct;
}

/** Who chooses the instance of a component for those that ask it. */
function chosenBy(
  name: string,
  outline: Outline,
  { calls }: CallGraph,
): Pick<Surroundings, 'handedMessagesBy' | 'balanced'> {
  const choosing = [...calls].flatMap(([caller, list]) => {
    const component = outline.components.get(caller.slice(0, caller.indexOf('.')));
    const asks = list.some(({ target }) => target.startsWith(`${name}.`));
    return asks && component != null && choosesForOthers(component) ? [component] : [];
  });
  const handing = choosing.filter(({ kind }) => kind?.delivers !== undefined);
  return {
    handedMessagesBy: [...new Set(handing.map((each) => each.name))],
    balanced: handing.length < choosing.length,
  };
}

/** Whether a component chooses the instance of those that it passes requests on to, as a balancer does. */
function choosesForOthers({ kind }: OutlineComponent): boolean {
  // Who works on messages asks for them.
  if (kind?.delivers !== undefined) return true;
  const passing = kind?.operations;
  if (passing?.from !== 'setting') return false;
  const reference = kind!.references[passing.setting];
  const chooses = reference?.to === 'component' && reference.role === 'target';
  return chooses || passing.routes !== undefined;
}
