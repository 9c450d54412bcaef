import type { Plan } from '../design/index.ts';
import { goalsOfTraffic } from '../design/plan-goal.ts';
import { around, quantileOf } from '../kernel/index.ts';
import type { Figure, Report } from '../report/index.ts';
import type { Measurement } from '../simulate/index.ts';
import { pool, sum, unknown } from '../simulate/outcome/figures.ts';
import { dueOf } from '../simulate/outcome/measurement.ts';

/** A figure of a design that inputs may move. */
export interface MovedFigure {
  /** `visitors.p99`. */
  readonly name: string;
  readonly traffic: number;
  readonly of: string;
  readonly metric: 'mean' | 'p50' | 'p95' | 'p99' | 'p999' | 'success';
}

const QUANTILES = { p50: 0.5, p95: 0.95, p99: 0.99, p999: 0.999 } as const;
/** Half the width of a histogram's bucket, which is what a quantile may be off. */
const RESOLUTION = 1 / 256;

/**
 * For each traffic what its first goal on latency is about, else its p99; and its success where a goal is on that, or
 * some of it fails. Those that the report knows.
 *
 * @param wanted indices of traffics
 */
export function figuresOf(plan: Plan, wanted: ReadonlySet<number>, report: Report): MovedFigure[] {
  return plan.traffic
    .filter(({ index }) => wanted.has(index))
    .flatMap(({ index, name }) => {
      const metrics = goalsOfTraffic(plan.goals, index).map(({ metric }) => metric);
      const latency = metrics.find((metric) => metric !== 'success' && metric !== 'throughput') ?? 'p99';
      const fails = metrics.includes('success') || report.operations[name]!.success.value! < 1;
      const some = fails ? [latency, 'success' as const] : [latency];
      return some.map((metric) => ({
        name: `${name}.${metric}`,
        traffic: index,
        of: name,
        metric: metric as MovedFigure['metric'],
      }));
    })
    .filter((figure) => reported(figure, report).value !== null);
}

/** The figure as a report has it. */
export function reported({ of, metric }: MovedFigure, report: Report): Figure {
  const operation = report.operations[of]!;
  return metric === 'success' ? operation.success : operation.latency[metric];
}

/**
 * How far a figure moves from some replications to others on the same random numbers: the difference of the pooled
 * figures, with the 95 % interval that the differences of the pairs show about it.
 */
export function change(
  figure: MovedFigure,
  from: readonly Measurement[],
  to: readonly Measurement[],
): Figure {
  const unit = figure.metric === 'success' ? '1' : 's';
  const base = figureIn(figure, from);
  const value = figureIn(figure, to) - base;
  const pairs = from
    .map((run, i) => figureIn(figure, [to[i]!]) - figureIn(figure, [run]))
    .filter(Number.isFinite);
  if (!Number.isFinite(value) || pairs.length < 2) return unknown(unit);
  if (value === 0 && pairs.every((pair) => pair === 0)) return { value: 0, low: 0, high: 0, unit };
  const { low, high } = around(value, pairs);
  const blur = figure.metric in QUANTILES ? base * RESOLUTION : 0;
  return { value, low: Math.min(low, value - blur), high: Math.max(high, value + blur), unit };
}

/** The figure of some replications together; NaN where nothing ended. */
export function figureIn({ traffic, metric }: MovedFigure, runs: readonly Measurement[]): number {
  const measured = runs.map((run) => run.traffic[traffic]!);
  const served = servedIn({ traffic }, runs);
  if (metric === 'success') {
    return served / sum(measured.map(dueOf));
  }
  if (metric === 'mean') return sum(measured.map(({ latencySum }) => latencySum)) / served;
  return quantileOf(pool(measured.map(({ latencies }) => latencies)), QUANTILES[metric]);
}

/** Requests served. */
export function servedIn({ traffic }: Pick<MovedFigure, 'traffic'>, runs: readonly Measurement[]): number {
  return sum(runs.map((run) => run.traffic[traffic]!.served));
}
