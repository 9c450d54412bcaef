import type { Headers } from '../blocks/index.ts';
import type { Distribution } from '../quantities/index.ts';
import type { CallOptions } from './call-options.ts';
import { keyedBy, readKey, splitOperation } from './calls.ts';
import type { CheckedDesign, Numbers } from './checked-design.ts';
import { planComponentGoals } from './component-goals.ts';
import { type Lowering, lowerPassing, lowerSteps, normalName } from './lower.ts';
import { planObjective } from './objectives.ts';
import type { Outline, OutlineComponent } from './outline.ts';
import type {
  Plan,
  PlanAnswers,
  PlanArrivals,
  PlanCall,
  PlanComponent,
  PlanData,
  PlanGoal,
  PlanNetwork,
  PlanOperation,
  PlanTraffic,
} from './plan.ts';
import { withAskers, withPreferences } from './plan-askers.ts';
import { withDeliveries } from './plan-deliveries.ts';
import { planFailures } from './plan-failures.ts';
import { withHeaders } from './plan-headers.ts';
import { planPlaces } from './plan-places.ts';
import { planScenarios } from './plan-scenarios.ts';
import { nothingCarried, reach } from './reach.ts';
import { routedWays } from './routed-ways.ts';
import type { ParsedData, ParsedDesign, ParsedTraffic } from './schema.ts';

/**
 * The plan of a checked design: references as indices, quantities in base units, defaults filled in; frozen
 * to the last leaf. Order is that of the design: components, their operations, data, traffic and goals.
 */
export function makePlan(design: CheckedDesign): Plan {
  const { parsed, outline } = design;
  const names = numberNames(outline);
  const { operations, traffic } = withAskers(
    design,
    withDeliveries(withHeaders(planOperations(design, names), design, names), design, names),
    Object.entries(parsed.traffic).map(([name, each], index) => planTraffic(name, each, index, names)),
  );
  const places = planPlaces(design, operations, traffic);
  const network = planNetwork(design);
  const plan: Plan = {
    name: parsed.name,
    summary: parsed.summary ?? '',
    profile: design.constants.profile,
    data: Object.entries(parsed.data ?? {}).map(([name, data]) => planData(name, data)),
    components: [...outline.components.values()].map((each, index) =>
      planComponent(each, index, design, names, operations),
    ),
    operations: withPreferences(design, operations, places, network.latency),
    traffic,
    network,
    ...(places !== null && { places }),
    goals: [],
    scenarios: planScenarios(design, names),
    scenario: null,
    decisions: (parsed.decisions ?? []).map(({ chose, over = '', because = '', costs = '' }) => ({
      chose,
      over,
      because,
      costs,
    })),
    constants: design.constants.taken(),
  };
  return deepFreeze({ ...plan, goals: planGoals(design, plan) });
}

function numberNames(outline: Outline): Numbers {
  const number = (names: Iterable<string>) => new Map([...names].map((name, index) => [name, index]));
  const operations = [...outline.components.values()].flatMap((component) =>
    [...(component.operations ?? [])].map((operation) => `${component.name}.${operation}`),
  );
  return {
    components: number(outline.components.keys()),
    data: number(outline.data),
    operations: number(operations),
  };
}

function planData(name: string, data: ParsedData): PlanData {
  return {
    name,
    count: data.count,
    size: data.size,
    growth: data.growth ?? { value: 0, low: 0, high: 0 },
    keep: data.keep ?? null,
    popularity: data.popularity ?? { law: 'uniform' },
  };
}

function planComponent(
  component: OutlineComponent,
  index: number,
  design: CheckedDesign,
  names: Numbers,
  planned: readonly PlanOperation[],
): PlanComponent {
  const components: Record<string, number> = {};
  const data: Record<string, number> = {};
  for (const [setting, mentions] of component.mentions) {
    const reference = component.kind?.references[setting];
    for (const [position, { name }] of mentions.entries()) {
      if (reference?.to === 'operation') {
        const owner = splitOperation(name)?.component ?? name;
        components[reference.many ? `${setting}.${position}` : setting] = known(names.components, owner);
      } else if (reference?.to === 'component')
        components[reference.many ? `${setting}.${position}` : setting] = known(names.components, name);
      else data[reference?.many ? `${setting}.${position}` : setting] = known(names.data, name);
    }
  }
  const routes = component.routes.map(({ target, place: _, ...route }) => ({
    ...route,
    component: known(names.components, target.name),
  }));
  const { price, fails } = design.parsed.components[component.name]!;
  return {
    index,
    name: component.name,
    kind: component.kind?.name ?? '',
    settings: design.settings.get(component.name) ?? {},
    components,
    data,
    operations: planned.filter((each) => each.component === index).map((each) => each.index),
    ...(routes.length > 0 && { routes }),
    ...(price !== undefined && { price }),
    ...(fails !== undefined && { fails: planFailures(fails, design.constants) }),
    ...(component.kind?.outside && { outside: true }),
    ...planAnswers(
      component,
      design,
      data,
      planned.filter((each) => each.component === index),
    ),
  };
}

