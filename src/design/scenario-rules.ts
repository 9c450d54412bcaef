import { formatQuantity } from '../quantities/index.ts';
import { componentsThatTalk } from './callees.ts';
import { checkCanary } from './canary-rules.ts';
import type { KindDescription } from './kind.ts';
import { didYouMean, entriesOf, listNames, type Outline } from './outline.ts';
import { readTarget } from './parts.ts';
import { isMap, type Path } from './path.ts';
import { type PlaceNames, readPlaces, zonesNamed } from './places.ts';
import type { Plan } from './plan.ts';
import { listed } from './plan-scenarios.ts';
import type { Problems } from './problems.ts';
import { type Fault, type ParsedDeploy, type ParsedScenario, verbsSaid } from './scenario.ts';
import { checkShape } from './traffic-rules.ts';
import { withArticle } from './with-article.ts';

const courses = ['times', 'spike', 'ramp', 'daily', 'shape', 'rates'] as const;
/** Which courses a time belongs to. */
const timed = { at: ['spike', 'ramp'], for: ['spike', 'ramp', 'daily'] } as const;

/**
 * Reports what is wrong with scenarios as they are written, whatever is wrong elsewhere: names that nothing has,
 * components that cannot have the fault, courses and faults that contradict themselves.
 */
export function checkScenarioNames(
  design: Readonly<Record<string, unknown>>,
  outline: Outline,
  problems: Problems,
): void {
  const places = readPlaces(design);
  for (const [name, scenario] of entriesOf(design['scenarios'])) {
    if (!isMap(scenario)) continue;
    const path: Path = ['scenarios', name];
    for (const [traffic, course] of entriesOf(scenario['traffic'])) {
      const place = [...path, 'traffic', traffic];
      if (!outline.traffic.has(traffic)) {
        reportUnknown(traffic, 'traffic', [...outline.traffic.keys()], place, 'key', problems);
      }
      if (!isMap(course)) continue;
      checkCourse(course, outline.traffic.get(traffic)?.['users'] !== undefined, place, problems);
      if (Array.isArray(course['shape'])) checkShape(course['shape'], [...place, 'shape'], problems);
    }
    for (const { fault, place } of faultsWritten(scenario, path)) {
      checkFaultNames(fault, place, outline, places, problems);
      checkSides(fault, place, places, problems);
    }
  }
}

function checkFaultNames(
  fault: Readonly<Record<string, unknown>>,
  path: Path,
  outline: Outline,
  places: PlaceNames | null,
  problems: Problems,
): void {
  const [verb] = verbsSaid(Object.keys(fault).filter((key) => fault[key] !== undefined));
  if (verb === undefined) return;
  const sides = verb === 'cut' ? [verb, 'from'] : verb === 'link' ? [verb, 'to'] : [verb];
  for (const side of sides) {
    const written = fault[side];
    const names = Array.isArray(written)
      ? written.map((name, i) => ({ name, place: [...path, side, i] }))
      : [{ name: written, place: [...path, side] }];
    for (const { name, place } of names) {
      if (typeof name !== 'string') continue;
      const { component: called, part } = readTarget(name);
      const component = outline.components.get(called);
      const linked = verb === 'cut' || verb === 'link';
      const placed = places !== null && zonesNamed(places, name.trim()) !== null;
      if (placed && (linked || verb === 'outage')) continue;
      if (verb === 'change') {
        if (!outline.data.has(name)) reportUnknown(name, 'data', [...outline.data], place, 'value', problems);
      } else if (verb === 'outage') {
        const known = [...(places?.regions ?? []), ...(places?.zones.map((zone) => zone.name) ?? [])];
        reportUnknown(name, 'zone or region', [...new Set(known)], place, 'value', problems);
      } else if (component === undefined) {
        reportUnknown(called, 'component', [...outline.components.keys()], place, 'value', problems);
      } else {
        const hasParts = component.kind?.parts !== undefined && (linked || hitsInstances(verb));
        const lacking =
          part !== null && !hasParts
            ? { message: 'has no parts that this can hit', expected: `\`${called}\`` }
            : lackedFor(verb, component.kind);
        if (lacking === null) continue;
        problems.report({
          code: 'wrong-kind-for-role',
          path: place,
          message: `\`${name}\` is ${withArticle(component.kind?.name ?? 'component')}, which ${lacking.message}`,
          expected: lacking.expected,
        });
      }
    }
  }
}

/** The faults of a scenario that are maps, with their places. */
export function* faultsWritten(
  scenario: Readonly<Record<string, unknown>>,
  path: Path,
): Generator<{ readonly fault: Readonly<Record<string, unknown>>; readonly place: Path }> {
  const faults = Array.isArray(scenario['faults']) ? scenario['faults'] : [];
  for (const [index, fault] of faults.entries()) {
    if (isMap(fault)) yield { fault, place: [...path, 'faults', index] };
  }
}

/** Whether a fault hits instances of a component, and so may hit a part of it. */
export function hitsInstances(verb: string): boolean {
  return verb === 'crash' || verb === 'slow' || verb === 'errors' || verb === 'freeze';
}

