import type { PlanLimit } from '../design/plan.ts';
import { erlangB, withinQuota, withinTokenBucket } from './formulas/index.ts';

/** Of more calls in a window than this, chance is left aside. */
const CHANCE_MAX = 100_000;

/** Share of Poisson calls that a limit lets through, which come to it so often a second. */
export function withinCallLimit(limit: PlanLimit, rate: number): number {
  if (!(rate > 0)) return 1;
  const fluid = Math.min(1, limit.rate / rate);
  if (!Number.isFinite(rate) || 'own' in limit || limit.rate === 0) return fluid;
  switch (limit.algorithm) {
    case 'token-bucket':
    case 'gcra':
      return withinTokenBucket(rate, limit.rate, limit.burst);
    // One at a time, as far apart as the rate says.
    case 'leaky-bucket':
      return withinTokenBucket(rate, limit.rate, 1);
    case 'fixed-window':
      return withinQuota(rate, limit.calls, limit.window, null);
    // A call that was let through takes a place for as long as the window: M/D/c/c, which the counter comes close to.
    case 'sliding-log':
    case 'sliding-counter':
      return limit.calls > CHANCE_MAX ? fluid : 1 - erlangB(rate * limit.window, limit.calls);
  }
}
