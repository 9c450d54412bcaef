import type { Calendar } from '../../kernel/index.ts';
import type { Branches } from '../branches.ts';
import type * as event from '../events.ts';
import type * as field from '../frames.ts';
import type { Frames } from '../frames.ts';
import type * as op from '../program/instructions.ts';
import type { ReadyQueue } from '../ready-queue.ts';
import type { Stations } from '../stations/stations.ts';
import type { Unwinding } from '../unwinding.ts';
import type { FaultTable } from './fault-table.ts';
import type { Faulty } from './faulty.ts';

const PC = 0 satisfies typeof field.PC;
const FP = 1 satisfies typeof field.FP;
const STATUS = 2 satisfies typeof field.STATUS;
const TRAFFIC = 6 satisfies typeof field.TRAFFIC;
const STATION = 12 satisfies typeof field.STATION;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;
const SLOT_RETURN = 0 satisfies typeof op.SLOT_RETURN;
const SLOT_INSTANCE = 1 satisfies typeof op.SLOT_INSTANCE;
const RESUME = 1 satisfies typeof event.RESUME;
const NONE = -1;

/** How an instance dies. */
export interface Death {
  /** Callers hear nothing, and go on when they have given up. */
  readonly silent: boolean;
  /** How what it did fails, for those who hear. */
  readonly reason: number;
  /** The frame whose instruction it is that kills. */
  readonly running?: number;
}

/**
 * The death of an instance. A frame is a chain of calls, one level on top of the other; those levels that run on
 * the instance die. What they had called goes on in the frame, for nobody, and ends where it would return to the
 * dead. Who had called them goes on in a frame of its own, and finds that the call has failed.
 */
export class Crash {
  private readonly table: FaultTable;
  private readonly code: Int32Array;
  private readonly nowhere: number;
  private readonly frames: Frames;
  private readonly stations: Stations;
  private readonly branches: Branches;
  private readonly ready: ReadyQueue;
  private readonly calendar: Calendar;
  private readonly unwinding: Unwinding;

  constructor(table: FaultTable, run: Faulty) {
    this.table = table;
    this.code = run.model.code;
    this.nowhere = run.model.nowhere;
    this.frames = run.frames;
    this.stations = run.stations;
    this.branches = run.branches;
    this.ready = run.ready;
    this.calendar = run.calendar;
    this.unwinding = run.unwinding;
  }

  /**
   * Everything that instance `instance` of a component does, and all that waits there, is lost.
   */
  kill(component: number, instance: number, { silent, reason, running = NONE }: Death): void {
    const { frames, stations } = this;
    // Where callers hear nothing, connections hang as well.
    if (!silent) this.unwinding.cut(component, instance);
    // No event is on its way to the one that runs.
    const idle = new Set<number>(running === NONE ? [] : [running]);
    for (const group of stations.groups) {
      const i = instance - (group.from ?? 0);
      if (group.component !== component || i < 0 || i >= group.instances) continue;
      stations.empty(group.first + i, (frame) => idle.add(frame));
    }
    frames.forEach((frame) => {
      if (frames.ints[frame * FIELDS + TRAFFIC]! >= 0)
        this.sever(frame, component, instance, { silent, reason }, idle);
    });
  }

  private sever(
    frame: number,
    component: number,
    instance: number,
    { silent, reason }: Death,
    idle: ReadonlySet<number>,
  ): void {
    const { code, frames } = this;
    const { ints, stack } = frames;
    const at = frame * FIELDS;
    const base = frame * frames.depth;
    let fp = ints[at + FP]!;
    let pc = ints[at + PC]!;
    let above = NONE;
    let aboveDead = NONE;
    let lowest = NONE;
    let caller = NONE;
    for (;;) {
      if (this.ownerOf(pc) === component && stack[fp + SLOT_INSTANCE] === instance) {
        if (lowest === NONE) aboveDead = above;
        lowest = fp;
        this.unwinding.die(pc, fp, this.table.unreachable);
      }
      if (fp === base) break;
      above = fp;
      pc = stack[fp + SLOT_RETURN]!;
      // What is below died before.
      if (pc === this.nowhere) break;
      fp -= code[pc + 2]!;
      if (above === lowest) caller = fp;
    }
    if (lowest === NONE) {
      // One that had been cancelled, and whose place in the queue was all that was left of it.
      if (idle.has(frame)) this.bury(frame, NONE, true);
      return;
    }
    const end = aboveDead === NONE ? base + frames.depth : aboveDead;
    frames.watch?.severed?.(frame, lowest - base, end - base, reason);
    if (caller !== NONE)
      this.callerGoesOn(frame, lowest, caller, silent ? this.table.unreachable : reason, silent);
    this.bury(frame, aboveDead, idle.has(frame));
  }

  /** Who called the dead goes on in another frame, which takes the place of this one in whatever it is a part of. */
  private callerGoesOn(frame: number, dead: number, caller: number, reason: number, silent: boolean): void {
    const { frames } = this;
    const base = frame * frames.depth;
    const heir = frames.take();
    if (heir === NONE) return;
    frames.inherit(heir, frame, dead - base);
    this.branches.waits?.replaced(frame, heir);
    const { ints, stack } = frames;
    const at = heir * FIELDS;
    ints[at + PC] = stack[dead + SLOT_RETURN]! + WIDTH;
    ints[at + FP] = heir * frames.depth + (caller - base);
    ints[at + STATUS] = reason;
    if (silent) this.calendar.push(this.calendar.now[0]! + this.table.giveUp, RESUME + 8 * heir);
    else this.ready.add(heir);
  }

  /** What is left of the frame: a callee that does not know yet, or nothing but an event to come. */
  private bury(frame: number, callee: number, idle: boolean): void {
    const { ints, stack, depth } = this.frames;
    if (callee !== NONE) {
      stack[callee + SLOT_RETURN] = this.nowhere;
      return;
    }
    // Whichever event it waits for, the end of its work or of a pause, leads on to VANISH.
    const at = frame * FIELDS;
    ints[at + PC] = this.nowhere;
    ints[at + FP] = frame * depth;
    ints[at + STATION] = this.stations.limbo;
    // Not at once: whoever hears of it may cancel others, which would give back what has died with this instance.
    if (idle) this.ready.add(frame);
  }

  /** The component whose code stands at `pc`; −1 for none. */
  private ownerOf(pc: number): number {
    const { codeStarts, codeOwners } = this.table;
    let low = 0;
    let high = codeStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (codeStarts[middle]! <= pc) low = middle;
      else high = middle - 1;
    }
    return codeOwners[low]!;
  }
}
