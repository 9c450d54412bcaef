import { BUCKETS, bucketOf, countOf } from '../../kernel/index.ts';
import type { CopiesMeasurement } from '../caching/copies-spec.ts';
import type { CopyMeasurement } from '../caching/copy-versions.ts';
import type { HotItemsMeasurement } from '../caching/hot-items.ts';
import type { ConnectionMeasurement } from '../connections.ts';
import type { CanaryMeasurement } from '../faults/canaries.ts';
import type { ChannelMeasurement } from '../messages/channel-tally.ts';
import type { OnceMeasurement } from '../once.ts';
import type { ReplicationMeasurement } from '../replicas/replication-tally.ts';
import type { StaleReadsMeasurement } from '../replicas/stale-reads.ts';
import type { StationMeasurement } from '../stations/station-measurement.ts';
import type { BlameMeasurement } from '../tracing/blame-measurement.ts';
import type { SeriesMeasurement } from './series.ts';

export interface TrafficMeasurement {
  /**
   * Requests in progress when measuring began or arrived since; each is in exactly one of the next three.
   * Counting all that end in the measured time, whenever they came, keeps throughput and latency free of the
   * bias that leaving out the unfinished would bring.
   */
  readonly offered: number;
  readonly served: number;
  /** By reason number. */
  readonly failed: Float64Array;
  readonly inFlight: number;
  /** Of these, who had waited for longer than is good when a scenario ended; only where that has been looked at. */
  readonly unfinished?: number;
  /** In progress when measuring began. */
  readonly carried: number;
  /** Seconds, over the served; least and most are Infinity and 0 when none was. */
  readonly latencySum: number;
  readonly latencyLeast: number;
  readonly latencyMost: number;
  /** Histogram over the served. */
  readonly latencies: Uint32Array;
  /** Requests on offer, and those that retries and hedges sent for them, anywhere on the way. */
  readonly attempts: number;
  /** Successful answers that came when the user had given up. */
  readonly late: number;
}

/** Requests that ended, or should have. */
export function dueOf({ offered, inFlight, unfinished = 0 }: TrafficMeasurement): number {
  return offered - inFlight + unfinished;
}

/**
 * Why a run ended: at its `time`, at the most `events` it was given, because more requests were in `progress`
 * at once than the engine holds, or because events went on and on at one `instant`.
 */
export type Ending = 'time' | 'events' | 'progress' | 'instant';

/** Messages and bytes that went from place to place in the measured time. */
export interface CrossingMeasurement {
  readonly messages: number;
  readonly bytes: number;
}

/** What one run measured. Plain data: it crosses from a worker as it is. */
export interface Measurement {
  /** Measured simulated seconds, the warm-up not counted. */
  readonly seconds: number;
  /** Events executed, and frames that went on without one, those of the warm-up included. */
  readonly events: number;
  /** By index in the plan. */
  readonly traffic: readonly TrafficMeasurement[];
  /** By group of equal stations, in the order in which kinds declared them. */
  readonly stations: readonly (StationMeasurement & {
    /** Server-seconds of work that nobody waited for any more when it ended; null = not known. */
    readonly wasted: number | null;
  })[];
  /** By cache, in the order in which kinds declared them. */
  readonly caches: readonly {
    readonly lookups: number;
    readonly hits: number;
    /** Items never used before that were put in, from the start on. */
    readonly news: number;
  }[];
  /** By reads of whose items instances keep those that are hot. */
  readonly hotItems: readonly HotItemsMeasurement[];
  /** By channel of the model. */
  readonly channels: readonly ChannelMeasurement[];
  /** By guard of the model; only where there are some. */
  readonly onces?: readonly OnceMeasurement[];
  /** By copies of users of the model; only where there are some. */
  readonly copies?: readonly CopiesMeasurement[];
  /** By quorum of the model; only where there are some. */
  readonly quorums?: readonly StaleReadsMeasurement[];
  /** By component with followers of the model; only where there are some. */
  readonly replication?: readonly ReplicationMeasurement[];
  /** By what holds copies of data that changes, as `copyHolders` names it; only where some does. */
  readonly versions?: readonly CopyMeasurement[];
  /** By crossing of the model; empty without places. */
  readonly crossings: readonly CrossingMeasurement[];
  /** By whose connections they are; empty where there are none. */
  readonly connections: readonly ConnectionMeasurement[];
  /** Mean work in progress, requests and their branches, in each of the equal windows of the run; empty unless asked for. */
  readonly workSeries: Float64Array;
  /** The measured time window by window; null unless asked for. */
  readonly series: SeriesMeasurement | null;
  /** By canary among the deploys of the scenario; only where there are some. */
  readonly canaries?: readonly CanaryMeasurement[];
  /** How often instances were killed, by component that is killed for want of memory; only where there are some. */
  readonly kills?: readonly number[];
  readonly ended: Ending;
  /** Where the time of requests went; only where the job asked for it. */
  readonly blame?: BlameMeasurement;
}

