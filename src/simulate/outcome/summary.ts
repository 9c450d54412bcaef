import type { Plan } from '../../design/plan.ts';
import { bucketLow } from '../../kernel/index.ts';
import type {
  CacheReport,
  ConnectionReport,
  CrossingReport,
  Figure,
  KillReport,
  OnceReport,
  OperationReport,
  QueueReport,
  ReplicationReport,
  StalenessReport,
  StationReport,
} from '../../report/report.ts';
import type { CopiesMeasurement } from '../caching/copies-spec.ts';
import type { ConnectionTable } from '../connection-table.ts';
import type { Model } from '../model.ts';
import type { StationGroup } from '../stations/station-group.ts';
import type { StationMeasurement } from '../stations/station-measurement.ts';
import { pool, quantileFigure, rateFigure, ratioFigure, shareFigure, sum, unknown } from './figures.ts';
import { dueOf, type Measurement, type TrafficMeasurement } from './measurement.ts';
import { onceReports } from './once-summary.ts';
import { queueReports } from './queue-summary.ts';
import type { Steadiness } from './stability.ts';
import { replicationReports, stalenessReports } from './staleness-summary.ts';

/** What replications measured, as figures with intervals. */
export interface Summary {
  readonly operations: Record<string, OperationReport>;
  readonly stations: Record<string, StationReport>;
  readonly caches: Record<string, CacheReport>;
  readonly queues?: Record<string, QueueReport>;
  readonly once?: Record<string, OnceReport>;
  readonly kills?: Record<string, KillReport>;
  readonly staleness?: Record<string, StalenessReport>;
  readonly replication?: Record<string, ReplicationReport>;
  readonly crossings?: readonly CrossingReport[];
  readonly connections?: Record<string, ConnectionReport>;
}

/**
 * @param steadiness withholds what only a steady state has: latencies, queue lengths, waits
 */
export function summarize(
  plan: Plan,
  model: Pick<
    Model,
    | 'stationGroups'
    | 'caches'
    | 'hotItems'
    | 'reasons'
    | 'legs'
    | 'connections'
    | 'channels'
    | 'onces'
    | 'faults'
    | 'copies'
    | 'quorums'
    | 'followers'
  >,
  runs: readonly Measurement[],
  steadiness: Steadiness,
): Summary {
  const operations: Record<string, OperationReport> = {};
  plan.traffic.forEach((traffic, t) => {
    operations[traffic.name] = operationReport(
      runs.map((run) => run.traffic[t]!),
      runs.map((run) => run.seconds),
      model.reasons,
      steadiness.traffic[t]!,
    );
  });
  const stations: Record<string, StationReport> = {};
  model.stationGroups.forEach((group, g) => {
    stations[group.name] = stationReport(runs, group, g, steadiness.stations[g]!);
  });
  const caches: Record<string, CacheReport> = {};
  for (const component of new Set(model.caches.map((cache) => cache.component))) {
    const members = [...model.caches.keys()].filter((c) => model.caches[c]!.component === component);
    const total = (run: Measurement, of: 'hits' | 'lookups'): number =>
      members.reduce((sum, c) => sum + run.caches[c]![of], 0);
    caches[component] = {
      hitRatio: shareFigure(
        runs.map((run) => total(run, 'hits')),
        runs.map((run) => total(run, 'lookups')),
      ),
    };
  }
  model.hotItems.forEach(({ name }, h) => {
    const of = runs.map((run) => run.hotItems[h]!);
    const served = of.map((each) => each.served);
    caches[name] = {
      hitRatio: shareFigure(
        served,
        of.map(({ reads }) => reads),
      ),
      age: ratioFigure(
        of.map(({ ageSum }) => ageSum),
        served,
        's',
      ),
    };
  });
  for (const name of new Set(model.copies.map((each) => each.name))) {
    const members = [...model.copies.keys()].filter((c) => model.copies[c]!.name === name);
    const total = (of: keyof CopiesMeasurement): number[] =>
      runs.map((run) => sum(members.map((c) => run.copies![c]![of])));
    const hits = total('hits');
    caches[name] = {
      hitRatio: shareFigure(hits, total('lookups')),
      age: ratioFigure(total('ageSum'), hits, 's'),
    };
  }
  const connected = model.connections && { connections: connectionReports(model.connections, runs) };
  const staleness = stalenessReports(model, runs);
  const further = {
    ...(model.onces.length > 0 && { once: onceReports(model, runs) }),
    ...(Object.keys(staleness).length > 0 && { staleness }),
    ...(model.followers.length > 0 && { replication: replicationReports(model, runs) }),
  };
  const queues = model.channels.length === 0 ? {} : { queues: queueReports(model, runs, steadiness) };
  const kills = killReports(model, runs);
  const rest = { ...connected, ...queues, ...further, ...kills };
  if (model.legs === undefined) return { operations, stations, caches, ...rest };
  const seconds = runs.map((run) => run.seconds);
  const crossings = model.legs.crossings.map((crossing, c): CrossingReport => {
    const of = runs.map((run) => run.crossings[c]!);
    return {
      ...crossing,
      messages: ratioFigure(
        of.map((m) => m.messages),
        seconds,
        '1/s',
      ),
      bytes: ratioFigure(
        of.map((m) => m.bytes),
        seconds,
        'B/s',
      ),
    };
  });
  return { operations, stations, caches, ...rest, crossings };
}

