import type { TableData } from './cell.ts';
import { countText, figureText } from './figure-text.ts';
import type { Report } from './report.ts';
import type { Theme } from './theme.ts';

/**
 * How far replicas are behind their primaries, and what that cost, a line for each component; losses only where one took
 * over, reads of the primary only where some have to go there.
 */
export function replicationTable(replication: NonNullable<Report['replication']>, theme: Theme): TableData {
  const some = Object.values(replication).some(({ promotions }) => promotions > 0);
  const routed = Object.values(replication).some(({ pinned }) => pinned !== undefined);
  return {
    columns: [
      { head: '', align: 'left' },
      { head: 'writes applied', drop: 2 },
      { head: 'behind' },
      { head: 'p99', drop: 1 },
      ...(routed ? [{ head: 'pinned to primary' }] : []),
      ...(some ? [{ head: 'took over' }, { head: 'lost writes' }] : []),
    ],
    rows: Object.entries(replication).map(([name, { pinned, applied, lag, promotions, lost }]) => [
      name,
      countText(applied),
      figureText(lag.mean, theme),
      figureText(lag.p99, theme),
      ...(routed ? [pinned === undefined ? '' : figureText(pinned, theme, 'share')] : []),
      ...(some ? [countText(promotions), countText(lost)] : []),
    ]),
  };
}
