/** One server, Poisson arrivals: means, percentiles, room for few, service laws, disciplines. */
import type { Case, DesignModel, Expectation } from './case.ts';
import { within } from './case.ts';
import { queue, server, steps } from './designs.ts';
import { failure, latency, linear, numberAt, station, throughput } from './figures.ts';
import { requests } from './length.ts';

const response = latency('users');
const wait = station('server.cpu', 'waiting');

function mm1(arrivalRate: number, serviceRate: number, tolerance: number, count: number): DesignModel {
  const load = arrivalRate / serviceRate;
  const free = serviceRate - arrivalRate;
  const percentile = (p: number) => -Math.log(1 - p) / free;
  return {
    name: `ρ = ${load}`,
    design: queue({ name: 'mm1', rate: `${arrivalRate}/s`, service: `exponential(${1 / serviceRate}s)` }),
    length: requests(count, arrivalRate),
    quick: requests(count / 20, arrivalRate),
    expect: [
      { what: 'mean response', paper: 1 / free, unit: 's', tolerance: within(tolerance), read: response },
      { what: 'mean wait', paper: load / free, unit: 's', tolerance: within(tolerance), read: wait },
      {
        what: 'number in system',
        paper: load / (1 - load),
        unit: '1',
        tolerance: within(tolerance),
        read: numberAt('server.cpu'),
      },
      {
        what: 'number waiting',
        paper: load ** 2 / (1 - load),
        unit: '1',
        tolerance: within(tolerance),
        read: station('server.cpu', 'queueLength'),
      },
      {
        what: 'utilisation',
        paper: load,
        unit: '1',
        tolerance: within(tolerance),
        read: station('server.cpu', 'utilization'),
      },
      {
        what: 'p99 wait',
        // P(W > t) = ρ exp(−(μ − λ) t)
        paper: Math.log(load / 0.01) / free,
        unit: 's',
        tolerance: within(0.02),
        read: station('server.cpu', 'waitingP99'),
      },
      ...(['p50', 'p95', 'p99'] as const).map(
        (p): Expectation => ({
          what: `${p} response`,
          paper: percentile(Number(p.slice(1)) / 100),
          unit: 's',
          tolerance: within(0.02),
          read: latency('users', p),
        }),
      ),
    ],
  };
}

function finite(
  rate: number,
  places: number,
  figures: readonly [number, number, number, number],
): DesignModel {
  const [loss, accepted, number, time] = figures;
  return {
    name: `λ = ${rate}, K = ${places}`,
    design: queue({ name: 'mm1k', rate: `${rate}/s`, service: 'exponential(1s)', queue: places - 1 }),
    length: requests(8e6, rate),
    quick: requests(2e5, rate),
    expect: [
      { what: 'lost share', paper: loss, unit: '1', tolerance: within(0.02), read: failure('users') },
      {
        what: 'throughput',
        paper: accepted,
        unit: '1/s',
        tolerance: within(0.02),
        read: throughput('users'),
      },
      {
        what: 'number in system',
        paper: number,
        unit: '1',
        tolerance: within(0.02),
        read: numberAt('server.cpu'),
      },
      { what: 'response of accepted', paper: time, unit: 's', tolerance: within(0.02), read: response },
    ],
  };
}

function mg1(
  name: string,
  service: string,
  rate: number,
  paper: number,
  tolerance: number,
  count: number,
): DesignModel {
  return {
    name,
    design: queue({ name: 'mg1', rate: `${rate}/s`, service }),
    length: requests(count, rate),
    expect: [{ what: 'mean wait', paper, unit: 's', tolerance: within(tolerance), read: wait }],
  };
}

/** Waits of M/D/1, from its response times: the service time is a constant second. */
function md1(
  rate: number,
  quantiles: Readonly<Record<'p50' | 'p95' | 'p99', number>>,
  count: number,
): DesignModel {
  return {
    name: `ρ = ${rate}`,
    design: queue({ name: 'md1', rate: `${rate}/s`, service: '1s' }),
    length: requests(count, rate),
    quick: requests(count / 20, rate),
    expect: (['p50', 'p95', 'p99'] as const)
      .filter((p) => quantiles[p] > 0)
      .map(
        (p): Expectation => ({
          what: `${p} wait`,
          paper: quantiles[p],
          unit: 's',
          tolerance: within(0.02),
          read: linear(latency('users', p), 1, -1),
          estimate: { approximate: within(0.001) },
        }),
      ),
  };
}

