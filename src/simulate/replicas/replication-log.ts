const NONE = -1;
/** Writes that there is room for at first; a power of two. */
const ROOM = 256;

/** What a member has of a write: nothing; it is on its way; it is there and being applied, or is to be; it is applied. */
export const MISSING = 0;
export const SENT = 1;
export const RECEIVED = 2;
export const HELD = 3;
export const APPLIED = 4;

/** Members that a log can tell apart. */
export const MOST_MEMBERS = 32;

/**
 * The writes of a shard in the order of their commits, from the first that some member has not applied. A write is known by
 * its number.
 */
export class ReplicationLog {
  private readonly members: number;
  /** Numbers of the first write that is kept, and of the next to come. */
  first = 0;
  next = 0;
  private room = ROOM;
  private rowOf = new Int32Array(ROOM);
  private versionOf = new Int32Array(ROOM);
  private trafficOf = new Int32Array(ROOM);
  private timeOf = new Float64Array(ROOM);
  /** 1 once who wrote it has been told so. */
  private acknowledgedOf = new Uint8Array(ROOM);
  /** Members that have said that they have it, a bit each. */
  private confirmationsOf = new Uint32Array(ROOM);
  /** The frame that waits for confirmations, and the stamp of that wait. */
  private waiterOf = new Int32Array(ROOM);
  private stampOf = new Int32Array(ROOM);
  /** By write and member. */
  private states: Uint8Array;

  /** @param members at most {@link MOST_MEMBERS} */
  constructor(members: number) {
    this.members = members;
    this.states = new Uint8Array(ROOM * members);
  }

  /** A write has been committed on a member, as of now; gives its number. */
  append(row: number, version: number, traffic: number, member: number, now: number): number {
    if (this.next - this.first === this.room) this.grow();
    const seq = this.next++;
    const at = this.at(seq);
    this.rowOf[at] = row;
    this.versionOf[at] = version;
    this.trafficOf[at] = traffic;
    this.timeOf[at] = now;
    this.acknowledgedOf[at] = 0;
    this.confirmationsOf[at] = 0;
    this.waiterOf[at] = NONE;
    this.states.fill(MISSING, at * this.members, (at + 1) * this.members);
    this.states[at * this.members + member] = APPLIED;
    return seq;
  }

  /** Whether a write is kept: some member lacks it, and it has not been lost. */
  has(seq: number): boolean {
    return seq >= this.first;
  }

  row(seq: number): number {
    return this.rowOf[this.at(seq)]!;
  }

  version(seq: number): number {
    return this.versionOf[this.at(seq)]!;
  }

  traffic(seq: number): number {
    return this.trafficOf[this.at(seq)]!;
  }

  /** When it was committed. */
  time(seq: number): number {
    return this.timeOf[this.at(seq)]!;
  }

  state(seq: number, member: number): number {
    return this.states[this.at(seq) * this.members + member]!;
  }

  move(seq: number, member: number, to: number): void {
    this.states[this.at(seq) * this.members + member] = to;
  }

  /** What is in one state at a member is in another one from now on. */
  moveAll(member: number, from: number, to: number): void {
    for (let seq = this.first; seq < this.next; seq++)
      if (this.state(seq, member) === from) this.move(seq, member, to);
  }

  isAcknowledged(seq: number): boolean {
    return this.acknowledgedOf[this.at(seq)] === 1;
  }

  acknowledge(seq: number): void {
    this.acknowledgedOf[this.at(seq)] = 1;
  }

  /** A member says that it has a write. */
  confirm(seq: number, member: number): void {
    this.confirmationsOf[this.at(seq)]! |= 1 << member;
  }

  /** Members that have said so. */
  confirmations(seq: number): number {
    let left = this.confirmationsOf[this.at(seq)]!;
    let count = 0;
    for (; left !== 0; left &= left - 1) count++;
    return count;
  }

  /** A frame waits for confirmations. */
  wait(seq: number, frame: number, stamp: number): void {
    const at = this.at(seq);
    this.waiterOf[at] = frame;
    this.stampOf[at] = stamp;
  }

  /** Calls `visit` with the frame that waits for a write, and its stamp; it waits no more. */
  wake(seq: number, visit: (frame: number, stamp: number) => void): void {
    const at = this.at(seq);
    const frame = this.waiterOf[at]!;
    if (frame === NONE) return;
    this.waiterOf[at] = NONE;
    visit(frame, this.stampOf[at]!);
  }

  /** A write is no more, wherever it was. */
  drop(seq: number): void {
    const at = this.at(seq);
    this.rowOf[at] = NONE;
    this.acknowledgedOf[at] = 0;
    this.states.fill(APPLIED, at * this.members, (at + 1) * this.members);
  }

  /** Forgets the first writes as long as all members have applied them, and nobody waits to hear so. */
  trim(): void {
    for (; this.first < this.next && this.waiterOf[this.at(this.first)] === NONE; this.first++)
      for (let member = 0; member < this.members; member++)
        if (this.state(this.first, member) !== APPLIED) return;
  }

  private at(seq: number): number {
    return seq & (this.room - 1);
  }

  private grow(): void {
    const { members, room } = this;
    const from = Array.from({ length: room }, (_, i) => this.at(this.first + i));
    this.room = 2 * room;
    const to = from.map((_, i) => this.at(this.first + i));
    const moved = <Numbers extends Int32Array | Uint32Array | Uint8Array | Float64Array>(
      old: Numbers,
      wider: Numbers,
      each = 1,
    ): Numbers => {
      from.forEach((place, i) => {
        wider.set(old.subarray(place * each, (place + 1) * each), to[i]! * each);
      });
      return wider;
    };
    this.rowOf = moved(this.rowOf, new Int32Array(this.room));
    this.versionOf = moved(this.versionOf, new Int32Array(this.room));
    this.trafficOf = moved(this.trafficOf, new Int32Array(this.room));
    this.timeOf = moved(this.timeOf, new Float64Array(this.room));
    this.acknowledgedOf = moved(this.acknowledgedOf, new Uint8Array(this.room));
    this.confirmationsOf = moved(this.confirmationsOf, new Uint32Array(this.room));
    this.waiterOf = moved(this.waiterOf, new Int32Array(this.room));
    this.stampOf = moved(this.stampOf, new Int32Array(this.room));
    this.states = moved(this.states, new Uint8Array(this.room * members), members);
  }
}
