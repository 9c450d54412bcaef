import type { Plan, PlanConstant, PlanGoal, Replan } from '../design/plan.ts';
import { createRandom } from '../kernel/index.ts';
import { judge, messageFigure, messagesGrow, replicasFigure } from '../report/goals.ts';
import { overloadSentences } from '../report/overload.ts';
import type {
  CacheReport,
  ConnectionReport,
  Figure,
  GoalReport,
  LatencyReport,
  OperationReport,
  QueueReport,
  Report,
  StationReport,
} from '../report/report.ts';
import { connectionsOf } from './connections.ts';
import { lookedUp } from './fronts.ts';
import type { EstimatedKind } from './kind.ts';
import {
  keyOf,
  type Measured,
  measure,
  measureSheet,
  percentiles,
  stationFigures,
  type Values,
} from './measure.ts';
import { modelsOf } from './models.ts';
import { notesOf, returnsOf } from './notes.ts';
import { shareText } from './numbers.ts';
import { byTransforms, Likeness } from './percentile-finder.ts';
import { drawPlan, hasRanges, interval, rangedConstants } from './ranges.ts';
import { withScaledInstances } from './scaled.ts';
import { looksAtLoad } from './spreads.ts';

export interface EstimateOptions {
  readonly version?: string;
  /** The command that prints this report again. */
  readonly command?: string;
  /**
   * Plans the design again with other values of its constants, as loading it gave it. Without it, constants that are
   * ranges enter with their value alone, and a note says so.
   */
  readonly replan?: Replan | null;
  /** Draws of the inputs that are known only within bounds, default 100. */
  readonly samples?: number;
}

const SAMPLES = 100;
/** Of the stream of draws; an estimate is the same every time. */
const SEED = 1;

/**
 * The back-of-the-envelope sheet of a design, and its response times, utilisations and hit ratios by formula.
 * Stations and response times are those at the peak rate. Inputs known within bounds are drawn many times, and
 * a figure's `low` and `high` are its 5 % and 95 % points; with exact inputs all three are equal, except where
 * no formula is known and two bounds take their place (a note says so).
 *
 * @param kinds what each kind named in the plan offers to the estimator, by name
 * @throws RangeError when the plan names a kind that is not among `kinds`, or `samples` is below 20
 */
export function estimate(
  designed: Plan,
  kinds: ReadonlyMap<string, EstimatedKind>,
  options: EstimateOptions = {},
): Report {
  const samples = options.samples ?? SAMPLES;
  if (!(Number.isInteger(samples) && samples >= 20)) {
    throw new RangeError(`samples must be an integer of at least 20, got ${samples}`);
  }
  const plan = withScaledInstances(designed, kinds);
  const likeness = new Likeness();
  const nominal = measure(plan, modelsOf(plan, kinds), 'likely', likeness.record(byTransforms(1024)));
  const bounds = new Bounds(nominal.values);
  if (
    nominal.solution.spreads.some(
      ({ spread }, c) => looksAtLoad(spread) && nominal.solution.models[c]!.instances > 1,
    )
  ) {
    const { models } = nominal.solution;
    bounds.widen(
      measure(plan, models, 'one shared queue', byTransforms(256, nominal.values), 'bound').values,
    );
    bounds.widen(measure(plan, models, 'random split', byTransforms(256, nominal.values), 'bound').values);
  }
  if (returnsOf(nominal.solution).length > 0) {
    const { models } = nominal.solution;
    bounds.widen(measure(plan, models, 'likely', byTransforms(256, nominal.values), 'dependent').values);
  }
  const replan = rangedConstants(plan).length > 0 ? (options.replan ?? null) : null;
  if (hasRanges(plan) || replan !== null) {
    const random = createRandom(SEED, 'ranges');
    const sheetAlone =
      replan === null &&
      !hasRanges({ ...plan, data: [] }) &&
      nominal.solution.models.every((model) => lookedUp(model) === null);
    if (!sheetAlone) measure(plan, nominal.solution.models, 'likely', likeness.roughen, 'rough');
    const drawn = Array.from({ length: samples }, () => drawPlan(plan, random, replan)).flatMap((one) => {
      if (one === null) return [];
      const scaled = withScaledInstances(one, kinds);
      const models = modelsOf(scaled, kinds);
      if (sheetAlone) return [measureSheet(scaled, models, nominal).values];
      return [measure(scaled, models, 'likely', likeness.find, 'rough').values];
    });
    bounds.spread(drawn);
  }
  const unspanned = options.replan == null ? rangedConstants(plan) : [];
  return reportOf(plan, nominal, bounds, unspanned, options);
}

