import { goalsOfTraffic } from '../../../design/plan-goal.ts';
import type { Report } from '../../report.ts';
import { themeOf } from '../../theme.ts';
import { latencyTable, stationTable } from '../../traffic-tables.ts';
import { barChart } from '../charts/bar-chart.ts';
import { latencyChart } from '../charts/latency-chart.ts';
import { headed, type Part, type Section, tablePart } from '../page.ts';
import type { Results } from '../results.ts';
import { resultParts } from './result-parts.ts';

const theme = themeOf({});
const CHARTS = 4;
const STATIONS_SHOWN = 12;

/** Deep dive: how the design behaves under its load, request by request. */
export function behaviourSection(results: Results): Section | null {
  const { simulation, estimate, plan } = results;
  const report = simulation ?? estimate;
  if (report === undefined) return null;
  return {
    id: 'behaviour',
    title:
      simulation === undefined ? 'Deep dive: behaviour by formulas' : 'Deep dive: behaviour under its load',
    parts: [...latencyParts(report, plan), ...stationParts(report), ...resultParts(report)],
  };
}

function latencyParts(report: Report, plan: Results['plan']): Part[] {
  const known = Object.entries(report.operations).filter(([, { latency }]) => latency.mean.value !== null);
  const charts = [...known]
    .sort(([, a], [, b]) => b.offered - a.offered)
    .slice(0, CHARTS)
    .flatMap(([name, operation]): Part[] => {
      const index = plan.traffic.find((traffic) => traffic.name === name)?.index;
      const goals = index === undefined ? [] : goalsOfTraffic(plan.goals, index);
      const chart = latencyChart(name, operation, goals);
      return chart === null ? [] : [{ part: 'chart', chart }];
    });
  return headed('Latency of served requests', [
    ...tablePart(latencyTable(Object.fromEntries(known), theme)),
    ...charts,
  ]);
}

function stationParts({ stations }: Report): Part[] {
  const busiest = Object.entries(stations)
    .filter(([, { servers, utilization }]) => servers !== null && utilization.value !== null)
    .sort(([, a], [, b]) => b.utilization.value! - a.utilization.value!)
    .slice(0, STATIONS_SHOWN);
  if (busiest.length === 0) return [];
  const [name, { utilization }] = busiest[0]!;
  const chart = barChart({
    title: 'How busy the stations are',
    label: `Busy share of ${busiest.length} stations, the busiest first: ${name} at ${Math.round(utilization.value! * 100)} %.`,
    bars: busiest.map(([station, report]) => ({ name: station, figure: report.utilization })),
    meaning: 'share',
    heads: ['station', 'busy'],
    atLeast: 1,
  });
  return headed('Stations', [
    { part: 'chart', chart },
    ...tablePart(stationTable(stations, Object.keys(stations).length, theme), {
      folded: 'All stations, with waits and queues',
    }),
  ]);
}
