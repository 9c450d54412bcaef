import type { TableData } from './cell.ts';
import { countText, figureText } from './figure-text.ts';
import type { Report } from './report.ts';
import type { Theme } from './theme.ts';

/** How often instances were killed since they had run out of memory, a line for each component. */
export function killTable(kills: NonNullable<Report['kills']>, theme: Theme): TableData {
  return {
    columns: [{ head: '', align: 'left' }, { head: 'times' }, { head: 'rate' }],
    rows: Object.entries(kills).map(([name, { times, rate }]) => [
      name,
      countText(times),
      figureText(rate, theme),
    ]),
  };
}
