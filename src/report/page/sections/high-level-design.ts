import { afterwardsOf, calleesOf } from '../../../design/callees.ts';
import { drawingOf } from '../../diagram/drawing.ts';
import { headed, type Section, tablePart } from '../page.ts';
import type { Results } from '../results.ts';

const left = { head: '', align: 'left' } as const;

/** Boxes and arrows, what each box is, and how a request travels. */
export function highLevelDesignSection({ plan, kinds }: Results): Section {
  const drawing = drawingOf(plan, kinds);
  const components = drawing.boxes.filter(({ shape }) => shape !== 'users');
  const summaries = new Map(kinds.map(({ name, summary }) => [name, summary]));
  return {
    id: 'design',
    title: 'High-level design',
    parts: [
      { part: 'diagram', drawing },
      ...headed(
        'Components',
        tablePart({
          columns: [
            { ...left, head: 'component' },
            { ...left, head: 'kind and size' },
            { ...left, head: 'what it is' },
          ],
          rows: components.map(({ name, lines }, index) => [
            name,
            lines.join(', '),
            summaries.get(plan.components[index]!.kind) ?? '',
          ]),
        }),
      ),
      ...headed('How a request travels', [
        {
          part: 'items',
          items: plan.traffic.map(({ name, operation }) => `${name}: ${travel(operation, plan).join(' → ')}`),
        },
      ]),
    ],
  };
}

/** Operations in the order in which a request first comes to them, those that work on its messages last. */
function travel(operation: number, plan: Results['plan']): string[] {
  const seen = new Set<number>();
  const later: number[] = [];
  const visit = (index: number): void => {
    if (seen.has(index)) return;
    seen.add(index);
    const each = plan.operations[index]!;
    for (const callee of calleesOf(each)) visit(callee);
    later.push(...afterwardsOf(each));
  };
  visit(operation);
  for (const index of later) visit(index);
  return [...seen].map((index) => {
    const { component, name } = plan.operations[index]!;
    return `${plan.components[component]!.name}.${name}`;
  });
}
