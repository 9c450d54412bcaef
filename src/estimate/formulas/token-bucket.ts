import { requireInteger, requireNonNegative, requirePositive } from './require.ts';

/**
 * Share of Poisson requests that a token bucket lets through, which is full at B tokens and gets r of them a second.
 * What it lacks to be full is the work in an M/D/1/B queue that serves r a second: a request is let through as one is
 * that finds room there. With ρ = λ/r and x = B − 1 that is H(x) / (1 + ρ·H(x)), where
 * H(x) = Σ (−ρ(x − k))^k / k! · e^(ρ(x − k)) over k = 0 … x, the work in an M/D/1 queue up to a factor (Erlang 1909; Brun & Garcia,
 * "Analytical solution of finite capacity M/D/1 queues", J. Appl. Prob. 37, 2000). For B = 1 it is Erlang's 1 / (1 + ρ).
 *
 * @param rate λ ≥ 0, requests a second
 * @param refill r > 0, tokens a second; Infinity = without end
 * @param burst B ≥ 1, a whole number of tokens
 */
export function withinTokenBucket(rate: number, refill: number, burst: number): number {
  requireNonNegative('rate', rate);
  if (refill !== Number.POSITIVE_INFINITY) requirePositive('refill', refill);
  requireInteger('burst', burst, 1);
  const load = rate / refill;
  return Math.min(1, 1 / (load + 1 / workBelow(load, burst - 1)));
}

/** Up to here the sum loses no more than six of its sixteen digits; from here on what it leaves out of `far` is below 1e-8. */
const NEAR = 10;
/** Where H is past all bounds beside what it is added to. */
const BOUNDLESS = 300;
/** So close to a load of 1 the two parts of `far` leave no digits of their difference. */
const CRITICAL = 1e-6;

/** H(x) at a load, for whole x. */
function workBelow(load: number, x: number): number {
  if (x > 0 && load * x > BOUNDLESS && load > 2) return Number.POSITIVE_INFINITY;
  return x < NEAR ? near(load, x) : far(load, x);
}

function near(load: number, x: number): number {
  let sum = 0;
  let factorial = 1;
  for (let k = 0; k <= x; k++) {
    if (k > 0) factorial *= k;
    const work = load * (x - k);
    sum += ((-work) ** k / factorial) * Math.exp(work);
  }
  return sum;
}

/** The residues of the transform 1 / (s − ρ(1 − e^−s)) at its two real poles; the others fade within a few x. */
function far(load: number, x: number): number {
  if (Math.abs(1 - load) < CRITICAL) return 2 * x + 2 / 3;
  const pole = poleOf(load);
  const rest = pole === Number.NEGATIVE_INFINITY ? 0 : Math.exp(pole * x) / (1 - load * Math.exp(-pole));
  return 1 / (1 - load) + rest;
}

/** The root of s = ρ(1 − e^−s) beside 0: positive beyond a load of 1, negative below. */
function poleOf(load: number): number {
  if (load === 0) return Number.NEGATIVE_INFINITY;
  // The function s − ρ(1 − e^−s) is convex with its least value at ln ρ, so that Newton's steps from beyond the root come down to it.
  let s = load > 1 ? load : 2 * Math.log(load) - 1;
  for (let step = 0; step < 100; step++) {
    const next = s - (s - load * -Math.expm1(-s)) / (1 - load * Math.exp(-s));
    if (Math.abs(next - s) <= 1e-15 * Math.abs(s)) return next;
    s = next;
  }
  return s;
}
