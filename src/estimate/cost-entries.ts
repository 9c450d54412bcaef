import { shareSent } from '../design/answers.ts';
import { calleesOf } from '../design/callees.ts';
import { constantOf } from '../design/constant-use.ts';
import { priceFor } from '../design/cost-use.ts';
import type { Plan, PlanComponent, PlanConstant, PlanOperation } from '../design/plan.ts';
import { regionOfUsers } from '../design/users-region.ts';
import { formatQuantity } from '../quantities/index.ts';
import { peakFactor } from './arrivals.ts';
import type { Entry } from './entry.ts';
import { Follower, passedOn } from './flows.ts';
import type { CallRent, Rent } from './kind.ts';
import type { Moved } from './moves.ts';
import { countText, rateText, sizeText } from './numbers.ts';
import { waysOf, waysToFollowers } from './places.ts';
import type { Solution } from './solution.ts';

/** A month of 730 hours, as in the AWS Pricing Calculator. */
const MONTH = (365 * 86_400) / 12;
/** What goes between zones is paid for where it leaves and where it comes in. */
const BOTH_SIDES = 2;

const money = (dollars: number): string => formatQuantity(dollars, 'money');
const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** A part of what a component, or the traffic, costs a month. */
interface Item {
  readonly cost: number;
  readonly working: string;
  readonly source: string;
}

/**
 * What the design costs a month, at mean rates and list prices: each component, what goes out and between places, all
 * of it, and a million requests. Unknown where a kind has no price and the design says none.
 */
export function costEntries(solution: Solution, moved: Moved): Entry[] {
  const { plan, responses } = solution;
  const parts = plan.components.map((component) => componentItems(component, solution, moved));
  const components = plan.components.map((component, c) => componentEntry(component, parts[c]!));
  const traffic = [
    ...trafficEntry('egress', 'traffic out to users', egressItems(solution, moved)),
    ...betweenEntries(solution),
  ];
  const unknown = plan.components.filter((_, c) => parts[c] === null).map(({ name }) => name);
  const all = [...components, ...traffic];
  const total = unknown.length > 0 ? null : sumOf(all.map(({ value }) => value!));
  const requests = sumOf(
    plan.traffic.map(({ arrivals, index }) => responses[index]!.rate / peakFactor(arrivals)),
  );
  const withoutPrice = (): string => `unknown for ${unknown.join(', ')}: say a \`price\``;
  return [
    ...all,
    {
      name: 'cost.total',
      label: 'all together a month',
      value: total,
      unit: '$',
      formula: 'Σ components + traffic',
      working: () =>
        total === null
          ? withoutPrice()
          : all
              .filter(({ value }) => value! > 0)
              .map(({ value }) => money(value!))
              .join(' + '),
      source: 'list prices on demand, without discounts, backups and people',
    },
    {
      name: 'cost.per-million',
      label: 'a million requests',
      value: total === null || requests === 0 ? null : (total / (requests * MONTH)) * 1e6,
      unit: '$',
      formula: 'cost a month ÷ requests a month × 1,000,000',
      working: () =>
        total === null ? withoutPrice() : `${money(total)} ÷ (${rateText(requests)} × 730h) × 1,000,000`,
      source: 'mean rates of all traffic',
    },
  ];
}

function componentEntry({ name }: PlanComponent, items: readonly Item[] | null): Entry {
  return {
    name: `${name}.cost`,
    label: 'cost a month',
    value: items === null ? null : sumOf(items.map(({ cost }) => cost)),
    unit: '$',
    formula: 'Σ amount × price × 730 hours a month',
    working: () =>
      items === null
        ? 'unknown: say a `price`'
        : items.map(({ working }) => working).join(' + ') || 'nothing',
    source: [...new Set((items ?? []).map(({ source }) => source))].join('; ') || 'the design',
  };
}

