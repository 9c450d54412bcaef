import type { PlanComponent, PlanTraffic } from '../design/plan.ts';
import { callRatesByTraffic } from '../estimate/recurring.ts';
import { mean } from '../quantities/index.ts';
import type { Assembly } from './program/assembly.ts';

/** A traffic's `rate` is its mean over a day: what is counted for as long is counted at that, the rest at the peak. */
export const MEAN_RATE_FROM = 86_400;

/**
 * Requests per second of each traffic that come to a component, but for those with new keys, in windows of so many
 * seconds, if nothing is refused or tried again on the way.
 */
export function usualRates(assembly: Assembly, component: PlanComponent, window: number): number[] {
  const { plan } = assembly;
  const byTraffic = callRatesByTraffic(plan, component.operations, (traffic) => rateOf(traffic, window));
  const isClosed = (t: number): boolean => plan.traffic[t]!.arrivals.type === 'closed';
  const sum = (of: (t: number) => boolean, rates: readonly number[]): number =>
    rates.reduce((total, rate, t) => (of(t) ? total + rate : total), 0);
  const closed = sum(isClosed, byTraffic);
  if (closed === 0) return byTraffic;
  // What users send who wait for answers is known of all of them together.
  const peaks = callRatesByTraffic(plan, component.operations, (traffic) => rateOf(traffic, 0));
  const all = component.operations.reduce(
    (total, operation) => total + assembly.callRate(component, assembly.operation(operation).name),
    0,
  );
  const share = Math.max(0, all - sum((t) => !isClosed(t), peaks)) / closed;
  return byTraffic.map((rate, t) => (isClosed(t) ? rate * share : rate));
}

function rateOf({ arrivals }: PlanTraffic, window: number): number {
  if (arrivals.type === 'closed') return arrivals.users / Math.max(mean(arrivals.think), 1e-3);
  return arrivals.rate.value * (window < MEAN_RATE_FROM ? arrivals.peak : 1);
}