function gim1(
  law: string,
  arrivals: string,
  rate: number,
  paper: number,
  tolerance: number,
  count: number,
): DesignModel {
  return {
    name: `${law}, ρ = ${rate}`,
    design: queue({ name: 'gim1', rate: `${rate}/s`, arrivals, service: 'exponential(1s)' }),
    length: requests(count, rate),
    expect: [{ what: 'mean wait', paper, unit: 's', tolerance: within(tolerance), read: wait }],
  };
}

const burstyGap = 'hyperexponential(mean: 1s, cv: 2)';

function batches(size: number, rate: number, number: number, time: number): DesignModel {
  return {
    name: `batches of ${size}`,
    design: queue({ name: 'batches', rate: `${rate}/s`, batch: size, service: 'exponential(1s)' }),
    length: requests(1e7, rate),
    quick: requests(1e6, rate),
    expect: [
      {
        what: 'number in system',
        paper: number,
        unit: '1',
        tolerance: within(0.02),
        read: numberAt('server.cpu'),
      },
      { what: 'mean response', paper: time, unit: 's', tolerance: within(0.02), read: response },
    ],
  };
}

/**
 * The first `customers` of M/M/1 at ρ = 0.9 from empty: a source sends them one by one without waiting for
 * them, pauses until the server is surely idle again, and starts over.
 */
function fromEmpty(customers: number, rest: number, paper: number, count: number): DesignModel {
  const send = steps(
    'wait: exponential(1.111111111111s)',
    `parallel: ${steps('call: server.work', 'wait: 0s')}, wait for: 1`,
  );
  return {
    name: `first ${customers}`,
    design: `
name: from-empty
network: { latency: 0s }
traffic: { source: { call: source.round, users: 1, think: ${rest}s } }
components:
  source: { kind: service, operations: { round: ${steps(`repeat: ${customers}, do: ${send}`)} } }
${server('server', 'exponential(1s)', { cores: 1 })}
`,
    length: {
      time: Math.ceil(((customers / 0.9 + rest) * count) / customers / 30),
      replications: 30,
      warmup: 0,
    },
    expect: [
      {
        what: 'mean wait',
        paper,
        unit: 's',
        tolerance: within(0.02),
        read: wait,
        estimate: 'none',
      },
    ],
  };
}

/** A server that is up for Exp(1/ξ) and in repair for Exp(1/η), idle or not; work goes on where it was. */
function repaired(rate: number, failures: number, repairs: number, tolerance: number): DesignModel {
  const both = failures + repairs;
  const number = (rate * (both ** 2 + failures)) / (both * (repairs - rate * both));
  return {
    name: `λ = ${rate}, ξ = ${failures}, η = ${repairs}`,
    design: queue({
      name: 'repaired',
      rate: `${rate}/s`,
      service: 'exponential(1s)',
      pauses: { every: `exponential(${1 / failures}s)`, for: `exponential(${1 / repairs}s)` },
    }),
    length: requests(rate === 0.5 ? 4e6 : 1.2e7, rate),
    ...(rate === 0.5 && { quick: requests(4e5, rate) }),
    expect: [
      {
        what: 'mean response',
        paper: number / rate,
        unit: 's',
        tolerance: within(tolerance),
        read: response,
        estimate: 'none',
      },
    ],
  };
}

