import type { Markish } from '@observablehq/plot';
import type { Plot } from '../page.ts';
import { shortened } from './shortened.ts';

/** A row of a chart whose rows are one unit high. */
interface Row {
  readonly row: number;
  readonly name: string;
  readonly text: string;
}

/** How the texts look, as Plot names it. */
interface TextStyle {
  readonly fill?: string;
  readonly stroke?: string;
  readonly strokeWidth?: number;
}

/** How far below the top of its row a text stands. */
const AT = 0.28;
/** Pixels that a character of a figure takes at most. */
const CHARACTER = 7;

/**
 * The name of each row at the left and its figure at the right, above what the row shows.
 *
 * @param room pixels for both together
 * @param dx by how many pixels names are moved to the right
 */
export function rowTexts(
  plot: Plot,
  rows: readonly Row[],
  room: number,
  dx: number,
  style: TextStyle = {},
): Markish[] {
  const y = (row: Row): number => row.row + AT;
  return [
    plot.text(rows, {
      frameAnchor: 'left',
      dx,
      y,
      text: (row) => shortened(row.name, room - CHARACTER * row.text.length),
      textAnchor: 'start',
      fontWeight: 600,
      ...style,
    }),
    plot.text(rows, { frameAnchor: 'right', y, text: 'text', textAnchor: 'end', ...style }),
  ];
}
