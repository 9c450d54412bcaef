import { passedToBy } from './callees.ts';
import type { OperationName } from './calls.ts';
import { checkIdleCancels } from './idle-cancels.ts';
import { checkIdleDeadlines } from './idle-deadlines.ts';
import { checkIdleHeeds } from './idle-heeds.ts';
import { checkIdleKeys } from './idle-keys.ts';
import { checkIdleOnces } from './idle-onces.ts';
import { someStep } from './inner-steps.ts';
import type { Surroundings } from './kind.ts';
import { entriesOf, listNames, type Outline, type OutlineComponent, visitSteps } from './outline.ts';
import type { Plan, PlanKey, PlanStep } from './plan.ts';
import type { Problems } from './problems.ts';
import type { Carried } from './reach.ts';
import type { Settled } from './settle.ts';
import { settledOf } from './surroundings.ts';
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
  settled: ReadonlyMap<string, Settled>,
  around: (component: OutlineComponent) => Surroundings,
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
  for (const component of outline.components.values()) {
    const own = settledOf(component, settled);
    const written = settled.get(component.name)?.written;
    if (own?.kind.check === undefined || written === undefined) continue;
    const findings = own.kind.check(written, own, around(component));
    for (const { setting, ...finding } of findings) {
      problems.report({ ...finding, path: ['components', component.name, ...setting], at: 'key' });
    }
  }
}

function indexOf(plan: Plan, { name }: OutlineComponent): number {
  return plan.components.findIndex((component) => component.name === name);
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