/** Intervals around values. */
class Bounds {
  private readonly values: Values;
  private readonly lows = new Map<string, number>();
  private readonly highs = new Map<string, number>();

  constructor(values: Values) {
    this.values = values;
  }

  /** Takes in another value of everything. */
  widen(others: Values): void {
    for (const [key, value] of others) this.reach(key, value ?? Number.POSITIVE_INFINITY);
  }

  /** Takes in the 90 % intervals of many draws. */
  spread(draws: readonly Values[]): void {
    for (const [key, value] of this.values) {
      const drawn = draws.map((draw) => draw.get(key) ?? null);
      if (value === null && drawn.every((each) => each === null)) continue;
      for (const end of interval(drawn)) this.reach(key, end);
    }
  }

  private reach(key: string, value: number): void {
    const nominal = this.values.get(key) ?? value;
    this.lows.set(key, Math.min(this.lows.get(key) ?? nominal, value));
    this.highs.set(key, Math.max(this.highs.get(key) ?? nominal, value));
  }

  figure(key: string, unit: Figure['unit']): Figure {
    const value = this.values.get(key) ?? null;
    if (value === null) return { value, low: null, high: null, unit };
    const low = this.lows.get(key) ?? value;
    const high = this.highs.get(key) ?? value;
    return { value: finite(value), low: finite(low), high: finite(high), unit };
  }
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

function reportOf(
  plan: Plan,
  { solution, sheet }: Measured,
  bounds: Bounds,
  unspanned: readonly PlanConstant[],
  options: EstimateOptions,
): Report {
  const carried = solution.stations.flat().every((station) => station.stable);
  const stable = solution.stations.every((own, c) =>
    own.every((station, s) => station.stable || solution.models[c]!.stations[s]!.impatient === true),
  );
  const operations: Record<string, OperationReport> = {};
  for (const { name } of plan.traffic) operations[name] = operationReport(name, bounds);
  const stations: Record<string, StationReport> = {};
  for (const { name, servers } of solution.stations.flat()) {
    const figures = Object.entries(stationFigures).map(([figure, unit]) => [
      figure,
      bounds.figure(keyOf('station', name, figure), unit),
    ]);
    const busiest = bounds.figure(keyOf('station', name, 'busiest'), '1');
    stations[name] = {
      servers,
      ...(Object.fromEntries(figures) as Omit<StationReport, 'servers'>),
      ...(busiest.value !== null && { busiest: { instance: null, utilization: busiest } }),
    };
  }
  const caches: Record<string, CacheReport> = {};
  solution.models.forEach((model, c) => {
    if (lookedUp(model) === null && model.copies === undefined) return;
    const { name } = plan.components[c]!;
    const names = solution.misses[c]?.shield === undefined ? [name] : [name, `${name}.shield`];
    for (const each of names)
      caches[each] = { hitRatio: bounds.figure(keyOf('cache', each, 'hitRatio'), '1') };
  });
  const connected = connectionsOf(plan).map(({ component }): [string, ConnectionReport] => {
    const { name } = plan.components[component]!;
    const share = (part: string): Figure => bounds.figure(keyOf('connection', name, part), '1');
    return [name, { opened: share('opened'), resumed: share('resumed') }];
  });
  const queues: Record<string, QueueReport> = {};
  for (const { name } of solution.queues) queues[name] = queueReport(name, bounds);
  const goals = plan.goals.map((goal): GoalReport => {
    const { name, index } = plan.traffic[goal.traffic]!;
    if (goal.messages !== undefined) {
      const value = messageFigure(goal, queues);
      const met = messagesGrow(goal, queues) ? false : judge(goal, value);
      return { goal: goal.text, met, value, target: goal.target };
    }
    if (goal.replicas !== undefined)
      return { goal: goal.text, met: 'unknown', value: replicasFigure(goal), target: goal.target };
    const value = figureOf(goal, operations[name]!);
    const { overloaded, controlled, spared } = solution.responses[index]!;
    const share = percentiles.find(([metric]) => metric === goal.metric)?.[1] ?? 1;
    const endless = value.unit === 's' && overloaded.length > 0 && !controlled && share >= spared;
    return { goal: goal.text, met: endless ? false : judge(goal, value), value, target: goal.target };
  });
  return {
    schema: 'tenfold/report@1',
    kind: 'estimate',
    design: plan.name,
    seed: null,
    version: options.version ?? '',
    command: options.command ?? `tenfold estimate ${plan.name}`,
    converged: true,
    stable,
    simulatedSeconds: 0,
    replications: 0,
    warmupSeconds: 0,
    wallSeconds: null,
    events: 0,
    operations,
    stations,
    caches,
    ...(connected.length > 0 && { connections: Object.fromEntries(connected) }),
    ...(solution.queues.length > 0 && { queues }),
    goals,
    scenario: null,
    sheet: sheet.map(({ name, label, unit, formula, working, source }) => ({
      name,
      label,
      figure: bounds.figure(keyOf('sheet', name), unit),
      formula,
      working: working(),
      source,
    })),
    notes: [
      ...(carried ? [] : overloadSentences(stations)),
      ...notesOf(solution),
      ...constantNotes(unspanned),
      ...availabilityNotes(plan, sheet),
    ],
  };
}

function constantNotes(unspanned: readonly PlanConstant[]): string[] {
  if (unspanned.length === 0) return [];
  const names = unspanned.map(({ name }) => name).join(', ');
  return [`Constants that are ranges enter with their value, and (low..high) does not span them: ${names}.`];
}

/** Success counts what happens while everything is up; what is down comes on top. */
function availabilityNotes(plan: Plan, sheet: Measured['sheet']): string[] {
  return plan.goals.flatMap(({ traffic, metric, target }) => {
    if (metric !== 'success') return [];
    const { name } = plan.traffic[traffic]!;
    const available = sheet.find((entry) => entry.name === `traffic.${name}.availability`)?.value ?? null;
    if (available === null || available >= target) return [];
    return [
      `${name}: success is that of requests while every component is up; how often one is down, the availability of ${shareText(available)} in the sheet, comes on top and is below the goal of ${shareText(target)}.`,
    ];
  });
}

function operationReport(name: string, bounds: Bounds): OperationReport {
  const of = (figure: string, unit: Figure['unit']): Figure =>
    bounds.figure(keyOf('traffic', name, figure), unit);
  return {
    offered: 0,
    served: 0,
    failed: {},
    inFlight: 0,
    attempts: 0,
    late: 0,
    throughput: of('throughput', '1/s'),
    success: of('success', '1'),
    latency: latencyReport((percentile) => of(percentile, 's')),
    histogram: [],
  };
}

function queueReport(name: string, bounds: Bounds): QueueReport {
  const of = (figure: string, unit: Figure['unit']): Figure =>
    bounds.figure(keyOf('queue', name, figure), unit);
  const growth = of('growth', '1/s');
  return {
    published: 0,
    acknowledged: 0,
    dead: 0,
    dropped: {},
    held: 0,
    repeated: 0,
    arrivals: of('arrivals', '1/s'),
    deliveries: of('deliveries', '1/s'),
    throughput: of('throughput', '1/s'),
    redelivered: of('redelivered', '1'),
    depth: of('depth', '1'),
    ...(growth.value !== null && { growth }),
    age: latencyReport((percentile) => of(percentile, 's')),
  };
}

function latencyReport(of: (figure: string) => Figure): LatencyReport {
  const quantiles = Object.fromEntries(percentiles.map(([percentile]) => [percentile, of(percentile)]));
  return { mean: of('mean'), ...quantiles } as unknown as LatencyReport;
}

function figureOf({ metric }: PlanGoal, operation: OperationReport): Figure {
  if (metric === 'lag' || metric === 'stale')
    throw new RangeError(`a goal on ${metric} must be about a component`);
  if (metric === 'success') return operation.success;
  if (metric === 'throughput') return operation.throughput;
  return operation.latency[metric];
}
