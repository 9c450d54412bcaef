import type { PreemptionWatch, Preemptive } from './preemptive.ts';

/**
 * The jobs of one processor-sharing station: n jobs on c servers each run at rate min(1, c / n).
 *
 * In virtual time, which advances at that common rate, every job ends after exactly its own work, whoever
 * comes or goes meanwhile; so a heap ordered by virtual end suffices (Kleinrock, Queueing Systems II, 1976,
 * §4.4; the device is that of fair queueing, Demers, Keshav & Shenker 1989).
 */
export class SharedProcessor implements Preemptive {
  private readonly servers: number;
  private ends = new Float64Array(16);
  private frames = new Int32Array(16);
  private jobs = 0;
  private virtual = 0;
  private last = 0;
  private halted = false;
  nextEnd = Number.POSITIVE_INFINITY;
  left = 0;
  /** Nobody waits here: each is served all the time, the slower the more there are. */
  watch: PreemptionWatch | null = null;

  constructor(servers: number) {
    this.servers = servers;
  }

  get size(): number {
    return this.jobs;
  }

  add(now: number, frame: number, work: number): void {
    this.advance(now);
    if (this.jobs === this.ends.length) this.grow();
    const end = this.virtual + work;
    let at = this.jobs++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.ends[parent]! <= end) break;
      this.ends[at] = this.ends[parent]!;
      this.frames[at] = this.frames[parent]!;
      at = parent;
    }
    this.ends[at] = end;
    this.frames[at] = frame;
    this.schedule(now);
  }

  take(now: number): number {
    const frame = this.frames[0]!;
    this.virtual = this.ends[0]!;
    this.last = now;
    this.drop(0);
    this.schedule(now);
    return frame;
  }

  remove(now: number, frame: number): boolean {
    let at = 0;
    while (at < this.jobs && this.frames[at] !== frame) at++;
    if (at === this.jobs) return false;
    this.advance(now);
    this.left = this.ends[at]! - this.virtual;
    this.drop(at);
    this.schedule(now);
    return true;
  }

  forEach(visit: (frame: number) => void): void {
    for (let i = 0; i < this.jobs; i++) visit(this.frames[i]!);
  }

  clear(): void {
    this.jobs = 0;
    this.virtual = 0;
    this.nextEnd = Number.POSITIVE_INFINITY;
  }

  halt(now: number): void {
    this.advance(now);
    this.halted = true;
    this.schedule(now);
  }

  go(now: number): void {
    this.advance(now);
    this.halted = false;
    this.schedule(now);
  }

  /** Takes a job out of the heap: the last one fills its place, and sinks or rises from there. */
  private drop(place: number): void {
    const count = --this.jobs;
    const end = this.ends[count]!;
    const moved = this.frames[count]!;
    let at = place;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      if (child + 1 < count && this.ends[child + 1]! < this.ends[child]!) child++;
      if (this.ends[child]! >= end) break;
      this.ends[at] = this.ends[child]!;
      this.frames[at] = this.frames[child]!;
      at = child;
    }
    for (let parent = (at - 1) >> 1; at > 0 && this.ends[parent]! > end; parent = (at - 1) >> 1) {
      this.ends[at] = this.ends[parent]!;
      this.frames[at] = this.frames[parent]!;
      at = parent;
    }
    this.ends[at] = end;
    this.frames[at] = moved;
    if (count === 0) this.virtual = 0;
  }

  private advance(now: number): void {
    if (this.jobs > 0 && !this.halted)
      this.virtual += (now - this.last) * Math.min(1, this.servers / this.jobs);
    this.last = now;
  }

  private schedule(now: number): void {
    if (this.jobs === 0 || this.halted) this.nextEnd = Number.POSITIVE_INFINITY;
    else {
      const left = Math.max(0, this.ends[0]! - this.virtual);
      this.nextEnd = now + left * Math.max(1, this.jobs / this.servers);
    }
  }

  private grow(): void {
    const ends = new Float64Array(this.ends.length * 2);
    const frames = new Int32Array(this.frames.length * 2);
    ends.set(this.ends);
    frames.set(this.frames);
    this.ends = ends;
    this.frames = frames;
  }
}
