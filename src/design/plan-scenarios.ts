import type { CheckedDesign, Numbers } from './checked-design.ts';
import type { Part } from './kind.ts';
import { instancesAt, readTarget } from './parts.ts';
import { type PlaceNames, readPlaces, zonesNamed, zonesOf } from './places.ts';
import { planDeploy, withoutLater } from './plan-deploy.ts';
import type { PlanCourse, PlanDeploy, PlanFault, PlanScenario } from './plan-scenario.ts';
import type { Fault, ParsedCourse, ParsedDeploy, ParsedScenario } from './scenario.ts';

/** A day swings by this many straight lines. */
const DAY_POINTS = 48;
const DAY = 86_400;
/** Watched beyond the last change: this share of the time until then, and at least so many seconds. */
const AFTERMATH = 0.5;
const LEAST_AFTERMATH = 30;

/** The scenarios of a checked design, in its order. */
export function planScenarios(design: CheckedDesign, numbers: Numbers): PlanScenario[] {
  return Object.entries(design.parsed.scenarios ?? {}).map(([name, scenario]) =>
    planScenario(name, scenario, design, numbers),
  );
}

function planScenario(
  name: string,
  scenario: ParsedScenario,
  design: CheckedDesign,
  { components, data }: Numbers,
): PlanScenario {
  const names = Object.keys(design.parsed.traffic);
  const courses = Object.entries(scenario.traffic ?? {}).map(([traffic, course]): PlanCourse => {
    const { rate, peak = 1 } = design.parsed.traffic[traffic]!;
    const peakRate = rate === undefined ? 1 : rate.value * peak;
    return {
      traffic: names.indexOf(traffic),
      shape: shapeOf(course, peakRate),
      hottest: course.hottest ?? 0,
    };
  });
  const number = (component: string): number => components.get(component)!;
  const places = placesOf(design);
  const at = (component: string, part: string | null): Part =>
    instancesAt(part, design.outline.components.get(component)!.kind, design.settings.get(component)!) ?? {
      first: 0,
      instances: 0,
    };
  const countOf = (component: string): number => at(component, null).instances;
  const deploys: PlanDeploy[] = [];
  const rollouts = (scenario.faults ?? []).map((fault) =>
    'deploy' in fault ? planDeploy(fault, number(fault.deploy), countOf(fault.deploy)) : null,
  );
  const faults = (scenario.faults ?? [])
    .flatMap((fault, f) => {
      if (!('deploy' in fault)) return planFault(fault, { number, data }, at, places);
      const { deploy, parts } = rollouts[f]!;
      const index = deploys.push(deploy) - 1;
      const later = rollouts.flatMap((each, e) => {
        if (each === null || each.deploy.component !== deploy.component) return [];
        return each.deploy.at > deploy.at || (each.deploy.at === deploy.at && e > f) ? each.runs : [];
      });
      return withoutLater(parts, later).map((part) => ({ ...part, deploy: index }));
    })
    .sort((a, b) => a.at - b.at);
  const changes = [
    ...faults.map((fault) => fault.until ?? fault.at),
    ...courses.flatMap(({ shape }) => (shape ?? []).map((point) => point.at)),
  ];
  const last = Math.max(0, ...changes);
  const lossy = faults.some((fault) => fault.fault === 'link' && fault.loss > 0);
  const silent =
    lossy || faults.some((f) => f.fault === 'cut' || (f.fault === 'crash' && f.connections === 'hanging'));
  return {
    name,
    summary: scenario.summary ?? '',
    lasts: scenario.lasts ?? last + Math.max(LEAST_AFTERMATH, AFTERMATH * last),
    courses,
    giveUp: silent ? design.constants.take('tcp.giveUp') : 0,
    retransmit: lossy ? design.constants.take('tcp.retransmission') : 0,
    faults,
    deploys,
  };
}

/** The course as times the rate at the peak. */
function shapeOf(course: ParsedCourse, peakRate: number): PlanCourse['shape'] {
  const { times, spike, ramp, daily, shape, rates, at = 0 } = course;
  if (times !== undefined) return [{ at: 0, times }];
  if (shape !== undefined) return shape;
  if (rates !== undefined) return rates.map((point) => ({ at: point.at, times: point.rate / peakRate }));
  if (spike !== undefined) {
    const end = at + course.for!;
    return [
      { at, times: 1 },
      { at, times: spike },
      { at: end, times: spike },
      { at: end, times: 1 },
    ];
  }
  if (ramp !== undefined) {
    return [
      { at, times: 1 },
      { at: at + course.for!, times: ramp },
    ];
  }
  return daily === undefined ? null : dayOf(daily, course.for ?? DAY);
}

/** One day that begins at its mean rate and rises: highest over lowest is `ratio`, and the mean is 1. */
function dayOf(ratio: number, day: number): PlanCourse['shape'] {
  const swing = (ratio - 1) / (ratio + 1);
  return Array.from({ length: DAY_POINTS + 1 }, (_, i) => ({
    at: (i / DAY_POINTS) * day,
    times: 1 + swing * Math.sin((2 * Math.PI * i) / DAY_POINTS),
  }));
}