/** What a component of a kind lacks for a fault to hit it; null where it lacks nothing. */
function lackedFor(
  verb: string,
  kind: KindDescription | null,
): { readonly message: string; readonly expected: string } | null {
  if (kind?.outside && ['crash', 'slow', 'errors', 'freeze'].includes(verb)) {
    return { message: 'is no part of the system that could fail', expected: 'a component of the system' };
  }
  if ((verb === 'flush' || verb === 'skew') && !mayHoldCopies(kind)) {
    return { message: 'holds no copies', expected: 'a component that holds copies, such as a cache' };
  }
  if (verb === 'deploy' && kind?.roles.target === undefined) {
    const expected = 'a component with instances of its own, such as a service';
    return { message: 'has no versions', expected };
  }
  if (verb === 'lower' && kind?.limit === undefined) {
    return { message: 'has no limit of its own', expected: 'an external or a gateway with a `limit`' };
  }
  return null;
}

/** Whether components of a kind may hold copies that are flushed. */
export function mayHoldCopies(kind: KindDescription | null): boolean {
  return kind?.roles.front !== undefined || kind?.holdsCopies !== undefined;
}

export function reportUnknown(
  name: string,
  what: string,
  known: readonly string[],
  path: Path,
  at: 'key' | 'value',
  problems: Problems,
): void {
  problems.report({
    code: 'unknown-reference',
    path,
    at,
    message: `there is no ${what} \`${name}\``,
    expected: `one of ${listNames(known, 'none')}`,
    hint: didYouMean(name, known),
  });
}

function checkCourse(
  course: Readonly<Record<string, unknown>>,
  closed: boolean,
  path: Path,
  problems: Problems,
): void {
  const said = courses.filter((key) => course[key] !== undefined);
  const [first, second] = said;
  if (first !== undefined && second !== undefined) {
    problems.report({
      code: 'conflicting-keys',
      path: [...path, second],
      at: 'key',
      message: `\`${first}\` and \`${second}\` both say how the traffic runs`,
      hint: 'keep one of them, or write the whole course as a `shape`',
    });
    return;
  }
  if (first !== undefined && closed) {
    problems.report({
      code: 'conflicting-keys',
      path: [...path, first],
      at: 'key',
      message: `\`${first}\` belongs to a rate; users send their next request after the answer`,
    });
  }
  for (const [key, belongs] of Object.entries(timed)) {
    const time = course[key];
    const fits = first !== undefined && (belongs as readonly string[]).includes(first);
    if (time !== undefined && !fits) {
      problems.report({
        code: 'conflicting-keys',
        path: [...path, key],
        at: 'key',
        message: `\`${key}\` belongs to ${belongs.map((each) => `\`${each}\``).join(', ')}`,
      });
    }
  }
  if ((first === 'spike' || first === 'ramp') && course['for'] === undefined) {
    problems.report({
      code: 'missing-key',
      path: [...path, first],
      at: 'key',
      message: `the ${first} does not say how long it takes`,
      expected: '`for`, such as 30s',
    });
  }
}

function checkSides(
  fault: Readonly<Record<string, unknown>>,
  path: Path,
  places: PlaceNames | null,
  problems: Problems,
): void {
  if (fault['link'] !== undefined && fault['loss'] === undefined && fault['delay'] === undefined) {
    problems.report({
      code: 'missing-key',
      path,
      at: 'key',
      message: 'the link does not say what is wrong with it',
      expected: '`loss`, such as 5%, or `delay`, such as 100ms',
    });
  }
  const side = fault['cut'] !== undefined ? 'from' : 'to';
  const one = namesOf(fault['cut'] ?? fault['link']);
  const other = namesOf(fault[side]);
  const zones = (name: string): readonly number[] =>
    (places === null ? null : zonesNamed(places, name)) ?? [];
  const both = one.find(
    (name) =>
      other.includes(name) || other.some((each) => zones(each).some((zone) => zones(name).includes(zone))),
  );
  if (both === undefined) return;
  problems.report({
    code: 'conflicting-keys',
    path: [...path, side],
    at: 'key',
    message: `\`${both}\` is on both sides`,
  });
}

/** A name, or a list of them, as far as it can be read. */
function namesOf(written: unknown): string[] {
  return [written].flat().filter((name): name is string => typeof name === 'string');
}

/** What is known of components by their names. */
interface ComponentFacts {
  countOf(component: string): number;
  limitOf(component: string): number | null;
  holdsCopies(component: string): boolean;
  /** Whether something keeps copies of items of a data. */
  hasCopies(data: string): boolean;
  /** Whether some request takes work there. */
  works(component: string): boolean;
}