/** How often instances were killed for want of memory; nothing where none ever is. */
function killReports(
  { faults }: Pick<Model, 'faults'>,
  runs: readonly Measurement[],
): { readonly kills?: Record<string, KillReport> } {
  const specs = faults?.kills ?? [];
  if (specs.length === 0) return {};
  const seconds = runs.map((run) => run.seconds);
  const reports = specs.map(({ name }, k): [string, KillReport] => {
    const times = runs.map((run) => run.kills![k]!);
    return [name, { times: sum(times), rate: rateFigure(times, seconds) }];
  });
  return { kills: Object.fromEntries(reports) };
}

function connectionReports(
  { sources }: ConnectionTable,
  runs: readonly Measurement[],
): Record<string, ConnectionReport> {
  return Object.fromEntries(
    sources.map(({ name }, s) => {
      const requests = runs.map((run) => run.connections[s]!.requests);
      const opened = runs.map((run) => run.connections[s]!.opened);
      const resumed = runs.map((run) => run.connections[s]!.resumed);
      return [name, { opened: shareFigure(opened, requests), resumed: shareFigure(resumed, requests) }];
    }),
  );
}

function operationReport(
  runs: readonly TrafficMeasurement[],
  seconds: readonly number[],
  reasons: readonly string[],
  stable: boolean,
): OperationReport {
  const served = runs.map((run) => run.served);
  // Without a steady state the backlog only grows, and who stands in it is not served in time to come.
  const judged = runs.map((run) => (stable ? dueOf(run) : run.offered));
  const unfinished = sum(runs.map((run) => run.unfinished ?? 0));
  const failed: Record<string, number> = {};
  reasons.forEach((reason, r) => {
    const count = sum(runs.map((run) => run.failed[r]!));
    if (r > 0 && count > 0) failed[reason] = count;
  });
  const samples = runs.map((run) => ({
    histogram: run.latencies,
    count: run.served,
    sum: run.latencySum,
    least: run.latencyLeast,
    most: run.latencyMost,
  }));
  const quantile = (p: number): Figure => (stable ? quantileFigure(samples, p) : unknown('s'));
  return {
    offered: sum(runs.map((run) => run.offered)),
    served: sum(served),
    failed,
    inFlight: sum(runs.map((run) => run.inFlight)),
    ...(unfinished > 0 && { unfinished }),
    attempts: sum(runs.map((run) => run.attempts)),
    late: sum(runs.map((run) => run.late)),
    throughput: rateFigure(served, seconds),
    success: shareFigure(served, judged),
    latency: {
      mean: stable
        ? ratioFigure(
            runs.map((run) => run.latencySum),
            served,
            's',
          )
        : unknown('s'),
      p50: quantile(0.5),
      p95: quantile(0.95),
      p99: quantile(0.99),
      p999: quantile(0.999),
    },
    histogram: stable ? histogramPairs(pool(runs.map((run) => run.latencies))) : [],
  };
}

