import { forksOf, type Headers, matchesPath, sharesOf } from '../blocks/index.ts';
import type { DeliveryDescription, KindReference } from './kind.ts';
import { type Outline, type OutlineComponent, visitSteps } from './outline.ts';
import type { Path } from './path.ts';
import { pathOf, readHeaders } from './routes.ts';

/** An operation of a component, as `component.operation`. */
export type OperationName = string;

/** One use of an operation by another, or by a traffic. */
export interface Call {
  readonly target: OperationName;
  readonly path: Path;
  /** Data whose key the callee gets; `same` = the key of the caller's own request, if it has one. */
  readonly carries: { readonly data: string } | 'same';
  /** Header fields that a traffic's requests carry, all the way. */
  readonly headers?: Headers;
  /** Header fields that it sets in place of those that came; what it asks for has the others as they came. */
  readonly sets?: Headers;
  /** It hands a message over, which has the headers of the traffic alone. */
  readonly message?: true;
  /** Whether requests with these headers are among those that come along here; without it, all are. */
  readonly takes?: (headers: Headers) => boolean;
}

/** Who calls whom, as far as the names resolve. */
export interface CallGraph {
  readonly calls: ReadonlyMap<OperationName, readonly Call[]>;
  /** By traffic name; `same` there means a request without a key. */
  readonly entries: ReadonlyMap<string, Call>;
}

/** Splits `component.operation`; null where there is no dot. */
export function splitOperation(text: string): { component: string; operation: string } | null {
  const dot = text.indexOf('.');
  if (dot < 0) return null;
  return { component: text.slice(0, dot).trim(), operation: text.slice(dot + 1).trim() };
}

/** Where a `key:` comes from: the request, or a named data, drawn or new. */
export type WrittenKey =
  | { readonly from: 'request' }
  /** No key: the request is for all shards of a store. */
  | { readonly from: 'none' }
  | { readonly from: 'draw' | 'new'; readonly data: string };

/** Reads `request`, `none`, `link` or `new link`. */
export function readKey(text: string): WrittenKey {
  const key = text.trim();
  if (key === 'request' || key === 'none') return { from: key };
  const fresh = /^new\s+(.+)$/.exec(key);
  return fresh ? { from: 'new', data: fresh[1] ?? '' } : { from: 'draw', data: key };
}

/** The operation that `component.operation` names, if there is one. */
export function findOperation(outline: Outline, text: unknown): OperationName | null {
  const parts = typeof text === 'string' ? splitOperation(text) : null;
  const component = parts === null ? undefined : outline.components.get(parts.component);
  if (parts === null || component === undefined) return null;
  return component.operations?.has(parts.operation) ? `${component.name}.${parts.operation}` : null;
}

/** The data that a key is of when a plain call of this component says none: of all it keeps, if that is one. */
export function keyedBy(component: OutlineComponent): string | null {
  const [only, another] = component.data;
  return only === undefined || another !== undefined ? null : only;
}

/** The graph of calls between operations. What does not resolve is left out: it is reported elsewhere. */
export function readCalls(outline: Outline): CallGraph {
  const calls = new Map<OperationName, Call[]>();
  for (const component of outline.components.values()) {
    for (const operation of component.operations ?? []) {
      const consulted = consultations(outline, component);
      calls.set(`${component.name}.${operation}`, [...consulted, ...forwarded(component, operation)]);
    }
    const { delivers } = component.kind ?? {};
    if (delivers !== undefined) {
      calls.set(`${component.name}.${delivers.from}`, deliveries(outline, component, delivers));
    }
    for (const [operation, steps] of component.written) {
      const from = calls.get(`${component.name}.${operation}`);
      if (from === undefined) continue;
      const path: Path = ['components', component.name, 'operations', operation];
      visitSteps(steps, path, (step, stepPath) => from.push(...callsOfStep(outline, step, stepPath)));
    }
  }
  const entries = new Map<string, Call>();
  for (const [name, traffic] of outline.traffic) {
    const target = findOperation(outline, traffic['call']);
    if (target === null) continue;
    const key = typeof traffic['key'] === 'string' ? readKey(traffic['key']) : null;
    const carries = key !== null && 'data' in key ? { data: key.data } : 'same';
    const headers = traffic['headers'] === undefined ? {} : { headers: readHeaders(traffic['headers']) };
    entries.set(name, { target, path: ['traffic', name, 'call'], carries, ...headers });
  }
  return { calls, entries };
}

/** The operation that a mention in a setting means, where it names one that exists. */
export function mentionedOperation(
  outline: Outline,
  reference: KindReference | undefined,
  name: string,
): OperationName | null {
  if (reference?.to !== 'operation') return null;
  return findOperation(outline, name.includes('.') ? name : `${name}.${reference.unlessSaid}`);
}

/** What becomes of messages: not calls, but what follows from one. */
function deliveries(outline: Outline, { kind, mentions }: OutlineComponent, to: DeliveryDescription): Call[] {
  const consumers = (mentions.get(to.to) ?? []).flatMap(({ name, path }): Call[] => {
    const target = mentionedOperation(outline, kind?.references[to.to], name);
    return target === null ? [] : [{ target, path, carries: 'same' }];
  });
  const dead = (mentions.get(to.deadLetters ?? '') ?? []).flatMap(({ name, path }): Call[] => {
    const other = outline.components.get(name);
    const publish = other?.kind?.roles.channel?.publish;
    return publish === undefined ? [] : [{ target: `${other!.name}.${publish}`, path, carries: 'same' }];
  });
  return [...consumers, ...dead];
}

