import asciichart from 'asciichart';
import type { TableData } from './cell.ts';
import { figureText, valueText } from './figure-text.ts';
import type { Report } from './report.ts';
import type { OutcomeReport, ScenarioReport, SeriesReport } from './scenario-report.ts';
import { linesOf, tableLines } from './table.ts';
import { type Theme, wrapped } from './theme.ts';

const HEIGHT = 6;
const LABEL = 10;
/** Fewer windows than columns are drawn wider, up to so many columns each. */
const WIDEST = 3;
const CHARTS = 3;

/** What happens in a scenario, one line for each change. */
export function changeLines(scenario: ScenarioReport, theme: Theme): string[] {
  const rows = scenario.changes.map(({ at, until, what }) => [
    valueText(at, 's', theme),
    until === null ? 'to the end' : `to ${valueText(until, 's', theme)}`,
    theme.plain(what),
  ]);
  const columns = [{ head: 'from' }, { head: '', align: 'left' }, { head: '', align: 'left' }] as const;
  if (rows.length === 0) rows.push(['', '', 'nothing changes']);
  return [
    ...wrapped(theme.plain(scenario.summary), theme.width - 2).map((line) => `  ${line}`),
    ...tableLines(columns, rows, theme, { indent: 2, narrow: 'stack' }),
  ];
}

/** Whether each traffic was harmed and came back, one line for each. */
export function outcomeLines(scenario: ScenarioReport, theme: Theme): string[] {
  return [
    ...linesOf(outcomeTable(scenario, theme), theme, 'stack'),
    ...recoverySentences(scenario, theme).flatMap((sentence) =>
      wrapped(theme.plain(sentence), theme.width - 2).map((line) => `  ${line}`),
    ),
  ];
}

/** The same as a table. */
export function outcomeTable(scenario: ScenarioReport, theme: Theme): TableData {
  const rows = Object.entries(scenario.outcomes).map(([name, outcome]) => {
    const unharmed = outcome.harmed.value === 0;
    return [
      name,
      offeredNothing(scenario, name) ? theme.dim('no requests') : outcomeVerdict(outcome, theme),
      figureText(outcome.harmed, theme, 'share'),
      figureText(outcome.recovered, theme, 'share'),
      unharmed ? '' : figureText(outcome.detection, theme),
      unharmed || outcome.recovery.value === null ? '' : figureText(outcome.recovery, theme),
      figureText(outcome.lost, theme),
    ];
  });
  const columns = [
    { head: '', align: 'left' },
    { head: '', align: 'left' },
    { head: 'harmed', drop: 1 },
    { head: 'well at the end' },
    { head: 'seen after' },
    { head: 'over after' },
    { head: 'lost' },
  ] as const;
  return { columns, rows };
}

/** What was burnt of error budgets, and when who was told. */
export function objectiveLines(scenario: ScenarioReport, theme: Theme): string[] {
  return objectiveTables(scenario, theme).flatMap((table) => linesOf(table, theme, 'stack'));
}

/** The same as two tables: of budgets, and of alerts. */
export function objectiveTables(
  { objectives = {} }: ScenarioReport,
  theme: Theme,
): readonly [budgets: TableData, alerts: TableData] {
  const budgets = Object.entries(objectives).map(([name, { burnt, window, objective }]) => [
    name,
    figureText(burnt, theme, 'share'),
    `of what may fail in ${valueText(window, 's', theme)}, ${valueText(1 - objective, '1', theme, 'share')} of requests`,
  ]);
  const alerts = Object.entries(objectives).flatMap(([name, { alerts }]) =>
    alerts.map(({ severity, burnRate, long, short, fired, detection, over }) => [
      name,
      theme.plain(
        `${severity}: ${Number(burnRate.toPrecision(3))}× over ${valueText(long, 's', theme)} and ${valueText(short, 's', theme)}`,
      ),
      figureText(fired, theme, 'share'),
      fired.value === 0 ? '' : figureText(detection, theme),
      over.value === null ? '' : figureText(over, theme),
    ]),
  );
  const left = { head: '', align: 'left' } as const;
  const budgetColumns = [left, { head: 'burnt' }, left] as const;
  const alertColumns = [
    left,
    { head: 'alert', align: 'left' },
    { head: 'fired' },
    { head: 'after' },
    { head: 'over after' },
  ] as const;
  return [
    { columns: budgetColumns, rows: budgets },
    { columns: alertColumns, rows: alerts },
  ];
}

/** The highest load from which it comes back, where that was looked for. */
export function recoverySentences({ recoveryLoad }: ScenarioReport, theme: Theme): string[] {
  if (recoveryLoad === null) return [];
  const { low, high } = recoveryLoad;
  const times = (value: number): string => `${Number(value.toPrecision(3))}${theme.times}`;
  const said =
    low === null
      ? `It comes back from no load tried, down to ${times(high!)} that of the design.`
      : high === null
        ? `It comes back from every load tried, up to ${times(low)} that of the design.`
        : `It comes back from ${times(low)} the load of the design, and not from ${times(high)}.`;
  return [said];
}

/** Whether no request came all the time. */
export function offeredNothing(scenario: ScenarioReport, name: string): boolean {
  return scenario.traffic[name]!.offered.value.every((value) => value === 0);
}

export function outcomeVerdict({ harmed, recovered }: OutcomeReport, theme: Theme): string {
  if (harmed.value === 0) return theme.good('unharmed');
  if (recovered.value === 1) return theme.good('recovers');
  if (recovered.value === 0) return theme.bad('does not recover');
  return theme.warn('may not recover');
}

