import { mix32 } from '../../kernel/index.ts';
import { requireOptions } from '../require-options.ts';
import { fromBytes, refuseBytes, toBytes } from './bytes.ts';
import { mixAgain, requireHash } from './mix.ts';

const KIND = 1;
const MOST_BITS = 2 ** 31 - 8;
const MOST_HASHES = 32;

/** What a filter is for, or else its shape itself. */
export type BloomFilterOptions =
  | {
      /** Different keys that will be added, a whole number ≥ 1. */
      readonly expectedItems: number;
      /** Share of other keys that may be taken for one of them, above 0 and below 1. */
      readonly falsePositiveShare: number;
    }
  | {
      /** Bits of memory, from 8 to 2^31 − 8; a part of a byte is rounded up to a whole one. */
      readonly bits: number;
      /** Bits for each key, from 1 to 32. */
      readonly hashes: number;
    };

const SHAPE = { bits: true, hashes: true } as const;
const PURPOSE = { expectedItems: true, falsePositiveShare: true } as const;

/** Bits that hold so many items at this share of false positives: −n ln p / (ln 2)². */
export function bloomSize(expectedItems: number, falsePositiveShare: number): number {
  if (!(Number.isSafeInteger(expectedItems) && expectedItems >= 1)) {
    throw new RangeError(`expectedItems must be a whole number ≥ 1, got ${expectedItems}`);
  }
  if (!(falsePositiveShare > 0 && falsePositiveShare < 1)) {
    throw new RangeError(`falsePositiveShare must be above 0 and below 1, got ${falsePositiveShare}`);
  }
  return (-expectedItems * Math.log(falsePositiveShare)) / Math.LN2 ** 2;
}

/** The best number of bits for each key, (m / n) ln 2, as a whole number from 1 to 32. */
export function bloomHashes(bits: number, expectedItems: number): number {
  return Math.min(MOST_HASHES, Math.max(1, Math.round((bits / expectedItems) * Math.LN2)));
}

/**
 * A set that never forgets a member and takes a small share of others for members (Bloom, CACM 13(7), 1970). The
 * places of a key come from two hashes by g_i = h_1 + i h_2 mod m (Kirsch & Mitzenmacher, "Less hashing, same
 * performance", ESA 2006). With n keys in m bits at k each, the share is (1 − e^(−kn/m))^k.
 *
 * - BF-1 What was added is always there.
 * - BF-2 What was not added is there with that share, more when more were added than expected.
 * - BF-3 A union has exactly what its parts have. Nothing can be taken out.
 */
export class BloomFilter {
  /** Bits, a multiple of 8. */
  readonly bits: number;
  /** Bits for each key. */
  readonly hashes: number;
  private readonly data: Uint8Array;

  constructor(options: BloomFilterOptions) {
    requireOptions('BloomFilter', options, 'bits' in options ? SHAPE : PURPOSE);
    const { bits, hashes } =
      'bits' in options ? options : shapeOf(options.expectedItems, options.falsePositiveShare);
    if (!(Number.isSafeInteger(bits) && bits >= 8 && bits <= MOST_BITS)) {
      throw new RangeError(`bits must be a whole number from 8 to ${MOST_BITS}, got ${bits}`);
    }
    if (!(Number.isSafeInteger(hashes) && hashes >= 1 && hashes <= MOST_HASHES)) {
      throw new RangeError(`hashes must be a whole number from 1 to ${MOST_HASHES}, got ${hashes}`);
    }
    this.bits = 8 * Math.ceil(bits / 8);
    this.hashes = hashes;
    this.data = new Uint8Array(this.bits / 8);
  }

  /** @returns true when it is certain that the key was not there before */
  add(hash: number): boolean {
    requireHash(hash);
    const { bits, data } = this;
    let place = mix32(hash) % bits;
    const step = 1 + (mixAgain(hash) % (bits - 1));
    let fresh = false;
    for (let left = this.hashes; left > 0; left--) {
      const bit = 1 << (place & 7);
      if ((data[place >>> 3]! & bit) === 0) {
        data[place >>> 3] = data[place >>> 3]! | bit;
        fresh = true;
      }
      place += step;
      if (place >= bits) place -= bits;
    }
    return fresh;
  }

  /** False when the key was certainly never added. */
  has(hash: number): boolean {
    requireHash(hash);
    const { bits, data } = this;
    let place = mix32(hash) % bits;
    const step = 1 + (mixAgain(hash) % (bits - 1));
    for (let left = this.hashes; left > 0; left--) {
      if ((data[place >>> 3]! & (1 << (place & 7))) === 0) return false;
      place += step;
      if (place >= bits) place -= bits;
    }
    return true;
  }

  /** Takes in all that the other has; RangeError unless it has the same shape. */
  union(other: BloomFilter): void {
    if (other.bits !== this.bits || other.hashes !== this.hashes) {
      throw new RangeError(
        `other must have ${this.bits} bits and ${this.hashes} hashes, got ${other.bits} and ${other.hashes}`,
      );
    }
    for (let at = 0; at < this.data.length; at++) this.data[at] = this.data[at]! | other.data[at]!;
  }

  /**
   * About how many different keys were added: −(m / k) ln(1 − X / m) with X bits set (Swamidass & Baldi, Journal of
   * Chemical Information and Modeling 47(3), 2007). Infinity when all are set.
   */
  estimatedItems(): number {
    let set = 0;
    for (const byte of this.data) for (let rest = byte; rest > 0; rest &= rest - 1) set++;
    return -(this.bits / this.hashes) * Math.log1p(-set / this.bits);
  }

  clear(): void {
    this.data.fill(0);
  }

  /** A header and the bits; see {@link BloomFilter.from}. */
  toBytes(): Uint8Array {
    return toBytes(KIND, { shape: [this.bits, this.hashes, 0, 0], data: this.data });
  }

  /** @throws RangeError when the bytes are not those of a filter */
  static from(bytes: Uint8Array): BloomFilter {
    const { shape, data } = fromBytes(KIND, bytes);
    const [bits, hashes] = shape;
    if (data.length !== bits / 8) refuseBytes();
    const filter = new BloomFilter({ bits, hashes });
    filter.data.set(data);
    return filter;
  }
}

function shapeOf(expectedItems: number, falsePositiveShare: number): { bits: number; hashes: number } {
  const bits = Math.max(8, Math.ceil(bloomSize(expectedItems, falsePositiveShare)));
  return { bits, hashes: bloomHashes(bits, expectedItems) };
}
