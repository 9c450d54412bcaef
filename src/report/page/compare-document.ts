import type { Cell } from '../cell.ts';
import type { ComparedGoal, ComparedRow, CompareReport, Comparison, Effect } from '../compare.ts';
import { flat, isBroken, meaningOf, movesText, shareText, summaryOf } from '../compare-page.ts';
import { figureText, valueText } from '../figure-text.ts';
import { themeOf } from '../theme.ts';
import { type Dot, dotChart } from './charts/dot-chart.ts';
import {
  type Card,
  type Chart,
  headed,
  type Page,
  type Part,
  type Section,
  type Tone,
  tablePart,
} from './page.ts';

const theme = themeOf({});
const left = { head: '', align: 'left' } as const;
/** Differences that a chart has room for; the table has all. */
const DRAWN = 24;

/** Puts a comparison of designs into a document: the verdict on each first, then what differs, with intervals. */
export function comparePage(report: CompareReport): Page {
  const [first = ''] = report.designs;
  const under = report.scenario === null ? '' : `, under scenario ${report.scenario}`;
  return {
    title: `${report.designs.slice(1).join(', ')} against ${first}`,
    summary: `What changes${under}: differences of ${report.pairs} pairs of runs on common random numbers, with 95 % intervals`,
    sections: [
      {
        id: 'verdict',
        title: 'Verdict',
        parts: [{ part: 'cards', cards: report.comparisons.flatMap(cardsOf) }],
      },
      ...report.comparisons.map((each, at) => comparisonSection(each, first, at)),
      reproduce(report),
    ],
  };
}

/** The verdict on one design: goals and figures in one card, its weak points and what it costs in two more. */
function cardsOf(comparison: Comparison): Card[] {
  const { design, goals, rows, singlePoints } = comparison;
  const worse = rows.some(({ effect }) => effect === 'worse');
  const better = rows.some(({ effect }) => effect === 'better');
  const broken = goals.filter(isBroken).length;
  const answer =
    broken > 0
      ? `misses ${broken === 1 ? 'a goal' : `${broken} goals`} that ${broken === 1 ? 'was' : 'were'} not missed`
      : worse && better
        ? 'some better, some worse'
        : worse
          ? 'worse'
          : better
            ? 'better'
            : 'no difference beyond chance';
  const tone: Tone | null = broken > 0 ? 'bad' : worse ? 'open' : better ? 'good' : null;
  const cost = rows.find(({ name }) => name === 'cost.total');
  const { added, removed } = singlePoints;
  return [
    { about: design, answer, more: summaryOf(comparison), tone },
    {
      about: `${design}: single points of failure`,
      answer: added.length + removed.length === 0 ? 'the same as before' : pointsText(comparison),
      more: '',
      tone: added.length > 0 ? 'bad' : removed.length > 0 ? 'good' : null,
    },
    ...(cost === undefined || cost.after.value === null
      ? []
      : [
          {
            about: `${design}: cost a month`,
            answer: valueText(cost.after.value, '$', theme),
            more: costText(cost),
            tone: null,
          },
        ]),
  ];
}

function pointsText({ singlePoints: { added, removed } }: Comparison): string {
  return [
    ...(added.length === 0 ? [] : [`new: ${added.join(', ')}`]),
    ...(removed.length === 0 ? [] : [`no longer: ${removed.join(', ')}`]),
  ].join('; ');
}

function costText({ before, difference }: ComparedRow): string {
  if (before.value === null || difference.value === null) return 'not known before';
  const was = `${valueText(before.value, '$', theme)} before`;
  if (difference.value === 0) return 'as before';
  return `${was}; ${valueText(Math.abs(difference.value), '$', theme)} ${difference.value > 0 ? 'more' : 'less'}`;
}

function comparisonSection(comparison: Comparison, first: string, at: number): Section {
  const { design, goals, rows, keyMoves } = comparison;
  const is = (...effects: readonly Effect[]) => rows.filter(({ effect }) => effects.includes(effect));
  const differing = rows.filter(({ effect }) => effect !== 'alike' && effect !== 'unknown');
  const chart = differencesChart(differing, design, first);
  return {
    id: `comparison-${at + 1}`,
    title: `${design} against ${first}`,
    parts: [
      ...headed('Goals', goalParts(goals)),
      ...headed('What differs', [
        ...(chart === null ? [] : [{ part: 'chart' as const, chart }]),
        ...(differing.length === 0
          ? [{ part: 'text' as const, text: 'No figure differs beyond chance.' }]
          : differenceTable(differing)),
        ...differenceTable(is('alike'), `${is('alike').length} figures are alike`),
        ...differenceTable(is('unknown'), `${is('unknown').length} figures cannot be had in every run`),
      ]),
      ...headed('Single points of failure', pointParts(comparison)),
      ...headed(
        'What moves',
        keyMoves.length === 0
          ? []
          : [{ part: 'items', items: keyMoves.map((moves) => movesText(moves, theme)) }],
      ),
    ],
  };
}