function planFault(
  fault: Exclude<Fault, ParsedDeploy>,
  { number, data }: { readonly number: (component: string) => number } & Pick<Numbers, 'data'>,
  instancesAt: (component: string, part: string | null) => Part,
  places: Places | null,
): PlanFault[] {
  const { at } = fault;
  const lasting = 'for' in fault && fault.for !== undefined ? fault.for : null;
  const time = { at, until: lasting === null ? null : at + lasting };
  const countOf = (component: string): number => instancesAt(component, null).instances;
  const hit = (target: string, instances: number | undefined) => {
    const { component, part } = readTarget(target);
    const all = instancesAt(component, part);
    return {
      component: number(component),
      instances: instances ?? all.instances,
      ...(part !== null && { first: all.first, part }),
    };
  };
  if ('crash' in fault) {
    const connections = fault.connections ?? 'refused';
    return [{ ...time, fault: 'crash', ...hit(fault.crash, fault.instances), connections }];
  }
  if ('slow' in fault) return [{ ...time, fault: 'slow', ...hit(fault.slow, fault.instances), by: fault.by }];
  if ('errors' in fault)
    return [{ ...time, fault: 'errors', ...hit(fault.errors, fault.instances), share: fault.share }];
  if ('freeze' in fault) return [{ ...time, fault: 'freeze', ...hit(fault.freeze, fault.instances) }];
  if ('flush' in fault) return [{ ...time, fault: 'flush', component: number(fault.flush) }];
  if ('change' in fault) return [{ ...time, fault: 'change', data: data.get(fault.change)! }];
  if ('outage' in fault) return places === null ? [] : outageOf(fault.outage, time, countOf, places);
  if ('skew' in fault) return [{ ...time, fault: 'skew', component: number(fault.skew), by: fault.by }];
  if ('lower' in fault) return [{ ...time, fault: 'lower', component: number(fault.lower), to: fault.to }];
  const sideOf = (name: string): Side => {
    const { component, part } = readTarget(name);
    const named = part === null ? null : { part, ...instancesAt(component, part) };
    return { components: [number(component)], zones: null, part: named };
  };
  const [one, other] = 'cut' in fault ? [fault.cut, fault.from] : [fault.link, fault.to];
  const sides = sidesOf(one, other, sideOf, places).flatMap((side) =>
    fault.direction === 'one-way' ? [side] : [side, turned(side)],
  );
  return sides.map((side) =>
    'cut' in fault
      ? { ...time, fault: 'cut', ...side }
      : { ...time, fault: 'link', ...side, loss: fault.loss ?? 0, delay: fault.delay ?? null },
  );
}

/** Where everything stands, by number of the component. */
interface Places {
  readonly names: PlaceNames;
  readonly components: readonly { readonly name: string; readonly zones: readonly number[] }[];
}

function placesOf({ written, parsed, outline }: CheckedDesign): Places | null {
  const names = readPlaces(written);
  if (names === null) return null;
  // Users are in no zone.
  const components = [...outline.components.values()].map(({ name, kind }) => ({
    name,
    zones: kind?.outside ? [] : (zonesOf(names, parsed.components[name]!, kind) ?? []),
  }));
  return { names, components };
}

/** The crashes of all that stands in a zone or region. */
function outageOf(
  place: string,
  time: { readonly at: number; readonly until: number | null },
  countOf: (component: string) => number,
  { names, components }: Places,
): PlanFault[] {
  const hit = zonesNamed(names, place)!;
  return components.flatMap(({ name, zones }, component): PlanFault[] => {
    const every = zones.length;
    const which = zones.flatMap((zone, i) => (hit.includes(zone) ? [i] : []));
    const all = countOf(name);
    let instances = 0;
    for (let i = 0; i < all; i++) if (which.includes(i % every)) instances++;
    if (instances === 0) return [];
    const spread = instances === all ? {} : { spread: { every, which } };
    return [{ ...time, fault: 'crash', component, instances, ...spread, connections: 'hanging' }];
  });
}

type Sides = Pick<
  Extract<PlanFault, { fault: 'cut' }>,
  'from' | 'to' | 'fromZones' | 'toZones' | 'fromPart' | 'toPart'
>;

/** One side of a cut or a link: components, and in which zones of them, or for which part, it holds; null = all. */
interface Side {
  readonly components: readonly number[];
  readonly zones: readonly number[] | null;
  readonly part: NonNullable<Sides['fromPart']> | null;
}

/** Both sides of a cut or a link, components together, and each place and each part by itself. */
function sidesOf(
  one: string | readonly string[],
  other: string | readonly string[],
  sideOf: (name: string) => Side,
  places: Places | null,
): Sides[] {
  const group = (names: readonly string[]): Side[] => {
    const isPlace = (name: string): boolean => places !== null && zonesNamed(places.names, name) !== null;
    const named = names.filter((name) => !isPlace(name)).map(sideOf);
    const whole = named.filter(({ part }) => part === null).flatMap(({ components }) => components);
    const parts = named.filter(({ part }) => part !== null);
    const standing = names.filter(isPlace).map((name): Side => {
      const zones = zonesNamed(places!.names, name)!;
      const within = places!.components.flatMap((each, c) =>
        each.zones.some((zone) => zones.includes(zone)) ? [c] : [],
      );
      return { components: within, zones, part: null };
    });
    const together = whole.length === 0 ? [] : [{ components: whole, zones: null, part: null }];
    return [...together, ...parts, ...standing];
  };
  const others = group(listed(other));
  return group(listed(one)).flatMap((from) =>
    others.map((to) => ({
      from: from.components,
      to: to.components,
      ...(from.zones !== null && { fromZones: from.zones }),
      ...(to.zones !== null && { toZones: to.zones }),
      ...(from.part !== null && { fromPart: from.part }),
      ...(to.part !== null && { toPart: to.part }),
    })),
  );
}

function turned({ from, to, fromZones, toZones, fromPart, toPart }: Sides): Sides {
  return {
    from: to,
    to: from,
    ...(toZones !== undefined && { fromZones: toZones }),
    ...(fromZones !== undefined && { toZones: fromZones }),
    ...(toPart !== undefined && { fromPart: toPart }),
    ...(fromPart !== undefined && { toPart: fromPart }),
  };
}

/** What may be one name or a list of them, as a list. */
export function listed(names: string | readonly string[]): readonly string[] {
  return typeof names === 'string' ? [names] : names;
}
