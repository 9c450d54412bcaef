/** What callers do about slow and failing callees: retries, hedges, limits and breakers, through design files. */
import type { Case, DesignModel, Expectation, RunLength } from './case.ts';
import { points, within } from './case.ts';
import { latency, linear, station, success } from './figures.ts';

/** A traffic that asks a service, which asks a server with these options. */
interface Calling {
  /** Requests per second. */
  readonly rate: number;
  readonly options: string;
  /** Steps of the server. */
  readonly server: string;
  /** Settings of the server. */
  readonly settings?: string;
}

function callingDesign({ rate, options, server, settings = '' }: Calling): string {
  return `
name: protected
network: { latency: 0s }
traffic: { users: { call: web.work, rate: ${rate}/s } }
components:
  web: { kind: service, operations: { work: [ { call: server.work, ${options} } ] } }
  server: { kind: service, ${settings} operations: { work: [ ${server} ] } }
`;
}

interface Model extends Calling {
  readonly name: string;
  readonly time: number;
  readonly quick?: boolean;
  readonly expect: readonly Expectation[];
}

function model({ name, time, quick = false, expect, ...calling }: Model): DesignModel {
  return {
    name,
    design: callingDesign(calling),
    length: { time, replications: 20 },
    ...(quick ? { quick: { time: time / 5, replications: 10 } } : {}),
    expect,
  };
}

/** Requests that reach the server, for each of `rate`. */
function asked(what: string, rate: number, paper: number, tolerance: number): Expectation {
  return {
    what,
    paper,
    unit: '1',
    tolerance: within(tolerance),
    read: linear(station('server.cpu', 'arrivals'), 1 / rate, 0),
  };
}

function attempts(percent: number, most: number, made: number, share: number, quick = false): DesignModel {
  return model({
    name: `${percent} % fail, ${most} attempts`,
    rate: 100,
    options: `retry: { attempts: ${most}, backoff: none }`,
    server: `{ compute: 0s }, { choose: [ { probability: ${percent}%, do: [ { fail: lost } ] } ] }`,
    time: 1000,
    quick,
    expect: [
      asked('attempts', 100, made, 0.01),
      { what: 'success', paper: share, unit: '1', tolerance: within(0.01), read: success('users') },
    ],
  });
}

function layers(names: readonly string[], tries: number, calls: number): DesignModel {
  const services = names.map((name, i) => {
    const next = names[i + 1];
    const step =
      next === undefined
        ? '{ compute: 0s }, { fail: down }'
        : `{ call: ${next}.x, retry: { attempts: ${tries}, backoff: none } }`;
    return `  ${name}: { kind: service, operations: { x: [ ${step} ] } }`;
  });
  const bottom = names.at(-1)!;
  return {
    name: `${names.length - 1} layers of ${tries} tries`,
    design: `
name: layers
network: { latency: 0s }
traffic: { users: { call: ${names[0]}.x, rate: 1/s, arrivals: constant } }
components:
${services.join('\n')}
`,
    length: { time: 200, replications: 2, warmup: 0 },
    quick: { time: 200, replications: 2, warmup: 0 },
    expect: [
      {
        what: 'calls at the bottom',
        paper: calls,
        unit: '1/s',
        tolerance: within(0.02),
        read: station(`${bottom}.cpu`, 'arrivals'),
      },
    ],
  };
}

function hedge(after: number, extra: number, mean: number, p99: number, p999?: number): DesignModel {
  return model({
    name: `after ${Number(after.toPrecision(6))} s`,
    rate: 100,
    options: `hedge: { after: ${after}s }`,
    server: '{ compute: 0s }, { wait: exponential(1s) }',
    time: 2000,
    quick: p999 !== undefined,
    expect: [
      asked('requests', 100, 1 + extra, 0.01),
      { what: 'mean', paper: mean, unit: 's', tolerance: within(0.01), read: latency('users') },
      {
        what: 'p99',
        paper: p99,
        unit: 's',
        tolerance: within(0.01),
        read: latency('users', 'p99'),
        estimate: { approximate: within(0.01) },
      },
      ...(p999 === undefined
        ? []
        : [
            {
              what: 'p99.9',
              paper: p999,
              unit: 's',
              tolerance: within(0.01),
              read: latency('users', 'p999'),
            },
          ]),
    ].map((row) => ({ estimate: { approximate: within(0.01) }, ...row }) as Expectation),
  });
}

function duplicated(load: number, mean: number): DesignModel {
  return model({
    name: `ρ = ${load}`,
    rate: 100 * load,
    options: 'hedge: { after: 0s }',
    settings: 'instances: 100, balance: random,',
    server: '{ compute: exponential(1s) }',
    time: 3000,
    expect: [
      {
        what: 'mean',
        paper: mean,
        unit: 's',
        tolerance: within(0.03),
        read: latency('users'),
        estimate: { approximate: within(0.03) },
        explanation: 'Of a hundred servers, one in a hundred requests sends both copies to the same.',
      },
    ],
  });
}

