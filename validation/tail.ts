/** Fan-out: the slowest of many, the k-th of n, and a second request for the slow first. */
import type { Case, DesignModel, Expectation } from './case.ts';
import { points, within } from './case.ts';
import { server, steps } from './designs.ts';
import { failure, latency, success } from './figures.ts';
import { requests } from './length.ts';

/** `count` equal branches at once, done when `waitFor` of them are. */
function parallel(branch: string, count: number, waitFor = count): string {
  return `{ parallel: [ ${Array.from({ length: count }, () => branch).join(', ')} ], wait for: ${waitFor} }`;
}

/** A design whose one operation does these steps; the branches only wait, so nothing queues. */
function root(name: string, step: string, options: { timeout?: string; components?: string } = {}): string {
  const timeout = options.timeout === undefined ? '' : `, timeout: ${options.timeout}`;
  return `
name: ${name}
${options.components === undefined ? '' : 'network: { latency: 0s }'}
traffic: { users: { call: root.ask, rate: 10/s${timeout} } }
components:
  root: { kind: service, operations: { ask: [ ${step} ] } }
${options.components ?? ''}
`;
}

/** The root answers within a second only when none of its leaves is slow. */
function fanOut(leaves: number, slow: string, paper: number, count: number): DesignModel {
  return {
    name: `${leaves} leaves, each slow with ${slow}`,
    design: root('fan-out', parallel('{ call: leaf.ask }', leaves), {
      timeout: '1s',
      components: `  leaf: { kind: service, operations: { ask: [ { choose: [ { probability: ${slow}, do: [ { wait: 2s } ] } ] } ] } }`,
    }),
    length: requests(count, 10),
    ...(leaves <= 100 ? { quick: requests(count / 10, 10) } : {}),
    expect: [
      {
        what: 'roots slower than a second',
        paper,
        unit: '1',
        tolerance: points(0.5),
        read: failure('users'),
        estimate: 'none',
      },
    ],
  };
}

function maximum(branches: number, mean: number, p50: number, p99: number, count: number): DesignModel {
  const expectation = (statistic: 'mean' | 'p50' | 'p99', paper: number): Expectation => ({
    what: `${statistic} response`,
    paper,
    unit: 's',
    tolerance: within(0.01),
    read: latency('users', statistic),
  });
  return {
    name: `n = ${branches}`,
    design: root('maximum', parallel('{ wait: exponential(1s) }', branches)),
    length: requests(count, 10),
    ...(branches <= 100 ? { quick: requests(count / 10, 10) } : {}),
    expect: [expectation('mean', mean), expectation('p50', p50), expectation('p99', p99)],
  };
}

function orderStatistic(name: string, branches: number, waitFor: number, paper: number): DesignModel {
  return {
    name,
    design: root('quorum', parallel('{ wait: exponential(1s) }', branches, waitFor)),
    length: requests(1e6, 10),
    quick: requests(1e5, 10),
    expect: [{ what: 'mean response', paper, unit: 's', tolerance: within(0.01), read: latency('users') }],
  };
}

/** Each request forks to n servers of its own and leaves when all have answered. */
function forkJoin(
  servers: number,
  load: number,
  paper: number,
  tolerance: number,
  count: number,
  explanation = '',
): DesignModel {
  const names = Array.from({ length: servers }, (_, index) => `server-${index + 1}`);
  return {
    name: `n = ${servers}, ρ = ${load}`,
    design: `
name: fork-join
network: { latency: 0s }
traffic: { users: { call: root.ask, rate: ${load}/s } }
components:
  root: { kind: service, operations: { ask: [ { parallel: ${steps(...names.map((name) => `call: ${name}.work`))} } ] } }
${names.map((name) => server(name, 'exponential(1s)', { cores: 1 })).join('\n')}
`,
    length: requests(count, load),
    ...(load <= 0.8 ? { quick: requests(count / 20, load) } : {}),
    expect: [
      {
        what: 'mean response',
        paper,
        unit: 's',
        tolerance: within(tolerance),
        read: latency('users'),
        ...(explanation === '' ? {} : { explanation }),
      },
    ],
  };
}

/** Measured one-way delays of a key-value store on solid-state and on spinning disks, as fitted by the paper. */
const ssd = mixture('91.22%', 'pareto(scale: 0.235ms, alpha: 10)', '8.78%', 1 / 1.66);
const disk = mixture('38%', 'pareto(scale: 1.05ms, alpha: 1.51)', '62%', 1 / 0.183);

function mixture(body: string, law: string, tail: string, tailMeanMs: number): string {
  const exponential = `exponential(${tailMeanMs.toPrecision(12)}ms)`;
  return `{ choose: [ { probability: ${body}, do: [ { wait: "${law}" } ] }, { probability: ${tail}, do: [ { wait: ${exponential} } ] } ] }`;
}

/** Three replicas at once; done when `waitFor` have answered. */
function quorum(
  name: string,
  request: string,
  waitFor: number,
  p999Ms: number,
  count: number,
  medianMs?: number,
): DesignModel {
  return {
    name,
    design: root('quorum', parallel(`[ ${request}, ${ssd} ]`, 3, waitFor)),
    length: requests(count, 10),
    expect: [
      ...(medianMs === undefined
        ? []
        : [
            {
              what: 'median response',
              paper: medianMs / 1000,
              unit: 's' as const,
              tolerance: within(0.03),
              read: latency('users', 'p50'),
              estimate: 'approximate' as const,
            },
          ]),
      {
        what: 'p99.9 response',
        paper: p999Ms / 1000,
        unit: 's',
        // The heaviest tail of all: the paper's own simulation is not nearer than that.
        tolerance: within(p999Ms > 100 ? 0.05 : 0.03),
        read: latency('users', 'p999'),
        estimate: 'approximate',
      },
    ],
  };
}

