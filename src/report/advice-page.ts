import { formatQuantity } from '../quantities/index.ts';
import type { Advice, AdviceReport } from './advice.ts';
import type { Figure } from './figure.ts';
import { valueText } from './figure-text.ts';
import { timesText } from './stress-page.ts';
import { tableLines } from './table.ts';
import { document, itemLines, section } from './terminal.ts';
import { type RenderOptions, type Theme, themeOf, wrapped } from './theme.ts';

/** Writes advice for people: what gives way first, what helps against it and at what price, and what does not. */
export function renderAdvice(report: AdviceReport, options: RenderOptions = {}): string {
  const theme = themeOf(options);
  const forLoad = report.advice.filter(({ helps }) => helps === 'load');
  const forUptime = report.advice.filter(({ helps }) => helps === 'availability');
  return document([
    [
      `${theme.bold(report.design)} ${theme.dim(theme.dot)} ${theme.dim('advice')}${report.scenario === null ? '' : theme.dim(` during ${theme.plain(report.scenario)}`)}`,
      ...wrapped(adviceAnswer(report, theme), theme.width).map((line) => theme.bold(line)),
    ],
    section('What gives way first', chain(report, theme), theme),
    section('What lets more load through', loadLines(forLoad, theme), theme),
    section('What keeps it up when something fails', uptimeLines(forUptime, theme), theme),
    section('Why, and what it gives up', reasons(report.advice, theme), theme),
    section('Tried, and no help', rejectedLines(report, theme), theme),
    section('Notes', itemLines(report.notes, theme), theme),
    provenance(report, theme),
  ]);
}

/** What the headroom is, and what raises it first, in one sentence. */
export function adviceAnswer(report: AdviceReport, theme: Theme): string {
  const promises = promiseAnswer(report, theme);
  return `${loadAnswer(report, theme)}${promises === null ? '' : `; ${promises}`}`;
}

/** What keeps promises that what fails breaks now. */
function promiseAnswer({ broken, advice }: AdviceReport, theme: Theme): string | null {
  if (broken.length === 0) return null;
  const said = `${theme.missed} what fails breaks ${broken.map(theme.plain).join(', ')}`;
  const first = advice.find(({ keeps }) => keeps.length > 0);
  if (first === undefined)
    return `${said}, and nothing in the catalogue keeps ${broken.length === 1 ? 'it' : 'them'}`;
  const { keeps, chose, cost } = first;
  if (keeps.length === broken.length)
    return `${said}, which ${theme.plain(chose)} keeps (${priceText(cost)})`;
  return `${said}; ${theme.plain(chose)} keeps ${theme.plain(keeps.join(', '))} (${priceText(cost)})`;
}

function loadAnswer({ headroom, most, advice }: AdviceReport, theme: Theme): string {
  const { low, high } = headroom;
  if (high === null && low !== null) {
    if (low < 1) return `${theme.undecided} cannot tell whether it holds its own load`;
    return `${theme.met} holds up to ${timesText(low, theme)} its load: nothing has to be done for load${low < most ? ' that could be told' : ''}`;
  }
  const mark = low !== null && low >= 1 ? theme.met : theme.missed;
  const now =
    low === null ? 'does not hold at any load tried' : `holds up to ${timesText(low, theme)} its load now`;
  const first = advice.find(({ helps }) => helps === 'load');
  if (first === undefined) return `${mark} ${now}, and nothing in the catalogue helps`;
  const { headroom: then, cost } = first;
  return `${mark} ${now}, and up to ${timesText(then!.low!, theme)} with ${theme.plain(first.chose)} (${priceText(cost)})`;
}

function chain({ because, headroom }: AdviceReport, theme: Theme): string[] {
  if (because.length === 0) return [];
  const at = headroom.high === null ? '' : `at ${timesText(headroom.high, theme)}: `;
  return wrapped(`${at}${theme.plain(because.join(' → '))}`, theme.width - 2).map((line) => `  ${line}`);
}

function loadLines(advice: readonly Advice[], theme: Theme): string[] {
  if (advice.length === 0) return [];
  const rows = advice.map(({ rank, name, headroom, gain, cost, gainPerHundred }) => [
    String(rank),
    theme.plain(name),
    spanText(headroom!, theme),
    `+${spanText(gain!, theme)}`,
    priceText(cost),
    gainPerHundred === null ? '' : `+${spanText(gainPerHundred, theme)}`,
  ]);
  const columns = [
    { head: '' },
    { head: 'change', align: 'left' },
    { head: 'holds up to' },
    { head: 'gain' },
    { head: 'costs' },
    { head: 'gain for $100/month', drop: 1 },
  ] as const;
  return tableLines(columns, rows, theme, { indent: 2, narrow: 'stack' });
}

