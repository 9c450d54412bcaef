import { logGamma } from '../quantities/index.ts';
import type { RandomStream } from './random.ts';

/**
 * Standard exponential, normal and gamma variates, and Poisson ones.
 *
 * Exponential: ziggurat of 256 layers (Marsaglia & Tsang, J. Stat. Software 5(8), 2000) with the layer and
 * the position drawn from separate bits (Doornik 2005), 53 bits of position.
 */

const LAYERS = 256;
/** Right edge of the base layer and the common area of the layers, for 256 exponential layers. */
const EDGE = 7.697117470131487;
const AREA = 3.949659822581572e-3;
const POSITION = 9007199254740992; // 2^53

/** Width of a layer per unit of position, the position below which a point is surely inside, and its height. */
const width = new Float64Array(LAYERS);
const inside = new Float64Array(LAYERS);
const height = new Float64Array(LAYERS + 1);
{
  const x = new Float64Array(LAYERS + 1);
  x[0] = AREA / Math.exp(-EDGE);
  x[1] = EDGE;
  for (let i = 2; i < LAYERS; i++) x[i] = -Math.log(Math.exp(-x[i - 1]!) + AREA / x[i - 1]!);
  x[LAYERS] = 0;
  for (let i = 0; i < LAYERS; i++) {
    width[i] = x[i]! / POSITION;
    inside[i] = (x[i + 1]! / x[i]!) * POSITION;
    height[i] = i === 0 ? 0 : Math.exp(-x[i]!);
  }
  height[LAYERS] = 1;
}

/** Exponential of mean 1. */
export function exponential(random: RandomStream): number {
  for (;;) {
    const bits = random.nextUint32();
    const layer = bits & 255;
    const position = (bits >>> 8) * 536870912 + (random.nextUint32() >>> 3);
    const x = position * width[layer]!;
    if (position < inside[layer]!) return x;
    if (layer === 0) {
      // The tail beyond the edge is the same law again (memoryless).
      return EDGE + exponential(random);
    }
    const low = height[layer]!;
    if (low + random.next() * (height[layer + 1]! - low) < Math.exp(-x)) return x;
  }
}

/** Normal of mean 0 and variance 1 (polar method, Marsaglia & Bray 1964; the second value is dropped). */
export function normal(random: RandomStream): number {
  for (;;) {
    const u = 2 * random.next() - 1;
    const v = 2 * random.next() - 1;
    const s = u * u + v * v;
    if (s > 0 && s < 1) return u * Math.sqrt((-2 * Math.log(s)) / s);
  }
}

/** Gamma of the given shape (> 0) and scale 1 (Marsaglia & Tsang, ACM TOMS 26(3), 2000). */
export function gamma(random: RandomStream, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * (1 - random.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const u = 1 - random.next();
    if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Below this mean, uniforms are multiplied; above, a hat is cut to shape. */
const FEW = 10;

/** Poisson of the given mean (≥ 0), whole (transformed rejection with squeeze, PTRS: Hörmann, Insurance: Mathematics and Economics 12, 1993). */
export function poisson(random: RandomStream, mean: number): number {
  if (mean < FEW) return poissonOfFew(random, mean);
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const logInverseAlpha = Math.log(1.1239 + 1.1328 / (b - 3.4));
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = random.next() - 0.5;
    const v = 1 - random.next();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= squeeze) return k;
    if (!(k >= 0 && k < Number.POSITIVE_INFINITY) || (us < 0.013 && v > us)) continue;
    const hat = Math.log(v) + logInverseAlpha - Math.log(a / (us * us) + b);
    if (hat <= k * Math.log(mean) - mean - logGamma(k + 1)) return k;
  }
}

/** Arrivals of rate 1 until the product of uniforms falls below e^−mean (Knuth, The Art of Computer Programming 2, 3.4.1). */
function poissonOfFew(random: RandomStream, mean: number): number {
  const end = Math.exp(-mean);
  let product = 1 - random.next();
  let count = 0;
  while (product > end) {
    product *= 1 - random.next();
    count++;
  }
  return count;
}
