/** The multiplier 2862933555777941757 of the published generator, in two halves. */
const MULTIPLIER_HIGH = 0x27bb2ee6;
const MULTIPLIER_LOW = 0x87b0b0fd;
const LOW_16_OF_LOW = MULTIPLIER_LOW & 0xffff;
const HIGH_16_OF_LOW = MULTIPLIER_LOW >>> 16;

const MAX_BUCKETS = 0x7fffffff;

/**
 * Jump consistent hash (Lamping & Veach, "A fast, minimal memory, consistent hash algorithm", 2014): the bucket
 * of a key, 0 to buckets − 1. From n to n + 1 buckets a key stays, or moves to the new bucket with probability
 * 1/(n + 1). About ln(buckets) steps, no memory.
 *
 * @param key whole number from 0 to 2^53 − 1, taken as an unsigned 64-bit integer
 * @param buckets whole number from 1 to 2^31 − 1
 * @throws RangeError when either is outside its range
 */
export function jumpHash(key: number, buckets: number): number {
  if (!Number.isSafeInteger(key) || key < 0) {
    throw new RangeError(`key must be a whole number from 0 to 2^53 − 1, got ${key}`);
  }
  return jumpHash64(Math.floor(key / 0x100000000), key >>> 0, buckets);
}

/**
 * {@link jumpHash} for a key of 64 bits, given as two halves of 32 bits: the same buckets as the published C++
 * code and its ports, by exact arithmetic on 32-bit integers.
 *
 * @throws RangeError when `buckets` is not a whole number from 1 to 2^31 − 1
 */
export function jumpHash64(keyHigh: number, keyLow: number, buckets: number): number {
  if (!(Number.isInteger(buckets) && buckets >= 1 && buckets <= MAX_BUCKETS)) {
    throw new RangeError(`buckets must be a whole number from 1 to 2^31 − 1, got ${buckets}`);
  }
  let high = keyHigh | 0;
  let low = keyLow >>> 0;
  let bucket = -1;
  let next = 0;
  while (next < buckets) {
    bucket = next;
    // key = key * multiplier + 1 modulo 2^64; the product of the low halves by 16-bit digits.
    const low16 = low & 0xffff;
    const high16 = low >>> 16;
    const lowest = low16 * LOW_16_OF_LOW;
    const middle = low16 * HIGH_16_OF_LOW + high16 * LOW_16_OF_LOW + Math.floor(lowest / 0x10000);
    const carry = high16 * HIGH_16_OF_LOW + Math.floor(middle / 0x10000);
    high = (Math.imul(high, MULTIPLIER_LOW) + Math.imul(low, MULTIPLIER_HIGH) + (carry | 0)) | 0;
    low = (((middle & 0xffff) << 16) | (lowest & 0xffff)) + 1;
    if (low === 0) high = (high + 1) | 0;
    low >>>= 0;
    next = Math.floor((bucket + 1) * (0x80000000 / ((high >>> 1) + 1)));
  }
  return bucket;
}
