import { afterwardsOf, calleesOf, passedToBy } from '../../design/callees.ts';
import { instancesOf, type KindDescription } from '../../design/kind.ts';
import type { Plan, PlanComponent, PlanTraffic } from '../../design/plan.ts';
import { valueText } from '../figure-text.ts';
import { themeOf } from '../theme.ts';

/** A design as boxes and arrows, before anybody has said where they are put or how they are drawn. */
export interface Drawing {
  readonly title: string;
  readonly summary: string;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  /** Regions and zones, each after the one that it is a part of. */
  readonly groups: readonly Group[];
}

/** Who asks, or a component. */
export interface Box {
  /** A letter and a number, unlike any other of the drawing. */
  readonly id: string;
  /** `copies` keep what a store has, for a while; a `channel` keeps messages. */
  readonly shape: 'users' | 'program' | 'store' | 'copies' | 'channel';
  readonly name: string;
  /** What it is, and how much of it there is. */
  readonly lines: readonly string[];
  /** Instances, or nodes. */
  readonly copies: number;
  /** Of the group that it stands in; null = in none. */
  readonly group: string | null;
}

/** Requests, or messages, from one box to another. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** The operations that are asked for, in the order in which they come up. */
  readonly labels: readonly string[];
  /** `message`: whoever sends it does not wait for what is done about it. */
  readonly sends: 'request' | 'message';
}

/** A region, or a zone of one. */
export interface Group {
  readonly id: string;
  readonly name: string;
  readonly within: string | null;
}

const theme = themeOf({});

/** Reads boxes and arrows off a plan. */
export function drawingOf(plan: Plan, kinds: readonly KindDescription[]): Drawing {
  const kindOf = new Map(kinds.map((kind) => [kind.name, kind]));
  const groups = groupsOf(plan);
  return {
    title: plan.name,
    summary: plan.summary,
    boxes: [
      ...plan.traffic.map((traffic) => usersBox(traffic, plan)),
      ...plan.components.map((component) => componentBox(component, kindOf.get(component.kind), plan)),
    ],
    arrows: arrowsOf(plan),
    groups: groups,
  };
}

function usersBox(traffic: PlanTraffic, plan: Plan): Box {
  const { arrivals, index, name } = traffic;
  const region = plan.places?.users[index];
  const load =
    arrivals.type === 'closed'
      ? `${valueText(arrivals.users, '1', theme)} users`
      : `${valueText(arrivals.rate.value, '1/s', theme)}${arrivals.peak === 1 ? '' : `, peak ${arrivals.peak}×`}`;
  const from = region == null ? [] : [`from ${plan.places!.regions[region]}`];
  return { id: `t${index}`, shape: 'users', name, lines: [load, ...from], copies: 1, group: null };
}

function componentBox(component: PlanComponent, kind: KindDescription | undefined, plan: Plan): Box {
  const { index, name, settings } = component;
  const copies = instancesOf(kind, settings);
  const engine = settings['engine'];
  const what = typeof engine === 'string' ? `${component.kind}, ${engine}` : component.kind;
  const size = sizeOf(component, copies);
  const standing = standingOf(component, plan);
  return {
    id: `c${index}`,
    shape: shapeOf(kind),
    name,
    lines: [what, ...(size === '' ? [] : [size]), ...standing.lines],
    copies,
    group: standing.group,
  };
}

function shapeOf(kind: KindDescription | undefined): Box['shape'] {
  if (kind?.roles.store !== undefined) return 'store';
  if (kind?.roles.channel !== undefined) return 'channel';
  return kind?.roles.front !== undefined || kind?.holdsCopies === true ? 'copies' : 'program';
}

/** Settings that say of what size an instance is. */
interface Sizes {
  readonly cores?: unknown;
  readonly autoscale?: { readonly from?: unknown; readonly to?: unknown };
}

