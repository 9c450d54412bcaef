import { nearestName } from '../quantities/index.ts';
import type { KindDescription } from './kind.ts';
import { isMap, type Path } from './path.ts';

/**
 * The names of a design and where they are used, read off values that may be wrong in any other way: a
 * faulty number in one place must not hide a dangling name in another.
 */
export interface Outline {
  readonly components: ReadonlyMap<string, OutlineComponent>;
  readonly data: ReadonlySet<string>;
  readonly traffic: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

/** What the outline knows of one component. */
export interface OutlineComponent {
  readonly name: string;
  /** null where no kind has the name that is written. */
  readonly kind: KindDescription | null;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Operations that the user wrote, with their steps. */
  readonly written: ReadonlyMap<string, unknown>;
}

/** Reads the outline of a design of which only that it is a map is certain. */
export function readOutline(
  design: Readonly<Record<string, unknown>>,
  kinds: readonly KindDescription[],
): Outline {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  const components = new Map<string, OutlineComponent>();
  for (const [name, settings] of entriesOf(design['components'])) {
    if (!isMap(settings)) continue;
    const kind = byName.get(String(settings['kind'])) ?? null;
    const written =
      kind === null || kind.operations.from === 'design' ? entriesOf(settings['operations']) : [];
    components.set(name, { name, kind, settings, written: new Map(written) });
  }
  const traffic = entriesOf(design['traffic']).filter((entry): entry is [string, Record<string, unknown>] =>
    isMap(entry[1]),
  );
  return {
    components,
    data: new Set(entriesOf(design['data']).map(([name]) => name)),
    traffic: new Map(traffic),
  };
}

/** Key and value pairs of a map; none for anything else. */
export function entriesOf(value: unknown): [string, unknown][] {
  return isMap(value) ? Object.entries(value) : [];
}

/** One name under a setting that refers to something, with its place. */
export interface Mention {
  readonly name: string;
  readonly path: Path;
}

/** The names a component's setting mentions: one, or those of a list. */
export function mentionsOf(component: OutlineComponent, setting: string): Mention[] {
  const path: Path = ['components', component.name, setting];
  const value = component.settings[setting];
  if (typeof value === 'string') return [{ name: value.trim(), path }];
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, index) =>
    typeof item === 'string' ? [{ name: item.trim(), path: [...path, index] }] : [],
  );
}

/** Names of the data that a component keeps or copies. */
export function dataOf(component: OutlineComponent): string[] {
  return Object.entries(component.kind?.references ?? {})
    .filter(([, { to }]) => to === 'data')
    .flatMap(([setting]) => mentionsOf(component, setting).map(({ name }) => name));
}

/**
 * What a component can be asked to do, by name; null where that cannot be known because something else is
 * wrong (an unknown kind, a balancer whose target does not exist).
 */
export function operationsOf(outline: Outline, component: OutlineComponent): ReadonlySet<string> | null {
  const offered = component.kind?.operations;
  switch (offered?.from) {
    case 'design':
      return new Set(component.written.keys());
    case 'kind':
      return new Set(offered.names);
    case 'setting': {
      const [last] = forwardChain(outline, component).slice(-1);
      return last === undefined || last === component || last.kind?.operations.from === 'setting'
        ? null
        : operationsOf(outline, last);
    }
    default:
      return null;
  }
}

/** The components a request is passed along, from this one on; stops where the chain breaks or closes. */
export function forwardChain(outline: Outline, start: OutlineComponent): OutlineComponent[] {
  const chain = [start];
  let here = start;
  while (here.kind?.operations.from === 'setting') {
    const mention = mentionsOf(here, here.kind.operations.setting)[0];
    const next = mention === undefined ? undefined : outline.components.get(mention.name);
    if (next === undefined || chain.includes(next)) break;
    chain.push(next);
    here = next;
  }
  return chain;
}

/** A raw step and where it stands. */
export type StepVisitor = (step: Readonly<Record<string, unknown>>, path: Path) => void;

/** Visits every step of a list, and the steps inside of steps, whatever else is wrong with them. */
export function visitSteps(steps: unknown, path: Path, visit: StepVisitor): void {
  if (!Array.isArray(steps)) return;
  for (const [index, step] of steps.entries()) visitStep(step, [...path, index], visit);
}

function visitStep(step: unknown, path: Path, visit: StepVisitor): void {
  if (Array.isArray(step)) {
    visitSteps(step, path, visit);
    return;
  }
  if (!isMap(step)) return;
  visit(step, path);
  visitSteps(step['do'], [...path, 'do'], visit);
  visitSteps(step['parallel'], [...path, 'parallel'], visit);
  if (Array.isArray(step['choose'])) {
    for (const [index, each] of step['choose'].entries()) {
      if (isMap(each)) visitSteps(each['do'], [...path, 'choose', index, 'do'], visit);
    }
  }
  for (const [name, state] of entriesOf(step['journey'])) {
    if (isMap(state)) visitSteps(state['do'], [...path, 'journey', name, 'do'], visit);
  }
}

/** Names compared for a hint, so that a hostile design costs no more than an honest one. */
const mostCompared = 2_000;

/** `did you mean …?`, or null when nothing is near. */
export function didYouMean(name: string, known: Iterable<string>): string | null {
  const compared: string[] = [];
  for (const each of known) {
    if (compared.length === mostCompared) break;
    compared.push(each);
  }
  const near = nearestName(name, compared);
  return near === null || near === name ? null : `did you mean \`${near}\`?`;
}

/** The first few of a set of names, for an `expected:`. */
export function listNames(names: Iterable<string>, none: string): string {
  const all = [...names];
  if (all.length === 0) return none;
  return all.length <= 8 ? all.join(', ') : `${all.slice(0, 8).join(', ')}, … (${all.length} in all)`;
}
