import { bucketLow } from '../kernel/index.ts';
import { valueText } from './figure-text.ts';
import type { OperationReport } from './report.ts';
import { type Theme, visibleWidth } from './theme.ts';

/** Rows of the chart. */
const HEIGHT = 5;
/** Share of the requests that may lie off either end, so that a few stragglers do not squeeze the rest. */
const OFF_CHART = 5e-4;
/** Requests below which a chart shows chance and no shape. */
const FEWEST = 200;
/** Wider charts tell no more. */
const MOST_COLUMNS = 100;
const EIGHTHS = ['', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ASCII_HALVES = ['', '.', '#'];

type Bins = OperationReport['histogram'];

/**
 * Draws how long served requests took: equal steps of the axis are equal factors of time, the height of a
 * column is its share of the requests, and p50 and p99 are marked below. Empty for fewer requests than have
 * a shape.
 */
export function latencyHistogram(operation: OperationReport, theme: Theme, indent: number): string[] {
  const shape = latencyShape(operation, Math.min(MOST_COLUMNS, theme.width - 2 * indent));
  if (shape === null) return [];
  if (shape.axis === null) return [oneValue(shape.low, shape.high, theme, indent)];
  const { axis, columns } = shape;
  const lines = bars(columns, theme);
  lines.push(...rule(axis, theme).map(theme.dim));
  const marked = marks(operation, axis, theme);
  if (marked !== '') lines.push(marked);
  return lines.map((line) => `${' '.repeat(indent)}${line}`.trimEnd());
}

/** Served requests by how long they took; without an axis, where all took between two times next to each other. */
type LatencyShape =
  | { readonly axis: null; readonly low: number; readonly high: number }
  | { readonly axis: Axis; readonly columns: Float64Array };

/** Requests in so many columns; null for fewer requests than have a shape. */
export function latencyShape({ histogram }: OperationReport, width: number): LatencyShape | null {
  const total = histogram.reduce((sum, [, count]) => sum + count, 0);
  if (total < FEWEST) return null;
  const low = edgeAt(histogram, total * OFF_CHART);
  const high = edgeAt(histogram, total * (1 - OFF_CHART));
  if (!(low > 0) || high / low < 1.02) return { axis: null, low, high };
  const axis = { from: Math.log(low) - (Math.log(high) - Math.log(low)) / width, to: Math.log(high), width };
  return { axis, columns: share(histogram, axis) };
}

/** A logarithmic axis: natural logs of its ends, and the columns between them. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

function edgeAt(bins: Bins, rank: number): number {
  let seen = 0;
  for (const [edge, count] of bins) {
    seen += count;
    if (seen >= rank && seen > 0) return edge;
  }
  return bins[bins.length - 1]![0];
}

function oneValue(low: number, high: number, theme: Theme, indent: number): string {
  // What is shorter than the first bucket's end is as good as nothing.
  const none = high <= bucketLow(1);
  const text = none
    ? `all ${valueText(0, 's', theme)}`
    : `all near ${valueText((low + high) / 2, 's', theme)}`;
  return ' '.repeat(indent) + theme.dim(text);
}

const columnOf = (axis: Axis, logTime: number): number =>
  Math.floor(((logTime - axis.from) / (axis.to - axis.from)) * axis.width);

/** Requests per column; a bin that reaches over several columns is spread over them evenly. */
function share(bins: Bins, axis: Axis): Float64Array {
  const columns = new Float64Array(axis.width);
  const perColumn = (axis.to - axis.from) / axis.width;
  const binWidth = narrowest(bins);
  for (const [edge, count] of bins) {
    const end = (Math.log(edge) - axis.from) / perColumn;
    const start = end - binWidth / perColumn;
    for (let column = Math.max(0, Math.floor(start)); column < Math.min(axis.width, end); column++) {
      const overlap = Math.min(end, column + 1) - Math.max(start, column);
      columns[column]! += (count * overlap) / (end - start);
    }
  }
  return columns;
}

/** Natural log of the ratio between the closest edges: empty bins are left out, so the rest says nothing. */
function narrowest(bins: Bins): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i < bins.length; i++) least = Math.min(least, Math.log(bins[i]![0] / bins[i - 1]![0]));
  return least;
}