export const singleServer: readonly Case[] = [
  {
    id: 'mm1',
    title: 'M/M/1: means and percentiles',
    source: 'Kleinrock, Queueing Systems I (1975), §3.2',
    evidence: 'closed form',
    models: [mm1(0.5, 1, 0.01, 1e7), mm1(80, 100, 0.01, 4e7), mm1(0.9, 1, 0.02, 1e8)],
  },
  {
    id: 'mm1k-loss',
    title: 'M/M/1/K: a queue with room for few',
    source: 'Gross & Harris, Fundamentals of Queueing Theory (1998), §2.4',
    evidence: 'closed form',
    models: [
      finite(0.8, 5, [0.0888194986556, 0.728944401076, 1.86833203227, 2.56306520704]),
      finite(1, 10, [1 / 11, 10 / 11, 5, 5.5]),
      finite(2, 4, [0.516129032258, 0.967741935484, 3.16129032258, 3.26666666667]),
    ],
  },
  {
    id: 'pollaczek-khinchine',
    title: 'M/G/1: the wait grows with the variance of service',
    source: 'Pollaczek 1930, Khinchine 1932; Kleinrock, Queueing Systems I (1975), §5.6',
    evidence: 'closed form',
    models: [
      mg1('constant, ρ = 0.8', '1s', 0.8, 2, 0.02, 6e6),
      mg1('constant, ρ = 0.9', '1s', 0.9, 4.5, 0.02, 4.5e7),
      mg1('Erlang-2, ρ = 0.8', 'erlang(2, 1s)', 0.8, 3, 0.02, 1e7),
      mg1('hyperexponential scv 4, ρ = 0.8', 'hyperexponential(mean: 1s, cv: 2)', 0.8, 10, 0.04, 1e7),
      mg1('lognormal scv 2, ρ = 0.7', 'lognormal(mean: 1s, cv: 1.4142135623731)', 0.7, 3.5, 0.04, 5e6),
      mg1(
        'bounded Pareto α = 1.5 on [1, 1000], ρ = 0.7',
        'bounded-pareto(low: 1s, high: 1000s, alpha: 1.5)',
        0.24094531454,
        36.8932393686,
        0.1,
        1.5e7,
      ),
    ],
  },
  {
    id: 'md1-wait-percentiles',
    title: 'M/D/1: percentiles of the wait, away from the exponential',
    source: 'Erlang 1909; Crommelin 1932 (the series evaluated with 80 digits)',
    evidence: 'closed form',
    models: [
      md1(0.5, { p50: 0, p95: 2.0506384073, p99: 3.336255957 }, 2e6),
      md1(0.8, { p50: 1.27593987338, p95: 6.62032499684, p99: 10.355886792 }, 1e7),
      md1(0.9, { p50: 3.01304751931, p95: 14.1286738302, p99: 21.8982373495 }, 8e7),
    ],
  },
  {
    id: 'gim1',
    title: 'GI/M/1: regular and bursty arrivals',
    source: 'Kleinrock, Queueing Systems I (1975), §6.4',
    evidence: 'closed form',
    models: [
      gim1('constant gaps', 'constant', 0.5, 0.255000974916, 0.02, 6e6),
      gim1('constant gaps', 'constant', 0.8, 1.69273083992, 0.02, 8e6),
      gim1('constant gaps', 'constant', 0.9, 4.17865942215, 0.02, 2e7),
      gim1('Erlang-2 gaps', 'erlang(2, 1s)', 0.5, (Math.sqrt(5) - 1) / 2, 0.02, 4e6),
      gim1('Erlang-2 gaps', 'erlang(2, 1s)', 0.8, 2.84397976699, 0.02, 1e7),
      gim1('Erlang-2 gaps', 'erlang(2, 1s)', 0.9, 6.58828362869, 0.02, 3e7),
      gim1('hyperexponential gaps scv 4', burstyGap, 0.5, 2.16227766017, 0.04, 4e6),
      gim1('hyperexponential gaps scv 4', burstyGap, 0.8, 9.81919277198, 0.04, 1e7),
      gim1('hyperexponential gaps scv 4', burstyGap, 0.9, 22.4088575673, 0.04, 3e7),
    ],
  },
  {
    id: 'server-with-repairs',
    title: 'M/M/1 whose server fails and is repaired',
    source:
      'White & Christie, Operations Research 6(1), 1958; Avi-Itzhak & Naor, Operations Research 11(3), 1963',
    evidence: 'closed form',
    models: [repaired(0.5, 0.1, 0.9, 0.03), repaired(0.6, 0.01, 0.1, 0.05)],
  },
  {
    id: 'batch-arrivals',
    title: 'Requests that arrive in batches, M^[X]/M/1',
    source: 'Gross & Harris, Fundamentals of Queueing Theory (1998), §3.1',
    evidence: 'closed form',
    models: [batches(3, 0.75, 6, 8), batches(2, 0.7, 3.5, 5)],
  },
  {
    id: 'transient-from-empty',
    title: 'The first customers of an empty M/M/1 at ρ = 0.9 wait less than the long run says (9 s)',
    source: 'Exact recursion over the number found; cf. Law, Simulation Modeling and Analysis (2015), §9',
    evidence: 'exact numerical solution',
    models: [
      fromEmpty(10, 100, 1.311207758139, 1e6),
      fromEmpty(100, 300, 4.593538447761, 6e6),
      fromEmpty(1000, 600, 8.110599827211, 3e7),
    ],
  },
];