/** null where nobody knows what an instance costs. */
function componentItems(component: PlanComponent, solution: Solution, moved: Moved): Item[] | null {
  const { instances, rents } = solution.models[component.index]!;
  const { price } = component;
  if (rents === undefined && price === undefined) return null;
  const rented = (rents ?? []).flatMap((rent) => rentItems(rent, instances, component, solution, moved));
  if (price === undefined) return rented.map(({ item }) => item);
  const own: Item = {
    cost: instances * price * MONTH,
    working: `${countText(instances)} × ${formatQuantity(price, 'money/time')}`,
    source: 'the design',
  };
  const beside = (rent: Rent): boolean =>
    rent.per !== 'instance' && !(rent.per === 'call' && rent.unlessPriced);
  return [own, ...rented.filter(({ rent }) => beside(rent)).map(({ item }) => item)];
}

function rentItems(
  rent: Rent,
  instances: number,
  component: PlanComponent,
  solution: Solution,
  moved: Moved,
): { readonly rent: Rent; readonly item: Item }[] {
  const { plan } = solution;
  if (rent.per === 'call') return callItems(rent, component, solution).map((item) => ({ rent, item }));
  if (rent.per === 'answer byte') {
    return answersTo(component.index, solution, moved).map(({ region, bytes }) => {
      const constant = constantOf(plan, priceFor(rent.constant, region));
      return { rent, item: bytesItem(bytes, constant) };
    });
  }
  const constant = constantOf(plan, rent.constant);
  if (rent.per === 'byte') {
    const bytes = bytesOfUsers(solution, moved, component.index);
    return bytes === 0 ? [] : [{ rent, item: bytesItem(bytes, constant) }];
  }
  const times = rent.per === 'instance' ? instances : 1;
  const cost = times * rent.amount * constant.value * MONTH;
  const amount = rent.unit === 'B' ? sizeText(rent.amount) : countText(rent.amount);
  const each = formatQuantity(constant.value, rent.unit === 'B' ? 'money/size/time' : 'money/time');
  const working =
    rent.per === 'instance' ? `${countText(times)} × ${amount} × ${each}` : `${amount} × ${each}`;
  return cost === 0 ? [] : [{ rent, item: { cost, working, source: sourceOf(constant) } }];
}

const sourceOf = ({ name, source }: PlanConstant): string => `${name}: ${source}`;

/** Bytes a second at a price for a size. */
function bytesItem(bytes: number, constant: PlanConstant): Item {
  return {
    cost: bytes * MONTH * constant.value,
    working: `${sizeText(bytes * MONTH)} × ${formatQuantity(constant.value, 'money/size')}`,
    source: sourceOf(constant),
  };
}

/** Calls at mean rates, by the price for users of each region. */
function callItems(
  { price, paid }: CallRent,
  { operations }: PlanComponent,
  { plan, flows }: Solution,
): Item[] {
  const counts = new Map<string | null, number>();
  for (const operation of operations) {
    for (const { traffic, rate } of flows.streams[operation]!) {
      const from = regionOfUsers(plan, traffic);
      const region = from === null ? null : plan.places!.regions[from]!;
      const own = typeof price === 'number' ? null : priceFor(price, region) === price ? null : region;
      counts.set(own, (counts.get(own) ?? 0) + rate / peakFactor(plan.traffic[traffic]!.arrivals));
    }
  }
  const all = sumOf([...counts.values()]);
  const meanRate = (operation: number): number =>
    sumOf(
      flows.streams[operation]!.map((each) => each.rate / peakFactor(plan.traffic[each.traffic]!.arrivals)),
    );
  const share = paid === undefined || all === 0 ? 1 : paid(meanRate) / all;
  return [...counts].flatMap(([region, calls]): Item[] => {
    const constant = typeof price === 'number' ? null : constantOf(plan, priceFor(price, region));
    const each = constant === null ? (price as number) : constant.value;
    const count = calls * share * MONTH;
    if (count === 0) return [];
    return [
      {
        cost: count * each,
        working: `${countText(count)} × ${formatQuantity(each, constant === null ? 'money' : 'money/count')}`,
        source: constant === null ? 'the design' : sourceOf(constant),
      },
    ];
  });
}

