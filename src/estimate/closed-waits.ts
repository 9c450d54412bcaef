import type { Plan, PlanTraffic } from '../design/plan.ts';
import { mean as meanOf } from '../quantities/index.ts';
import {
  areAlike,
  byMean,
  type ClosedSolver,
  ENDLESS,
  hasProductForm,
  left,
  type Node,
  nodeOf,
} from './closed-nodes.ts';
import { lastMeanValues, meanValueClasses, type ProductFormSolution, productForm } from './formulas/index.ts';
import { exponential, type Law, sometimes, sum, zero } from './law/index.ts';
import { sharedQueues } from './shared-queues.ts';
import type { StationState } from './station.ts';
import type { Wait } from './waits.ts';

/** Convolution over about this many products at most; beyond it, several servers are taken for a faster one and a delay. */
const PRODUCTS_MAX = 2e7;
/** Users who neither think nor wait would ask without end. */
const THINK_MIN = 1e-9;
/** Populations up to which a wait is known by its law, not only by its mean. */
const LAW_CUSTOMERS_MAX = 400;

/**
 * Solves the closed network that closed traffic makes of the stations it visits. One traffic: exactly, for
 * stations of product form (mean value analysis, or convolution for several servers). Several: exactly by
 * classes where few, else by Bard and Schweitzer. Open traffic at a station slows it by what it takes
 * (Lazowska et al., Quantitative System Performance, 1984, section 7.4).
 *
 * @param stations by name, as they are without queueing
 * @param unqueued mean response of a traffic without queueing
 * @param rates at which the stations were looked at
 */
export function solveClosed(
  plan: Plan,
  closed: readonly PlanTraffic[],
  stations: ReadonlyMap<string, StationState>,
  unqueued: (traffic: number) => number,
  rates: readonly number[],
): ClosedSolver {
  const nodes = [...stations].map(([name, state]) => nodeOf(name, state, closed, rates));
  const overloaded = nodes.some(({ open }) => open >= 1);
  const classes = closed.map(({ arrivals, index }, r) => {
    if (arrivals.type !== 'closed') throw new RangeError('only closed traffic has users');
    const queued = nodes.reduce((sum, { demands }) => sum + demands[r]!, 0);
    return {
      customers: arrivals.users,
      think: clamped(meanOf(arrivals.think) + Math.max(0, unqueued(index) - queued)),
    };
  });
  const notes: string[] = [];
  if (overloaded)
    notes.push('Open traffic alone is more than a station can serve that closed traffic visits too.');
  if (overloaded || nodes.some((node) => !hasProductForm(node, closed))) {
    const { notes: others, ...shared } = sharedQueues(closed, classes, nodes);
    return { ...shared, notes: [...notes, ...others] };
  }
  const [only, ...more] = classes;
  if (only !== undefined && more.length === 0) return oneClass(closed[0]!, only, nodes, notes);
  return severalClasses(plan, closed, classes, nodes, notes);
}

const clamped = (think: number): number => (think < ENDLESS ? Math.max(think, THINK_MIN) : ENDLESS);

