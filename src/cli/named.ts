import type { Plan } from '../design/index.ts';
import { nearestName } from '../quantities/index.ts';
import { FaultyInput } from './faulty-input.ts';

/**
 * Complains when a design has nothing of the name that an option gives.
 *
 * @param what the design may have, e.g. `scenario`
 * @throws FaultyInput with the nearest name and all there are
 */
export function checkNamed(
  { name: design }: Plan,
  what: 'scenario' | 'traffic',
  all: readonly { readonly name: string }[],
  name: string | undefined,
): void {
  const names = all.map((each) => each.name);
  if (name === undefined || names.includes(name)) return;
  const near = nearestName(name, names);
  const lines = [`${design} has no ${what} ${name}`];
  if (near !== null) lines.push(`did you mean ${near}?`);
  lines.push(
    names.length === 0
      ? 'it has none at all'
      : `its ${what === 'scenario' ? 'scenarios' : what}: ${names.join(', ')}`,
  );
  throw new FaultyInput(lines.join('\n'));
}
