import type { Plan } from '../design/plan.ts';
import type { ComponentModel, EstimatedKind } from './kind.ts';

/** The models of a plan's components. */
export function modelsOf(plan: Plan, kinds: ReadonlyMap<string, EstimatedKind>): ComponentModel[] {
  return plan.components.map((component) => {
    const kind = kinds.get(component.kind);
    if (kind === undefined) throw new RangeError(`no estimate for kind ${component.kind}`);
    return kind.model(component, plan);
  });
}
