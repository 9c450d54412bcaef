import type { Cell, Column } from './cell.ts';
import { type Theme, visibleWidth, wrapped } from './theme.ts';

const GAP = '  ';

/**
 * Each row of a table as a block of lines, for terminals too narrow for columns: the first cell leads, cells
 * without a head follow each other as words do, and each of the others has a line of its own behind its head.
 */
export function rowBlocks(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  room: number,
  theme: Theme,
): string[][] {
  const headWidth = Math.max(0, ...columns.slice(1).map(({ head }) => visibleWidth(head)));
  return rows.map((row) => {
    const lines: string[] = [];
    columns.forEach(({ head }, index) => {
      const text = cellText(row[index] ?? '', theme);
      if (text === '') return;
      if (index > 0 && head !== '') lines.push(...besideHead(theme.bold(head.padEnd(headWidth)), text, room));
      else flow(lines, text, room);
    });
    return lines;
  });
}

function cellText(cell: Cell, theme: Theme): string {
  if (typeof cell === 'string') return cell;
  return cell.margin === '' ? cell.value : `${cell.value} ${theme.dim(cell.margin)}`;
}

function besideHead(head: string, text: string, room: number): string[] {
  const lead = GAP.length + visibleWidth(head) + GAP.length;
  return wrapped(text, room - lead).map((line, row) =>
    row === 0 ? `${GAP}${head}${GAP}${line}` : ' '.repeat(lead) + line,
  );
}

/** Puts a text behind the last line where there is room, else on lines of its own. */
function flow(lines: string[], text: string, room: number): void {
  const last = lines.at(-1);
  const longer = last === undefined ? text : `${last}${GAP}${text}`;
  if (visibleWidth(longer) <= room) lines.splice(-1, 1, longer);
  else if (last === undefined) lines.push(...wrapped(text, room));
  else lines.push(...wrapped(text, room - GAP.length).map((line) => GAP + line));
}
