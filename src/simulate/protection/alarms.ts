import { enlarged, FrameWaits, NONE } from '../frame-waits.ts';

/** Waits that end at an instant of their own, each for a reason. */
export class Alarms extends FrameWaits {
  private reasons = new Int32Array(this.room);

  /** A frame begins to wait; gives the number of what ends that with a reason. */
  set(frame: number, reason: number): number {
    const alarm = this.take(frame);
    this.reasons[alarm] = reason;
    return alarm;
  }

  /** Its instant has come; gives the reason by which the wait ends, −1 where it is over already. */
  ring(alarm: number): number {
    const isOver = this.isOver(alarm);
    this.release(alarm);
    return isOver ? NONE : this.reasons[alarm]!;
  }

  protected grow(room: number): void {
    this.reasons = enlarged(this.reasons, room);
  }
}
