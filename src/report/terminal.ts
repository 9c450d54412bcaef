import type { TableData } from './cell.ts';
import { countText, valueText } from './figure-text.ts';
import { killTable } from './kill-table.ts';
import { latencyHistogram } from './latency-histogram.ts';
import { onceTable } from './once-table.ts';
import { overloadSentences } from './overload.ts';
import { ageTable, queueTable } from './queue-tables.ts';
import { replicationTable } from './replication-table.ts';
import type { Report } from './report.ts';
import { sheetLines } from './sheet.ts';
import { stalenessTable } from './staleness-table.ts';
import { linesOf } from './table.ts';
import { type RenderOptions, type Theme, themeOf, visibleWidth, wrapped } from './theme.ts';
import { changeLines, objectiveLines, outcomeLines, timelineSections } from './timeline.ts';
import {
  cacheTable,
  connectionTable,
  crossingTable,
  failureTable,
  latencyTable,
  stationTable,
  trafficTable,
} from './traffic-tables.ts';
import { goalLines, headline } from './verdict.ts';

const STATIONS_SHOWN = 10;
const HISTOGRAMS_SHOWN = 3;

/** How a report is written for a terminal. */
export interface TerminalOptions extends RenderOptions {
  /** Formula, working and source under each line of an estimate's sheet; default false. */
  readonly explain?: boolean;
}

/**
 * Writes a report for people: the answer first, then goals, traffic, latency, what is busiest, and how all
 * of it was obtained. Same report and options, same text; it ends with a newline.
 */
export function renderReport(report: Report, options: TerminalOptions = {}): string {
  const theme = themeOf(options);
  const sections = [
    headline(report, theme),
    ...scenarioSections(report, theme),
    ...resultSections(report, theme),
    section('Sheet', sheetLines(report.sheet, options.explain ?? false, theme), theme),
    section('Notes', noteLines(report, theme), theme),
    provenance(report, theme, options.explain ? '--explain' : null),
  ];
  return document(sections);
}

function scenarioSections(report: Report, theme: Theme): string[][] {
  const { scenario } = report;
  if (scenario === null) return [];
  return [
    section(`Scenario ${scenario.name}`, changeLines(scenario, theme), theme),
    section('Outcome', outcomeLines(scenario, theme), theme),
    section('Error budget', objectiveLines(scenario, theme), theme),
    ...timelineSections(report, theme).map(({ title, lines }) => section(title, lines, theme)),
  ];
}

function resultSections(report: Report, theme: Theme): string[][] {
  const { operations, stations, caches } = report;
  // Overload leaves figures only to the traffic that does not come to it.
  const steady = Object.fromEntries(
    Object.entries(operations).filter(([, { latency }]) => report.stable || latency.mean.value !== null),
  );
  const counted = report.kind === 'simulation';
  const dropping = (table: TableData): string[] => linesOf(table, theme, 'drop');
  const stacked = (table: TableData): string[] => linesOf(table, theme, 'stack');
  return [
    section('Goals', goalLines(report.goals, theme), theme),
    section('Traffic', dropping(trafficTable(operations, counted, theme)), theme),
    section('Failures', dropping(failureTable(operations, theme)), theme),
    section('Latency of served requests', stacked(latencyTable(steady, theme)), theme),
    ...histogramSections(steady, theme),
    section('Busiest stations', stationLines(stations, theme), theme),
    section('Killed for want of memory', dropping(killTable(report.kills ?? {}, theme)), theme),
    section('Messages', dropping(queueTable(report.queues ?? {}, counted, theme)), theme),
    section('Reads of replicas and copies', dropping(stalenessTable(report.staleness ?? {}, theme)), theme),
    section(
      'Replicas behind their primary',
      dropping(replicationTable(report.replication ?? {}, theme)),
      theme,
    ),
    section('Work to be done once', dropping(onceTable(report.once ?? {}, theme)), theme),
    section('Age of messages when acknowledged', stacked(ageTable(report.queues ?? {}, theme)), theme),
    section('Caches', dropping(cacheTable(caches, theme)), theme),
    section(
      'Requests over new connections',
      dropping(connectionTable(report.connections ?? {}, theme)),
      theme,
    ),
    section('From place to place', dropping(crossingTable(report.crossings ?? [], theme)), theme),
  ];
}

