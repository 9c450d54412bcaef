import { forksOf, type Headers, matchesHeaders, matchesPath, sharesOf } from '../blocks/index.ts';
import { type CallGraph, findOperation, type OperationName, splitOperation } from './calls.ts';
import {
  didYouMean,
  entriesOf,
  listNames,
  type Outline,
  type OutlineComponent,
  type OutlineRoute,
  visitSteps,
} from './outline.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { type Carried, mostHeaderSets } from './reach.ts';
import { pathOf, readHeaders } from './routes.ts';

/** Reports paths of routes that are none of an operation behind them. */
export function checkRoutePaths({ components }: Outline, problems: Problems): void {
  for (const { name, operations, routes } of components.values()) {
    for (const { path: pattern, target, place } of routes) {
      if (pattern === undefined || operations === null || target.operations === null) continue;
      const fits = (operation: string): boolean => matchesPath(pattern, pathOf(operation));
      if ([...target.operations].some(fits)) continue;
      const wanted = pattern.replace(/^\/|\*$/g, '');
      const elsewhere = [...operations].some(fits);
      problems.report({
        code: 'unknown-operation',
        path: [...place.slice(0, -1), 'path'],
        message: elsewhere
          ? `\`${target.name}\` has no operation that ${pattern} is the path of`
          : `no component behind \`${name}\` has an operation that ${pattern} is the path of`,
        expected: listNames([...target.operations].map(pathOf), 'nothing: it has no operations'),
        hint: didYouMean(wanted, target.operations),
      });
    }
  }
}

/** Reports what the routes of each component make of the requests that come there. */
export function checkRoutes(
  outline: Outline,
  calls: CallGraph,
  reached: ReadonlyMap<OperationName, Carried>,
  problems: Problems,
): void {
  if (checkHeaderSets(calls, reached, problems)) return;
  for (const component of outline.components.values()) {
    if (component.routes.length > 0) checkComponent(component, reached, problems);
  }
  checkHeaders(outline, problems);
  checkHeadersSet(outline, calls, reached, problems);
}

/** Reports more sets of headers than requests can be told apart by; true where there are so many. */
function checkHeaderSets(
  { entries }: CallGraph,
  reached: ReadonlyMap<OperationName, Carried>,
  problems: Problems,
): boolean {
  const all = new Set([...reached.values()].flatMap(({ headers }) => headers));
  const sent = new Set(
    [...entries.values()].map(({ headers = {} }) => JSON.stringify(Object.entries(headers).sort())),
  );
  if (all.size - sent.size <= mostHeaderSets) return false;
  problems.report({
    code: 'too-many-values',
    path: ['components'],
    at: 'key',
    message: `calls that set \`headers\` make more than ${mostHeaderSets} different sets of them`,
    expected: `at most ${mostHeaderSets} beside those of the traffic`,
  });
  return true;
}

/** Requests for one operation with the same headers. */
interface Asking {
  readonly operation: string;
  readonly headers: Headers;
}

function checkComponent(
  component: OutlineComponent,
  reached: ReadonlyMap<OperationName, Carried>,
  problems: Problems,
): void {
  const { name, routes } = component;
  const coming = [...(component.operations ?? [])].flatMap((operation): Asking[] =>
    (reached.get(`${name}.${operation}`)?.headers ?? []).map((headers) => ({ operation, headers })),
  );
  if (coming.length === 0) return;
  const taken = new Set<number>();
  const lacking = new Set<number>();
  const lost = new Map<string, number>();
  for (const { operation, headers } of coming) {
    let rest = 1;
    for (const [route, share] of sharesOf(forksOf(routes, pathOf(operation), headers))) {
      const { target, place } = routes[route]!;
      taken.add(route);
      rest -= share;
      if (target.operations?.has(operation) !== false || lacking.has(route)) continue;
      lacking.add(route);
      problems.report({
        code: 'unknown-operation',
        path: place,
        message: `requests for \`${operation}\` come this way, and \`${target.name}\` has no such operation`,
        expected: listNames([...target.operations].map(pathOf), 'nothing: it has no operations'),
        hint: 'say with `path` what this route takes, or send them another way before it',
      });
    }
    if (rest > 1e-9) lost.set(operation, Math.max(rest, lost.get(operation) ?? 0));
  }
  for (const [index, route] of routes.entries()) {
    if (!taken.has(index)) reportIdle(component, index, route, coming, problems);
  }
  if (lost.size === 0) return;
  const all = [...lost.values()].every((share) => share > 1 - 1e-9);
  problems.report({
    code: 'no-route',
    path: ['components', name, 'routes'],
    at: 'key',
    message: `no route takes ${all ? '' : 'some of '}the requests for ${listNames([...lost.keys()].map(quoted), '')}; they fail as \`${name} no route\``,
    hint: 'say with `to` where the rest goes',
  });
}

