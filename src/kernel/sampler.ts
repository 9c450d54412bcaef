import type { Distribution } from '../quantities/index.ts';
import type { RandomStream } from './random.ts';
import { exponential, gamma, normal } from './variates.ts';

const BUFFER = 256;

/**
 * Draws from a {@link Distribution}, from a random stream of its own.
 *
 * Values are made 256 at a time: the hot loop reads a typed array, and the choice of the law happens once
 * per refill. One class for all laws keeps the call site monomorphic.
 */
export class Sampler {
  private readonly buffer = new Float64Array(BUFFER);
  private cursor = BUFFER;
  private readonly law: Distribution;
  private readonly random: RandomStream;

  constructor(law: Distribution, random: RandomStream) {
    this.law = law;
    this.random = random;
    if (law.law === 'constant') this.buffer.fill(law.value);
  }

  draw(): number {
    if (this.cursor === BUFFER) this.refill();
    return this.buffer[this.cursor++]!;
  }

  private refill(): void {
    this.cursor = 0;
    fill(this.law, this.random, this.buffer);
  }
}

function fill(law: Distribution, random: RandomStream, out: Float64Array): void {
  const n = out.length;
  switch (law.law) {
    case 'constant':
      return;
    case 'exponential':
      for (let i = 0; i < n; i++) out[i] = law.mean * exponential(random);
      return;
    case 'uniform':
      for (let i = 0; i < n; i++) out[i] = law.low + (law.high - law.low) * random.next();
      return;
    case 'normal':
      for (let i = 0; i < n; i++) out[i] = Math.max(0, law.mean + law.sd * normal(random));
      return;
    case 'lognormal':
      for (let i = 0; i < n; i++) out[i] = Math.exp(law.mu + law.sigma * normal(random));
      return;
    case 'gamma':
      for (let i = 0; i < n; i++) out[i] = law.scale * gamma(random, law.shape);
      return;
    case 'erlang':
      for (let i = 0; i < n; i++) out[i] = (law.mean / law.k) * erlang(random, law.k);
      return;
    case 'hyperexponential':
      for (let i = 0; i < n; i++) {
        out[i] = (random.next() < law.p ? law.mean1 : law.mean2) * exponential(random);
      }
      return;
    case 'pareto':
      for (let i = 0; i < n; i++) out[i] = law.scale * Math.exp(exponential(random) / law.alpha);
      return;
    case 'bounded-pareto': {
      const tail = (law.low / law.high) ** law.alpha;
      for (let i = 0; i < n; i++) {
        out[i] = law.low * (1 - random.next() * (1 - tail)) ** (-1 / law.alpha);
      }
      return;
    }
    case 'weibull':
      for (let i = 0; i < n; i++) out[i] = law.scale * exponential(random) ** (1 / law.shape);
      return;
    case 'empirical': {
      const values = law.values;
      for (let i = 0; i < n; i++) out[i] = values[Math.floor(random.next() * values.length)]!;
      return;
    }
  }
}

/** Sum of `k` standard exponentials; many phases are drawn as one gamma variate. */
function erlang(random: RandomStream, k: number): number {
  if (k > 8) return gamma(random, k);
  let sum = 0;
  for (let i = 0; i < k; i++) sum += exponential(random);
  return sum;
}
