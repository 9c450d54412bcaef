import { fourier } from './fourier.ts';

/**
 * The transform of a law on a grid, at the frequencies 0..size/2; the others follow because masses are real.
 */
export interface Spectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/**
 * What wraps round from beyond the end of the grid is damped by this factor. Smaller lets rounding errors
 * grow by its inverse; both stay below 1e-6 of probability.
 */
const WRAP = 1e-7;

/**
 * Times 0, step, 2·step, … below size·step. A law on it is the probability that sits at each point: mass
 * between two points is shared so that the mean is kept, hence the sum of the masses up to point k is the
 * distribution function averaged over the cell from k to k + 1.
 *
 * A sum of non-negative times is below the end of the grid only if each of them is, so what lies beyond the
 * end can be left out without error; it is kept from wrapping round by damping (Abate & Whitt, "Numerical
 * inversion of probability generating functions", Operations Research Letters 12, 1992).
 */
export class Grid {
  readonly step: number;
  readonly size: number;
  private readonly damping: Float64Array;

  /** @param size a power of 2 */
  constructor(end: number, size: number) {
    this.step = end / size;
    this.size = size;
    this.damping = dampingOf(size);
  }

  get end(): number {
    return this.step * this.size;
  }

  /** cos(2πk/size), k = 0..size − 1. */
  get cosines(): Float64Array {
    return turnsOf(this.size).cosines;
  }

  /** sin(2πk/size), k = 0..size − 1. */
  get sines(): Float64Array {
    return turnsOf(this.size).sines;
  }

  /** The factor by which point 1 is damped; point k by its k-th power. */
  get ratio(): number {
    return this.damping[1]!;
  }

  /** Transform of masses at the points. */
  spectrum(masses: Float64Array): Spectrum {
    const re = new Float64Array(this.size);
    const im = new Float64Array(this.size);
    for (let k = 0; k < this.size; k++) re[k] = masses[k]! * this.damping[k]!;
    fourier(re, im);
    const kept = this.size / 2 + 1;
    return { re: re.slice(0, kept), im: im.slice(0, kept) };
  }

  /** Masses at the points; the inverse of `spectrum`. */
  masses(spectrum: Spectrum): Float64Array {
    const { size } = this;
    const re = new Float64Array(size);
    const im = new Float64Array(size);
    for (let k = 0; k <= size / 2; k++) {
      re[k] = spectrum.re[k]!;
      im[k] = spectrum.im[k]!;
      if (k > 0 && k < size / 2) {
        re[size - k] = re[k]!;
        im[size - k] = -im[k]!;
      }
    }
    fourier(im, re);
    for (let k = 0; k < size; k++) re[k] = re[k]! / (size * this.damping[k]!);
    return re;
  }
}

interface Turns {
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
}

const turns = new Map<number, Turns>();

function turnsOf(size: number): Turns {
  let known = turns.get(size);
  if (known === undefined) {
    const angles = Float64Array.from({ length: size }, (_, k) => (2 * Math.PI * k) / size);
    known = { cosines: angles.map(Math.cos), sines: angles.map(Math.sin) };
    turns.set(size, known);
  }
  return known;
}

const dampings = new Map<number, Float64Array>();

function dampingOf(size: number): Float64Array {
  let damping = dampings.get(size);
  if (damping === undefined) {
    damping = Float64Array.from({ length: size }, (_, k) => WRAP ** (k / size));
    dampings.set(size, damping);
  }
  return damping;
}