function reportIdle(
  { name, routes }: OutlineComponent,
  index: number,
  { path: pattern, headers, place }: OutlineRoute,
  coming: readonly Asking[],
  problems: Problems,
): void {
  const at: Path = place[2] === 'routes' ? place.slice(0, 4) : place;
  const idle = (path: Path, message: string, hint: string | null = null): void =>
    problems.report({ code: 'idle-knob', path, at: 'key', message, hint });
  for (const [field, value] of Object.entries(headers ?? {})) {
    if (coming.some((asking) => asking.headers[field] === value)) continue;
    const names = new Set(coming.flatMap((asking) => Object.keys(asking.headers)));
    const values = new Set(coming.flatMap((asking) => asking.headers[field] ?? []));
    idle(
      [...at, 'header'],
      `no request that comes to \`${name}\` has the header \`${field}: ${value}\``,
      names.has(field) ? didYouMean(value, values) : didYouMean(field, names),
    );
    return;
  }
  const fits = ({ operation, headers: of }: Asking): boolean =>
    (pattern === undefined || matchesPath(pattern, pathOf(operation))) && matchesHeaders(headers ?? {}, of);
  if (!coming.some(fits)) idle(at, `no request that comes to \`${name}\` is one for this route`);
  else if (index === routes.length - 1 && at === place) idle(at, 'the routes take all requests');
  else idle(at, 'routes before it take all of these requests', 'put it before them');
}

/** Warns of header fields that no route looks at. */
function checkHeaders(outline: Outline, problems: Problems): void {
  const { components, traffic } = outline;
  const asked = new Set<string>();
  for (const { routes } of components.values()) {
    for (const { headers } of routes) for (const field of Object.keys(headers ?? {})) asked.add(field);
  }
  for (const [name, { headers, call }] of traffic) {
    const called = findOperation(outline, call);
    const first = called === null ? undefined : components.get(splitOperation(called)!.component);
    const isClient = first?.kind?.operations.from === 'setting';
    const set = isClient ? readHeaders(first!.settings['headers']) : {};
    for (const [field] of entriesOf(headers)) {
      if (asked.has(field.toLowerCase())) {
        if (Object.hasOwn(set, field.toLowerCase())) {
          problems.report({
            code: 'idle-knob',
            path: ['traffic', name, 'headers', field],
            at: 'key',
            message: `the client \`${first!.name}\` sets the header \`${field}\` itself`,
          });
        }
        continue;
      }
      problems.report({
        code: 'idle-knob',
        path: ['traffic', name, 'headers', field],
        at: 'key',
        message: `no route looks at the header \`${field}\``,
        hint: didYouMean(field, asked),
      });
    }
  }
}

/** Warns of header fields that a call, or a client, sets for nobody, or to what they are. */
function checkHeadersSet(
  outline: Outline,
  { calls }: CallGraph,
  reached: ReadonlyMap<OperationName, Carried>,
  problems: Problems,
): void {
  const check = (
    from: readonly OperationName[],
    targets: readonly OperationName[],
    headers: unknown,
    path: Path,
  ): void => {
    const asked = fieldsBehind(outline, calls, targets);
    const coming = from.flatMap((each) => reached.get(each)?.headers ?? []);
    for (const [field, value] of Object.entries(readHeaders(headers))) {
      const written = entriesOf(headers).find(([name]) => name.toLowerCase() === field)![0];
      const idle = (message: string, hint: string | null = null): void =>
        problems.report({ code: 'idle-knob', path: [...path, 'headers', written], at: 'key', message, hint });
      if (!asked.has(field)) {
        idle(
          `no route behind \`${targets[0]}\` looks at the header \`${written}\``,
          didYouMean(field, asked),
        );
      } else if (coming.length > 0 && coming.every((came) => came[field] === value)) {
        idle(`every request that comes here has the header \`${field}: ${value}\` already`);
      }
    }
  };
  for (const { name, kind, next, settings, operations, written } of outline.components.values()) {
    if (next !== null && settings['headers'] !== undefined && kind?.operations.from === 'setting') {
      const all = [...(operations ?? [])].filter((operation) => reached.has(`${name}.${operation}`));
      const of = (owner: string): OperationName[] => all.map((operation) => `${owner}.${operation}`);
      if (all.length > 0) check(of(name), of(next.name), settings['headers'], ['components', name]);
    }
    for (const [operation, steps] of written) {
      visitSteps(steps, ['components', name, 'operations', operation], (step, path) => {
        const target = step['headers'] === undefined ? null : findOperation(outline, step['call']);
        if (target !== null) check([`${name}.${operation}`], [target], step['headers'], path);
      });
    }
  }
}

/** Header fields that routes look at on the way of a request for an operation; messages go without them. */
function fieldsBehind(
  outline: Outline,
  calls: CallGraph['calls'],
  targets: readonly OperationName[],
): ReadonlySet<string> {
  const seen = new Set(targets);
  const fields = new Set<string>();
  for (const name of seen) {
    const { routes } = outline.components.get(splitOperation(name)!.component)!;
    for (const { headers } of routes) for (const field of Object.keys(headers ?? {})) fields.add(field);
    for (const { target: next, message } of calls.get(name) ?? []) if (!message) seen.add(next);
  }
  return fields;
}

const quoted = (name: string): string => `\`${name}\``;
