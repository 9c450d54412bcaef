/** Stations in a row, with feedback, with branches and with several classes of customers. */
import type { Case } from './case.ts';
import { within } from './case.ts';
import { server, steps } from './designs.ts';
import { latency, numberAt, station, timeAt } from './figures.ts';
import { requests } from './length.ts';

/** Arrivals an hour, in seconds. */
const hourly = (rate: number): number => rate / 3600;

export const openNetworks: readonly Case[] = [
  {
    id: 'tandem-percentiles',
    title: 'Three M/M/1 in a row: percentiles of the whole way',
    source: 'Burke 1956; Reich 1957: the response time is Erlang(3, 6 s)',
    evidence: 'closed form',
    models: [
      {
        name: 'ρ = 0.5',
        design: `
name: tandem
network: { latency: 0s }
traffic: { users: { call: line.pass, rate: 0.5/s } }
components:
  line: { kind: service, operations: { pass: ${steps('call: a.work', 'call: b.work', 'call: c.work')} } }
${server('a', 'exponential(1s)', { cores: 1 })}
${server('b', 'exponential(1s)', { cores: 1 })}
${server('c', 'exponential(1s)', { cores: 1 })}
`,
        length: requests(3e6, 0.5),
        quick: requests(2e5, 0.5),
        expect: [
          { what: 'mean response', paper: 6, unit: 's', tolerance: within(0.02), read: latency('users') },
          {
            what: 'p50 response',
            paper: 5.34812062745,
            unit: 's',
            tolerance: within(0.02),
            read: latency('users', 'p50'),
          },
          {
            what: 'p95 response',
            paper: 12.5915872437,
            unit: 's',
            tolerance: within(0.02),
            read: latency('users', 'p95'),
          },
          {
            what: 'p99 response',
            paper: 16.8118938298,
            unit: 's',
            tolerance: within(0.02),
            read: latency('users', 'p99'),
          },
        ],
      },
    ],
  },
  {
    id: 'passport-office',
    title: 'A passport office with four windows and feedback between them',
    source: 'Gunther, Analyzing Computer System Performance with Perl::PDQ (2011), §5.5.4',
    evidence: 'published figure and closed form',
    models: [
      {
        name: '15 applicants an hour',
        design: `
name: passport-office
network: { latency: 0s }
traffic: { applicants: { call: office.visit, rate: 15/h } }
components:
  office:
    kind: service
    operations:
      visit:
        - journey:
            first: { do: [ { call: window-1.work } ], next: { second: 30%, third: 70% } }
            second: { do: [ { call: window-2.work } ], next: { third: 20%, fourth: 80% } }
            third: { do: [ { call: window-3.work } ], next: { second: 10%, fourth: 90% } }
            fourth: { do: [ { call: window-4.work } ] }
${server('window-1', 'exponential(20s)', { cores: 1 })}
${server('window-2', 'exponential(600s)', { cores: 1 })}
${server('window-3', 'exponential(300s)', { cores: 1 })}
${server('window-4', 'exponential(60s)', { cores: 1 })}
`,
        length: requests(6e7, hourly(15)),
        expect: [
          ...(
            [
              [1, 0.0833333333333, 0.02],
              [2, 0.94387755102, 0.05],
              [3, 0.969387755102, 0.05],
              [4, 0.25, 0.02],
            ] as const
          ).flatMap(([window, load, tolerance]) => [
            {
              what: `utilisation of window ${window}`,
              paper: load,
              unit: '1' as const,
              tolerance: within(tolerance),
              read: station(`window-${window}.cpu`, 'utilization'),
            },
            {
              what: `number at window ${window}`,
              paper: load / (1 - load),
              unit: '1' as const,
              tolerance: within(tolerance),
              read: numberAt(`window-${window}.cpu`),
            },
          ]),
          {
            what: 'mean time in the office',
            paper: 11738.1818182,
            unit: 's',
            tolerance: within(0.05),
            read: latency('applicants'),
          },
        ],
      },
    ],
  },
  {
    id: 'two-classes-open',
    title: 'Two classes of transactions on a CPU and a disk',
    source:
      'Lazowska et al., Quantitative System Performance (1984), example 7.2 (1.58 s, 0.158, 0.25, 30.08 s)',
    evidence: 'published figure and closed form',
    models: [
      {
        name: 'processor sharing',
        design: `
name: two-classes
network: { latency: 0s }
traffic:
  a: { call: system.a, rate: 0.157894736842105/s }
  b: { call: system.b, rate: 0.105263157894737/s }
components:
  system:
    kind: service
    operations:
      a: ${steps(`repeat: 9, do: ${steps('call: cpu.a', 'call: disk.a')}`, 'call: cpu.a')}
      b: ${steps(`repeat: 4, do: ${steps('call: cpu.b', 'call: disk.b')}`, 'call: cpu.b')}
  cpu:
    kind: service
    cores: 1
    discipline: processor-sharing
    operations: { a: [ { compute: exponential(100ms) } ], b: [ { compute: exponential(400ms) } ] }
  disk:
    kind: service
    cores: 1
    discipline: processor-sharing
    operations: { a: [ { compute: exponential(333.333333333ms) } ], b: [ { compute: exponential(1s) } ] }
`,
        length: requests(1.6e7, 5 / 19),
        quick: requests(2e5, 5 / 19),
        expect: [
          {
            what: 'mean response, a',
            paper: 361 / 12,
            unit: 's',
            tolerance: within(0.03),
            read: latency('a'),
          },
          {
            what: 'mean response, b',
            paper: 247 / 6,
            unit: 's',
            tolerance: within(0.03),
            read: latency('b'),
          },
          {
            what: 'utilisation of the CPU',
            paper: 7 / 19,
            unit: '1',
            tolerance: within(0.03),
            read: station('cpu.cpu', 'utilization'),
          },
          {
            what: 'utilisation of the disk',
            paper: 17 / 19,
            unit: '1',
            tolerance: within(0.03),
            read: station('disk.cpu', 'utilization'),
          },
          {
            what: 'number at the CPU',
            paper: 7 / 12,
            unit: '1',
            tolerance: within(0.03),
            read: numberAt('cpu.cpu'),
          },
          {
            what: 'number at the disk',
            paper: 8.5,
            unit: '1',
            tolerance: within(0.03),
            read: numberAt('disk.cpu'),
          },
        ],
      },
    ],
  },
  {
    id: 'server-with-database',
    title: 'An application server that needs the database for every fifth request',
    source: 'Jackson, Operations Research 5 (1957)',
    evidence: 'closed form',
    models: [
      {
        name: '100 requests a second',
        design: `
name: server-with-database
network: { latency: 0s }
traffic: { users: { call: app.page, rate: 100/s } }
components:
  app:
    kind: service
    cores: 1
    operations:
      page:
        - compute: exponential(6.66666666667ms)
        - choose: [ { probability: 20%, do: [ { call: store.work } ] } ]
${server('store', 'exponential(20ms)', { cores: 1 })}
`,
        length: requests(2.8e7, 100),
        quick: requests(3e5, 100),
        expect: [
          {
            what: 'time at the server',
            paper: 0.02,
            unit: 's',
            tolerance: within(0.01),
            read: timeAt('app.cpu'),
          },
          {
            what: 'utilisation of the database',
            paper: 0.4,
            unit: '1',
            tolerance: within(0.01),
            read: station('store.cpu', 'utilization'),
          },
          {
            what: 'time at the database',
            paper: 1 / 30,
            unit: 's',
            tolerance: within(0.01),
            read: timeAt('store.cpu'),
          },
          {
            what: 'mean response',
            paper: 0.08 / 3,
            unit: 's',
            tolerance: within(0.01),
            read: latency('users'),
          },
        ],
      },
    ],
  },
];
