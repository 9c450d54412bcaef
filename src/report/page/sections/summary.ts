import { adviceAnswer } from '../../advice-page.ts';
import { blameWords } from '../../blame-lines.ts';
import type { ExplainReport } from '../../explain.ts';
import { figureText, valueText } from '../../figure-text.ts';
import { overloadSentences } from '../../overload.ts';
import type { GoalReport, Report } from '../../report.ts';
import type { OutcomeReport } from '../../scenario-report.ts';
import { stressAnswer } from '../../stress-page.ts';
import { themeOf } from '../../theme.ts';
import { offeredNothing, outcomeVerdict } from '../../timeline.ts';
import { tuningAnswer } from '../../tuning-page.ts';
import type { Card, Part, Section, Tone } from '../page.ts';
import type { Results } from '../results.ts';

const theme = themeOf({});

/** The answers, each in a few words. */
export function summarySection(results: Results): Section {
  const { estimate, simulation, scenarios = [], stress, explain, advice, tuning } = results;
  const judged = simulation ?? estimate;
  const cards: Card[] = [
    ...(judged === undefined ? [] : [goalsCard(judged)]),
    ...(stress === undefined ? [] : [stressCard(stress)]),
    ...(advice === undefined ? [] : [answerCard('what to change next', adviceAnswer(advice, theme))]),
    ...(tuning === undefined ? [] : [answerCard('the cheapest setting', tuningAnswer(tuning, theme))]),
    ...scenarios.map(scenarioCard),
    ...(explain === undefined ? [] : blameCards(explain)),
    ...(estimate === undefined ? [] : sheetCards(estimate)),
  ];
  const parts: Part[] = [{ part: 'cards', cards }];
  const overloaded = judged !== undefined && !judged.stable ? overloadSentences(judged.stations) : [];
  if (overloaded.length > 0) parts.push({ part: 'items', items: overloaded });
  return { id: 'summary', title: 'Summary', parts };
}

/** What takes most of the slow requests of each traffic. */
function blameCards({ traffic }: ExplainReport): Card[] {
  return Object.entries(traffic).flatMap(([name, { p99, mean }]): Card[] => {
    const view = p99 ?? mean;
    const [most] = view?.parts ?? [];
    if (view === null || most === undefined) return [];
    return [
      {
        about: `${p99 === null ? 'mean' : 'slow'} requests of ${name}`,
        answer: `${valueText(most.share.value!, '1', theme, 'share')} ${blameWords[most.kind]}`,
        more: `${most.where}, ${figureText(most.time, theme).value} of ${figureText(view.whole, theme).value}`,
        tone: null,
      },
    ];
  });
}

/** How a goal came out. */
export const goalTone = ({ met }: GoalReport): Tone => (met === 'unknown' ? 'open' : met ? 'good' : 'bad');

function goalsCard({ goals, stable, filling, kind }: Report): Card {
  const about = kind === 'estimate' ? 'by formulas' : 'simulated';
  if (filling !== undefined)
    return {
      about,
      answer: 'cannot serve all of this load',
      more: `queues were not full when the run ended: ${filling.join(', ')}`,
      tone: 'open',
    };
  if (!stable)
    return {
      about,
      answer: 'cannot hold this load',
      more: 'a station is offered more than it can do',
      tone: 'bad',
    };
  if (goals.length === 0) return { about, answer: 'no goals set', more: 'nothing to judge by', tone: null };
  const count = (tone: Tone): number => goals.filter((goal) => goalTone(goal) === tone).length;
  const of = goals.length === 1 ? 'its goal' : `${goals.length} goals`;
  if (count('bad') > 0) {
    const names = goals.filter(({ met }) => met === false).map(({ goal }) => goal);
    return {
      about,
      answer: goals.length === 1 ? 'misses its goal' : `misses ${count('bad')} of ${of}`,
      more: names.join('; '),
      tone: 'bad',
    };
  }
  if (count('open') > 0) {
    const names = goals.filter(({ met }) => met === 'unknown').map(({ goal }) => goal);
    return {
      about,
      answer:
        goals.length === 1 ? 'cannot tell about its goal' : `cannot tell about ${count('open')} of ${of}`,
      more: names.join('; '),
      tone: 'open',
    };
  }
  return {
    about,
    answer: goals.length === 1 ? 'meets its goal' : `meets all ${of}`,
    more: goals.map(({ goal }) => goal).join('; '),
    tone: 'good',
  };
}

