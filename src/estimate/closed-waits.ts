import type { Plan, PlanTraffic } from '../design/plan.ts';
import { mean as meanOf } from '../quantities/index.ts';
import { type ClosedSolution, meanValueAnalysis, meanValueClasses, productForm } from './formulas/index.ts';
import { exponential, type Law, sometimes, sum, zero } from './law/index.ts';
import type { StationState } from './station.ts';
import type { Wait } from './waits.ts';

/** Rates and waits of closed traffic. */
export interface ClosedSolver {
  /** By traffic: requests per second. */
  readonly rates: ReadonlyMap<number, number>;
  /** By station and traffic, open traffic that shares the station included. */
  readonly waits: ReadonlyMap<string, ReadonlyMap<number, Wait>>;
  readonly notes: readonly string[];
}

/** A station of the closed network. All its pools are alike. */
interface Node {
  readonly name: string;
  readonly state: StationState;
  readonly pools: number;
  readonly servers: number;
  /** Share of its servers that open traffic keeps busy. */
  readonly open: number;
  /** By closed traffic: work a request brings, to all pools together. */
  readonly demands: readonly number[];
}

/** Convolution over this many products at most; beyond it, several servers are taken for a faster one and a delay. */
const PRODUCTS_MAX = 2e7;
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
      think: meanOf(arrivals.think) + Math.max(0, unqueued(index) - queued),
    };
  });
  const notes: string[] = [];
  if (overloaded)
    notes.push('Open traffic alone is more than a station can serve that closed traffic visits too.');
  const [only, ...more] = classes;
  if (only !== undefined && more.length === 0) return oneClass(closed[0]!, only, nodes, notes);
  return severalClasses(plan, closed, classes, nodes, notes);
}

function nodeOf(
  name: string,
  state: StationState,
  closed: readonly PlanTraffic[],
  rates: readonly number[],
): Node {
  const { pools, servers, byTraffic } = state.load;
  let openWork = 0;
  for (const [traffic, { work }] of byTraffic) {
    if (!closed.some(({ index }) => index === traffic)) openWork += work;
  }
  return {
    name,
    state,
    pools,
    servers: servers!,
    open: Math.min(openWork / (pools * servers!), 1),
    demands: closed.map(({ index }) => (byTraffic.get(index)?.work ?? 0) / rates[index]!),
  };
}

/** What is left of a server beside open traffic. */
const left = ({ open }: Node): number => Math.max(1 - open, 1e-9);