function stationReport(
  runs: readonly Measurement[],
  { connected }: StationGroup,
  g: number,
  stable: boolean,
): StationReport {
  const stations = runs.map((run) => run.stations[g]!);
  const seconds = runs.map((run) => run.seconds);
  const servers = meanServers(stations, seconds);
  const busy = stations.map((s) => s.busyArea);
  const starts = stations.map((s) => s.starts);
  const steady = (figure: Figure): Figure => (stable ? figure : unknown(figure.unit));
  return {
    servers,
    utilization:
      servers === null
        ? unknown('1')
        : ratioFigure(
            busy,
            seconds.map((s, r) => s * stations[r]!.servers!),
            '1',
          ),
    ...(connected ? busiestOfEach(stations, seconds) : busiestOf(stations, seconds)),
    queueLength: steady(
      ratioFigure(
        stations.map((s) => s.queueArea),
        seconds,
        '1',
      ),
    ),
    waiting: steady(
      ratioFigure(
        stations.map((s) => s.waitSum),
        starts,
        's',
      ),
    ),
    waitingP99: steady(
      quantileFigure(
        stations.map((s) => ({
          histogram: s.waits,
          count: s.starts,
          sum: s.waitSum,
          least: 0,
          most: Number.POSITIVE_INFINITY,
        })),
        0.99,
      ),
    ),
    delayed: shareFigure(
      stations.map((s) => s.starts - s.waits[0]!),
      starts,
    ),
    arrivals: ratioFigure(
      stations.map((s) => s.arrivals),
      seconds,
      '1/s',
    ),
    service: ratioFigure(busy, starts, 's'),
    wasted: stations.some((s) => s.wasted === null)
      ? unknown('1')
      : partFigure(
          stations.map((s) => s.wasted!),
          busy,
        ),
  };
}

/** The instance that is the busiest of all replications together, where each has keys of its own. */
function busiestOf(
  stations: readonly StationMeasurement[],
  seconds: readonly number[],
): Pick<StationReport, 'busiest'> {
  const { byInstance } = stations[0]!;
  if (byInstance === undefined) return {};
  const all = Array.from(byInstance, (_, i) => sum(stations.map((station) => station.byInstance![i]!)));
  const instance = all.indexOf(Math.max(...all));
  const busy = stations.map((station) => station.byInstance![instance]!);
  return { busiest: { instance, utilization: ratioFigure(busy, seconds, '1') } };
}

/** The same of the busiest in each replication, whichever it was there. */
function busiestOfEach(
  stations: readonly StationMeasurement[],
  seconds: readonly number[],
): Pick<StationReport, 'busiest'> {
  if (stations[0]!.servers === null) return {};
  const busy = stations.map(({ busiestShare }) => busiestShare);
  return { busiest: { instance: null, utilization: ratioFigure(busy, seconds, '1') } };
}

/** A part of an amount that is no count, with its 95 % interval; rounding may have left the part above the whole. */
function partFigure(parts: readonly number[], wholes: readonly number[]): Figure {
  const figure = ratioFigure(parts, wholes, '1');
  const capped = (value: number | null): number | null => (value === null ? null : Math.min(1, value));
  return { value: capped(figure.value), low: capped(figure.low), high: capped(figure.high), unit: '1' };
}

/** Servers of a group; a mean over time where instances come and go. */
function meanServers(stations: readonly StationMeasurement[], seconds: readonly number[]): number | null {
  const { servers } = stations[0]!;
  if (servers === null || stations.every((each) => each.servers === servers)) return servers;
  return sum(stations.map((each, r) => each.servers! * seconds[r]!)) / sum(seconds);
}

/** Non-empty buckets as [upper edge in seconds, count]. */
function histogramPairs(histogram: Float64Array): [number, number][] {
  const pairs: [number, number][] = [];
  histogram.forEach((count, bucket) => {
    if (count > 0) pairs.push([bucketLow(bucket + 1), count]);
  });
  return pairs;
}
