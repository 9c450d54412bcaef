import { ceilingOf, constantOf, type KindDescription, type KindKnob, type Plan } from '../../design/index.ts';
import type { KindMoves } from '../../design/kind-moves.ts';

/** What kinds say of themselves, by name. */
export interface KnobKinds {
  readonly described: ReadonlyMap<string, KindDescription>;
  readonly moves: ReadonlyMap<string, KindMoves>;
}

/** A knob as a plan has it. */
export interface PlanKnob extends KindKnob {
  /** Its most is what the largest machine has. */
  readonly ofMachine?: true;
}

/** Settings of a component of which there can be more or less, none beyond what the largest machine has. */
export function componentKnobs(
  plan: Plan,
  { kind, settings }: Pick<Plan['components'][number], 'kind' | 'settings'>,
  { described, moves }: KnobKinds,
): PlanKnob[] {
  const knobs = moves.get(kind)?.knobs?.(settings) ?? [];
  return knobs.map((knob) => {
    const most = ceilingOf(described.get(kind), knob.setting, (name) => constantOf(plan, name).value);
    return most < knob.most ? { ...knob, most, ofMachine: true } : knob;
  });
}
