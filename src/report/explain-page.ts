import { blameLines, blameWords, failedLines, joinLines } from './blame-lines.ts';
import type { ExplainReport } from './explain.ts';
import { figureLine, valueText } from './figure-text.ts';
import { document, itemLines, section } from './terminal.ts';
import { type RenderOptions, type Theme, themeOf, wrapped } from './theme.ts';
import { sensitivityLines, tornadoLines } from './tornado-lines.ts';
import { waterfallLines } from './waterfall.ts';

/** Writes an explanation for people: what takes the time, what decides, what would change it. */
export function renderExplain(report: ExplainReport, options: RenderOptions = {}): string {
  const theme = themeOf(options);
  const { traffic, joins, slowest, sensitivity } = report;
  const title = report.scenario === null ? report.design : `${report.design} under ${report.scenario}`;
  return document([
    [
      `${theme.bold(theme.plain(title))} ${theme.dim(theme.dot)} ${theme.dim('explanation')}`,
      ...answer(report, theme)
        .flatMap((line) => wrapped(line, theme.width))
        .map((line) => theme.bold(line)),
    ],
    ...Object.entries(traffic).map(([name, blame]) =>
      section(`Where the time of ${name} goes`, blameLines(blame, theme), theme),
    ),
    Object.values(traffic).some(({ mean }) => mean !== null) ? legend(theme) : [],
    section('What failed, and where its time went', failedLines(traffic, theme), theme),
    section('What parallel steps wait for', joinLines(joins, theme), theme),
    section(
      slowest?.requests.every(({ why }) => why === 'p99') ? 'The p99 request' : 'The slow requests',
      slowest === null ? [] : waterfallLines(slowest.requests, theme).slice(1),
      theme,
    ),
    ...sensitivity.tornados.map((tornado) =>
      section(
        `What moves ${tornado.figure}, ${figureLine(tornado.base, theme, tornado.metric === 'success' ? 'share' : 'count')}`,
        tornadoLines(tornado, theme),
        theme,
      ),
    ),
    section('What to measure, and what was looked at', sensitivityLines(sensitivity, theme), theme),
    section('Notes', itemLines(report.notes, theme), theme),
    provenance(report, theme),
  ]);
}

/** What takes most of the slow requests of each traffic. */
function answer({ traffic, stable }: ExplainReport, theme: Theme): string[] {
  if (!stable) {
    return [
      `${theme.missed} more comes than is served: times grow as long as one looks, and nothing but the load explains them`,
    ];
  }
  return Object.entries(traffic).flatMap(([name, { mean, p99, latency }]) => {
    const [first] = (p99 ?? mean)?.parts ?? [];
    if (first === undefined) return [];
    const [what, figure] = p99 === null ? ['mean', latency.mean] : ['p99', latency.p99];
    const share = `${Math.round(first.share.value! * 100)} %`;
    return [
      `${name}: ${what} ${figureLine(figure, theme)}, ${share} of it ${blameWords[first.kind]} ${theme.plain(first.where)}`,
    ];
  });
}

function legend(theme: Theme): string[] {
  const text =
    'mean: all served requests; p50: those between the ranks 49 % and 51 %; p99: between 98.5 % and 99.5 %. Parts add up to all of it; bars are shares of the p99.';
  return wrapped(text, theme.width).map(theme.dim);
}

function provenance(
  { replications, simulatedSeconds, seed, version, command }: ExplainReport,
  theme: Theme,
): string[] {
  const line = [
    `${theme.plusMinus} is a 95 % confidence interval`,
    `${valueText(simulatedSeconds, 's', theme)} simulated in ${replications} replications`,
    `seed ${seed}`,
    `tenfold ${version}`,
  ].join(` ${theme.dot} `);
  return [...wrapped(line, theme.width).map(theme.dim), `${theme.dim('again:')} ${command}`];
}
