import { reachedFrom } from '../../design/callees.ts';
import type { Plan } from '../../design/index.ts';
import type { Report } from '../../report/index.ts';
import { type Cause, causeOf, rootOf } from '../stress/causes.ts';
import { isFull, stationLoad } from '../stress/station-load.ts';
import { type Narrow, split } from './move.ts';

/** Why the goals fail where they do: of the first goal that is missed; without goals, of what is full. */
export function whyBroken(plan: Plan, broken: Report, sound: Report): Cause {
  const missed = plan.goals.find((_, g) => broken.goals[g]!.met === false);
  if (missed !== undefined) return causeOf(plan, missed, broken, sound);
  const root = rootOf(plan, broken, (_, station) => isFull(station));
  return { root, links: root === null ? [] : [`${root} is full`] };
}

/** As much of the load of the fullest is asked of what is worth a change together with it. */
const NEARLY_AS_FULL = 0.9;

/** From the load at which something gives way to one that is to be carried, as multiples. */
export interface Reach {
  readonly from: number;
  readonly to: number;
}

/** What is widened to carry a load is as busy as this there. */
const COMFORTABLE = 0.8;
/** So many times as much is worth trying at least; and at most where no load is to be reached that takes more. */
const LEAST_WORTH = 1.25;
const MOST_WORTH = 4;
/** What is worth trying where nothing else gives way next. */
const TWICE = 2;

/** How many times as much it takes of a station with such a load to carry another. */
const neededFor = (load: number, { from, to }: Reach): number => (load * to) / from / COMFORTABLE;

/**
 * The stations that give way first, that which the others wait for at the front: the root of the cause, those that are
 * full, and those that nearly are as full as these. Where requests are turned away elsewhere, the fullest alone. More of each is worth
 * trying up to where the next one gives way, and no more than carries the load that is to be reached.
 */
export function narrowStations(plan: Plan, { root }: Cause, broken: Report, reach: Reach | null): Narrow[] {
  const loads = Object.entries(broken.stations)
    .map(([name, each]) => ({ name, load: stationLoad(each)?.value ?? 0 }))
    .filter(({ name }) => plan.components.some((component) => component.name === split(name)[0]))
    .sort((a, b) => b.load - a.load);
  const rooted = stationIn(broken, root);
  const full = loads.filter(({ name }) => isFull(broken.stations[name]!)).map(({ name }) => name);
  const first = [...new Set([...(rooted === null ? [] : [rooted]), ...full])];
  const fullest = loads[0];
  if (first.length === 0 && fullest !== undefined && fullest.load > 0) first.push(fullest.name);
  const least = Math.min(...first.map((name) => loads.find((each) => each.name === name)?.load ?? 0));
  const near = loads.filter(
    ({ name, load }) => !first.includes(name) && load >= NEARLY_AS_FULL * least && load > 0,
  );
  const names = [...first, ...near.map(({ name }) => name)];
  const next = loads.find(({ name }) => !names.includes(name))?.load ?? 0;
  return names.flatMap((name) => {
    const [component, station] = split(name);
    const load = loads.find((each) => each.name === name)?.load;
    if (load === undefined) return [];
    const needed = reach === null ? 0 : neededFor(load, reach);
    const most = Math.max(MOST_WORTH, needed);
    const ratio = next > 0 ? load / next : Math.max(TWICE, needed);
    return [{ component, station, factor: Math.min(most, Math.max(LEAST_WORTH, ratio)) }];
  });
}

/** The same stations, with as much more of each as carries a load, whatever gives way before that. */
export function sizedFor(narrow: readonly Narrow[], { stations }: Report, reach: Reach): Narrow[] {
  return narrow.map((each) => {
    const load = stationLoad(stations[`${each.component}.${each.station}`]!)?.value ?? 1;
    return { ...each, factor: Math.max(LEAST_WORTH, neededFor(load, reach)) };
  });
}

/** The station that a cause begins with: itself, or that which turned requests away for the reason it gives. */
function stationIn({ stations }: Report, root: string | null): string | null {
  if (root === null) return null;
  return Object.keys(stations).find((name) => root === name || root.startsWith(`${name} `)) ?? null;
}

/** Names of the components between those who ask and any of some others, these included; all where there are none. */
export function wayTo(plan: Plan, components: readonly string[]): ReadonlySet<string> {
  const nameOf = (operation: number) => plan.components[plan.operations[operation]!.component]!.name;
  const asked = new Set(
    plan.traffic.flatMap(({ operation }) => [
      ...reachedFrom(plan.operations, operation, { afterwards: true }),
    ]),
  );
  const leads = [...asked].filter((operation) => {
    const below = reachedFrom(plan.operations, operation, { afterwards: true });
    return components.length === 0 || [...below].some((each) => components.includes(nameOf(each)));
  });
  return new Set(leads.map(nameOf));
}