function planAnswers(
  { kind, name }: OutlineComponent,
  design: CheckedDesign,
  data: Readonly<Record<string, number>>,
  operations: readonly PlanOperation[],
): { readonly answers?: PlanAnswers } {
  const { copies, ratio } = kind?.answers?.(design.settings.get(name) ?? {}) ?? {};
  const held = copies && data[copies.of];
  if (held === undefined && ratio === undefined) return {};
  const kept = operations.filter((each) => copies?.operations?.includes(each.name) ?? true);
  return {
    answers: {
      ...(held !== undefined && { copies: { data: held, operations: kept.map(({ index }) => index) } }),
      ...(ratio !== undefined && { ratio }),
    },
  };
}

function planOperations(
  { parsed, outline, calls, settings }: CheckedDesign,
  names: Numbers,
): PlanOperation[] {
  const reached = reach(calls);
  const profiles = Object.values(parsed.traffic).map(({ headers = {} }) => headers);
  return [...names.operations].map(([fullName, index]) => {
    const { component: owner = '', operation: name = '' } = splitOperation(fullName) ?? {};
    const component = outline.components.get(owner);
    const kind = component?.kind;
    const options = parsed.components[owner] ?? { kind: '' };
    const steps = kind?.operations.from === 'design' ? (options.operations?.[name] ?? []) : [];
    const asCalls = kind?.operations.from === 'setting' && kind.operations.asCalls === true;
    const onward = asCalls ? known(names.operations, `${component!.next!.name}.${name}`) : null;
    const reach = kind?.reaches?.(settings.get(owner) ?? {});
    const to: Lowering = {
      operation: (each) => known(names.operations, each),
      data: (each) => known(names.data, each),
      kind: (each) => outline.components.get(each)?.kind ?? unresolved(each),
      shards: (each) => outline.components.get(each)?.kind?.shards?.(settings.get(each) ?? {}) ?? 1,
      remembersMissing: (each) =>
        outline.components.get(each)?.kind?.remembersMissing?.(settings.get(each) ?? {}) ?? false,
      keyedBy: (each) => keyedBy(outline.components.get(each) ?? unresolved(each)),
      carried: reached.get(fullName) ?? nothingCarried,
    };
    const passed =
      component == null || asCalls
        ? nowhere
        : passedOn(component, name, settings.get(owner) ?? {}, profiles, names);
    return {
      index,
      component: known(names.components, owner),
      name,
      steps: asCalls
        ? [lowerPassing(onward!, options as CallOptions, reach)]
        : [...consultations(component, outline, settings.get(owner) ?? {}, names), ...lowerSteps(steps, to)],
      ...passed,
    };
  });
}

/** What a component asks a front about the key of each request that it passes on. */
function consultations(
  component: OutlineComponent | undefined,
  outline: Outline,
  settings: Readonly<Record<string, unknown>>,
  names: Numbers,
): PlanCall[] {
  const { setting, asks } = component?.kind?.consults ?? {};
  const front = component?.mentions.get(setting ?? '')?.[0]?.name;
  if (front === undefined || asks === undefined) return [];
  const operations = outline.components.get(front)?.kind?.roles.front;
  return asks(settings).map((each) =>
    lowerPassing(known(names.operations, `${front}.${operations?.[each]}`), {}, undefined),
  );
}

const nowhere = { forwards: null };

/** What becomes of requests to a component that passes them on; the others do so nowhere. */
function passedOn(
  { next, others, routes, kind }: OutlineComponent,
  operation: string,
  settings: Readonly<Record<string, unknown>>,
  profiles: readonly Headers[],
  names: Numbers,
): Pick<PlanOperation, 'forwards' | 'among' | 'route'> {
  if (next === null) return nowhere;
  const numberOf = (name: string): number => known(names.operations, `${name}.${operation}`);
  if (routes.length > 0) return routedWays(routes, operation, profiles, numberOf);
  if (others.length === 0) return { forwards: numberOf(next.name) };
  const shares = kind?.shares?.(settings);
  const among = [next, ...others].map(({ name }, i) => ({
    operation: numberOf(name),
    share: shares?.[i] ?? 1 / (others.length + 1),
  }));
  return { forwards: among[0]!.operation, among };
}

