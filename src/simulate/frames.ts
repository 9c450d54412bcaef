/** Int fields of a frame: one request, or one branch of it, in progress. */
export const PC = 0;
export const FP = 1;
export const STATUS = 2;
export const MISS = 3;
export const KEY = 4;
export const REQUEST_KEY = 5;
export const TRAFFIC = 6;
/** The frame that waits for this one, −1 for a request itself; and the stamp of that wait. */
export const PARENT = 7;
export const PARENT_STAMP = 8;
/** Goes up whenever a wait ends, so that late answers and timers are told from due ones. */
export const STAMP = 9;
/** Answers still needed (0 where the frame waits for none), and failures that can still be borne. */
export const NEED = 10;
export const SPARE = 11;
/** The station at whose COMPUTE the frame is, served or waiting; −1 where it is at none. */
export const STATION = 12;
const NEXT_FREE = 13;
/** The connection that a user's request comes over, four times its number, and how it was opened; 0 = none. And the user. */
export const CONNECTION = 14;
export const USER = 15;
/** Int fields a frame has: one cache line. */
export const FIELDS = 16;

const NONE = -1;
/** Instead of a parent: nobody waits for the frame, and it is no request. */
export const NOBODY = -2;
/** The same of a frame that hands a message on: nobody waits for it, and its work is wanted all the same. */
export const MESSAGE = -3;
const HIGHEST_FRAME = 1 << 22;

/** Who wants to know what becomes of frames. */
export interface FrameWatch {
  /** A frame begins a branch of `parent`. */
  branched(frame: number, parent: number): void;
  /** A frame takes the place of another one in its first `locals`. */
  inherited(heir: number, frame: number, locals: number): void;
  /** What a frame does in its locals from one number up to another dies, for this reason. */
  severed?(frame: number, from: number, to: number, reason: number): void;
  /** A frame is about to be given back. */
  released?(frame: number): void;
}

/**
 * The pool of frames, grown by doubling and reused without allocation. A frame is a number; its fields lie
 * at `ints[frame * FIELDS + …]`, its locals at `stack[frame * depth + …]`.
 */
export class Frames {
  readonly depth: number;
  ints: Int32Array;
  stack: Int32Array;
  /** When the request of a frame arrived, seconds. */
  starts: Float64Array;
  /** Until when what the frame does is of use, Infinity where it does not know; null where no frame ever does. */
  deadlines: Float64Array | null = null;
  /** What the request of a frame is known by, the same for its repeats; null where nobody asks. */
  names: Float64Array | null = null;
  /** Seconds that the last refusal of a frame asked it to wait; null where nobody heeds that. */
  waits: Float64Array | null = null;
  /** 1 + the version of the copy that a frame found last, 0 = none; null where no copy is ever old. */
  versions: Float64Array | null = null;
  private requests = 0;
  capacity = 1024;
  inUse = 0;
  /** Whether a frame was asked for when all were in use. */
  isExhausted = false;
  watch: FrameWatch | null = null;
  private readonly clock: Float64Array;
  /** Frames in use × seconds since the last cut, less what those now in use will have added by the next. */
  private readonly work = new Float64Array(1);
  private used = 0;
  private free = NONE;

  /** @param clock the present time, an array of one */
  constructor(depth: number, clock: Float64Array) {
    this.depth = depth;
    this.clock = clock;
    this.ints = new Int32Array(this.capacity * FIELDS);
    this.stack = new Int32Array(this.capacity * depth);
    this.starts = new Float64Array(this.capacity);
  }

  /** Frames may be told of deadlines. */
  keepDeadlines(): void {
    this.deadlines = new Float64Array(this.capacity);
  }

  /** Somebody heeds how long refusals ask to wait. */
  keepWaits(): void {
    this.waits ??= new Float64Array(this.capacity);
  }

  /** Copies that frames find may be old. */
  keepVersions(): void {
    this.versions = new Float64Array(this.capacity);
  }

  /** Requests have names. */
  keepNames(): void {
    this.names = new Float64Array(this.capacity);
  }

  /** A frame that is not in use; −1 when four million are in use already. */
  take(): number {
    this.inUse++;
    this.work[0]! -= this.clock[0]!;
    const frame = this.free;
    if (frame !== NONE) {
      this.free = this.ints[frame * FIELDS + NEXT_FREE]!;
      return frame;
    }
    if (this.used === this.capacity) {
      if (this.capacity === HIGHEST_FRAME) {
        this.isExhausted = true;
        return NONE;
      }
      this.grow();
    }
    return this.used++;
  }

  /** Sets a frame up for a request of `traffic` that arrives at `now` with `key`. */
  startRequest(frame: number, entry: number, traffic: number, key: number, now: number): void {
    this.start(frame, entry, traffic);
    const at = frame * FIELDS;
    this.ints[at + KEY] = key;
    this.ints[at + REQUEST_KEY] = key;
    this.ints[at + PARENT] = NONE;
    this.starts[frame] = now;
    if (this.names !== null) this.names[frame] = this.requests++;
  }

