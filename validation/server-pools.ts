/** Several servers behind one queue: waiting, loss, pools, and a delay in front of a pool. */
import type { Case, DesignModel, Expectation } from './case.ts';
import { points, within } from './case.ts';
import { queue, server, steps } from './designs.ts';
import { failure, latency, linear, numberAt, type Reader, station, throughput } from './figures.ts';
import { requests } from './length.ts';

function mmc(servers: number, rate: number, delayed: number, wait: number, count: number): DesignModel {
  return {
    name: `c = ${servers}, λ = ${rate}`,
    design: queue({ name: 'mmc', rate: `${rate}/s`, service: 'exponential(1s)', servers }),
    length: requests(count, rate),
    quick: requests(Math.min(5e5, count / 20), rate),
    expect: [
      {
        what: 'share that waits',
        paper: delayed,
        unit: '1',
        tolerance: within(0.02),
        read: station('server.cpu', 'delayed'),
      },
      {
        what: 'mean wait',
        paper: wait,
        unit: 's',
        tolerance: within(0.02),
        read: station('server.cpu', 'waiting'),
      },
      { what: 'mean response', paper: wait + 1, unit: 's', tolerance: within(0.02), read: latency('users') },
    ],
  };
}

function erlangB(offered: number, servers: number, blocking: number, count: number): DesignModel {
  return {
    name: `${offered} erlang, c = ${servers}`,
    design: queue({ name: 'loss', rate: `${offered}/s`, service: 'exponential(1s)', servers, queue: 0 }),
    length: requests(count, offered),
    quick: requests(count / 20, offered),
    expect: [
      { what: 'blocked share', paper: blocking, unit: '1', tolerance: within(0.03), read: failure('users') },
    ],
  };
}

function insensitive(law: string, service: string): DesignModel {
  return {
    name: `10 erlang, c = 10, ${law}`,
    design: queue({ name: 'loss', rate: '10/s', service, servers: 10, queue: 0 }),
    length: requests(2e6, 10),
    expect: [
      {
        what: 'blocked share',
        paper: 0.214582343107,
        unit: '1',
        tolerance: within(0.03),
        read: failure('users'),
      },
    ],
  };
}

function bookstore(
  clerks: number,
  wait: number,
  number: number,
  tolerance: number,
  count: number,
): DesignModel {
  const rate = 40 / 3600;
  return {
    name: `${clerks} clerks`,
    design: `
name: bookstore
network: { latency: 0s }
traffic: { customers: { call: store.visit, rate: 40/h } }
components:
  store: { kind: service, operations: { visit: ${steps('wait: exponential(45min)', 'call: checkout.work')} } }
${server('checkout', 'exponential(4min)', { instances: 1, cores: clerks })}
`,
    length: requests(count, rate),
    quick: requests(count / 20, rate),
    expect: [
      {
        what: 'mean wait at the checkout',
        paper: wait * 60,
        unit: 's',
        tolerance: within(tolerance),
        read: station('checkout.cpu', 'waiting'),
      },
      {
        what: 'number at the checkout',
        paper: number,
        unit: '1',
        tolerance: within(tolerance),
        read: numberAt('checkout.cpu'),
      },
      {
        what: 'number in the store',
        paper: 30 + number,
        unit: '1',
        tolerance: within(tolerance),
        // Little's law over the whole visit.
        read: linear(latency('customers'), rate),
      },
    ],
  };
}

function impatient(what: string, paper: number, read: Reader, unit: '1' | 's' = '1'): Expectation {
  return { what, paper, unit, tolerance: within(0.03), read, estimate: 'none' };
}

