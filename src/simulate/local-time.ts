/** A local of a frame is 32 bits: a time takes two of them. */
export class LocalTime {
  private readonly time = new Float64Array(1);
  private readonly halves = new Int32Array(this.time.buffer);

  /** Puts a time into the locals at `local` and `local + 1`. */
  put(stack: Int32Array, local: number, time: number): void {
    this.time[0] = time;
    stack[local] = this.halves[0]!;
    stack[local + 1] = this.halves[1]!;
  }

  /** The time in the locals at `local` and `local + 1`. */
  get(stack: Int32Array, local: number): number {
    this.halves[0] = stack[local]!;
    this.halves[1] = stack[local + 1]!;
    return this.time[0]!;
  }
}
