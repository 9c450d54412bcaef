import type { Distribution } from '../quantities/index.ts';
import { type Law, mixture, sum, zero } from './law/index.ts';
import { timeLaw } from './station.ts';

/** What one of so many has to do with what the batch takes: the first of them pays for all. */
export function partOfBatch(each: readonly Distribution[], size: number): Law {
  return mixture([
    { weight: 1 / size, of: sum(...each.map(timeLaw)) },
    { weight: 1 - 1 / size, of: zero },
  ]);
}
