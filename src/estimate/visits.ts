import { waysFor } from '../design/callees.ts';
import type { Plan } from '../design/plan.ts';
import { within } from './activities.ts';
import { type ArrivalProcess, arrivalProcess, groupedArrivals } from './arrivals.ts';
import { type FlowRules, type FlowSink, type Flows, Follower, type Stream, sharesOf } from './flows.ts';
import { isGate } from './gate.ts';
import type { Activity, ComponentModel } from './kind.ts';
import { mean } from './law/index.ts';
import { groupsOf } from './models.ts';
import { timeLaw } from './station.ts';
import type { Use } from './waits.ts';

/** What comes to one station of a component. Rates are per second. */
export interface Visits {
  readonly uses: readonly Use[];
  readonly holds: readonly Hold[];
  /** Variability of all arrivals together, 1 for Poisson. */
  readonly dispersion: number;
  /** The arrival process itself where it is a traffic's own, unchanged. */
  readonly process: ArrivalProcess | null;
  /** By traffic: visits a second, and the mean work they bring, in servers kept busy. */
  readonly byTraffic: ReadonlyMap<number, TrafficVisits>;
  /** The same of those visits that nobody waits for. */
  readonly afterwards: ReadonlyMap<number, TrafficVisits>;
}

/** What one traffic brings to a station. */
export interface TrafficVisits {
  readonly rate: number;
  readonly work: number;
}

/** Requests that hold a station while they do other things. */
export interface Hold extends Stream {
  readonly operation: number;
  readonly during: readonly Activity[];
}

/**
 * What comes to every station, by component and station.
 *
 * @param trafficRates requests per second by traffic
 * @param turnedAway share of those who want to hold a station that is turned away
 * @param dispersions variability of the requests that reach each operation
 */