function stressCard(stress: NonNullable<Results['stress']>): Card {
  const { low } = stress.headroom;
  const tone = low === null ? 'bad' : low >= 1 ? 'good' : 'bad';
  // The sentence begins with a mark that the card draws itself.
  const said = stressAnswer(stress, theme).replace(/^\S+ /, '');
  const [answer, ...more] = said.split(', then ');
  return {
    about: 'headroom',
    answer: answer!,
    more: more.length > 0 ? `then ${more.join(', then ')}` : '',
    tone,
  };
}

/** An answer of a terminal, which begins with its mark; what follows the first comma is said in smaller letters. */
function answerCard(about: string, said: string): Card {
  const tone = said.startsWith(theme.met) ? 'good' : said.startsWith(theme.missed) ? 'bad' : 'open';
  const [answer, ...more] = said.replace(/^\S+ /, '').split(', ');
  return { about, answer: answer!, more: more.join(', '), tone };
}

function scenarioCard({ scenario, goals }: Report): Card {
  const { name, outcomes, summary } = scenario!;
  const asked = Object.entries(outcomes).filter(([traffic]) => !offeredNothing(scenario!, traffic));
  const worst = [...asked].sort(([, a], [, b]) => badness(b) - badness(a))[0];
  if (worst === undefined)
    return { about: `scenario ${name}`, answer: 'no requests', more: summary, tone: null };
  const [traffic, outcome] = worst;
  const tone = (['good', 'good', 'open', 'bad'] as const)[badness(outcome)]!;
  const lost = figureText(outcome.lost, theme);
  const missed = goals.filter(({ met }) => met === false).map(({ goal }) => `misses ${goal}`);
  return {
    about: `scenario ${name}`,
    answer: `${traffic}: ${outcomeVerdict(outcome, theme)}`,
    more: [`${lost.value} requests lost`, ...missed, summary].filter((said) => said !== '').join('; '),
    tone,
  };
}

function badness({ harmed, recovered }: OutcomeReport): number {
  if (harmed.value === 0) return 0;
  if (recovered.value === 1) return 1;
  return recovered.value === 0 ? 3 : 2;
}

function sheetCards({ sheet }: Report): Card[] {
  const cost = sheet.find(({ name }) => name === 'cost.total');
  const ups = sheet.filter(
    ({ name }) => /^traffic\..*\.availability$/.test(name) && name.split('.').length === 3,
  );
  const worst = [...ups].sort((a, b) => (a.figure.value ?? 1) - (b.figure.value ?? 1))[0];
  const perMillion = sheet.find(({ name }) => name === 'cost.per-million')?.figure.value;
  return [
    ...(cost === undefined
      ? []
      : [
          {
            about: 'cost a month',
            answer: withMargin(figureText(cost.figure, theme)),
            more:
              perMillion == null
                ? 'list prices'
                : `${valueText(perMillion, '$', theme)} a million requests, at list prices`,
            tone: null,
          },
        ]),
    ...(worst === undefined
      ? []
      : [
          {
            about: 'availability, by formulas',
            answer: withMargin(figureText(worst.figure, theme, 'share')),
            more: `of ${worst.name.split('.')[1]}${ups.length > 1 ? ', the lowest' : ''}`,
            tone: null,
          },
        ]),
  ];
}

const withMargin = ({ value, margin }: { value: string; margin: string }): string =>
  margin === '' ? value : `${value} ${margin}`;
