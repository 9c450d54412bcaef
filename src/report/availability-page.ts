import type { AvailabilityReport, TrafficAvailability } from './availability-report.ts';
import { countText, figureText, valueText } from './figure-text.ts';
import { tableLines } from './table.ts';
import { document, itemLines, section } from './terminal.ts';
import { type RenderOptions, type Theme, themeOf } from './theme.ts';
import { goalLines } from './verdict.ts';

const CAUSES_SHOWN = 6;
/** Causes that are less than this share of the downtime are not worth a line. */
const CAUSE_LEAST = 0.005;

/** Writes an availability for people: what it is, what it is lost to, and what alone would take it. */
export function renderAvailability(report: AvailabilityReport, options: RenderOptions = {}): string {
  const theme = themeOf(options);
  const traffic = Object.entries(report.traffic);
  return document([
    [
      `${theme.bold(report.design)} ${theme.dim(theme.dot)} ${theme.dim('availability')}`,
      ...promiseLine(report, theme),
    ],
    section('Promises', goalLines(report.promises, theme), theme),
    section('Up', upLines(traffic, theme), theme),
    section('Down a year, beside the formula', formulaLines(traffic, theme), theme),
    ...traffic.map(([name, each]) =>
      section(`What ${name} are down for, a year`, causeLines(each, theme), theme),
    ),
    section('Single points of failure', pointLines(traffic, theme), theme),
    section('Notes', itemLines(report.notes, theme), theme),
    [
      theme.dim(
        `${theme.plusMinus} is a 95 % confidence interval ${theme.dot} ${countText(report.years)} years of failures and repairs`,
      ),
      theme.dim(
        `${countText(report.events)} events ${theme.dot} seed ${report.seed} ${theme.dot} tenfold ${report.version}`,
      ),
      `${theme.dim('again:')} ${report.command}`,
    ],
  ]);
}

function promiseLine({ promises }: AvailabilityReport, theme: Theme): string[] {
  const missed = promises.filter(({ met }) => met === false).length;
  if (promises.length === 0) return [theme.dim('no goal on success to promise')];
  if (missed === 0 && promises.every(({ met }) => met === true)) {
    return [theme.good(theme.bold(`${theme.met} up often enough for its goals on success`))];
  }
  if (missed === 0) return [theme.warn(`${theme.undecided} too close to call`)];
  return [theme.bad(theme.bold(`${theme.missed} down too often for ${missed} of its goals on success`))];
}

function upLines(traffic: readonly [string, TrafficAvailability][], theme: Theme): string[] {
  const rows = traffic.map(([name, each]) => [
    name,
    figureText(each.availability, theme, 'share'),
    figureText(each.outages, theme),
    figureText(each.goodMonths, theme, 'share'),
  ]);
  const columns = [
    { head: '', align: 'left' },
    { head: 'availability' },
    { head: 'outages a year' },
    { head: 'months without' },
  ] as const;
  return tableLines(columns, rows, theme, { indent: 2, narrow: 'stack' });
}

function formulaLines(traffic: readonly [string, TrafficAvailability][], theme: Theme): string[] {
  const seconds = (value: number | null): string =>
    value === null ? theme.unknown : valueText(value, 's', theme);
  const rows = traffic.map(([name, each]) => [
    name,
    figureText(each.downtime, theme),
    figureText(each.downtimeP95, theme),
    figureText(each.failingOver, theme),
    figureText(each.commonCause, theme),
    seconds(each.formula.downtime),
  ]);
  const columns = [
    { head: '', align: 'left' },
    { head: 'mean' },
    { head: '95 % of years' },
    { head: 'failing over', drop: 2 },
    { head: 'zones, regions', drop: 1 },
    { head: 'formula' },
  ] as const;
  return tableLines(columns, rows, theme, { indent: 2, narrow: 'stack' });
}

function causeLines({ causes, downtime }: TrafficAvailability, theme: Theme): string[] {
  const all = downtime.value ?? 0;
  if (causes.length === 0) return [];
  const shown = causes.filter((each) => each.downtime >= CAUSE_LEAST * all).slice(0, CAUSES_SHOWN);
  const rest = causes.slice(shown.length);
  const row = (seconds: number, what: string): string[] => [
    valueText(seconds / all, '1', theme, 'share'),
    valueText(seconds, 's', theme),
    theme.plain(what),
  ];
  const rows = shown.map((each) => row(each.downtime, each.what));
  if (rest.length > 0) {
    const together = rest.reduce((sum, each) => sum + each.downtime, 0);
    rows.push(row(together, `${countText(rest.length)} more`));
  }
  const columns = [{ head: '' }, { head: '' }, { head: '', align: 'left' }] as const;
  return tableLines(columns, rows, theme, { indent: 2, narrow: 'stack' });
}

function pointLines(traffic: readonly [string, TrafficAvailability][], theme: Theme): string[] {
  if (traffic.length === 0) return [];
  const items = traffic.map(([name, { singlePoints }]) => {
    const points = singlePoints.map(({ what, lost }) =>
      lost > 1 - 1e-9 ? what : `${what} (${valueText(lost, '1', theme, 'share')} of requests)`,
    );
    return `${name}: ${points.length === 0 ? 'none' : points.join(', ')}`;
  });
  return itemLines(items, theme);
}
