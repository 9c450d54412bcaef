import type { ChoiceSpec } from './model.ts';

/** Where a CHOOSE goes on, for a number drawn evenly from 0 to 1. */
export function chooseTarget({ cumulative, targets }: ChoiceSpec, u: number): number {
  let i = 0;
  while (i < cumulative.length && u >= cumulative[i]!) i++;
  return targets[i]!;
}