function forwarded(component: OutlineComponent, operation: string): Call[] {
  const { name, kind, next, others, mentions, routes, settings } = component;
  if (next === null || kind?.operations.from !== 'setting') return [];
  if (routes.length > 0) return routed(component, operation);
  const places = mentions.get(kind.operations.setting) ?? [];
  return [next, ...others].map((one, i): Call => {
    const path = places[i]?.path ?? ['components', name];
    const setting = 'asCalls' in kind.operations ? settingOf(settings['headers']) : {};
    return { target: `${one.name}.${operation}`, path, carries: 'same', ...setting };
  });
}

/** What it asks a front, whatever it passes on. */
function consultations(outline: Outline, { kind, mentions }: OutlineComponent): Call[] {
  return (mentions.get(kind?.consults?.setting ?? '') ?? []).flatMap(({ name, path }): Call[] => {
    const front = outline.components.get(name)?.kind?.roles.front;
    if (front === undefined) return [];
    return [front.lookup, front.fill].map((each) => ({ target: `${name}.${each}`, path, carries: 'same' }));
  });
}

function settingOf(headers: unknown): Pick<Call, 'sets'> {
  return headers === undefined ? {} : { sets: readHeaders(headers) };
}

const NO_HEADERS: Headers = {};

/** Which targets the routes of a component send requests for an operation to, where they have it. */
function routed({ routes }: OutlineComponent, operation: string): Call[] {
  const known = new Map<Headers, ReadonlyMap<number, number>>();
  const sharesWith = (headers: Headers): ReadonlyMap<number, number> => {
    const shares = known.get(headers) ?? sharesOf(forksOf(routes, pathOf(operation), headers));
    known.set(headers, shares);
    return shares;
  };
  const byHeaders = routes.some(({ headers }) => headers !== undefined);
  return routes.flatMap(({ target, place, path: pattern }, i): Call[] => {
    const fits = pattern === undefined || matchesPath(pattern, pathOf(operation));
    if (!fits || target.operations?.has(operation) === false) return [];
    if (!byHeaders && !sharesWith(NO_HEADERS).has(i)) return [];
    const call: Call = { target: `${target.name}.${operation}`, path: place, carries: 'same' };
    return [byHeaders ? { ...call, takes: (headers) => sharesWith(headers).has(i) } : call];
  });
}

function callsOfStep(outline: Outline, step: Readonly<Record<string, unknown>>, path: Path): Call[] {
  const key = typeof step['key'] === 'string' ? readKey(step['key']) : null;
  if (typeof step['call'] === 'string') {
    const target = findOperation(outline, step['call']);
    const component = outline.components.get(splitOperation(step['call'])?.component ?? '');
    if (target === null || component === undefined) return [];
    const data = key === null ? keyedBy(component) : 'data' in key ? key.data : null;
    const carries = data === null ? 'same' : { data };
    return [{ target, path: [...path, 'call'], carries, ...settingOf(step['headers']) }];
  }
  if (typeof step['publish'] === 'string') {
    const component = outline.components.get(step['publish'].trim());
    const publish = component?.kind?.roles.channel?.publish;
    if (publish === undefined) return [];
    const carries = key === null || !('data' in key) ? 'same' : { data: key.data };
    return [{ target: `${component!.name}.${publish}`, path: [...path, 'publish'], carries, message: true }];
  }
  const calls: Call[] = [];
  const add = (
    setting: string,
    operationsFor: (component: OutlineComponent) => readonly (string | undefined)[],
  ) => {
    const component = outline.components.get(String(step[setting]).trim());
    const data = step['read'] ?? step['write'];
    if (component === undefined || typeof data !== 'string') return;
    for (const operation of operationsFor(component)) {
      if (operation === undefined) continue;
      calls.push({ target: `${component.name}.${operation}`, path: [...path, setting], carries: { data } });
    }
  };
  if (step['read'] !== undefined) {
    add('from', ({ kind }) => [kind?.roles.store?.read]);
    add('through', ({ kind }) => [kind?.roles.front?.lookup, kind?.roles.front?.fill]);
  }
  if (step['write'] !== undefined) {
    add('to', ({ kind }) => [kind?.roles.store?.write]);
    add('invalidate', ({ kind }) => [kind?.roles.front?.drop]);
  }
  return calls;
}

/** Circles that are named; a design with more has its calls wrong altogether. */
const mostCycles = 20;

/**
 * The circles of a call graph, each as the calls that close it, found by a depth-first walk without
 * recursion. Every call that leads back into the walk's own path closes one circle.
 */
export function findCycles(
  graph: CallGraph,
): { readonly names: readonly OperationName[]; readonly closing: Call }[] {
  const cycles: { names: OperationName[]; closing: Call }[] = [];
  const state = new Map<OperationName, 'open' | 'done'>();
  for (const start of graph.calls.keys()) {
    if (state.has(start)) continue;
    const stack = [{ name: start, next: 0 }];
    state.set(start, 'open');
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const call = graph.calls.get(top.name)?.[top.next++];
      if (call === undefined) {
        state.set(top.name, 'done');
        stack.pop();
      } else if (state.get(call.target) === 'open') {
        if (cycles.length === mostCycles) return cycles;
        const from = stack.findIndex(({ name }) => name === call.target);
        cycles.push({ names: [...stack.slice(from).map(({ name }) => name), call.target], closing: call });
      } else if (!state.has(call.target)) {
        state.set(call.target, 'open');
        stack.push({ name: call.target, next: 0 });
      }
    }
  }
  return cycles;
}
