import { mix32 } from './mix.ts';

/** A source of uniform numbers in [0, 1). Blocks and samplers take one as a parameter. */
export interface Random {
  next(): number;
}

/**
 * A stream of xoshiro128++ (Blackman & Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS
 * 47(4), 2021). Period 2^128 − 1. Equal seed and purpose give equal numbers in every JavaScript engine:
 * only 32-bit integer arithmetic is used.
 */
export class RandomStream implements Random {
  private readonly state = new Uint32Array(4);

  /**
   * @param seed any safe integer ≥ 0; the user's seed
   * @param purpose names the stream ("arrivals of visitors"), so that another stream of the same design
   *   is unaffected when this one is used more or less often
   */
  constructor(seed: number, purpose = '') {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RangeError(`seed must be an integer from 0 to ${Number.MAX_SAFE_INTEGER}, got ${seed}`);
    }
    // The seed is spread over all bits first: else seed 0 with purpose "1 …" would be seed 1 with purpose "0 …".
    let a = mix32((seed >>> 0) ^ 0x9e3779b9);
    let b = mix32(Math.floor(seed / 0x100000000) ^ 0x85ebca6b ^ a);
    for (let i = 0; i < purpose.length; i++) {
      a = Math.imul(a ^ purpose.charCodeAt(i), 0x01000193);
      b = Math.imul(b ^ (a >>> 15), 0x27d4eb2f) + i;
    }
    for (let i = 0; i < 4; i++) {
      a = (a + 0x9e3779b9) | 0;
      this.state[i] = mix32(a ^ mix32(b + Math.imul(i, 0x632be5ab)));
    }
    if ((this.state[0]! | this.state[1]! | this.state[2]! | this.state[3]!) === 0) this.state[0] = 1;
  }

  /** 32 uniform bits, as an integer from 0 to 2^32 − 1. */
  nextUint32(): number {
    const s = this.state;
    const s0 = s[0]!;
    const s1 = s[1]!;
    const s3 = s[3]!;
    const sum = (s0 + s3) | 0;
    const result = (((sum << 7) | (sum >>> 25)) + s0) >>> 0;
    const s2 = s[2]! ^ s0;
    const t3 = s3 ^ s1;
    s[1] = s1 ^ s2;
    s[0] = s0 ^ t3;
    s[2] = s2 ^ (s1 << 9);
    s[3] = (t3 << 11) | (t3 >>> 21);
    return result;
  }

  /** Uniform on [0, 1) with 53 bits. */
  next(): number {
    return ((this.nextUint32() >>> 5) * 67108864 + (this.nextUint32() >>> 6)) / 9007199254740992;
  }
}

/** A new stream for `purpose`; see {@link RandomStream}. */
export function createRandom(seed: number, purpose = ''): RandomStream {
  return new RandomStream(seed, purpose);
}
