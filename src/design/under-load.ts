import type { Plan, PlanTraffic } from './plan.ts';

/**
 * The plan with so many times its traffic: the rate of what is open, the users of what is closed (whole ones, at least
 * one). All else, stored data included, stays as it is.
 *
 * @param times above 0
 */
export function underLoad(plan: Plan, times: number): Plan {
  if (times === 1) return plan;
  return { ...plan, traffic: plan.traffic.map((each) => multiplied(each, times)) };
}

function multiplied(traffic: PlanTraffic, times: number): PlanTraffic {
  const { arrivals } = traffic;
  if (arrivals.type === 'open') return openMultiplied(traffic, times);
  const users = Math.max(1, Math.round(arrivals.users * times));
  return { ...traffic, arrivals: { ...arrivals, users } };
}

/** A traffic at so many times its rate; a closed population stays as it is. */
export function openMultiplied(traffic: PlanTraffic, times: number): PlanTraffic {
  const { arrivals } = traffic;
  if (arrivals.type === 'closed') return traffic;
  const { value, low, high } = arrivals.rate;
  const rate = { value: value * times, low: low * times, high: high * times };
  return { ...traffic, arrivals: { ...arrivals, rate } };
}