export const serverPools: readonly Case[] = [
  {
    id: 'erlang-c-call-centre',
    title: 'Erlang C: 200 calls an hour of 3 minutes, 14 agents',
    source: 'Erlang 1917; worked by hand in Call Centre Helper, "Erlang C Formula" (17.4 %, 7.8 s, 88.8 %)',
    evidence: 'published figure and closed form',
    models: [
      {
        name: '14 agents',
        design: queue({ name: 'calls', rate: '200/h', service: 'exponential(180s)', servers: 14 }),
        length: requests(5e7, 200 / 3600),
        quick: requests(4e5, 200 / 3600),
        expect: [
          {
            what: 'share that waits',
            paper: 0.174131933595,
            unit: '1',
            tolerance: within(0.02),
            read: station('server.cpu', 'delayed'),
          },
          {
            what: 'mean wait',
            paper: 7.83593701178,
            unit: 's',
            tolerance: within(0.02),
            read: station('server.cpu', 'waiting'),
          },
          {
            what: 'occupancy',
            paper: 10 / 14,
            unit: '1',
            tolerance: within(0.02),
            read: station('server.cpu', 'utilization'),
          },
          {
            what: 'number waiting',
            paper: 0.435329833988,
            unit: '1',
            tolerance: within(0.02),
            read: station('server.cpu', 'queueLength'),
          },
        ],
      },
    ],
  },
  {
    id: 'erlang-a-call-centre',
    title:
      'Erlang A: 48 calls a minute of one minute, 50 agents, callers who hang up after two minutes in the mean',
    source:
      'Garnett, Mandelbaum & Reiman, "Designing a call center with impatient customers", Manufacturing & Service Operations Management 4(3), 2002, fig. 1 (3.1 %, 3.7 s, 3, 93 %); birth and death process (figures)',
    evidence: 'published figure and closed form',
    models: [
      {
        name: '50 agents',
        design: queue({
          name: 'impatient',
          rate: '48/min',
          service: 'exponential(1min)',
          servers: 50,
          patience: 'exponential(2min)',
        }),
        length: requests(1.2e7, 0.8),
        quick: requests(6e5, 0.8),
        expect: [
          impatient('share that hangs up', 0.030912, failure('users')),
          // Little's law over the queue, of all calls.
          impatient('mean wait', 3.7095, linear(station('server.cpu', 'queueLength'), 1 / 0.8), 's'),
          impatient('number waiting', 2.968, station('server.cpu', 'queueLength')),
          impatient('occupancy', 0.9303, station('server.cpu', 'utilization')),
        ],
      },
    ],
  },
  {
    id: 'mmc-grid',
    title: 'M/M/c: from a pair of servers to a hundred',
    source: 'Erlang 1917; Gross & Harris, Fundamentals of Queueing Theory (1998), §2.3',
    evidence: 'closed form',
    models: [
      mmc(2, 1.6, 0.711111111111, 1.77777777778, 1.4e7),
      mmc(5, 4, 0.554112554113, 0.554112554113, 2e7),
      mmc(10, 9, 0.668731524108, 0.668731524108, 1e8),
      mmc(100, 95, 0.506456853913, 0.101291370783, 4e8),
    ],
  },
  {
    id: 'erlang-b-tables',
    title: 'Erlang B: calls lost when all lines are taken',
    source: 'Erlang 1917; the B = 1 % column of the traffic tables (4.46, 12.0 and 84.1 erlang)',
    evidence: 'published figure and closed form',
    models: [
      erlangB(4.461, 10, 0.0099977866879, 1e7),
      erlangB(12.03, 20, 0.00999586791307, 2.4e7),
      erlangB(84.06, 100, 0.00999170258803, 3e7),
      erlangB(10, 15, 0.0364969454724, 4e6),
      erlangB(10, 10, 0.214582343107, 2e6),
    ],
  },
  {
    id: 'erlang-b-insensitivity',
    title: 'Erlang B: only the mean of the holding time matters',
    source: 'Sevastyanov 1957; Gross & Harris, Fundamentals of Queueing Theory (1998), §2.5',
    evidence: 'closed form',
    models: [
      insensitive('constant', '1s'),
      insensitive('Erlang-2', 'erlang(2, 1s)'),
      insensitive('hyperexponential scv 4', 'hyperexponential(mean: 1s, cv: 2)'),
    ],
  },
  {
    id: 'mmck-loss',
    title: 'M/M/c/K: two servers and room for three more',
    source: 'Gross & Harris, Fundamentals of Queueing Theory (1998), §2.5',
    evidence: 'closed form',
    models: [
      {
        name: 'c = 2, λ = 3, μ = 2, K = 5',
        design: queue({ name: 'mmck', rate: '3/s', service: 'exponential(500ms)', servers: 2, queue: 3 }),
        length: requests(4e6, 3),
        quick: requests(4e5, 3),
        expect: [
          {
            what: 'lost share',
            paper: 0.0851138353765,
            unit: '1',
            tolerance: within(0.02),
            read: failure('users'),
          },
          {
            what: 'throughput',
            paper: 2.74465849387,
            unit: '1/s',
            tolerance: within(0.02),
            read: throughput('users'),
          },
          {
            what: 'number in system',
            paper: 2.00595446585,
            unit: '1',
            tolerance: within(0.02),
            read: numberAt('server.cpu'),
          },
          {
            what: 'response of accepted',
            paper: 0.730857580398,
            unit: 's',
            tolerance: within(0.02),
            read: latency('users'),
          },
        ],
      },
    ],
  },
  {
    id: 'bookstore',
    title: 'A bookstore: 45 minutes of browsing, then a checkout of 3 or 4 clerks',
    source: 'Gross & Harris, Fundamentals of Queueing Theory (1998), example 4.1 (1.14 min; about 3.44)',
    evidence: 'published figure and closed form',
    models: [
      bookstore(3, 9.57009345794, 9.04672897196, 0.05, 1e7),
      bookstore(4, 1.13525498891, 3.42350332594, 0.03, 6e6),
    ],
  },
  {
    id: 'pool-capacity',
    title: 'A pool of 10 held 5 ms a query passes 2,000/s; 1,000/s × 20 ms keep 20 busy',
    source: 'Little, Operations Research 9 (1961)',
    evidence: 'arithmetic',
    models: [
      {
        name: '3,000/s into 10 × 5 ms',
        design: queue({ name: 'pool', rate: '3k/s', service: '5ms', servers: 10, queue: 20 }),
        length: { time: 100, replications: 10 },
        quick: { time: 10, replications: 10 },
        expect: [
          {
            what: 'throughput',
            paper: 2000,
            unit: '1/s',
            tolerance: within(0.005),
            read: throughput('users'),
            estimate: 'approximate',
          },
        ],
      },
      {
        name: '1,000/s × 20 ms',
        design: queue({ name: 'pool', rate: '1k/s', service: '20ms', servers: 100 }),
        length: { time: 500, replications: 10 },
        quick: { time: 50, replications: 10 },
        expect: [
          {
            what: 'number in service',
            paper: 20,
            unit: '1',
            tolerance: points(10),
            read: linear(station('server.cpu', 'utilization'), 100),
          },
        ],
      },
    ],
  },
];
