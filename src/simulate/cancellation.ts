import type { Calendar, Sampler } from '../kernel/index.ts';
import type { WaitsEnded } from './branches.ts';
import type * as event from './events.ts';
import { Families } from './families.ts';
import type * as field from './frames.ts';
import type { Frames } from './frames.ts';
import type { CancelTable, Model } from './model.ts';
import type { WastedWork } from './outcome/accounts.ts';
import type * as op from './program/instructions.ts';
import type { Stations } from './stations/stations.ts';
import { LATER, NOT_HERE } from './stations/waiting-list.ts';
import type { Unwinding } from './unwinding.ts';

const PC = 0 satisfies typeof field.PC;
const FP = 1 satisfies typeof field.FP;
const KEY = 4 satisfies typeof field.KEY;
const REQUEST_KEY = 5 satisfies typeof field.REQUEST_KEY;
const TRAFFIC = 6 satisfies typeof field.TRAFFIC;
const PARENT = 7 satisfies typeof field.PARENT;
const NEED = 10 satisfies typeof field.NEED;
const STATION = 12 satisfies typeof field.STATION;
const FIELDS = 16 satisfies typeof field.FIELDS;
const NOBODY = -2 satisfies typeof field.NOBODY;
const WIDTH = 4 satisfies typeof op.WIDTH;
const SLOT_RETURN = 0 satisfies typeof op.SLOT_RETURN;
const SLOT_INSTANCE = 1 satisfies typeof op.SLOT_INSTANCE;
const OPCODE_ACQUIRE = 1 satisfies typeof op.ACQUIRE;
const RESUME = 1 satisfies typeof event.RESUME;
const SHARED = 4 satisfies typeof event.SHARED;
const NONE = -1;

/** What a run has that can be cancelled. */
interface Cancellable {
  readonly model: Model;
  readonly frames: Frames;
  readonly stations: Stations;
  readonly calendar: Calendar;
  readonly samplers: readonly Sampler[];
  readonly waste: WastedWork | null;
}

/**
 * Work that nobody waits for any more ends, where calls say so. A frame is a chain of calls, one level on top of the
 * other: the caller's own level stops at once and gives back what it holds; the one it has called is told so over the
 * network, stops in turn, and tells the next. What a level waits for in frames of their own is told likewise.
 */
export class Cancellation implements WaitsEnded {
  private readonly table: CancelTable;
  private readonly code: Int32Array;
  private readonly nowhere: number;
  private readonly frames: Frames;
  private readonly stations: Stations;
  private readonly calendar: Calendar;
  private readonly unwinding: Unwinding;
  private readonly latency: Sampler | null;
  private readonly waste: WastedWork | null;
  private readonly families: Families;

  constructor(table: CancelTable, unwinding: Unwinding, run: Cancellable) {
    this.table = table;
    this.code = run.model.code;
    this.nowhere = run.model.nowhere;
    this.frames = run.frames;
    this.stations = run.stations;
    this.calendar = run.calendar;
    this.unwinding = unwinding;
    this.latency = table.latency === null ? null : run.samplers[table.latency]!;
    this.waste = run.waste;
    this.families = new Families(run.frames);
  }

  began(parent: number, branch: number): void {
    if (this.table.linked[this.placeOf(parent)] === 1) this.families.add(parent, branch);
  }

  answered(branch: number): void {
    this.families.remove(branch);
  }

  replaced(branch: number, heir: number): void {
    this.families.replace(branch, heir);
  }

  ended(parent: number): void {
    const cancels = this.table.cancels[this.placeOf(parent)] === 1;
    for (;;) {
      const branch = this.families.first(parent);
      if (branch === NONE) return;
      this.families.remove(branch);
      if (cancels) this.cancel(branch);
    }
  }

  vanished(frame: number): void {
    this.families.forget(frame);
  }

  /** CANCEL: the message that this frame is has come to the one it is for, unless that has ended meanwhile. */
  arrive(message: number): void {
    const at = message * FIELDS;
    const frame = this.frames.ints[at + KEY]!;
    const isSame = this.families.age(frame) === this.frames.ints[at + REQUEST_KEY];
    this.frames.release(message);
    if (isSame) this.strike(frame);
  }

  /** The instruction at which a frame waits for its branches. */
  private placeOf(parent: number): number {
    return this.frames.ints[parent * FIELDS + PC]! / WIDTH - 1;
  }

