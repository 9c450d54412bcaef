import type { Plan } from '../design/plan.ts';
import { mean as meanOf } from '../quantities/index.ts';
import { peakRate } from './arrivals.ts';
import type { ClosedSolver } from './closed-nodes.ts';
import { solveClosed } from './closed-waits.ts';
import { type Effort, settledAt } from './effort.ts';
import type { ComponentModel } from './kind.ts';
import { zero } from './law/index.ts';
import type { Balancing, Solution } from './solution.ts';
import { Solver } from './solve.ts';
import { type StationState, withWaits } from './station.ts';

const ROUNDS_MAX = 30;

/**
 * Solves a plan at the peak of its open traffic and with all users of its closed traffic.
 *
 * Closed traffic sets its own rate: what its requests ask of each station, and how long they take without
 * queueing, make a closed network; its solution gives the rates and waits that the rest of the plan is solved
 * with. Hit ratios depend on the rates, hence the rounds.
 */
export function solveAll(
  plan: Plan,
  models: readonly ComponentModel[],
  balancing: Balancing,
  effort: Effort = 'thorough',
): Solution {
  const rates = plan.traffic.map(peakRate);
  const closed = plan.traffic.filter(({ arrivals }) => arrivals.type === 'closed');
  if (closed.length === 0) return solved(new Solver(plan, models, rates, balancing, effort));
  for (const { index, arrivals } of closed) {
    if (arrivals.type === 'closed') rates[index] = arrivals.users / (meanOf(arrivals.think) || 1);
  }
  const members = new Set(closed.map(({ index }) => index));
  const idle = new Solver(plan, models, rates, balancing, effort, (_, __, load) => {
    const visited = [...load.byTraffic.keys()].some((traffic) => members.has(traffic));
    if (!visited) return null;
    return withWaits(load, new Map([...load.byTraffic.keys()].map((t) => [t, { waits: 0, law: zero }])));
  });
  let network: ClosedSolver | null = null;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    idle.settle();
    network = solveClosed(
      plan,
      closed,
      visitedBy(idle.states, members),
      (traffic) => idle.meanResponse(plan.traffic[traffic]!),
      rates,
    );
    let moved = 0;
    for (const [traffic, rate] of network.rates) {
      moved = Math.max(moved, Math.abs(rate - rates[traffic]!) / rate);
      rates[traffic] = rate;
    }
    if (moved < settledAt[effort]) break;
  }
  const { notes } = network!;
  const waits = network!.waits();
  const solution = solved(
    new Solver(plan, models, rates, balancing, effort, (component, station, load) => {
      const known = waits.get(`${component} ${station}`);
      return known === undefined ? null : withWaits(load, known);
    }),
  );
  return { ...solution, notes: [...notes, ...solution.notes] };
}

function solved(solver: Solver): Solution {
  solver.settle();
  return solver.solution();
}

/** Stations that closed traffic visits, by component and station. */
function visitedBy(
  states: readonly (readonly (StationState | null)[])[],
  members: ReadonlySet<number>,
): Map<string, StationState> {
  const visited = new Map<string, StationState>();
  states.forEach((stations, component) => {
    stations.forEach((state, station) => {
      if (state === null || state.load.servers === null || state.service === 0) return;
      if ([...state.load.byTraffic.keys()].some((traffic) => members.has(traffic))) {
        visited.set(`${component} ${station}`, state);
      }
    });
  });
  return visited;
}
