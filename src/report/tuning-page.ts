import { atPrice, priceText, withoutUnpriced } from './advice-page.ts';
import { figureText } from './figure-text.ts';
import { goalMeaning } from './goals.ts';
import { timesText } from './stress-page.ts';
import { tableLines } from './table.ts';
import { document, itemLines, section } from './terminal.ts';
import { type RenderOptions, type Theme, themeOf, wrapped } from './theme.ts';
import type { TunedKnob, TuningReport } from './tuning.ts';

/** Settings of the frontier that are shown, the cheapest and the fastest among them. */
const FRONTIER_SHOWN = 10;
const NARROW = { indent: 2, narrow: 'stack' } as const;
const LEFT = { head: '', align: 'left' } as const;

/** Writes the outcome of tuning for people: the setting, how near each goal is, and what more money buys. */
export function renderTuning(report: TuningReport, options: RenderOptions = {}): string {
  const theme = themeOf(options);
  return document([
    [
      `${theme.bold(report.design)} ${theme.dim(theme.dot)} ${theme.dim('tuning')}`,
      ...wrapped(tuningAnswer(report, theme), theme.width).map((line) => theme.bold(line)),
    ],
    section('Knobs', knobLines(report, theme), theme),
    section('How near the goals are', goalLines(report, theme), theme),
    section('Goals that no setting tried keeps together', conflictLines(report, theme), theme),
    section('What money buys', frontierLines(report, theme), theme),
    section('Notes', itemLines(report.notes, theme), theme),
    provenance(report, theme),
  ]);
}

/** What the cheapest setting costs that keeps the goals, in one sentence. */
export function tuningAnswer(
  { best, now, load, check, settings, scenarios, unpriced }: TuningReport,
  theme: Theme,
): string {
  const at = load === 1 ? '' : ` at ${timesText(load, theme)} the load`;
  const during = scenarios.length === 0 ? '' : `, also during ${theme.plain(scenarios.join(', '))}`;
  if (best === null)
    return `${theme.missed} none of ${settings} settings tried keeps all goals${at}${during}`;
  const held = check?.held ? theme.met : theme.undecided;
  const before =
    now?.cost == null
      ? ''
      : `, ${priceText(now.cost, '')} as it is${now.keepsAll ? '' : ', which does not keep them'}`;
  const doubt = check?.held ? '' : '; on other random numbers it does not keep them all';
  return `${held} all goals are kept${at}${during} ${atPrice(best.cost)}${before}${theme.plain(withoutUnpriced(unpriced))}${doubt}`;
}

/** What more of a knob costs, where it is not a sum of money. */
export function knobPrice({ costs }: TunedKnob): string {
  if (costs === 'unknown') return priceText(null);
  return costs ? '' : 'costs nothing';
}

function knobLines({ knobs }: TuningReport, theme: Theme): string[] {
  const rows = knobs.map((knob) => {
    const { name, from, to, now, chosen } = knob;
    const price = knobPrice(knob);
    return [
      theme.plain(name),
      theme.plain(now ?? 'unsaid'),
      chosen === null
        ? ''
        : chosen === now
          ? theme.dim(theme.plain(chosen))
          : theme.bold(theme.plain(chosen)),
      theme.dim(theme.plain(`${from}..${to}${price && `, ${price}`}`)),
    ];
  });
  return tableLines(
    [LEFT, { head: 'now' }, { head: 'chosen' }, { head: 'tried', align: 'left' }],
    rows,
    theme,
    NARROW,
  );
}

function goalLines({ best, now, check }: TuningReport, theme: Theme): string[] {
  const goals = best?.goals ?? now?.goals ?? [];
  const rows = goals.map((held, g) => [
    held.met === true ? theme.met : held.met === false ? theme.missed : theme.undecided,
    `${theme.plain(held.goal)}${held.scenario === null ? '' : ` during ${theme.plain(held.scenario)}`}`,
    figureText(held.value, theme, goalMeaning(held)),
    figureText(held.slack, theme, 'share'),
    check === null ? '' : figureText(check.goals[g]!.value, theme, goalMeaning(held)),
  ]);
  return tableLines(
    [
      LEFT,
      LEFT,
      { head: best === null ? 'as it is' : 'with it' },
      { head: 'left' },
      { head: check === null ? '' : 'on other random numbers' },
    ],
    rows,
    theme,
    NARROW,
  );
}

/** Whether one goal is all that was asked for: then there are no others to speak of. */
export const isOnlyGoal = ({ frontier, now }: TuningReport): boolean =>
  (now ?? frontier[0])?.goals.length === 1;

function conflictLines(report: TuningReport, theme: Theme): string[] {
  const { conflict } = report;
  if (isOnlyGoal(report)) return conflict.map(({ goal }) => `  ${theme.plain(goal)}`);
  const rows = conflict.map(({ goal, scenario, without }) => [
    `${theme.plain(goal)}${scenario === null ? '' : ` during ${theme.plain(scenario)}`}`,
    without === null ? 'nor without it' : `without it, the others for ${priceText(without, '')}`,
  ]);
  return rows.length === 0 ? [] : tableLines([LEFT, LEFT], rows, theme, NARROW);
}

function frontierLines({ frontier, knobs, unpriced }: TuningReport, theme: Theme): string[] {
  const names = Object.keys(frontier[0]?.p99 ?? {});
  if (frontier.length === 0) return [];
  const step = Math.max(1, (frontier.length - 1) / (FRONTIER_SHOWN - 1));
  const shown = frontier.filter((_, i) => Math.round(Math.round(i / step) * step) === i);
  // What is the same in all of them says nothing.
  const varied = knobs.flatMap((_, k) => (new Set(shown.map(({ values }) => values[k])).size > 1 ? [k] : []));
  const rows = shown.map(({ cost, p99, keepsAll, values }) => [
    keepsAll ? theme.met : theme.missed,
    priceText(cost, ''),
    ...names.map((name) => figureText(p99[name]!, theme)),
    theme.dim(theme.plain(varied.map((k) => `${knobs[k]!.name} ${values[k]}`).join(', '))),
  ]);
  const columns = [
    LEFT,
    { head: unpriced.length === 0 ? 'cost' : 'known cost' },
    ...names.map((name) => ({ head: `p99 ${name}` })),
    { head: 'with', align: 'left' } as const,
  ];
  return tableLines(columns, rows, theme, NARROW);
}

function provenance({ settings, runs, seed, check, version, command }: TuningReport, theme: Theme): string[] {
  const other = check === null ? '' : ` ${theme.dot} checked with seed ${check.seed}`;
  const line = `${settings} settings ${theme.dot} ${runs} simulations ${theme.dot} seed ${seed}${other} ${theme.dot} tenfold ${version}`;
  return [...wrapped(line, theme.width).map(theme.dim), `${theme.dim('again:')} ${command}`];
}
