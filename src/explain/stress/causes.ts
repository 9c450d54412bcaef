import { afterwardsOf, calleesOf } from '../../design/callees.ts';
import type { Plan, PlanGoal, PlanOperation } from '../../design/index.ts';
import { consumersName } from '../../design/plan-deliveries.ts';
import { type Report, type StationReport, spelledTime } from '../../report/index.ts';
import { componentOf, isFull, stationLoad } from './station-load.ts';

/** Why a goal is missed at a load: what gives way first, then who waits for it, up to those who ask. */
export interface Cause {
  /** The station, or the reason of failures, that it begins with; null where nothing stands out. */
  readonly root: string | null;
  /** Root first; the goal, as it is missed, last. */
  readonly links: readonly string[];
}

/** Those who wait wait so many times as long as at the load of the design before they are part of a chain. */
const LONGER = 1.5;
/** Failures of one reason, as a share of what was offered, that are worth a word. */
const WORTH_A_WORD = 1e-4;
/** A station that is less busy is not what requests stay for until memory is full. */
const BUSY = 0.5;
/** Nobody waits to speak of for a station that is less busy, though many wait for a moment. */
const QUEUES = 0.8;

/**
 * The chain of causes behind a goal, read from two reports: where the goal is missed, and where it was met, or at the lowest
 * load there is one of.
 *
 * Among the stations that are full on the way of the goal's traffic, or of its messages, the root is the one farthest
 * down: whoever asks it waits for it. Where none is full, what fails most tells; then the station whose slowest waits grew most, unless it takes too long with little load.
 */
export function causeOf(plan: Plan, goal: PlanGoal, broken: Report, sound: Report): Cause {
  const { name, operation } = plan.traffic[goal.traffic]!;
  const from = goal.messages === undefined ? [operation] : operationsOf(plan, goal.messages);
  const afterwards = goal.messages !== undefined;
  const { reached, aside } = reachOf(plan, from, afterwards);
  const onTheWay = (station: string) => reached.has(componentOf(station)) && !aside.has(station);
  const waiters = (root: string) => {
    const way = wayTo(plan, from, componentOf(root), afterwards);
    return waitersAbove(
      plan,
      (station) => way.has(componentOf(station)) && onTheWay(station),
      root,
      broken,
      sound,
    );
  };
  const missed = `${goal.text.replace('≤', '>').replace('≥', '<')}`;
  const killed = failsRequests(goal) ? mostKilled(broken, sound, reached) : null;
  const memory = killed === null ? null : memoryOf(killed.component);
  const dies = killed === null ? [] : [killedText(killed)];
  const root = rootOf(
    plan,
    broken,
    (station, report) => onTheWay(station) && station !== memory && isFull(report),
  );
  if (root !== null) {
    return {
      root,
      links: [`${root} is full`, ...waiters(root), ...dies, missed],
    };
  }
  if (killed !== null) {
    // Memory fills since requests stay longer, or come faster: what they stay for is said where it shows.
    const slowest = mostGrown(broken, sound, (station) => onTheWay(station) && station !== memory);
    const busy = slowest === null ? 0 : (stationLoad(broken.stations[slowest]!)?.value ?? 0);
    const longer = slowest === null || busy < BUSY ? [] : [growsText(slowest, broken)];
    return { root: memory, links: [...longer, ...dies, missed] };
  }
  const reason = mostFrequent(broken.operations[name]!.failed, broken.operations[name]!.offered);
  if (reason !== null && goal.metric === 'success') return { root: reason, links: [reason, missed] };
  const { met, value } = sound.goals[plan.goals.indexOf(goal)] ?? {};
  if (met === false && value?.unit === 's' && value.value != null) {
    return { root: null, links: [`it takes ${spelledTime(value.value)} even where little waits`, missed] };
  }
  const slowest = mostGrown(broken, sound, onTheWay);
  if (slowest === null) return { root: reason, links: reason === null ? [missed] : [reason, missed] };
  return {
    root: slowest,
    links: [growsText(slowest, broken), ...waiters(slowest), missed],
  };
}

function growsText(station: string, { stations }: Report): string {
  const busy = stationLoad(stations[station]!)?.value ?? 0;
  return `${station} is ${(busy * 100).toFixed(0)} % busy and its queue grows`;
}

/** Goals that fail by requests that fail, or are not served at all. */
const failsRequests = ({ metric }: PlanGoal): boolean => metric === 'success' || metric === 'throughput';

/** A component whose instances are killed for want of memory, and how often. */
interface Killed {
  readonly component: string;
  readonly perSecond: number;
}

/** Of the components that some requests come to, the one that is killed most, where that is more often than it was. */
function mostKilled(broken: Report, sound: Report, reached: ReadonlySet<string>): Killed | null {
  const [most] = Object.entries(broken.kills ?? {})
    .map(([component, { rate }]) => ({ component, perSecond: rate.value ?? 0 }))
    .filter(
      ({ component, perSecond }) =>
        reached.has(component) && perSecond > (sound.kills?.[component]?.rate.value ?? 0),
    )
    .sort((a, b) => b.perSecond - a.perSecond);
  return most ?? null;
}

/**
 * Components that requests to some operations come to, and the stations of consumers there that work aside: who
 * publishes does not wait for them.
 */
function reachOf(
  plan: Plan,
  from: readonly number[],
  afterwards: boolean,
): { readonly reached: ReadonlySet<string>; readonly aside: ReadonlySet<string> } {
  const operations = new Set(from);
  for (const each of operations)
    for (const next of waitedFor(plan, plan.operations[each]!, afterwards)) operations.add(next);
  const others = plan.operations.filter(
    ({ index, delivery }) => delivery !== undefined && !operations.has(index),
  );
  return {
    reached: new Set([...operations].map((index) => nameOf(plan, index))),
    aside: new Set(others.map((each) => `${nameOf(plan, each.index)}.${consumersName(each)}`)),
  };
}

