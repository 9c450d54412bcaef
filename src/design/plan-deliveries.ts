import { mentionedOperation } from './calls.ts';
import type { CheckedDesign, Numbers } from './checked-design.ts';
import type { OutlineComponent } from './outline.ts';
import type { PlanDelivery, PlanOperation } from './plan.ts';

/**
 * The operations with those that hand messages on, behind them: one for each consumer of a component that takes
 * messages in. Nobody calls them; the messages do.
 */
export function withDeliveries(
  operations: readonly PlanOperation[],
  design: CheckedDesign,
  names: Numbers,
): PlanOperation[] {
  const all = [...operations];
  for (const component of design.outline.components.values()) {
    const { delivers, references } = component.kind ?? {};
    if (delivers === undefined) continue;
    const from = names.operations.get(`${component.name}.${delivers.from}`)!;
    const consumers = component.mentions.get(delivers.to) ?? [];
    const made = consumers.map(({ name: consumer }, i): PlanOperation => {
      const index = all.length + i;
      const works = mentionedOperation(design.outline, references![delivers.to], consumer);
      return {
        index,
        component: all[from]!.component,
        name: consumers.length === 1 ? 'deliver' : `deliver to ${consumer}`,
        steps: [],
        forwards: names.operations.get(works!)!,
        delivery: deliveryOf(component, design, names),
      };
    });
    const later = made.length === 0 ? {} : { delivers: made.map(({ index }) => index) };
    all[from] = { ...all[from]!, takesMessages: true, ...later };
    all.push(...made);
  }
  return all;
}

/** What to call the messages that an operation hands on: by their component, and by whom they go to where there are several. */
export function channelName(component: string, { name }: PlanOperation): string {
  return name.replace(/^deliver/, component);
}

/** What to call those who work on them, behind the name of the component. */
export function consumersName({ name }: PlanOperation): string {
  return name
    .replace(/^deliver/, 'consumers')
    .replace(' to ', ' of ')
    .replace('.', ' ');
}

function deliveryOf(component: OutlineComponent, design: CheckedDesign, names: Numbers): PlanDelivery {
  const delivers = component.kind!.delivers!;
  const settings = design.settings.get(component.name) ?? {};
  const [dead] = component.mentions.get(delivers.deadLetters ?? '') ?? [];
  const other = dead === undefined ? undefined : design.outline.components.get(dead.name);
  const publish = other?.kind?.roles.channel?.publish;
  return {
    ...(delivers.again?.(settings) ?? { attempts: null, pause: 0 }),
    ...(delivers.pressesBack?.(settings) ? { pressesBack: true } : {}),
    deadLetters: publish === undefined ? null : names.operations.get(`${other!.name}.${publish}`)!,
  };
}
