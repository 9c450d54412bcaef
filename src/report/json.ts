import type {
  CacheReport,
  ConnectionReport,
  CrossingReport,
  Figure,
  GoalReport,
  LatencyReport,
  OnceReport,
  OperationReport,
  QueueReport,
  ReplicationReport,
  Report,
  SheetEntry,
  StalenessReport,
  StationReport,
} from './report.ts';
import type { ObjectiveReport, ScenarioReport, SeriesReport } from './scenario-report.ts';

/**
 * Writes a report as JSON: fields in the order of the `Report` interface, two spaces of indentation, a newline at
 * the end. Equal reports give equal bytes. A figure that is not finite is written as unknown (`null`), since
 * JSON has no other word for it.
 *
 * @throws RangeError when a count or a duration of the report itself is not finite
 */
export function reportToJson(report: Report): string {
  return `${JSON.stringify(orderedReport(report), null, 2)}\n`;
}

/** The report as plain data with its fields in the documented order, ready for `JSON.stringify`. */
export function orderedReport(report: Report): Report {
  return {
    schema: report.schema,
    kind: report.kind,
    design: report.design,
    seed: report.seed === null ? null : finite('seed', report.seed),
    version: report.version,
    command: report.command,
    converged: report.converged,
    stable: report.stable,
    ...(report.filling !== undefined && { filling: [...report.filling] }),
    simulatedSeconds: finite('simulatedSeconds', report.simulatedSeconds),
    replications: finite('replications', report.replications),
    warmupSeconds: finite('warmupSeconds', report.warmupSeconds),
    wallSeconds: report.wallSeconds === null ? null : finite('wallSeconds', report.wallSeconds),
    events: finite('events', report.events),
    operations: mapped(report.operations, operationOf),
    stations: mapped(report.stations, stationOf),
    caches: mapped(report.caches, cacheOf),
    ...(report.queues !== undefined && { queues: mapped(report.queues, queueOf) }),
    ...(report.once !== undefined && { once: mapped(report.once, onceOf) }),
    ...(report.kills !== undefined && {
      kills: mapped(report.kills, ({ times, rate }, name) => ({
        times: finite(`kills.${name}.times`, times),
        rate: figureOf(rate),
      })),
    }),
    ...(report.staleness !== undefined && { staleness: mapped(report.staleness, stalenessOf) }),
    ...(report.replication !== undefined && { replication: mapped(report.replication, replicationOf) }),
    ...(report.crossings !== undefined && { crossings: report.crossings.map(crossingOf) }),
    ...(report.connections !== undefined && { connections: mapped(report.connections, connectionOf) }),
    goals: report.goals.map(goalOf),
    scenario: report.scenario === null ? null : scenarioOf(report.scenario),
    sheet: report.sheet.map(entryOf),
    notes: [...report.notes],
  };
}

function cacheOf({ hitRatio, age }: CacheReport): CacheReport {
  return { hitRatio: figureOf(hitRatio), ...(age !== undefined && { age: figureOf(age) }) };
}

function onceOf(once: OnceReport, name: string): OnceReport {
  const counted = (what: string, count: number): number => finite(`once.${name}.${what}`, count);
  return {
    done: counted('done', once.done),
    repeated: counted('repeated', once.repeated),
    skipped: counted('skipped', once.skipped),
    inProgress: counted('inProgress', once.inProgress),
    full: counted('full', once.full),
    duplicates: figureOf(once.duplicates),
  };
}

function stalenessOf({ reads, stale, age, versions }: StalenessReport, name: string): StalenessReport {
  return {
    reads: finite(`staleness.${name}.reads`, reads),
    stale: figureOf(stale),
    age: latencyOf(age),
    versions: figureOf(versions),
  };
}

function replicationOf(
  { pinned, applied, lag, promotions, lost }: ReplicationReport,
  name: string,
): ReplicationReport {
  return {
    ...(pinned !== undefined && { pinned: figureOf(pinned) }),
    applied: finite(`replication.${name}.applied`, applied),
    lag: latencyOf(lag),
    promotions: finite(`replication.${name}.promotions`, promotions),
    lost: finite(`replication.${name}.lost`, lost),
  };
}

function crossingOf({ from, to, scope, messages, bytes }: CrossingReport): CrossingReport {
  return { from, to, scope, messages: figureOf(messages), bytes: figureOf(bytes) };
}

function connectionOf({ opened, resumed }: ConnectionReport): ConnectionReport {
  return { opened: figureOf(opened), resumed: figureOf(resumed) };
}

function operationOf(operation: OperationReport, name: string): OperationReport {
  const { latency } = operation;
  return {
    offered: finite(`operations.${name}.offered`, operation.offered),
    served: finite(`operations.${name}.served`, operation.served),
    failed: mapped(
      operation.failed,
      (count, reason) => finite(`operations.${name}.failed.${reason}`, count),
      true,
    ),
    inFlight: finite(`operations.${name}.inFlight`, operation.inFlight),
    ...(operation.unfinished !== undefined && {
      unfinished: finite(`operations.${name}.unfinished`, operation.unfinished),
    }),
    attempts: finite(`operations.${name}.attempts`, operation.attempts),
    late: finite(`operations.${name}.late`, operation.late),
    throughput: figureOf(operation.throughput),
    success: figureOf(operation.success),
    latency: latencyOf(latency),
    histogram: operation.histogram.map(([edge, count]) => [
      finite(`operations.${name}.histogram`, edge),
      finite(`operations.${name}.histogram`, count),
    ]),
  };
}