function stationLines(stations: Report['stations'], theme: Theme): string[] {
  const lines = linesOf(stationTable(stations, STATIONS_SHOWN, theme), theme, 'drop');
  const more = Object.keys(stations).length - STATIONS_SHOWN;
  return more > 0 ? [...lines, theme.dim(`  ${more} more, less busy (--json has all)`)] : lines;
}

/** A titled block; nothing at all where there are no lines. */
export function section(title: string, lines: readonly string[], theme: Theme): string[] {
  return lines.length === 0 ? [] : [theme.accent(theme.bold(title)), ...lines];
}

/** Blocks with an empty line between them, the empty ones left out, and a newline at the end. */
export function document(sections: readonly (readonly string[])[]): string {
  const blocks = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${blocks.join('\n\n')}\n`;
}

function histogramSections(operations: Report['operations'], theme: Theme): string[][] {
  const drawn = Object.entries(operations)
    .filter(([, operation]) => operation.histogram.length > 0)
    .sort(([, a], [, b]) => b.offered - a.offered)
    .slice(0, HISTOGRAMS_SHOWN);
  return drawn.map(([name, operation]) =>
    section(`How long ${name} take`, latencyHistogram(operation, theme, 2), theme),
  );
}

/** The verdict on an unstable system has said already what its notes say of overload. */
function notesBeyondVerdict(report: Report): readonly string[] {
  if (report.stable) return report.notes;
  const said = overloadSentences(report.stations);
  return report.notes.filter((note) => !said.includes(note));
}

/** What a reader should know of a report, one item for each note. */
export function noteLines(report: Report, theme: Theme): string[] {
  return itemLines(notesBeyondVerdict(report), theme);
}

/** Sentences one under the other, each an item of a list. */
export function itemLines(items: readonly string[], theme: Theme): string[] {
  return items.flatMap((text) =>
    wrapped(theme.plain(text), theme.width - 4).map((line, row) =>
      row === 0 ? `  - ${line}` : `    ${line}`,
    ),
  );
}

/**
 * How the figures were obtained, what the margins mean, and the command that prints them again.
 *
 * @param option what the command of the report lacks to print this page of it
 */
export function provenance(
  report: Report,
  theme: Theme,
  option: '--explain' | '--compare' | null = null,
): string[] {
  const explained = option === '--explain';
  const command = option === null ? report.command : `${report.command} ${option}`;
  const parts = report.kind === 'simulation' ? simulated(report, theme) : estimated(report, theme, explained);
  if (report.wallSeconds !== null) parts.push(`took ${valueText(report.wallSeconds, 's', theme)}`);
  const precise = report.converged || report.kind === 'estimate' || !report.stable;
  const warning = `${theme.warning} stopped before the precision asked for was reached: read the margins`;
  return [
    ...(precise ? [] : wrapped(warning, theme.width).map(theme.warn)),
    ...joined(parts, theme),
    `${theme.dim('again:')} ${command}`,
  ];
}

/** Parts on as few lines as they need, none of them broken but where it is wider than the terminal. */
function joined(parts: readonly string[], theme: Theme): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const line = lines[lines.length - 1];
    const longer = line === undefined ? part : `${line} ${theme.dot} ${part}`;
    if (line === undefined || visibleWidth(longer) > theme.width) lines.push(...wrapped(part, theme.width));
    else lines[lines.length - 1] = longer;
  }
  return lines.map(theme.dim);
}

function simulated(report: Report, theme: Theme): string[] {
  const { replications, simulatedSeconds, warmupSeconds, events, seed, version } = report;
  const each = replications > 1 ? ` in ${countText(replications)} replications` : '';
  return [
    `${theme.plusMinus} is a 95 % confidence interval`,
    `${valueText(simulatedSeconds, 's', theme)} simulated${each}`,
    warmupSeconds > 0
      ? `first ${valueText(warmupSeconds, 's', theme)}${replications > 1 ? ' of each' : ''} cut as warm-up`
      : 'no warm-up cut',
    `${countText(events)} events`,
    `seed ${seed}`,
    `tenfold ${version}`,
  ];
}

function estimated(report: Report, theme: Theme, explained: boolean): string[] {
  return [
    'computed from formulas',
    `${theme.plusMinus} and (low..high) span 90 % of what the inputs allow`,
    ...(explained ? [] : ['--explain shows each formula, its numbers and its source']),
    `tenfold ${report.version}`,
  ];
}