function shed(calls: number): DesignModel {
  return {
    name: `${calls} calls a request`,
    design: root('shed', `{ repeat: ${calls}, do: [ { call: overloaded.ask } ] }`, {
      components:
        '  overloaded: { kind: service, operations: { ask: [ { choose: [ { probability: 50%, do: [ { fail: shed } ] } ] } ] } }',
    }),
    length: requests(1e5, 10),
    quick: requests(4e4, 10),
    expect: [
      { what: 'success', paper: 0.5 ** calls, unit: '1', tolerance: points(1), read: success('users') },
    ],
  };
}

const below = 'The approximation itself lies a few percent below the truth; the estimate uses it.';

export const tail: readonly Case[] = [
  {
    id: 'fan-out-amplification',
    title: 'The tail at scale: one slow leaf makes the root slow',
    source: 'Dean & Barroso, "The Tail at Scale", CACM 56(2) 2013 (63 %; almost one in five)',
    evidence: 'published figure and closed form',
    models: [
      fanOut(100, '1%', 0.633967658727, 3.5e5),
      fanOut(2000, '0.01%', 0.181277434734, 1.9e5),
      fanOut(100, '0.1%', 0.0952078528863, 1e5),
      fanOut(10, '1%', 0.0956179249912, 1e5),
    ],
  },
  {
    id: 'maximum-of-exponentials',
    title: 'A barrier: the slowest of n',
    source: 'Rényi 1953: the mean is the n-th harmonic number',
    evidence: 'closed form',
    models: [
      maximum(10, 2.92896825397, 2.70355519186, 6.90323679447, 1.5e6),
      maximum(100, 5.18737751764, 4.97514684059, 9.20536966402, 5e5),
      maximum(1000, 7.48547086055, 7.27461475314, 11.5079095309, 3.6e5),
    ],
  },
  {
    id: 'fork-join-two',
    title: 'Fork-join on two servers',
    source: 'Flatto & Hahn 1984; Nelson & Tantawi, IEEE ToC 37(6) 1988: T = (12 − ρ) / (8 (1 − ρ))',
    evidence: 'closed form',
    models: [
      forkJoin(2, 0.5, 2.875, 0.02, 2e6),
      forkJoin(2, 0.8, 7, 0.02, 6e6),
      forkJoin(2, 0.9, 13.875, 0.02, 1.6e7),
    ],
  },
  {
    id: 'fork-join-many',
    title: 'Fork-join on more servers: the Nelson–Tantawi approximation',
    source: 'Nelson & Tantawi, IEEE ToC 37(6) 1988 (an approximation, error below 5 % for n ≤ 32)',
    evidence: 'closed form',
    models: [
      forkJoin(4, 0.7, 6.07327441077, 0.05, 3e6, below),
      forkJoin(5, 0.9, 18.749469697, 0.05, 5e6, below),
    ],
  },
  {
    id: 'commit-latency',
    title: 'A leader waits for a majority of its followers; a reader for R of 3 replicas',
    source: 'Rényi 1953: order statistics of exponentials',
    evidence: 'closed form',
    models: [
      orderStatistic('commit, 3 nodes', 2, 1, 0.5),
      orderStatistic('commit, 5 nodes', 4, 2, 7 / 12),
      orderStatistic('commit, 7 nodes', 6, 3, 37 / 60),
      orderStatistic('R = 1 of 3', 3, 1, 1 / 3),
      orderStatistic('R = 2 of 3', 3, 2, 5 / 6),
      orderStatistic('R = 3 of 3', 3, 3, 11 / 6),
    ],
  },
  {
    id: 'quorum-latency-ssd',
    title: 'Latency of partial quorums on solid-state disks',
    source: 'Bailis et al., "Probabilistically Bounded Staleness", VLDB 2012, table 4 (LNKD-SSD)',
    evidence: 'published simulation',
    models: [
      quorum('R or W = 1 of 3', ssd, 1, 0.66, 2e6, 0.489),
      quorum('R or W = 2 of 3', ssd, 2, 1.63, 2e6),
      quorum('R or W = 3 of 3', ssd, 3, 4.12, 2e6),
    ],
  },
  {
    id: 'quorum-latency-disk',
    title: 'Latency of partial write quorums on spinning disks',
    source: 'Bailis et al., "Probabilistically Bounded Staleness", VLDB 2012, table 4 (LNKD-DISK)',
    evidence: 'published simulation',
    models: [
      quorum('W = 1 of 3', disk, 1, 10.99, 2e6, 1.5),
      quorum('W = 2 of 3', disk, 2, 20.97, 2e6),
      quorum('W = 3 of 3', disk, 3, 112.65, 6e6),
    ],
  },
  {
    id: 'subsequent-overload',
    title: 'An overloaded service that sheds half of its calls, called x times a request',
    source: 'Zhou et al., "Overload Control for Scaling WeChat Microservices", SoCC 2018 (0.5^x)',
    evidence: 'published figure and closed form',
    models: [shed(1), shed(2), shed(3), shed(4)],
  },
];
