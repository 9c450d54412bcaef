import { lawSentences, stressAnswer, timesText } from '../../stress-page.ts';
import { themeOf } from '../../theme.ts';
import { courseChart, ladderChart } from '../charts/ladder-chart.ts';
import { lawChart } from '../charts/law-chart.ts';
import { headed, type Part, type Section } from '../page.ts';
import type { Results } from '../results.ts';
import { spoken } from './spoken.ts';

const theme = themeOf({});

/** What gives way as load climbs, in which order, and why. */
export function bottlenecksSection({ stress }: Results): Section | null {
  if (stress === undefined) return null;
  const { ladder, most, notes, command, estimated } = stress;
  const charts = [ladderChart(stress), courseChart(stress)].filter((chart) => chart !== null);
  const law = lawChart(stress);
  const causes = ladder
    .filter(({ because }) => because.length > 0)
    .map(({ because, at }) => `at ${timesText(at.value ?? at.high ?? most, theme)}: ${because.join(' → ')}`);
  const formulas =
    estimated === null
      ? 'By formulas no goal falls.'
      : `By formulas ${estimated.what} falls at ${timesText(estimated.at, theme)}.`;
  return {
    id: 'bottlenecks',
    title: 'Bottlenecks',
    parts: [
      { part: 'text', text: `${spoken(stressAnswer(stress, theme))} ${formulas}` },
      ...charts.map((chart): Part => ({ part: 'chart', chart })),
      ...headed('Why', causes.length === 0 ? [] : [{ part: 'items', items: causes }]),
      ...headed('Law of scalability', [
        ...(law === null ? [] : [{ part: 'chart' as const, chart: law }]),
        ...lawSentences(stress, theme).map((text): Part => ({ part: 'text', text })),
      ]),
      ...(notes.length === 0 ? [] : [{ part: 'items' as const, items: notes }]),
      { part: 'command', command },
    ],
  };
}
