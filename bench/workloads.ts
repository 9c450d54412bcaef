import type { BareNetwork } from './bare/network.ts';
import type { BarePath } from './bare/path.ts';
import { networkMean, pathMean, visits } from './theory.ts';

/** Who runs a workload: the engine through a design file, the hand-written loop, SimPy, or the engine through a plainer design. */
export type Contender = 'tenfold' | 'bare' | 'simpy' | 'plain';

/** One piece of work that several contenders do, with the mean response time that all must come to. */
export interface Workload {
  readonly name: string;
  readonly title: string;
  /** File in bench/designs. */
  readonly design: string;
  /** File of the plainer design, and by how many hops a request of it has fewer. */
  readonly plain?: { readonly design: string; readonly fewerHops: number };
  readonly work: { readonly network: BareNetwork } | { readonly path: BarePath };
  /** Requests of one measured run: about a second or more of work for each contender. */
  readonly requests: Readonly<Partial<Record<Contender, number>>>;
  /** Least ratio aimed at, by contender compared with. */
  readonly goals: Readonly<Partial<Record<Contender, number>>>;
}

const oneServer: BareNetwork = { arrivalRate: 0.8, servers: [1], serviceTime: [1], routing: [[0]] };
const manyServers: BareNetwork = { arrivalRate: 14.4, servers: [16], serviceTime: [1], routing: [[0]] };
const feedback: BareNetwork = {
  arrivalRate: 1,
  servers: [1, 1, 1, 1, 1],
  serviceTime: [0.728, 0.9748, 1.82, 1.1527, 0.9486],
  routing: [
    [0, 0.5, 0.3, 0.2, 0],
    [0, 0, 0, 0.6, 0.4],
    [0.3, 0, 0, 0, 0.7],
    [0, 0, 0, 0, 0.5],
    [0, 0.2, 0, 0, 0],
  ],
};

const path: BarePath = {
  requestsPerMs: 6,
  hopMs: 0.25,
  servers: 8,
  slots: 16,
  cpuMs: 1,
  keys: 1_000_000,
  cached: 100_000,
  connections: 20,
  databaseMs: 10,
  timeout: 'none',
  timeoutMs: 50,
};

/** Everything that is measured side by side. */
export const workloads: readonly Workload[] = [
  {
    name: 'one-server',
    title: 'M/M/1, ρ = 0.8',
    design: 'one-server.yaml',
    work: { network: oneServer },
    requests: { tenfold: 20_000_000, bare: 30_000_000, simpy: 200_000 },
    goals: { bare: 0.4, simpy: 40 },
  },
  {
    name: 'many-servers',
    title: 'M/M/16, ρ = 0.9',
    design: 'many-servers.yaml',
    work: { network: manyServers },
    requests: { tenfold: 15_000_000, bare: 25_000_000, simpy: 200_000 },
    goals: { bare: 0.4 },
  },
  {
    name: 'network',
    title: 'five stations with feedback',
    design: 'network.yaml',
    work: { network: feedback },
    requests: { tenfold: 4_000_000, bare: 8_000_000, simpy: 80_000 },
    goals: { bare: 0.4, simpy: 25 },
  },
  {
    name: 'path',
    title: 'path',
    design: 'path.yaml',
    work: { path },
    requests: { tenfold: 1_500_000, bare: 2_000_000 },
    goals: { bare: 0.5 },
  },
  {
    name: 'path-client-timeout',
    title: 'path, clients time out',
    design: 'path-client-timeout.yaml',
    work: { path: { ...path, timeout: 'request' } },
    requests: { tenfold: 1_500_000, bare: 2_000_000 },
    goals: { bare: 0.5 },
  },
  {
    name: 'path-step-timeout',
    title: 'path, each step times out',
    design: 'path-step-timeout.yaml',
    work: { path: { ...path, timeout: 'step' } },
    requests: { tenfold: 1_500_000, bare: 2_000_000 },
    goals: { bare: 0.5 },
  },
  {
    name: 'path-protected',
    title: 'path with timeouts, retries and breakers on every hop',
    design: 'path-protected.yaml',
    plain: { design: 'path.yaml', fewerHops: 2 },
    work: { path },
    requests: { tenfold: 1_500_000, plain: 1_500_000 },
    goals: { plain: 0.5 },
  },
];

/** The workload of this name; throws a RangeError when there is none. */
export function workloadNamed(name: string): Workload {
  const found = workloads.find((workload) => workload.name === name);
  if (found === undefined) throw new RangeError(`no workload named ${name}`);
  return found;
}

/**
 * Mean response in seconds by theory, and how far off the theory itself may be, as a ratio; null where there
 * is none. A protected path answers as a plain one does: its timeouts are so long that one in 100,000 requests meets one.
 */
export function theoryOf(
  { work, plain }: Workload,
  contender: Contender = 'tenfold',
): { readonly mean: number; readonly slack: number } | null {
  if ('network' in work) return { mean: networkMean(work.network), slack: 0 };
  const { path } = work;
  if (path.timeout !== 'none') return null;
  const further = plain === undefined || contender === 'plain' ? 0 : plain.fewerHops;
  return { mean: pathMean(path) + (further * path.hopMs) / 1000, slack: 0.01 };
}

/** Arrivals and departures at stations that one request makes; null for a path, which is counted in requests. */
export function eventsPerRequest({ work }: Workload): number | null {
  if (!('network' in work)) return null;
  return 2 * visits(work.network).reduce((sum, visited) => sum + visited, 0);
}

/** Requests per second of simulated time. */
export function arrivalRate({ work }: Workload): number {
  return 'network' in work ? work.network.arrivalRate : work.path.requestsPerMs * 1000;
}
