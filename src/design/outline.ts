import type { Route } from '../blocks/index.ts';
import { nearestName } from '../quantities/index.ts';
import type { KindDescription } from './kind.ts';
import { isMap, type Path } from './path.ts';
import { readRoutes } from './routes.ts';

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
  /** Names that its settings mention, by the setting that refers to something. */
  readonly mentions: ReadonlyMap<string, readonly Mention[]>;
  /** Names of the data that it keeps or copies. */
  readonly data: ReadonlySet<string>;
  /** The component that it passes every request on to, if it does and if that one exists. */
  readonly next: OutlineComponent | null;
  /** The others, where it passes each request on to one of several that exist. */
  readonly others: readonly OutlineComponent[];
  /** Where it does so by routes: these, and at the end what takes the rest; else none. */
  readonly routes: readonly OutlineRoute[];
  /**
   * What it can be asked to do, by name; null where that cannot be known because something else is wrong (an
   * unknown kind, a balancer whose target does not exist).
   */
  readonly operations: ReadonlySet<string> | null;
}

/** A route of a component that exists, with the place of that name. */
export interface OutlineRoute extends Route {
  readonly target: OutlineComponent;
  readonly place: Path;
}

/** One name under a setting that refers to something, with its place. */
export interface Mention {
  readonly name: string;
  readonly path: Path;
}

type Draft = { -readonly [Key in keyof OutlineComponent]: OutlineComponent[Key] };

/** Reads the outline of a design of which only that it is a map is certain. */
export function readOutline(
  design: Readonly<Record<string, unknown>>,
  kinds: readonly KindDescription[],
): Outline {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  const components = new Map<string, Draft>();
  for (const [name, written] of entriesOf(design['components'])) {
    // What is no map at all still has a name that others may refer to.
    const settings = isMap(written) ? written : {};
    const kind = byName.get(String(settings['kind'])) ?? null;
    components.set(name, draftComponent(name, kind, settings));
  }
  for (const component of components.values()) {
    const offered = component.kind?.operations;
    if (offered?.from !== 'setting') continue;
    const listed = offered.routes === undefined ? undefined : component.settings[offered.routes];
    const routes = readRoutes(listed);
    const rest = component.mentions.get(offered.setting) ?? [];
    const targets = [...(component.mentions.get(offered.routes ?? '') ?? []), ...rest];
    const able = targets.flatMap(({ name }) => {
      const target = components.get(name);
      return target !== undefined && canPlay(component, target) ? [target] : [];
    });
    // Where one of the names leads nowhere, the error says so.
    if (able.length < targets.length || targets.length < routes.length + rest.length) continue;
    component.next = able[0] ?? null;
    component.others = able.slice(1);
    if (routes.length === 0) continue;
    const ways: readonly Route[] = [...routes, ...rest.map(() => ({}))];
    component.routes = ways.map((words, i) => ({ ...words, target: able[i]!, place: targets[i]!.path }));
  }
  const done = new Set<Draft>();
  for (const component of components.values()) passOperations(component, done);
  const traffic = entriesOf(design['traffic']).filter((entry): entry is [string, Record<string, unknown>] =>
    isMap(entry[1]),
  );
  return {
    components,
    data: new Set(entriesOf(design['data']).map(([name]) => name)),
    traffic: new Map(traffic),
  };
}

/** A component of a kind that cannot be passed requests is reported; its operations are not those that were meant. */
function canPlay({ kind }: Draft, next: Draft): boolean {
  const reference =
    kind?.operations.from === 'setting' ? kind.references[kind.operations.setting] : undefined;
  return reference?.to === 'component' && next.kind?.roles[reference.role] !== undefined;
}

