/** What a frame may have to give back when it ends before its time. */
export type HeldWhat =
  /** A server of station `of`. */
  | 'server'
  /** A request to the target in `slot` of balancer `of`; `timed`: slot of the time it began at, 0 for none. */
  | 'target'
  /** A permit of breaker `of`, in `slot`. */
  | 'permit'
  /** A place of concurrency limit `of`; the time is in `slot`. */
  | 'place'
  /** A connection of source `of`, its number in `slot`. */
  | 'connection'
  /** Fetch `of`, for which others may wait. */
  | 'fetch'
  /** Nothing: here begins what runs as a frame of its own, and holds nothing of what is around. */
  | 'branch'
  /** Nothing: a call that goes on when its caller does not. */
  | 'kept';

/** A stretch of code: whoever stands at one of its instructions, to be done or under way, holds something. */
export interface Held {
  readonly what: HeldWhat;
  readonly of: number;
  readonly slot: number;
  readonly timed: number;
  /** Its first instruction, and the one behind that which gives back. */
  readonly from: number;
  readonly to: number;
}

const NONE = -1;

/** Finds what is held at a place of the code, the innermost first. Stretches lie inside of one another, or apart. */
export class HeldTable {
  readonly stretches: readonly Held[];
  /** By instruction, and by stretch: the innermost stretch around it; −1 = none. */
  private readonly innermost: Int32Array;
  private readonly outer: Int32Array;
  private readonly width: number;

  /**
   * @param length of the code
   * @param width of an instruction
   */
  constructor(stretches: readonly Held[], length: number, width: number) {
    this.stretches = stretches.toSorted((a, b) => a.from - b.from || b.to - a.to);
    this.innermost = new Int32Array(Math.ceil(length / width)).fill(NONE);
    this.outer = new Int32Array(this.stretches.length);
    this.width = width;
    this.stretches.forEach(({ from, to }, i) => {
      this.outer[i] = this.innermost[from / width]!;
      this.innermost.fill(i, from / width, to / width);
    });
  }

  /** The innermost stretch around the instruction at `pc`, −1 for none. */
  at(pc: number): number {
    return this.innermost[pc / this.width]!;
  }

  /** The stretch around another one, −1 for none. */
  around(stretch: number): number {
    return this.outer[stretch]!;
  }
}
