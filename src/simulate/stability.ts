import { calleesOf } from '../design/callees.ts';
import type { Plan } from '../design/plan.ts';
import type { Measurement } from './measurement.ts';
import type { Model } from './model.ts';

/** A station below this utilisation keeps up with what it is offered. */
export const SATURATED = 0.97;
/** Linear growth leaves a queue twice its mean at the end, a stationary one its mean. */
const GROWTH = 1.5;
/** Standard errors by which the growth must exceed chance. */
const SIGNIFICANT = 4;

/** A closed population has always a steady state: it cannot have more requests in progress than users. */
export function canBeUnstable(plan: Plan): boolean {
  return plan.traffic.some((traffic) => traffic.arrivals.type === 'open');
}

/**
 * The groups of stations whose queue grew throughout the measured runs: more came than they served, beyond
 * chance, while at least one instance was always busy.
 *
 * @param overloaded pilots saw work in progress grow; without that, a queue at the end must also be far above
 *   its mean, since a long queue may grow for a while and fall again
 */
export function growingStations(runs: readonly Measurement[], overloaded: boolean): ReadonlySet<number> {
  const growing = new Set<number>();
  for (let s = 0; s < runs[0]!.stations.length; s++) {
    const of = runs.map((run) => run.stations[s]!);
    if (!runs.every((run, r) => of[r]!.busiestShare > SATURATED * run.seconds)) continue;
    const growths = of.map((station) => station.arrivals - station.refusals - station.starts);
    const mean = growths.reduce((sum, growth) => sum + growth, 0) / growths.length;
    const squares = growths.reduce((sum, growth) => sum + (growth - mean) ** 2, 0);
    const error = Math.sqrt(squares / (growths.length * (growths.length - 1)));
    const atEnd = of.reduce((sum, station) => sum + station.waiting, 0);
    const onAverage = of.reduce((sum, station, r) => sum + station.queueArea / runs[r]!.seconds, 0);
    const grown = overloaded || atEnd > GROWTH * onAverage;
    if (mean > 0 && mean > SIGNIFICANT * error && grown) growing.add(s);
  }
  return growing;
}

/** Of what a steady state exists. Other figures are withheld. */
export interface Steadiness {
  /** By traffic. */
  readonly traffic: readonly boolean[];
  /** By group of stations. */
  readonly stations: readonly boolean[];
  /** Traffic whose latency grows without end. */
  readonly endless: readonly boolean[];
}

/** Everything has a steady state, as far as is known. */
export function steady(plan: Plan, model: Pick<Model, 'stationGroups'>): Steadiness {
  return {
    traffic: plan.traffic.map(() => true),
    stations: model.stationGroups.map(() => true),
    endless: plan.traffic.map(() => false),
  };
}

/**
 * @param growing groups of stations whose queues grow
 * @param overloaded the pilots saw work in progress grow; where no station tells whose, it is everyone's
 */
export function steadiness(
  plan: Plan,
  model: Pick<Model, 'stationGroups'>,
  growing: ReadonlySet<number>,
  overloaded: boolean,
): Steadiness {
  const all = overloaded && growing.size === 0;
  const endless = plan.traffic.map(({ operation }) => {
    const reached = reachedComponents(plan, operation);
    return all || [...growing].some((group) => reached.has(componentOf(model.stationGroups[group]!.name)));
  });
  return {
    traffic: endless.map((grows) => !grows),
    stations: model.stationGroups.map((_, group) => !all && !growing.has(group)),
    endless,
  };
}

/** Names of the components that a request to an operation may come to. */
function reachedComponents(plan: Plan, operation: number): ReadonlySet<string> {
  const reached = new Set([operation]);
  for (const index of reached) for (const callee of calleesOf(plan.operations[index]!)) reached.add(callee);
  return new Set([...reached].map((index) => plan.components[plan.operations[index]!.component]!.name));
}

function componentOf(station: string): string {
  return station.slice(0, station.lastIndexOf('.'));
}
