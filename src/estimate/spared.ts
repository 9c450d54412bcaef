import type { Plan } from '../design/plan.ts';
import { successWhen } from './availability.ts';
import type { KeySpace } from './keys.ts';

/** What an overload leaves of a traffic. */
export interface Spared {
  /** Share of its requests that succeed without an answer from what is overloaded, of all that ever do. */
  readonly share: number;
  /** Components that do not answer in the end. */
  readonly silent: ReadonlySet<number>;
}

/**
 * The share of the requests of a traffic that an overload does not touch: those of other cases of a `choose`, and
 * those whose `parallel` has enough branches left. Components whose workers wait for what is overloaded run out of
 * them, and do not answer either.
 *
 * @param overloaded components with a station that cannot hold its load
 * @param holding components that requests hold while these are elsewhere
 */
export function sparedOf(
  plan: Plan,
  traffic: number,
  keySpace: KeySpace,
  overloaded: readonly number[],
  holding: readonly number[],
): Spared {
  const silent = new Set(overloaded);
  const left = (index: number): number => {
    const whole = successWhen(plan, index, traffic, keySpace, () => 1);
    return whole > 0
      ? successWhen(plan, index, traffic, keySpace, (c) => (silent.has(c) ? 0 : 1)) / whole
      : 1;
  };
  const blocked = (component: number): boolean =>
    plan.components[component]!.operations.some((o) => left(o) < 1 - 1e-9);
  for (let next = holding.find((c) => !silent.has(c) && blocked(c)); next !== undefined; ) {
    silent.add(next);
    next = holding.find((c) => !silent.has(c) && blocked(c));
  }
  return { share: Math.min(1, left(plan.traffic[traffic]!.operation)), silent };
}
