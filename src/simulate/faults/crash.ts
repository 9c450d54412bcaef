import type { Balancer } from '../../blocks/index.ts';
import type { Calendar } from '../../kernel/index.ts';
import type { Branches } from '../branches.ts';
import type * as event from '../events.ts';
import type * as field from '../frames.ts';
import type { Frames } from '../frames.ts';
import { HealthyBalancer } from '../healthy-balancer.ts';
import type * as op from '../instructions.ts';
import type { ReadyQueue } from '../ready-queue.ts';
import type { Refreshing } from '../refreshing.ts';
import type { Stations } from '../stations.ts';
import type { FaultTable } from './fault-table.ts';
import type { Faulty } from './faulty.ts';

const PC = 0 satisfies typeof field.PC;
const FP = 1 satisfies typeof field.FP;
const STATUS = 2 satisfies typeof field.STATUS;
const TRAFFIC = 6 satisfies typeof field.TRAFFIC;
const PARENT = 7 satisfies typeof field.PARENT;
const STATION = 12 satisfies typeof field.STATION;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;
const SLOT_RETURN = 0 satisfies typeof op.SLOT_RETURN;
const SLOT_INSTANCE = 1 satisfies typeof op.SLOT_INSTANCE;
const RESUME = 1 satisfies typeof event.RESUME;
const NONE = -1;

/** Instructions at which a run of code ends. */
const ENDS: readonly number[] = [
  5 satisfies typeof op.RETURN,
  23 satisfies typeof op.END,
  24 satisfies typeof op.FINISH,
];
const OPCODE_CALL = 4 satisfies typeof op.CALL;
const OPCODE_JUMP = 6 satisfies typeof op.JUMP;
const OPCODE_PICK = 8 satisfies typeof op.PICK;
const OPCODE_SETTLE = 9 satisfies typeof op.SETTLE;
const OPCODE_PICK_WELL = 47 satisfies typeof op.PICK_WELL;
const OPCODE_FETCH = 40 satisfies typeof op.FETCH;
const OPCODE_FETCHED = 42 satisfies typeof op.FETCHED;

/**
 * The death of an instance. A frame is a chain of calls, one level on top of the other; those levels that run on
 * the instance die. What they had called goes on in the frame, for nobody, and ends where it would return to the
 * dead. Who had called them goes on in a frame of its own, and finds that the call has failed.
 */
export class Crash {
  private readonly table: FaultTable;
  private readonly code: Int32Array;
  private readonly frames: Frames;
  private readonly stations: Stations;
  private readonly branches: Branches;
  private readonly ready: ReadyQueue;
  private readonly calendar: Calendar;
  private readonly balancers: readonly Balancer[];
  private readonly refreshing: Refreshing;

  constructor(table: FaultTable, run: Faulty) {
    this.table = table;
    this.code = run.model.code;
    this.frames = run.frames;
    this.stations = run.stations;
    this.branches = run.branches;
    this.ready = run.ready;
    this.calendar = run.calendar;
    this.balancers = run.equipment.balancers;
    this.refreshing = run.refreshing;
  }

  /**
   * Everything that instance `instance` of a component does, and all that waits there, is lost.
   * @param silent callers hear nothing, and go on when they have given up
   */
  kill(component: number, instance: number, silent: boolean): void {
    const { frames, stations } = this;
    const idle = new Set<number>();
    for (const group of stations.groups) {
      if (group.component !== component || instance >= group.instances) continue;
      stations.empty(group.first + instance, (frame) => idle.add(frame));
    }
    frames.forEach((frame) => {
      if (frames.ints[frame * FIELDS + TRAFFIC]! >= 0) this.sever(frame, component, instance, silent, idle);
    });
  }

  /** VANISH: the frame ends; where it was a branch, whoever waits for it is as dead, and is told so. */
  vanish(frame: number): void {
    const { ints } = this.frames;
    if (ints[frame * FIELDS + PARENT]! < 0) this.frames.release(frame);
    else this.branches.answer(frame);
  }

  private sever(
    frame: number,
    component: number,
    instance: number,
    silent: boolean,
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
        this.settle(pc, fp);
        this.abandon(pc, fp);
      }
      if (fp === base) break;
      above = fp;
      pc = stack[fp + SLOT_RETURN]!;
      // What is below died before.
      if (pc === this.table.nowhere) break;
      fp -= code[pc + 2]!;
      if (above === lowest) caller = fp;
    }
    if (lowest === NONE) return;
    const reason = this.table.died[component]!;
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
      stack[callee + SLOT_RETURN] = this.table.nowhere;
      return;
    }
    if (idle) {
      this.vanish(frame);
      return;
    }
    // Whichever event it waits for, the end of its work or of a pause, leads on to VANISH.
    const at = frame * FIELDS;
    ints[at + PC] = this.table.nowhere;
    ints[at + FP] = frame * depth;
    ints[at + STATION] = this.stations.limbo;
  }

  /** A dead caller tells its balancer no more that its request is over; the connection's end does. */
  private settle(pc: number, fp: number): void {
    const { code } = this;
    // The exchange under way may be about to make its call.
    const at = this.ahead(pc, OPCODE_SETTLE, (next) => {
      const opcode = code[next]!;
      return opcode === OPCODE_PICK || opcode === OPCODE_PICK_WELL || (opcode === OPCODE_CALL && next !== pc);
    });
    if (at === NONE) return;
    const target = this.frames.stack[fp + code[at + 2]!]!;
    const balancer = this.balancers[code[at + 1]!]!;
    const now = this.calendar.now[0]!;
    if (balancer instanceof HealthyBalancer) balancer.abandoned(target, now);
    else balancer.finished(target, now, 0, false);
  }

  /** A fetch that others may wait for has failed with the one who made it. */
  private abandon(pc: number, fp: number): void {
    const at = this.ahead(pc, OPCODE_FETCHED, (next) => this.code[next] === OPCODE_FETCH);
    if (at !== NONE) this.refreshing.abandon(this.code[at + 1]!, fp, this.table.unreachable);
  }

  /** Where the code from `pc` on comes to an instruction, unless it ends before or comes to where `stops` says; else −1. */
  private ahead(pc: number, opcode: number, stops: (at: number) => boolean): number {
    const { code } = this;
    let at = pc;
    for (let steps = 0; steps < code.length; steps++) {
      if (code[at] === opcode) return at;
      if (ENDS.includes(code[at]!) || stops(at)) return NONE;
      at = code[at] === OPCODE_JUMP ? code[at + 1]! : at + WIDTH;
    }
    return NONE;
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