/** Counts what happens to requests. */
export class RequestTally {
  private readonly clock: Float64Array;
  private readonly offered: Float64Array;
  private readonly carried: Float64Array;
  private readonly failed: Float64Array[];
  private readonly latencySums: Float64Array;
  /** Per traffic: `BUCKETS` each. Who was served is counted here and nowhere else. */
  private readonly latencies: Uint32Array;
  private readonly least: Float64Array;
  private readonly most: Float64Array;

  /** @param clock the present time, an array of one */
  constructor(traffic: number, reasons: number, clock: Float64Array) {
    this.clock = clock;
    this.offered = new Float64Array(traffic);
    this.carried = new Float64Array(traffic);
    this.failed = Array.from({ length: traffic }, () => new Float64Array(reasons));
    this.latencySums = new Float64Array(traffic);
    this.least = new Float64Array(traffic).fill(Number.POSITIVE_INFINITY);
    this.most = new Float64Array(traffic);
    this.latencies = new Uint32Array(traffic * BUCKETS);
  }

  begin(traffic: number): void {
    this.offered[traffic]!++;
  }

  /** A request that arrived at `start` ends with `status` (0 = served, else a reason). */
  end(traffic: number, start: number, status: number): void {
    if (status !== 0) {
      this.failed[traffic]![status]!++;
      return;
    }
    const latency = this.clock[0]! - start;
    this.latencySums[traffic]! += latency;
    if (latency < this.least[traffic]!) this.least[traffic] = latency;
    if (latency > this.most[traffic]!) this.most[traffic] = latency;
    this.latencies[traffic * BUCKETS + bucketOf(latency)]!++;
  }

  /** Forgets what has ended; what is in progress stays on offer. */
  restart(): void {
    this.offered.forEach((offered, t) => {
      const ended = this.failed[t]!.reduce((sum, count) => sum + count, countOf(this.of(t)));
      this.offered[t] = offered - ended;
      this.failed[t]!.fill(0);
    });
    this.carried.set(this.offered);
    this.latencySums.fill(0);
    this.least.fill(Number.POSITIVE_INFINITY);
    this.most.fill(0);
    this.latencies.fill(0);
  }

  /** @param inFlight requests still in progress, by traffic, counted one by one */
  measured(inFlight: ArrayLike<number>): Omit<TrafficMeasurement, 'attempts' | 'late'>[] {
    return Array.from(inFlight, (pending, t) => ({
      offered: this.offered[t]!,
      served: countOf(this.of(t)),
      failed: this.failed[t]!,
      inFlight: pending,
      carried: this.carried[t]!,
      latencySum: this.latencySums[t]!,
      latencyLeast: this.least[t]!,
      latencyMost: this.most[t]!,
      latencies: this.of(t).slice(),
    }));
  }

  /** The latencies of one traffic, shared with the rest. */
  private of(traffic: number): Uint32Array {
    return this.latencies.subarray(traffic * BUCKETS, (traffic + 1) * BUCKETS);
  }
}
