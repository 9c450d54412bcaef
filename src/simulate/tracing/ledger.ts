/** A retried call that a frame is in: where in the frame it stands, and from which entry on its present attempt is charged. */
interface Retried {
  readonly activation: number;
  readonly depth: number;
  readonly failedPart: number;
  from: number;
}

const NONE = -1;
/** Entries that there may be before equal ones are put together. */
const LONG = 256;

/** What the time of one frame was charged to so far, in order: its own, and that of the branches that it had to wait for. */
export class Ledger {
  /** The parallel step whose branches it waits for, −1 = none; how many there are; when each ended, NaN where it has not. */
  join = NONE;
  branches = 0;
  readonly ended: number[] = [];
  /** Whether the pause before a further attempt may have begun, and the span that would say that none did. */
  pause = NONE;
  private readonly retried: Retried[] = [];
  private readonly parts: number[] = [];
  private readonly seconds: number[] = [];
  private length = 0;
  private limit = LONG;

  clear(): void {
    this.length = 0;
    this.join = NONE;
    this.pause = NONE;
    this.retried.length = 0;
  }

  charge(part: number, seconds: number): void {
    const last = this.length - 1;
    const from = this.retried.length === 0 ? 0 : this.retried.at(-1)!.from;
    if (last >= from && this.parts[last] === part) {
      this.seconds[last]! += seconds;
      return;
    }
    if (this.length >= this.limit && this.retried.length === 0) this.sumUp();
    this.parts[this.length] = part;
    this.seconds[this.length] = seconds;
    this.length++;
  }

  /** Charges all that another ledger has. */
  take(other: Ledger): void {
    for (let i = 0; i < other.length; i++) this.charge(other.parts[i]!, other.seconds[i]!);
  }

  /** Adds up by part, into an array from an index on. */
  addTo(row: Float64Array, first: number): void {
    for (let i = 0; i < this.length; i++) row[first + this.parts[i]!]! += this.seconds[i]!;
  }

  /** A parallel step begins, and branches of it next. */
  beginJoin(join: number): void {
    this.join = join;
    this.branches = 0;
    this.ended.length = 0;
  }

  /** A call with retries begins. */
  beginRetried(activation: number, depth: number, failedPart: number): void {
    this.retried.push({ activation, depth, failedPart, from: this.length });
  }

  /** Those calls are over that are nested so deep, and deeper: who fails leaves them without a word. */
  leave(activation: number, depth: number): void {
    for (let last = this.retried.at(-1); last !== undefined; last = this.retried.at(-1)) {
      if (last.activation < activation || (last.activation === activation && last.depth < depth)) return;
      this.retried.pop();
    }
  }

  /** Another attempt begins: what the failed one was charged for is its own no more, where that is not settled. */
  attemptFailed(isSettled: (part: number) => boolean): void {
    const call = this.retried.at(-1);
    if (call === undefined) return;
    for (let i = call.from; i < this.length; i++) {
      if (!isSettled(this.parts[i]!)) this.parts[i] = call.failedPart;
    }
    call.from = this.length;
  }

  private sumUp(): void {
    const sums = new Map<number, number>();
    for (let i = 0; i < this.length; i++) {
      sums.set(this.parts[i]!, (sums.get(this.parts[i]!) ?? 0) + this.seconds[i]!);
    }
    this.length = 0;
    for (const [part, seconds] of sums) {
      this.parts[this.length] = part;
      this.seconds[this.length++] = seconds;
    }
    this.limit = Math.max(LONG, 2 * this.length);
  }
}
