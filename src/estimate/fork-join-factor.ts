import type { PlanStep } from '../design/plan.ts';
import { forkJoin, maxOfExponentialsMean } from './formulas/index.ts';
import { same } from './law/index.ts';
import type { Response } from './outgoing.ts';
import type { StationState } from './station.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * How much faster a fork-join of equal M/M/1 queues is than independent ones: they see the same arrivals.
 * Null unless every branch is one call to a server of its own that nobody else uses.
 *
 * @param operation whose steps these are
 */
export function forkJoinFactor(
  { plan, stations, rates }: Surroundings,
  operation: number,
  branches: readonly (readonly PlanStep[])[],
  responses: readonly Response[],
): number | null {
  const seen = new Set<number>();
  let rate = 0;
  let service = 0;
  for (const [i, [step, ...more]] of branches.entries()) {
    if (step?.step !== 'call' || more.length > 0 || step.onMiss.length > 0) return null;
    const { component } = plan.operations[step.operation]!;
    const used = stations[component]!.filter((s): s is StationState => s !== null && s.offered > 0);
    const [only] = used;
    if (used.length !== 1 || only === undefined || seen.has(component)) return null;
    const { law } = responses[i]!;
    if (law.law !== 'exponential' || !same(law, responses[0]!.law) || only.load.servers !== 1) return null;
    const alone = rates[step.operation]! === rates[operation]! && only.offered === rates[step.operation]!;
    if (!alone || only.load.dispersion !== 1 || only.load.pools > 1) return null;
    seen.add(component);
    rate = only.offered;
    service = only.service;
  }
  if (!(rate * service > 0)) return null;
  const alone = maxOfExponentialsMean(branches.length, service / (1 - rate * service));
  return forkJoin(branches.length, rate, 1 / service) / alone;
}
