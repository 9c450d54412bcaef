import type { ChoiceSpec } from '../model.ts';

/** Where a CHOOSE goes on, for a number drawn evenly from 0 to 1. */
export function chooseTarget({ cumulative, targets }: ChoiceSpec, u: number): number {
  let i = 0;
  while (i < cumulative.length && u >= cumulative[i]!) i++;
  return targets[i]!;
}

/** Probabilities summed up, for a CHOOSE. */
export function cumulate(probabilities: readonly number[]): Float64Array {
  const cumulative = new Float64Array(probabilities.length);
  let sum = 0;
  probabilities.forEach((p, i) => {
    sum += p;
    cumulative[i] = sum;
  });
  // A sum of 1 up to rounding is 1: nothing may slip past the last case.
  if (sum > 1 - 1e-9) cumulative[cumulative.length - 1] = 2;
  return cumulative;
}
