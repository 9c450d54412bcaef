/** Which server takes the next request: random, in turn, the shorter queue, the better of two, or two at once. */
import { timesInSystem } from '../src/blocks/balance/queues.fixture.ts';
import { meanInterval } from '../src/kernel/index.ts';
import type { Case, DesignModel, DirectModel, Expectation } from './case.ts';
import { within } from './case.ts';
import { server, steps } from './designs.ts';
import { latency } from './figures.ts';
import { requests } from './length.ts';

interface Farm {
  readonly name?: string;
  readonly algorithm: 'random' | 'round-robin' | 'least-connections' | 'power-of-two';
  readonly servers: number;
  /** Arrivals per second and server; the service time is exponential with mean 1 s. */
  readonly load: number;
  readonly response: number;
  readonly tolerance: number;
  readonly count: number;
  readonly quick?: boolean;
  /** How the estimator stands to the mean response. */
  readonly estimate: NonNullable<Expectation['estimate']>;
}

function farm(of: Farm): DesignModel {
  const rate = of.servers * of.load;
  return {
    name: of.name ?? `λ = ${of.load}`,
    design: `
name: farm
network: { latency: 0s }
traffic: { users: { call: balancer.work, rate: ${Number(rate.toPrecision(12))}/s } }
components:
  balancer: { kind: load-balancer, algorithm: ${of.algorithm}, to: servers }
${server('servers', 'exponential(1s)', { instances: of.servers, cores: 1 })}
`,
    length: requests(of.count, rate),
    ...(of.quick === true ? { quick: requests(of.count / 20, rate) } : {}),
    expect: [
      {
        what: 'mean response',
        paper: of.response,
        unit: 's',
        tolerance: within(of.tolerance),
        read: latency('users'),
        estimate: of.estimate,
      },
    ],
  };
}

function twoChoices(load: number, published: number, count: number, tolerance = 0.01): DesignModel {
  return farm({
    algorithm: 'power-of-two',
    servers: 100,
    load,
    response: published,
    tolerance,
    count,
    quick: load === 0.8,
    estimate: 'approximate',
  });
}

function oneChoice(load: number, count: number): DesignModel {
  const response = 1 / (1 - load);
  return farm({
    algorithm: 'random',
    servers: 100,
    load,
    response,
    tolerance: 0.02,
    count,
    estimate: 'exact',
  });
}

function shortest(load: number, response: number, count: number, tolerance = 0.01): DesignModel {
  return farm({
    algorithm: 'least-connections',
    servers: 2,
    load,
    response,
    tolerance,
    count,
    quick: load === 0.8,
    estimate: { approximate: within(0.02) },
  });
}

function inTurn(servers: number, load: number, response: number, count: number): DesignModel {
  return farm({
    name: `n = ${servers}, λ = ${load}`,
    algorithm: 'round-robin',
    servers,
    load,
    response,
    tolerance: 0.02,
    count,
    quick: servers === 10 && load === 0.8,
    estimate: 'exact',
  });
}

const limit =
  'The figure is the limit of many servers; with a hundred, picked independently, so that a request may meet ' +
  'the same server twice, ours is one or two percent above it.';

/** Every request goes to two random servers of a hundred; the first answer counts, the other work goes on. */
function twice(load: number, count: number): DesignModel {
  return {
    name: `ρ = ${Number(load.toPrecision(3))}`,
    design: `
name: twice
network: { latency: 0s }
traffic: { users: { call: client.ask, rate: ${Number((100 * load).toPrecision(12))}/s } }
components:
  client:
    kind: service
    operations:
      ask: [ { parallel: ${steps('call: servers.work', 'call: servers.work')}, wait for: 1 } ]
${server('servers', 'exponential(1s)', { instances: 100, cores: 1, balance: 'random' })}
`,
    length: requests(count, 100 * load),
    expect: [
      {
        what: 'mean response',
        paper: 1 / (2 * (1 - 2 * load)),
        unit: 's',
        tolerance: within(0.03),
        read: latency('users'),
        explanation: limit,
      },
    ],
  };
}

