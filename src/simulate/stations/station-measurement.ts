import type { StationGroup } from './station-group.ts';

/** Sums over the instances of a group; areas are in server-seconds and waiting-seconds. */
export interface StationMeasurement {
  /** Servers of all instances; null = unlimited. */
  readonly servers: number | null;
  readonly busyArea: number;
  /** Of the busiest instance: seconds that all its servers were busy, on average over them. */
  readonly busiestShare: number;
  /** The same seconds of each instance, where each has keys of its own. */
  readonly byInstance?: Float64Array;
  readonly queueArea: number;
  /** Waiting at the end. */
  readonly waiting: number;
  /** Seconds waited by all who started. */
  readonly waitSum: number;
  readonly arrivals: number;
  readonly starts: number;
  /** Turned away on arrival, or dropped after they had waited. */
  readonly refusals: number;
  /** Left the queue unserved: cancelled, or lost in a crash. */
  readonly lost: number;
  /** Histogram of the waits of all who started. */
  readonly waits: Uint32Array;
}

/**
 * @param busy server-seconds of each instance
 * @param waits histogram of those who waited; who did not is the rest of the starts, and entered here
 * @param tallied the rest
 */
export function measurementOf(
  { servers, instances, placed }: StationGroup,
  busy: Float64Array,
  waits: Uint32Array,
  tallied: Omit<StationMeasurement, 'servers' | 'busyArea' | 'busiestShare' | 'byInstance' | 'waits'>,
): StationMeasurement {
  waits[0] = tallied.starts - waits.reduce((sum, count) => sum + count, 0) + waits[0]!;
  return {
    ...tallied,
    servers: servers === null ? null : servers * instances,
    busyArea: busy.reduce((sum, area) => sum + area, 0),
    busiestShare: servers === null ? 0 : Math.max(...busy) / servers,
    waits,
    ...(placed && servers !== null && { byInstance: busy.map((area) => area / servers) }),
  };
}
