import { mix32 } from '../../kernel/index.ts';

/** Integers of a block: 64 bytes, what a processor fetches at once. Each holds 8 counters of 4 bits. */
const BLOCK = 16;

/** A block counts for so many entries: 16 counters each, as in the authors' implementation (Caffeine). */
const ENTRIES_PER_BLOCK = 8;

/** Counters are halved after so many accesses for each entry held (the same). */
const SAMPLE_PER_ENTRY = 10;

/**
 * How often an identity was met lately: count-min of 4-bit counters in 4 rows, all rows of an identity within
 * one block, which forgets by halving every counter when the sample is full (Einziger, Friedman & Manes,
 * "TinyLFU: A highly efficient cache admission policy", ACM Transactions on Storage 13(4), 2017).
 */
export class FrequencySketch {
  private table = new Int32Array(BLOCK);
  private mask = 0;
  private entries = ENTRIES_PER_BLOCK;
  private additions = 0;

  /** Counts for so many entries at least; twice the table starts from copies, so that no estimate changes. */
  reserve(entries: number): void {
    if (entries <= this.entries) return;
    this.entries = entries;
    while ((this.mask + 1) * ENTRIES_PER_BLOCK < entries) {
      const table = new Int32Array(2 * this.table.length);
      table.set(this.table);
      table.set(this.table, this.table.length);
      this.table = table;
      this.mask = 2 * this.mask + 1;
    }
  }

  /** Counts one access. */
  increment(id: number): void {
    const { table } = this;
    const hash = mix32(id);
    const block = BLOCK * (hash & this.mask);
    const places = mix32(hash ^ 0x9e3779b9);
    let added = false;
    for (let row = 0; row < 4; row++) {
      const place = (places >>> (5 * row)) & 31;
      const at = block + 4 * row + (place >>> 3);
      const shift = (place & 7) << 2;
      if (((table[at]! >>> shift) & 15) === 15) continue;
      table[at] = table[at]! + (1 << shift);
      added = true;
    }
    if (added && ++this.additions >= SAMPLE_PER_ENTRY * this.entries) this.halve();
  }

  /** 0 to 15; too high when others share all its counters, never too low but for the halving. */
  frequency(id: number): number {
    const { table } = this;
    const hash = mix32(id);
    const block = BLOCK * (hash & this.mask);
    const places = mix32(hash ^ 0x9e3779b9);
    let least = 15;
    for (let row = 0; row < 4; row++) {
      const place = (places >>> (5 * row)) & 31;
      const count = (table[block + 4 * row + (place >>> 3)]! >>> ((place & 7) << 2)) & 15;
      if (count < least) least = count;
    }
    return least;
  }

  clear(): void {
    this.table.fill(0);
    this.additions = 0;
  }

  private halve(): void {
    const { table } = this;
    for (let at = 0; at < table.length; at++) table[at] = (table[at]! >>> 1) & 0x77777777;
    this.additions >>>= 1;
  }
}