/** Idle servers register at one of fifty dispatchers: a design has one, so the core stands before the queues alone. */
function joinIdleQueue(load: number, response: number): DirectModel {
  return {
    name: `λ = ${load}`,
    quick: true,
    expect: [
      {
        what: 'mean response',
        paper: response,
        unit: 's',
        tolerance: within(0.05),
        explanation:
          'The formula is the limit of many servers, where an idle server that a request finds by chance stays ' +
          'registered; here its registration is withdrawn, which saves one or two percent.',
      },
    ],
    measure: () => [
      meanInterval(timesInSystem('join-idle-queue', 500, load, 8_000_000, { dispatchers: 50 })),
    ],
  };
}

export const balancing: readonly Case[] = [
  {
    id: 'two-choices',
    title: 'The better of two random servers, n = 100',
    source: 'Mitzenmacher, IEEE TPDS 12(10) 2001, table 1 (simulation, n = 100)',
    evidence: 'published simulation',
    models: [
      twoChoices(0.5, 1.2673, 2e6),
      twoChoices(0.7, 1.6202, 4e6),
      twoChoices(0.8, 1.9585, 6e6),
      twoChoices(0.9, 2.6454, 1.6e7),
      twoChoices(0.95, 3.461, 4.4e7),
      twoChoices(0.99, 5.9275, 8e7, 0.03),
    ],
  },
  {
    id: 'one-choice',
    title: 'One random server of 100 is an M/M/1',
    source: 'Mitzenmacher, IEEE TPDS 12(10) 2001, table 1',
    evidence: 'published figure and closed form',
    models: [oneChoice(0.5, 2e6), oneChoice(0.8, 1e7), oneChoice(0.9, 2e7)],
  },
  {
    id: 'shortest-queue',
    title: 'The shorter of two queues',
    source:
      'Kingman 1961; Flatto & McKean 1977 (model); truncated Markov chain, residual below 1e-7 (figures)',
    evidence: 'exact numerical solution',
    models: [
      shortest(0.5, 1.4263207512, 3e6),
      shortest(0.7, 2.108197274, 8e6),
      shortest(0.8, 2.9557366176, 1.4e7),
      shortest(0.9, 5.474912821, 5e7),
      shortest(0.95, 10.486603, 4e7, 0.03),
    ],
  },
  {
    id: 'round-robin',
    title: 'In turn: each of n servers is an E_n/M/1',
    source: 'Kleinrock, Queueing Systems I (1975), §6.4',
    evidence: 'closed form',
    models: [
      inTurn(2, 0.5, 1.61803398875, 2e6),
      inTurn(2, 0.8, 3.84397976699, 6e6),
      inTurn(2, 0.9, 7.58828362869, 2e7),
      inTurn(10, 0.5, 1.32464240072, 2e6),
      inTurn(10, 0.8, 2.9222691803, 6e6),
      inTurn(10, 0.9, 5.66027639011, 2.4e7),
    ],
  },
  {
    id: 'join-idle-queue',
    title: 'Join-idle-queue: 500 servers, 50 dispatchers',
    source: 'Lu et al., Performance Evaluation 68(11) 2011, JIQ-Random: T = 1 + λ / ((1 − λ)(1 + n/m))',
    evidence: 'closed form',
    models: [joinIdleQueue(0.5, 1 + 0.5 / (0.5 * 11)), joinIdleQueue(0.9, 1 + 0.9 / (0.1 * 11))],
  },
  {
    id: 'every-request-twice',
    title: 'Every request to two random servers, none cancelled: it helps below a load of one third',
    source: 'Vulimiri et al., CoNEXT 2013, §2.1 (threshold 33.3 % for exponential service)',
    evidence: 'published figure and closed form',
    models: [twice(0.1, 2e5), twice(0.2, 3e5), twice(0.3, 1e6), twice(1 / 3, 1e6), twice(0.4, 2e6)],
  },
];
