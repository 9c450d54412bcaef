/** Frames that go on at the present time, first in, first out. */
export class ReadyQueue {
  private frames = new Int32Array(64);
  private head = 0;
  private tail = 0;

  get isEmpty(): boolean {
    return this.head === this.tail;
  }

  add(frame: number): void {
    if (this.tail === this.frames.length) this.makeRoom();
    this.frames[this.tail++] = frame;
  }

  take(): number {
    const frame = this.frames[this.head++]!;
    if (this.head === this.tail) {
      this.head = 0;
      this.tail = 0;
    }
    return frame;
  }

  private makeRoom(): void {
    const waiting = this.frames.subarray(this.head, this.tail);
    const frames = new Int32Array(Math.max(this.frames.length, waiting.length * 2));
    frames.set(waiting);
    this.frames = frames;
    this.head = 0;
    this.tail = waiting.length;
  }
}