function oneClass(
  traffic: PlanTraffic,
  { customers, think }: { readonly customers: number; readonly think: number },
  nodes: readonly Node[],
  notes: string[],
): ClosedSolver {
  // One station stands for the pools of a node, which are alike: work is spread evenly over them.
  const alike = nodes.map((node) => ({
    demand: node.demands[0]! / node.pools / left(node),
    servers: node.servers,
    copies: node.pools,
  }));
  const expanded = alike.reduce((sum, { copies }) => sum + copies, 0);
  const convolved = customers ** 2 * expanded * nodes.length <= PRODUCTS_MAX;
  const pools = convolved ? alike.flatMap((pool) => new Array<typeof pool>(pool.copies).fill(pool)) : [];
  const first = nodes.map((_, n) => alike.slice(0, n).reduce((sum, { copies }) => sum + copies, 0));
  const solution = oneClassMeans(
    alike,
    think,
    customers,
    convolved ? () => productForm(pools, think, customers) : null,
    notes,
  );
  const lawful = convolved && customers <= LAW_CUSTOMERS_MAX;
  const waits: ClosedSolver['waits'] = () => {
    const seen = lawful && customers > 1 ? productForm(pools, think, customers - 1).numbers : null;
    const present =
      lawful && nodes.some(({ open }) => open > 0) ? productForm(pools, think, customers).numbers : null;
    return new Map(
      nodes.map((node, n) => {
        const { demand, copies } = alike[n]!;
        const visits = node.visits[0]!;
        const { residence, served } = solution.at[n]!;
        const wait = visits === 0 ? 0 : Math.max(0, (residence - served) * copies) / visits;
        const service = (demand * left(node) * copies) / (visits || 1);
        const busy = (solution.throughput * demand) / node.servers;
        const closedWait = seen !== null ? waitSeen(seen[first[n]!]!, node, service) : byMean(wait, busy);
        const byTraffic = new Map<number, Wait>([[traffic.index, closedWait]]);
        const numbers = node.open > 0 && present !== null ? present[first[n]!]! : null;
        addOpen(byTraffic, node, solution.throughput * residence, numbers);
        return [node.name, byTraffic];
      }),
    );
  };
  for (const node of nodes) noteForm(node, notes);
  return { rates: new Map([[traffic.index, solution.throughput]]), waits, notes };
}

/** Throughput, and by station the time a pass spends there and the part of it that is service. */
interface OneClass {
  readonly throughput: number;
  readonly at: readonly { readonly residence: number; readonly served: number }[];
}

function oneClassMeans(
  stations: readonly { readonly demand: number; readonly servers: number; readonly copies: number }[],
  think: number,
  customers: number,
  convolution: (() => ProductFormSolution) | null,
  notes: string[],
): OneClass {
  const single = stations.every(({ servers }) => servers === 1);
  if (!single && convolution !== null) {
    const { throughput, residence } = convolution();
    let at = 0;
    return {
      throughput,
      at: stations.map(({ demand, copies }) => {
        at += copies;
        return { residence: residence[at - 1]!, served: demand };
      }),
    };
  }
  // Seidmann, Schweitzer & Shalev-Oren 1987: c servers are one c times as fast, and a delay for the rest.
  const slow = stations.reduce(
    (sum, { demand, servers, copies }) => sum + (copies * demand * (servers - 1)) / servers,
    0,
  );
  if (!single) {
    notes.push('Many users over stations of several servers: by the approximation of Seidmann et al. 1987.');
  }
  const { throughput, residence, exact } = lastMeanValues(
    stations.map(({ demand, servers, copies }) => ({ demand: demand / servers, copies })),
    think + slow,
    customers,
  );
  if (!exact) notes.push('Closed traffic with very many users: by the fixed point of Schweitzer 1979.');
  return {
    throughput,
    at: stations.map(({ demand, servers }, k) => ({ residence: residence[k]!, served: demand / servers })),
  };
}

/**
 * By the arrival theorem: who arrives finds so many customers of the closed traffic there. Beside open traffic,
 * each of them takes the server for as long as it and those of the open traffic who come between, Exp(S/(1 − ρ)),
 * and with probability ρ one more such time is begun (product form of mixed networks: the numbers of open
 * customers are negative binomial given those of the closed).
 */
function waitSeen(numbers: Float64Array, { servers, open }: Node, service: number): Wait {
  const departures: number[] = [0];
  numbers.forEach((p, j) => {
    const awaited = Math.max(0, j - servers + 1);
    departures[awaited] = (departures[awaited] ?? 0) + p;
  });
  // States far above what is ever reached need no term.
  let last = departures.length - 1;
  while (last > 0 && departures[last]! < 1e-12) last--;
  const kept = departures.slice(0, last + 1);
  const total = kept.reduce((sum, p) => sum + p, 0);
  const weights = kept.map((p) => p / total);
  const part = exponential(service / servers / (1 - open));
  const closed: Law = weights.length === 1 ? zero : { law: 'random-sum', part, weights };
  return { waits: 1 - weights[0]! * (1 - open), law: sum(sometimes(open, part), closed) };
}

