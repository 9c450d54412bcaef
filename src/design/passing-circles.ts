import type { Outline, OutlineComponent } from './outline.ts';
import type { Problems } from './problems.ts';

/** Reports components that pass requests on to each other in a circle, so that no operation is ever reached. */
export function checkPassing({ components }: Outline, problems: Problems): void {
  const told = new Set<string>();
  for (const { name } of components.values()) {
    if (told.has(name)) continue;
    const circle = circleThrough(name, components);
    if (circle === null) continue;
    for (const each of circle) told.add(each);
    problems.report({
      code: 'call-cycle',
      path: ['components', name, 'to'],
      message: `requests are passed on in a circle: ${[...circle, name].join(' → ')}`,
      expected: 'a way that ends at a component with operations of its own',
    });
  }
}

/** The shortest way from a component back to itself, itself first; null where there is none. */
function circleThrough(
  start: string,
  components: ReadonlyMap<string, OutlineComponent>,
): readonly string[] | null {
  const before = new Map<string, string>();
  const waiting = [start];
  for (const name of waiting) {
    for (const next of passesTo(components.get(name))) {
      if (next === start) {
        const way = [name];
        while (way[0] !== start) way.unshift(before.get(way[0]!)!);
        return way;
      }
      if (before.has(next)) continue;
      before.set(next, name);
      waiting.push(next);
    }
  }
  return null;
}

/** Components that one passes requests on to, where it does not know which operations they have. */
function passesTo(component: OutlineComponent | undefined): readonly string[] {
  const offered = component?.kind?.operations;
  if (component === undefined || offered?.from !== 'setting' || component.operations !== null) return [];
  return [offered.setting, ...(offered.routes === undefined ? [] : [offered.routes])].flatMap((setting) =>
    (component.mentions.get(setting) ?? []).map(({ name }) => name),
  );
}
