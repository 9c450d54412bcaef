import type { Column, TableData } from './cell.ts';
import { countText, figureText } from './figure-text.ts';
import type { OnceReport, Report } from './report.ts';
import type { Theme } from './theme.ts';

type Onces = NonNullable<Report['once']>;

/** How often steps were done that are to be done once, a line for each; what was turned away only where that happened. */
export function onceTable(onces: Onces, theme: Theme): TableData {
  const all = Object.values(onces);
  const extra: readonly (readonly [string, (once: OnceReport) => number])[] = [
    ['in progress', ({ inProgress }) => inProgress],
    ['no key left', ({ full }) => full],
  ];
  const shown = extra.filter(([, of]) => all.some((once) => of(once) > 0));
  const columns: Column[] = [
    { head: '', align: 'left' },
    { head: 'done' },
    { head: 'done again' },
    { head: 'share' },
    { head: 'passed over' },
    ...shown.map(([head]): Column => ({ head, drop: 1 })),
  ];
  const rows = Object.entries(onces).map(([name, once]) => [
    name,
    countText(once.done),
    countText(once.repeated),
    figureText(once.duplicates, theme, 'share'),
    countText(once.skipped),
    ...shown.map(([, of]) => countText(of(once))),
  ]);
  return { columns, rows };
}
