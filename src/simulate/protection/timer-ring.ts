import { FIELDS, type Frames, STAMP } from '../frames.ts';

/**
 * Timers that all wait equally long. They come due in the order they were set, so a ring of them needs one
 * calendar event at a time, however many are pending, and most are out of date when their turn comes (the
 * answer was faster) and cost no event at all.
 */
export class TimerRing {
  readonly seconds: number;
  /** A calendar event for the oldest timer is pending. */
  armed = false;
  private readonly waiting: Frames;
  private dues = new Float64Array(64);
  private frames = new Int32Array(64);
  private stamps = new Int32Array(64);
  private head = 0;
  private count = 0;

  /** @param waiting the frames that set the timers */
  constructor(seconds: number, waiting: Frames) {
    this.seconds = seconds;
    this.waiting = waiting;
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** Room for timers at present. */
  get places(): number {
    return this.dues.length;
  }

  get due(): number {
    return this.dues[this.head]!;
  }

  get frame(): number {
    return this.frames[this.head]!;
  }

  /** Whether the answer that the oldest timer waits for has come. */
  get isAnswered(): boolean {
    return this.stamps[this.head] !== this.waiting.ints[this.frames[this.head]! * FIELDS + STAMP];
  }

  add(due: number, frame: number, stamp: number): void {
    if (this.count === this.dues.length) this.makeRoom();
    this.append(due, frame, stamp);
  }

  dropOldest(): void {
    this.head = (this.head + 1) & (this.dues.length - 1);
    this.count--;
  }

  private append(due: number, frame: number, stamp: number): void {
    const at = (this.head + this.count) & (this.dues.length - 1);
    this.dues[at] = due;
    this.frames[at] = frame;
    this.stamps[at] = stamp;
    this.count++;
  }

  /** Drops what was answered; grows where more than a quarter is left, so that this is done seldom. */
  private makeRoom(): void {
    const { dues, frames, stamps, head, count } = this;
    const { ints } = this.waiting;
    const last = dues.length - 1;
    this.count = 0;
    // What is left moves up over places that were looked at before.
    for (let i = 0; i < count; i++) {
      const at = (head + i) & last;
      const frame = frames[at]!;
      if (stamps[at] === ints[frame * FIELDS + STAMP]) this.append(dues[at]!, frame, stamps[at]!);
    }
    if (this.count * 4 <= dues.length) return;
    const left = this.count;
    this.dues = new Float64Array(2 * dues.length);
    this.frames = new Int32Array(2 * dues.length);
    this.stamps = new Int32Array(2 * dues.length);
    this.head = 0;
    this.count = 0;
    for (let i = 0; i < left; i++) {
      const at = (head + i) & last;
      this.append(dues[at]!, frames[at]!, stamps[at]!);
    }
  }
}
