import { componentsReached } from '../../design/callees.ts';
import type { Plan } from '../../design/plan.ts';
import { around } from '../../kernel/index.ts';
import { TIMEOUT } from '../branches.ts';
import type { Model } from '../model.ts';
import type { StationGroup } from '../stations/station-group.ts';
import type { Measurement } from './measurement.ts';

/** A station below this utilisation keeps up with what it is offered. */
export const SATURATED = 0.97;
/** Linear growth leaves a queue twice its mean at the end, a stationary one its mean. */
const GROWTH = 1.5;
/** Asked for so many times what it can do, a station never catches up, however long it was asked before. */
const CLEARLY_TOO_MUCH = 1.2;
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
 *   its mean, since a long queue may grow for a while and fall again; or clearly more be asked than can be done
 */
export function growingStations(runs: readonly Measurement[], overloaded: boolean): ReadonlySet<number> {
  const growing = new Set<number>();
  for (let s = 0; s < runs[0]!.stations.length; s++) {
    const of = runs.map((run) => run.stations[s]!);
    if (!runs.every((run, r) => of[r]!.busiestShare > SATURATED * run.seconds)) continue;
    const atEnd = of.reduce((sum, station) => sum + station.waiting, 0);
    const onAverage = of.reduce((sum, station, r) => sum + station.queueArea / runs[r]!.seconds, 0);
    const grown = overloaded || atEnd > GROWTH * onAverage || meanLoad(of, runs) > CLEARLY_TOO_MUCH;
    const growths = of.map((station) => station.arrivals - station.refusals - station.starts);
    if (grown && surelyPositive(growths)) growing.add(s);
  }
  return growing;
}

/**
 * The groups of stations of which these runs cannot tell whether they keep up: nearly always busy, others
 * waiting, and the 95 % interval of what they are offered reaches to what they can serve. Where some are turned
 * away there is no doubt: that is what keeps the queue from growing.
 */
export function doubtfulStations(
  runs: readonly Measurement[],
  groups: readonly StationGroup[],
): ReadonlySet<number> {
  const doubtful = new Set<number>();
  for (let s = 0; s < runs[0]!.stations.length; s++) {
    const of = runs.map((run) => run.stations[s]!);
    const { servers } = groups[s]!;
    const { places, codel, shed } = groups[s]!;
    if (places !== null || codel !== undefined || shed !== undefined) continue;
    if (servers === null || !of.every(({ busiestShare }, r) => busiestShare > SATURATED * runs[r]!.seconds))
      continue;
    if (of.some(({ queueArea, starts }) => queueArea === 0 || starts === 0)) continue;
    const loads = loadsOf(of, runs);
    if (around(meanOf(loads), loads).high >= 1) doubtful.add(s);
  }
  return doubtful;
}

/** What one group of stations was asked for in each run, as a share of what it can do: refusals left out. */
function loadsOf(of: readonly Measurement['stations'][number][], runs: readonly Measurement[]): number[] {
  return of.map(
    ({ arrivals, refusals, busyArea, starts, servers }, r) =>
      ((arrivals - refusals) * busyArea) / starts / servers! / runs[r]!.seconds,
  );
}

/** 0 for what has no number of servers, or began nothing. */
function meanLoad(of: readonly Measurement['stations'][number][], runs: readonly Measurement[]): number {
  return of.some(({ servers, starts }) => servers === null || starts === 0) ? 0 : meanOf(loadsOf(of, runs));
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Whether a mean is above 0 by more standard errors than chance explains. */
function surelyPositive(values: readonly number[]): boolean {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt(squares / (values.length * (values.length - 1)));
  return mean > 0 && mean > SIGNIFICANT * error;
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

/** A station whose queue grows, and is full one day: who comes then is turned away, and nobody waits any longer. */
export interface Filling {
  readonly station: string;
  /** Waiting places of all instances together. */
  readonly places: number;
  /** By which the queues grew in a second, all together. */
  readonly growth: number;
}

/** Of the groups of stations that grow those that have an end. */
export function fillingStations(
  groups: readonly Pick<StationGroup, 'name' | 'instances' | 'places'>[],
  growing: ReadonlySet<number>,
  runs: readonly Measurement[],
): Filling[] {
  return [...growing].flatMap((g) => {
    const { name, instances, places } = groups[g]!;
    if (places === null) return [];
    const grown = runs.map(({ stations, seconds }) => {
      const { arrivals, refusals, starts } = stations[g]!;
      return (arrivals - refusals - starts) / seconds;
    });
    return [
      {
        station: name,
        places: places * instances,
        growth: grown.reduce((sum, each) => sum + each, 0) / grown.length,
      },
    ];
  });
}

/** Everything has a steady state, as far as is known. */
export function steady(plan: Plan, model: Pick<Model, 'stationGroups'>): Steadiness {
  return {
    traffic: plan.traffic.map(() => true),
    stations: model.stationGroups.map(() => true),
    endless: plan.traffic.map(() => false),
  };
}

/** What runs showed of stations that do not, or may not, keep up. */
export interface Overload {
  /** Groups of stations whose queues grow. */
  readonly growing: ReadonlySet<number>;
  /** Groups of stations that may or may not keep up. */
  readonly doubtful: ReadonlySet<number>;
  /** Pilots saw work in progress grow; where no station tells whose, it is everyone's. */
  readonly overloaded: boolean;
}

/**
 * Traffic has no steady state where it may come to a station that has none, unless its requests neither pile up
 * nor time out: then it does not wait for that station.
 */
export function steadiness(
  plan: Plan,
  model: Pick<Model, 'stationGroups'>,
  runs: readonly Measurement[],
  { growing, doubtful, overloaded }: Overload,
): Steadiness {
  const all = overloaded && growing.size === 0;
  const reaches = plan.traffic.map(({ operation }) => {
    const reached = componentsReached(plan, operation);
    return (group: number): boolean =>
      model.stationGroups[group]!.aside !== true &&
      reached.has(componentOf(model.stationGroups[group]!.name));
  });
  const hasNoEnd = (group: number): boolean => model.stationGroups[group]!.places === null;
  const grows = plan.traffic.map(
    ({ index }) => all || ([...growing].some(reaches[index]!) && isHeldUp(runs, index)),
  );
  const endless = plan.traffic.map(
    ({ index }) =>
      grows[index]! && (all || [...growing].some((group) => hasNoEnd(group) && reaches[index]!(group))),
  );
  const unsure = plan.traffic.map(({ index }) => [...doubtful].some(reaches[index]!));
  return {
    traffic: grows.map((each, t) => !each && !unsure[t]),
    stations: model.stationGroups.map((_, group) => !all && !growing.has(group) && !doubtful.has(group)),
    endless,
  };
}

function isHeldUp(runs: readonly Measurement[], traffic: number): boolean {
  const of = runs.map((run) => run.traffic[traffic]!);
  const timedOut = of.some(({ failed }) => failed[TIMEOUT]! > 0);
  return timedOut || surelyPositive(of.map(({ inFlight, carried }) => inFlight - carried));
}

function componentOf(station: string): string {
  return station.slice(0, station.lastIndexOf('.'));
}
