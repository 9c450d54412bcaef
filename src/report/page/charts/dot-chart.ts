import { timesText } from '../../stress-page.ts';
import { themeOf } from '../../theme.ts';
import type { Chart, ChartSize, LegendEntry, Tone } from '../page.ts';
import { ticksOf } from './latency-chart.ts';
import { logAxisX } from './log-axis.ts';
import { rowTexts } from './row-texts.ts';
import { whiskers } from './whiskers.ts';

/** A multiple of something, and the interval that it lies in. */
export interface Dot {
  readonly name: string;
  /** More than 0. */
  readonly at: number;
  /** Below 0 as well: then the interval goes on beyond the axis. */
  readonly low: number | null;
  readonly high: number | null;
  /** What stands beside the name. */
  readonly text: string;
  readonly tone: Tone | null;
}

/** What a chart of multiples shows. */
export interface DotChartOptions {
  readonly title: string;
  readonly label: string;
  readonly dots: readonly Dot[];
  /** Where a line is drawn, and what it stands for. */
  readonly line: { readonly at: number; readonly text: string };
  /** What the tones mean that dots have here. */
  readonly meaning: Readonly<Partial<Record<Tone | 'neither', string>>>;
  readonly table: Chart['table'];
}

const ROW = 38;
/** The axis has room for so much less and more than there is, and never shows less than a quarter of a multiple. */
const ROOM = 1.12;
const LEAST_REACH = 1.25;
const theme = themeOf({});

const styles = {
  good: { symbol: 'circle', fill: 'var(--good)', stroke: 'var(--good)' },
  bad: { symbol: 'diamond', fill: 'var(--bad)', stroke: 'var(--bad)' },
  open: { symbol: 'circle', fill: 'var(--paper)', stroke: 'var(--open)' },
  neither: { symbol: 'circle', fill: 'var(--paper)', stroke: 'var(--muted)' },
} as const;

/** Multiples as dots on a logarithmic axis, each with its interval, one under the other below their names. */
export function dotChart({ title, label, dots, line, meaning, table }: DotChartOptions): Chart {
  const ends = [line.at, ...dots.flatMap(({ at, low, high }) => [at, low ?? at, high ?? at])];
  const positive = ends.filter((end) => end > 0);
  const from = Math.min(line.at / LEAST_REACH, Math.min(...positive) / ROOM);
  const to = Math.max(line.at * LEAST_REACH, Math.max(...positive) * ROOM);
  const rows = dots.map((dot, row) => ({
    ...dot,
    row,
    low: dot.low === null ? null : Math.max(from, dot.low),
    high: dot.high,
  }));
  const draw = (plot: Parameters<Chart['draw']>[0], { width, narrow }: ChartSize) => {
    const ticks = ticksOf(from, to, narrow ? 5 : 9);
    return {
      height: rows.length * ROW + 34,
      marginLeft: 14,
      marginRight: 26,
      marginTop: 4,
      marginBottom: 30,
      x: { type: 'log' as const, domain: [from, to], axis: null },
      y: { domain: [rows.length, 0], axis: null },
      marks: [
        logAxisX(plot, ticks, (tick) => timesText(tick, theme)),
        plot.gridX(ticks),
        plot.ruleX([line.at], { stroke: 'var(--ink)', strokeDasharray: '5 4' }),
        ...whiskers(plot, rows, 0.7),
        ...(Object.keys(styles) as (keyof typeof styles)[]).map((tone) =>
          plot.dot(
            rows.filter((row) => (row.tone ?? 'neither') === tone),
            { x: 'at', y: (d) => d.row + 0.7, r: tone === 'bad' ? 6 : 5, strokeWidth: 1.5, ...styles[tone] },
          ),
        ),
        ...rowTexts(plot, rows, width - 56, 2, {
          stroke: 'var(--paper)',
          strokeWidth: 5,
          fill: 'var(--ink)',
        }),
      ],
    };
  };
  const told = (Object.keys(styles) as (keyof typeof styles)[]).filter((tone) =>
    dots.some((dot) => (dot.tone ?? 'neither') === tone),
  );
  const entryOf = (tone: keyof typeof styles): LegendEntry => ({
    text: meaning[tone] ?? '',
    colour: styles[tone].fill,
    edge: styles[tone].stroke,
    mark: tone === 'bad' ? 'square' : 'dot',
  });
  return {
    title,
    label,
    legend: [...told.map(entryOf), { text: line.text, colour: 'var(--ink)', dashes: '5 4', mark: 'line' }],
    draw,
    table,
  };
}
