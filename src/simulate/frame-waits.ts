import { FIELDS, type Frames, STAMP } from './frames.ts';

export const NONE = -1;
const FIRST_ROOM = 1024;

/**
 * Waits of frames, each with an event of its own at an instant of its own: numbers of a pool that grows by doubling. A
 * wait is over when its frame has gone on; its number is free again when its event has come, or has been swept.
 */
export abstract class FrameWaits {
  private readonly waiting: Frames;
  private frames = new Int32Array(FIRST_ROOM);
  private stamps = new Int32Array(FIRST_ROOM);
  /** Of a number that is free: the next such one. */
  private nextFree = new Int32Array(FIRST_ROOM);
  private used = 0;
  private free = NONE;

  /** @param waiting the frames that wait */
  constructor(waiting: Frames) {
    this.waiting = waiting;
  }

  /** Room for numbers at present. */
  get room(): number {
    return this.frames.length;
  }

  /** Whether it grows with the next one. */
  get isFull(): boolean {
    return this.free === NONE && this.used === this.frames.length;
  }

  /** How many are of waits that are over, when it is full. */
  get over(): number {
    let over = 0;
    for (let number = 0; number < this.used; number++) if (this.isOver(number)) over++;
    return over;
  }

  /** Gives the number of a wait back that is over; false where it is not. */
  forget(number: number): boolean {
    if (!this.isOver(number)) return false;
    this.release(number);
    return true;
  }

  /** Who waits; until its number is given anew. */
  frame(number: number): number {
    return this.frames[number]!;
  }

  /** A frame begins to wait. */
  protected take(frame: number): number {
    let number = this.free;
    if (number !== NONE) this.free = this.nextFree[number]!;
    else {
      number = this.used++;
      if (number === this.frames.length) this.double();
    }
    this.frames[number] = frame;
    this.stamps[number] = this.waiting.ints[frame * FIELDS + STAMP]!;
    return number;
  }

  protected release(number: number): void {
    this.nextFree[number] = this.free;
    this.free = number;
  }

  protected isOver(number: number): boolean {
    return this.stamps[number] !== this.waiting.ints[this.frames[number]! * FIELDS + STAMP];
  }

  /** Makes room for so many numbers in what else is known of them. */
  protected abstract grow(room: number): void;

  private double(): void {
    const room = 2 * this.frames.length;
    this.frames = enlarged(this.frames, room);
    this.stamps = enlarged(this.stamps, room);
    this.nextFree = enlarged(this.nextFree, room);
    this.grow(room);
  }
}

/** A longer copy, 0 where nothing was. */
export function enlarged(values: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const more = new Int32Array(length);
  more.set(values);
  return more;
}
