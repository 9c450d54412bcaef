import { findOperation, readKey, splitOperation, type WrittenKey } from './calls.ts';
import { checkComponentGoals, themeOf } from './component-goals.ts';
import { showValue } from './field.ts';
import type { KindReference, KindRole } from './kind.ts';
import {
  didYouMean,
  entriesOf,
  listNames,
  type Outline,
  type OutlineComponent,
  visitSteps,
} from './outline.ts';
import { isMap, type Path } from './path.ts';
import type { Problem, Problems } from './problems.ts';
import { goalSchema } from './schema.ts';
import { withArticle } from './with-article.ts';

/** What each role is, for the message that a component cannot play it. */
const roleWords: Readonly<Record<KindRole, string>> = {
  store: 'a component that stores data, such as a database',
  front: 'a component that stands in front of a store, such as a cache',
  target: 'a component with instances of its own, such as a service',
  upstream: 'a component that answers requests, such as a service or a load-balancer',
  channel: 'a component that takes messages, such as a queue',
  consumer: 'a component that can work on messages, such as a service',
};

/** Reports every name that refers to nothing, or to something that cannot do what is asked of it. */
export function checkReferences(
  design: Readonly<Record<string, unknown>>,
  outline: Outline,
  problems: Problems,
): void {
  const check = new ReferenceCheck(outline, problems);
  for (const [name, traffic] of outline.traffic) check.traffic(name, traffic);
  for (const component of outline.components.values()) check.component(component);
  for (const [name, targets] of entriesOf(design['goals'])) {
    // Without a readable traffic there is nothing that a goal could be named after.
    if (isMap(design['traffic'])) check.goal(name);
    if (isMap(targets) && Object.keys(targets).length === 0) check.goalWithoutTarget(name);
  }
  const isTarget = (metric: string) => Object.hasOwn(goalSchema.shape, metric);
  checkComponentGoals(design['goals'], outline, (name) => check.isTraffic(name), isTarget, problems);
}

class ReferenceCheck {
  readonly #outline: Outline;
  readonly #problems: Problems;
  /** Traffic by the operation it calls, with its component and without. */
  readonly #callers: ReadonlyMap<string, readonly string[]>;
  /** Components by what they can be used for. */
  readonly #able: ReadonlyMap<KindRole, readonly string[]>;

  constructor(outline: Outline, problems: Problems) {
    this.#outline = outline;
    this.#problems = problems;
    this.#callers = callersByOperation(outline);
    const components = [...outline.components.values()];
    // What a component of an unknown kind can do is not known: it may be what was meant.
    const able = (role: KindRole) =>
      components.filter(({ kind }) => kind === null || kind.roles[role]).map(({ name }) => name);
    this.#able = new Map((Object.keys(roleWords) as KindRole[]).map((role) => [role, able(role)]));
  }

