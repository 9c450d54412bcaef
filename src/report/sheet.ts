import { figureText } from './figure-text.ts';
import type { SheetEntry } from './report.ts';
import type { PlainMeaning } from './scales.ts';
import { layOut } from './table.ts';
import { type Theme, wrapped } from './theme.ts';

/**
 * The back-of-the-envelope sheet, grouped by what it speaks of (a traffic, a data set, a component).
 *
 * @param explain formula, working and source under each line
 */
export function sheetLines(sheet: readonly SheetEntry[], explain: boolean, theme: Theme): string[] {
  const groups = new Map<string, SheetEntry[]>();
  for (const entry of sheet) {
    const name = groupOf(entry.name);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [entry]);
    else group.push(entry);
  }
  const rows = sheet.map((entry) => [
    theme.plain(entry.label),
    figureText(entry.figure, theme, meaningOf(entry)),
  ]);
  const left = { head: '', align: 'left' } as const;
  const table = layOut([left, left], rows, theme, { indent: 4, narrow: 'drop' });
  const at = new Map(sheet.map((entry, row) => [entry, table.rows[row]!]));
  return [...groups].flatMap(([name, entries]) => [
    `  ${theme.bold(name)}`,
    ...entries.flatMap((entry) => [...at.get(entry)!, ...(explain ? working(entry, theme) : [])]),
  ]);
}

/** `traffic.visitors.rate` belongs to `traffic visitors`, `links.storage` to `links`. */
export function groupOf(name: string): string {
  const parts = name.split('.');
  return parts.length > 2 && (parts[0] === 'traffic' || parts[0] === 'data')
    ? `${parts[0]} ${parts[1]}`
    : parts[0]!;
}

/** How a figure without a unit is meant. */
export function meaningOf(entry: SheetEntry): PlainMeaning {
  return /utili[sz]ation|ratio|success|availability|share/i.test(entry.name) ? 'share' : 'count';
}

function working(entry: SheetEntry, theme: Theme): string[] {
  const parts = [
    ['=', entry.formula],
    ['=', entry.working],
    ['from', entry.source],
  ] as const;
  return parts
    .filter(([, text], row) => text !== '' && (row !== 1 || text !== entry.formula))
    .flatMap(([lead, text]) =>
      wrapped(theme.plain(text), theme.width - 8 - lead.length - 1).map((line, row) =>
        theme.dim(`        ${row === 0 ? lead : ' '.repeat(lead.length)} ${line}`),
      ),
    );
}
