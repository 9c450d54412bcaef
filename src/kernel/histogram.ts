/**
 * Log-linear histogram of durations: every power of two is split into 128 equal buckets, so that a bucket
 * is at most 1/128 = 0.8 % wide and a quantile, interpolated inside its bucket, is closer than that.
 * Covers 2^-30 s (about 1 ns) to 2^24 s (about 194 days); what is below or above lands in the end buckets.
 * Histograms are flat arrays: adding two is adding their counts.
 */

const SPLIT_BITS = 7;
const SHIFT = 20 - SPLIT_BITS;
const MIN_EXPONENT = -30;
const MAX_EXPONENT = 24;
const BASE = (1023 + MIN_EXPONENT) << SPLIT_BITS;

/** Length of a histogram array. Bucket 0 holds everything below 2^-30 s, zero included. */
export const BUCKETS = ((MAX_EXPONENT - MIN_EXPONENT) << SPLIT_BITS) + 1;

const bits = new Float64Array(1);
const words = new Uint32Array(bits.buffer);
/** Index of the word that holds exponent and upper mantissa: 1 on little-endian machines. */
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/** Bucket of a duration in seconds (≥ 0): read straight off the bits of the double. */
export function bucketOf(seconds: number): number {
  bits[0] = seconds;
  const bucket = (words[HIGH]! >>> SHIFT) - BASE + 1;
  return bucket < 0 ? 0 : bucket < BUCKETS ? bucket : BUCKETS - 1;
}

/** Lower edge of a bucket in seconds; `bucketLow(BUCKETS)` is the upper edge of the last. */
export function bucketLow(bucket: number): number {
  if (bucket <= 0) return 0;
  const index = bucket - 1;
  const exponent = MIN_EXPONENT + (index >> SPLIT_BITS);
  const fraction = (index & ((1 << SPLIT_BITS) - 1)) / (1 << SPLIT_BITS);
  return 2 ** exponent * (1 + fraction);
}

/** Number of values recorded. */
export function countOf(histogram: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < histogram.length; i++) total += histogram[i]!;
  return total;
}

/**
 * The value below which the share `p` (0 to 1) of the recorded values lies, interpolated linearly inside
 * its bucket. NaN when nothing was recorded.
 */
export function quantileOf(histogram: ArrayLike<number>, p: number): number {
  const total = countOf(histogram);
  if (total === 0) return Number.NaN;
  const rank = p * total;
  let below = 0;
  for (let i = 0; i < histogram.length; i++) {
    const count = histogram[i]!;
    if (count > 0 && below + count >= rank) {
      // What is shorter than the first bucket's end is as good as nothing.
      if (i === 0) return 0;
      const low = bucketLow(i);
      return low + (bucketLow(i + 1) - low) * Math.min(1, Math.max(0, (rank - below) / count));
    }
    below += count;
  }
  return bucketLow(histogram.length);
}

/** Share of the recorded values that are at most `seconds`, interpolated; NaN when nothing was recorded. */
export function shareAtMost(histogram: ArrayLike<number>, seconds: number): number {
  const total = countOf(histogram);
  if (total === 0) return Number.NaN;
  const bucket = bucketOf(seconds);
  let below = 0;
  for (let i = 0; i < bucket; i++) below += histogram[i]!;
  const low = bucketLow(bucket);
  const inside = (seconds - low) / (bucketLow(bucket + 1) - low);
  return (below + histogram[bucket]! * Math.min(1, Math.max(0, inside))) / total;
}
