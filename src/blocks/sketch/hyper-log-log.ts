import { mix32 } from '../../kernel/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { fromBytes, refuseBytes, toBytes } from './bytes.ts';
import { requireHash } from './mix.ts';

const KIND = 3;

/** Size of the sketch. */
export interface HyperLogLogOptions {
  /** Binary logarithm of the number m of registers, from 4 to 16; the standard error is 1.04 / √m. */
  readonly precision: number;
}

const OPTIONS: OptionNames<HyperLogLogOptions> = { precision: true };

/**
 * How many different keys there were (Flajolet, Fusy, Gandouet & Meunier, "HyperLogLog: the analysis of a
 * near-optimal cardinality estimation algorithm", AofA 2007), by hashes of 32 bits: for small numbers by linear
 * counting, for numbers near 2^32 corrected for hashes that coincide, as in the paper's figure 3.
 *
 * - HL-1 Adding a key again changes nothing, nor does the order.
 * - HL-2 The standard error is about 1.04 / √m of the number; for numbers below 2.5 m it is smaller, and between
 *   2.5 m and 5 m the estimate is known to lie somewhat too high.
 * - HL-3 A merged sketch is the one that would have seen all keys of both.
 */
export class HyperLogLog {
  readonly precision: number;
  /** Of each part of the keys, the longest run of zeros that was seen, plus one. */
  private readonly registers: Uint8Array;

  constructor(options: HyperLogLogOptions) {
    requireOptions('HyperLogLog', options, OPTIONS);
    const { precision } = options;
    if (!(Number.isSafeInteger(precision) && precision >= 4 && precision <= 16)) {
      throw new RangeError(`precision must be a whole number from 4 to 16, got ${precision}`);
    }
    this.precision = precision;
    this.registers = new Uint8Array(2 ** precision);
  }

  /** 1.04 / √m, as a share of the number. */
  get standardError(): number {
    return 1.04 / Math.sqrt(this.registers.length);
  }

  /** @returns true when that changed the sketch, so that the key is certainly new */
  add(hash: number): boolean {
    requireHash(hash);
    const mixed = mix32(hash);
    const at = mixed >>> (32 - this.precision);
    // The bits below, with a one after them that ends the run.
    const rank = Math.clz32((mixed << this.precision) | (1 << (this.precision - 1))) + 1;
    if (rank <= this.registers[at]!) return false;
    this.registers[at] = rank;
    return true;
  }

  /** The estimated number of different keys, ≥ 0; Infinity when nearly all hashes there are were added. */
  count(): number {
    const m = this.registers.length;
    let sum = 0;
    let empty = 0;
    for (const register of this.registers) {
      sum += 2 ** -register;
      if (register === 0) empty++;
    }
    const raw = (alpha(m) * m * m) / sum;
    if (raw <= 2.5 * m && empty > 0) return m * Math.log(m / empty);
    if (raw <= 2 ** 32 / 30) return raw;
    return raw < 2 ** 32 ? -(2 ** 32) * Math.log1p(-raw / 2 ** 32) : Number.POSITIVE_INFINITY;
  }

  /** Takes in all that the other saw; RangeError unless it has the same precision. */
  merge(other: HyperLogLog): void {
    if (other.precision !== this.precision) {
      throw new RangeError(`other must have precision ${this.precision}, got ${other.precision}`);
    }
    const { registers } = this;
    for (let at = 0; at < registers.length; at++) {
      if (other.registers[at]! > registers[at]!) registers[at] = other.registers[at]!;
    }
  }

  clear(): void {
    this.registers.fill(0);
  }

  /** A header and the registers; see {@link HyperLogLog.from}. */
  toBytes(): Uint8Array {
    return toBytes(KIND, { shape: [this.precision, 0, 0, 0], data: this.registers });
  }

  /** @throws RangeError when the bytes are not those of a HyperLogLog sketch */
  static from(bytes: Uint8Array): HyperLogLog {
    const { shape, data } = fromBytes(KIND, bytes);
    const [precision] = shape;
    if (data.length !== 2 ** precision || data.some((register) => register > 33 - precision)) refuseBytes();
    const sketch = new HyperLogLog({ precision });
    sketch.registers.set(data);
    return sketch;
  }
}

/** Corrects the bias of the harmonic mean: the paper's figure 3. */
function alpha(m: number): number {
  if (m === 16) return 0.673;
  if (m === 32) return 0.697;
  if (m === 64) return 0.709;
  return 0.7213 / (1 + 1.079 / m);
}
