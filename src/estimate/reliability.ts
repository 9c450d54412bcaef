import { constantOf } from '../design/constant-use.ts';
import { findConstant } from '../design/constants/index.ts';
import { repairConstant } from '../design/failures.ts';
import type { Plan } from '../design/plan.ts';
import { type Distribution, mean } from '../quantities/index.ts';
import type { ComponentModel } from './kind.ts';
import { timeText } from './numbers.ts';

/** How one instance of a component fails and is repaired. */
export interface Reliability {
  /** Share of the time that it is up: MTBF ÷ (MTBF + MTTR). */
  readonly availability: number;
  /** Mean seconds up between two failures; Infinity where it never fails. */
  readonly mtbf: number;
  /** Seconds until it is up again. */
  readonly mttr: Distribution;
  /** Repairs of instances that go on at the same time; null = as many as need one. */
  readonly crews: number | null;
  readonly source: string;
}

/**
 * How one instance of a component fails: as the design says, or by the availability of its kind, with the usual time
 * to repair. Null where nothing is known of it.
 */
export function reliabilityOf(plan: Plan, component: number, model: ComponentModel): Reliability | null {
  const { fails } = plan.components[component]!;
  const crews = fails?.crews ?? null;
  const mttr = fails?.mttr ?? usualRepair(constantOf(plan, repairConstant).value);
  const repair = mean(mttr);
  if (fails?.mtbf != null) {
    const { mtbf } = fails;
    const source = `the design: MTBF ${timeText(mtbf)} ÷ (MTBF + MTTR ${timeText(repair)})`;
    return { availability: mtbf / (mtbf + repair), mtbf, mttr, crews, source };
  }
  const known = availabilityOf(plan, model);
  if (known === null) return null;
  const { value, source } = known;
  const mtbf = value >= 1 ? Number.POSITIVE_INFINITY : (repair * value) / (1 - value);
  return { availability: value, mtbf, mttr, crews, source };
}

/** The law of repairs of which only the mean is known. */
function usualRepair(mean: number): Distribution {
  return { law: 'exponential', mean };
}

function availabilityOf(
  plan: Plan,
  { availability }: ComponentModel,
): { readonly value: number; readonly source: string } | null {
  if (typeof availability === 'number') return { value: availability, source: 'the design' };
  if (availability === undefined || findConstant(availability) === undefined) return null;
  const { value, source } = constantOf(plan, availability);
  return { value, source: `${availability}: ${source}` };
}
