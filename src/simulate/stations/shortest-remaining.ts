import type { PreemptionWatch, Preemptive } from './preemptive.ts';
import { copied } from './waiting-list.ts';

const FIRST_ROOM = 16;

/**
 * The jobs of one station under shortest remaining processing time: of n jobs on c servers, the c that have the
 * least work left are served, and who comes with less than one of them has takes its server at once; what that one
 * has left is kept. Of equals who wait the one goes first that came, or was put aside, earlier; of equals in service
 * the last to begin gives way. No other order has fewer jobs at a station of one server at any time (Schrage, "A Proof
 * of the Optimality of the Shortest Remaining Processing Time Discipline", Operations Research 16(3), 1968).
 *
 * Times are on a clock that stands still while the servers do.
 */
export class ShortestRemaining implements Preemptive {
  private readonly servers: number;
  /** Of those in service: when each ends, the latest first, and its frame. */
  private ends = new Float64Array(FIRST_ROOM);
  private served = new Int32Array(FIRST_ROOM);
  private serving = 0;
  /** Of the others: the work each has left, when it was put here, and its frame; a heap, the least first. */
  private lefts = new Float64Array(FIRST_ROOM);
  private turns = new Float64Array(FIRST_ROOM);
  private waiting = new Int32Array(FIRST_ROOM);
  private length = 0;
  private turn = 0;
  /** Seconds that the servers have stood still, and since when they do. */
  private stood = 0;
  private haltedAt = Number.POSITIVE_INFINITY;
  nextEnd = Number.POSITIVE_INFINITY;
  left = 0;
  watch: PreemptionWatch | null = null;

  constructor(servers: number) {
    this.servers = servers;
  }

  get size(): number {
    return this.serving + this.length;
  }

  add(now: number, frame: number, work: number): void {
    const time = this.worked(now);
    if (this.serving < this.servers) this.serve(frame, time + work);
    else if (time + work < this.ends[0]!) {
      this.putAside(this.served[0]!, this.ends[0]! - time);
      this.stop(0);
      this.serve(frame, time + work);
    } else this.putAside(frame, work);
    this.schedule();
  }

  take(now: number): number {
    const frame = this.served[--this.serving]!;
    this.serveNext(this.worked(now));
    this.schedule();
    return frame;
  }

  remove(now: number, frame: number): boolean {
    const time = this.worked(now);
    const at = this.served.subarray(0, this.serving).indexOf(frame);
    if (at >= 0) {
      this.left = this.ends[at]! - time;
      this.stop(at);
      this.serveNext(time);
      this.schedule();
      return true;
    }
    const place = this.waiting.subarray(0, this.length).indexOf(frame);
    if (place < 0) return false;
    this.left = this.lefts[place]!;
    this.drop(place);
    return true;
  }

  forEach(visit: (frame: number) => void): void {
    for (let i = 0; i < this.serving; i++) visit(this.served[i]!);
    for (let i = 0; i < this.length; i++) visit(this.waiting[i]!);
  }

  clear(): void {
    this.serving = 0;
    this.length = 0;
    this.nextEnd = Number.POSITIVE_INFINITY;
  }

  halt(now: number): void {
    if (this.haltedAt < Number.POSITIVE_INFINITY) return;
    this.haltedAt = now;
    this.schedule();
  }

  go(now: number): void {
    if (this.haltedAt === Number.POSITIVE_INFINITY) return;
    this.stood += now - this.haltedAt;
    this.haltedAt = Number.POSITIVE_INFINITY;
    this.schedule();
  }

  /** The time on the clock of the servers. */
  private worked(now: number): number {
    return Math.min(now, this.haltedAt) - this.stood;
  }

  private schedule(): void {
    const runs = this.serving > 0 && this.haltedAt === Number.POSITIVE_INFINITY;
    this.nextEnd = runs ? this.ends[this.serving - 1]! + this.stood : Number.POSITIVE_INFINITY;
  }

  /** Takes a job into service, behind those that end no later. */
  private serve(frame: number, end: number): void {
    if (this.serving === this.ends.length) {
      this.ends = copied(this.ends, new Float64Array(2 * this.serving));
      this.served = copied(this.served, new Int32Array(2 * this.serving));
    }
    let at = this.serving++;
    for (; at > 0 && this.ends[at - 1]! <= end; at--) {
      this.ends[at] = this.ends[at - 1]!;
      this.served[at] = this.served[at - 1]!;
    }
    this.ends[at] = end;
    this.served[at] = frame;
  }

  private stop(at: number): void {
    this.serving--;
    this.ends.copyWithin(at, at + 1, this.serving + 1);
    this.served.copyWithin(at, at + 1, this.serving + 1);
  }

  /** A server has come free: it goes to who has the least work left. */
  private serveNext(time: number): void {
    if (this.length === 0) return;
    this.watch?.resumed(this.waiting[0]!);
    this.serve(this.waiting[0]!, time + this.lefts[0]!);
    this.drop(0);
  }

  private putAside(frame: number, left: number): void {
    this.watch?.stopped(frame);
    if (this.length === this.lefts.length) {
      this.lefts = copied(this.lefts, new Float64Array(2 * this.length));
      this.turns = copied(this.turns, new Float64Array(2 * this.length));
      this.waiting = copied(this.waiting, new Int32Array(2 * this.length));
    }
    this.rise(this.length++, frame, left, this.turn++);
  }

  /** Takes a job out of the heap: the last one fills its place, and sinks or rises from there. */
  private drop(place: number): void {
    const count = --this.length;
    const left = this.lefts[count]!;
    const turn = this.turns[count]!;
    const frame = this.waiting[count]!;
    let at = place;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      if (child + 1 < count && this.precedes(child + 1, this.lefts[child]!, this.turns[child]!)) child++;
      if (!this.precedes(child, left, turn)) break;
      this.move(child, at);
      at = child;
    }
    this.rise(at, frame, left, turn);
  }

  private rise(from: number, frame: number, left: number, turn: number): void {
    let at = from;
    for (let parent = (at - 1) >> 1; at > 0 && !this.precedes(parent, left, turn); parent = (at - 1) >> 1) {
      this.move(parent, at);
      at = parent;
    }
    this.lefts[at] = left;
    this.turns[at] = turn;
    this.waiting[at] = frame;
  }

  /** Whether the job at a place of the heap goes before one with so much work left, put here at that turn. */
  private precedes(at: number, left: number, turn: number): boolean {
    const own = this.lefts[at]!;
    return own < left || (own === left && this.turns[at]! < turn);
  }

  private move(from: number, to: number): void {
    this.lefts[to] = this.lefts[from]!;
    this.turns[to] = this.turns[from]!;
    this.waiting[to] = this.waiting[from]!;
  }
}
