import type { Column, TableData } from './cell.ts';
import { countText, figureText } from './figure-text.ts';
import type { Report } from './report.ts';
import type { Theme } from './theme.ts';

/** How stale reads of replicas and of copies are, a line for each component; how far behind only where some are. */
export function stalenessTable(staleness: NonNullable<Report['staleness']>, theme: Theme): TableData {
  const some = Object.values(staleness).some(({ age }) => age.mean.value !== null);
  const columns: Column[] = [
    { head: '', align: 'left' },
    { head: 'reads', drop: 3 },
    { head: 'stale' },
    ...(some
      ? [{ head: 'superseded for' }, { head: 'p99', drop: 2 }, { head: 'versions behind', drop: 1 }]
      : []),
  ];
  const rows = Object.entries(staleness).map(([name, { reads, stale, age, versions }]) => [
    name,
    countText(reads),
    figureText(stale, theme, 'share'),
    ...(some ? [figureText(age.mean, theme), figureText(age.p99, theme), figureText(versions, theme)] : []),
  ]);
  return { columns, rows };
}
