import type { PlanKey } from '../../design/plan.ts';
import { NEW_KEY } from '../new-key.ts';
import type { Assembly } from './assembly.ts';

/** The key space that a key is drawn from; that of new keys has a number of its own. */
export function keySpaceOf(
  key: Extract<PlanKey, { readonly from: 'draw' | 'new' | 'missing' }>,
  assembly: Assembly,
): number {
  if (key.from === 'draw') return key.data;
  if (key.from === 'new') return NEW_KEY;
  return missingKeys(assembly, key.data, key.keys ?? Number.POSITIVE_INFINITY);
}

/** The key space of so many keys, Infinity where each is another one, of data that stand for nothing. */
function missingKeys({ keySpaces, plan }: Assembly, data: number, count: number): number {
  const name = `${plan.data[data]!.name} missing`;
  const known = keySpaces.findIndex((space) => space.name === name && space.count === count);
  return known >= 0
    ? known
    : keySpaces.push({ name, count, popularity: { law: 'uniform' }, missing: true }) - 1;
}
