/** Odd and next to 2^32 / golden ratio: consecutive keys land far apart (Knuth, TAOCP 3, 6.4). */
const GOLDEN = 0x9e3779b1;

const EMPTY = -1;

/**
 * Map from int32 keys ≥ 0 to int32 values ≥ 0: open addressing with linear probing, at most half full.
 * Deletion closes the gap by shifting back what follows (Knuth, TAOCP 3, algorithm 6.4R), so that a table
 * under constant churn stays as fast as a fresh one. Key and value lie side by side: one cache line a probe.
 *
 * Keys that are numbered in a row from 0 need no hashing: their values stand in a table by key.
 */
export class HashIndex {
  /** Values of the keys below `dense`. */
  private readonly row: Int32Array;
  private readonly dense: number;
  private table: Int32Array;
  private mask: number;
  private shift: number;
  private count = 0;

  /**
   * @param expected keys to reserve memory for, those below `dense` left out
   * @param dense keys below this are found without hashing, for 4 bytes each whether they are there or not; default 0
   */
  constructor(expected: number, dense = 0) {
    this.dense = dense;
    this.row = new Int32Array(dense).fill(EMPTY);
    const bits = Math.max(3, Math.ceil(Math.log2(Math.max(1, expected) * 2)));
    this.table = new Int32Array(2 << bits).fill(EMPTY);
    this.mask = (1 << bits) - 1;
    this.shift = 32 - bits;
  }

  /** The value of `key`, or −1. */
  get(key: number): number {
    if (key >>> 0 < this.dense) return this.row[key]!;
    const { table, mask } = this;
    let at = Math.imul(key, GOLDEN) >>> this.shift;
    for (;;) {
      const found = table[2 * at]!;
      // An empty place holds the value −1, which is the answer.
      if (found === key || found === EMPTY) return table[2 * at + 1]!;
      at = (at + 1) & mask;
    }
  }

  /** Adds a key that is not there yet. */
  add(key: number, value: number): void {
    if (key >>> 0 < this.dense) {
      this.row[key] = value;
      return;
    }
    if (2 * (this.count + 1) > this.mask + 1) this.grow();
    this.count++;
    this.place(key, value);
  }

  /** Takes out a key that is there. */
  delete(key: number): void {
    if (key >>> 0 < this.dense) {
      this.row[key] = EMPTY;
      return;
    }
    const { table, mask, shift } = this;
    let gap = Math.imul(key, GOLDEN) >>> shift;
    while (table[2 * gap] !== key) gap = (gap + 1) & mask;
    this.count--;
    for (let at = (gap + 1) & mask; table[2 * at] !== EMPTY; at = (at + 1) & mask) {
      const home = Math.imul(table[2 * at]!, GOLDEN) >>> shift;
      // It may move into the gap unless its home lies after the gap on the way to where it is.
      if (((at - home) & mask) >= ((at - gap) & mask)) {
        table[2 * gap] = table[2 * at]!;
        table[2 * gap + 1] = table[2 * at + 1]!;
        gap = at;
      }
    }
    table[2 * gap] = EMPTY;
    table[2 * gap + 1] = EMPTY;
  }

  clear(): void {
    this.row.fill(EMPTY);
    this.table.fill(EMPTY);
    this.count = 0;
  }

  private place(key: number, value: number): void {
    const { table, mask } = this;
    let at = Math.imul(key, GOLDEN) >>> this.shift;
    while (table[2 * at] !== EMPTY) at = (at + 1) & mask;
    table[2 * at] = key;
    table[2 * at + 1] = value;
  }

  private grow(): void {
    const old = this.table;
    this.table = new Int32Array(2 * old.length).fill(EMPTY);
    this.mask = 2 * this.mask + 1;
    this.shift--;
    for (let at = 0; at < old.length; at += 2) {
      if (old[at] !== EMPTY) this.place(old[at]!, old[at + 1]!);
    }
  }
}
