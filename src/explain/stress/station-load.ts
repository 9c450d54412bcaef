import type { Report, StationReport } from '../../report/report.ts';

/** From this share of its capacity on a station counts as full: nearer to 1, chance decides. */
export const FULL = 0.98;

/** What is asked of a station as a share of what it can do, with its 95 % interval; above 1 it cannot keep up. */
export interface StationLoad {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The load offered to a station: arrivals by mean service time over servers, those included that were turned away; where
 * one instance has more to do than the others, that of the busiest. Null for a station that cannot be full, or to
 * which nothing came.
 */
export function stationLoad(station: StationReport): StationLoad | null {
  const { servers, arrivals, service } = station;
  if (servers === null || arrivals.value === null || service.value === null) return null;
  const value = (arrivals.value * service.value) / servers;
  if (!(value > 0)) return null;
  const wide = margin(arrivals) + margin(service);
  const busiest = station.busiest?.utilization;
  // An instance that is always busy shows no more than that: what is offered to all says how much more.
  const uneven = busiest?.value != null && busiest.value > value ? busiest : null;
  const most = uneven?.value ?? value;
  const share = uneven === null ? wide : margin(uneven);
  return { value: most, low: most * (1 - share), high: most * (1 + share) };
}

/** A station whose queue has no end may have one instance that is full, and this much to do on average. */
const NEARLY = 0.8;

/** Whether more is asked of a station than it can do: its load says so, or it is busy and its queue grows without end. */
export function isFull(station: StationReport): boolean {
  const load = stationLoad(station);
  if (load === null) return false;
  return load.value >= FULL || (station.queueLength.value === null && load.value >= NEARLY);
}

/** Half the interval, as a share of the value. */
function margin({ value, low, high }: StationReport['arrivals']): number {
  if (value === null || low === null || high === null || value === 0) return 0;
  return (high - low) / 2 / value;
}

/** The name of the component that a station belongs to; names of components have no dot. */
export const componentOf = (station: string): string => station.slice(0, station.indexOf('.'));

/** Mean response time of the slowest traffic, seconds. */
export function slowestMean({ operations }: Report): number {
  return Math.max(0, ...Object.values(operations).map(({ latency }) => latency.mean.value ?? 0));
}
