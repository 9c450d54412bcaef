import type { Plan } from '../../design/index.ts';
import { type EstimatedKind, estimate } from '../../estimate/index.ts';

/** What a design costs a month, by part: components and traffic; null where nobody knows. */
export type Costs = ReadonlyMap<string, number | null>;

const PART = /^(?!cost\.(total|per-million)$)(.*\.)?cost(\.|$)/;

/** By the estimate, at the values of inputs that are ranges. */
export function costsOf(plan: Plan, kinds: ReadonlyMap<string, EstimatedKind>): Costs {
  const { sheet } = estimate(plan, kinds, { samples: 20 });
  return new Map(sheet.filter(({ name }) => PART.test(name)).map(({ name, figure }) => [name, figure.value]));
}

/** What is known of it; null where nothing is. */
export function knownSum(costs: Costs): number | null {
  const known = [...costs.values()].flatMap((part) => part ?? []);
  return known.length === 0 ? null : known.reduce((sum, part) => sum + part, 0);
}

/**
 * What is known of it, so that settings of one design can be told apart by it: what is unknown in `base` is left out; null
 * where nothing is known, or where another part is unknown than there.
 */
export function knownCost(costs: Costs, base: Costs): number | null {
  const same = [...new Set([...costs.keys(), ...base.keys()])].every(
    (name) => (costs.get(name) === null) === (base.get(name) === null),
  );
  return same ? knownSum(costs) : null;
}

/** Components of which nobody knows what they cost. */
export function unpricedIn(costs: Costs): string[] {
  return [...costs].flatMap(([name, part]) => (part === null ? [name.replace(/\.cost$/, '')] : []));
}

/** How much more one costs than another: what is unknown of both is taken to stay, what is unknown of one alone makes it unknown. */
export function costDifference(before: Costs, after: Costs): number | null {
  let more = 0;
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const was = before.get(name);
    const is = after.get(name);
    if (was === null && is === null) continue;
    if (was === null || is === null) return null;
    more += (is ?? 0) - (was ?? 0);
  }
  return more;
}
