import type { Plan } from './plan.ts';

/**
 * The plan with one of its scenarios laid over it: its courses of traffic, its faults.
 *
 * @throws RangeError when the plan has no scenario of that name
 */
export function underScenario(plan: Plan, name: string): Plan {
  const scenario = plan.scenarios.find((each) => each.name === name);
  if (scenario === undefined) throw new RangeError(`${plan.name} has no scenario ${JSON.stringify(name)}`);
  const traffic = plan.traffic.map((each) => {
    const course = scenario.courses.find((course) => course.traffic === each.index);
    if (course === undefined) return each;
    const { arrivals } = each;
    const { shape, hottest } = course;
    const shaped = shape !== null && arrivals.type === 'open' ? { ...arrivals, shape } : arrivals;
    return { ...each, arrivals: shaped, hottest };
  });
  return { ...plan, traffic, scenario };
}
