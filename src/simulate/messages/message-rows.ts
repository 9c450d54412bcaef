/** What a message has come to. */
const OPEN = 0;
const ENDED = 1;

/** The messages that a channel holds, or that somebody is still at work on: rows of numbers, reused. */
export class MessageRows {
  publishedAt = new Float64Array(256);
  /** When it could be handed out for the first time since it was last handed out. */
  readyAt = new Float64Array(256);
  keys = new Int32Array(256);
  /** What each is known by, where anybody asks. */
  names = new Float64Array(256);
  traffic = new Int32Array(256);
  /** Who waits for it to be taken in; −1 = nobody. */
  publishers = new Int32Array(256);
  /** Whether somebody has done its work. */
  done = new Uint8Array(256);
  /** Messages taken in that have not come to an end. */
  held = 0;
  private states = new Uint8Array(256);
  /** Deliveries in progress. */
  private works = new Int32Array(256);
  private nextFree = new Int32Array(256);
  private free = -1;
  private used = 0;

  take(now: number, key: number, traffic: number): number {
    let row = this.free;
    if (row >= 0) this.free = this.nextFree[row]!;
    else {
      if (this.used === this.keys.length) this.grow();
      row = this.used++;
    }
    this.publishedAt[row] = now;
    this.readyAt[row] = now;
    this.keys[row] = key;
    this.traffic[row] = traffic;
    this.publishers[row] = -1;
    this.done[row] = 0;
    this.states[row] = OPEN;
    this.works[row] = 0;
    this.held++;
    return row;
  }

  /** A delivery of the message begins. */
  begin(row: number): void {
    this.works[row]!++;
  }

  /** A delivery is over. */
  finish(row: number): void {
    this.works[row]!--;
    this.release(row);
  }

  /** The message has come to its end. */
  end(row: number): void {
    this.states[row] = ENDED;
    this.held--;
    this.release(row);
  }

  private release(row: number): void {
    if (this.states[row] !== ENDED || this.works[row]! > 0) return;
    this.nextFree[row] = this.free;
    this.free = row;
  }

  private grow(): void {
    const size = 2 * this.keys.length;
    const longer = <Numbers extends { set(from: Numbers): void }>(from: Numbers, into: Numbers): Numbers => {
      into.set(from);
      return into;
    };
    this.publishedAt = longer(this.publishedAt, new Float64Array(size));
    this.readyAt = longer(this.readyAt, new Float64Array(size));
    this.names = longer(this.names, new Float64Array(size));
    this.keys = longer(this.keys, new Int32Array(size));
    this.traffic = longer(this.traffic, new Int32Array(size));
    this.publishers = longer(this.publishers, new Int32Array(size));
    this.done = longer(this.done, new Uint8Array(size));
    this.states = longer(this.states, new Uint8Array(size));
    this.works = longer(this.works, new Int32Array(size));
    this.nextFree = longer(this.nextFree, new Int32Array(size));
  }
}