function bucket(
  rate: number,
  burst: number,
  refused: number,
  { time = 100_000, quick = false } = {},
): DesignModel {
  return model({
    name: `${rate}/s, burst ${burst}`,
    rate,
    options: `limit: { rate: 1/s, burst: ${burst} }`,
    server: '{ compute: 0s }',
    time,
    quick,
    expect: [
      {
        what: 'refused',
        paper: refused,
        unit: '1',
        tolerance: within(0.03),
        read: linear(success('users'), -1, 1),
        estimate: 'none',
      },
    ],
  });
}

const leaf =
  '{ choose: [ { probability: 99%, do: [ { wait: 10ms } ] }, { probability: 1%, do: [ { wait: 1s } ] } ] }';

/** A root that asks a hundred leaves, ten times a second; constant gaps, so that requests can be counted exactly. */
function fanOut(
  name: string,
  option: string,
  length: RunLength,
  expect: readonly Expectation[],
): DesignModel {
  const branches = Array.from({ length: 100 }, () => `{ call: leaf.get${option} }`);
  return {
    name,
    design: `
name: fan-out
network: { latency: 0s }
traffic: { users: { call: root.get, rate: 10/s, arrivals: constant, timeout: 900ms } }
components:
  root: { kind: service, operations: { get: [ { parallel: [ ${branches.join(', ')} ] } ] } }
  leaf: { kind: service, operations: { get: [ { compute: 0s }, ${leaf} ] } }
`,
    length,
    expect,
  };
}

function slower(share: number): Expectation {
  return {
    what: 'slower than 900 ms',
    paper: share,
    unit: '1',
    tolerance: points(0.3),
    read: linear(success('users'), -1, 1),
    estimate: 'none',
  };
}

export const protections: readonly Case[] = [
  {
    id: 'expected-attempts',
    title: 'Attempts of a call that fails by chance',
    source: 'Geometric sum',
    evidence: 'closed form',
    models: [
      attempts(10, 3, 1.11, 0.999),
      attempts(50, 3, 1.75, 0.875, true),
      attempts(50, 4, 1.875, 0.9375),
      attempts(90, 3, 2.71, 0.271),
    ],
  },
  {
    id: 'retry-amplification',
    title: 'Retries in every layer, when the bottom is down',
    source: 'Beyer et al., Site Reliability Engineering, 2016, ch. 22; Brooker, Amazon Builders’ Library',
    evidence: 'published figure',
    models: [layers(['a', 'b', 'c', 'd'], 4, 64), layers(['a', 'b', 'c', 'd', 'e', 'f'], 3, 243)],
  },
  {
    id: 'hedged-exponential',
    title: 'A second request after a while, to a server that answers in Exp(1)',
    source: 'Minimum of shifted exponentials; Dean & Barroso, CACM 56(2) 2013 (the rule)',
    evidence: 'closed form',
    models: [
      hedge(2.995732, 0.05, 0.975, 3.8003, 4.952),
      hedge(1, 0.3679, 0.81606, 2.8026),
      hedge(Math.LN2, 0.5, 0.75, 2.6492),
    ],
  },
  {
    id: 'hedged-fan-out',
    title: 'A hundred leaves, one in a hundred slow: the second request',
    source: 'Dean & Barroso, CACM 56(2) 2013 (model)',
    evidence: 'closed form',
    models: [
      fanOut('as it is', '', { time: 2000, replications: 30 }, [slower(0.63397)]),
      fanOut('hedged after 10 ms', ', hedge: { after: 10.001ms }', { time: 500, replications: 20 }, [
        slower(0.009951),
        {
          what: 'requests for each of a leaf',
          paper: 1.01,
          unit: '1',
          // 5 % of the extra ones.
          tolerance: { absolute: 0.0005 },
          read: linear(station('leaf.cpu', 'arrivals'), 1 / 1000),
          estimate: { approximate: { absolute: 0.4 } },
          explanation:
            'The estimate takes the law of a response for smooth: of answers that take exactly 10 ms it has many ' +
            'still out a moment later, and so far more second requests.',
        },
      ]),
    ],
  },
  {
    id: 'full-duplication',
    title: 'Every request sent twice, the first answer counts',
    source: 'Vulimiri et al., CoNEXT 2013',
    evidence: 'closed form',
    models: [duplicated(0.1, 0.625), duplicated(0.2, 0.8333), duplicated(0.3, 1.25), duplicated(0.4, 2.5)],
  },
  {
    id: 'token-bucket-poisson',
    title: 'A token bucket under Poisson arrivals is M/D/1/K',
    source: 'Duality of token bucket and queue (embedded chain)',
    evidence: 'exact numerical solution',
    models: [
      bucket(0.8, 5, 0.03529, { quick: true }),
      bucket(0.9, 10, 0.016632, { time: 600_000 }),
      bucket(1.2, 20, 0.166763),
    ],
  },
];
