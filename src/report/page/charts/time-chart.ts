import { valueText } from '../../figure-text.ts';
import type { PlainMeaning } from '../../scales.ts';
import type { ScenarioReport, SeriesReport } from '../../scenario-report.ts';
import { themeOf } from '../../theme.ts';
import type { Chart, ChartSize } from '../page.ts';
import { lineStyles } from './line-styles.ts';

/** One line over time, with a band for its interval. */
export interface TimeLine {
  readonly name: string;
  readonly series: SeriesReport;
}

const theme = themeOf({});

/** Rows of the table at most; where there are more windows, some are left out. */
const TABLE_ROWS = 24;

export const MOST_LINES: number = lineStyles.length;

/** Lines over the time of a scenario, with bands for their intervals, and shades where something is changed. */
export function timeChart(
  title: string,
  lines: readonly TimeLine[],
  scenario: ScenarioReport,
  meaning: PlainMeaning = 'count',
): Chart | null {
  const { window, seconds, changes } = scenario;
  const drawn = lines.filter(({ series }) => series.value.some((value) => value !== null));
  if (drawn.length === 0) return null;
  const { unit } = drawn[0]!.series;
  const at = (index: number): number => Math.min(seconds, (index + 0.5) * window);
  // An interval by Student's law does not know that nothing is below 0, and no share above 1.
  const most = meaning === 'share' ? 1 : Number.POSITIVE_INFINITY;
  const points = drawn.map(({ series }) =>
    series.value.map((value, index) => ({
      time: at(index),
      value: value ?? Number.NaN,
      low: Math.max(0, series.low[index] ?? value ?? Number.NaN),
      high: Math.min(most, series.high[index] ?? value ?? Number.NaN),
    })),
  );
  const highest = Math.max(
    ...points.flat().flatMap(({ value, high }) => [value, high].filter(Number.isFinite)),
  );
  const shades = changes
    .filter((change) => change.at < seconds && (change.until === null || change.until > change.at))
    .map((change) => ({ x1: change.at, x2: Math.min(seconds, change.until ?? seconds) }));
  const edges = [...new Set(changes.flatMap((change) => [change.at, change.until ?? seconds]))].filter(
    (time) => time > 0 && time < seconds,
  );
  const draw = (plot: Parameters<Chart['draw']>[0], { narrow }: ChartSize) => ({
    height: narrow ? 180 : 210,
    marginLeft: 62,
    marginRight: 18,
    marginTop: 10,
    marginBottom: 30,
    x: {
      domain: [0, seconds],
      ticks: timeTicks(seconds, narrow ? 4 : 9),
      tickFormat: (tick: number) => timeText(tick, seconds),
      label: null,
    },
    y: {
      domain: [0, highest || 1],
      ticks: 4,
      tickFormat: (tick: number) => valueText(tick, unit, theme, meaning),
      grid: true,
      label: null,
      nice: true,
    },
    marks: [
      plot.rect(shades, { x1: 'x1', x2: 'x2', fill: 'var(--shade)' }),
      plot.ruleX(edges, { stroke: 'var(--muted)', strokeDasharray: '1 3' }),
      plot.ruleY([0], { stroke: 'var(--ink)' }),
      ...points.flatMap((series, line) => [
        plot.areaY(series, {
          x: 'time',
          y1: 'low',
          y2: 'high',
          fill: lineStyles[line]!.colour,
          fillOpacity: 0.22,
        }),
        plot.lineY(series, {
          x: 'time',
          y: 'value',
          stroke: lineStyles[line]!.colour,
          strokeWidth: 2,
          strokeDasharray: lineStyles[line]!.dashes,
        }),
      ]),
    ],
  });
  const each = Math.ceil(points[0]!.length / TABLE_ROWS);
  const written = (value: number): string =>
    Number.isNaN(value) ? '' : valueText(value, unit, theme, meaning);
  return {
    title,
    label: `${title}, from 0 s to ${valueText(seconds, 's', theme)} of scenario ${scenario.name}. ${drawn.map(({ name }, line) => `${name}: ${extent(points[line]!, written)}.`).join(' ')}`,
    legend: [
      ...drawn.map(({ name }, line) => ({
        text: name,
        colour: lineStyles[line]!.colour,
        dashes: lineStyles[line]!.dashes,
        mark: 'line' as const,
      })),
      ...(shades.length === 0
        ? []
        : [{ text: 'something is changed', colour: 'var(--shade)', mark: 'area' as const }]),
    ],
    draw,
    table: {
      columns: [{ head: 'time' }, ...drawn.map(({ name }) => ({ head: name }))],
      rows: points[0]!.flatMap(({ time }, index) =>
        index % each === 0
          ? [[valueText(time, 's', theme), ...points.map((series) => intervalText(series[index]!, written))]]
          : [],
      ),
    },
  };
}

/** Steps between marks of a time axis, seconds. */
const STEPS = [
  1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400,
];

/** Round times from 0 on, at most so many; the ends alone where the time is very short or very long. */
function timeTicks(seconds: number, most: number): number[] {
  const step = STEPS.find((each) => seconds / each <= most && seconds >= each) ?? seconds;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
}

/** Times of one axis are written in one unit. */
function timeText(time: number, seconds: number): string {
  if (seconds < 10) return time === 0 ? '0' : valueText(time, 's', theme);
  const [size, name] = seconds <= 600 ? [1, 's'] : seconds <= 6 * 3600 ? [60, 'min'] : [3600, 'h'];
  return `${Number((time / size).toPrecision(4))} ${name}`;
}

interface Point {
  readonly time: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

function intervalText({ value, low, high }: Point, written: (value: number) => string): string {
  if (Number.isNaN(value)) return 'nothing to say';
  return high > low ? `${written(value)} (${written(low)} to ${written(high)})` : written(value);
}

/** Where a line begins, its lowest and highest point, and where it ends. */
function extent(points: readonly Point[], written: (value: number) => string): string {
  const known = points.filter(({ value }) => !Number.isNaN(value));
  const sorted = [...known].sort((a, b) => a.value - b.value);
  const [first, last, low, high] = [known[0]!, known.at(-1)!, sorted[0]!, sorted.at(-1)!];
  if (high.value === low.value) return `${written(low.value)} all the time`;
  const when = (point: Point): string => `${written(point.value)} at ${valueText(point.time, 's', theme)}`;
  return `begins at ${written(first.value)}, lowest ${when(low)}, highest ${when(high)}, ends at ${written(last.value)}`;
}
