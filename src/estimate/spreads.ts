import type { Plan } from '../design/plan.ts';
import type { Flows } from './flows.ts';
import type { ComponentModel, Spread } from './kind.ts';
import type { Balancing, ComponentSpread } from './solution.ts';

/** Rates below this share of all calls are rounding. */
const ROUNDING = 1e-9;

/** How the instances of each component are chosen: as most of its requests come, and otherwise. */
export function spreadsOf(plan: Plan, models: readonly ComponentModel[], flows: Flows): ComponentSpread[] {
  const shares = models.map(() => new Map<Spread, number>());
  const direct = models.map((_, component) =>
    plan.components[component]!.operations.reduce((total, o) => total + flows.rates[o]!, 0),
  );
  for (const operation of plan.operations) {
    if (operation.forwards === null) continue;
    const target = plan.operations[operation.forwards]!.component;
    for (const activity of models[operation.component]!.activities(operation)) {
      if (activity.does !== 'forward') continue;
      const rate = flows.rates[operation.index]!;
      shares[target]!.set(activity.spread, (shares[target]!.get(activity.spread) ?? 0) + rate);
      direct[target]! -= rate;
    }
  }
  const all = flows.rates.reduce((a, b) => a + b, 0);
  return models.map((model, component) => {
    const ways = shares[component]!;
    if (direct[component]! > ROUNDING * all || ways.size === 0) {
      ways.set(model.spread, (ways.get(model.spread) ?? 0) + direct[component]!);
    }
    const [first, ...others] = [...ways].sort((a, b) => b[1] - a[1]);
    return { spread: first?.[0] ?? model.spread, others: others.map(([other]) => other) };
  });
}

/** What stands for a spread in a way of looking; null = one queue that all instances share. */
export function takenFor(spread: Spread, balancing: Balancing): Spread | null {
  if (!looksAtLoad(spread) || balancing === 'likely') return spread;
  return balancing === 'random split' ? 'random' : null;
}

/** Whether it sends requests where few are; then no closed form holds. */
export function looksAtLoad(spread: Spread): boolean {
  return spread === 'least-connections' || spread === 'power-of-two';
}
