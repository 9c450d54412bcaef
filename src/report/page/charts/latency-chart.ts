import type { PlanGoal } from '../../../design/plan.ts';
import { figureLine, valueText } from '../../figure-text.ts';
import { latencyShape } from '../../latency-histogram.ts';
import type { OperationReport } from '../../report.ts';
import { themeOf } from '../../theme.ts';
import type { Chart, ChartSize } from '../page.ts';
import { logAxisX } from './log-axis.ts';

const COLUMNS = 72;
/** Rows of the table, each a share of the columns. */
const TABLE_ROWS = 12;
const LINE = 14;
/** A goal so many times beyond the requests is not on the axis. */
const FAR = 5;
const theme = themeOf({});

/** Percentiles that are marked, by their name in a report. */
const marked = ['p50', 'p95', 'p99'] as const;

/**
 * How long served requests of a traffic took, on a logarithmic axis, with percentiles, their intervals and the goals on
 * them. Null for fewer requests than have a shape, or where all took the same time.
 */
export function latencyChart(
  name: string,
  operation: OperationReport,
  goals: readonly Pick<PlanGoal, 'metric' | 'target'>[],
): Chart | null {
  const shape = latencyShape(operation, COLUMNS);
  if (shape === null || shape.axis === null) return null;
  const { axis, columns } = shape;
  const step = (axis.to - axis.from) / axis.width;
  const total = columns.reduce((sum, count) => sum + count, 0);
  const edge = (column: number): number => Math.exp(axis.from + column * step);
  const bins = Array.from(columns, (count, column) => ({
    x1: edge(column),
    x2: edge(column + 1),
    share: count / total,
  }));
  const tallest = Math.max(...bins.map(({ share }) => share));
  const percentiles = marked.flatMap((metric) => {
    const { value, low, high } = operation.latency[metric];
    return value === null ? [] : [{ metric, value, low: low ?? value, high: high ?? value }];
  });
  const latencyGoals = goals.filter(({ metric }) => operation.latency[metric as 'p50']?.unit === 's');
  // A goal far away would leave the requests no room: it is named beside the chart.
  const isNear = (target: number): boolean => target < edge(axis.width) * FAR && target > edge(0) / FAR;
  const targets = latencyGoals.filter(({ target }) => isNear(target));
  const distant = latencyGoals.filter(({ target }) => !isNear(target));
  const textOf = (value: number): string => valueText(value, 's', theme);
  const lines = [
    ...percentiles.map(({ metric, value }) => ({
      at: value,
      text: `${metric} ${textOf(value)}`,
      isGoal: false,
    })),
    ...targets.map(({ metric, target }) => ({
      at: target,
      text: `goal ${metric} ≤ ${textOf(target)}`,
      isGoal: true,
    })),
  ].sort((a, b) => b.at - a.at);
  // Labels stand to the left of their lines, the last line's at the top: so they cross no other line.
  const topOf = (row: number): number => -(lines.length - row) * LINE + 4;
  const from = Math.min(edge(0), ...lines.map(({ at }) => at));
  const to = Math.max(edge(axis.width), ...lines.map(({ at }) => at)) * 1.05;
  const draw = (plot: Parameters<Chart['draw']>[0], { narrow }: ChartSize) => ({
    height: (narrow ? 170 : 200) + lines.length * LINE,
    marginLeft: 8,
    marginRight: narrow ? 14 : 20,
    marginTop: lines.length * LINE + 8,
    marginBottom: 30,
    x: {
      type: 'log' as const,
      domain: [from, to],
      axis: null,
    },
    y: { domain: [0, tallest], axis: null },
    marks: [
      logAxisX(plot, ticksOf(from, to, narrow ? 4 : 8), textOf),
      plot.rect(bins, { x1: 'x1', x2: 'x2', y1: 0, y2: 'share', fill: 'var(--series-1)', inset: 0 }),
      plot.ruleY([0], { stroke: 'var(--ink)' }),
      plot.rect(
        percentiles.filter(({ low, high }) => high > low),
        { x1: 'low', x2: 'high', y1: 0, y2: tallest, fill: 'var(--ink)', fillOpacity: 0.18 },
      ),
      ...lines.map(({ at, isGoal }, row) =>
        plot.ruleX([at], {
          stroke: isGoal ? 'var(--bad)' : 'var(--ink)',
          strokeWidth: isGoal ? 2 : 1,
          strokeDasharray: isGoal ? '5 4' : 'none',
          insetTop: topOf(row),
        }),
      ),
      ...lines.map(({ at, isGoal, text }, row) => {
        // What stands far to the left has no room there.
        const right = Math.log(at / from) < Math.log(to / from) * (narrow ? 0.4 : 0.2);
        return plot.text([at], {
          x: at,
          text: () => text,
          frameAnchor: 'top',
          dy: topOf(row) - 2,
          dx: right ? 4 : -4,
          textAnchor: right ? 'start' : 'end',
          lineAnchor: 'top',
          fill: isGoal ? 'var(--bad)' : 'var(--ink)',
          stroke: 'var(--paper)',
          strokeWidth: 5,
          fontWeight: 600,
        });
      }),
    ],
  });
  const said = percentiles.map(({ metric }) => `${metric} ${figureLine(operation.latency[metric], theme)}`);
  return {
    title: `How long ${name} take`,
    label: `Distribution of the latency of ${name} on a logarithmic axis from ${valueText(from, 's', theme)} to ${valueText(to, 's', theme)}: ${said.join(', ')}.`,
    legend: [
      { text: 'requests', colour: 'var(--series-1)', mark: 'bar' },
      { text: 'percentile, with its interval', colour: 'var(--ink)', mark: 'line' },
      ...(targets.length === 0
        ? []
        : [{ text: 'goal', colour: 'var(--bad)', dashes: '5 4', mark: 'line' as const }]),
      ...distant.map(({ metric, target }) => ({
        text: `goal ${metric} ≤ ${textOf(target)}: far to the ${target > to ? 'right' : 'left'}`,
        colour: 'none',
        mark: 'area' as const,
      })),
    ],
    draw,
    table: { columns: [{ head: 'up to' }, { head: 'of requests' }], rows: cumulated(bins) },
  };
}

function cumulated(bins: readonly { x2: number; share: number }[]): string[][] {
  let sum = 0;
  const each = Math.ceil(bins.length / TABLE_ROWS);
  return bins.flatMap(({ x2, share }, column) => {
    sum += share;
    const last = (column + 1) % each === 0 || column === bins.length - 1;
    return last ? [[valueText(x2, 's', theme), valueText(Math.min(1, sum), '1', theme, 'share')]] : [];
  });
}

/** Round times between two of them, at most so many: powers of ten, then 1, 2 and 5 of each, then all digits. */
export function ticksOf(from: number, to: number, most: number): number[] {
  const digits = [
    [1],
    [1, 3],
    [1, 2, 5],
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
    Array.from({ length: 36 }, (_, i) => 1 + i / 4),
  ];
  let found: number[] = [];
  for (const choice of digits) {
    const ticks: number[] = [];
    for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++) {
      for (const digit of choice) ticks.push(Number(`${digit}e${power}`));
    }
    const inside = ticks.filter((tick) => tick >= from && tick <= to);
    if (inside.length > most) break;
    found = inside;
  }
  return found;
}
