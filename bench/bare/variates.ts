/**
 * The floor's own chance: xoshiro128++ and the 256-layer exponential ziggurat, filled 1,024 draws at a time
 * into a typed array, so that the event loops read plain array elements.
 */

/** Draws per refill; a power of two, so that a loop can test for the end with a mask. */
export const BUFFER = 1024;

const EDGE = 7.697117470131487;
const AREA = 3.949659822581572e-3;
const SCALE = 2 ** 53;

const width = new Float64Array(256);
const inside = new Float64Array(256);
const height = new Float64Array(257);
{
  const x = new Float64Array(257);
  x[0] = AREA / Math.exp(-EDGE);
  x[1] = EDGE;
  for (let i = 2; i < 256; i++) x[i] = -Math.log(Math.exp(-x[i - 1]!) + AREA / x[i - 1]!);
  for (let i = 0; i < 256; i++) {
    width[i] = x[i]! / SCALE;
    inside[i] = (x[i + 1]! / x[i]!) * SCALE;
    height[i] = i === 0 ? 0 : Math.exp(-x[i]!);
  }
  height[256] = 1;
}

/** State of one generator: four 32-bit words. */
export function createState(seed: number): Int32Array {
  const state = new Int32Array(4);
  let s = seed | 0;
  for (let i = 0; i < 4; i++) {
    // splitmix32 (Steele, Lea & Flood 2014) spreads small seeds over the state.
    s = (s + 0x9e3779b9) | 0;
    let z = Math.imul(s ^ (s >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    state[i] = z ^ (z >>> 15);
  }
  return state;
}

/** Fills `out` with uniforms on [0, 1) of 53 bits. */
export function fillUniform(state: Int32Array, out: Float64Array): void {
  let s0 = state[0]!;
  let s1 = state[1]!;
  let s2 = state[2]!;
  let s3 = state[3]!;
  let high = 0;
  for (let i = 0; i < out.length * 2; i++) {
    const sum = (s0 + s3) | 0;
    const bits = (((sum << 7) | (sum >>> 25)) + s0) >>> 0;
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = (s3 << 11) | (s3 >>> 21);
    if ((i & 1) === 0) high = bits >>> 5;
    else out[i >> 1] = (high * 67108864 + (bits >>> 6)) / SCALE;
  }
  state[0] = s0;
  state[1] = s1;
  state[2] = s2;
  state[3] = s3;
}

const pair = new Float64Array(2);

/** Fills `out` with exponentials of mean 1. */
export function fillExponential(state: Int32Array, out: Float64Array): void {
  let s0 = state[0]!;
  let s1 = state[1]!;
  let s2 = state[2]!;
  let s3 = state[3]!;
  for (let i = 0; i < out.length; i++) {
    let sum = (s0 + s3) | 0;
    const bits = (((sum << 7) | (sum >>> 25)) + s0) >>> 0;
    let t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = (s3 << 11) | (s3 >>> 21);
    sum = (s0 + s3) | 0;
    const more = (((sum << 7) | (sum >>> 25)) + s0) >>> 0;
    t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = (s3 << 11) | (s3 >>> 21);
    const layer = bits & 255;
    const position = (bits >>> 8) * 536870912 + (more >>> 3);
    const x = position * width[layer]!;
    if (position < inside[layer]!) {
      out[i] = x;
      continue;
    }
    state[0] = s0;
    state[1] = s1;
    state[2] = s2;
    state[3] = s3;
    out[i] = edgeOfLayer(state, layer, x);
    s0 = state[0]!;
    s1 = state[1]!;
    s2 = state[2]!;
    s3 = state[3]!;
  }
  state[0] = s0;
  state[1] = s1;
  state[2] = s2;
  state[3] = s3;
}

/** The one draw in a hundred that falls outside the rectangle of its layer. */
function edgeOfLayer(state: Int32Array, layer: number, x: number): number {
  fillUniform(state, pair);
  if (layer === 0) return EDGE - Math.log(1 - pair[0]!);
  const low = height[layer]!;
  if (low + pair[0]! * (height[layer + 1]! - low) < Math.exp(-x)) return x;
  const again = new Float64Array(1);
  fillExponential(state, again);
  return again[0]!;
}
