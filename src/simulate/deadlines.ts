import { deadlineAfter, hopBudget } from '../blocks/index.ts';
import { type Branches, LENIENCE, TIMEOUT } from './branches.ts';
import type * as field from './frames.ts';
import type { Frames } from './frames.ts';
import { LocalTime } from './local-time.ts';
import type { DeadlineTable } from './model.ts';
import type * as op from './program/instructions.ts';

const PC = 0 satisfies typeof field.PC;
const FP = 1 satisfies typeof field.FP;
const STATUS = 2 satisfies typeof field.STATUS;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;
/** Given instead of a place to go on at: the frame waits. */
const WAITS = -1;

/**
 * Deadlines that calls pass on: an instant of each frame, until which what it does is of use. Clocks are taken to agree,
 * as where an instant is sent.
 */
export class Deadlines {
  private readonly table: DeadlineTable;
  private readonly code: Int32Array;
  private readonly frames: Frames;
  private readonly branches: Branches;
  private readonly clock: Float64Array;
  private readonly time = new LocalTime();

  constructor(
    table: DeadlineTable,
    code: Int32Array,
    frames: Frames,
    branches: Branches,
    clock: Float64Array,
  ) {
    this.table = table;
    this.code = code;
    this.frames = frames;
    this.branches = branches;
    this.clock = clock;
    frames.keepDeadlines();
  }

  /**
   * Does the instruction at `pc`, one of those that are about deadlines.
   * @returns where the frame goes on, or −1 when it waits
   */
  execute(frame: number, pc: number, fp: number): number {
    const { code, clock } = this;
    const { ints, stack } = this.frames;
    const deadlines = this.frames.deadlines!;
    const now = clock[0]!;
    const a = code[pc + 1]!;
    switch (code[pc]!) {
      case 60 satisfies typeof op.DUE:
        if (deadlines[frame]! >= now) return pc + WIDTH;
        ints[frame * FIELDS + STATUS] = a;
        return code[pc + 2]!;
      case 61 satisfies typeof op.TELL:
        deadlines[frame] = Math.min(deadlines[frame]!, deadlineAfter(now, this.table.budgets[a]!) * LENIENCE);
        return pc + WIDTH;
      case 62 satisfies typeof op.SPAWN_DUE:
        return this.spawn(frame, pc, fp, now);
      case 63 satisfies typeof op.UNTELL:
        this.time.put(stack, fp + a, deadlines[frame]!);
        deadlines[frame] = Number.POSITIVE_INFINITY;
        return pc + WIDTH;
      case 64 satisfies typeof op.RETELL:
        deadlines[frame] = this.time.get(stack, fp + a);
        return pc + WIDTH;
      default:
        throw new RangeError(`unknown instruction ${code[pc]} at ${pc}`);
    }
  }

  private spawn(frame: number, pc: number, fp: number, now: number): number {
    const { code, frames, table } = this;
    const { ints } = frames;
    const deadline = frames.deadlines![frame]!;
    const wanted = table.budgets[code[pc + 2]!]!;
    const time = hopBudget(deadline, now, 0, wanted);
    if (time === 0) {
      ints[frame * FIELDS + STATUS] = table.reason;
      return pc + WIDTH;
    }
    ints[frame * FIELDS + PC] = pc + WIDTH;
    ints[frame * FIELDS + FP] = fp;
    const isCut = time < wanted;
    const due = isCut ? deadline : deadlineAfter(now, wanted) * LENIENCE;
    this.branches.until(frame, code[pc + 1]!, due, isCut ? table.reason : TIMEOUT, code[pc + 3]!);
    return WAITS;
  }
}
