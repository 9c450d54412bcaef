import { valueText } from '../../figure-text.ts';
import type { StressReport } from '../../stress.ts';
import { fallen, timesText } from '../../stress-page.ts';
import { themeOf } from '../../theme.ts';
import type { Chart, ChartSize } from '../page.ts';
import { ticksOf } from './latency-chart.ts';
import { lineStyles } from './line-styles.ts';
import { logAxisX, logAxisY } from './log-axis.ts';
import { shortened } from './shortened.ts';
import { whiskers } from './whiskers.ts';

const ROW = 38;
const SPARE_SHOWN = 5;
const theme = themeOf({});

interface Step {
  readonly what: 'goal' | 'station' | 'spare';
  readonly name: string;
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

/** What gives way at which multiple of the load, on a logarithmic axis, the lowest at the top. */
export function ladderChart(report: StressReport): Chart | null {
  const rungs = report.ladder.map((rung): Step => {
    const { value, low, high } = rung.at;
    const at = value ?? high ?? low ?? report.most;
    return { what: rung.what, name: fallen(rung), at, low: low ?? at, high: high ?? at };
  });
  const spare = report.spare
    .slice(0, SPARE_SHOWN)
    .map(
      ({ station, at }): Step => ({ what: 'spare', name: `${station} would be full`, at, low: at, high: at }),
    );
  const steps = [...rungs, ...spare].map((step, row) => ({ ...step, row }));
  if (steps.length === 0) return null;
  const from = Math.min(1, ...steps.map(({ low }) => low)) * 0.9;
  const to = Math.max(report.most, ...steps.map(({ high }) => high)) * 1.15;
  const draw = (plot: Parameters<Chart['draw']>[0], { width, narrow }: ChartSize) => {
    const loads = ticksOf(from, to, narrow ? 5 : 9);
    const dots = (what: Step['what']) => steps.filter((step) => step.what === what);
    return {
      height: steps.length * ROW + 34,
      marginLeft: 10,
      marginRight: 26,
      marginTop: 4,
      marginBottom: 30,
      x: {
        type: 'log' as const,
        domain: [from, to],
        axis: null,
      },
      y: { domain: [steps.length, 0], axis: null },
      marks: [
        logAxisX(plot, loads, (tick) => timesText(tick, theme)),
        plot.gridX(loads),
        plot.ruleX([1], { stroke: 'var(--ink)', strokeDasharray: '5 4' }),
        ...whiskers(plot, steps, 0.68),
        plot.dot(dots('goal'), {
          x: 'at',
          y: (d) => d.row + 0.68,
          r: 6,
          fill: 'var(--bad)',
          symbol: 'diamond',
        }),
        plot.dot(dots('station'), { x: 'at', y: (d) => d.row + 0.68, r: 5, fill: 'var(--series-1)' }),
        plot.dot(dots('spare'), {
          x: 'at',
          y: (d) => d.row + 0.68,
          r: 5,
          stroke: 'var(--muted)',
          fill: 'var(--paper)',
        }),
        plot.text(steps, {
          frameAnchor: 'left',
          y: (d) => d.row + 0.26,
          text: (d) => shortened(`${timesText(d.at, theme)}  ${d.name}`, width - 40),
          textAnchor: 'start',
          stroke: 'var(--paper)',
          strokeWidth: 5,
          fill: 'var(--ink)',
        }),
      ],
    };
  };
  const first = rungs[0];
  return {
    title: 'What gives way, by multiples of the load',
    label:
      first === undefined
        ? `Nothing gives way up to ${timesText(report.most, theme)} the load.`
        : `${rungs.length} things give way up to ${timesText(report.most, theme)} the load. First, at ${timesText(first.at, theme)}: ${first.name}.`,
    legend: [
      { text: 'a goal is missed', colour: 'var(--bad)', mark: 'square' },
      { text: 'a station is full', colour: 'var(--series-1)', mark: 'dot' },
      ...(spare.length === 0
        ? []
        : [
            {
              text: 'extrapolated, not simulated',
              colour: 'var(--paper)',
              edge: 'var(--muted)',
              mark: 'dot' as const,
            },
          ]),
      { text: 'the load of the design', colour: 'var(--ink)', dashes: '5 4', mark: 'line' },
    ],
    draw,
    table: {
      columns: [{ head: 'load' }, { head: 'between' }, { head: 'what', align: 'left' }],
      rows: steps.map(({ what, name, at, low, high }) => [
        timesText(at, theme),
        what === 'spare' ? 'extrapolated' : `${timesText(low, theme)} and ${timesText(high, theme)}`,
        name,
      ]),
    },
  };
}

/** How the p99 of each traffic grows with the load, and where the design stops to hold it. */
export function courseChart(report: StressReport): Chart | null {
  const names = Object.keys(report.points[0]?.operations ?? {}).slice(0, lineStyles.length);
  const points = [...report.points].sort((a, b) => a.times - b.times);
  const course = names.map((name) =>
    points.flatMap(({ times, operations }) => {
      const { value, low, high } = operations[name]!.p99;
      return value === null || !(value > 0) ? [] : [{ times, value, low: low ?? value, high: high ?? value }];
    }),
  );
  const all = course.flat();
  if (all.length < 3) return null;
  const { low: holds, high: falls } = report.headroom;
  const [from, to] = [points[0]!.times * 0.9, points.at(-1)!.times * 1.1];
  const [least, most] = [
    Math.min(...all.map(({ value }) => value)),
    Math.max(...all.map(({ value }) => value)),
  ];
  const times = ticksOf(least * 0.8, most * 1.25, 5);
  const draw = (plot: Parameters<Chart['draw']>[0], { narrow }: ChartSize) => ({
    height: narrow ? 210 : 250,
    marginLeft: 62,
    marginRight: 22,
    marginTop: 10,
    marginBottom: 30,
    x: {
      type: 'log' as const,
      domain: [from, to],
      axis: null,
    },
    y: {
      type: 'log' as const,
      domain: [least * 0.8, most * 1.25],
      axis: null,
    },
    marks: [
      logAxisX(plot, ticksOf(from, to, narrow ? 5 : 9), (tick) => timesText(tick, theme)),
      logAxisY(plot, times, (tick) => valueText(tick, 's', theme)),
      plot.gridY(times),
      plot.rect(falls === null ? [] : [{ x1: Math.max(from, holds ?? from), x2: Math.min(to, falls) }], {
        x1: 'x1',
        x2: 'x2',
        fill: 'var(--shade)',
      }),
      plot.ruleX(
        [holds, falls].filter((load) => load !== null && load > from && load < to),
        { stroke: 'var(--bad)', strokeDasharray: '5 4' },
      ),
      ...course.flatMap((series, line) => [
        plot.ruleX(series, {
          x: 'times',
          y1: 'low',
          y2: 'high',
          stroke: lineStyles[line]!.colour,
          strokeOpacity: 0.6,
        }),
        plot.line(series, {
          x: 'times',
          y: 'value',
          stroke: lineStyles[line]!.colour,
          strokeWidth: 2,
          strokeDasharray: lineStyles[line]!.dashes,
        }),
        plot.dot(series, { x: 'times', y: 'value', r: 3, fill: lineStyles[line]!.colour }),
      ]),
    ],
  });
  return {
    title: 'p99 below and above the knee',
    label: `p99 of ${names.join(', ')} against the load, from ${timesText(points[0]!.times, theme)} to ${timesText(points.at(-1)!.times, theme)}; between ${valueText(least, 's', theme)} and ${valueText(most, 's', theme)}.`,
    legend: [
      ...names.map((name, line) => ({
        text: name,
        colour: lineStyles[line]!.colour,
        dashes: lineStyles[line]!.dashes,
        mark: 'line' as const,
      })),
      { text: 'where the goals give way', colour: 'var(--bad)', dashes: '5 4', mark: 'line' },
    ],
    draw,
    table: {
      columns: [{ head: 'load' }, ...names.map((name) => ({ head: `p99 of ${name}` }))],
      rows: points.map(({ times, operations }) => [
        timesText(times, theme),
        ...names.map((name) => {
          const { value } = operations[name]!.p99;
          return value === null ? 'no steady state' : valueText(value, 's', theme);
        }),
      ]),
    },
  };
}
