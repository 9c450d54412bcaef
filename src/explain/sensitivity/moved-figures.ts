import type { Plan } from '../../design/index.ts';
import { goalsOfTraffic } from '../../design/plan-goal.ts';
import { around, quantileOf } from '../../kernel/index.ts';
import { type Figure, isOfMessages, messageFigure, type Report } from '../../report/index.ts';
import type { Measurement } from '../../simulate/index.ts';
import { acknowledgedOf, type ChannelMeasurement } from '../../simulate/messages/channel-tally.ts';
import { pool, sum, unknown } from '../../simulate/outcome/figures.ts';
import { dueOf } from '../../simulate/outcome/measurement.ts';

/** A figure of a design that inputs may move. */
export type MovedFigure = RequestFigure | MessageFigure;

/** Of the requests of a traffic. */
interface RequestFigure {
  /** `visitors.p99`. */
  readonly name: string;
  readonly traffic: number;
  readonly of: string;
  readonly metric: 'mean' | 'p50' | 'p95' | 'p99' | 'p999' | 'success';
}

/** Of the messages of a queue or stream: of all whom they go to the one that comes out worst, as goals are judged. */
interface MessageFigure {
  /** `orders.age p99`, `orders.lag`. */
  readonly name: string;
  readonly messages: string;
  /** Its channels in a measurement. */
  readonly channels: readonly number[];
  readonly metric: 'mean' | 'p50' | 'p95' | 'p99' | 'p999' | 'lag';
}

const QUANTILES = { p50: 0.5, p95: 0.95, p99: 0.99, p999: 0.999 } as const;
/** Half the width of a histogram's bucket, which is what a quantile may be off; a difference of two, by both. */
const RESOLUTION = 1 / 256;
const ROUNDING = 1e-9;

/**
 * For each traffic what its first goal on latency is about, else its p99; and its success where a goal is on that, or
 * some of it fails. For messages what their goals are about. Those that the report knows.
 *
 * @param wanted indices of traffics
 */
export function figuresOf(plan: Plan, wanted: ReadonlySet<number>, report: Report): MovedFigure[] {
  const requests = plan.traffic
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
        metric: metric as RequestFigure['metric'],
      }));
    });
  return [...requests, ...messageFigures(plan, wanted, report)].filter(
    (figure) => reported(figure, report).value !== null,
  );
}

/** What the goals on messages are about, each once. */
function messageFigures(plan: Plan, wanted: ReadonlySet<number>, { queues = {} }: Report): MessageFigure[] {
  const channels = Object.keys(queues);
  const figures = plan.goals.flatMap(({ traffic, messages, metric }): MessageFigure[] => {
    if (messages === undefined || !wanted.has(traffic)) return [];
    return [
      {
        name: metric === 'lag' ? `${messages}.lag` : `${messages}.age ${metric}`,
        messages,
        channels: channels.flatMap((name, c) => (isOfMessages(messages, name) ? [c] : [])),
        metric: metric as MessageFigure['metric'],
      },
    ];
  });
  return figures.filter(({ name }, f) => figures.findIndex((each) => each.name === name) === f);
}

/** The figure as a report has it. */
export function reported(figure: MovedFigure, report: Report): Figure {
  if ('messages' in figure) return messageFigure(figure, report.queues ?? {});
  const { of, metric } = figure;
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
  const unit = figure.metric === 'success' || figure.metric === 'lag' ? '1' : 's';
  const base = figureIn(figure, from);
  const value = figureIn(figure, to) - base;
  const pairs = from
    .map((run, i) => figureIn(figure, [to[i]!]) - figureIn(figure, [run]))
    .filter(Number.isFinite);
  if (!Number.isFinite(value) || pairs.length < 2) return unknown(unit);
  if (value === 0 && pairs.every((pair) => pair === 0)) return { value: 0, low: 0, high: 0, unit };
  const { low, high } = around(value, pairs);
  const blur = blurOfChange(figure, base, value);
  return { value, low: Math.min(low, value - blur), high: Math.max(high, value + blur), unit };
}

/** What histograms may be off by, of a change of a figure that they show: each end of it by its own. */
const blurOfChange = ({ metric }: MovedFigure, from: number, by: number): number =>
  metric in QUANTILES ? from * RESOLUTION + (from + by) * RESOLUTION : 0;

/** Whether the margin of a change is no wider than histograms make it, so that longer runs would not narrow it. */
export function isResolved(
  figure: MovedFigure,
  { value, low, high }: Figure,
  from: readonly Measurement[],
): boolean {
  if (value === null || low === null || high === null) return false;
  const blur = blurOfChange(figure, figureIn(figure, from), value);
  return high - low <= 2 * blur * (1 + ROUNDING);
}

/** The figure of some replications together; NaN where nothing ended. */
export function figureIn(figure: MovedFigure, runs: readonly Measurement[]): number {
  const { metric } = figure;
  if ('messages' in figure) {
    return Math.max(...figure.channels.map((c) => messagesIn(runs.map(({ channels }) => channels[c]!))));
  }
  const measured = runs.map((run) => run.traffic[figure.traffic]!);
  const served = sum(measured.map((each) => each.served));
  if (metric === 'success') return served / sum(measured.map(dueOf));
  if (metric === 'mean') return sum(measured.map(({ latencySum }) => latencySum)) / served;
  return quantileOf(pool(measured.map(({ latencies }) => latencies)), QUANTILES[metric as Quantile]);

  function messagesIn(of: readonly ChannelMeasurement[]): number {
    if (metric === 'lag')
      return sum(of.map(({ heldArea }) => heldArea)) / sum(runs.map(({ seconds }) => seconds));
    if (metric === 'mean') return sum(of.map(({ ageSum }) => ageSum)) / sum(of.map(acknowledgedOf));
    return quantileOf(pool(of.map(({ ages }) => ages)), QUANTILES[metric as Quantile]);
  }
}

type Quantile = keyof typeof QUANTILES;

/** Requests served, or messages that were done; of several whom these go to, the fewest. */
export function endedIn(figure: MovedFigure, runs: readonly Measurement[]): number {
  if (!('messages' in figure)) return sum(runs.map((run) => run.traffic[figure.traffic]!.served));
  return Math.min(
    ...figure.channels.map((c) => sum(runs.map(({ channels }) => acknowledgedOf(channels[c]!)))),
  );
}
