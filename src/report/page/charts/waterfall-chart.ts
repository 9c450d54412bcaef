import { valueText } from '../../figure-text.ts';
import { themeOf } from '../../theme.ts';
import { exampleText, type SpanKind, type TracedRequest } from '../../trace.ts';
import { type Row, rowsOf } from '../../waterfall.ts';
import type { Chart, ChartSize, LegendEntry } from '../page.ts';
import { shortened } from './shortened.ts';

const ROW = 34;
/** Lines drawn at most: a request of hundreds of calls is read in a trace viewer. */
const ROWS_SHOWN = 40;
/** Levels of parts that are set off from each other. */
const MOST_DEEP = 8;
const theme = themeOf({});

/** How a bar looks: its height as a share of what there is, its colour, and whether it is filled. */
interface Look {
  readonly meaning: string;
  readonly fill: string;
  readonly stroke: string;
  readonly thickness: number;
}

const whole: Look = { meaning: 'call', fill: 'var(--shade)', stroke: 'var(--muted)', thickness: 0.3 };
const looks: Readonly<Partial<Record<SpanKind, Look>>> = {
  service: { meaning: 'service', fill: 'var(--series-1)', stroke: 'var(--series-1)', thickness: 1 },
  queue: { meaning: 'waiting for a server', fill: 'var(--paper)', stroke: 'var(--series-2)', thickness: 1 },
  network: { meaning: 'network', fill: 'var(--muted)', stroke: 'var(--muted)', thickness: 0.15 },
  wait: { meaning: 'wait', fill: 'var(--series-3)', stroke: 'var(--series-3)', thickness: 0.5 },
  backoff: { meaning: 'backoff', fill: 'var(--paper)', stroke: 'var(--series-4)', thickness: 0.5 },
  refusal: { meaning: 'refused', fill: 'var(--bad)', stroke: 'var(--bad)', thickness: 1 },
};
const failed = 'var(--bad)';

/** One request in all its parts: each begins where the picture says and takes what stands beside its name. */
export function waterfallChart(request: TracedRequest): Chart {
  const { traffic, duration, start, status } = request;
  const why = exampleText(request);
  const all = rowsOf(request.spans);
  const shown = all
    .slice(0, ROWS_SHOWN)
    .map((row, index) => ({ ...row, index, look: looks[row.kind] ?? whole }));
  const end = Math.max(duration, ...shown.map((row) => row.ended - start)) || 1e-9;
  const bars = shown.map((row) => ({
    ...row,
    x1: Math.max(0, row.start - start),
    x2: Math.max(row.start, row.end) - start,
    tail: row.ended - start,
  }));
  const draw = (plot: Parameters<Chart['draw']>[0], { width, narrow }: ChartSize) => {
    // A time too short to be seen is still there: at least two pixels of it.
    const least = (end / width) * 2;
    return {
      height: bars.length * ROW + 34,
      marginLeft: 8,
      marginRight: narrow ? 24 : 34,
      marginTop: 4,
      marginBottom: 30,
      x: {
        domain: [0, end],
        ticks: narrow ? 3 : 7,
        tickFormat: (tick: number) => (tick === 0 ? '0' : valueText(tick, 's', theme)),
        label: null,
        grid: true,
      },
      y: { domain: [bars.length, 0], axis: null },
      marks: [
        plot.rect(
          bars.filter(({ x2, tail }) => tail > x2),
          {
            x1: 'x2',
            x2: 'tail',
            y1: (d) => d.index + 0.7,
            y2: (d) => d.index + 0.74,
            fill: 'var(--muted)',
          },
        ),
        plot.rect(bars, {
          x1: 'x1',
          x2: (d) => Math.max(d.x2, d.x1 + least),
          y1: (d) => d.index + 0.72 - 0.19 * d.look.thickness,
          y2: (d) => d.index + 0.72 + 0.19 * d.look.thickness,
          fill: (d) => (d.status === 'ok' ? d.look.fill : failed),
          stroke: (d) => (d.status === 'ok' ? d.look.stroke : failed),
        }),
        plot.text(bars, {
          frameAnchor: 'left',
          y: (d) => d.index + 0.27,
          text: (d) => `${'\u00A0\u00A0'.repeat(Math.min(d.depth, MOST_DEEP))}${nameOf(d, width)}`,
          textAnchor: 'start',
          fill: (d) => (d.status === 'ok' ? 'var(--ink)' : failed),
        }),
        plot.text(bars, {
          frameAnchor: 'right',
          y: (d) => d.index + 0.27,
          text: (d) => valueText(d.took, 's', theme),
          textAnchor: 'end',
        }),
      ],
    };
  };
  const left = { head: '', align: 'left' } as const;
  return {
    title: `${traffic}: ${why}, ${valueText(duration, 's', theme)}, ${status}`,
    label: `Waterfall of a request of ${traffic} (${why}) that took ${valueText(duration, 's', theme)} and ended as ${status}: ${all.length} parts, the longest ${longest(all)}.`,
    legend: legendOf(shown.map(({ look }) => look)),
    draw,
    table: {
      columns: [
        { ...left, head: 'part' },
        { head: 'begins at' },
        { head: 'takes' },
        { ...left, head: 'ends as' },
      ],
      rows: all.map((row) => [
        `${'· '.repeat(row.depth)}${row.label.name}${row.label.marks}`,
        valueText(row.start - start, 's', theme),
        valueText(row.took, 's', theme),
        row.status,
      ]),
    },
  };
}

function nameOf({ label, depth }: Row, width: number): string {
  return shortened(
    `${label.name}${label.marks}${label.failure}`,
    width - 110 - 8 * Math.min(depth, MOST_DEEP),
  );
}

/** What takes longest beside the request itself. */
function longest(rows: readonly Row[]): string {
  const [first] = rows.slice(1).sort((a, b) => b.took - a.took);
  if (first === undefined) return 'the request itself';
  return `${first.label.name} (${valueText(first.took, 's', theme)})`;
}

function legendOf(used: readonly Look[]): LegendEntry[] {
  return [...new Set(used)].map(({ meaning, fill, stroke }) => ({
    text: meaning,
    colour: fill,
    edge: stroke,
    mark: 'bar',
  }));
}