function draftComponent(
  name: string,
  kind: KindDescription | null,
  settings: Readonly<Record<string, unknown>>,
): Draft {
  const offered = kind?.operations;
  const writes = offered === undefined || offered.from === 'design';
  const written = new Map(writes ? entriesOf(settings['operations']) : []);
  const references = Object.entries(kind?.references ?? {});
  const mentions = new Map(
    references.map(([setting, reference]) => [
      setting,
      readMentions(name, setting, settings, reference.to === 'component' ? reference.under : undefined),
    ]),
  );
  const data = references
    .filter(([, { to }]) => to === 'data')
    .flatMap(([setting]) => (mentions.get(setting) ?? []).map((mention) => mention.name));
  const operations =
    offered?.from === 'design'
      ? new Set(written.keys())
      : offered?.from === 'kind'
        ? new Set(offered.names)
        : offered?.from === 'list'
          ? listedNames(settings[offered.setting])
          : null;
  return {
    name,
    kind,
    settings,
    written,
    mentions,
    data: new Set(data),
    next: null,
    others: [],
    routes: [],
    operations,
  };
}

/** The texts of a list, as names; none where it is something else. */
function listedNames(value: unknown): ReadonlySet<string> {
  const texts = Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
  return new Set(texts.map((each) => each.trim()));
}

function readMentions(
  component: string,
  setting: string,
  settings: Readonly<Record<string, unknown>>,
  under: string | undefined,
): Mention[] {
  const path: Path = ['components', component, setting];
  const value = settings[setting];
  if (under !== undefined) {
    return listOf(value).flatMap((item, index): Mention[] => {
      const named = isMap(item) ? item[under] : undefined;
      return typeof named === 'string' ? [{ name: named.trim(), path: [...path, index, under] }] : [];
    });
  }
  if (typeof value === 'string') return [{ name: value.trim(), path }];
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, index) =>
    typeof item === 'string' ? [{ name: item.trim(), path: [...path, index] }] : [],
  );
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/**
 * Gives the operations at the end of a chain of forwarding to everyone on the way, those of all where routes lead to
 * several; a circle gets none.
 */
function passOperations(start: Draft, done: Set<Draft>): void {
  const way: Draft[] = [start];
  const open = new Set<Draft>();
  while (way.length > 0) {
    const here = way[way.length - 1]!;
    if (done.has(here) || here.operations !== null || here.next === null) {
      way.pop();
      continue;
    }
    const onwards = (here.routes.length > 0 ? [here.next, ...here.others] : [here.next]) as Draft[];
    const unknown = open.has(here) ? [] : onwards.filter((each) => !open.has(each) && !done.has(each));
    open.add(here);
    if (unknown.some(({ operations, next }) => operations === null && next !== null)) {
      way.push(...unknown);
      continue;
    }
    way.pop();
    done.add(here);
    const offered = onwards.map(({ operations }) => operations);
    if (offered.length === 1) here.operations = offered[0]!;
    else if (!offered.includes(null)) {
      here.operations = new Set(offered.flatMap((operations) => [...operations!]));
    }
  }
}

/** Key and value pairs of a map; none for anything else. */
export function entriesOf(value: unknown): [string, unknown][] {
  return isMap(value) ? Object.entries(value) : [];
}

/**
 * Visits all that says how a component calls others: every step that a user wrote, and the component itself where its
 * own settings do.
 */
export function visitCalls(
  { name, kind, settings, written }: OutlineComponent,
  visit: (step: Readonly<Record<string, unknown>>, path: Path) => void,
): void {
  if (kind?.operations.from === 'setting' && kind.operations.asCalls) visit(settings, ['components', name]);
  for (const [operation, steps] of written) {
    visitSteps(steps, ['components', name, 'operations', operation], visit);
  }
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
  visitSteps(step['fallback'], [...path, 'fallback'], visit);
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
  const alike = compared.find((each) => letters(each) === letters(name));
  const near = alike ?? nearestName(name, compared);
  return near === null || near === name ? null : `did you mean \`${near}\`?`;
}

/** A name without case and punctuation: p999 is nearer to p99.9 than to p99. */
const letters = (name: string): string =>
  name
    .slice(0, 100)
    .toLowerCase()
    .replace(/[-_.\s]/g, '');

/** Names that an `expected:` lists. */
const mostListed = 16;

/** The first few of some names, for an `expected:`. */
export function listNames(names: Iterable<string>, none: string): string {
  const all = [...names];
  if (all.length === 0) return none;
  if (all.length <= mostListed) return all.join(', ');
  return `${all.slice(0, mostListed).join(', ')}, … (${all.length} in all)`;
}