/**
 * What one operation may wait for: those that it calls; and where that counts, or a full queue holds up who publishes,
 * those that work on its messages.
 */
function waitedFor(plan: Plan, operation: PlanOperation, afterwards: boolean): readonly number[] {
  const later = afterwards
    ? afterwardsOf(operation)
    : (operation.delivers ?? []).filter((each) => plan.operations[each]!.delivery?.pressesBack);
  return [...calleesOf(operation), ...later];
}

/** The station that is full when an instance is killed. */
const memoryOf = (component: string): string => `${component}.memory`;

/** How often instances are killed, all together, in words: `api runs out of memory, and is killed 40 times an hour`. */
export function killedText({ component, perSecond }: Killed): string {
  const [times, of] = perSecond * 3600 < 100 ? [perSecond * 3600, 'hour'] : [perSecond * 60, 'minute'];
  const often = Number(times.toPrecision(2));
  return `${component} runs out of memory, and is killed ${often === 1 ? 'once' : `${often} times`} ${of === 'hour' ? 'an hour' : 'a minute'}`;
}

/**
 * Of the stations that pass a test, the one farthest from those who ask; of one component, the one that is held for
 * the shortest time, since the others are held meanwhile. Null when none passes.
 */
export function rootOf(
  plan: Plan,
  report: Report,
  passes: (name: string, station: StationReport) => boolean,
): string | null {
  const depth = depths(plan);
  const candidates = Object.entries(report.stations)
    .filter(([name, station]) => passes(name, station))
    .map(([name, { service }]) => ({
      name,
      depth: depth.get(componentOf(name)) ?? 0,
      held: service.value ?? Number.POSITIVE_INFINITY,
    }))
    .sort((a, b) => b.depth - a.depth || a.held - b.held);
  return candidates[0]?.name ?? null;
}

/** Stations between the root and those who ask where requests wait longer than they did, the nearest first. */
function waitersAbove(
  plan: Plan,
  onTheWay: (station: string) => boolean,
  root: string,
  broken: Report,
  sound: Report,
): string[] {
  const depth = depths(plan);
  return Object.entries(broken.stations)
    .filter(([name, station]) => {
      if (name === root || !onTheWay(name)) return false;
      const before = sound.stations[name];
      if (isFull(station)) return true;
      const [now, then] = [station.waiting.value ?? 0, before?.waiting.value ?? 0];
      const queues = (stationLoad(station)?.value ?? 0) >= QUEUES && (station.delayed.value ?? 0) > 0.05;
      return queues && now > then * LONGER;
    })
    .sort(([a], [b]) => (depth.get(componentOf(b)) ?? 0) - (depth.get(componentOf(a)) ?? 0))
    .map(([name, station]) => (isFull(station) ? `${name} fills up` : `requests wait for ${name}`));
}

/** The reason that most requests failed for. */
function mostFrequent(failed: Readonly<Record<string, number>>, offered: number): string | null {
  const [most] = Object.entries(failed).sort(([, a], [, b]) => b - a);
  if (most === undefined || most[1] < WORTH_A_WORD * offered) return null;
  return most[0];
}

/** The station whose waits at the 99th percentile grew by the most seconds. */
function mostGrown(broken: Report, sound: Report, counts: (station: string) => boolean): string | null {
  const grown = Object.entries(broken.stations)
    .filter(([name]) => counts(name))
    .map(([name, { waitingP99 }]) => ({
      name,
      by: (waitingP99.value ?? 0) - (sound.stations[name]?.waitingP99.value ?? 0),
    }))
    .filter(({ by }) => by > 0)
    .sort((a, b) => b.by - a.by);
  return grown[0]?.name ?? null;
}

/** Names of the components on a way from some operations to a component, both ends included. */
function wayTo(
  plan: Plan,
  operations: readonly number[],
  component: string,
  afterwards: boolean,
): ReadonlySet<string> {
  const way = new Set<string>();
  const known = new Map<number, boolean>();
  const leads = (from: number): boolean => {
    const there = known.get(from);
    if (there !== undefined) return there;
    known.set(from, false);
    const each = plan.operations[from]!;
    const below = waitedFor(plan, each, afterwards).map(leads);
    const does = nameOf(plan, from) === component || below.includes(true);
    known.set(from, does);
    if (does) way.add(nameOf(plan, from));
    return does;
  };
  operations.forEach(leads);
  return way;
}

/** How many calls and messages lie between those who ask and each component, on the longest way. */
function depths(plan: Plan): ReadonlyMap<string, number> {
  const depth = new Map<string, number>();
  const below = new Map<number, number>();
  const visit = (operation: number, at: number): void => {
    if ((below.get(operation) ?? -1) >= at || at > plan.operations.length) return;
    below.set(operation, at);
    const name = nameOf(plan, operation);
    depth.set(name, Math.max(depth.get(name) ?? 0, at));
    const each = plan.operations[operation]!;
    for (const next of [...calleesOf(each), ...afterwardsOf(each)]) visit(next, at + 1);
  };
  for (const { operation } of plan.traffic) visit(operation, 0);
  return depth;
}

const nameOf = (plan: Plan, operation: number): string =>
  plan.components[plan.operations[operation]!.component]!.name;

const operationsOf = (plan: Plan, component: string): number[] =>
  plan.operations.flatMap((_, index) => (nameOf(plan, index) === component ? [index] : []));
