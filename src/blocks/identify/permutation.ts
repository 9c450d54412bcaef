import { createRandom } from '../../kernel/index.ts';
import { requireWhole } from '../require.ts';

/** With four rounds of independent functions, the result is told from a random permutation by few (see below). */
const ROUNDS = 4;

/** Both halves of a Feistel network stay below 2^26, where products and hashes are exact. */
const MAX_SIZE = 2 ** 52;

/**
 * A permutation of the numbers from 0 to size − 1 that depends on a key, and its inverse: consecutive numbers
 * come out far apart, none comes out twice, and nothing is stored.
 *
 * A Feistel network over a rectangle of a × b ≥ size numbers, a and b next to √size, with additions modulo the
 * side (Black & Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002, generalised Feistel); what falls
 * outside of the domain goes through again (cycle walking, same paper). Four rounds after Luby & Rackoff, "How to
 * construct pseudorandom permutations from pseudorandom functions", SIAM J. Comput. 17(2), 1988. The round
 * functions are integer hashes and no cryptography: order is hidden from the eye, not from an attacker.
 */
export class KeyedPermutation {
  readonly size: number;
  private readonly a: number;
  private readonly b: number;
  private readonly keys = new Uint32Array(2 * ROUNDS);

  /**
   * @param size 1 to 2^52
   * @param key any whole number from 0 to 2^53 − 1
   * @throws RangeError otherwise
   */
  constructor(size: number, key: number) {
    this.size = requireWhole('size', size, 1, MAX_SIZE);
    requireWhole('key', key, 0);
    this.a = Math.ceil(Math.sqrt(size));
    this.b = Math.ceil(size / this.a);
    const random = createRandom(key, 'permutation');
    for (let i = 0; i < this.keys.length; i++) this.keys[i] = random.nextUint32();
  }

  /**
   * Where `value` goes.
   *
   * @throws RangeError when it is not from 0 to size − 1
   */
  apply(value: number): number {
    requireWhole('value', value, 0, this.size - 1);
    let result = value;
    do result = this.forward(result);
    while (result >= this.size);
    return result;
  }

  /**
   * Where `value` came from.
   *
   * @throws RangeError when it is not from 0 to size − 1
   */
  invert(value: number): number {
    requireWhole('value', value, 0, this.size - 1);
    let result = value;
    do result = this.backward(result);
    while (result >= this.size);
    return result;
  }

  private forward(value: number): number {
    const { a, b } = this;
    let left = Math.floor(value / b);
    let right = value % b;
    for (let round = 0; round < ROUNDS; round += 2) {
      left = (left + this.hash(round, right)) % a;
      right = (right + this.hash(round + 1, left)) % b;
    }
    return left * b + right;
  }

  private backward(value: number): number {
    const { a, b } = this;
    let left = Math.floor(value / b);
    let right = value % b;
    for (let round = ROUNDS - 2; round >= 0; round -= 2) {
      right = (right + b - (this.hash(round + 1, left) % b)) % b;
      left = (left + a - (this.hash(round, right) % a)) % a;
    }
    return left * b + right;
  }

  /** 32 bits from a half and the keys of a round: the finaliser of MurmurHash3 (Appleby), keyed before and between. */
  private hash(round: number, half: number): number {
    let h = half ^ this.keys[2 * round]!;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13) ^ this.keys[2 * round + 1]!, 0xc2b2ae35);
    return (h ^ (h >>> 16)) >>> 0;
  }
}
