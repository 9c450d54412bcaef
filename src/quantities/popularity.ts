import type { Popularity } from './distribution.ts';
import { parseArgument, splitLaw } from './parse-arguments.ts';
import { quantityLengthMax } from './parse-number.ts';
import { accept, type Parsed, refuse, textWithin } from './parsed.ts';

const expected = 'a popularity: uniform or zipf(1.0)';

/** Steeper laws than this leave nothing to the second key. */
const exponentMax = 20;

/** Reads `uniform` or `zipf(1.0)`, `zipf(exponent: 1.0)`; the exponent is from 0 (all alike) to 20. */
export function parsePopularity(input: string): Parsed<Popularity> {
  const text = textWithin(quantityLengthMax, input);
  if (text === null) return refuse('not-a-quantity', input, expected, 'the text is too long');
  const written = splitLaw(text);
  if (written === null) return refuse('not-a-quantity', text, expected);
  if (!written.ok) return written;
  const { name, positional, named } = written.value;
  const given = positional.length + named.size;
  if (name === 'uniform' && given === 0) return accept({ law: 'uniform' });
  if (name === 'uniform') return refuse('not-a-quantity', text, expected, 'uniform takes no arguments');
  if (name !== 'zipf') {
    const near = name.toLowerCase();
    const hint = near === 'zipf' || near === 'uniform' ? `write ${text.toLowerCase()}` : null;
    return refuse('not-a-quantity', text, expected, hint);
  }
  const exponent = positional[0] ?? named.get('exponent');
  if (given !== 1 || exponent === undefined) {
    const hint =
      given === 0 ? 'zipf needs its exponent: write zipf(1.0)' : 'zipf takes one exponent: zipf(1.0)';
    return refuse('not-a-quantity', text, expected, hint);
  }
  const parsed = parseArgument('exponent', exponent, 'number', 'ratio');
  if (!parsed.ok) return parsed;
  if (parsed.value > exponentMax) {
    return refuse('out-of-range', text, `an exponent from 0 to ${exponentMax}`);
  }
  return accept({ law: 'zipf', exponent: parsed.value });
}

/** The text that `parsePopularity` reads as the same law. */
export function printPopularity(popularity: Popularity): string {
  return popularity.law === 'uniform' ? 'uniform' : `zipf(${popularity.exponent})`;
}

/** Bernoulli numbers B2, B4, … over (2j)!, the coefficients of the Euler-Maclaurin formula. */
const eulerMaclaurin = [1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160, -691 / 1307674368000];

/**
 * Generalised harmonic number: the sum of k^-s for k = 1 … n. P(rank r) of a zipf law over n keys is
 * r^-s / harmonic(n, s), and the share of its top m keys harmonic(m, s) / harmonic(n, s).
 *
 * Relative error below 1e-14 for every n: the first terms are added up and the rest is an integral with
 * Euler-Maclaurin corrections (Abramowitz & Stegun 3.6.28). Throws RangeError unless n is a whole number
 * ≥ 0 and s ≥ 0.
 */
export function harmonic(n: number, s: number): number {
  if (!(n >= 0 && Number.isFinite(n) && Math.floor(n) === n)) {
    throw new RangeError(`harmonic: n must be a whole number of at least 0, got ${n}`);
  }
  if (!(s >= 0 && s < Number.POSITIVE_INFINITY))
    throw new RangeError(`harmonic: s must be finite and at least 0, got ${s}`);
  // The correction terms shrink by ((s + 2j) / (2π from))², hence a start well above s.
  const from = Math.min(n, 30 + Math.ceil(s));
  let head = 0;
  for (let k = from - 1; k >= 1; k--) head += k ** -s;
  if (from === n) return n === 0 ? 0 : head + n ** -s;
  const logRatio = Math.log(n / from);
  const power = 1 - s;
  const integral = from ** power * (power === 0 ? logRatio : Math.expm1(power * logRatio) / power);
  let sum = integral + (from ** -s + n ** -s) / 2;
  let rising = s;
  for (const [index, coefficient] of eulerMaclaurin.entries()) {
    const order = 2 * index + 1;
    sum += coefficient * rising * (from ** -(s + order) - n ** -(s + order));
    rising *= (s + order) * (s + order + 1);
  }
  return head + sum;
}
