import { around } from '../../kernel/index.ts';
import type { Figure, QueueReport } from '../../report/report.ts';
import { type ChannelMeasurement, endings } from '../messages/channel-tally.ts';
import type { Model } from '../model.ts';
import { quantileFigure, rateFigure, ratioFigure, shareFigure, sum, unknown } from './figures.ts';
import type { Measurement } from './measurement.ts';
import type { Steadiness } from './stability.ts';

/**
 * What replications measured of the messages of each channel, by name of its component.
 *
 * @param steadiness withholds what only a steady state has: how many are held, and how old they get
 */
export function queueReports(
  model: Pick<Model, 'channels'>,
  runs: readonly Measurement[],
  steadiness: Steadiness,
): Record<string, QueueReport> {
  const seconds = runs.map((run) => run.seconds);
  // Where nobody works on them, messages only become more.
  const all = model.channels.flatMap(({ name, consumers }) =>
    consumers.length === 0
      ? [{ name, steady: false }]
      : consumers.map((each) => ({ name: each.name, steady: steadiness.stations[each.group]! })),
  );
  return Object.fromEntries(
    all.map(({ name, steady }, c) => {
      const of = runs.map((run) => run.channels[c]!);
      return [name, queueReport(of, seconds, steady)];
    }),
  );
}

function queueReport(
  runs: readonly ChannelMeasurement[],
  seconds: readonly number[],
  steady: boolean,
): QueueReport {
  const ended = (ending: (typeof endings)[number]): number[] =>
    runs.map((run) => run.ended[endings.indexOf(ending)]!);
  const total = (of: (run: ChannelMeasurement) => number): number => sum(runs.map(of));
  const acknowledged = ended('acknowledged');
  const dropped = Object.fromEntries(
    endings.flatMap((ending) => {
      const count = sum(ended(ending));
      return ending === 'acknowledged' || ending === 'dead' || count === 0 ? [] : [[ending, count]];
    }),
  );
  const samples = runs.map((run, r) => ({
    histogram: run.ages,
    count: acknowledged[r]!,
    sum: run.ageSum,
    least: run.ageLeast,
    most: run.ageMost,
  }));
  const quantile = (p: number) => (steady ? quantileFigure(samples, p) : unknown('s'));
  return {
    published: total((run) => run.published),
    acknowledged: sum(acknowledged),
    dead: sum(ended('dead')),
    dropped,
    held: total((run) => run.held),
    repeated: total((run) => run.repeated),
    arrivals: rateFigure(
      runs.map((run) => run.published - run.carried),
      seconds,
    ),
    deliveries: rateFigure(
      runs.map((run) => run.deliveries),
      seconds,
    ),
    throughput: rateFigure(acknowledged, seconds),
    redelivered: shareFigure(
      runs.map((run) => run.redelivered),
      runs.map((run) => run.deliveries),
    ),
    depth: steady
      ? ratioFigure(
          runs.map((run) => run.heldArea),
          seconds,
          '1',
        )
      : unknown('1'),
    ...(!steady && {
      growth: differenceFigure(
        runs.map((run) => run.held - run.carried),
        seconds,
      ),
    }),
    age: {
      mean: steady
        ? ratioFigure(
            runs.map((run) => run.ageSum),
            acknowledged,
            's',
          )
        : unknown('s'),
      p50: quantile(0.5),
      p95: quantile(0.95),
      p99: quantile(0.99),
      p999: quantile(0.999),
    },
    ...hottestOf(runs),
  };
}

/** How many more there are each second, which may be fewer. */
function differenceFigure(changes: readonly number[], seconds: readonly number[]): Figure {
  const rates = changes.map((change, r) => change / seconds[r]!);
  const { value, low, high } = around(sum(changes) / sum(seconds), rates);
  const isKnown = Number.isFinite(low) && Number.isFinite(high);
  return { value, low: isKnown ? low : null, high: isKnown ? high : null, unit: '1/s' };
}

/** Of a stream with several partitions, the one that most was published to. */
function hottestOf(runs: readonly ChannelMeasurement[]): Pick<QueueReport, 'hottest'> {
  const of = runs.map(({ partitions = new Float64Array(0) }) => partitions);
  const totals = Array.from(of[0]!, (_, p) => sum(of.map((each) => each[p]!)));
  if (totals.length < 2 || sum(totals) === 0) return {};
  const partition = totals.indexOf(Math.max(...totals));
  const share = shareFigure(
    of.map((each) => each[partition]!),
    of.map((each) => sum(each)),
  );
  return { hottest: { partition, share } };
}
