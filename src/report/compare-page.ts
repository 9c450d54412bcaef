import type { Cell } from './cell.ts';
import type { ComparedGoal, ComparedRow, CompareReport, Comparison, Effect, KeyMoves } from './compare.ts';
import { figureText, valueText } from './figure-text.ts';
import type { PlainMeaning } from './scales.ts';
import { tableLines } from './table.ts';
import { document, itemLines, section } from './terminal.ts';
import { type RenderOptions, type Theme, themeOf, wrapped } from './theme.ts';

/** Figures that the summary names; the rest are in the table. */
const NAMED = 4;

/** Writes a comparison for people: what got better and worse first, then the figures that differ. */
export function renderCompare(report: CompareReport, options: RenderOptions = {}): string {
  const theme = themeOf(options);
  const [first = ''] = report.designs;
  const under = report.scenario === null ? '' : ` under ${theme.plain(report.scenario)}`;
  return document([
    [
      `${theme.bold(theme.plain(first))} ${theme.dim(theme.dot)} ${theme.dim(`compared${under}`)}`,
      ...report.comparisons.flatMap((each) => summaryLines(each, theme)),
    ],
    ...report.comparisons.flatMap((each) => sections(each, report.comparisons.length > 1, theme)),
    section('Notes', itemLines(report.notes, theme), theme),
    [
      ...wrapped(
        `${report.pairs} pairs of runs on common random numbers ${theme.dot} differences with 95 % intervals; told where they are more than chance, all figures together ${theme.dot} seed ${report.seed} ${theme.dot} tenfold ${report.version}`,
        theme.width,
      ).map(theme.dim),
      `${theme.dim('again:')} ${report.command}`,
    ],
  ]);
}

/** What a comparison comes to, in a sentence or two. */
export function summaryOf(comparison: Comparison): string {
  const { rows, goals, singlePoints } = comparison;
  const named = (effect: Effect): string => {
    const found = rows.filter((row) => row.effect === effect);
    const shown = found.slice(0, NAMED).map(({ name }) => name);
    const more = found.length > NAMED ? ` and ${found.length - NAMED} more` : '';
    return found.length === 0 ? '' : `${effect}: ${shown.join(', ')}${more}`;
  };
  const broken = goals.filter(isBroken).map(({ goal }) => `misses ${goal}`);
  const kept = goals.filter(({ before, after }) => before === false && after === true);
  const parts = [
    ...broken,
    ...kept.map(({ goal }) => `meets ${goal}`),
    named('worse'),
    named('better'),
    points('now', singlePoints.added),
    points('no longer', singlePoints.removed),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'no difference beyond chance' : parts.join('; ');
}

function points(what: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  return `${what} ${names.length === 1 ? 'a single point' : 'single points'} of failure: ${names.join(', ')}`;
}

/** What lies elsewhere, in a sentence: `store: 4 shards become 5; 80 % of its items move, 40 GB`. */
export function movesText(
  { component, called, before, after, by, share, bytes }: KeyMoves,
  theme: Theme,
): string {
  const moved = flat(figureText(share, theme, 'share'));
  const names = (count: number): string => `${count} ${count === 1 ? called.replace(/s$/, '') : called}`;
  const become = before === after ? names(after) : `${names(before)} become ${after}`;
  const spread = by.before === by.after || before === 1 ? '' : `, by ${by.after} and not by ${by.before}`;
  const what =
    bytes === null
      ? `${moved} of its keys are looked for elsewhere, and missed there at first`
      : `${moved} of its items move, ${flat(figureText(bytes, theme))}`;
  return `${component}: ${become}${spread}; ${what}`;
}

/** A figure and its margin in one line. */
export const flat = (cell: Cell): string =>
  typeof cell === 'string' ? cell : `${cell.value} ${cell.margin}`.trim();

/** A goal that was met and is missed. */
export function isBroken({ before, after }: ComparedGoal): boolean {
  return before !== false && after === false;
}

function summaryLines(comparison: Comparison, theme: Theme): string[] {
  const broken = comparison.goals.some(isBroken);
  const line = `${theme.plain(comparison.design)}: ${theme.plain(summaryOf(comparison))}`;
  return wrapped(line, theme.width).map((each) => (broken ? theme.bad(each) : theme.bold(each)));
}

function sections(comparison: Comparison, several: boolean, theme: Theme): string[][] {
  const of = several ? `${theme.plain(comparison.design)}: ` : '';
  const { goals, rows } = comparison;
  const told = rows.filter(({ effect }) => effect !== 'alike' && effect !== 'unknown');
  const alike = rows.filter(({ effect }) => effect === 'alike').length;
  const unknown = rows.length - told.length - alike;
  const rest = [
    ...(alike > 0 ? [`${alike} figures are alike`] : []),
    ...(unknown > 0 ? [`${unknown} cannot be had in every run`] : []),
  ].join('; ');
  return [
    section(`${of}Goals`, goalLines(goals, theme), theme),
    section(
      `${of}What differs`,
      [...rowLines(told, theme), ...(rest === '' ? [] : [theme.dim(`  ${rest}`)])],
      theme,
    ),
    section(
      `${of}What moves`,
      itemLines(
        comparison.keyMoves.map((moves) => theme.plain(movesText(moves, theme))),
        theme,
      ),
      theme,
    ),
  ];
}

function goalLines(goals: readonly ComparedGoal[], theme: Theme): string[] {
  if (goals.length === 0) return [];
  const word = (met: ComparedGoal['before']): string => {
    if (met === null) return theme.dim('not there');
    if (met === 'unknown') return theme.warn('cannot tell');
    return met ? theme.good('met') : theme.bad('missed');
  };
  const rows = goals.map(({ goal, before, after }) => [theme.plain(goal), word(before), word(after)]);
  const left = { align: 'left' } as const;
  return tableLines(
    [
      { head: '', ...left },
      { head: 'before', ...left },
      { head: 'after', ...left },
    ],
    rows,
    theme,
    { indent: 2, narrow: 'stack' },
  );
}

function rowLines(rows: readonly ComparedRow[], theme: Theme): string[] {
  if (rows.length === 0) return [];
  const columns = [
    { head: '', align: 'left' },
    { head: 'before' },
    { head: 'after' },
    { head: 'difference' },
    { head: 'change', align: 'left', drop: 1 },
    { head: '', align: 'left' },
  ] as const;
  const cells = rows.map((row) => [
    theme.plain(row.name),
    row.before.value === null ? '' : valueText(row.before.value, row.before.unit, theme, meaningOf(row)),
    row.after.value === null ? '' : valueText(row.after.value, row.after.unit, theme, meaningOf(row)),
    row.difference.value === null ? '' : figureText(row.difference, theme, meaningOf(row)),
    shareText(row),
    painted(row.effect, theme),
  ]);
  return tableLines(columns, cells, theme, { indent: 2, narrow: 'stack' });
}

function painted(effect: Effect, theme: Theme): string {
  if (effect === 'better') return theme.good(effect);
  if (effect === 'worse') return theme.bad(effect);
  return theme.dim(effect);
}

/** What a plain number among these figures is: a share, but for counts of messages. */
export function meaningOf({ name }: ComparedRow): PlainMeaning {
  return name.endsWith('.depth') ? 'count' : 'share';
}

/** The difference as a share of what it was; of shares it is in points already. */
export function shareText({ before, difference }: ComparedRow): string {
  if (before.value === null || difference.value === null || before.value === 0) return '';
  const share = (difference.value / before.value) * 100;
  return `${share > 0 ? '+' : ''}${Number(share.toPrecision(2))} %`;
}
