import type { Distribution } from '../../quantities/index.ts';

/**
 * The law of a non-negative time, as an expression: leaves are laws in closed form, nodes say how times are
 * put together (one after the other, one or the other, all at once). Nothing is computed until a quantile is
 * asked for; see quantiles.ts.
 *
 * Never changed once made; equal sub-expressions that are one object are evaluated once.
 */
export type Law =
  | { readonly law: 'point'; readonly value: number }
  | { readonly law: 'exponential'; readonly mean: number }
  | { readonly law: 'distribution'; readonly of: Distribution }
  /** Independent times one after the other. */
  | { readonly law: 'sum'; readonly parts: readonly Law[] }
  /** `part` so many times in a row, each independent. */
  | { readonly law: 'repeated'; readonly part: Law; readonly times: number }
  /** One of several by weight; weights sum to 1. */
  | { readonly law: 'mixture'; readonly cases: readonly { readonly weight: number; readonly of: Law }[] }
  /** The k-th shortest of independent times, equal ones counted; k = their number is the longest. See ordered.ts. */
  | {
      readonly law: 'kth';
      readonly parts: readonly Counted[];
      readonly k: number;
      readonly moments: () => Moments;
    }
  /** `factor` times the time. */
  | { readonly law: 'scaled'; readonly part: Law; readonly factor: number }
  /** What is left of `part` when it is looked at in the middle: density (1 − F(x)) / mean. */
  | { readonly law: 'residual'; readonly of: Law }
  /** `part` n times in a row, P(n) = (1 − ratio)·ratio^n / (1 − ratio^(last + 1)), n = 0..last; null = ∞. */
  | { readonly law: 'geometric'; readonly part: Law; readonly ratio: number; readonly last: number | null }
  /** `part` n times in a row with probability weights[n]; weights sum to 1. */
  | { readonly law: 'random-sum'; readonly part: Law; readonly weights: readonly number[] }
  /** `part`, given that it is at most `limit`, of which the chance is `share`. See ordered.ts. */
  | {
      readonly law: 'within';
      readonly part: Law;
      readonly limit: number;
      readonly share: number;
      readonly moments: () => Moments;
    }
  /** A walk over states that take `of` each, from state 0 on; ends with what is left of 1. */
  | {
      readonly law: 'journey';
      readonly states: readonly {
        readonly of: Law;
        readonly next: readonly { readonly state: number; readonly probability: number }[];
      }[];
    };

/** So many times of the same law. */
export interface Counted {
  readonly of: Law;
  readonly count: number;
}

/** Either may be Infinity. */
export interface Moments {
  readonly mean: number;
  readonly variance: number;
}

/** No time at all. */
export const zero: Law = { law: 'point', value: 0 };

/** Always `value`. */
export function point(value: number): Law {
  return value === 0 ? zero : { law: 'point', value };
}

/** Memoryless. */
export function exponential(mean: number): Law {
  return mean === 0 ? zero : { law: 'exponential', mean };
}

/**
 * Gamma law by mean and squared coefficient of variation: a stand-in where only two moments are known. A
 * variation that was itself approximated may come out below 0; nothing varies less than a constant.
 */
export function gamma(mean: number, scv: number): Law {
  if (mean === 0 || scv <= 0) return point(mean);
  return { law: 'distribution', of: { law: 'gamma', shape: 1 / scv, scale: mean * scv } };
}

/**
 * A law by mean and squared coefficient of variation, where only these are known: gamma up to that of the
 * exponential, beyond it hyperexponential with balanced means (Whitt 1982), which has its mass and its tail
 * where queues have them.
 */
export function byMoments(mean: number, scv: number): Law {
  if (mean === 0 || scv <= 1) return scv === 1 ? exponential(mean) : gamma(mean, scv);
  const p = (1 + Math.sqrt((scv - 1) / (scv + 1))) / 2;
  return mixture([
    { weight: p, of: exponential(mean / (2 * p)) },
    { weight: 1 - p, of: exponential(mean / (2 * (1 - p))) },
  ]);
}

/** Exponentials that a busy period is a mixture of. */
const PHASES = 64;

/**
 * How long a server of M/M/1 is busy at a stretch: a mixture of exponentials of the rates between (√μ − √λ)²
 * and (√μ + √λ)² (Abate & Whitt, "Simple spectral representations for the M/M/1 queue", Queueing Systems 3,
 * 1988), by Gauss–Chebyshev quadrature; scaled to its exact mean 1/(μ − λ).
 */
export function busyPeriod(arrivalRate: number, serviceRate: number): Law {
  const middle = arrivalRate + serviceRate;
  const half = 2 * Math.sqrt(arrivalRate * serviceRate);
  if (half === 0) return exponential(1 / serviceRate);
  const cases = Array.from({ length: PHASES }, (_, i) => {
    const angle = ((i + 1) * Math.PI) / (PHASES + 1);
    const rate = middle + half * Math.cos(angle);
    return { weight: Math.sin(angle) ** 2 / rate, of: exponential(1 / rate) };
  });
  return mixture(cases);
}

