import { FifoOrder } from '../fifo.ts';
import { HashIndex } from '../hash-index.ts';
import { NONE } from '../slot-order.ts';
import { refuseState, requireKey, requireVersion } from './require.ts';

/** A snapshot of a {@link FifoTable}. */
export interface FifoTableState {
  readonly version: 1;
  /** Rows ever put in. */
  readonly count: number;
  /** Key, number and time of each row, oldest first. */
  readonly rows: readonly (readonly [key: number, number: number, time: number])[];
}

/** A bounded table of integer keys, each with a time and the number of its putting in; the oldest row gives way. */
export class FifoTable {
  private readonly maxRows: number;
  private readonly order: FifoOrder;
  private readonly index = new HashIndex(8);
  private numbers = new Float64Array(8);
  private times = new Float64Array(8);
  private count = 0;

  constructor(maxRows: number) {
    this.maxRows = maxRows;
    this.order = new FifoOrder({ capacity: maxRows, expectedEntries: 8 });
  }

  get size(): number {
    return this.order.size;
  }

  /** The row of a key; negative when there is none. */
  find(key: number): number {
    return this.index.get(key);
  }

  numberOf(row: number): number {
    return this.numbers[row]!;
  }

  timeOf(row: number): number {
    return this.times[row]!;
  }

  setTime(row: number, time: number): void {
    this.times[row] = time;
  }

  /** Puts a key in as the newest, also one that is there; returns its number, one higher than the one before. */
  put(key: number, time: number): number {
    requireKey(key);
    const row = this.index.get(key);
    if (row >= 0) this.drop(row);
    this.place(key, ++this.count, time);
    return this.count;
  }

  drop(row: number): void {
    this.index.delete(this.order.idOf(row));
    this.order.remove(row);
  }

  snapshot(): FifoTableState {
    const rows: [number, number, number][] = [];
    for (let row = 0; row < this.numbers.length; row++) {
      const key = this.order.idOf(row);
      if (this.index.get(key) === row) rows.push([key, this.numbers[row]!, this.times[row]!]);
    }
    rows.sort((a, b) => a[1] - b[1]);
    return { version: 1, count: this.count, rows };
  }

  /** Fills an empty table; refuses by RangeError what is no snapshot of a table as small as this. */
  restore(what: string, state: FifoTableState): void {
    requireVersion(what, state);
    const { count, rows } = state;
    if (!Number.isSafeInteger(count) || count < 0 || !Array.isArray(rows)) refuseState(what);
    if (rows.length > this.maxRows) {
      throw new RangeError(`state must hold at most ${this.maxRows} keys, got ${rows.length}`);
    }
    let before = 0;
    for (const row of rows as readonly unknown[]) {
      if (!Array.isArray(row)) refuseState(what);
      const [key, number, time] = row as [number, number, number];
      requireKey(key);
      const sound = Number.isSafeInteger(number) && number > before && number <= count;
      if (!sound || !Number.isFinite(time) || this.index.get(key) >= 0) refuseState(what);
      before = number;
      this.place(key, number, time);
    }
    this.count = count;
  }

  private place(key: number, number: number, time: number): void {
    const out = this.order.makeRoom(1, NONE);
    if (out !== NONE) this.index.delete(this.order.idOf(out));
    const row = this.order.add(key, 1, 1);
    if (row >= this.numbers.length) {
      this.numbers = doubled(this.numbers);
      this.times = doubled(this.times);
    }
    this.numbers[row] = number;
    this.times[row] = time;
    this.index.add(key, row);
  }
}

function doubled(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const twice = new Float64Array(2 * values.length);
  twice.set(values);
  return twice;
}
