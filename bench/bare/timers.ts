/**
 * Timers of one fixed delay: they fire in the order in which they were set, so that a ring buffer is all the
 * event set they need.
 */
export class BareTimers {
  /** Time of the timer that fires next; Infinity when there is none. */
  readonly next = new Float64Array(1).fill(Number.POSITIVE_INFINITY);
  private times = new Float64Array(1024);
  private payloads = new Int32Array(1024);
  private head = 0;
  private size = 0;

  push(time: number, payload: number): void {
    if (this.size === this.times.length) this.grow();
    if (this.size === 0) this.next[0] = time;
    const at = (this.head + this.size++) & (this.times.length - 1);
    this.times[at] = time;
    this.payloads[at] = payload;
  }

  /** Takes the next timer out and returns its payload. */
  pop(): number {
    const payload = this.payloads[this.head]!;
    this.head = (this.head + 1) & (this.times.length - 1);
    this.next[0] = --this.size === 0 ? Number.POSITIVE_INFINITY : this.times[this.head]!;
    return payload;
  }

  private grow(): void {
    const length = this.times.length;
    const times = new Float64Array(length * 2);
    const payloads = new Int32Array(length * 2);
    for (let i = 0; i < length; i++) {
      times[i] = this.times[(this.head + i) & (length - 1)]!;
      payloads[i] = this.payloads[(this.head + i) & (length - 1)]!;
    }
    this.times = times;
    this.payloads = payloads;
    this.head = 0;
  }
}
