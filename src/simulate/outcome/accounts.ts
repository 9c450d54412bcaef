import type * as field from '../frames.ts';
import type { Frames } from '../frames.ts';
import type { Model } from '../model.ts';
import type * as op from '../program/instructions.ts';

const PARENT = 7 satisfies typeof field.PARENT;
const PARENT_STAMP = 8 satisfies typeof field.PARENT_STAMP;
const MESSAGE = -3 satisfies typeof field.MESSAGE;
const STAMP = 9 satisfies typeof field.STAMP;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;
const OPCODE_COMPUTE = 0 satisfies typeof op.COMPUTE;
const NONE = -1;

/** What is done beside the first requests, or for nobody. All are counted since the last reset. */
export class Accounts {
  /** By traffic: requests that retries and hedges sent. */
  readonly further: Float64Array;
  /** By traffic: successful answers that came when the user had gone. */
  readonly late: Float64Array;
  /** null where no work can outlast the wait for it. */
  readonly waste: WastedWork | null;

  constructor(model: Model, frames: Frames, clock: Float64Array) {
    this.further = new Float64Array(model.traffic.length);
    this.late = new Float64Array(model.traffic.length);
    const { timers, hedges, forks } = model;
    const canOutlast = timers.length + hedges.length + forks.length > 0;
    this.waste = canOutlast ? new WastedWork(model, frames, clock) : null;
  }

  reset(): void {
    this.further.fill(0);
    this.late.fill(0);
    this.waste?.seconds.fill(0);
  }

  /** Server-seconds of a group of stations that were spent for nobody; null where that is not known. */
  wasted(group: number): number | null {
    const { waste } = this;
    if (waste === null) return 0;
    return waste.isKnown[group] === 1 ? waste.seconds[group]! : null;
  }
}

/**
 * Work that nobody waited for any more when it ended: a caller, or a caller of his, had gone on without it. Work with
 * which entries of a cache are fetched anew ahead of time is for all who come later.
 */
export class WastedWork {
  /** By group of stations. */
  readonly seconds: Float64Array;
  /** 1 for groups that do work; what others hold a server for is not told apart. */
  readonly isKnown: Uint8Array;
  private readonly frames: Frames;
  private readonly clock: Float64Array;
  /** By station. */
  private readonly groups: Int32Array;
  /** By frame: seconds of the work it is at, and when it is to end, where it has a server of its own. */
  private work = new Float64Array(1024);
  private ends = new Float64Array(1024);

  constructor({ stationGroups, code }: Model, frames: Frames, clock: Float64Array) {
    this.frames = frames;
    this.clock = clock;
    this.seconds = new Float64Array(stationGroups.length);
    this.isKnown = new Uint8Array(stationGroups.length);
    this.groups = Int32Array.from(
      stationGroups.flatMap(({ instances }, g) => new Array<number>(instances).fill(g)),
    );
    for (let pc = 0; pc < code.length; pc += WIDTH)
      if (code[pc] === OPCODE_COMPUTE) this.isKnown[this.groups[code[pc + 1]!]!] = 1;
  }

  /** The frame begins work of so many seconds. */
  begins(frame: number, seconds: number): void {
    if (frame >= this.work.length) this.makeRoom();
    this.work[frame] = seconds;
    this.ends[frame] = this.clock[0]! + seconds;
  }

  /** Its work at a station has ended. */
  done(frame: number, station: number): void {
    if (station < this.groups.length && !this.isAwaited(frame))
      this.seconds[this.groups[station]!]! += this.work[frame]!;
  }

  /** Its work is cancelled; `left` seconds of it were still to be done, where that does not follow from the time. */
  stopped(frame: number, station: number, left = this.ends[frame]! - this.clock[0]!): void {
    this.seconds[this.groups[station]!]! += Math.max(0, this.work[frame]! - Math.max(0, left));
  }

  private isAwaited(frame: number): boolean {
    const { ints } = this.frames;
    for (let at = frame * FIELDS; ; ) {
      const parent = ints[at + PARENT]!;
      if (parent === NONE) return true;
      if (parent < 0) return parent === MESSAGE;
      const stamp = ints[at + PARENT_STAMP]!;
      if (stamp === NONE) return true;
      at = parent * FIELDS;
      if (ints[at + STAMP] !== stamp) return false;
    }
  }

  private makeRoom(): void {
    const { work, ends } = this;
    this.work = new Float64Array(this.frames.capacity);
    this.work.set(work);
    this.ends = new Float64Array(this.frames.capacity);
    this.ends.set(ends);
  }
}
