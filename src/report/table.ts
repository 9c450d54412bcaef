import type { FigureText } from './figure-text.ts';
import { type Theme, visibleWidth } from './theme.ts';

/** A cell: a text (painted or not), or a figure whose margin stands beside or below its value. */
export type Cell = string | FigureText;

/** A column of a table. */
export interface Column {
  /** Its heading; may be empty. */
  readonly head: string;
  /** Default right, for numbers. */
  readonly align?: 'left' | 'right';
  /** Where the table is too wide, columns with the highest number go first; without one, a column stays. */
  readonly drop?: number;
}

/** Where a table stands and how it gives way. */
export interface TableLayout {
  /** Columns free on the left. */
  readonly indent: number;
  /** What gives way first where space is short: margins move below their values (`stack`), or columns go (`drop`). */
  readonly narrow: 'stack' | 'drop';
}

const GAP = '  ';

/**
 * Lays cells out in aligned columns without rules, in at most the theme's width where that can be done.
 * The first line holds the heads, unless all are empty.
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  theme: Theme,
  layout: TableLayout,
): string[] {
  const room = theme.width - layout.indent;
  const every = columns.map((_, index) => index);
  let lines: string[] = [];
  for (const { kept, stacked } of attempts(columns, every, layout.narrow)) {
    lines = drawn(columns, rows, kept, stacked, theme);
    if (widest(lines) <= room) break;
  }
  return indented(lines, layout.indent);
}

/** Ways to draw the table, the most telling first; the last one is taken whether it fits or not. */
function attempts(
  columns: readonly Column[],
  every: readonly number[],
  narrow: TableLayout['narrow'],
): { kept: readonly number[]; stacked: boolean }[] {
  const fewer: (readonly number[])[] = [every];
  for (let kept = every; ; ) {
    const next = firstToDrop(columns, kept);
    if (next === undefined) break;
    kept = kept.filter((index) => index !== next);
    fewer.push(kept);
  }
  const inline = fewer.map((kept) => ({ kept, stacked: false }));
  const stacked = fewer.map((kept) => ({ kept, stacked: true }));
  return narrow === 'drop' ? [...inline, ...stacked] : [inline[0]!, ...stacked];
}

function firstToDrop(columns: readonly Column[], kept: readonly number[]): number | undefined {
  let found: number | undefined;
  for (const index of kept) {
    const drop = columns[index]!.drop;
    if (drop !== undefined && (found === undefined || drop > columns[found]!.drop!)) found = index;
  }
  return found;
}

function drawn(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  kept: readonly number[],
  stacked: boolean,
  theme: Theme,
): string[] {
  const blocks = kept.map((index) => {
    const cells = rows.map((row) => row[index] ?? '');
    return columnBlock(columns[index]!, stacked ? cells.map(stack(theme)) : beside(cells, theme));
  });
  const lines: string[] = [];
  const heads = blocks.map((block) => theme.bold(block.head));
  if (kept.some((index) => columns[index]!.head !== '')) lines.push(heads.join(GAP));
  for (let row = 0; row < rows.length; row++) {
    const height = Math.max(...blocks.map((block) => block.cells[row]!.length));
    for (let line = 0; line < height; line++) {
      lines.push(blocks.map((block) => block.cells[row]![line] ?? ' '.repeat(block.width)).join(GAP));
    }
  }
  return lines.map((line) => line.trimEnd());
}

/** Value above, margin below. */
const stack =
  (theme: Theme) =>
  (cell: Cell): string[] => {
    if (typeof cell === 'string') return [cell];
    return cell.margin === '' ? [cell.value] : [cell.value, theme.dim(cell.margin)];
  };

/** Values flush right, margins flush left behind them. */
function beside(cells: readonly Cell[], theme: Theme): string[][] {
  const figures = cells.filter((cell) => typeof cell !== 'string');
  const valueWidth = Math.max(0, ...figures.map((figure) => visibleWidth(figure.value)));
  const marginWidth = Math.max(0, ...figures.map((figure) => visibleWidth(figure.margin)));
  return cells.map((cell) => {
    if (typeof cell === 'string') return [cell];
    const value = cell.value.padStart(valueWidth);
    return [marginWidth === 0 ? value : `${value} ${theme.dim(cell.margin.padEnd(marginWidth))}`];
  });
}

interface ColumnBlock {
  readonly head: string;
  readonly width: number;
  /** Lines of each cell, all padded to `width`. */
  readonly cells: readonly (readonly string[])[];
}

function columnBlock(column: Column, cells: readonly (readonly string[])[]): ColumnBlock {
  const width = Math.max(widest(cells.flat()), visibleWidth(column.head));
  const pad = (text: string) => {
    const space = ' '.repeat(width - visibleWidth(text));
    return column.align === 'left' ? text + space : space + text;
  };
  return { head: pad(column.head), width, cells: cells.map((lines) => lines.map(pad)) };
}

const widest = (lines: readonly string[]): number => Math.max(0, ...lines.map(visibleWidth));

const indented = (lines: readonly string[], indent: number): string[] =>
  lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line));
