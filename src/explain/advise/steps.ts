import type { Path } from '../../design/path.ts';
import { isMap } from '../../design/path.ts';
import { split, type WrittenDesign } from './move.ts';

/** A step as it is written, and where. */
export interface PlacedStep {
  readonly component: string;
  readonly operation: string;
  readonly path: Path;
  readonly step: Readonly<Record<string, unknown>>;
  /** Name of the component that it asks; null for one that asks none. */
  readonly asks: string | null;
}

/** Every step of a design, those inside of other steps included, in the order written. */
export function stepsOf(design: WrittenDesign): PlacedStep[] {
  return Object.entries(design.components).flatMap(([component, { operations }]) =>
    isMap(operations)
      ? Object.entries(operations).flatMap(([operation, steps]) =>
          within(steps, ['components', component, 'operations', operation], { component, operation }),
        )
      : [],
  );
}

/** Keys of a step below which there are steps. */
const NESTING = ['fallback', 'parallel', 'do'];

function within(
  steps: unknown,
  path: Path,
  owner: { readonly component: string; readonly operation: string },
): PlacedStep[] {
  if (Array.isArray(steps)) return steps.flatMap((step, i) => within(step, [...path, i], owner));
  if (!isMap(steps)) return [];
  const { choose, journey } = steps;
  const inner = [
    ...NESTING.flatMap((key) => within(steps[key], [...path, key], owner)),
    ...(Array.isArray(choose)
      ? choose.flatMap((each, i) =>
          within(isMap(each) ? each['do'] : null, [...path, 'choose', i, 'do'], owner),
        )
      : []),
    ...(isMap(journey)
      ? Object.entries(journey).flatMap(([state, each]) =>
          within(isMap(each) ? each['do'] : null, [...path, 'journey', state, 'do'], owner),
        )
      : []),
  ];
  return [{ ...owner, path, step: steps, asks: asksOf(steps) }, ...inner];
}

function asksOf({ call, read, from, write, to, publish }: Readonly<Record<string, unknown>>): string | null {
  if (typeof call === 'string') return split(call)[0];
  if (read !== undefined && typeof from === 'string') return from;
  if (write !== undefined && typeof to === 'string') return to;
  return typeof publish === 'string' ? split(publish)[0] : null;
}
