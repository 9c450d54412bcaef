import { FIELDS, type Frames, STAMP } from '../frames.ts';

const NONE = -1;

/** Waits of frames that end at instants of their own: numbers of a pool that grows by doubling. */
export class Alarms {
  private readonly waiting: Frames;
  private frames = new Int32Array(1024);
  private stamps = new Int32Array(1024);
  /** How the wait ends; of a number that is not in use, the next such one. */
  private reasons = new Int32Array(1024);
  private used = 0;
  private free = NONE;

  /** @param waiting the frames that wait */
  constructor(waiting: Frames) {
    this.waiting = waiting;
  }

  /** Room for alarms at present. */
  get room(): number {
    return this.frames.length;
  }

  /** Whether it grows with the next one. */
  get isFull(): boolean {
    return this.free === NONE && this.used === this.frames.length;
  }

  /** How many are set for waits that are over, when it is full. */
  get over(): number {
    let over = 0;
    for (let alarm = 0; alarm < this.used; alarm++) if (this.isOver(alarm)) over++;
    return over;
  }

  /** Gives the number of one back whose wait is over; false where it is not. */
  forget(alarm: number): boolean {
    if (!this.isOver(alarm)) return false;
    this.release(alarm);
    return true;
  }

  /** A frame begins to wait; gives the number of what ends that with a reason. */
  set(frame: number, reason: number): number {
    const alarm = this.take();
    this.frames[alarm] = frame;
    this.stamps[alarm] = this.waiting.ints[frame * FIELDS + STAMP]!;
    this.reasons[alarm] = reason;
    return alarm;
  }

  /** Its instant has come; gives the reason by which the wait ends, −1 where it is over already. */
  ring(alarm: number): number {
    const reason = this.reasons[alarm]!;
    const isOver = this.isOver(alarm);
    this.release(alarm);
    return isOver ? NONE : reason;
  }

  /** Who waits; until the next one is set. */
  frame(alarm: number): number {
    return this.frames[alarm]!;
  }

  private isOver(alarm: number): boolean {
    return this.stamps[alarm] !== this.waiting.ints[this.frames[alarm]! * FIELDS + STAMP];
  }

  private release(alarm: number): void {
    this.reasons[alarm] = this.free;
    this.free = alarm;
  }

  private take(): number {
    const alarm = this.free;
    if (alarm !== NONE) {
      this.free = this.reasons[alarm]!;
      return alarm;
    }
    if (this.used === this.frames.length) {
      this.frames = doubled(this.frames);
      this.stamps = doubled(this.stamps);
      this.reasons = doubled(this.reasons);
    }
    return this.used++;
  }
}

function doubled(values: Int32Array): Int32Array<ArrayBuffer> {
  const more = new Int32Array(2 * values.length);
  more.set(values);
  return more;
}