/** Reports what a scenario says without effect. The design has no error. */
export function checkScenarioEffects(
  scenarios: Readonly<Record<string, ParsedScenario>>,
  plan: Plan,
  { countOf, limitOf, holdsCopies, hasCopies, works }: ComponentFacts,
  problems: Problems,
): void {
  const talks = pairsThatTalk(plan);
  for (const [name, scenario] of Object.entries(scenarios)) {
    const path: Path = ['scenarios', name];
    const planned = plan.scenarios.find((each) => each.name === name)!;
    if (Object.keys(scenario.traffic ?? {}).length === 0 && (scenario.faults ?? []).length === 0) {
      idle([...path], 'nothing happens in this scenario', problems);
    }
    for (const [traffic, { hottest }] of Object.entries(scenario.traffic ?? {})) {
      const key = plan.traffic.find((each) => each.name === traffic)?.key ?? null;
      if (hottest !== undefined && key?.from !== 'draw') {
        idle([...path, 'traffic', traffic, 'hottest'], `\`${traffic}\` asks for no key of data`, problems);
      }
    }
    for (const [index, fault] of (scenario.faults ?? []).entries()) {
      const place = [...path, 'faults', index];
      if (fault.at >= planned.lasts) {
        idle([...place, 'at'], 'the scenario is over by then', problems);
      }
      if ('deploy' in fault) {
        checkDeploy(fault, place, countOf(fault.deploy), problems);
        checkCanary(fault, place, { scenario, lasts: planned.lasts }, countOf(fault.deploy), problems);
      }
      const slowed = slowedBy(fault);
      if (slowed !== null && !works(slowed))
        idle([...place, 'slow'], `\`${slowed}\` has no work of its own that could take longer`, problems);
      for (const verb of ['flush', 'skew'] as const) {
        const held = verb in fault ? (fault as unknown as Record<string, string>)[verb]! : null;
        if (held !== null && !holdsCopies(held)) {
          idle([...place, verb], `\`${held}\` has no cache, so it holds no copies`, problems);
        }
      }
      if ('change' in fault && !hasCopies(fault.change)) {
        idle([...place, 'change'], `nothing keeps copies of \`${fault.change}\` that could be old`, problems);
      }
      if ('lower' in fault) checkLowered(fault, place, limitOf(fault.lower), problems);
      if ('outage' in fault && standingIn(plan, fault.outage).length === 0) {
        idle([...place, 'outage'], 'nothing stands there', problems);
      }
      if ('link' in fault || 'cut' in fault) checkLinked(fault, place, { plan, talks }, problems);
    }
  }
}

/** The component that a fault makes slow, or a version that is rolled out; null for other faults. */
function slowedBy(fault: Fault): string | null {
  if ('deploy' in fault) return fault.slow === undefined || fault.slow === 1 ? null : fault.deploy;
  return 'slow' in fault ? readTarget(fault.slow).component : null;
}

function checkLinked(
  fault: Extract<Fault, { cut: unknown } | { link: unknown }>,
  path: Path,
  { plan, talks }: { readonly plan: Plan; readonly talks: ReadonlySet<string> },
  problems: Problems,
): void {
  const sides = 'cut' in fault ? [fault.cut, fault.from] : [fault.link, fault.to];
  const [one, other] = sides.map((names) => listed(names).flatMap((each) => standingIn(plan, each)));
  if (!one!.some((a) => other!.some((b) => talks.has(`${a} ${b}`))))
    idle([...path, 'cut' in fault ? 'cut' : 'link'], 'these components never call each other', problems);
}

function checkLowered(
  { lower, to }: Extract<Fault, { lower: string }>,
  path: Path,
  limit: number | null,
  problems: Problems,
): void {
  if (limit === null || to < limit) return;
  const message = `the limit of \`${lower}\` is ${formatQuantity(limit, 'rate')} anyway`;
  idle([...path, 'to'], message, problems);
}

/** The component of that name, or those that may stand in a place of that name. */
function standingIn({ places, components }: Plan, name: string): string[] {
  const zones = places === undefined ? null : zonesNamed(places, name);
  if (zones === null) return [readTarget(name).component];
  return components.flatMap((component) =>
    places!.components[component.index]!.some((zone) => zones.includes(zone)) ? [component.name] : [],
  );
}

function checkDeploy(deploy: ParsedDeploy, path: Path, instances: number, problems: Problems): void {
  const { every, drain } = deploy;
  const alone = `\`${deploy.deploy}\` has one instance`;
  if (instances === 1 && every !== undefined) idle([...path, 'every'], alone, problems);
  if (instances === 1 && drain !== undefined) {
    idle([...path, 'drain'], `${alone}, so that nobody chooses where a request goes`, problems);
  }
}

/** Which components exchange messages, both ways, as `one other`. */
function pairsThatTalk(plan: Plan): ReadonlySet<string> {
  const nameOf = (component: number): string => plan.components[component]!.name;
  return new Set(
    componentsThatTalk(plan.operations).flatMap(([a, b]) => [
      `${nameOf(a)} ${nameOf(b)}`,
      `${nameOf(b)} ${nameOf(a)}`,
    ]),
  );
}

function idle(path: Path, message: string, problems: Problems): void {
  problems.report({ code: 'idle-knob', path, at: 'key', message });
}
