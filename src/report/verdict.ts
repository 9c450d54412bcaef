import { figureLine } from './figure-text.ts';
import { goalMeaning } from './goals.ts';
import { overloadSentences, ratioText } from './overload.ts';
import type { GoalReport, Report } from './report.ts';
import { tableLines } from './table.ts';
import { type Theme, visibleWidth, wrapped } from './theme.ts';

/** The name of the design, what was done with it, and the answer. */
export function headline(report: Report, theme: Theme): string[] {
  const under = report.scenario === null ? '' : ` under ${report.scenario.name}`;
  const what = report.kind === 'estimate' ? 'estimate' : `simulation${under}`;
  return [
    `${theme.bold(report.design)} ${theme.dim(theme.dot)} ${theme.dim(what)}`,
    ...verdict(report, theme),
  ];
}

/** The answer: the system meets its goals, misses some, or cannot hold its load, and why. */
export function verdict(report: Report, theme: Theme): string[] {
  if (report.stable) return goalVerdict(report.goals, theme);
  const answer =
    report.filling === undefined
      ? theme.bad(theme.bold(`${theme.missed} cannot hold this load`))
      : theme.warn(`${theme.undecided} cannot serve all of this load, and its queues are not full yet`);
  return [answer, ...overloads(report, theme)];
}

function goalVerdict(goals: readonly GoalReport[], theme: Theme): string[] {
  const missed = goals.filter((goal) => goal.met === false).length;
  const unknown = goals.filter((goal) => goal.met === 'unknown').length;
  if (goals.length === 0) return [theme.dim('no goals set')];
  const only = goals.length === 1 ? 'its goal' : null;
  const parts: string[] = [];
  if (missed > 0) {
    parts.push(
      theme.bad(theme.bold(`${theme.missed} misses ${only ?? `${missed} of ${goals.length} goals`}`)),
    );
  }
  if (unknown > 0) {
    parts.push(
      theme.warn(
        `${theme.undecided} cannot tell about ${only ?? `${unknown} of ${goals.length} goals`}${whyNone(goals)}`,
      ),
    );
  }
  if (parts.length === 0)
    return [theme.good(theme.bold(`${theme.met} meets ${only ?? `all ${goals.length} goals`}`))];
  const line = parts.join(', ');
  return visibleWidth(line) <= theme.width ? [line] : parts;
}

/** Why nothing was judged, where that is one reason for all that is open. */
function whyNone(goals: readonly GoalReport[]): string {
  const open = goals.filter(({ met }) => met === 'unknown');
  const [reason] = open.map(({ unjudged }) => unjudged);
  if (reason === undefined || open.some(({ unjudged }) => unjudged !== reason)) return '';
  return `: ${unjudgedText(reason)}`;
}

function unjudgedText(reason: NonNullable<GoalReport['unjudged']>): string {
  return reason === 'warm-up' ? 'the warm-up had not ended' : 'times are too short for the clock';
}

/** What to say of a goal that is neither met nor missed. */
export function openText({ value, unjudged }: GoalReport): string {
  if (value.value === null) return 'no figure to judge by';
  return unjudged === undefined ? 'too close to call' : `not judged: ${unjudgedText(unjudged)}`;
}

function overloads(report: Report, theme: Theme): string[] {
  const sentences = [
    ...overloadSentences(report.stations),
    report.filling === undefined
      ? 'Queues grow there as long as the load lasts: what comes to them has no steady state and no latency to report.'
      : 'Queues grow there until they are full; from then on who finds no room is turned away, and latency grows no more. This run ended before, and cannot tell it.',
  ];
  return sentences.flatMap((sentence) =>
    wrapped(theme.plain(sentence), theme.width - 2).map((line) => `  ${line}`),
  );
}

/** Every goal with its value: a mark, and the same in words for readers without colour. */
export function goalLines(goals: readonly GoalReport[], theme: Theme): string[] {
  const rows = goals.map((goal) => {
    const value = figureLine(goal.value, theme, goalMeaning(goal));
    if (goal.met === true) return [theme.good(theme.met), theme.plain(goal.goal), value, theme.good('met')];
    if (goal.met === false) {
      return [theme.bad(theme.missed), theme.plain(goal.goal), value, theme.bad(missedBy(goal, theme))];
    }
    return [theme.warn(theme.undecided), theme.plain(goal.goal), value, theme.warn(openText(goal))];
  });
  const left = { head: '', align: 'left' } as const;
  return tableLines([left, left, left, left], rows, theme, { indent: 2, narrow: 'drop' });
}

/** What to say of a missed goal. */
export function missedBy(goal: GoalReport, theme: Theme): string {
  const { value, unit } = goal.value;
  if (value === null || unit !== 's' || goal.target <= 0) return 'missed';
  return `missed, ${ratioText(value / goal.target)}${theme.times} the target`;
}