/** A distribution of the design as a law. */
export function lawOf(distribution: Distribution): Law {
  switch (distribution.law) {
    case 'constant':
      return point(distribution.value);
    case 'exponential':
      return exponential(distribution.mean);
    case 'erlang':
      return repeated(exponential(distribution.mean / distribution.k), distribution.k);
    case 'hyperexponential':
      return mixture([
        { weight: distribution.p, of: exponential(distribution.mean1) },
        { weight: 1 - distribution.p, of: exponential(distribution.mean2) },
      ]);
    default:
      return { law: 'distribution', of: distribution };
  }
}

/** One after the other. Constants are gathered, nothing is added for no time. */
export function sum(...parts: readonly Law[]): Law {
  let constant = 0;
  const kept: Law[] = [];
  for (const part of parts.flatMap((p) => (p.law === 'sum' ? p.parts : [p]))) {
    if (part.law === 'point') constant += part.value;
    else kept.push(part);
  }
  if (constant > 0 || kept.length === 0) kept.push(point(constant));
  return kept.length === 1 ? kept[0]! : { law: 'sum', parts: kept };
}

/** `times` independent copies in a row. */
export function repeated(part: Law, times: number): Law {
  if (times === 0) return zero;
  if (times === 1) return part;
  return part.law === 'point' ? point(part.value * times) : { law: 'repeated', part, times };
}

/** One of several by weight; weights are scaled to sum to 1 and cases without weight left out. */
export function mixture(cases: readonly { readonly weight: number; readonly of: Law }[]): Law {
  const total = cases.reduce((sum, { weight }) => sum + weight, 0);
  const kept = cases.filter(({ weight }) => weight > 0);
  if (kept.length === 0) return zero;
  if (kept.every(({ of }) => same(of, kept[0]!.of))) return kept[0]!.of;
  return { law: 'mixture', cases: kept.map(({ weight, of }) => ({ weight: weight / total, of })) };
}

/** Probability `share` of having to wait for `wait`, else no time. */
export function sometimes(share: number, wait: Law): Law {
  if (share <= 0) return zero;
  return share >= 1
    ? wait
    : mixture([
        { weight: share, of: wait },
        { weight: 1 - share, of: zero },
      ]);
}

/** `factor` times the time. */
export function scaled(part: Law, factor: number): Law {
  if (factor === 1) return part;
  if (factor === 0) return zero;
  if (part.law === 'point') return point(part.value * factor);
  if (part.law === 'exponential') return exponential(part.mean * factor);
  return { law: 'scaled', part, factor };
}

/** What is left of a time that is looked at in the middle; memoryless laws do not change. */
export function residual(of: Law): Law {
  if (of.law === 'exponential' || (of.law === 'point' && of.value === 0)) return of;
  if (of.law === 'point') return { law: 'distribution', of: { law: 'uniform', low: 0, high: of.value } };
  return { law: 'residual', of };
}

/** The same law by its expression. */
export function same(a: Law, b: Law): boolean {
  if (a === b) return true;
  switch (a.law) {
    case 'point':
      return b.law === 'point' && a.value === b.value;
    case 'exponential':
      return b.law === 'exponential' && a.mean === b.mean;
    case 'distribution':
      return b.law === 'distribution' && sameParameters(a.of, b.of);
    case 'sum':
      return b.law === 'sum' && sameList(a.parts, b.parts);
    case 'repeated':
      return b.law === 'repeated' && a.times === b.times && same(a.part, b.part);
    case 'mixture':
      return (
        b.law === 'mixture' &&
        a.cases.length === b.cases.length &&
        a.cases.every(({ weight, of }, i) => weight === b.cases[i]!.weight && same(of, b.cases[i]!.of))
      );
    case 'scaled':
      return b.law === 'scaled' && a.factor === b.factor && same(a.part, b.part);
    case 'residual':
      return b.law === 'residual' && same(a.of, b.of);
    case 'geometric':
      return b.law === 'geometric' && a.ratio === b.ratio && a.last === b.last && same(a.part, b.part);
    case 'within':
      return b.law === 'within' && a.limit === b.limit && same(a.part, b.part);
    case 'kth':
      return (
        b.law === 'kth' &&
        a.k === b.k &&
        a.parts.length === b.parts.length &&
        a.parts.every(({ of, count }, i) => count === b.parts[i]!.count && same(of, b.parts[i]!.of))
      );
    case 'random-sum':
    case 'journey':
      return false;
  }
}

function sameList(a: readonly Law[], b: readonly Law[]): boolean {
  return a.length === b.length && a.every((part, i) => same(part, b[i]!));
}

function sameParameters(a: Distribution, b: Distribution): boolean {
  if (a === b) return true;
  if (a.law === 'empirical' || a.law !== b.law) return false;
  return Object.entries(a).every(([name, value]) => value === (b as Record<string, unknown>)[name]);
}
