import { priceText } from '../../advice-page.ts';
import { figureLine, figureText } from '../../figure-text.ts';
import { goalMeaning } from '../../goals.ts';
import { themeOf } from '../../theme.ts';
import type { HeldGoal, TunedSetting, TuningReport } from '../../tuning.ts';
import { isOnlyGoal, knobPrice, tuningAnswer } from '../../tuning-page.ts';
import { frontierChart } from '../charts/frontier-chart.ts';
import { slackChart } from '../charts/slack-chart.ts';
import { headed, type Part, type Section, type Tone, tablePart } from '../page.ts';
import type { Results } from '../results.ts';
import { spoken } from './spoken.ts';

const theme = themeOf({});
const left = { head: '', align: 'left' } as const;

/** The cheapest setting that keeps every goal: how near each goal is, and what more money buys. */
export function tuningSection({ tuning }: Results): Section | null {
  if (tuning === undefined) return null;
  const { notes, command, best, settings, runs, seed, check } = tuning;
  const frontier = frontierChart(tuning);
  const goals = best?.goals ?? tuning.now?.goals ?? [];
  const slack = slackChart(goals, best === null ? 'as it is' : 'with it');
  const other = check === null ? '' : `, and the setting again with seed ${check.seed}`;
  return {
    id: 'tuning',
    title: 'The cheapest setting',
    parts: [
      { part: 'text', text: spoken(tuningAnswer(tuning, theme)) },
      ...headed('Knobs', knobTable(tuning)),
      ...headed('How near the goals are', [
        ...(slack === null ? [] : [{ part: 'chart' as const, chart: slack }]),
        ...goalTable(goals, tuning),
      ]),
      ...headed('Goals that no setting tried keeps together', conflictTable(tuning)),
      ...headed('What money buys', [
        ...(frontier === null ? [] : [{ part: 'chart' as const, chart: frontier }]),
        ...frontierTable(tuning),
      ]),
      {
        part: 'items',
        items: [...notes, `${settings} settings in ${runs} simulations, seed ${seed}${other}.`],
      },
      { part: 'command', command },
    ],
  };
}

function knobTable({ knobs }: TuningReport): Part[] {
  return tablePart({
    columns: [
      { ...left, head: 'knob' },
      { head: 'now' },
      { head: 'chosen' },
      { ...left, head: 'tried' },
      left,
    ],
    rows: knobs.map((knob) => [
      knob.name,
      knob.now ?? 'unsaid',
      knob.chosen ?? '',
      `${knob.from}..${knob.to}`,
      knobPrice(knob),
    ]),
  });
}

const toneOf = ({ met }: HeldGoal): Tone => (met === 'unknown' ? 'open' : met ? 'good' : 'bad');
const words: Readonly<Record<Tone, string>> = { good: 'met', bad: 'missed', open: 'cannot tell' };

/** A goal, and the scenario during which it is to hold. */
export const goalName = ({ goal, scenario }: Pick<HeldGoal, 'goal' | 'scenario'>): string =>
  scenario === null ? goal : `${goal} during ${scenario}`;

function goalTable(goals: readonly HeldGoal[], { best, check }: TuningReport): Part[] {
  return tablePart(
    {
      columns: [
        { ...left, head: 'goal' },
        { head: best === null ? 'as it is' : 'with it' },
        { head: 'left of it' },
        ...(check === null ? [] : [{ head: 'on other random numbers' }]),
        left,
      ],
      rows: goals.map((held, g) => [
        goalName(held),
        figureText(held.value, theme, goalMeaning(held)),
        figureText(held.slack, theme, 'share'),
        ...(check === null ? [] : [figureText(check.goals[g]!.value, theme, goalMeaning(held))]),
        words[toneOf(held)],
      ]),
    },
    { tones: goals.map(toneOf) },
  );
}

function conflictTable(report: TuningReport): Part[] {
  const { conflict } = report;
  if (isOnlyGoal(report))
    return tablePart({
      columns: [{ ...left, head: 'goal' }],
      rows: conflict.map((each) => [goalName(each)]),
    });
  return tablePart({
    columns: [
      { ...left, head: 'goal' },
      { ...left, head: 'without it' },
    ],
    rows: conflict.map((each) => [
      goalName(each),
      each.without === null
        ? 'the others are not kept either'
        : `the others are kept for ${priceText(each.without, '')}`,
    ]),
  });
}

function frontierTable({ frontier, knobs, best, unpriced }: TuningReport): Part[] {
  const names = Object.keys(frontier[0]?.p99 ?? {});
  // What is the same in all of them says nothing.
  const varied = knobs.flatMap((_, k) =>
    new Set(frontier.map(({ values }) => values[k])).size > 1 ? [k] : [],
  );
  const tones = frontier.map(({ keepsAll }) => (keepsAll ? 'good' : 'bad'));
  const isBest = ({ values }: TunedSetting): boolean => best !== null && values.join() === best.values.join();
  return tablePart(
    {
      columns: [
        { head: unpriced.length === 0 ? 'cost' : 'known cost' },
        ...names.map((name) => ({ head: `p99 of ${name}` })),
        { ...left, head: 'with' },
        { ...left, head: 'all goals' },
      ],
      rows: frontier.map((setting) => [
        priceText(setting.cost, ''),
        ...names.map((name) => figureLine(setting.p99[name]!, theme)),
        varied.map((k) => `${knobs[k]!.name} ${setting.values[k]}`).join(', '),
        `${setting.keepsAll ? 'kept' : 'not surely kept'}${isBest(setting) ? ', chosen' : ''}`,
      ]),
    },
    { tones },
  );
}
