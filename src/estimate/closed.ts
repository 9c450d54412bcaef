import type { Plan } from '../design/plan.ts';
import { peakRate } from './arrivals.ts';
import type { ComponentModel } from './kind.ts';
import type { Balancing, Solution } from './solution.ts';
import { solve } from './solve.ts';

/** Solves a plan at the peak of its open traffic and with all users of its closed traffic. */
export function solveAll(plan: Plan, models: readonly ComponentModel[], balancing: Balancing): Solution {
  return solve(plan, models, plan.traffic.map(peakRate), balancing);
}
