import type { Figure } from '../../figure.ts';
import { figureText, valueText } from '../../figure-text.ts';
import type { PlainMeaning } from '../../scales.ts';
import { themeOf } from '../../theme.ts';
import type { Chart, ChartSize } from '../page.ts';
import { rowTexts } from './row-texts.ts';
import { whiskers } from './whiskers.ts';

/** One bar of a chart, with a whisker for its interval. */
export interface Bar {
  readonly name: string;
  readonly figure: Figure;
}

/** What a bar chart shows. */
export interface BarChartOptions {
  readonly title: string;
  readonly label: string;
  readonly bars: readonly Bar[];
  readonly meaning: PlainMeaning;
  /** What the names are names of, and the figures figures of: the heads of the table. */
  readonly heads: readonly [string, string];
  /** The axis reaches at least as far; default: as far as the bars. */
  readonly atLeast?: number;
}

const ROW = 38;
const theme = themeOf({});

/** Bars one under the other, each below its name, so that names may be long and screens narrow. */
export function barChart({ title, label, bars, meaning, heads, atLeast = 0 }: BarChartOptions): Chart {
  const reach = Math.max(atLeast, ...bars.map(({ figure }) => figure.high ?? figure.value ?? 0));
  const unit = bars[0]!.figure.unit;
  const rows = bars.map(({ name, figure }, row) => ({ name, row, ...figure, text: textOf(figure) }));
  function textOf(figure: Figure): string {
    const { value, margin } = figureText(figure, theme, meaning);
    return margin === '' ? value : `${value} ${margin}`;
  }
  const draw = (plot: Parameters<Chart['draw']>[0], { width, narrow }: ChartSize) => ({
    height: bars.length * ROW + 34,
    marginLeft: 14,
    marginRight: narrow ? 24 : 40,
    marginTop: 4,
    marginBottom: 30,
    x: {
      domain: [0, reach || 1],
      ticks: narrow ? 3 : 6,
      tickFormat: (tick: number) => valueText(tick, unit, theme, meaning),
      label: null,
      grid: true,
    },
    y: { domain: [bars.length, 0], axis: null },
    marks: [
      plot.rect(
        rows.filter(({ value }) => value !== null),
        { x1: 0, x2: 'value', y1: (d) => d.row + 0.54, y2: (d) => d.row + 0.84, fill: 'var(--series-1)' },
      ),
      ...whiskers(plot, rows, 0.69),
      plot.ruleX([0], { stroke: 'var(--ink)' }),
      ...rowTexts(plot, rows, width - 40, 3),
    ],
  });
  return {
    title,
    label,
    legend: [],
    draw,
    table: {
      columns: [{ head: heads[0], align: 'left' }, { head: heads[1] }],
      rows: bars.map(({ name, figure }) => [name, figureText(figure, theme, meaning)]),
    },
  };
}