  traffic(name: string, traffic: Readonly<Record<string, unknown>>): void {
    const path: Path = ['traffic', name];
    if (typeof traffic['call'] === 'string') this.#operation(traffic['call'], [...path, 'call']);
    if (typeof traffic['key'] !== 'string') return;
    const key = readKey(traffic['key']);
    if ('data' in key) {
      this.#data(key.data, [...path, 'key']);
      return;
    }
    const message =
      key.from === 'none'
        ? 'a traffic whose requests carry no key does not say so'
        : 'a traffic cannot take its key from the request: it makes the request';
    this.#problems.report({
      code: 'no-request-key',
      path: [...path, 'key'],
      message,
      expected: 'a data name, or new and a data name',
    });
  }

  component(component: OutlineComponent): void {
    for (const [setting, reference] of Object.entries(component.kind?.references ?? {})) {
      this.#setting(component, setting, reference);
    }
    this.#alike(component);
    for (const [operation, steps] of component.written) {
      const path: Path = ['components', component.name, 'operations', operation];
      visitSteps(steps, path, (step, stepPath) => this.#step(step, stepPath));
    }
  }

  /** Whichever of several a request is passed on to must have the operation. */
  #alike({ kind, mentions, operations, others, routes }: OutlineComponent): void {
    const offered = kind?.operations;
    if (offered?.from !== 'setting' || routes.length > 0) return;
    for (const [i, other] of others.entries()) {
      const missing = [...(operations ?? [])].filter((each) => other.operations?.has(each) === false);
      if (missing.length === 0) continue;
      this.#problems.report({
        code: 'unknown-operation',
        path: mentions.get(offered.setting)![i + 1]!.path,
        message: `\`${other.name}\` has no operation \`${missing[0]}\`, which the first of them has`,
        expected: 'components with the same operations',
      });
    }
  }

  /** Whether a goal of that name is about a traffic. */
  isTraffic(name: string): boolean {
    return this.#outline.traffic.has(name) || this.#callers.has(name);
  }

  goal(name: string): void {
    const { traffic } = this.#outline;
    if (traffic.has(name)) return;
    if (!this.#callers.has(name) && themeOf(this.#outline, name) !== null) return;
    const callers = this.#callers.get(name) ?? [];
    const path: Path = ['goals', name];
    if (callers.length > 1) {
      this.#problems.report({
        code: 'ambiguous-goal',
        path,
        at: 'key',
        message: `\`${name}\` is called by more than one traffic: ${listNames(callers, '')}`,
        expected: 'the name of one traffic',
      });
    } else if (callers.length === 0 && !this.#calledByMistake(name)) {
      this.#unknown(
        name,
        path,
        this.#outline.components.has(name)
          ? `${quoted(name)} is a component, and what a goal is about is a traffic, a queue, a stream, or a database with a \`quorum\``
          : `no traffic is called ${quoted(name)}, and none calls an operation of that name`,
        new Set([...traffic.keys(), ...this.#callers.keys(), ...(this.#able.get('channel') ?? [])]),
        'the name of a traffic',
        'key',
      );
    }
  }

  goalWithoutTarget(name: string): void {
    this.#problems.report({
      code: 'missing-key',
      path: ['goals', name],
      at: 'key',
      message: `the goal ${quoted(name)} has no target`,
      expected: 'at least one, such as `p99: 100ms` or `success: 99.9%`',
    });
  }

  /** Whether a traffic whose call leads nowhere may have meant this operation: the call is reported already. */
  #calledByMistake(name: string): boolean {
    const { traffic, components } = this.#outline;
    const astray = [...traffic.values()].some(({ call }) => findOperation(this.#outline, call) === null);
    const operation = splitOperation(name)?.operation ?? name;
    return astray && [...components.values()].some(({ operations }) => operations?.has(operation));
  }

  #setting(component: OutlineComponent, setting: string, reference: KindReference): void {
    for (const { name, path } of component.mentions.get(setting) ?? []) {
      if (reference.to === 'data') this.#data(name, path);
      else if (reference.to === 'operation') this.#worker(name, reference, path);
      else this.#role(name, reference.role, null, path);
    }
  }

  /** An operation of a component that can play a role. */
  #worker(written: string, reference: Extract<KindReference, { to: 'operation' }>, path: Path): void {
    const name = splitOperation(written)?.component ?? written;
    const able = this.#outline.components.get(name)?.kind;
    if (able !== undefined && able !== null && able.roles[reference.role] === undefined) {
      this.#role(name, reference.role, null, path);
      return;
    }
    this.#operation(written.includes('.') ? written : `${name}.${reference.unlessSaid}`, path);
  }

  #step(step: Readonly<Record<string, unknown>>, path: Path): void {
    if (typeof step['call'] === 'string') {
      this.#operation(step['call'], [...path, 'call']);
      this.#inside(step['call'], [...path, 'call']);
    }
    if (typeof step['publish'] === 'string')
      this.#role(step['publish'], 'channel', null, [...path, 'publish']);
    for (const verb of ['read', 'write'] as const) {
      const data = step[verb];
      if (typeof data !== 'string') continue;
      const known = this.#data(data.trim(), [...path, verb]) ? data.trim() : null;
      const [store, front] = verb === 'read' ? ['from', 'through'] : ['to', 'invalidate'];
      if (typeof step[store] === 'string') this.#role(step[store], 'store', known, [...path, store]);
      if (typeof step[front] === 'string') this.#role(step[front], 'front', known, [...path, front]);
      if (typeof step['key'] !== 'string') continue;
      const key = readKey(step['key']);
      if (key.from === 'none' && typeof step[front] === 'string') {
        this.#keyOfNone([...path, 'key'], `\`${front}\` a cache goes by key`);
      } else this.#keyOfData(key, known, [...path, 'key']);
    }
    if (typeof (step['call'] ?? step['publish']) === 'string' && typeof step['key'] === 'string') {
      const key = readKey(step['key']);
      if ('data' in key) this.#data(key.data, [...path, 'key']);
      else if (key.from === 'none') this.#keyOfNone([...path, 'key'], 'a `call` asks one instance');
    }
    if (isMap(step['journey'])) this.#journey(step['journey'], [...path, 'journey']);
  }

  #keyOfNone(path: Path, why: string): void {
    this.#problems.report({
      code: 'conflicting-keys',
      path,
      at: 'key',
      message: `${why}, and \`key: none\` asks all shards of a store`,
      expected: 'a read or a write straight to the store',
    });
  }

  /** Only traffic asks what stands for users. */
  #inside(written: string, path: Path): void {
    const component = this.#outline.components.get(splitOperation(written)?.component ?? '');
    if (component?.kind?.outside !== true) return;
    this.#problems.report({
      code: 'wrong-kind-for-role',
      path,
      message: `\`${component.name}\` stands for users, and only traffic asks them`,
      expected: 'an operation of a component of the system',
    });
  }

  #keyOfData(key: WrittenKey, data: string | null, path: Path): void {
    if (!('data' in key) || !this.#data(key.data, path)) return;
    if (data === null || key.data === data) return;
    this.#problems.report({
      code: 'data-not-held',
      path,
      message: `this step is about \`${data}\`, and the key is one of \`${key.data}\``,
      expected: `request, ${data} or new ${data}`,
    });
  }

  #journey(states: Readonly<Record<string, unknown>>, path: Path): void {
    for (const [name, state] of Object.entries(states)) {
      if (!isMap(state)) continue;
      for (const [next] of entriesOf(state['next'])) {
        if (Object.hasOwn(states, next)) continue;
        this.#unknown(
          next,
          [...path, name, 'next', next],
          `the journey has no state ${quoted(next)}`,
          Object.keys(states),
          'the name of a state',
          'key',
        );
      }
    }
  }

  #data(name: string, path: Path): boolean {
    if (this.#outline.data.has(name)) return true;
    this.#unknown(name, path, `no data is called ${quoted(name)}`, this.#outline.data, 'a name under `data`');
    return false;
  }

  #role(written: string, role: KindRole, data: string | null, path: Path): void {
    const name = written.trim();
    const component = this.#outline.components.get(name);
    if (component === undefined) {
      this.#unknown(
        name,
        path,
        `no component is called ${quoted(name)}`,
        this.#able.get(role) ?? [],
        roleWords[role],
      );
      return;
    }
    if (component.kind === null) return;
    if (component.kind.roles[role] === undefined) {
      this.#problems.report({
        code: 'wrong-kind-for-role',
        path,
        message: `\`${name}\` cannot be used for this: it is ${withArticle(component.kind.name)}`,
        expected: roleWords[role],
      });
      return;
    }
    const held = component.data;
    if (data === null || held.size === 0 || held.has(data)) return;
    // A misspelt name among what it holds may be this one.
    if ([...held].some((each) => !this.#outline.data.has(each))) return;
    this.#problems.report({
      code: 'data-not-held',
      path,
      message: `\`${name}\` does not hold \`${data}\``,
      found: listNames(held, 'nothing'),
      hint: `add ${data} to the data of \`${name}\`, or name the component that holds it`,
    });
  }

  #operation(written: string, path: Path): void {
    const parts = splitOperation(written);
    const name = parts?.component ?? written.trim();
    const component = this.#outline.components.get(name);
    if (component === undefined) {
      this.#unknown(
        name,
        path,
        `no component is called ${quoted(name)}`,
        new Set(this.#outline.components.keys()),
        'a component',
      );
      return;
    }
    const { operations } = component;
    if (operations === null) return;
    if (parts !== null && operations.has(parts.operation)) return;
    const helped = this.#problems.hintsWanted;
    this.#problems.report({
      code: 'unknown-operation',
      path,
      message:
        parts === null
          ? `\`${name}\` is a component; a call names its operation too`
          : `\`${name}\` has no operation \`${parts.operation}\``,
      found: written,
      expected: helped
        ? listNames(
            [...operations].map((each) => `${name}.${each}`),
            'nothing: it has no operations',
          )
        : null,
      hint: helped && parts !== null ? didYouMean(parts.operation, operations) : null,
    });
  }

  #unknown(
    name: string,
    path: Path,
    message: string,
    known: Iterable<string>,
    what: string,
    at: 'key' | 'value' = 'value',
  ): void {
    const helped = this.#problems.hintsWanted;
    const problem: Problem = {
      code: 'unknown-reference',
      path,
      at,
      message,
      expected: helped ? listNames(known, `${what}; the design has none yet`) : null,
      hint: helped ? didYouMean(name, known) : null,
    };
    this.#problems.report(problem);
  }
}

const quoted = (name: string): string => `\`${showValue(name)}\``;

/** Traffic by what it calls. A call that certainly leads nowhere is left out: a typo is nothing to refer to. */
function callersByOperation(outline: Outline): ReadonlyMap<string, readonly string[]> {
  const callers = new Map<string, string[]>();
  const add = (operation: string, name: string) => {
    const list = callers.get(operation);
    if (list === undefined) callers.set(operation, [name]);
    else list.push(name);
  };
  for (const [name, { call }] of outline.traffic) {
    const parts = typeof call === 'string' ? splitOperation(call) : null;
    if (parts === null) continue;
    const operations = outline.components.get(parts.component)?.operations;
    if (operations === undefined || operations?.has(parts.operation) === false) continue;
    add(parts.operation, name);
    add(`${parts.component}.${parts.operation}`, name);
  }
  return callers;
}
