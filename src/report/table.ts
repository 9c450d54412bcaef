import type { Cell, Column, TableData } from './cell.ts';
import { withShortNames } from './long-names.ts';
import { rowBlocks } from './row-blocks.ts';
import { type Theme, visibleWidth, wrapped } from './theme.ts';

/** Where a table stands and how it gives way. */
export interface TableLayout {
  /** Columns free on the left. */
  readonly indent: number;
  /** What gives way first where space is short: margins move below their values (`stack`), or columns go (`drop`). */
  readonly narrow: 'stack' | 'drop';
}

const GAP = '  ';

/** Columns of the terminal below which margins go below their values before a column goes. */
const ORDINARY = 80;
/** Columns of the terminal below which a table keeps all it has and grows downwards instead. */
const NARROW = 60;

/** A table in lines, row by row, for those who write something between the rows. */
export interface Table {
  /** The heads; none where all are empty, or where each value has its head beside it. */
  readonly head: readonly string[];
  /** The lines of each row. */
  readonly rows: readonly (readonly string[])[];
  /** Which columns had no room; none where all are there. */
  readonly foot: readonly string[];
}

/**
 * Lays cells out in aligned columns without rules, within the theme's width. Where that cannot be done with
 * margins below values or without the columns that may go, each row becomes a block of lines.
 */
export function layOut(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  theme: Theme,
  layout: TableLayout,
): Table {
  const room = theme.width - layout.indent;
  const every = columns.map((_, index) => index);
  const fits = ({ head, rows: lines }: Omit<Table, 'foot'>) => widest([...head, ...lines.flat()]) <= room;
  const whole = drawn(columns, rows, every, false, theme);
  if (fits(whole)) return indented({ ...whole, foot: [] }, layout);
  const short = withShortNames(columns, rows, room, theme);
  for (const { kept, stacked } of attempts(columns, every, layout.narrow, theme.width)) {
    const table = drawn(columns, short, kept, stacked, theme);
    if (!fits(table)) continue;
    const hidden = columns.filter((_, index) => !kept.includes(index)).map(({ head }) => head);
    return indented({ ...table, foot: hidden.length > 0 ? hiddenLines(hidden, room, theme) : [] }, layout);
  }
  return indented({ head: [], rows: rowBlocks(columns, rows, room, theme), foot: [] }, layout);
}

/** A table on its own under a heading: nothing at all where it has no rows. */
export function linesOf({ columns, rows }: TableData, theme: Theme, narrow: TableLayout['narrow']): string[] {
  return rows.length === 0 ? [] : tableLines(columns, rows, theme, { indent: 2, narrow });
}

/** All lines of a table. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  theme: Theme,
  layout: TableLayout,
): string[] {
  const { head, rows: drawnRows, foot } = layOut(columns, rows, theme, layout);
  return [...head, ...drawnRows.flat(), ...foot];
}

function hiddenLines(hidden: readonly string[], room: number, theme: Theme): string[] {
  const names = hidden.length === 1 ? hidden[0]! : `${hidden.slice(0, -1).join(', ')} and ${hidden.at(-1)}`;
  return wrapped(`no room for ${names} (--json has all)`, room).map(theme.dim);
}

/** Ways to draw the table, the most telling first. */
function attempts(
  columns: readonly Column[],
  every: readonly number[],
  narrow: TableLayout['narrow'],
  width: number,
): { kept: readonly number[]; stacked: boolean }[] {
  const fewer: (readonly number[])[] = [every];
  for (let kept = every; width >= NARROW; ) {
    const next = firstToDrop(columns, kept);
    if (next === undefined) break;
    kept = kept.filter((index) => index !== next);
    fewer.push(kept);
  }
  const inline = fewer.map((kept) => ({ kept, stacked: false }));
  const stacked = fewer.map((kept) => ({ kept, stacked: true }));
  if (width < ORDINARY) return fewer.flatMap((_, index) => [inline[index]!, stacked[index]!]);
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
): Omit<Table, 'foot'> {
  const blocks = kept.map((index) => {
    const cells = rows.map((row) => row[index] ?? '');
    return columnBlock(columns[index]!, stacked ? cells.map(stack(theme)) : beside(cells, theme));
  });
  const headed = kept.some((index) => columns[index]!.head !== '');
  const head = blocks.map((block) => theme.bold(block.head)).join(GAP);
  return {
    head: headed ? [head.trimEnd()] : [],
    rows: rows.map((_, row) => {
      const height = Math.max(...blocks.map((block) => block.cells[row]!.length));
      return Array.from({ length: height }, (_, line) =>
        blocks
          .map((block) => block.cells[row]![line] ?? ' '.repeat(block.width))
          .join(GAP)
          .trimEnd(),
      );
    }),
  };
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

function indented({ head, rows, foot }: Table, { indent }: TableLayout): Table {
  const moved = (lines: readonly string[]) =>
    lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line));
  return { head: moved(head), rows: rows.map(moved), foot: moved(foot) };
}