function goalParts(goals: readonly ComparedGoal[]): Part[] {
  const word = (met: ComparedGoal['before']): string =>
    met === null ? 'not there' : met === 'unknown' ? 'cannot tell' : met ? 'met' : 'missed';
  return tablePart(
    {
      columns: [
        { ...left, head: 'goal' },
        { ...left, head: 'before' },
        { ...left, head: 'after' },
      ],
      rows: goals.map(({ goal, before, after }) => [goal, word(before), word(after)]),
    },
    {
      tones: goals.map(({ after }) =>
        after === null ? null : after === 'unknown' ? 'open' : after ? 'good' : 'bad',
      ),
    },
  );
}

const toneOf = (effect: Effect): Tone | null =>
  effect === 'better' ? 'good' : effect === 'worse' ? 'bad' : null;

function differenceTable(rows: readonly ComparedRow[], folded?: string): Part[] {
  const cell = ({ value, unit }: ComparedRow['before'], row: ComparedRow): Cell =>
    value === null ? '' : valueText(value, unit, theme, meaningOf(row));
  return tablePart(
    {
      columns: [
        { ...left, head: 'figure' },
        { head: 'before' },
        { head: 'after' },
        { head: 'difference' },
        { head: 'change' },
        left,
      ],
      rows: rows.map((row) => [
        row.name,
        cell(row.before, row),
        cell(row.after, row),
        row.difference.value === null ? '' : figureText(row.difference, theme, meaningOf(row)),
        shareText(row),
        row.effect,
      ]),
    },
    { tones: rows.map(({ effect }) => toneOf(effect)), ...(folded === undefined ? {} : { folded }) },
  );
}

/**
 * What each figure becomes, as a multiple of what it was: figures of all units on one axis. Those that were nothing, or
 * become nothing, have no multiple and are in the table alone. Null where none is left.
 */
function differencesChart(rows: readonly ComparedRow[], design: string, first: string): Chart | null {
  const all = rows.flatMap((row) => {
    const dot = dotOf(row);
    return dot === null ? [] : [{ row, dot }];
  });
  const furthest = [...all]
    .sort((a, b) => Math.abs(Math.log(b.dot.at)) - Math.abs(Math.log(a.dot.at)))
    .slice(0, DRAWN);
  const drawn = all.filter((each) => furthest.includes(each));
  if (drawn.length === 0) return null;
  const count = (effect: Effect): number => rows.filter((row) => row.effect === effect).length;
  const most = furthest[0]!;
  const undrawn = rows.length - drawn.length;
  return dotChart({
    title: 'What figures become, as multiples of what they were',
    label: `${rows.length} figures of ${design} differ from ${first}: ${count('better')} better, ${count('worse')} worse. The furthest: ${most.dot.name}, ${most.dot.text}.${undrawn === 0 ? '' : ` ${undrawn} more are in the table below.`}`,
    dots: drawn.map(({ dot }) => dot),
    line: { at: 1, text: `as in ${first}` },
    meaning: {
      good: 'better',
      bad: 'worse',
      open: 'cannot tell',
      neither: 'more or less, neither good nor bad',
    },
    table: {
      columns: [{ ...left, head: 'figure' }, { head: 'times' }, { head: 'from' }, { head: 'to' }, left],
      rows: drawn.map(({ row, dot }) => [dot.name, ...[dot.at, dot.low, dot.high].map(digits), row.effect]),
    },
  });
}

const digits = (value: number | null): string => (value === null ? '' : String(Number(value.toPrecision(4))));

function dotOf(row: ComparedRow): Dot | null {
  const { before, difference, name, effect } = row;
  if (before.value === null || difference.value === null || !(before.value > 0)) return null;
  const times = (change: number | null): number | null =>
    change === null ? null : 1 + change / before.value!;
  const at = times(difference.value)!;
  // What is left of a subtraction of nearly equal numbers is nothing.
  if (!(at > 1e-9)) return null;
  return {
    name,
    at,
    low: times(difference.low),
    high: times(difference.high),
    text: signed(flat(figureText(difference, theme, meaningOf(row))), difference.value),
    tone: toneOf(effect),
  };
}

const signed = (text: string, value: number): string => (value > 0 ? `+${text}` : text);

function pointParts({ singlePoints: { added, removed } }: Comparison): Part[] {
  if (added.length + removed.length === 0) return [{ part: 'text', text: 'None comes and none goes.' }];
  return tablePart(
    {
      columns: [{ ...left, head: 'takes requests down alone' }, left],
      rows: [...added.map((name) => [name, 'new']), ...removed.map((name) => [name, 'no longer'])],
    },
    { tones: [...added.map(() => 'bad' as const), ...removed.map(() => 'good' as const)] },
  );
}

function reproduce({ pairs, seed, version, command, notes }: CompareReport): Section {
  return {
    id: 'reproduce',
    title: 'Reproduce',
    parts: [
      {
        part: 'items',
        items: [
          ...notes,
          `${pairs} pairs of runs, each on random numbers common to all designs, from seed ${seed} on. Differences carry 95 % intervals, and are told where they are more than chance, all figures together.`,
          `Tenfold ${version}. The same designs and seed give the same bytes.`,
        ],
      },
      { part: 'command', command },
    ],
  };
}
