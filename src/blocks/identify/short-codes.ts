import type { Random } from '../../kernel/index.ts';
import { requireWhole } from '../require.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { decodeBase62, encodeBase62 } from './base62.ts';
import { KeyedPermutation } from './permutation.ts';

export interface ShortCodesOptions {
  /** Characters of a code, 1 to 8. */
  readonly length: number;
  /** Whole number from 0 to 2^53 − 1 that mixes the codes; keep it, other keys give other codes. Default 0. */
  readonly key?: number;
}

const OPTIONS: OptionNames<ShortCodesOptions> = { length: true, key: true };

/**
 * Codes of fixed length in base 62, as in short links: one for each value of a counter, never two the same, and
 * neighbours look nothing alike. Holds no state: the counter is the caller's.
 */
export class ShortCodes {
  /** Codes there are: 62^length. */
  readonly capacity: number;
  private readonly length: number;
  private readonly permutation: KeyedPermutation;

  /** @throws RangeError when an option is out of range */
  constructor(options: ShortCodesOptions) {
    requireOptions('ShortCodes', options, OPTIONS);
    this.length = requireWhole('length', options.length, 1, 8);
    this.capacity = 62 ** options.length;
    this.permutation = new KeyedPermutation(this.capacity, options.key ?? 0);
  }

  /**
   * The code of a counter.
   *
   * @throws RangeError when it is not from 0 to capacity − 1
   */
  codeOf(counter: number): string {
    return encodeBase62(this.permutation.apply(counter), this.length);
  }

  /** The counter that a code was made from; −1 when it is no code of this length. */
  counterOf(code: string): number {
    const value = code.length === this.length ? decodeBase62(code) : -1;
    return value < 0 ? -1 : this.permutation.invert(value);
  }

  /**
   * A code drawn at random, for when there is no counter to share. It may be taken: see `collisionProbability`
   * for any among many, and used / capacity for the next one.
   */
  randomCode(random: Random): string {
    return encodeBase62(Math.floor(random.next() * this.capacity), this.length);
  }
}
