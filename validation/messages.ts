/** Lines of queues between workers: what a bound on each of them costs. */
import type { Case, DesignModel } from './case.ts';
import { within } from './case.ts';
import { throughput } from './figures.ts';
import { requests } from './length.ts';

/**
 * Stations in a row that take Exp(1) s an item, with room for `buffer` items before each but the first, which never
 * lacks work: one user hands it the next item as soon as it is rid of the last. A queue counts the item at work as
 * one it holds, and whoever finds it full keeps the server until there is room.
 */
function line(stations: number, buffer: number, paper: number): DesignModel {
  const components = Array.from({ length: stations }, (_, i) => {
    const goOn = i + 1 < stations ? `, { publish: to-${i + 2} }` : '';
    const worker = `  work-${i + 1}: { kind: service, operations: { do: [ { compute: exponential(1s) }${goOn} ] } }`;
    const before = `  to-${i + 1}: { kind: queue, consumer: work-${i + 1}.do, capacity: ${buffer + 1}, when-full: block, visibility: 1day }`;
    return i === 0 ? [worker] : [before, worker];
  });
  return {
    name: `${stations} stations, room for ${buffer} between`,
    design: `
name: line
network: { latency: 0s }
traffic: { source: { call: work-1.do, users: 1, think: 0s } }
components:
${components.flat().join('\n')}
`,
    length: requests(600_000, paper),
    ...(stations === 3 && buffer === 0 && { quick: requests(60_000, paper) }),
    expect: [
      {
        what: 'throughput',
        paper,
        unit: '1/s',
        tolerance: within(0.01),
        read: throughput('source'),
        estimate: 'none',
      },
    ],
  };
}

export const messages: readonly Case[] = [
  {
    id: 'line-with-blocking',
    title: 'A saturated line with little room between its stations: who is done waits until there is some',
    source: 'Hunt, "Sequential arrays of waiting lines", Operations Research 4(6), 1956; exact Markov chains',
    evidence: 'published figure and closed form',
    models: [
      ...[0, 1, 2, 5].map((buffer) => line(2, buffer, (buffer + 2) / (buffer + 3))),
      line(3, 0, 22 / 39),
      line(3, 1, 0.670466),
    ],
  },
];
