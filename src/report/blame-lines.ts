import type { BlamedPart, BlameKind, BlameView, JoinReport, TrafficBlame } from './blame.ts';
import type { Cell, Column, TableData } from './cell.ts';
import { countText, figureText, valueText } from './figure-text.ts';
import { tableLines } from './table.ts';
import type { Theme } from './theme.ts';

/** Parts that a table shows; the rest is one line. */
const PARTS_SHOWN = 12;
/** Parts of a failed request that are named. */
const FAILED_PARTS = 2;
/** A smaller share is 0 % in words. */
const WORTH_NAMING = 0.005;
/** What takes less of all views than this is not worth a line. */
const WORTH_A_LINE = 0.001;
const BAR = 12;

/** What each kind of part is called. */
export const blameWords: Readonly<Record<BlameKind, string>> = {
  queueing: 'queueing',
  service: 'service',
  network: 'network',
  retry: 'retry',
  timeout: 'timeout wait',
  wait: 'wait',
  other: 'other',
};

const left = { head: '', align: 'left' } as const;
const views = ['mean', 'p50', 'p99'] as const;
const SLOW_FIRST = ['p99', 'mean', 'p50'] as const;

/** Where the time of one traffic goes: the whole, and by kind the parts that it is made of. */
export function blameLines(blame: TrafficBlame, theme: Theme): string[] {
  const table = blameTable(blame, theme);
  return table === null ? [] : tableLines(table.columns, table.rows, theme, { indent: 2, narrow: 'drop' });
}

/** The same as a table, with bars in its last column; null where nothing was served in a steady state. */
export function blameTable(blame: TrafficBlame, theme: Theme): TableData | null {
  const shown = views.filter((view) => blame[view] !== null);
  if (shown.length === 0) return null;
  const slow = blame.p99 ?? blame.mean!;
  const row = (name: string, of: (view: BlameView) => Cell, share: number | null): Cell[] => [
    name,
    ...shown.map((view) => of(blame[view]!)),
    share === null ? '' : bar(share, theme),
  ];
  const worth = partsWorthALine(blame);
  const rows = kindsOf(blame).flatMap((kind): Cell[][] => {
    const parts = worth.filter((part) => part.kind === kind);
    const hidden = hiddenOf(blame, kind, parts);
    const total = (view: BlameView) => view.kinds.find((each) => each.kind === kind);
    return [
      row(theme.bold(blameWords[kind]), (view) => timeOf(total(view), theme), null),
      ...parts.map((part) => {
        const own = (view: BlameView) => view.parts.find((each) => isSame(each, part));
        return row(
          `  ${theme.plain(part.where)}`,
          (view) => timeOf(own(view), theme),
          own(slow)?.share.value ?? 0,
        );
      }),
      ...(hidden.count === 0 || parts.length === 0
        ? []
        : [
            row(
              theme.dim(`  ${hidden.count} more`),
              (view) => valueText(hidden.time(view), 's', theme),
              null,
            ),
          ]),
    ];
  });
  const whole = row(theme.bold('all of it'), (view) => figureText(view.whole, theme), null);
  const columns: Column[] = [
    left,
    ...shown.map((head) => ({ head })),
    { ...left, head: `of ${blame.p99 === null ? 'the mean' : 'p99'}`, drop: 1 },
  ];
  return { columns, rows: [whole, ...rows] };
}

/** Kinds that take time of some view, those that take most of the slow requests first. */
function kindsOf(blame: TrafficBlame): BlameKind[] {
  return [...new Set(SLOW_FIRST.flatMap((view) => blame[view]?.kinds.map(({ kind }) => kind) ?? []))];
}

const isSame = (a: BlamedPart, b: BlamedPart): boolean => a.kind === b.kind && a.where === b.where;

const timeOf = (of: { readonly time: BlameView['whole'] } | undefined, theme: Theme): Cell =>
  of === undefined ? theme.dim('0 s') : figureText(of.time, theme);

/** The parts that take most of any view, the slow requests first. */
function partsWorthALine(blame: TrafficBlame): BlamedPart[] {
  const found: BlamedPart[] = [];
  for (const view of SLOW_FIRST) {
    for (const part of blame[view]?.parts ?? []) {
      if (part.share.value! >= WORTH_A_LINE && !found.some((each) => isSame(each, part))) found.push(part);
    }
  }
  return found.slice(0, PARTS_SHOWN);
}

/** The parts of a kind that have no line of their own. */
function hiddenOf(blame: TrafficBlame, kind: BlameKind, shown: readonly BlamedPart[]) {
  const hidden = (view: BlameView) =>
    view.parts.filter((part) => part.kind === kind && !shown.some((each) => isSame(each, part)));
  const all = views.flatMap((view) => (blame[view] === null ? [] : hidden(blame[view])));
  return {
    count: new Set(all.map(({ where }) => where)).size,
    time: (view: BlameView): number => hidden(view).reduce((sum, { time }) => sum + time.value!, 0),
  };
}

function bar(share: number, theme: Theme): string {
  const length = Math.round(share * BAR);
  return theme.accent((theme.unicode ? '█' : '#').repeat(share > 0 ? Math.max(1, length) : 0));
}

/** Where the time of requests went that failed, reason by reason. */
export function failedLines(traffic: Readonly<Record<string, TrafficBlame>>, theme: Theme): string[] {
  const { columns, rows } = failedTable(traffic, theme);
  return rows.length === 0 ? [] : tableLines(columns, rows, theme, { indent: 2, narrow: 'stack' });
}

/** The same as a table. */
export function failedTable(traffic: Readonly<Record<string, TrafficBlame>>, theme: Theme): TableData {
  const rows = Object.entries(traffic).flatMap(([name, { failed }]) =>
    failed.map(({ reason, share, view }): Cell[] => [
      name,
      theme.bad(theme.plain(reason)),
      figureText(share, theme, 'share'),
      figureText(view.whole, theme),
      theme.plain(mostOf(view)),
    ]),
  );
  const columns: Column[] = [
    left,
    left,
    { head: 'of all' },
    { head: 'took' },
    { head: 'mostly', align: 'left' },
  ];
  return { columns, rows };
}

function mostOf({ parts }: BlameView): string {
  return parts
    .slice(0, FAILED_PARTS)
    .filter(({ share }) => share.value! >= WORTH_NAMING)
    .map(({ kind, where, share }) => `${Math.round(share.value! * 100)} % ${blameWords[kind]} ${where}`)
    .join(', ');
}

/** What parallel steps wait for. */
export function joinLines(joins: readonly JoinReport[], theme: Theme): string[] {
  const { columns, rows } = joinTable(joins, theme);
  return rows.length === 0 ? [] : tableLines(columns, rows, theme, { indent: 2, narrow: 'stack' });
}

/** The same as a table. */
export function joinTable(joins: readonly JoinReport[], theme: Theme): TableData {
  const rows = joins.flatMap(({ traffic, component, times, branches }) =>
    branches.map((branch, b): Cell[] => [
      b === 0 ? `${component}, for ${traffic}` : '',
      b === 0 ? countText(times) : '',
      theme.plain(branch.does),
      figureText(branch.decides, theme, 'share'),
      branch.slack === null ? theme.unknown : figureText(branch.slack, theme),
    ]),
  );
  const columns: Column[] = [
    { head: 'step of', align: 'left' },
    { head: 'times' },
    { head: 'branch', align: 'left' },
    { head: 'waited for' },
    { head: 'else early by' },
  ];
  return { columns, rows };
}