  /** Sets a frame up for a branch of `parent`, with a copy of the `activation` locals it runs on. */
  startBranch(frame: number, parent: number, entry: number, activation: number): void {
    const ints = this.ints;
    const at = frame * FIELDS;
    const from = parent * FIELDS;
    this.start(frame, entry, ints[from + TRAFFIC]!);
    ints[at + KEY] = ints[from + KEY]!;
    ints[at + REQUEST_KEY] = ints[from + REQUEST_KEY]!;
    ints[at + CONNECTION] = ints[from + CONNECTION]!;
    ints[at + USER] = ints[from + USER]!;
    ints[at + PARENT] = parent;
    ints[at + PARENT_STAMP] = ints[from + STAMP]!;
    const base = ints[from + FP]!;
    for (let i = 0; i < activation; i++) this.stack[frame * this.depth + i] = this.stack[base + i]!;
    if (this.deadlines !== null) this.deadlines[frame] = this.deadlines[parent]!;
    if (this.names !== null) this.names[frame] = this.names[parent]!;
    this.watch?.branched(frame, parent);
  }

  /** Sets a frame up to hand on a message that a request of `traffic` published. */
  startMessage(frame: number, entry: number, traffic: number, key: number, now: number): void {
    this.startRequest(frame, entry, traffic, key, now);
    this.ints[frame * FIELDS + PARENT] = MESSAGE;
  }

  /** So many messages more, or fewer, wait somewhere: they are work in progress, though they have no frame. */
  held(change: number): void {
    this.inUse += change;
    this.work[0]! -= change * this.clock[0]!;
  }

  /** Sets a frame up to go on at `entry`, for nobody. */
  startAside(frame: number, entry: number, traffic: number): void {
    this.start(frame, entry, traffic);
    this.ints[frame * FIELDS + PARENT] = NOBODY;
  }

  /** Gives a frame back. Whoever still means its former use is told apart by the stamp. */
  release(frame: number): void {
    this.watch?.released?.(frame);
    const at = frame * FIELDS;
    this.inUse--;
    this.work[0]! += this.clock[0]!;
    this.ints[at + STAMP]!++;
    this.ints[at + TRAFFIC] = NONE;
    this.ints[at + NEXT_FREE] = this.free;
    this.free = frame;
  }

  /** Makes a frame just taken take the place of `frame` in what it is a part of, with a copy of its first `locals`. */
  inherit(heir: number, frame: number, locals: number): void {
    const { ints, stack, depth } = this;
    this.start(heir, ints[frame * FIELDS + PC]!, ints[frame * FIELDS + TRAFFIC]!);
    for (const field of [MISS, KEY, REQUEST_KEY, PARENT, PARENT_STAMP, CONNECTION, USER])
      ints[heir * FIELDS + field] = ints[frame * FIELDS + field]!;
    ints[frame * FIELDS + PARENT] = NOBODY;
    stack.copyWithin(heir * depth, frame * depth, frame * depth + locals);
    this.starts[heir] = this.starts[frame]!;
    if (this.deadlines !== null) this.deadlines[heir] = this.deadlines[frame]!;
    if (this.names !== null) this.names[heir] = this.names[frame]!;
    if (this.waits !== null) this.waits[heir] = this.waits[frame]!;
    this.watch?.inherited(heir, frame, locals);
  }

  /** Calls `visit` with every frame now in use. */
  forEach(visit: (frame: number) => void): void {
    const used = this.used;
    for (let frame = 0; frame < used; frame++) if (this.ints[frame * FIELDS + TRAFFIC] !== NONE) visit(frame);
  }

  /** Calls `visit` with the traffic of every request in progress, and when it arrived (branches of requests are passed over). */
  forEachRequest(visit: (traffic: number, start: number) => void): void {
    for (let frame = 0; frame < this.used; frame++) {
      const at = frame * FIELDS;
      if (this.ints[at + TRAFFIC] !== NONE && this.ints[at + PARENT] === NONE)
        visit(this.ints[at + TRAFFIC]!, this.starts[frame]!);
    }
  }

  /**
   * Frames in use × seconds since the last cut. Work that nobody waits for any more counts too: an overload
   * shows here even where timeouts keep the requests in progress few.
   */
  cutWork(): number {
    const present = this.inUse * this.clock[0]!;
    const area = this.work[0]! + present;
    this.work[0] = -present;
    return area;
  }

  private start(frame: number, entry: number, traffic: number): void {
    const ints = this.ints;
    const at = frame * FIELDS;
    ints[at + PC] = entry;
    ints[at + FP] = frame * this.depth;
    ints[at + STATUS] = 0;
    ints[at + MISS] = 0;
    ints[at + TRAFFIC] = traffic;
    ints[at + STATION] = NONE;
    if (this.deadlines !== null) this.deadlines[frame] = Number.POSITIVE_INFINITY;
    if (this.waits !== null) this.waits[frame] = 0;
    if (this.versions !== null) this.versions[frame] = 0;
    ints[at + CONNECTION] = 0;
  }

  private grow(): void {
    this.capacity *= 2;
    const ints = new Int32Array(this.capacity * FIELDS);
    const stack = new Int32Array(this.capacity * this.depth);
    const starts = new Float64Array(this.capacity);
    ints.set(this.ints);
    stack.set(this.stack);
    starts.set(this.starts);
    this.ints = ints;
    this.stack = stack;
    this.starts = starts;
    const longer = (numbers: Float64Array | null): Float64Array | null => {
      if (numbers === null) return null;
      const grown = new Float64Array(this.capacity);
      grown.set(numbers);
      return grown;
    };
    this.deadlines = longer(this.deadlines);
    this.names = longer(this.names);
    this.waits = longer(this.waits);
    this.versions = longer(this.versions);
  }
}
