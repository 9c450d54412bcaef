import { killTable } from '../../kill-table.ts';
import { onceTable } from '../../once-table.ts';
import { ageTable, queueTable } from '../../queue-tables.ts';
import { replicationTable } from '../../replication-table.ts';
import type { Report } from '../../report.ts';
import { stalenessTable } from '../../staleness-table.ts';
import { themeOf } from '../../theme.ts';
import {
  cacheTable,
  connectionTable,
  crossingTable,
  failureTable,
  trafficTable,
} from '../../traffic-tables.ts';
import { headed, type Part, tablePart } from '../page.ts';

const theme = themeOf({});

/** What became of requests, messages, copies and instances, a table for each that there is. */
export function resultParts(report: Report): Part[] {
  const counted = report.kind === 'simulation';
  const { operations, caches, queues = {}, connections = {}, crossings = [] } = report;
  return [
    ...headed('What became of the requests', tablePart(trafficTable(operations, counted, theme))),
    ...headed('Failures', tablePart(failureTable(operations, theme))),
    ...headed('Killed for want of memory', tablePart(killTable(report.kills ?? {}, theme))),
    ...headed('Caches', tablePart(cacheTable(caches, theme))),
    ...headed('Messages', tablePart(queueTable(queues, counted, theme))),
    ...headed('Reads of replicas and copies', tablePart(stalenessTable(report.staleness ?? {}, theme))),
    ...headed('Replicas behind their primary', tablePart(replicationTable(report.replication ?? {}, theme))),
    ...headed('Work to be done once', tablePart(onceTable(report.once ?? {}, theme))),
    ...headed('Age of messages when acknowledged', tablePart(ageTable(queues, theme))),
    ...headed('Requests over new connections', tablePart(connectionTable(connections, theme))),
    ...headed('From place to place', tablePart(crossingTable(crossings, theme))),
  ];
}