/** Mean bytes per second, headers included, that users get by way of a component, by the region they are in. */
function answersTo(
  component: number,
  solution: Solution,
  moved: Moved,
): { readonly region: string | null; readonly bytes: number }[] {
  const { plan } = solution;
  return plan.traffic.flatMap(({ index }) => {
    const share = sumOf(
      doorsOf(solution, index).map((door) => (door.component === component ? door.share : 0)),
    );
    const from = regionOfUsers(plan, index);
    const bytes = share * answerBytes(solution, moved, index);
    return bytes === 0 ? [] : [{ region: from === null ? null : plan.places!.regions[from]!, bytes }];
  });
}

/** The components that the requests of a traffic come to first, users and names aside, each with its share of them. */
function doorsOf(
  { plan, models }: Solution,
  traffic: number,
): { readonly component: number; readonly share: number }[] {
  const behind = (operation: number, share: number): { component: number; share: number }[] => {
    const asked = plan.operations[operation]!;
    const { component, forwards, among } = asked;
    if (plan.components[component]!.outside) return calleesOf(asked).flatMap((each) => behind(each, share));
    if (!models[component]!.transparent || forwards === null) return [{ component, share }];
    return (among ?? [{ operation: forwards, share: 1 }]).flatMap((one) =>
      behind(one.operation, share * one.share),
    );
  };
  return behind(plan.traffic[traffic]!.operation, 1);
}

/** Mean bytes per second of the items of the traffic that comes to a component first, both ways. */
function bytesOfUsers(solution: Solution, moved: Moved, component: number): number {
  const { plan } = solution;
  return sumOf(
    plan.traffic.map(({ index }) => {
      const doors = doorsOf(solution, index).filter((door) => door.component === component);
      const bytes = itemBytes(plan, moved, index, 'in') + itemBytes(plan, moved, index, 'out');
      return sumOf(doors.map(({ share }) => share)) * bytes;
    }),
  );
}

/** Mean bytes per second of the items that one traffic moves; out, as they come to its users, compressed or not. */
function itemBytes(plan: Plan, moved: Moved, traffic: number, direction: 'in' | 'out'): number {
  const items = moved.byTraffic[traffic]![direction];
  const atPeak = sumOf(items.map(({ data, rate }) => rate * plan.data[data]!.size.value));
  const share = direction === 'out' ? shareSent(plan, plan.traffic[traffic]!) : 1;
  return (share * atPeak) / peakFactor(plan.traffic[traffic]!.arrivals);
}

/** Mean bytes per second of the answers to a traffic: items that are read, and headers. */
function answerBytes({ plan, responses, rules }: Solution, moved: Moved, traffic: number): number {
  const headers = constantOf(plan, 'size.http.headers');
  const { arrivals, operation, key } = plan.traffic[traffic]!;
  const keys = key?.from === 'draw' ? rules.keySpace.drawn(key.data) : rules.keySpace.none;
  const left = rules.left?.(operation, keys)?.probability ?? 1;
  const answers = ((left * responses[traffic]!.rate) / peakFactor(arrivals)) * headers.value;
  return itemBytes(plan, moved, traffic, 'out') + answers;
}

/** What leaves the cloud; not what leaves by way of a component that is paid for it. */
function egressItems(solution: Solution, moved: Moved): Item[] {
  const { plan, models } = solution;
  const price = constantOf(plan, 'cost.egress');
  const paidElsewhere = (component: number): boolean =>
    models[component]!.rents?.some(({ per }) => per === 'answer byte') ?? false;
  return plan.traffic.map(({ index }): Item => {
    const doors = doorsOf(solution, index).filter(({ component }) => !paidElsewhere(component));
    const bytes = sumOf(doors.map(({ share }) => share)) * answerBytes(solution, moved, index);
    const item = bytesItem(bytes, price);
    return { ...item, source: `${item.source}; headers: size.http.headers` };
  });
}