/** How many there are of what size, e.g. `12 × 4 cores`; empty where there is one of no size. */
function sizeOf({ settings }: PlanComponent, copies: number): string {
  const { cores, autoscale } = settings as Sizes;
  const scaled = typeof autoscale?.from === 'number' && typeof autoscale.to === 'number';
  const many = scaled ? `${autoscale.from} to ${autoscale.to}` : String(copies);
  if (typeof cores === 'number') {
    const each = `${cores} ${cores === 1 ? 'core' : 'cores'}`;
    return many === '1' ? each : `${many} × ${each}`;
  }
  return many === '1' ? '' : `× ${many}`;
}

/** The smallest group that all of a component stands in, and where it stands in that. */
function standingOf(component: PlanComponent, plan: Plan): { group: string | null; lines: string[] } {
  const { places } = plan;
  const zones = [...new Set(places?.components[component.index] ?? [])];
  if (places === undefined || zones.length === 0) return { group: null, lines: [] };
  if (zones.length === 1 && zonesOf(places, places.zones[zones[0]!]!.region) > 1) {
    return { group: `z${zones[0]}`, lines: [] };
  }
  const regions = [...new Set(zones.map((zone) => places.zones[zone]!.region))];
  if (regions.length > 1) {
    return { group: null, lines: [`in ${regions.map((region) => places.regions[region]).join(', ')}`] };
  }
  return {
    group: `r${regions[0]}`,
    lines: zones.length > 1 ? [`in ${zones.length} zones`] : [],
  };
}

function zonesOf(places: NonNullable<Plan['places']>, region: number): number {
  return places.zones.filter((zone) => zone.region === region).length;
}

function groupsOf({ places }: Plan): Group[] {
  if (places === undefined) return [];
  return [
    ...places.regions.map((name, region) => ({ id: `r${region}`, name, within: null })),
    // A zone that is all of its region need not be drawn around the same boxes again.
    ...places.zones.flatMap(({ name, region }, zone) =>
      zonesOf(places, region) > 1 ? [{ id: `z${zone}`, name, within: `r${region}` }] : [],
    ),
  ];
}

function arrowsOf(plan: Plan): Arrow[] {
  const found = new Map<string, { from: string; to: string; labels: Set<string>; sends: Arrow['sends'] }>();
  const add = (from: string, to: number, label: string, sends: Arrow['sends']): void => {
    const target = `c${to}`;
    const key = `${from} ${target} ${sends}`;
    const arrow = found.get(key) ?? { from, to: target, labels: new Set(), sends };
    arrow.labels.add(label);
    found.set(key, arrow);
  };
  const { operations } = plan;
  for (const { index, operation } of plan.traffic) {
    const { component, name } = operations[operation]!;
    add(`t${index}`, component, name, 'request');
  }
  for (const operation of operations) {
    // One that stands where it is asked is asked for each asker apart, and is one box all the same.
    const from = `c${operation.component}`;
    const passed = new Set(passedToBy(operation));
    for (const callee of calleesOf(operation)) {
      const { component, name, takesMessages } = operations[callee]!;
      const waits = takesMessages !== true && operation.delivery === undefined;
      add(
        from,
        component,
        labelOf(operation, callee, passed.has(callee), name),
        waits ? 'request' : 'message',
      );
    }
    for (const later of afterwardsOf(operation)) {
      const { component, name } = operations[later]!;
      if (component !== operation.component)
        add(from, component, deadLabel(operation, later, name), 'message');
    }
  }
  return [...found.values()].map(({ labels, ...arrow }) => ({ ...arrow, labels: [...labels] }));
}

/** The operation; where it is one of several ways, with the share that goes there. */
function labelOf(
  operation: Plan['operations'][number],
  callee: number,
  passed: boolean,
  name: string,
): string {
  const way = passed ? operation.among?.find((each) => each.operation === callee) : undefined;
  if (way === undefined || way.share >= 1) return name;
  return `${name} (${valueText(way.share, '1', theme, 'share')})`;
}

function deadLabel({ delivery }: Plan['operations'][number], later: number, name: string): string {
  return delivery?.deadLetters === later ? 'dead letters' : name;
}
