import { uncompressedAnswer } from './answers.ts';
import { callsWithin, passedToBy } from './callees.ts';
import { type CallGraph, type OperationName, splitOperation } from './calls.ts';
import { connectedCallers } from './connected.ts';
import { checkIdleCancels } from './idle-cancels.ts';
import { checkIdleDeadlines } from './idle-deadlines.ts';
import { checkIdleHeeds } from './idle-heeds.ts';
import { checkIdleKeys } from './idle-keys.ts';
import { checkIdleOnces } from './idle-onces.ts';
import { someStep } from './inner-steps.ts';
import type { SettledComponent, Surroundings } from './kind.ts';
import {
  entriesOf,
  listNames,
  type Outline,
  type OutlineComponent,
  visitCalls,
  visitSteps,
} from './outline.ts';
import { isMap } from './path.ts';
import type { Plan, PlanKey, PlanStep } from './plan.ts';
import { askedFrom } from './plan-askers.ts';
import type { Problems } from './problems.ts';
import { type Carried, reach } from './reach.ts';
import type { Settled } from './settle.ts';
import { trafficOf } from './traffic-of.ts';

/** Warns of components and operations that no traffic reaches. */
export function checkReach(
  outline: Outline,
  reached: ReadonlyMap<OperationName, Carried>,
  problems: Problems,
): void {
  for (const component of outline.components.values()) {
    const { operations } = component;
    if (operations === null) continue;
    const missed = [...operations].filter((operation) => !reached.has(`${component.name}.${operation}`));
    if (missed.length === operations.size) {
      problems.report({
        code: 'unreachable-component',
        path: ['components', component.name],
        at: 'key',
        message: `no traffic ever reaches \`${component.name}\``,
        hint: 'call it from an operation or a traffic, or leave it out',
      });
      continue;
    }
    for (const operation of missed.filter((each) => component.written.has(each))) {
      problems.report({
        code: 'unreachable-operation',
        path: ['components', component.name, 'operations', operation],
        at: 'key',
        message: `no traffic ever reaches \`${component.name}.${operation}\``,
        hint: 'call it, or leave it out',
      });
    }
  }
}

/** Warns of data that nothing in the design speaks of. */
export function checkDataUse(outline: Outline, problems: Problems): void {
  const used = new Set<string>();
  for (const component of outline.components.values()) {
    for (const name of component.data) used.add(name);
    for (const steps of component.written.values()) {
      visitSteps(steps, [], (step) => {
        for (const word of [step['read'], step['write'], step['key']]) addWords(word, used);
      });
    }
  }
  for (const traffic of outline.traffic.values()) addWords(traffic['key'], used);
  for (const name of outline.data) {
    if (used.has(name)) continue;
    problems.report({
      code: 'unused-data',
      path: ['data', name],
      at: 'key',
      message: `nothing stores, reads or is keyed by \`${name}\``,
    });
  }
}

function addWords(text: unknown, to: Set<string>): void {
  if (typeof text === 'string') for (const word of text.trim().split(/\s+/)) to.add(word);
}