function uptimeLines(advice: readonly Advice[], theme: Theme): string[] {
  const rows = advice.map(({ rank, name, downtime, cost }) => [
    String(rank),
    theme.plain(name),
    valueText(downtime!.before.value!, 's', theme),
    valueText(downtime!.after.value!, 's', theme),
    theme.plain(downtime!.spared.join(', ')),
    priceText(cost),
  ]);
  const columns = [
    { head: '' },
    { head: 'change', align: 'left' },
    { head: 'down a year' },
    { head: 'then' },
    { head: 'may fail alone', align: 'left' },
    { head: 'costs' },
  ] as const;
  return rows.length === 0 ? [] : tableLines(columns, rows, theme, { indent: 2, narrow: 'stack' });
}

function reasons(advice: readonly Advice[], theme: Theme): string[] {
  return advice.flatMap(({ rank, name, chose, over, because, sacrifices, steps, keeps, next }) => {
    const parts = [
      ...(steps.length === 0
        ? [`${chose}, over ${over}: ${because}`]
        : [`${because}:`, ...steps.map((step) => `- ${step.chose}, over ${step.over}: ${step.because}`)]),
      ...(keeps.length === 0 ? [] : [`keeps what is promised, and broken now: ${keeps.join(', ')}`]),
      `gives up: ${sacrifices}`,
      ...(next === null ? [] : [`gives way next: ${next}`]),
    ];
    return [
      `  ${theme.bold(`${rank}. ${theme.plain(name)}`)}`,
      ...parts.flatMap((part) =>
        wrapped(theme.plain(part), theme.width - 5).map((line) => `     ${theme.dim(line)}`),
      ),
    ];
  });
}

/** Those that fail for the same reason stand together. */
function rejectedLines({ rejected }: AdviceReport, theme: Theme): string[] {
  const reasons = new Map<string, string[]>();
  for (const { name, chose, why } of rejected) {
    reasons.set(why, [...(reasons.get(why) ?? []), `${name}: ${withoutOwner(chose)}`]);
  }
  return [...reasons].flatMap(([why, moves]) => [
    ...moves.flatMap((move) =>
      wrapped(`${theme.missed} ${theme.plain(move)}`, theme.width - 2).map((line) => `  ${line}`),
    ),
    ...wrapped(theme.plain(why), theme.width - 4).map((line) => `    ${theme.dim(line)}`),
  ]);
}

/** `store: cores 6` without what the name of the move says already. */
const withoutOwner = (chose: string): string => chose.replace(/^[^:]*: /, '');

function provenance(report: AdviceReport, theme: Theme): string[] {
  const { runs, seed, version, command } = report;
  const order = `ranked by ${rankedBy(report)}; equal ranks: the runs do not tell them apart`;
  const line = `${theme.plain(costNow(report))} ${theme.dot} ${order} ${theme.dot} ${runs} simulations ${theme.dot} seed ${seed} ${theme.dot} tenfold ${version}`;
  return [...wrapped(line, theme.width).map(theme.dim), `${theme.dim('again:')} ${command}`];
}

/** What the design costs as it is, as far as that is known. */
export function costNow({ cost, unpriced }: AdviceReport): string {
  if (cost === null) return 'what it costs now is not known';
  return `costs ${priceText(cost, '')} now${withoutUnpriced(unpriced)}`;
}

/** What comes first, in words. */
export function rankedBy({ headroom }: AdviceReport): string {
  const fails = headroom.high !== null && headroom.high <= 1;
  const rest = 'gain for each dollar, what costs nothing first by its gain';
  return fails ? `what lets it carry its own load, the cheapest first; then ${rest}` : rest;
}

/** Both ends of what is known of a multiple. */
export function spanText({ low, high }: Figure, theme: Theme): string {
  const ends = [low ?? 0, high].map((end) => (end === null ? 'more' : timesText(end, theme)));
  return ends[0] === ends[1] ? ends[0]! : ends.join('..');
}

/** The price at which something is had, to stand in a sentence. */
export function atPrice(cost: number | null): string {
  return cost === null ? priceText(null) : `for ${priceText(cost, '')}`;
}

/** What costs do not count, to stand behind them; nothing where they count all. */
export function withoutUnpriced(unpriced: readonly string[]): string {
  if (unpriced.length === 0) return '';
  return ` (without ${unpriced.join(', ')}, whose ${unpriced.length === 1 ? 'price' : 'prices'} nobody knows)`;
}

/** Dollars a month, with what they are on top. */
export function priceText(cost: number | null, more = ' more'): string {
  if (cost === null) return 'at a price nobody knows';
  if (Math.abs(cost) < 0.005 && more !== '') return '$0 more';
  const text = `${formatQuantity(Math.abs(cost), 'money', { digits: Math.abs(cost) < 10 ? 2 : 3 })}/month`;
  return cost < 0 ? `${text} less` : `${text}${more}`;
}