/** The wait of who needs next to nothing of the station, behind those who are there. */
function behind(node: Node, present: number): Wait {
  const mean = node.state.service * ((1 + present / node.servers) / left(node) - 1);
  return byMean(mean, Math.min(1, node.open + present / node.servers));
}

/** Open traffic queues behind itself and behind the customers of the closed. */
function addOpen(
  waits: Map<number, Wait>,
  node: Node,
  present: number,
  numbers: Float64Array | null = null,
): void {
  for (const [traffic, { rate, work }] of node.state.load.byTraffic) {
    if (waits.has(traffic)) continue;
    if (numbers !== null) {
      waits.set(traffic, waitSeen(numbers, node, work / rate));
      continue;
    }
    waits.set(traffic, behind(node, present));
  }
}

function severalClasses(
  plan: Plan,
  closed: readonly PlanTraffic[],
  classes: readonly { readonly customers: number; readonly think: number }[],
  nodes: readonly Node[],
  notes: string[],
): ClosedSolver {
  const several = nodes.filter(({ servers }) => servers > 1);
  if (several.length > 0) {
    notes.push(
      'Several closed traffics over stations of several servers: by the approximation of Seidmann et al. 1987.',
    );
  }
  const fast = (node: Node, r: number): number => node.demands[r]! / node.servers / left(node);
  // The pools of a station are alike, so one stands for all: a visit to it is shorter by their number.
  const { exact, classes: solved } = meanValueClasses(
    classes.map(({ customers, think }, r) => ({
      customers,
      think:
        think +
        several.reduce((sum, node) => sum + (node.demands[r]! * (node.servers - 1)) / node.servers, 0),
      demands: nodes.map((node) => fast(node, r) / node.pools),
    })),
    nodes.map(({ pools }) => pools),
  );
  if (!exact)
    notes.push('Several closed traffics with many users: by the fixed point of Bard and Schweitzer 1979.');
  const rates = new Map(closed.map(({ index }, r) => [index, solved[r]!.throughput]));
  const waits = new Map<string, Map<number, Wait>>();
  for (const [at, node] of nodes.entries()) {
    const byTraffic = new Map<number, Wait>();
    const busy = closed.reduce(
      (sum, _, r) => sum + (solved[r]!.throughput * node.demands[r]!) / (node.pools * node.servers),
      node.open,
    );
    let present = 0;
    closed.forEach(({ index }, r) => {
      const residence = solved[r]!.residence[at]! * node.pools;
      present += (solved[r]!.throughput * residence) / node.pools;
      const demand = node.demands[r]!;
      if (demand === 0) return;
      byTraffic.set(index, byMean(Math.max(0, residence - demand / node.servers) / node.visits[r]!, busy));
    });
    closed.forEach(({ index }, r) => {
      if (node.visits[r]! > 0 && node.demands[r] === 0) byTraffic.set(index, behind(node, present));
    });
    addOpen(byTraffic, node, present);
    waits.set(node.name, byTraffic);
    noteForm(node, notes);
  }
  const names = closed.map(({ index }) => plan.traffic[index]!.name).join(', ');
  notes.push(
    `${names}: means by mean value analysis; of the waits of several closed traffics only the means are known, and the percentiles take them for exponential.`,
  );
  return { rates, waits: () => waits, notes };
}

/** Product form asks for exponential times where requests queue in order. */
function noteForm({ state }: Node, notes: string[]): void {
  const { uses, discipline } = state.load;
  if (discipline === 'processor-sharing' || areAlike(uses)) return;
  const note = 'Closed traffic: stations are taken to have exponential service times (product form).';
  if (!notes.includes(note)) notes.push(note);
}