function oneClass(
  traffic: PlanTraffic,
  { customers, think }: { readonly customers: number; readonly think: number },
  nodes: readonly Node[],
  notes: string[],
): ClosedSolver {
  // One station per pool; work is spread evenly over them.
  const pools = nodes.flatMap((node, n) =>
    Array.from({ length: node.pools }, () => ({
      n,
      demand: node.demands[0]! / node.pools / left(node),
      servers: node.servers,
    })),
  );
  const single = pools.every(({ servers }) => servers === 1);
  const convolved = customers * customers * pools.length * 3 <= PRODUCTS_MAX;
  let solution: ClosedSolution;
  let extra = 0;
  if (single) {
    solution = meanValueAnalysis(
      pools.map(({ demand }) => demand),
      think,
      customers,
    ).at(-1)!;
  } else if (convolved) solution = productForm(pools, think, customers);
  else {
    // Seidmann, Schweitzer & Shalev-Oren 1987: c servers are one c times as fast, and a delay for the rest.
    const slow = pools.reduce((sum, { demand, servers }) => sum + (demand * (servers - 1)) / servers, 0);
    extra = slow;
    solution = meanValueAnalysis(
      pools.map(({ demand, servers }) => demand / servers),
      think + slow,
      customers,
    ).at(-1)!;
    notes.push('Many users over stations of several servers: by the approximation of Seidmann et al. 1987.');
  }
  const seen =
    customers > 1 && customers <= LAW_CUSTOMERS_MAX && convolved
      ? productForm(pools, think, customers - 1)
      : null;
  const waits = new Map<string, Map<number, Wait>>();
  nodes.forEach((node, n) => {
    const own = pools.flatMap((pool, p) => (pool.n === n ? [p] : []));
    const [first] = own;
    const { demand } = pools[first!]!;
    const { rate = 0, work = 0 } = node.state.load.byTraffic.get(traffic.index) ?? {};
    const visits = (node.demands[0]! * rate) / (work || 1);
    const residence = own.reduce((sum, p) => sum + solution.residence[p]!, 0);
    const served = extra === 0 ? node.demands[0]! : node.demands[0]! / node.servers;
    const wait = visits === 0 ? 0 : Math.max(0, residence - served) / visits;
    const service = (demand * left(node) * node.pools) / (visits || 1);
    const known = seen !== null && (node.open === 0 || node.servers === 1);
    const closedWait = known
      ? waitSeen(seen.numbers[first!]!, node, service)
      : byMean(wait, solution.utilizations[first!]!);
    const byTraffic = new Map<number, Wait>([[traffic.index, closedWait]]);
    const present = own.reduce((sum, p) => sum + solution.queueLengths[p]!, 0) / node.pools;
    const numbers = known && node.open > 0 ? productForm(pools, think, customers).numbers[first!]! : null;
    addOpen(byTraffic, node, present, numbers);
    waits.set(node.name, byTraffic);
    noteForm(node, notes);
  });
  return { rates: new Map([[traffic.index, solution.throughput]]), waits, notes };
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

/** A wait of which only the mean is known: as likely as the servers are busy, and then exponential. */
function byMean(wait: number, busy: number): Wait {
  const waits = Math.min(1, busy);
  if (wait === 0 || waits === 0) return { waits: 0, law: zero };
  return { waits, law: sometimes(waits, exponential(wait / waits)) };
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
    const service = work / rate;
    if (numbers !== null) {
      waits.set(traffic, waitSeen(numbers, node, service));
      continue;
    }
    const response = (service * (1 + present / node.servers)) / left(node);
    waits.set(traffic, byMean(response - service, Math.min(1, node.open + present / node.servers)));
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
      demands: nodes.flatMap((node) => new Array<number>(node.pools).fill(fast(node, r) / node.pools)),
    })),
  );
  if (!exact)
    notes.push('Several closed traffics with many users: by the fixed point of Bard and Schweitzer 1979.');
  const rates = new Map(closed.map(({ index }, r) => [index, solved[r]!.throughput]));
  const waits = new Map<string, Map<number, Wait>>();
  let at = 0;
  for (const node of nodes) {
    const places = Array.from({ length: node.pools }, (_, i) => at + i);
    at += node.pools;
    const byTraffic = new Map<number, Wait>();
    const busy = closed.reduce(
      (sum, _, r) => sum + (solved[r]!.throughput * node.demands[r]!) / (node.pools * node.servers),
      node.open,
    );
    let present = 0;
    closed.forEach(({ index }, r) => {
      const residence = places.reduce((sum, p) => sum + solved[r]!.residence[p]!, 0);
      present += (solved[r]!.throughput * residence) / node.pools;
      const { rate, work } = node.state.load.byTraffic.get(index) ?? { rate: 0, work: 0 };
      if (rate === 0) return;
      const visits = (node.demands[r]! * rate) / work;
      byTraffic.set(index, byMean(Math.max(0, residence - node.demands[r]! / node.servers) / visits, busy));
    });
    addOpen(byTraffic, node, present);
    waits.set(node.name, byTraffic);
    noteForm(node, notes);
  }
  const names = closed.map(({ index }) => plan.traffic[index]!.name).join(', ');
  notes.push(
    `${names}: means by mean value analysis; of the waits of several closed traffics only the means are known, and the percentiles take them for exponential.`,
  );
  return { rates, waits, notes };
}

/** Product form asks for exponential times where requests queue in order. */
function noteForm({ state }: Node, notes: string[]): void {
  const { uses, discipline } = state.load;
  const [first] = uses;
  const alike = uses.every(
    ({ time }) =>
      time.law === 'exponential' && first?.time.law === 'exponential' && time.mean === first.time.mean,
  );
  if (discipline === 'processor-sharing' || alike) return;
  const note = 'Closed traffic: stations are taken to have exponential service times (product form).';
  if (!notes.includes(note)) notes.push(note);
}
