import { figureText, valueText } from '../../figure-text.ts';
import { themeOf } from '../../theme.ts';
import type { HeldGoal } from '../../tuning.ts';
import type { Chart, ChartSize } from '../page.ts';
import { rowTexts } from './row-texts.ts';
import { whiskers } from './whiskers.ts';

const ROW = 38;
/** What is missed by more than all of a target again is drawn as missed by so much; its text says how much it is. */
const FLOOR = -1;
const theme = themeOf({});

/** How much of each goal is left, the nearest first; below 0 it is missed. Null where nothing is known of any. */
export function slackChart(goals: readonly HeldGoal[], when: string): Chart | null {
  const known = goals
    .filter(({ slack }) => slack.value !== null)
    .sort((a, b) => a.slack.value! - b.slack.value!);
  if (known.length === 0) return null;
  const within = (share: number | null): number | null => (share === null ? null : Math.max(FLOOR, share));
  const rows = known.map(({ goal, scenario, slack }, row) => {
    const { value, margin } = figureText(slack, theme, 'share');
    return {
      row,
      name: scenario === null ? goal : `${goal} during ${scenario}`,
      text: `${value} ${margin}`.trim(),
      at: within(slack.value)!,
      low: within(slack.low),
      high: within(slack.high),
    };
  });
  const from = Math.min(0, ...rows.flatMap(({ at, low }) => [at, low ?? at]));
  const to = Math.max(0.1, ...rows.flatMap(({ at, high }) => [at, high ?? at]));
  const draw = (plot: Parameters<Chart['draw']>[0], { width, narrow }: ChartSize) => ({
    height: rows.length * ROW + 34,
    marginLeft: narrow ? 24 : 30,
    marginRight: narrow ? 24 : 40,
    marginTop: 4,
    marginBottom: 30,
    x: {
      domain: [from, to],
      ticks: narrow ? 3 : 6,
      tickFormat: (tick: number) => valueText(tick, '1', theme, 'share'),
      label: null,
      grid: true,
    },
    y: { domain: [rows.length, 0], axis: null },
    marks: [
      plot.rect(rows, {
        x1: 0,
        x2: 'at',
        y1: (d) => d.row + 0.54,
        y2: (d) => d.row + 0.84,
        fill: (d) => (d.at < 0 ? 'var(--bad)' : 'var(--series-1)'),
      }),
      ...whiskers(plot, rows, 0.69),
      plot.ruleX([0], { stroke: 'var(--ink)' }),
      ...rowTexts(plot, rows, width - 70, 3, { fill: 'var(--ink)' }),
    ],
  });
  const nearest = rows[0]!;
  return {
    title: `How much of each goal is left, ${when}`,
    label: `Share of each target that is left, ${when}: of a time, or of the failures that it allows; below 0 it is missed. The nearest: ${nearest.name}, ${nearest.text}.`,
    legend: [
      { text: 'left', colour: 'var(--series-1)', mark: 'area' },
      ...(rows.some(({ at }) => at < 0)
        ? [{ text: 'missed by', colour: 'var(--bad)', mark: 'area' as const }]
        : []),
    ],
    draw,
    table: {
      columns: [{ head: 'goal', align: 'left' }, { head: 'left of it' }],
      rows: rows.map(({ name, text }) => [name, text]),
    },
  };
}
