import type { Cell } from '../../cell.ts';
import { countText, figureText, valueText } from '../../figure-text.ts';
import { goalMeaning } from '../../goals.ts';
import type { Report } from '../../report.ts';
import type { ScenarioReport, SeriesReport } from '../../scenario-report.ts';
import { themeOf } from '../../theme.ts';
import { objectiveTables, outcomeTable, recoverySentences } from '../../timeline.ts';
import { openText } from '../../verdict.ts';
import { MOST_LINES, type TimeLine, timeChart } from '../charts/time-chart.ts';
import { type Chart, headed, type Part, type Section, tablePart } from '../page.ts';
import type { Results } from '../results.ts';
import { resultParts } from './result-parts.ts';
import { goalTone } from './summary.ts';

const theme = themeOf({});
const TRAFFICS = 3;
const left = { head: '', align: 'left' } as const;

/** Deep dive: a section for each scenario, what happened over its time. */
export function scenarioSections({ scenarios = [] }: Results): Section[] {
  return scenarios.map((report, index) => ({
    id: `scenario-${index + 1}`,
    title: `Deep dive: scenario ${report.scenario!.name}`,
    parts: scenarioParts(report, report.scenario!),
  }));
}

function scenarioParts(report: Report, scenario: ScenarioReport): Part[] {
  const [budgets, alerts] = objectiveTables(scenario, theme);
  return [
    ...(scenario.summary === '' ? [] : [{ part: 'text' as const, text: scenario.summary }]),
    { part: 'items', items: changesOf(scenario) },
    ...tablePart(outcomeTable(scenario, theme)),
    ...recoverySentences(scenario, theme).map((text): Part => ({ part: 'text', text })),
    ...charts(report, scenario).map((chart): Part => ({ part: 'chart', chart })),
    ...headed('Goals, over all of the scenario', goalParts(report)),
    ...resultParts(report),
    ...headed('Error budget', [...tablePart(budgets), ...tablePart(alerts)]),
    { part: 'text', text: `${countText(report.replications)} replications.` },
    { part: 'command', command: report.command },
  ];
}

function changesOf({ changes }: ScenarioReport): string[] {
  if (changes.length === 0) return ['Nothing changes.'];
  return changes.map(({ at, until, what }) => {
    const end = until === null ? 'to the end' : `to ${valueText(until, 's', theme)}`;
    return `From ${valueText(at, 's', theme)} ${end}: ${what}`;
  });
}

function goalParts({ goals }: Report): Part[] {
  const rows = goals.map((goal): Cell[] => [
    goal.goal,
    figureText(goal.value, theme, goalMeaning(goal)),
    { good: 'met', bad: 'missed', open: openText(goal) }[goalTone(goal)],
  ]);
  return tablePart(
    { columns: [{ ...left, head: 'goal' }, { head: 'simulated' }, { ...left, head: 'verdict' }], rows },
    { tones: goals.map(goalTone) },
  );
}

function charts(report: Report, scenario: ScenarioReport): Chart[] {
  const busiest = Object.entries(scenario.traffic)
    .sort(([a], [b]) => report.operations[b]!.offered - report.operations[a]!.offered)
    .slice(0, TRAFFICS);
  const lines = (series: Readonly<Record<string, SeriesReport>>): TimeLine[] =>
    Object.entries(series)
      .sort(([, a], [, b]) => highest(b) - highest(a))
      .slice(0, MOST_LINES)
      .map(([name, each]) => ({ name, series: each }));
  const utilizations = Object.fromEntries(
    Object.entries(scenario.stations).map(([name, { utilization }]) => [name, utilization]),
  );
  return [
    ...busiest.flatMap(([name, { offered, goodput, failures, p50, p99 }]) => [
      timeChart(
        `${name}: requests per second`,
        [
          { name: 'offered', series: offered },
          { name: 'served in time', series: goodput },
        ],
        scenario,
      ),
      timeChart(
        `${name}: latency of those served`,
        [
          { name: 'p99', series: p99 },
          { name: 'p50', series: p50 },
        ],
        scenario,
      ),
      timeChart(`${name}: failures per second`, lines(failures), scenario),
    ]),
    timeChart('How busy the stations are, the busiest', lines(utilizations), scenario, 'share'),
    timeChart('Breakers that do not let every call through', lines(scenario.breakers), scenario, 'share'),
    timeChart('Instances taken to be well', lines(scenario.health), scenario, 'share'),
    timeChart('Instances', lines(scenario.instances), scenario),
    timeChart('Answers from copies that were old', lines(scenario.stale ?? {}), scenario, 'share'),
  ].filter((chart) => chart !== null);
}

const highest = ({ value }: SeriesReport): number => Math.max(...value.map((each) => each ?? -1));
