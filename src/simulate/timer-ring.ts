/**
 * Timers that all wait equally long. They come due in the order they were set, so a ring of them needs one
 * calendar event at a time, however many are pending, and most are out of date when their turn comes (the
 * answer was faster) and cost no event at all.
 */
export class TimerRing {
  readonly seconds: number;
  /** A calendar event for the oldest timer is pending. */
  armed = false;
  private dues = new Float64Array(64);
  private frames = new Int32Array(64);
  private stamps = new Int32Array(64);
  private head = 0;
  private count = 0;

  constructor(seconds: number) {
    this.seconds = seconds;
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  get due(): number {
    return this.dues[this.head]!;
  }

  get frame(): number {
    return this.frames[this.head]!;
  }

  get stamp(): number {
    return this.stamps[this.head]!;
  }

  add(due: number, frame: number, stamp: number): void {
    if (this.count === this.dues.length) this.grow();
    const at = (this.head + this.count) & (this.dues.length - 1);
    this.dues[at] = due;
    this.frames[at] = frame;
    this.stamps[at] = stamp;
    this.count++;
  }

  dropOldest(): void {
    this.head = (this.head + 1) & (this.dues.length - 1);
    this.count--;
  }

  private grow(): void {
    const size = this.dues.length;
    const dues = new Float64Array(size * 2);
    const frames = new Int32Array(size * 2);
    const stamps = new Int32Array(size * 2);
    for (let i = 0; i < size; i++) {
      const from = (this.head + i) & (size - 1);
      dues[i] = this.dues[from]!;
      frames[i] = this.frames[from]!;
      stamps[i] = this.stamps[from]!;
    }
    this.dues = dues;
    this.frames = frames;
    this.stamps = stamps;
    this.head = 0;
  }
}
