/** Cosines and sines of one transform length, and where each point goes when bits are reversed. */
interface Plan {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
  readonly order: Uint32Array;
}

const plans = new Map<number, Plan>();

function planFor(size: number): Plan {
  const known = plans.get(size);
  if (known !== undefined) return known;
  const bits = Math.log2(size);
  if (!Number.isInteger(bits) || bits < 1) throw new RangeError(`size must be a power of 2, got ${size}`);
  const cos = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
  const sin = Float64Array.from({ length: size / 2 }, (_, k) => Math.sin((2 * Math.PI * k) / size));
  const order = new Uint32Array(size);
  for (let i = 0; i < size; i++) order[i] = (order[i >> 1]! >> 1) | ((i & 1) << (bits - 1));
  const plan = { cos, sin, order };
  plans.set(size, plan);
  return plan;
}

/**
 * Fast Fourier transform in place (Cooley & Tukey 1965), Σ xⱼ e^(−2πi·jk/n); the length is a power of 2.
 * With real and imaginary part exchanged it is the inverse, up to the factor n.
 */
export function fourier(re: Float64Array, im: Float64Array): void {
  const size = re.length;
  const { cos, sin, order } = planFor(size);
  for (let i = 0; i < size; i++) {
    const j = order[i]!;
    if (j <= i) continue;
    const r = re[i]!;
    re[i] = re[j]!;
    re[j] = r;
    const m = im[i]!;
    im[i] = im[j]!;
    im[j] = m;
  }
  for (let half = 1; half < size; half *= 2) {
    const stride = size / (2 * half);
    for (let start = 0; start < size; start += 2 * half) {
      for (let k = 0; k < half; k++) {
        const c = cos[k * stride]!;
        const s = sin[k * stride]!;
        const a = start + k;
        const b = a + half;
        const r = re[b]! * c + im[b]! * s;
        const m = im[b]! * c - re[b]! * s;
        re[b] = re[a]! - r;
        im[b] = im[a]! - m;
        re[a] = re[a]! + r;
        im[a] = im[a]! + m;
      }
    }
  }
}
