import { goalsOfTraffic } from '../../../design/plan-goal.ts';
import { killTable } from '../../kill-table.ts';
import { onceTable } from '../../once-table.ts';
import { ageTable, queueTable } from '../../queue-tables.ts';
import type { Report } from '../../report.ts';
import { stalenessTable } from '../../staleness-table.ts';
import { themeOf } from '../../theme.ts';
import {
  cacheTable,
  connectionTable,
  crossingTable,
  failureTable,
  latencyTable,
  stationTable,
  trafficTable,
} from '../../traffic-tables.ts';
import { barChart } from '../charts/bar-chart.ts';
import { latencyChart } from '../charts/latency-chart.ts';
import { headed, type Part, type Section, tablePart } from '../page.ts';
import type { Results } from '../results.ts';

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

function resultParts(report: Report): Part[] {
  const counted = report.kind === 'simulation';
  const { operations, caches, queues = {}, connections = {}, crossings = [] } = report;
  return [
    ...headed('What became of the requests', tablePart(trafficTable(operations, counted, theme))),
    ...headed('Failures', tablePart(failureTable(operations, theme))),
    ...headed('Killed for want of memory', tablePart(killTable(report.kills ?? {}, theme))),
    ...headed('Caches', tablePart(cacheTable(caches, theme))),
    ...headed('Messages', tablePart(queueTable(queues, counted, theme))),
    ...headed('Reads of replicas', tablePart(stalenessTable(report.staleness ?? {}, theme))),
    ...headed('Work to be done once', tablePart(onceTable(report.once ?? {}, theme))),
    ...headed('Age of messages when acknowledged', tablePart(ageTable(queues, theme))),
    ...headed('Requests over new connections', tablePart(connectionTable(connections, theme))),
    ...headed('From place to place', tablePart(crossingTable(crossings, theme))),
  ];
}
