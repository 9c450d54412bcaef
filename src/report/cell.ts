import type { FigureText } from './figure-text.ts';

/** A cell: a text (painted or not), or a figure whose margin stands beside or below its value. */
export type Cell = string | FigureText;

/** Columns and rows, before a face has laid them out. */
export interface TableData {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

/** A column of a table. */
export interface Column {
  /** Its heading; may be empty. */
  readonly head: string;
  /** Default right, for numbers. */
  readonly align?: 'left' | 'right';
  /** Where the table is too wide, columns with the highest number go first; without one, a column stays. */
  readonly drop?: number;
}
