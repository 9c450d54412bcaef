import type { Balancer } from '../../blocks/index.ts';
import { BUCKETS, bucketOf, quantileOf } from '../../kernel/index.ts';
import type { Autoscaling, Means } from '../autoscaling.ts';
import { HealthyBalancer } from '../balancing/healthy-balancer.ts';
import type { Frames } from '../frames.ts';
import type { Messages } from '../messages/messages.ts';
import type { Model } from '../model.ts';
import type { Protections } from '../protection/protections.ts';
import type { Stations } from '../stations/stations.ts';

/** Quantiles of the latency that a window keeps. */
export const WINDOW_QUANTILES = [0.5, 0.95, 0.99] as const;

/** What happened to one traffic, window by window. */
export interface TrafficSeries {
  /** Arrived in the window. */
  readonly offered: Float64Array;
  /** Served in it. */
  readonly served: Float64Array;
  /** Failed in it, by reason number. */
  readonly failed: readonly Float64Array[];
  /** Quantiles of the latency of those served in it, as {@link WINDOW_QUANTILES}; NaN where none was. */
  readonly quantiles: readonly Float64Array[];
  /** Longest latency of those served in it, seconds; 0 where none was. */
  readonly longest: Float64Array;
  /**
   * In progress at the end of window `w`, of those who came in window `v`, at `w * windows + v`. Who came before the first
   * window is taken to have come in it.
   */
  readonly waiting: Float64Array;
}

/** In progress at the end of window `w`, of those who came in window `came`. */
export function waitingAt({ waiting, offered }: TrafficSeries, w: number, came: number): number {
  return waiting[w * offered.length + came]!;
}

/** Whole windows until all who came in one have waited for so many seconds. */
export function windowsOf(seconds: number, window: number): number {
  return Math.max(1, Math.ceil(seconds / window));
}

/** What a group of stations did, window by window. */
export interface StationSeries {
  /** Server-seconds in use. */
  readonly busy: Float64Array;
  /** Seconds waited, of all who waited. */
  readonly queued: Float64Array;
}

/** Instances of an autoscaled component, on average over each window. */
export interface ScaledSeries {
  /** Those that requests are sent to. */
  readonly serving: Float64Array;
  /** Those, and those that end the work they had when they were taken out. */
  readonly existing: Float64Array;
}

/** A run, window by window. Plain data: it crosses from a worker as it is. */
export interface SeriesMeasurement {
  /** Seconds of a window. */
  readonly window: number;
  /** By index in the plan. */
  readonly traffic: readonly TrafficSeries[];
  /** By group of equal stations. */
  readonly stations: readonly StationSeries[];
  /** By breaker of the model: how many of its instances did not let everything through, at the end of a window. */
  readonly breakers: readonly Float64Array[];
  /** By balancer of the model, for those that look at health: how many targets it takes to be well, at the end of a window. */
  readonly well: readonly (Float64Array | null)[];
  /** By autoscaled component of the model. */
  readonly scaled: readonly ScaledSeries[];
}

/** What is looked at when a window ends. */
export interface Watched {
  readonly frames: Frames;
  /** null where nothing is published. */
  readonly messages: Messages | null;
  readonly stations: Stations;
  readonly protections: Protections;
  readonly autoscaling: Autoscaling;
  readonly balancers: readonly Balancer[];
}

/** Keeps the series of a run; its first window begins when it is created. */
export class Series {
  private readonly windows: number;
  private readonly window: number;
  private readonly begun: number;
  private readonly clock: Float64Array;
  private readonly frames: Frames;
  private readonly stations: Stations;
  private readonly messages: Messages | null;
  private readonly protections: Protections;
  private readonly traffic: readonly TrafficSeries[];
  private readonly latencies: readonly Uint32Array[];
  private readonly areas: readonly StationSeries[];
  private readonly breakers: readonly Float64Array[];
  private readonly balancers: readonly Balancer[];
  private readonly well: readonly (Float64Array | null)[];
  private readonly scaled: readonly ScaledSeries[];
  private readonly means: readonly Means[];
  private readonly last: Float64Array;
  private readonly now = new Float64Array(2);
  private at = 0;

