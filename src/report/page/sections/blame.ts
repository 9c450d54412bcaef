import type { BlameView, TrafficBlame } from '../../blame.ts';
import { blameTable, blameWords, failedTable, joinTable } from '../../blame-lines.ts';
import { figureText, valueText } from '../../figure-text.ts';
import { themeOf } from '../../theme.ts';
import { sensitivitySentences, tornadoTable } from '../../tornado-lines.ts';
import { barChart } from '../charts/bar-chart.ts';
import { waterfallChart } from '../charts/waterfall-chart.ts';
import { headed, type Part, type Section, tablePart } from '../page.ts';
import type { Results } from '../results.ts';

const theme = themeOf({});
const BARS = 10;

/** Deep dive: where the time of slow requests goes, what parallel steps wait for, and what would change it. */
export function blameSection({ explain, trace }: Results): Section | null {
  if (explain === undefined) return null;
  const { traffic, joins, slowest, sensitivity, stable, notes, command } = explain;
  // A trace of its own shows the same requests, and more of them.
  const waterfalls = trace === undefined ? (slowest?.requests ?? []) : [];
  const unstable =
    'More comes than is served: times grow as long as one looks, and nothing but the load explains them.';
  return {
    id: 'blame',
    title: 'Deep dive: where the time goes',
    parts: [
      ...(stable ? [] : [{ part: 'text' as const, text: unstable, tone: 'bad' as const }]),
      ...Object.entries(traffic).flatMap(([name, blame]) => trafficParts(name, blame)),
      ...headed('What failed, and where its time went', tablePart(failedTable(traffic, theme))),
      ...headed('What parallel steps wait for', tablePart(joinTable(joins, theme))),
      ...waterfalls.map((request): Part => ({ part: 'chart', chart: waterfallChart(request) })),
      ...sensitivity.tornados.flatMap((tornado) =>
        headed(`What moves ${tornado.figure}`, tablePart(tornadoTable(tornado, theme))),
      ),
      ...sensitivitySentences(sensitivity, theme).map((text): Part => ({ part: 'text', text })),
      ...(notes.length === 0 ? [] : [{ part: 'items' as const, items: notes }]),
      { part: 'command', command },
    ],
  };
}

/** The slow requests of one traffic as bars, and all views of it as a table. */
function trafficParts(name: string, blame: TrafficBlame): Part[] {
  const table = blameTable(blame, theme);
  const view = blame.p99 ?? blame.mean;
  if (table === null || view === null) return [];
  const what = blame.p99 === null ? 'the mean request' : 'the p99 request';
  // The last column draws bars of letters, which the chart does better.
  const columns = table.columns.slice(0, -1);
  // Requests that take no time, such as to publish over no network, have no parts.
  const charts = view.parts.length === 0 ? [] : [chartOf(`Where the time of ${name} goes: ${what}`, view)];
  return [
    ...charts.map((chart): Part => ({ part: 'chart', chart })),
    ...tablePart(
      { columns, rows: table.rows.map((row) => row.slice(0, -1)) },
      { folded: 'mean, p50 and p99' },
    ),
  ];
}

function chartOf(title: string, { parts, whole }: BlameView) {
  const first = parts[0]!;
  const most = `; most of it, ${valueText(first.share.value!, '1', theme, 'share')}, ${blameWords[first.kind]} ${first.where}`;
  return barChart({
    title,
    label: `${figureText(whole, theme).value} in all${most}.`,
    bars: parts
      .slice(0, BARS)
      .map(({ kind, where, time }) => ({ name: `${blameWords[kind]}: ${where}`, figure: time })),
    meaning: 'count',
    heads: ['part', 'takes'],
  });
}
