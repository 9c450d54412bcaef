import { priceText } from './advice-page.ts';
import { valueText } from './figure-text.ts';
import type { HistoryReport, HistoryStep } from './history.ts';
import { timesText } from './stress-page.ts';
import { tableLines } from './table.ts';
import { document, itemLines, section } from './terminal.ts';
import { type RenderOptions, type Theme, themeOf, wrapped } from './theme.ts';

/** Writes a history for people: what each form held, and what came next. */
export function renderHistory(report: HistoryReport, options: RenderOptions = {}): string {
  const theme = themeOf(options);
  const { steps, seed, version, runs, command } = report;
  const line = `${runs} simulations ${theme.dot} seed ${seed} ${theme.dot} tenfold ${version}`;
  return document([
    [
      `${theme.bold(steps.at(-1)?.design ?? 'history')} ${theme.dim(theme.dot)} ${theme.dim('history')}`,
      ...wrapped(answer(steps, theme), theme.width).map((each) => theme.bold(each)),
    ],
    section('What each form holds', tableOf(steps, theme), theme),
    section(
      'What gave way, and what was decided',
      steps.flatMap((step) => told(step, theme)),
      theme,
    ),
    section('Notes', itemLines(report.notes, theme), theme),
    [theme.dim(line), `${theme.dim('again:')} ${command}`],
  ]);
}

function answer(steps: readonly HistoryStep[], theme: Theme): string {
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return `${theme.undecided} no form of it can be looked at`;
  if (steps.length === 1) return `${theme.met} one form, which holds ${holds(first, theme)}`;
  return `${theme.met} ${steps.length} forms: from ${holds(first, theme)} ${atCost(first)} to ${holds(last, theme)} ${atCost(last)}`;
}

/** Where the price of a part is not known, it costs what is known at least. */
function costText({ cost, unpriced }: HistoryStep): string {
  return `${priceText(cost, '')}${cost === null || unpriced.length === 0 ? '' : ' or more'}`;
}

const atCost = (step: HistoryStep): string => (step.cost === null ? costText(step) : `for ${costText(step)}`);

/** In requests a second, since the load of a design may change with it. */
function holds({ rate, headroom: { low } }: HistoryStep, theme: Theme): string {
  if (low === null) return 'no load tried';
  return rate === null ? `${timesText(low, theme)} its load` : valueText(low * rate, '1/s', theme);
}

function tableOf(steps: readonly HistoryStep[], theme: Theme): string[] {
  const rows = steps.map((step) => [
    theme.plain(step.name),
    step.date ?? '',
    step.rate === null ? '' : valueText(step.rate, '1/s', theme),
    step.headroom.low === null ? 'no load tried' : timesText(step.headroom.low, theme),
    holds(step, theme),
    costText(step),
  ]);
  const columns = [
    { head: '', align: 'left' },
    { head: '', align: 'left' },
    { head: 'load' },
    { head: 'headroom' },
    { head: 'holds up to' },
    { head: 'costs' },
  ] as const;
  return rows.length === 0 ? [] : tableLines(columns, rows, theme, { indent: 2, narrow: 'stack' });
}

function told({ name, because, changes, decisions, cost, unpriced }: HistoryStep, theme: Theme): string[] {
  const lines = [
    ...(changes.length === 0 ? [] : [`changed: ${changes.join(', ')}`]),
    ...(cost === null || unpriced.length === 0
      ? []
      : [`of ${unpriced.join(', ')} nobody knows the price: it is not in what it costs`]),
    ...decisions.map(({ chose, over }) => `decided: ${chose}${over === '' ? '' : `, over ${over}`}`),
    because.length === 0 ? 'nothing gave way' : `gives way: ${because.join(' → ')}`,
  ];
  return [
    `  ${theme.bold(theme.plain(name))}`,
    ...lines.flatMap((line) =>
      wrapped(theme.plain(line), theme.width - 4).map((each) => `    ${theme.dim(each)}`),
    ),
  ];
}
