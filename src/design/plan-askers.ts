import { type Distribution, mean } from '../quantities/index.ts';
import { passedToBy } from './callees.ts';
import type { CheckedDesign } from './checked-design.ts';
import { instancesOf, type KindDescription, type SettledComponent, type Whereabouts } from './kind.ts';
import { type PlaceNames, readPlaces, zonesOf } from './places.ts';
import type { Plan, PlanAsked, PlanOperation, PlanPlaces, PlanTraffic } from './plan.ts';
import { acrossRegions, type Standing, usedZones } from './plan-places.ts';
import { withCallees } from './steps-with-callees.ts';

/** The operations of a design, where each asker of a component that stands nowhere has an operation of its own. */
interface Asked {
  readonly operations: readonly PlanOperation[];
  readonly traffic: readonly PlanTraffic[];
}

/**
 * Gives each that asks a component without a place (users of a region, the instances of another component) an operation
 * of that component for themselves, so that what it does may depend on where they are. As it is where the design has no
 * regions.
 */
export function withAskers(
  design: CheckedDesign,
  operations: readonly PlanOperation[],
  traffic: readonly PlanTraffic[],
): Asked {
  const { parsed, written, outline } = design;
  const names = readPlaces(written);
  const components = [...outline.components.values()];
  if (names === null || !components.some(({ kind }) => kind?.placeless)) return { operations, traffic };
  const placeless = (operation: number): boolean =>
    components[operations[operation]!.component]!.kind?.placeless === true;
  const all = operations.map(
    (each): PlanOperation =>
      placeless(each.index) ? { ...each, asked: { by: null, regions: [null] } } : each,
  );
  const known = new Map<string, number>();
  const askedBy = (operation: number, asker: string, asked: PlanAsked): number => {
    if (!placeless(operation)) return operation;
    const key = `${operation} ${asker}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const { among, forwards, name, ...rest } = operations[operation]!;
    const index = all.length;
    known.set(key, index);
    const own = { ...rest, index, name: `${name} from ${asker}`, asked };
    all.push({ ...own, forwards: null });
    const inner = (one: number): number => askedBy(one, asker, asked);
    all[index] = {
      ...own,
      forwards: forwards === null ? null : inner(forwards),
      ...(among && { among: among.map((one) => ({ ...one, operation: inner(one.operation) })) }),
    };
    return index;
  };
  for (const { index, component, steps, forwards, among } of operations) {
    if (placeless(index)) continue;
    const { name } = components[component]!;
    const regions = regionsOf(names, zonesOf(names, parsed.components[name]!, null) ?? []);
    const to = (operation: number): number => askedBy(operation, name, { by: component, regions });
    all[index] = {
      ...all[index]!,
      steps: withCallees(steps, to),
      forwards: forwards === null ? null : to(forwards),
      ...(among && { among: among.map((one) => ({ ...one, operation: to(one.operation) })) }),
    };
  }
  return {
    operations: all,
    traffic: traffic.map((each) => {
      const { from } = parsed.traffic[each.name]!;
      if (from === undefined) return each;
      const asked = { by: null, regions: [names.regions.indexOf(from)] };
      return { ...each, operation: askedBy(each.operation, from, asked) };
    }),
  };
}

function regionsOf({ zones }: PlaceNames, of: readonly number[]): number[] {
  return of.map((zone) => zones[zone]!.region);
}

/** Has each that is asked by those in some region prefer what its kind says. */
export function withPreferences(
  { outline, settings }: CheckedDesign,
  operations: readonly PlanOperation[],
  places: PlanPlaces | null,
  within: Distribution,
): readonly PlanOperation[] {
  if (places === null) return operations;
  const components = [...outline.components.values()];
  const standing = standingOf(
    places,
    components.map(({ kind, name }) => ({ kind, settings: settings.get(name)! })),
  );
  return operations.map((operation) => {
    const { among, asked, component } = operation;
    if (among === undefined || asked === undefined) return operation;
    const { kind, name } = components[component]!;
    const prefers = asked.regions.map((region) =>
      kind?.prefers?.(settings.get(name)!, {
        region: region === null ? null : places.regions[region]!,
        targets: among.map((one) => seenFrom(region, one.operation, operations, places, standing, within)),
      }),
    );
    const orders = prefers.flatMap((order) => (order == null ? [] : [order]));
    if (orders.length === 0) return operation;
    // Instances beyond a whole round make the first places count for more.
    const askers = asked.by === null ? 1 : standing[asked.by]!.instances;
    const first = Array.from({ length: askers }, (_, i) => orders[i % orders.length]![0]!);
    return {
      ...operation,
      asked: { ...asked, prefers: orders },
      among: among.map((one, i) => ({ ...one, share: first.filter((each) => each === i).length / askers })),
    };
  });
}

function standingOf(
  places: PlanPlaces,
  components: readonly {
    readonly kind: KindDescription | null;
    readonly settings: SettledComponent['settings'];
  }[],
): Standing[] {
  return components.map(({ kind, settings }, index) => ({
    instances: instancesOf(kind, settings),
    zones: places.components[index]!,
    outside: kind?.outside === true,
  }));
}

/** All who ask a component that has no place and stands for several, by where they are; nobody where the design has no regions. */
export function whereaboutsOf(
  plan: Plan,
  component: number,
  settledOf: (name: string) => SettledComponent | null,
): Whereabouts[] {
  const { places, operations, components, network } = plan;
  if (places === undefined) return [];
  const standing = standingOf(
    places,
    components.map(({ name }) => settledOf(name)!),
  );
  return [...operationsAsked(plan)].flatMap((each) => {
    const { component: of, asked, among } = operations[each]!;
    if (of !== component || asked === undefined || among === undefined) return [];
    return asked.regions.map(
      (region): Whereabouts => ({
        region: region === null ? null : places.regions[region]!,
        targets: among.map((one) =>
          seenFrom(region, one.operation, operations, places, standing, network.latency),
        ),
      }),
    );
  });
}

/** How far an operation is from a region: that of its component's instances, or of the nearest that it stands for. */
function seenFrom(
  region: number | null,
  operation: number,
  operations: readonly PlanOperation[],
  places: PlanPlaces,
  standing: readonly Standing[],
  within: Distribution,
): Whereabouts['targets'][number] {
  const { asked, component } = operations[operation]!;
  if (asked !== undefined) {
    const seen = passedToBy(operations[operation]!).map((one) =>
      seenFrom(region, one, operations, places, standing, within),
    );
    return {
      oneWay: Math.min(...seen.map(({ oneWay }) => oneWay)),
      here: seen.some(({ here }) => here),
    };
  }
  const { instances, zones } = standing[component]!;
  const used = usedZones(standing[component]!).map((zone) => places.zones[zone]!.region);
  const far = Array.from({ length: instances }, (_, i) => {
    const there = places.zones[zones[i % zones.length]!]!.region;
    return region === null || region === there ? mean(within) : mean(acrossRegions(places, region, there));
  });
  return {
    oneWay: far.reduce((sum, each) => sum + each, 0) / instances,
    here: region !== null && used.includes(region),
  };
}

/** Names of the regions in which somebody asks a component that has no place. */
export function askedFrom(plan: Plan, component: number): ReadonlySet<string> {
  const { operations, places } = plan;
  const regions = [...operationsAsked(plan)].flatMap((each) => {
    const operation = operations[each]!;
    return operation.component === component ? (operation.asked?.regions ?? []) : [];
  });
  return new Set(regions.flatMap((region) => (region === null ? [] : [places!.regions[region]!])));
}

/** Operations of components without a place that somebody asks, as each has them. */
function operationsAsked({ operations, traffic }: Plan): ReadonlySet<number> {
  const reached = new Set([
    ...traffic.map(({ operation }) => operation),
    ...operations.filter(({ asked }) => asked?.by != null).map(({ index }) => index),
  ]);
  for (const each of reached) {
    if (operations[each]!.asked === undefined) continue;
    for (const one of passedToBy(operations[each]!)) reached.add(one);
  }
  return reached;
}