  /**
   * @param windows how many there are
   * @param window seconds of each
   * @param clock the present time, an array of one
   */
  constructor(
    windows: number,
    window: number,
    model: Model,
    { frames, stations, protections, autoscaling, balancers, messages }: Watched,
    clock: Float64Array,
  ) {
    const empty = () => new Float64Array(windows);
    this.window = window;
    this.clock = clock;
    this.frames = frames;
    this.stations = stations;
    this.messages = messages;
    this.protections = protections;
    this.traffic = model.traffic.map(() => ({
      offered: empty(),
      served: empty(),
      failed: model.reasons.map(empty),
      quantiles: WINDOW_QUANTILES.map(empty),
      longest: empty(),
      waiting: new Float64Array(windows * windows),
    }));
    this.latencies = model.traffic.map(() => new Uint32Array(BUCKETS));
    this.areas = model.stationGroups.map(() => ({ busy: empty(), queued: empty() }));
    this.breakers = model.breakers.map(empty);
    this.balancers = balancers;
    this.well = balancers.map((balancer) => (balancer instanceof HealthyBalancer ? empty() : null));
    this.scaled = model.scalers.map(() => ({ serving: empty(), existing: empty() }));
    this.means = autoscaling.components.map((component) => component.means());
    this.last = new Float64Array(2 * model.stationGroups.length);
    this.windows = windows;
    this.begun = clock[0]!;
    model.stationGroups.forEach((_, group) => {
      this.readAreas(group);
      this.last.set(this.now, 2 * group);
    });
  }

  /** A request arrives. */
  begin(traffic: number): void {
    this.traffic[traffic]!.offered[this.at]!++;
  }

  /** A request that arrived at `start` ends with `status` (0 = served, else a reason). */
  end(traffic: number, start: number, status: number): void {
    const series = this.traffic[traffic]!;
    if (status !== 0) {
      series.failed[status]![this.at]!++;
      return;
    }
    series.served[this.at]!++;
    const latency = this.clock[0]! - start;
    if (latency > series.longest[this.at]!) series.longest[this.at] = latency;
    this.latencies[traffic]![bucketOf(latency)]!++;
  }

  /**
   * A window ends, and the next one begins; after the last one, nothing is left to cut.
   * @returns when the next one ends
   */
  cut(): number {
    const { at, last, now } = this;
    if (at === this.windows) return Number.POSITIVE_INFINITY;
    this.traffic.forEach((series, t) => {
      const latencies = this.latencies[t]!;
      WINDOW_QUANTILES.forEach((p, q) => {
        series.quantiles[q]![at] = series.served[at] === 0 ? Number.NaN : quantileOf(latencies, p);
      });
      latencies.fill(0);
    });
    this.frames.forEachRequest((traffic, start) => {
      const came = Math.min(at, Math.max(0, Math.floor((start - this.begun) / this.window)));
      this.traffic[traffic]!.waiting[at * this.windows + came]!++;
    });
    this.areas.forEach(({ busy, queued }, group) => {
      this.readAreas(group);
      busy[at] = now[0]! - last[2 * group]!;
      queued[at] = now[1]! - last[2 * group + 1]!;
      last.set(now, 2 * group);
    });
    this.breakers.forEach((open, breaker) => {
      open[at] = this.protections.openBreakers(breaker);
    });
    this.well.forEach((well, b) => {
      if (well !== null) well[at] = (this.balancers[b] as HealthyBalancer).wellCount();
    });
    this.scaled.forEach(({ serving, existing }, s) => {
      const mean = this.means[s]!.since();
      serving[at] = mean.serving;
      existing[at] = mean.existing;
      this.means[s]!.restart();
    });
    this.at++;
    return this.begun + (this.at + 1) * this.window;
  }

  private readAreas(group: number): void {
    if (this.messages?.areas(group, this.now) !== true) this.stations.areas(group, this.now);
  }

  measured(): SeriesMeasurement {
    const { window, traffic, areas: stations, breakers, well, scaled } = this;
    return { window, traffic, stations, breakers, well, scaled };
  }
}