export function visitsOf(
  plan: Plan,
  models: readonly ComponentModel[],
  flows: Flows,
  rules: FlowRules,
  trafficRates: readonly number[],
  turnedAway: (component: number, station: number) => number,
  dispersions: Float64Array,
): Visits[][] {
  const follower = new Follower(plan, rules);
  const collected = models.map(({ stations }) =>
    stations.map(() => ({
      uses: [] as Use[],
      holds: [] as Hold[],
      byTraffic: new Map<number, TrafficVisits>(),
      afterwards: new Map<number, TrafficVisits>(),
      dispersion: { weighted: 0, total: 0 },
      groups: new Map<number, number>(),
    })),
  );
  for (const operation of plan.operations) {
    const { component, index } = operation;
    const { outgoing } = models[component]!;
    const activities = models[component]!.activities(operation);
    for (const stream of flows.streams[index]!) {
      const { priority } = plan.traffic[stream.traffic]!;
      const arrive = (station: number, rate: number, together: number): void => {
        const { dispersion, groups } = collected[component]![station]!;
        groups.set(together, (groups.get(together) ?? 0) + rate);
        const passes = Math.min(1, rate / flows.rates[index]!);
        dispersion.weighted += rate * (1 + passes * (dispersions[index]! - 1));
        dispersion.total += rate;
      };
      const visit = (station: number, use: Use, together: number, aside = false): void => {
        const at = collected[component]![station]!;
        arrive(station, use.rate, together);
        merge(at.uses, use);
        count(at.byTraffic, stream.traffic, use);
        if (aside) count(at.afterwards, stream.traffic, use);
      };
      const go = (all: readonly Activity[], coming: number, first: number, aside = false): void => {
        let rate = coming;
        for (const [i, activity] of all.entries()) {
          const together = i === 0 ? first : 1;
          if (isGate(activity)) {
            rate *= rules.passes?.(component, activity, stream.keys, stream.traffic) ?? 1;
            continue;
          }
          if (activity.does === 'visit') {
            visit(activity.station, { time: timeLaw(activity.time), rate, priority }, together, aside);
          } else if (activity.does === 'hold') {
            const { during, station } = activity;
            collected[component]![station]!.holds.push({ ...stream, rate, operation: index, during });
            arrive(station, rate, together);
            go(during, rate * (1 - turnedAway(component, station)), together, aside);
          } else if (activity.does === 'batch') {
            go(activity.work, rate, together, aside);
          } else if (
            activity.does === 'either' ||
            activity.does === 'pin' ||
            activity.does === 'afterwards'
          ) {
            const pinned = rules.pinned?.(component, stream.keys).pinned.probability ?? 0;
            for (const { times, activities: inner } of within(activity, pinned))
              go(inner, rate * times, together, aside || activity.does === 'afterwards');
          } else if (activity.does === 'steps') {
            const sink: FlowSink = {
              compute: (time, often, at) =>
                visit(activity.compute, { time: timeLaw(time), rate: often, priority }, at),
              call: (callee, _keys, often, _aside, at) => {
                if (outgoing === undefined) return;
                // Each replica is asked by a request of its own.
                const asked = models[plan.operations[callee]!.component]!.replicas?.each ?? 1;
                const rate = often * asked;
                visit(outgoing.station, { time: timeLaw(outgoing.time), rate, priority }, at * asked);
              },
            };
            follower.follow(index, stream.traffic, stream.keys, rate, sink, together);
          }
        }
      };
      // What calls at once is spread over the instances.
      const instances = groupsOf(models[component]!);
      for (const [together, share] of sharesOf(flows.groups[index]!)) {
        go(activities, stream.rate * share, Math.ceil(together / instances));
      }
    }
  }
  const processes = plan.traffic.map(arrivalProcess);
  return collected.map((stations, component) =>
    stations.map(
      ({ uses, holds, byTraffic, afterwards, dispersion: { weighted, total }, groups }): Visits => {
        const alone = total === 0 ? 1 : weighted / total;
        const grouped = groupedArrivals(groups);
        const dispersion = alone + (grouped?.dispersion ?? 1) - 1;
        const [only] = byTraffic.size === 1 && uses.length === 1 ? byTraffic.keys() : [];
        const untouched =
          only !== undefined &&
          uses[0]!.rate === trafficRates[only]! &&
          comesFirst(plan, models, only, component);
        const process = untouched ? processes[only]! : Math.abs(alone - 1) < 0.01 ? grouped : null;
        return { uses, holds, byTraffic, afterwards, dispersion, process };
      },
    ),
  );
}

function count(byTraffic: Map<number, TrafficVisits>, traffic: number, { rate: more, time }: Use): void {
  const { rate = 0, work = 0 } = byTraffic.get(traffic) ?? {};
  byTraffic.set(traffic, { rate: rate + more, work: work + more * mean(time) });
}

/** Uses with the same law and priority are one. */
function merge(uses: Use[], use: Use): void {
  const at = uses.findIndex((u) => u.time === use.time && u.priority === use.priority);
  if (at < 0) uses.push(use);
  else uses[at] = { ...use, rate: uses[at]!.rate + use.rate };
}

/** Whether the first thing a traffic's requests do, balancers apart, is a visit to this component. */
function comesFirst(
  plan: Plan,
  models: readonly ComponentModel[],
  traffic: number,
  component: number,
): boolean {
  let operation = plan.operations[plan.traffic[traffic]!.operation]!;
  for (;;) {
    const [first] = models[operation.component]!.activities(operation);
    if (operation.component === component) {
      return first?.does === 'visit' || (first?.does === 'steps' && operation.steps[0]?.step === 'compute');
    }
    if (first?.does !== 'forward' || operation.forwards === null) return false;
    const [only, ...others] = waysFor(operation.among ?? [], traffic);
    if (operation.among !== undefined && (only?.share !== 1 || others.length > 0)) return false;
    operation = plan.operations[only?.operation ?? operation.forwards]!;
  }
}
