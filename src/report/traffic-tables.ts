import type { Cell, Column, TableData } from './cell.ts';
import { countText, figureText, valueText } from './figure-text.ts';
import type { OperationReport, Report, StationReport } from './report.ts';
import type { Theme } from './theme.ts';

const NAME: Column = { head: '', align: 'left' };

type Operations = Report['operations'];

/** What was offered and what became of it, one line for each traffic; what was done in vain only where it was. */
export function trafficTable(operations: Operations, counted: boolean, theme: Theme): TableData {
  const counts: Column[] = counted
    ? [{ head: 'offered' }, { head: 'failed' }, { head: 'in flight', drop: 1 }]
    : [];
  const all = Object.values(operations);
  const hangs = counted && all.some(({ unfinished = 0 }) => unfinished > 0);
  const repeats = counted && all.some(({ attempts, offered }) => attempts > offered);
  const outlasts = counted && all.some(({ late }) => late > 0);
  if (hangs) counts.push({ head: 'unfinished' });
  if (repeats) counts.push({ head: 'attempts', drop: 2 });
  if (outlasts) counts.push({ head: 'late', drop: 3 });
  const columns: Column[] = [NAME, ...counts, { head: 'success' }, { head: 'throughput' }];
  const rows = Object.entries(operations).map(([name, operation]) => [
    name,
    ...(counted
      ? [countText(operation.offered), countText(failures(operation)), countText(operation.inFlight)]
      : []),
    ...(hangs ? [countText(operation.unfinished ?? 0)] : []),
    ...(repeats ? [countText(operation.attempts)] : []),
    ...(outlasts ? [countText(operation.late)] : []),
    figureText(operation.success, theme, 'share'),
    figureText(operation.throughput, theme),
  ]);
  return { columns, rows };
}

/** Mean and quantiles of the latency of served requests. */
export function latencyTable(operations: Operations, theme: Theme): TableData {
  const columns: Column[] = [
    NAME,
    { head: 'mean' },
    { head: 'p50' },
    { head: 'p95' },
    { head: 'p99' },
    { head: 'p99.9' },
  ];
  const rows = Object.entries(operations).map(([name, { latency }]) => [
    name,
    ...[latency.mean, latency.p50, latency.p95, latency.p99, latency.p999].map((figure) =>
      figureText(figure, theme),
    ),
  ]);
  return { columns, rows };
}

/** Failures by reason, most frequent first, with their share of what ended. */
export function failureTable(operations: Operations, theme: Theme): TableData {
  const rows: string[][] = [];
  for (const [name, operation] of Object.entries(operations)) {
    const ended = operation.served + failures(operation);
    const reasons = Object.entries(operation.failed)
      .filter(([, count]) => count > 0)
      .sort(([a, some], [b, others]) => others - some || (a < b ? -1 : 1));
    reasons.forEach(([reason, count], row) => {
      const share = `${Number(((100 * count) / ended).toPrecision(2))} %`;
      rows.push([row === 0 ? name : '', theme.plain(reason), countText(count), share]);
    });
  }
  const columns: Column[] = [
    NAME,
    { head: 'reason', align: 'left' },
    { head: 'requests' },
    { head: 'of all ended' },
  ];
  return { columns, rows };
}

function failures(operation: OperationReport): number {
  return Object.values(operation.failed).reduce((sum, count) => sum + count, 0);
}

/** The cache hit ratios, one line for each cache, and how old what instances kept was when it was served. */
export function cacheTable(caches: Report['caches'], theme: Theme): TableData {
  const isAged = Object.values(caches).some(({ age }) => age !== undefined);
  const rows = Object.entries(caches).map(([name, { hitRatio, age }]) => [
    name,
    figureText(hitRatio, theme, 'share'),
    ...(isAged ? [age === undefined ? '' : figureText(age, theme)] : []),
  ]);
  return { columns: [NAME, { head: 'hit ratio' }, ...(isAged ? [{ head: 'age' }] : [])], rows };
}

/** Share of the requests that come over a new connection, one line for each component that stands for users. */
export function connectionTable(connections: NonNullable<Report['connections']>, theme: Theme): TableData {
  const rows = Object.entries(connections).map(([name, { opened, resumed }]) => [
    name,
    figureText(opened, theme, 'share'),
    figureText(resumed, theme, 'share'),
  ]);
  return { columns: [NAME, { head: 'all' }, { head: 'resumed' }], rows };
}

/** What goes from place to place: who sends to whom, what that crosses, how much it is. */
export function crossingTable(crossings: NonNullable<Report['crossings']>, theme: Theme): TableData {
  const rows = crossings.map(({ from, to, scope, messages, bytes }) => [
    `${from} to ${to}`,
    scope === 'users' ? 'out' : `between ${scope}`,
    figureText(messages, theme),
    figureText(bytes, theme),
  ]);
  const columns: Column[] = [
    NAME,
    { head: 'crosses', align: 'left' },
    { head: 'messages' },
    { head: 'bytes' },
  ];
  return { columns, rows };
}

/** The given stations, busiest first: how busy, how long the wait, how many wait. */
export function stationTable(stations: Report['stations'], most: number, theme: Theme): TableData {
  const busiest = Object.entries(stations).sort(([, a], [, b]) => busyOf(b) - busyOf(a));
  const parted = busiest.some(([, station]) => station.busiest !== undefined);
  const columns: Column[] = [
    NAME,
    { head: 'busy' },
    ...(parted ? [{ head: 'hottest' }] : []),
    { head: 'waiting time' },
    { head: 'queue', drop: 1 },
    { head: 'arrivals', drop: 3 },
    { head: 'service', drop: 4 },
    { head: 'servers', drop: 2 },
  ];
  const wasteful = busiest.some(([, { wasted }]) => (wasted.value ?? 0) > 0);
  if (wasteful) columns.push({ head: 'wasted', drop: 5 });
  const rows = busiest.slice(0, most).map(([name, station]) => {
    // Without a limit there are always servers left, and no share of them is busy.
    const endless = station.servers === null;
    const busy = endless ? { value: '', margin: '' } : figureText(station.utilization, theme, 'share');
    return [
      name,
      { ...busy, value: heat(station.utilization.value, busy.value, theme) },
      ...(parted ? [hottestCell(station, theme)] : []),
      figureText(station.waiting, theme),
      figureText(station.queueLength, theme),
      figureText(station.arrivals, theme),
      figureText(station.service, theme),
      station.servers === null ? 'no limit' : valueText(station.servers, '1', theme),
      ...(wasteful ? [figureText(station.wasted, theme, 'share')] : []),
    ];
  });
  return { columns, rows };
}

/** How busy it is, or the busiest of its instances where each has keys of its own. */
function busyOf({ utilization, busiest }: StationReport): number {
  return Math.max(utilization.value ?? -1, busiest?.utilization.value ?? -1);
}

/** How busy the busiest instance is. */
function hottestCell({ busiest }: StationReport, theme: Theme): Cell {
  if (busiest === undefined) return '';
  const text = figureText(busiest.utilization, theme, 'share');
  return { ...text, value: heat(busiest.utilization.value, text.value, theme) };
}

function heat(utilization: number | null, text: string, theme: Theme): string {
  if (utilization === null || utilization < 0.7) return text;
  return utilization < 0.9 ? theme.warn(text) : theme.bad(text);
}
