import type { Calendar, Sampler } from '../kernel/index.ts';
import type * as event from './events.ts';
import type * as field from './frames.ts';
import type { Frames } from './frames.ts';
import type { LegSpec, Model } from './model.ts';
import type { CrossingMeasurement } from './outcome/measurement.ts';
import type * as op from './program/instructions.ts';

const PC = 0 satisfies typeof field.PC;
const FP = 1 satisfies typeof field.FP;
const STATUS = 2 satisfies typeof field.STATUS;
const MISS = 3 satisfies typeof field.MISS;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;
const SLOT_INSTANCE = 1 satisfies typeof op.SLOT_INSTANCE;
const RESUME = 1 satisfies typeof event.RESUME;
/** Given instead of a place to go on at: the frame waits. */
const WAITS = -1;

/** The ways of messages between instances in different places: how long they take, and what goes over them. */
export class Legs {
  private readonly legs: readonly LegSpec[];
  private readonly code: Int32Array;
  private readonly frames: Frames;
  private readonly calendar: Calendar;
  private readonly samplers: readonly Sampler[];
  private readonly messages: Float64Array;
  private readonly bytes: Float64Array;

  constructor(model: Model, samplers: readonly Sampler[], frames: Frames, calendar: Calendar) {
    this.legs = model.legs?.legs ?? [];
    this.code = model.code;
    this.frames = frames;
    this.calendar = calendar;
    this.samplers = samplers;
    const crossings = model.legs?.crossings.length ?? 0;
    this.messages = new Float64Array(crossings);
    this.bytes = new Float64Array(crossings);
  }

  /**
   * Does the LEG at `pc`.
   * @returns where the frame goes on, or −1 when it waits
   */
  execute(frame: number, pc: number, fp: number): number {
    const { code } = this;
    const { ints, stack } = this.frames;
    const at = frame * FIELDS;
    const leg = this.legs[code[pc + 1]!]!;
    const slot = code[pc + 2]!;
    const callee = (slot < 0 ? 0 : stack[fp + slot]!) % leg.callees;
    const way = (stack[fp + SLOT_INSTANCE]! % leg.callers) * leg.callees + callee;
    const crossing = leg.crossings[way]!;
    if (crossing >= 0) {
      const empty = leg.answer && (ints[at + STATUS] !== 0 || (leg.ofHit && ints[at + MISS] !== 0));
      this.messages[crossing]!++;
      this.bytes[crossing]! += leg.headers + (empty ? 0 : leg.item);
    }
    const sampler = leg.samplers[way]!;
    if (sampler < 0) return pc + WIDTH;
    ints[at + PC] = pc + WIDTH;
    ints[at + FP] = fp;
    this.calendar.push(this.calendar.now[0]! + this.samplers[sampler]!.draw(), RESUME + 8 * frame);
    return WAITS;
  }

  /** Forgets what has gone over them until now. */
  reset(): void {
    this.messages.fill(0);
    this.bytes.fill(0);
  }

  /** What went over them, by number of the crossing. */
  measured(): CrossingMeasurement[] {
    return Array.from(this.messages, (messages, i) => ({ messages, bytes: this.bytes[i]! }));
  }
}