function planTraffic(name: string, traffic: ParsedTraffic, index: number, names: Numbers): PlanTraffic {
  const key = traffic.key === undefined ? null : readKey(traffic.key);
  return {
    index,
    name,
    operation: known(names.operations, normalName(traffic.call)),
    arrivals: planArrivals(traffic),
    key: key !== null && 'data' in key ? { from: key.from, data: known(names.data, key.data) } : null,
    timeout: traffic.timeout ?? null,
    ...(traffic.cancel && { cancel: true }),
    ...(traffic.deadline && { deadline: traffic.deadline }),
    priority: traffic.priority ?? 0,
    hottest: 0,
    ...(traffic.weight === undefined ? {} : { weight: traffic.weight }),
    ...(traffic.tier === undefined ? {} : { tier: traffic.tier }),
    ...(traffic.headers === undefined ? {} : { headers: traffic.headers }),
  };
}

function planArrivals(traffic: ParsedTraffic): PlanArrivals {
  if (traffic.users !== undefined) {
    return { type: 'closed', users: traffic.users, think: traffic.think ?? { law: 'constant', value: 0 } };
  }
  return {
    type: 'open',
    rate: traffic.rate ?? unresolved('rate'),
    peak: traffic.peak ?? 1,
    process: traffic.arrivals ?? 'poisson',
    batch: traffic.batch ?? { law: 'constant', value: 1 },
    shape: traffic.shape ?? [],
  };
}

function planNetwork({ parsed, outline, calls, constants }: CheckedDesign): PlanNetwork {
  const { latency, bandwidth } = parsed.network ?? {};
  // What nothing crosses has no length, and its constant is not one that the design takes.
  const within = (name: string): boolean => !outline.components.get(name)?.kind?.outside;
  const crossed =
    [...calls.calls].some(([from, made]) => made.length > 0 && within(splitOperation(from)!.component)) ||
    [...outline.components.values()].some(({ name, next }) => next !== null && within(name));
  // The registry has round trips; a message goes one way.
  const usual = (): Distribution => ({ law: 'constant', value: crossed ? constants.take('rtt.dc') / 2 : 0 });
  return {
    latency: latency ?? usual(),
    bandwidth: bandwidth ?? null,
  };
}

const latencies = { mean: 'mean', p50: 'p50', p95: 'p95', p99: 'p99', 'p99.9': 'p999' } as const;

function planGoals({ parsed, written }: CheckedDesign, plan: Plan): PlanGoal[] {
  const users = goalNames(parsed);
  const texts = written['goals'] as Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
  return Object.entries(parsed.goals ?? {}).flatMap(([name, goal]) => {
    const traffic = users.get(name);
    if (traffic === undefined) return planComponentGoals(plan, name, goal, texts?.[name] ?? {});
    return Object.keys(texts?.[name] ?? {}).flatMap((metric): PlanGoal[] => {
      const target = goal[metric as keyof typeof goal];
      if (typeof target !== 'number' || metric === 'window') return [];
      const objective = metric === 'success' ? planObjective(goal) : null;
      const comparator = metric in latencies ? '<=' : '>=';
      const text = `${name}.${metric} ${comparator === '<=' ? '≤' : '≥'} ${String(texts?.[name]?.[metric])}`;
      const planned = latencies[metric as keyof typeof latencies] ?? (metric as 'success' | 'throughput');
      return [
        { traffic, metric: planned, target, comparator, text, ...(objective !== null && { objective }) },
      ];
    });
  });
}

/** Traffic by its name and by the operation it calls; its own name comes first. */
function goalNames(parsed: ParsedDesign): ReadonlyMap<string, number> {
  const users = new Map<string, number>();
  const traffic = Object.entries(parsed.traffic);
  for (const [index, [, { call }]] of traffic.entries()) {
    const full = normalName(call);
    users.set(full, index).set(splitOperation(full)?.operation ?? full, index);
  }
  for (const [index, [name]] of traffic.entries()) users.set(name, index);
  return users;
}

function known(numbers: ReadonlyMap<string, number>, name: string): number {
  return numbers.get(name) ?? unresolved(name);
}

function unresolved(name: string): never {
  throw new RangeError(`makePlan: the design must be checked, but ${JSON.stringify(name)} does not resolve`);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const each of Object.values(value)) deepFreeze(each);
  }
  return value;
}
