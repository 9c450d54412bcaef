import { meanInterval } from '../src/kernel/index.ts';

/** The middle value; of an even number of values, the mean of the middle two. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** A ratio as the median of pairs measured in the same round, with the least and the greatest. */
export interface Ratio {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Ratios of values that stand in the same round. */
export function pairedRatio(above: readonly number[], below: readonly number[]): Ratio {
  const ratios = above.map((value, round) => value / below[round]!);
  return { value: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios) };
}

/**
 * Whether runs with different seeds agree with a mean known otherwise: within three half-widths of their own
 * 95 % interval, which chance alone leaves once in 170 times with three runs and once in 880 with five, and as far off as
 * the known mean itself may be.
 *
 * @param slack how far off `known` may be, as a ratio of it
 */
export function agrees(means: readonly number[], known: number, slack: number): boolean {
  const { value, high } = meanInterval(means);
  return Math.abs(value - known) <= 3 * (high - value) + slack * known;
}
