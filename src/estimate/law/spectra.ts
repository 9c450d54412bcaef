import type { Spectrum } from './grid.ts';

/** Of a sum of independent times. */
export function productSpectrum(parts: readonly Spectrum[]): Spectrum {
  const re = parts[0]!.re.slice();
  const im = parts[0]!.im.slice();
  for (const part of parts.slice(1)) {
    for (let k = 0; k < re.length; k++) {
      const r = re[k]! * part.re[k]! - im[k]! * part.im[k]!;
      im[k] = re[k]! * part.im[k]! + im[k]! * part.re[k]!;
      re[k] = r;
    }
  }
  return { re, im };
}

/** Of the same time `times` in a row. */
export function poweredSpectrum(part: Spectrum, times: number): Spectrum {
  const re = new Float64Array(part.re.length);
  const im = new Float64Array(part.re.length);
  for (let k = 0; k < re.length; k++) {
    const size = Math.hypot(part.re[k]!, part.im[k]!) ** times;
    const angle = Math.atan2(part.im[k]!, part.re[k]!) * times;
    re[k] = size * Math.cos(angle);
    im[k] = size * Math.sin(angle);
  }
  return { re, im };
}

/** Of one of several by weight. */
export function mixedSpectrum(
  cases: readonly { readonly weight: number; readonly of: Spectrum }[],
): Spectrum {
  const re = new Float64Array(cases[0]!.of.re.length);
  const im = new Float64Array(re.length);
  for (const { weight, of } of cases) {
    for (let k = 0; k < re.length; k++) {
      re[k]! += weight * of.re[k]!;
      im[k]! += weight * of.im[k]!;
    }
  }
  return { re, im };
}

/** Of n times in a row with probability weights[n]: a polynomial, by Horner's rule. */
export function randomSumSpectrum(part: Spectrum, weights: readonly number[]): Spectrum {
  const re = new Float64Array(part.re.length);
  const im = new Float64Array(part.re.length);
  for (let k = 0; k < re.length; k++) {
    const pr = part.re[k]!;
    const pi = part.im[k]!;
    let r = 0;
    let i = 0;
    for (let n = weights.length - 1; n >= 0; n--) {
      const next = r * pr - i * pi + weights[n]!;
      i = r * pi + i * pr;
      r = next;
    }
    re[k] = r;
    im[k] = i;
  }
  return { re, im };
}

/**
 * Of n times in a row, P(n) in proportion to ratio^n up to `last`, or for ever where that is null: with z the
 * transform of one, (1 − ratio)/(1 − ratio·z), cut off by powers of ratio·z. Beyond ratio 1 the sum is taken
 * from its other end, so that nothing overflows.
 */
export function geometricSpectrum(part: Spectrum, ratio: number, last: number | null): Spectrum {
  if (last === null) return quotient(part, ratio, 1 - ratio, null);
  const terms = last + 1;
  if (ratio === 1) return quotient(part, 1, 1 / terms, poweredSpectrum(part, terms));
  const power = ratio < 1 ? ratio ** terms : ratio ** -terms;
  const scale = ratio < 1 ? (1 - ratio) / (1 - power) : (1 - 1 / ratio) / (1 - power);
  const cut = poweredSpectrum(part, terms);
  if (ratio < 1) {
    for (let k = 0; k < cut.re.length; k++) {
      cut.re[k]! *= power;
      cut.im[k]! *= power;
    }
    return quotient(part, ratio, scale, cut);
  }
  // Σ (ratio·z)^n over Σ ratio^n = scale · (z^terms − s^terms) / (z − s) with s = 1/ratio.
  const re = new Float64Array(cut.re.length);
  const im = new Float64Array(cut.re.length);
  for (let k = 0; k < re.length; k++) {
    const dr = part.re[k]! - 1 / ratio;
    const di = part.im[k]!;
    const nr = scale * (cut.re[k]! - power);
    const ni = scale * cut.im[k]!;
    const norm = dr * dr + di * di;
    re[k] = (nr * dr + ni * di) / norm;
    im[k] = (ni * dr - nr * di) / norm;
  }
  return { re, im };
}

/** scale · (1 − cut) / (1 − ratio·part). */
function quotient(part: Spectrum, ratio: number, scale: number, cut: Spectrum | null): Spectrum {
  const re = new Float64Array(part.re.length);
  const im = new Float64Array(part.re.length);
  for (let k = 0; k < re.length; k++) {
    const dr = 1 - ratio * part.re[k]!;
    const di = -ratio * part.im[k]!;
    const nr = scale * (1 - (cut === null ? 0 : cut.re[k]!));
    const ni = cut === null ? 0 : -scale * cut.im[k]!;
    const norm = dr * dr + di * di;
    re[k] = (nr * dr + ni * di) / norm;
    im[k] = (ni * dr - nr * di) / norm;
  }
  return { re, im };
}

interface WalkState {
  readonly of: Spectrum;
  readonly next: readonly { readonly state: number; readonly probability: number }[];
}

/** Of a walk from state 0: x = s·(exit + P·x) with s the transforms of the states, at every frequency. */
export function journeySpectrum(states: readonly WalkState[]): Spectrum {
  const size = states.length;
  const width = size + 1;
  const kept = states[0]!.of.re.length;
  const re = new Float64Array(kept);
  const im = new Float64Array(kept);
  const ar = new Float64Array(size * width);
  const ai = new Float64Array(size * width);
  const exits = states.map(({ next }) => Math.max(0, 1 - next.reduce((sum, n) => sum + n.probability, 0)));
  for (let k = 0; k < kept; k++) {
    ar.fill(0);
    ai.fill(0);
    states.forEach(({ of, next }, i) => {
      ar[i * width + i]! += 1;
      for (const { state, probability } of next) {
        ar[i * width + state]! -= of.re[k]! * probability;
        ai[i * width + state]! -= of.im[k]! * probability;
      }
      ar[i * width + size] = of.re[k]! * exits[i]!;
      ai[i * width + size] = of.im[k]! * exits[i]!;
    });
    eliminate(ar, ai, size);
    re[k] = ar[size]!;
    im[k] = ai[size]!;
  }
  return { re, im };
}

/**
 * Solves for the first unknown by complex elimination from the last row up. No pivoting: |s| < 1 and rows of P
 * sum to at most 1, so the diagonal dominates.
 */
function eliminate(ar: Float64Array, ai: Float64Array, size: number): void {
  const width = size + 1;
  for (let pivot = size - 1; pivot >= 0; pivot--) {
    const p = pivot * width;
    const pr = ar[p + pivot]!;
    const pi = ai[p + pivot]!;
    const norm = pr * pr + pi * pi;
    for (let j = 0; j < width; j++) {
      const r = ar[p + j]!;
      const i = ai[p + j]!;
      ar[p + j] = (r * pr + i * pi) / norm;
      ai[p + j] = (i * pr - r * pi) / norm;
    }
    for (let row = 0; row < pivot; row++) {
      const fr = ar[row * width + pivot]!;
      const fi = ai[row * width + pivot]!;
      if (fr === 0 && fi === 0) continue;
      for (let j = 0; j < width; j++) {
        ar[row * width + j]! -= fr * ar[p + j]! - fi * ai[p + j]!;
        ai[row * width + j]! -= fr * ai[p + j]! + fi * ar[p + j]!;
      }
    }
  }
}