function bars(columns: Float64Array, theme: Theme): string[] {
  const steps = theme.unicode ? EIGHTHS : ASCII_HALVES;
  const full = steps.length - 1;
  const tallest = columns.reduce((most, count) => Math.max(most, count), 0);
  const heights = Array.from(columns, (count) =>
    count === 0 ? 0 : Math.max(1, Math.round((count / tallest) * HEIGHT * full)),
  );
  const lines: string[] = [];
  for (let row = HEIGHT - 1; row >= 0; row--) {
    const line = heights
      .map((height) => steps[Math.min(full, Math.max(0, height - row * full))] || ' ')
      .join('');
    lines.push(theme.accent(line.trimEnd()));
  }
  return lines;
}

/** Digits of the times that carry a label in every decade; the first choice that gives three labels is taken. */
const DIGITS: readonly (readonly number[])[] = [
  [1],
  [1, 2, 5],
  [1, 2, 3, 4, 5, 6, 8],
  [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7, 7.5, 8, 8.5, 9, 9.5],
];

/** The labels of the axis, each at its tick. */
function ticks(axis: Axis, theme: Theme): Placed[] {
  const at = (time: number): Placed => ({
    column: columnOf(axis, Math.log(time) + 1e-9),
    text: valueText(time, 's', theme),
    anchor: 0,
  });
  for (const digits of DIGITS) {
    const times: number[] = [];
    for (let power = Math.floor(axis.from / Math.LN10); power <= Math.ceil(axis.to / Math.LN10); power++) {
      for (const digit of digits) times.push(Number(`${digit}e${power}`));
    }
    const inside = times.map(at).filter(({ column }) => column >= 0 && column < axis.width);
    const shown = fitting(inside, axis.width);
    if (shown.length >= 3) return shown;
  }
  const evenly = [0, 1 / 3, 2 / 3].map((part) => Math.exp(axis.from + (axis.to - axis.from) * part));
  return fitting(evenly.map(at), axis.width);
}

/** The axis and the labels under it. */
function rule(axis: Axis, theme: Theme): string[] {
  const [line, tick] = theme.unicode ? ['─', '┬'] : ['-', '+'];
  const shown = ticks(axis, theme);
  const cells = new Array<string>(axis.width).fill(line);
  for (const { column } of shown) cells[column] = tick;
  return [cells.join(''), inPlace(shown)];
}

function marks(operation: OperationReport, axis: Axis, theme: Theme): string {
  const arrow = theme.unicode ? '▲' : '^';
  const at: Placed[] = [];
  for (const name of ['p50', 'p99'] as const) {
    const value = operation.latency[name].value;
    if (value === null || !(value > 0)) continue;
    const column = columnOf(axis, Math.log(value));
    if (column < 0 || column >= axis.width) continue;
    const text = column + name.length + 2 > axis.width ? `${name} ${arrow}` : `${arrow} ${name}`;
    at.push({ column, text, anchor: text.indexOf(arrow) });
  }
  return inPlace(fitting(at, axis.width));
}

/** A text whose character number `anchor` stands in `column`. */
interface Placed {
  readonly column: number;
  readonly text: string;
  readonly anchor: number;
}

/** The texts that fit on one line: what would touch the text before it or run out at the end is left out. */
function fitting(texts: readonly Placed[], width: number): Placed[] {
  let end = -1;
  return texts.filter(({ column, text, anchor }) => {
    const start = column - anchor;
    if (start < end + 1 || start + visibleWidth(text) > width) return false;
    end = start + visibleWidth(text);
    return true;
  });
}

const inPlace = (texts: readonly Placed[]): string =>
  texts.reduce((line, { column, text, anchor }) => line.padEnd(column - anchor) + text, '');
