import type { Cell, Column } from './cell.ts';
import type { Theme } from './theme.ts';

/** Of the room of a table, a longer name than this share loses its middle where the table is too wide. */
const SHARE = 0.4;

/** A text of so many characters at most: names are told apart by how they begin and by how they end. */
export function withoutMiddle(plain: string, most: number, { ellipsis }: Theme): string {
  if (plain.length <= most) return plain;
  const kept = most - ellipsis.length;
  return plain.slice(0, Math.ceil(kept / 2)) + ellipsis + plain.slice(plain.length - Math.floor(kept / 2));
}

/** Names, and what is named within another: `shop.view`. Paint of the terminal has a bracket, which no name has. */
const NAME = /[\p{L}\p{N}_.-]+/gu;

/**
 * Rows in which names that are longer than a sensible share of the room are shortened. A column in which two names would
 * be the same then keeps them whole.
 */
export function withShortNames(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  room: number,
  theme: Theme,
): readonly (readonly Cell[])[] {
  const most = Math.floor(room * SHARE);
  const short = (cell: Cell): Cell =>
    typeof cell === 'string' ? cell.replace(NAME, (name) => withoutMiddle(name, most, theme)) : cell;
  const fits = columns.map((_, c) => {
    const cells = rows.map((row) => row[c]);
    return new Set(cells).size === new Set(cells.map((cell) => cell && short(cell))).size;
  });
  return rows.map((row) => row.map((cell, c) => (fits[c] ? short(cell) : cell)));
}
