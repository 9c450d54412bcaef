/** Who is served next: processor sharing, priorities, and the last come first under overload. */
import type { Case, DesignModel } from './case.ts';
import { points, within } from './case.ts';
import { queue } from './designs.ts';
import { latency, linear, success } from './figures.ts';
import { requests } from './length.ts';

function sharing(law: string, service: string, rate: number, count: number): DesignModel {
  return {
    name: `${law}, λ = ${rate}, μ = 5`,
    design: queue({ name: 'sharing', rate: `${rate}/s`, service, discipline: 'processor-sharing' }),
    length: requests(count, rate),
    quick: requests(count / 20, rate),
    expect: [
      {
        what: 'mean response',
        paper: 1 / (5 - rate),
        unit: 's',
        tolerance: within(0.02),
        read: latency('users'),
      },
    ],
  };
}

const sharingLaws = [
  ['exponential', 'exponential(200ms)'],
  ['constant', '200ms'],
  ['hyperexponential scv 4', 'hyperexponential(mean: 200ms, cv: 2)'],
] as const;

function shortestFirst(rate: number, paper: number, count: number): DesignModel {
  return {
    name: `ρ = ${rate}`,
    design: queue({ name: 'shortest', rate: `${rate}/s`, service: 'exponential(1s)', discipline: 'srpt' }),
    length: requests(count, rate),
    ...(rate === 0.7 && { quick: requests(count / 20, rate) }),
    expect: [
      {
        what: 'mean response',
        paper,
        unit: 's',
        tolerance: within(0.02),
        read: latency('users'),
        estimate: 'none',
      },
    ],
  };
}

/** A class of customers at the server; the first class is the most urgent. */
interface Class {
  readonly name: string;
  readonly rate: number;
  readonly service: string;
  readonly meanService: number;
  readonly wait: number;
  readonly tolerance?: number;
}

function classes(
  name: string,
  discipline: 'priority' | 'fifo',
  of: readonly Class[],
  count: number,
): DesignModel {
  const traffic = of.map(
    (c, index) =>
      `  ${c.name}: { call: server.${c.name}, rate: ${c.rate}/s${discipline === 'priority' ? `, priority: ${index}` : ''} }`,
  );
  const operations = of.map((c) => `      ${c.name}: [ { compute: "${c.service}" } ]`);
  const rate = of.reduce((total, c) => total + c.rate, 0);
  return {
    name,
    design: `
name: classes
traffic:
${traffic.join('\n')}
components:
  server:
    kind: service
    instances: 1
    cores: 1
    discipline: ${discipline}
    operations:
${operations.join('\n')}
`,
    length: requests(count, rate),
    quick: requests(count / 20, rate),
    expect: of.map((c) => ({
      what: `mean wait, ${c.name}`,
      paper: c.wait,
      unit: 's' as const,
      tolerance: within(c.tolerance ?? 0.02),
      read: linear(latency(c.name), 1, -c.meanService),
    })),
  };
}

const second = { service: 'exponential(1s)', meanService: 1 };
const short = { name: 'short', rate: 0.5, service: 'exponential(200ms)', meanService: 0.2 };
const long = { name: 'long', rate: 0.4, service: '1500ms', meanService: 1.5 };

/** Users who give up after 5 s at a server that takes twice, or 1.2 times, what it can serve. */
function overload(discipline: 'fifo' | 'lifo', rate: number, paper: number): DesignModel {
  return {
    name: `${discipline === 'fifo' ? 'first' : 'last'} come first served, λ = ${rate}`,
    design: queue({
      name: 'overload',
      rate: `${rate}/s`,
      service: 'exponential(1s)',
      discipline,
      timeout: '5s',
    }),
    length: { time: 50_000, replications: 20, warmup: 10_000 },
    expect: [
      {
        what: 'answered in time',
        paper,
        unit: '1',
        tolerance: points(1),
        read: success('users'),
        estimate: 'none',
      },
    ],
  };
}