/** Charts over time of the traffic with most requests (what came and what was served, and the p99), of instances, and of old answers. */
export function timelineSections(report: Report, theme: Theme): { title: string; lines: string[] }[] {
  const { scenario } = report;
  if (scenario === null) return [];
  const charts = Object.entries(scenario.traffic)
    .sort(([a], [b]) => report.operations[b]!.offered - report.operations[a]!.offered)
    .slice(0, CHARTS)
    .flatMap(([name, traffic]) => [
      {
        title: `${name}: offered ${theme.dim('(dotted)')} and served per second`,
        lines: chartLines([traffic.offered, traffic.goodput], scenario, theme),
      },
      { title: `${name}: p99 of those served`, lines: chartLines([traffic.p99], scenario, theme) },
    ]);
  const instances = Object.entries(scenario.instances)
    .slice(0, CHARTS)
    .map(([name, series]) => ({ title: `${name}: instances`, lines: chartLines([series], scenario, theme) }));
  const stale = Object.entries(scenario.stale ?? {})
    .slice(0, CHARTS)
    .map(([name, series]) => ({
      title: `${name}: share of answers that were old`,
      lines: chartLines([series], scenario, theme),
    }));
  return [...charts, ...instances, ...stale];
}

/** One line chart; unknown values leave gaps. The last series is drawn over the others. */
function chartLines(all: readonly SeriesReport[], scenario: ScenarioReport, theme: Theme): string[] {
  const room = theme.width - LABEL - 4;
  const drawn = all.map((series) => resampled(series.value, room));
  const most = Math.max(0, ...drawn.flat().filter(Number.isFinite));
  if (most === 0) return [];
  const unit = all[0]!.unit;
  const columns = drawn[0]!.length;
  const plots = drawn.map((series) => plotOf(series, most));
  const rows = Array.from({ length: HEIGHT + 1 }, (_, row) => {
    const label = row % 3 === 0 ? valueText((most * (HEIGHT - row)) / HEIGHT, unit, theme) : '';
    const cells = Array.from({ length: columns }, (_, column) => {
      let cell = ' ';
      plots.forEach((plot, p) => {
        const drawn = plot[row]?.[column] ?? ' ';
        if (drawn !== ' ') cell = p === plots.length - 1 ? drawn : theme.dim(theme.unicode ? '┄' : '.');
      });
      return cell;
    }).join('');
    return `${label.padStart(LABEL)} ${theme.unicode ? '┤' : '|'}${inCharset(cells, theme)}`;
  });
  return [...rows, axis(scenario, columns, theme)];
}

/** The strokes of one line, by row and column; where values are unknown, there are none. */
function plotOf(series: readonly number[], most: number): string[][] {
  const rows = Array.from({ length: HEIGHT + 1 }, () => series.map(() => ' '));
  for (let from = 0; from < series.length; from++) {
    if (Number.isNaN(series[from])) continue;
    let to = from + 1;
    while (to < series.length && !Number.isNaN(series[to])) to++;
    // Its first stroke belongs to the axis, so the run begins with its first value twice.
    const run = [series[from]!, ...series.slice(from, to)];
    const lines = asciichart.plot(run, { height: HEIGHT, min: 0, max: most, format: () => '' }).split('\n');
    lines.forEach((line, row) => {
      [...line].slice(-run.length + 1).forEach((cell, i) => {
        rows[row]![from + i] = cell;
      });
    });
    from = to;
  }
  return rows;
}

const plainStrokes: readonly (readonly [RegExp, string])[] = [
  [/[╭╮╰╯]/gu, '+'],
  [/─/gu, '-'],
  [/│/gu, '|'],
];

function inCharset(cells: string, theme: Theme): string {
  if (theme.unicode) return cells;
  return plainStrokes.reduce((text, [stroke, plain]) => text.replaceAll(stroke, plain), cells);
}

/** Times under a chart: its start and end, and marks where something changes. */
function axis(scenario: ScenarioReport, columns: number, theme: Theme): string {
  const marks = Array.from({ length: columns }, () => ' ');
  const mark = theme.unicode ? '▲' : '^';
  for (const { at, until } of scenario.changes) {
    for (const time of until === null ? [at] : [at, until]) {
      const column = Math.min(columns - 1, Math.round((time / scenario.seconds) * (columns - 1)));
      if (time > 0 && time < scenario.seconds) marks[column] = mark;
    }
  }
  const end = valueText(scenario.seconds, 's', theme);
  return `${'0s'.padStart(LABEL)}  ${theme.warn(marks.join('').trimEnd()).padEnd(columns)} ${end}`.trimEnd();
}

/** One value a column: each repeated where there is room, means of neighbours where there is not. */
function resampled(values: readonly (number | null)[], room: number): number[] {
  const known = values.map((value) => value ?? Number.NaN);
  if (known.length <= room) {
    const wide = Math.min(WIDEST, Math.floor(room / known.length));
    return known.flatMap((value) => Array.from({ length: wide }, () => value));
  }
  return Array.from({ length: room }, (_, column) => {
    const from = Math.floor((column * known.length) / room);
    const to = Math.max(from + 1, Math.floor(((column + 1) * known.length) / room));
    const part = known.slice(from, to).filter(Number.isFinite);
    return part.length === 0 ? Number.NaN : part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}
