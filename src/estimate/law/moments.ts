import { mean as meanOf, variance as varianceOf } from '../../quantities/index.ts';
import { truncatedGeometric } from '../formulas/index.ts';
import type { Law, Moments } from './law.ts';

const known = new WeakMap<Law, Moments>();

/** Mean and variance, from those of the parts. */
export function moments(law: Law): Moments {
  let found = known.get(law);
  if (found === undefined) {
    found = compute(law);
    known.set(law, found);
  }
  return found;
}

/** Mean of a law; Infinity where there is none. */
export function mean(law: Law): number {
  return moments(law).mean;
}

/** Squared coefficient of variation; 0 for no time. */
export function scv(law: Law): number {
  const { mean, variance } = moments(law);
  return mean === 0 ? 0 : variance / mean ** 2;
}

function compute(law: Law): Moments {
  switch (law.law) {
    case 'point':
      return { mean: law.value, variance: 0 };
    case 'exponential':
      return { mean: law.mean, variance: law.mean ** 2 };
    case 'distribution':
      return { mean: meanOf(law.of), variance: varianceOf(law.of) };
    case 'sum':
      return law.parts
        .map(moments)
        .reduce((a, b) => ({ mean: a.mean + b.mean, variance: a.variance + b.variance }));
    case 'repeated':
      return randomSum(moments(law.part), { mean: law.times, variance: 0 });
    case 'mixture':
      return mixed(law.cases.map(({ weight, of }) => ({ weight, ...moments(of) })));
    case 'scaled': {
      const part = moments(law.part);
      return { mean: part.mean * law.factor, variance: part.variance * law.factor ** 2 };
    }
    case 'residual': {
      // E[R] = E[X²]/2E[X] is exact; E[R²] = E[X³]/3E[X] takes the third moment of a gamma law.
      const { mean, variance } = moments(law.of);
      const spread = variance / mean ** 2;
      if (!Number.isFinite(spread))
        return { mean: Number.POSITIVE_INFINITY, variance: Number.POSITIVE_INFINITY };
      const middle = (mean * (1 + spread)) / 2;
      return { mean: middle, variance: (mean ** 2 * (1 + spread) * (1 + 2 * spread)) / 3 - middle ** 2 };
    }
    case 'geometric':
      return randomSum(moments(law.part), geometricNumber(law.ratio, law.last));
    case 'random-sum': {
      let first = 0;
      let second = 0;
      law.weights.forEach((weight, n) => {
        first += weight * n;
        second += weight * n * n;
      });
      return randomSum(moments(law.part), { mean: first, variance: second - first ** 2 });
    }
    case 'kth':
    case 'within':
      return law.moments();
    case 'journey':
      return journey(law.states);
  }
}

/** A sum of a random number of independent times (Wald 1944; Blackwell & Girshick 1946). */
function randomSum(part: Moments, count: Moments): Moments {
  if (count.mean === 0) return { mean: 0, variance: 0 };
  const between = count.variance === 0 ? 0 : count.variance * part.mean ** 2;
  return { mean: count.mean * part.mean, variance: count.mean * part.variance + between };
}

function mixed(cases: readonly (Moments & { readonly weight: number })[]): Moments {
  const mean = cases.reduce((sum, c) => sum + c.weight * c.mean, 0);
  if (mean === Number.POSITIVE_INFINITY) return { mean, variance: mean };
  const variance = cases.reduce((sum, c) => sum + c.weight * (c.variance + (c.mean - mean) ** 2), 0);
  return { mean, variance };
}

function geometricNumber(ratio: number, last: number | null): Moments {
  if (last !== null) return truncatedGeometric(ratio, last);
  return { mean: ratio / (1 - ratio), variance: ratio / (1 - ratio) ** 2 };
}

/** First-step analysis: T = S + T', with T' the walk that follows. Iterated, as walks are short. */
function journey(states: (Law & { law: 'journey' })['states']): Moments {
  const own = states.map(({ of }) => moments(of));
  const first = solve(
    states,
    own.map(({ mean }) => mean),
  );
  const second = solve(
    states,
    own.map(({ mean, variance }, i) => {
      const after = states[i]!.next.reduce((sum, n) => sum + n.probability * first[n.state]!, 0);
      return variance + mean ** 2 + 2 * mean * after;
    }),
  );
  return { mean: first[0]!, variance: Math.max(0, second[0]! - first[0]! ** 2) };
}

/** x = constant + P·x by elimination; the walk ends, so that the pivots stay positive. */
function solve(states: (Law & { law: 'journey' })['states'], constant: readonly number[]): number[] {
  const size = states.length;
  const rows = states.map((state, i) => {
    const row = new Array<number>(size + 1).fill(0);
    row[i] = 1;
    for (const { state: to, probability } of state.next) row[to]! -= probability;
    row[size] = constant[i]!;
    return row;
  });
  for (let pivot = 0; pivot < size; pivot++) {
    for (let i = 0; i < size; i++) {
      if (i === pivot) continue;
      const factor = rows[i]![pivot]! / rows[pivot]![pivot]!;
      if (factor === 0) continue;
      for (let j = pivot; j <= size; j++) rows[i]![j]! -= factor * rows[pivot]![j]!;
    }
  }
  return rows.map((row, i) => row[size]! / row[i]!);
}