function latencyOf({ mean, p50, p95, p99, p999 }: LatencyReport): LatencyReport {
  return {
    mean: figureOf(mean),
    p50: figureOf(p50),
    p95: figureOf(p95),
    p99: figureOf(p99),
    p999: figureOf(p999),
  };
}

function queueOf(queue: QueueReport, name: string): QueueReport {
  const counted = (what: string, count: number): number => finite(`queues.${name}.${what}`, count);
  return {
    published: counted('published', queue.published),
    acknowledged: counted('acknowledged', queue.acknowledged),
    dead: counted('dead', queue.dead),
    dropped: mapped(queue.dropped, (count, reason) => counted(`dropped.${reason}`, count), true),
    held: counted('held', queue.held),
    repeated: counted('repeated', queue.repeated),
    arrivals: figureOf(queue.arrivals),
    deliveries: figureOf(queue.deliveries),
    throughput: figureOf(queue.throughput),
    redelivered: figureOf(queue.redelivered),
    depth: figureOf(queue.depth),
    ...(queue.growth !== undefined && { growth: figureOf(queue.growth) }),
    age: latencyOf(queue.age),
    ...(queue.hottest !== undefined && {
      hottest: { partition: queue.hottest.partition, share: figureOf(queue.hottest.share) },
    }),
  };
}

function stationOf(station: StationReport, name: string): StationReport {
  return {
    servers: station.servers === null ? null : finite(`stations.${name}.servers`, station.servers),
    utilization: figureOf(station.utilization),
    ...(station.busiest !== undefined && {
      busiest: {
        instance: station.busiest.instance,
        utilization: figureOf(station.busiest.utilization),
      },
    }),
    queueLength: figureOf(station.queueLength),
    waiting: figureOf(station.waiting),
    waitingP99: figureOf(station.waitingP99),
    delayed: figureOf(station.delayed),
    arrivals: figureOf(station.arrivals),
    service: figureOf(station.service),
    wasted: figureOf(station.wasted),
  };
}

function goalOf(goal: GoalReport): GoalReport {
  return {
    goal: goal.goal,
    met: goal.met,
    value: figureOf(goal.value),
    target: finite(`goals.${goal.goal}.target`, goal.target),
    ...(goal.unjudged === undefined ? {} : { unjudged: goal.unjudged }),
  };
}

function entryOf(entry: SheetEntry): SheetEntry {
  return {
    name: entry.name,
    label: entry.label,
    figure: figureOf(entry.figure),
    formula: entry.formula,
    working: entry.working,
    source: entry.source,
  };
}

function scenarioOf(scenario: ScenarioReport): ScenarioReport {
  return {
    name: scenario.name,
    summary: scenario.summary,
    seconds: finite('scenario.seconds', scenario.seconds),
    window: finite('scenario.window', scenario.window),
    changes: scenario.changes.map(({ at, until, what }) => ({ at, until, what })),
    traffic: mapped(scenario.traffic, (traffic) => ({
      offered: seriesOf(traffic.offered),
      goodput: seriesOf(traffic.goodput),
      failures: mapped(traffic.failures, seriesOf, true),
      p50: seriesOf(traffic.p50),
      p95: seriesOf(traffic.p95),
      p99: seriesOf(traffic.p99),
    })),
    stations: mapped(scenario.stations, ({ utilization, queueLength }) => ({
      utilization: seriesOf(utilization),
      queueLength: seriesOf(queueLength),
    })),
    breakers: mapped(scenario.breakers, seriesOf),
    recoveryLoad: scenario.recoveryLoad === null ? null : figureOf(scenario.recoveryLoad),
    health: mapped(scenario.health, seriesOf),
    instances: mapped(scenario.instances, seriesOf),
    ...(scenario.stale !== undefined && { stale: mapped(scenario.stale, seriesOf) }),
    outcomes: mapped(scenario.outcomes, (outcome) => ({
      successBelow: outcome.successBelow,
      p99Above: known(outcome.p99Above),
      harmed: figureOf(outcome.harmed),
      recovered: figureOf(outcome.recovered),
      detection: figureOf(outcome.detection),
      recovery: figureOf(outcome.recovery),
      lost: figureOf(outcome.lost),
    })),
    ...(scenario.objectives !== undefined && { objectives: mapped(scenario.objectives, objectiveOf) }),
  };
}

function objectiveOf({ goal, objective, window, burnt, alerts }: ObjectiveReport): ObjectiveReport {
  return {
    goal,
    objective,
    window,
    burnt: figureOf(burnt),
    alerts: alerts.map(({ severity, burnRate, long, short, fired, detection, over }) => ({
      severity,
      burnRate,
      long,
      short,
      fired: figureOf(fired),
      detection: figureOf(detection),
      over: figureOf(over),
    })),
  };
}

function seriesOf({ unit, value, low, high }: SeriesReport): SeriesReport {
  return { unit, value: value.map(known), low: low.map(known), high: high.map(known) };
}

/** What is not finite is unknown. */
function known(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

function figureOf(figure: Figure): Figure {
  return { value: known(figure.value), low: known(figure.low), high: known(figure.high), unit: figure.unit };
}

/** Maps every entry; the reasons of failures are sorted, since the order in which they first came is chance. */
function mapped<In, Out>(
  record: Readonly<Record<string, In>>,
  each: (value: In, name: string) => Out,
  sorted = false,
): Record<string, Out> {
  const entries = Object.entries(record);
  if (sorted) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, value]) => [name, each(value, name)]));
}

function finite(name: string, value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`report.${name} must be a finite number, got ${value}`);
  return value;
}
