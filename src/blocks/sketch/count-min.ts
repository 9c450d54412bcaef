import { mix32 } from '../../kernel/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { fromBytes, packed, refuseBytes, toBytes, unpacked } from './bytes.ts';
import { mixAgain, requireHash } from './mix.ts';

const KIND = 2;
const MOST_COUNTERS = 2 ** 28;
const MOST_COUNT = 2 ** 32 - 1;

/** Size of the sketch, and how it counts. */
export interface CountMinOptions {
  /** Counters a row, a whole number ≥ 1. */
  readonly width: number;
  /** Rows, a whole number from 1 to 32; at most 2^28 counters in all. */
  readonly depth: number;
  /** Raise only the counters that hold the least (Estan & Varghese, SIGCOMM 2002); default false. */
  readonly conservative?: boolean;
}

/**
 * Width ⌈e / ε⌉ and depth ⌈ln(1 / δ)⌉: an estimate is more than ε times the whole count too high with chance δ.
 *
 * @param excessShare ε, above 0 and below 1
 * @param failureShare δ, above 0 and below 1
 */
export function countMinSize(excessShare: number, failureShare: number): { width: number; depth: number } {
  for (const [name, value] of [
    ['excessShare', excessShare],
    ['failureShare', failureShare],
  ] as const) {
    if (!(value > 0 && value < 1)) throw new RangeError(`${name} must be above 0 and below 1, got ${value}`);
  }
  return { width: Math.ceil(Math.E / excessShare), depth: Math.ceil(Math.log(1 / failureShare)) };
}

const OPTIONS: OptionNames<CountMinOptions> = { width: true, depth: true, conservative: true };

/**
 * How often each key was counted, never too low (Cormode & Muthukrishnan, "An improved data stream summary: the
 * count-min sketch and its applications", Journal of Algorithms 55(1), 2005). Counters stop at 2^32 − 1.
 *
 * - CM-1 An estimate is never below the true count, as long as that is below 2^32.
 * - CM-2 With chance 1 − e^(−depth) it is at most e / width times the total above it.
 * - CM-3 With conservative update it is never higher than without, for the same keys in the same order.
 * - CM-4 A merged sketch is never below the sum of the true counts, and obeys CM-2 for the whole total.
 */
export class CountMin {
  readonly width: number;
  readonly depth: number;
  readonly conservative: boolean;
  /** Sum of all that was counted. */
  total = 0;
  private readonly counters: Uint32Array;
  /** Where the key at hand has its counters. */
  private readonly places: Int32Array;

  constructor(options: CountMinOptions) {
    requireOptions('CountMin', options, OPTIONS);
    const { width, depth, conservative = false } = options;
    if (!(Number.isSafeInteger(width) && width >= 1)) {
      throw new RangeError(`width must be a whole number ≥ 1, got ${width}`);
    }
    if (!(Number.isSafeInteger(depth) && depth >= 1 && depth <= 32)) {
      throw new RangeError(`depth must be a whole number from 1 to 32, got ${depth}`);
    }
    if (width * depth > MOST_COUNTERS) {
      throw new RangeError(`width times depth must be at most 2^28, got ${width * depth}`);
    }
    this.width = width;
    this.depth = depth;
    this.conservative = conservative;
    this.counters = new Uint32Array(width * depth);
    this.places = new Int32Array(depth);
  }

  /** Counts a key; returns its estimate from now on. `count` is a whole number from 0 to 2^32 − 1, default 1. */
  add(hash: number, count = 1): number {
    if (!(count >= 0 && count <= MOST_COUNT && Math.floor(count) === count)) {
      throw new RangeError(`count must be a whole number from 0 to 2^32 − 1, got ${count}`);
    }
    const { counters, places } = this;
    const raised = Math.min(MOST_COUNT, this.estimate(hash) + count);
    this.total += count;
    for (let row = 0; row < places.length; row++) {
      const at = places[row]!;
      const value = counters[at]!;
      if (!this.conservative) counters[at] = Math.min(MOST_COUNT, value + count);
      else if (value < raised) counters[at] = raised;
    }
    return raised;
  }

  /** At least the true count. */
  estimate(hash: number): number {
    requireHash(hash);
    const { counters, places, width } = this;
    const first = mix32(hash);
    const second = mixAgain(hash) | 1;
    let least = MOST_COUNT;
    for (let row = 0; row < places.length; row++) {
      // Mixed once more: the rows of a sketch must not fail together.
      const at = row * width + (mix32(first + Math.imul(row, second)) % width);
      places[row] = at;
      const value = counters[at]!;
      if (value < least) least = value;
    }
    return least;
  }

  /** Adds the counts of the other; RangeError unless it has the same shape. */
  merge(other: CountMin): void {
    if (other.width !== this.width || other.depth !== this.depth) {
      throw new RangeError(
        `other must be ${this.width} wide and ${this.depth} deep, got ${other.width} and ${other.depth}`,
      );
    }
    this.total += other.total;
    const { counters } = this;
    for (let at = 0; at < counters.length; at++) {
      counters[at] = Math.min(MOST_COUNT, counters[at]! + other.counters[at]!);
    }
  }

  clear(): void {
    this.counters.fill(0);
    this.total = 0;
  }

  /** A header, the total and the counters; see {@link CountMin.from}. */
  toBytes(): Uint8Array {
    const { width, depth, conservative, total } = this;
    const data = new Uint8Array(8 + 4 * width * depth);
    new DataView(data.buffer).setFloat64(0, total);
    data.set(packed(this.counters), 8);
    return toBytes(KIND, { shape: [width, depth, conservative ? 1 : 0, 0], data });
  }

  /** @throws RangeError when the bytes are not those of a count-min sketch */
  static from(bytes: Uint8Array): CountMin {
    const { shape, data } = fromBytes(KIND, bytes);
    const [width, depth, conservative] = shape;
    if (conservative > 1 || data.length !== 8 + 4 * width * depth) refuseBytes();
    const total = new DataView(data.buffer, data.byteOffset).getFloat64(0);
    if (!(total >= 0)) refuseBytes();
    const sketch = new CountMin({ width, depth, conservative: conservative === 1 });
    sketch.counters.set(unpacked(data.subarray(8)));
    sketch.total = total;
    return sketch;
  }
}