export const disciplines: readonly Case[] = [
  {
    id: 'processor-sharing',
    title: 'M/G/1 processor sharing: only the mean of the service law matters',
    source: 'Kleinrock, Queueing Systems II (1976), §4.4; λ and μ of Ciw, test_processor_sharing.py',
    evidence: 'closed form',
    models: sharingLaws.flatMap(([law, service]) => [
      sharing(law, service, 3, 4e6),
      sharing(law, service, 4, 1.8e7),
    ]),
  },
  {
    id: 'shortest-remaining',
    title: 'M/M/1, the least work left goes first: the shortest mean response of all orders',
    source:
      'Schrage & Miller, "The queue M/G/1 with the shortest remaining processing time discipline", Operations Research 14(4), 1966',
    evidence: 'closed form',
    models: [
      shortestFirst(0.5, 1.42537, 2e6),
      shortestFirst(0.7, 1.87457, 4e6),
      shortestFirst(0.8, 2.35277, 8e6),
    ],
  },
  {
    id: 'processor-sharing-by-size',
    title: 'M/G/1 processor sharing: a job of size x takes x / (1 − ρ)',
    source: 'Kleinrock, Queueing Systems II (1976), §4.4',
    evidence: 'closed form',
    models: [
      {
        name: 'sizes 0.5 and 2, ρ = 0.7',
        design: `
name: sizes
traffic:
  small: { call: server.small, rate: 0.6/s }
  large: { call: server.large, rate: 0.2/s }
components:
  server:
    kind: service
    instances: 1
    cores: 1
    discipline: processor-sharing
    operations: { small: [ { compute: 500ms } ], large: [ { compute: 2s } ] }
`,
        length: requests(4e6, 0.8),
        expect: [
          {
            what: 'mean response, small',
            paper: 5 / 3,
            unit: 's',
            tolerance: within(0.02),
            read: latency('small'),
          },
          {
            what: 'mean response, large',
            paper: 20 / 3,
            unit: 's',
            tolerance: within(0.02),
            read: latency('large'),
          },
        ],
      },
    ],
  },
  {
    id: 'priorities',
    title: 'Non-preemptive priorities',
    source:
      'Cobham, Operations Research 2 (1954); first model also in Ciw, test_priority_system_compare_literature',
    evidence: 'closed form',
    models: [
      classes(
        'two classes, ρ = 0.8',
        'priority',
        [
          { name: 'urgent', rate: 0.2, ...second, wait: 1 },
          { name: 'normal', rate: 0.6, ...second, wait: 5 },
        ],
        1.8e7,
      ),
      classes(
        'three classes, ρ = 0.9',
        'priority',
        [
          { name: 'first', rate: 0.2, ...second, wait: 1.125 },
          { name: 'second', rate: 0.3, ...second, wait: 2.25 },
          { name: 'third', rate: 0.4, ...second, wait: 18, tolerance: 0.05 },
        ],
        1.5e7,
      ),
      classes(
        'short jobs first',
        'priority',
        [
          { ...short, wait: 0.522222222222 },
          { ...long, wait: 1.74074074074 },
        ],
        6e6,
      ),
      classes(
        'long jobs first',
        'priority',
        [
          { ...long, wait: 1.175 },
          { ...short, wait: 3.91666666667 },
        ],
        8e6,
      ),
      classes(
        'first come, first served',
        'fifo',
        [
          { ...short, wait: 1.56666666667 },
          { ...long, wait: 1.56666666667 },
        ],
        4e6,
      ),
    ],
  },
  {
    id: 'overload-lifo',
    title:
      'Overload with a deadline of 5 s: the oldest first serves nobody in time, the newest first serves many',
    source: 'Maurer, "Fail at Scale", ACM Queue 13(8) 2015 (mechanism); busy period of M/M/1 (figures)',
    evidence: 'closed form',
    models: [
      overload('fifo', 2, 0),
      overload('lifo', 2, 0.46797),
      overload('fifo', 1.2, 0),
      overload('lifo', 1.2, 0.65348),
    ],
  },
];
