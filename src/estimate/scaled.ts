import type { Plan } from '../design/plan.ts';
import { solveAll } from './closed.ts';
import type { EstimatedKind } from './kind.ts';
import { modelsOf } from './models.ts';

/** What instances do to the load of others settles in fewer rounds. */
const ROUNDS_MAX = 5;

/** The plan with as many instances of each autoscaled component as its load makes of them; others as they are. */
export function withScaledInstances(plan: Plan, kinds: ReadonlyMap<string, EstimatedKind>): Plan {
  let scaled = plan;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    if (!scaled.components.some((component) => kinds.get(component.kind)?.scales?.(component))) break;
    const { stations } = solveAll(scaled, modelsOf(scaled, kinds), 'likely', 'rough');
    const components = scaled.components.map((component) => {
      const kind = kinds.get(component.kind)!;
      return kind.scales?.(component) ? kind.scaled!(component, stations[component.index]!) : component;
    });
    const before = JSON.stringify(scaled.components);
    scaled = { ...scaled, components };
    if (JSON.stringify(components) === before) break;
  }
  return scaled;
}