function trafficEntry(name: string, label: string, items: readonly Item[]): Entry[] {
  if (items.length === 0) return [];
  return [
    {
      name: `cost.${name}`,
      label: `${label}, a month`,
      value: sumOf(items.map(({ cost }) => cost)),
      unit: '$',
      formula: 'bytes a month × price',
      working: () => items.map(({ working }) => working).join(' + '),
      source: [...new Set(items.map(({ source }) => source))].join('; '),
    },
  ];
}

/** What goes between zones and between regions; nothing without places. */
function betweenEntries(solution: Solution): Entry[] {
  const { plan } = solution;
  if (plan.places === undefined) return [];
  const bytes = bytesBetween(solution);
  const item = (rate: number, name: string, times: number): Item[] => {
    const price = constantOf(plan, name);
    if (rate === 0) return [];
    const each = formatQuantity(price.value, 'money/size');
    return [
      {
        cost: rate * MONTH * times * price.value,
        working: `${sizeText(rate * MONTH)} × ${times === 1 ? '' : `${times} × `}${each}`,
        source: `${name}: ${price.source}; headers: size.http.headers`,
      },
    ];
  };
  return [
    ...trafficEntry(
      'between-zones',
      'traffic between zones',
      item(bytes.zones, 'cost.crossZone', BOTH_SIDES),
    ),
    ...trafficEntry('between-regions', 'traffic between regions', item(bytes.regions, 'cost.crossRegion', 1)),
  ];
}

/** Mean bytes per second, headers included, between components in different zones and regions. */
function bytesBetween({ plan, models, flows, rules }: Solution): { zones: number; regions: number } {
  const bytes = { zones: 0, regions: 0 };
  const headers = 2 * plan.places!.headers;
  const add = (from: PlanOperation, operation: number, calls: number, data: number | null): void => {
    const { component } = plan.operations[operation]!;
    const moves = models[component]!.moves?.(plan.operations[operation]!) ?? null;
    const item = moves === null || data === null ? 0 : plan.data[data]!.size.value;
    const replicas = models[component]!.replicas?.each ?? 1;
    for (const { scope, share } of waysOf(plan, models, from, plan.operations[operation]!)) {
      if (scope !== 'zone') bytes[scope] += calls * replicas * share * (headers + item);
    }
    const { members } = models[component]!;
    if (!members?.followed(plan.operations[operation]!)) return;
    // Each follower hears of it in one message, without an answer.
    for (const { scope, share } of waysToFollowers(plan, models, component)) {
      if (scope !== 'zone')
        bytes[scope] += calls * (members.each - 1) * share * (plan.places!.headers + item);
    }
  };
  const follower = new Follower(plan, rules);
  for (const operation of plan.operations) {
    const { index } = operation;
    for (const { traffic, keys, rate } of flows.streams[index]!) {
      const mean = (rate * rules.served(index, null, traffic)) / peakFactor(plan.traffic[traffic]!.arrivals);
      for (const { to, probability } of passedOn(plan, rules, index, traffic, keys)) {
        add(operation, to, mean * probability, null);
      }
      follower.follow(index, traffic, keys, mean, {
        compute: () => undefined,
        call: (callee, about, calls) => {
          const missed = rules.missed(callee, about)?.probability ?? 0;
          const { data } = plan.components[plan.operations[callee]!.component]!;
          const sole = Object.values(data);
          const held = about.keys === 'none' ? (sole.length === 1 ? sole[0]! : null) : about.data;
          add(operation, callee, calls * missed, null);
          add(operation, callee, calls * (1 - missed), held);
        },
      });
    }
  }
  return bytes;
}