/** Warns of settings that change nothing in this design: those of the language, then those of each kind. */
export function checkIdleKnobs(
  design: Readonly<Record<string, unknown>>,
  plan: Plan,
  outline: Outline,
  calls: CallGraph,
  settled: ReadonlyMap<string, Settled>,
  problems: Problems,
): void {
  checkDesignKnobs(design, plan, outline, settled, problems);
  checkIdleCancels(plan, outline, problems);
  checkIdleDeadlines(plan, outline, problems);
  checkIdleOnces(plan, outline, problems);
  const asksToWait = (name: string): boolean =>
    outline.components.get(name)?.kind?.asksToWait?.(settled.get(name)?.settings ?? {}) === true;
  checkIdleHeeds(plan, outline, asksToWait, problems);
  checkIdleKeys(outline, (component) => settled.get(component)?.settings, problems);
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
  const settledOf = (component: OutlineComponent | undefined): SettledComponent | null => {
    const settings = component === undefined ? undefined : settled.get(component.name)?.settings;
    if (component === undefined || component.kind === null || settings === undefined) return null;
    return { name: component.name, kind: component.kind, settings };
  };
  // Of what is written with an operation, such as `worker.handle`, the component is meant.
  const named = (name: string) => settledOf(outline.components.get(splitOperation(name)?.component ?? name));
  for (const component of outline.components.values()) {
    const own = settledOf(component);
    const written = settled.get(component.name)?.written;
    if (own?.kind.check === undefined || written === undefined) continue;
    const findings = own.kind.check(written, own, {
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
      answerOf: (operation) => uncompressedAnswer(plan, operationOf(plan, component, operation)),
      connected: connectedBy(plan, indexOf(plan, component)),
      readThrough: through.has(component.name),
      readsMissing: missing.has(component.name),
      priorities,
      traffics: trafficOf(plan, indexOf(plan, component)).length,
      tiers: new Set(trafficOf(plan, indexOf(plan, component)).map((index) => plan.traffic[index]!.tier)),
      regions: plan.places?.regions ?? null,
      askedFrom: askedFrom(plan, indexOf(plan, component)),
    });
    for (const { setting, ...finding } of findings) {
      problems.report({ ...finding, path: ['components', component.name, ...setting], at: 'key' });
    }
  }
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

function indexOf(plan: Plan, { name }: OutlineComponent): number {
  return plan.components.findIndex((component) => component.name === name);
}

function operationOf(plan: Plan, component: OutlineComponent, name: string): number {
  const owner = indexOf(plan, component);
  return plan.operations.findIndex((each) => each.component === owner && each.name === name);
}

/** Traffic whose weight changes nothing: no fair component serves it beside traffic of another weight. */
function checkWeights(
  plan: Plan,
  outline: Outline,
  settled: ReadonlyMap<string, Settled>,
  idle: (path: readonly (string | number)[], message: string) => void,
): void {
  const heeded = new Set<number>();
  for (const component of outline.components.values()) {
    const { kind, name } = component;
    if (kind?.heedsWeight?.(settled.get(name)?.settings ?? {}) !== true) continue;
    const coming = trafficOf(plan, indexOf(plan, component));
    const weights = new Set(coming.map((t) => plan.traffic[t]!.weight ?? 1));
    if (weights.size > 1) for (const t of coming) heeded.add(t);
  }
  for (const { name, index, weight } of plan.traffic) {
    if (weight === undefined || weight === 1 || heeded.has(index)) continue;
    idle(['traffic', name, 'weight'], 'no fair component serves it beside traffic of another weight');
  }
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

function checkDesignKnobs(
  design: Readonly<Record<string, unknown>>,
  plan: Plan,
  outline: Outline,
  settled: ReadonlyMap<string, Settled>,
  problems: Problems,
): void {
  const idle = (path: readonly (string | number)[], message: string) =>
    problems.report({ code: 'idle-knob', path, at: 'key', message });
  const network = new Map(entriesOf(design['network']));
  const crossings = plan.operations.some(
    (each) =>
      !plan.components[each.component]!.outside &&
      (passedToBy(each).length > 0 || someStep(each.steps, isCall)),
  );
  for (const key of ['latency', 'bandwidth']) {
    if (network.has(key) && !crossings)
      idle(['network', key], 'no component calls another, so nothing crosses the network');
  }
  if (network.has('bandwidth') && crossings && plan.data.length === 0) {
    idle(['network', 'bandwidth'], 'the design has no data, so messages have no size');
  }
  const drawn = drawnData(plan);
  const data = new Map(entriesOf(design['data']));
  for (const [index, { name, growth }] of plan.data.entries()) {
    const written = new Map(entriesOf(data.get(name)));
    if (written.has('keep') && growth.high === 0)
      idle(['data', name, 'keep'], `\`${name}\` does not grow, so nothing is ever too old`);
    if (written.has('popularity') && !drawn.has(index))
      idle(['data', name, 'popularity'], `no key of \`${name}\` is ever drawn`);
  }
  const heeded = [...outline.components.values()].some(
    ({ name, kind }) => kind?.heedsPriority?.(settled.get(name)?.settings ?? {}) === true,
  );
  const prior = [...outline.traffic].filter(([, { priority }]) => priority !== undefined && priority !== 0);
  const [first, ...others] = prior.map(([name]) => name);
  if (first !== undefined && !heeded) {
    const also = others.length === 0 ? '' : `; nor does the one of ${listNames(others, '')} matter`;
    idle(['traffic', first, 'priority'], `no component serves by priority${also}`);
  }
  checkWeights(plan, outline, settled, idle);
}

function drawnData(plan: Plan): ReadonlySet<number> {
  const drawn = new Set<number>();
  const add = (key: PlanKey | null) => {
    if (key?.from === 'draw') drawn.add(key.data);
  };
  for (const { key } of plan.traffic) add(key);
  for (const { steps } of plan.operations) {
    someStep(steps, (step) => {
      if (step.step === 'call') add(step.key);
      return false;
    });
  }
  return drawn;
}

function isCall(step: PlanStep): boolean {
  return step.step === 'call';
}
