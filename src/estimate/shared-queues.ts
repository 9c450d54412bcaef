import type { PlanTraffic } from '../design/plan.ts';
import { byMean, type ClosedSolver, left, type Node } from './closed-nodes.ts';
import { erlangC } from './formulas/index.ts';
import { mean, residual } from './law/index.ts';
import type { Wait } from './waits.ts';

/** Users of one closed traffic, and the seconds of a pass that they spend without queueing at the nodes. */
export interface Population {
  readonly customers: number;
  readonly think: number;
}

/** Steps of the fixed point at most, and the relative change at which it stands. */
const STEPS_MAX = 2000;
const STANDS_AT = 1e-9;
/** Share of the way that a step goes: a whole one swings where users hardly think. */
const STEP = 0.5;
/** A queue is taken to be no nearer to its end than this. */
const FULLEST = 1 - 1e-9;

const SHARED_NOTE =
  'Closed traffic that queues behind requests of another length or behind open traffic: everyone waits for the work that is found there, after Bard and Schweitzer 1979, an approximation.';

/**
 * Waits where requests of several lengths, or open and closed traffic, share a queue in order: no product form, since
 * everybody waits for the same work, however short the own visit is. Who comes finds all servers busy with the chance of
 * Erlang's formula at the load of the others, and waits for what is left of one service and for the work before it; of a
 * closed traffic with N users a newcomer finds (N − 1)/N (Bard 1979; Schweitzer 1979). For open traffic alone that is M/M/c, and
 * M/G/c after Lee and Longton 1959.
 */
export function sharedQueues(
  closed: readonly PlanTraffic[],
  populations: readonly Population[],
  nodes: readonly Node[],
): ClosedSolver {
  const queues = nodes.map((node) => new SharedQueue(node, closed));
  const throughput = populations.map(({ customers, think }) => customers / think);
  for (let step = 0; step < STEPS_MAX; step++) {
    let moved = 0;
    for (const queue of queues) moved = Math.max(moved, queue.settle(throughput, populations));
    populations.forEach(({ customers, think }, r) => {
      const response = queues.reduce((sum, queue) => sum + queue.residence(r), 0);
      const next = customers / (think + response);
      moved = Math.max(moved, Math.abs(next / throughput[r]! - 1));
      throughput[r] = throughput[r]! ** (1 - STEP) * next ** STEP;
    });
    if (moved < STANDS_AT) break;
  }
  const rates = new Map(closed.map(({ index }, r) => [index, throughput[r]!]));
  const waits = (): ReadonlyMap<string, ReadonlyMap<number, Wait>> =>
    new Map(nodes.map(({ name }, n) => [name, queues[n]!.byTraffic()]));
  return { rates, waits, notes: [SHARED_NOTE] };
}

/** One node; all its pools are alike, and so is what comes to each. */
class SharedQueue {
  private readonly node: Node;
  private readonly closed: readonly PlanTraffic[];
  /** What is left of the service of one server, mean, seconds. */
  private readonly remaining: number;
  /** By closed traffic, then of open traffic: mean wait of a visit and chance to wait. */
  private readonly waiting: Float64Array;
  private readonly delayed: Float64Array;

  constructor(node: Node, closed: readonly PlanTraffic[]) {
    this.node = node;
    this.closed = closed;
    const { discipline } = node.state.load;
    // A server that all share is left by each as if its time were exponential.
    this.remaining =
      discipline === 'processor-sharing' ? node.state.service : mean(residual(node.state.time));
    this.waiting = new Float64Array(closed.length + 1);
    this.delayed = new Float64Array(closed.length + 1);
  }

  /** Seconds of a pass of a closed traffic here, at all pools together. */
  residence(r: number): number {
    return this.node.demands[r]! + this.node.visits[r]! * this.waitOf(r);
  }

  /** Takes over the throughputs; gives the largest relative change of a wait. */
  settle(throughput: readonly number[], populations: readonly Population[]): number {
    const { node, waiting, delayed, remaining } = this;
    const { servers, pools, open } = node;
    const busy = throughput.map((rate, s) => (rate * node.demands[s]!) / (pools * servers));
    let moved = 0;
    for (let r = 0; r <= this.closed.length; r++) {
      let load = open;
      let before = 0;
      busy.forEach((own, s) => {
        const { customers } = populations[s]!;
        const found = s === r ? own * ((customers - 1) / customers) : own;
        load += found;
        before += found * waiting[s]!;
      });
      delayed[r] = erlangC(Math.min(load, FULLEST) * servers, servers);
      const wait = ((delayed[r]! * remaining) / servers + before) / left(node);
      const change = wait - waiting[r]!;
      waiting[r]! += STEP * change;
      if (wait > 0) moved = Math.max(moved, Math.abs(change) / wait);
    }
    return moved;
  }

  byTraffic(): Map<number, Wait> {
    const { node, closed, delayed } = this;
    const waits = new Map<number, Wait>();
    for (const traffic of node.state.load.byTraffic.keys()) {
      const r = closed.findIndex(({ index }) => index === traffic);
      const at = r < 0 ? closed.length : r;
      // What is offered more by open traffic than it serves has a queue without end.
      const wait = node.open < 1 ? this.waitOf(at, traffic) : Number.POSITIVE_INFINITY;
      waits.set(traffic, byMean(wait, delayed[at]!));
    }
    return waits;
  }

  /** Where a server is shared, who takes longer is held up longer. */
  private waitOf(at: number, traffic = this.closed[at]?.index): number {
    const { load, service } = this.node.state;
    const wait = this.waiting[at]!;
    if (load.discipline !== 'processor-sharing') return wait;
    const { rate = 0, work = 0 } = load.byTraffic.get(traffic!) ?? {};
    return rate === 0 ? wait : (wait * (work / rate)) / service;
  }
}