  private cancel(frame: number): void {
    this.frames.ints[frame * FIELDS + PARENT] = NOBODY;
    this.strike(frame);
  }

  /** The lowest level of a frame that is left stops, and tells the one above; at once where the network takes no time. */
  private strike(frame: number): void {
    const { code, frames, nowhere } = this;
    const at = frame * FIELDS;
    const base = frame * frames.depth;
    for (;;) {
      const { ints, stack } = frames;
      let pc = ints[at + PC]!;
      let fp = ints[at + FP]!;
      let above = NONE;
      if (pc === nowhere || pc === nowhere + WIDTH) return;
      while (fp !== base && stack[fp + SLOT_RETURN] !== nowhere) {
        above = fp;
        pc = stack[fp + SLOT_RETURN]!;
        fp -= code[pc + 2]!;
      }
      const tells = this.unwinding.stop(pc, fp, this.table.reason);
      if (above === NONE) {
        this.halt(frame, pc, fp);
        return;
      }
      stack[above + SLOT_RETURN] = nowhere;
      if (!tells) return;
      if (this.latency !== null) {
        this.tell(frame, this.latency.draw());
        return;
      }
    }
  }

  /** A message to a frame, which comes after so many seconds: a frame of its own. */
  private tell(frame: number, seconds: number): void {
    const { frames, calendar, table } = this;
    const message = frames.take();
    if (message === NONE) return;
    const at = message * FIELDS;
    frames.startAside(message, table.arrives, frames.ints[frame * FIELDS + TRAFFIC]!);
    frames.ints[at + KEY] = frame;
    frames.ints[at + REQUEST_KEY] = this.families.age(frame);
    calendar.push(calendar.now[0]! + seconds, RESUME + 8 * message);
  }

  /** The only level that is left of a frame ends whatever it does at present. */
  private halt(frame: number, pc: number, fp: number): void {
    const { ints, stack } = this.frames;
    const at = frame * FIELDS;
    if (ints[at + NEED]! > 0) {
      this.abandonBranches(frame);
      this.end(frame);
      return;
    }
    const station = ints[at + STATION]!;
    if (station >= 0) this.stopWork(frame, station);
    else if (this.code[pc] === OPCODE_ACQUIRE)
      this.leaveQueue(frame, this.code[pc + 1]! + stack[fp + SLOT_INSTANCE]!);
    else this.bury(frame);
  }

  private abandonBranches(frame: number): void {
    const { families } = this;
    for (let branch = families.first(frame); branch !== NONE; branch = families.first(frame)) {
      families.remove(branch);
      this.cancel(branch);
    }
  }

  /** A COMPUTE that waits, or is served. */
  private stopWork(frame: number, station: number): void {
    const { stations, calendar } = this;
    const { ints } = this.frames;
    ints[frame * FIELDS + STATION] = NONE;
    if (this.leavesQueue(frame, station)) {
      const shared = stations.sharing(station);
      if (shared === null) return;
      this.waste?.stopped(frame, station, shared.left);
      if (shared.nextEnd < Number.POSITIVE_INFINITY) calendar.push(shared.nextEnd, SHARED + 8 * station);
      return;
    }
    this.waste?.stopped(frame, station);
    this.bury(frame);
    // Its event gives a server back, as always; of a station that has none.
    ints[frame * FIELDS + STATION] = stations.limbo;
    this.unwinding.free(station);
  }

  /** An ACQUIRE that waits, or is about to be done. */
  private leaveQueue(frame: number, station: number): void {
    if (!this.leavesQueue(frame, station)) this.bury(frame);
  }

  /** Whether the frame was in the queue of the station, and is no more. */
  private leavesQueue(frame: number, station: number): boolean {
    const found = this.stations.withdraw(station, frame);
    if (found === NOT_HERE) return false;
    if (found === LATER) this.bury(frame);
    else this.end(frame);
    return true;
  }

  /** Whatever is to come to the frame, the end of its work or of a pause, leads on to its end. */
  private bury(frame: number): void {
    const { ints, depth } = this.frames;
    ints[frame * FIELDS + PC] = this.nowhere;
    ints[frame * FIELDS + FP] = frame * depth;
  }

  private end(frame: number): void {
    this.frames.ints[frame * FIELDS + NEED] = 0;
    this.families.forget(frame);
    this.frames.release(frame);
  }
}
