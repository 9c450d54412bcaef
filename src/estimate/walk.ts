import type { Law } from './law/index.ts';

/** How long something takes when it succeeds, and the chance that it does. */
interface Outcome {
  readonly law: Law;
  readonly success: number;
}

/** A walk that is not broken off: its steps are weighted by the chance of getting to the end from there. */
export function walk(
  states: readonly (Outcome & {
    readonly next: readonly { readonly state: number; readonly probability: number }[];
  })[],
): Outcome {
  if (states.every(({ success }) => success === 1)) {
    return {
      law: { law: 'journey', states: states.map(({ law, next }) => ({ of: law, next })) },
      success: 1,
    };
  }
  // uᵢ = successᵢ·(exitᵢ + Σ pᵢⱼuⱼ), the least solution, from below.
  let arrives = states.map(() => 0);
  const exits = states.map(({ next }) =>
    Math.max(0, 1 - next.reduce((total, n) => total + n.probability, 0)),
  );
  const onwards = (i: number): number =>
    states[i]!.next.reduce((total, n) => total + n.probability * arrives[n.state]!, exits[i]!);
  for (let step = 0; step < 10_000; step++) {
    const better = states.map(({ success }, i) => success * onwards(i));
    const moved = Math.max(...better.map((u, i) => u - arrives[i]!));
    arrives = better;
    if (moved < 1e-14) break;
  }
  const kept = states.map(({ law, next }, i) => ({
    of: law,
    next: next.map(({ state, probability }) => ({
      state,
      probability: (probability * arrives[state]!) / (onwards(i) || 1),
    })),
  }));
  return { law: { law: 'journey', states: kept }, success: arrives[0]! };
}
