import type { Calendar } from '../kernel/index.ts';
import type { CopyVersions } from './caching/copy-versions.ts';
import type * as event from './events.ts';
import type { FrameWaits } from './frame-waits.ts';
import type * as field from './frames.ts';
import type { Frames } from './frames.ts';
import type { ForkSpec, HedgeSpec, Model } from './model.ts';
import { Accounts } from './outcome/accounts.ts';
import { Alarms } from './protection/alarms.ts';
import { Hedges } from './protection/hedges.ts';
import { TimerRing } from './protection/timer-ring.ts';
import type { ReadyQueue } from './ready-queue.ts';
import { isWorthSweeping } from './sweeping.ts';

/** Reason number of a timeout. */
export const TIMEOUT = 1;
const NONE = -1;
/**
 * An answer at the very instant of a deadline is in time. The sums of times that lead there differ by rounding,
 * a unit in the last place for each; deadlines come later by some twenty of those.
 */
export const LENIENCE = 1 + 4e-15;

// Copies, as in the engine: V8 folds the constants of a module into its code, but not those it imports.
const TIMER = 5 satisfies typeof event.TIMER;
const FIELDS = 16 satisfies typeof field.FIELDS;
const STATUS = 2 satisfies typeof field.STATUS;
const MISS = 3 satisfies typeof field.MISS;
const TRAFFIC = 6 satisfies typeof field.TRAFFIC;
const PARENT = 7 satisfies typeof field.PARENT;
const PARENT_STAMP = 8 satisfies typeof field.PARENT_STAMP;
const STAMP = 9 satisfies typeof field.STAMP;
const NEED = 10 satisfies typeof field.NEED;
const SPARE = 11 satisfies typeof field.SPARE;

/** What is to know when frames begin and end to wait for branches. */
export interface WaitsEnded {
  /** A frame waits for a branch, and has come to rest. */
  began(parent: number, branch: number): void;
  /** A branch has ended by itself. */
  answered(branch: number): void;
  /** A frame goes on in place of a branch. */
  replaced(branch: number, heir: number): void;
  /** A frame waits no more, and is still where it did. */
  ended(parent: number): void;
  /** A frame has ended that nobody waited for. */
  vanished(frame: number): void;
  /** A frame that is a message has come to where it was sent. */
  arrive(message: number): void;
}

/**
 * Work that goes on in frames of its own while another frame waits for it: the branches of parallel steps,
 * calls with a timeout, and hedged ones. A frame that has waited long enough goes on; its branches do so too, for nobody.
 */
export class Branches {
  private readonly forks: readonly ForkSpec[];
  private readonly timers: readonly TimerRing[];
  private readonly furtherRequests: readonly (HedgeSpec | null)[];
  /** Of calls that are hedged by a policy. */
  readonly hedges: Hedges;
  readonly accounts: Accounts;
  private readonly alarms: Alarms;
  /** Where some work is cancelled. */
  waits: WaitsEnded | null = null;
  /** Where copies may be old. */
  versions: CopyVersions | null = null;
  private readonly code: Int32Array;
  private readonly frames: Frames;
  private readonly ready: ReadyQueue;
  private readonly calendar: Calendar;

  constructor(model: Model, frames: Frames, ready: ReadyQueue, calendar: Calendar) {
    this.forks = model.forks;
    this.timers = model.timers.map(({ seconds }) => new TimerRing(seconds, frames));
    this.furtherRequests = model.timers.map(({ hedge }) => hedge);
    this.hedges = new Hedges(model, frames);
    this.alarms = new Alarms(frames);
    this.accounts = new Accounts(model, frames, calendar.now);
    this.code = model.code;
    this.frames = frames;
    this.ready = ready;
    this.calendar = calendar;
  }

  /** FORK: starts all branches of a fork. */
  fork(frame: number, fork: number, activation: number): void {
    const { branches, need } = this.forks[fork]!;
    this.frames.ints[frame * FIELDS + NEED] = need;
    this.frames.ints[frame * FIELDS + SPARE] = branches.length - need;
    for (let i = 0; i < branches.length; i++) this.spawn(frame, branches[i]!, activation);
  }

  /** REFRESH: starts a branch for which nobody waits; the present frame goes on at this instant, before it. */
  aside(frame: number, entry: number, activation: number): void {
    this.ready.add(frame);
    this.apart(frame, entry, activation);
  }

  /** Starts a branch for which nobody waits; −1 where there is no frame for it. The present frame has to come to rest. */
  apart(frame: number, entry: number, activation: number): number {
    const branch = this.spawn(frame, entry, activation);
    if (branch === NONE) return NONE;
    this.frames.ints[branch * FIELDS + PARENT_STAMP] = NONE;
    if (this.frames.deadlines !== null) this.frames.deadlines[branch] = Number.POSITIVE_INFINITY;
    return branch;
  }

  /** SPAWN and HEDGE: starts one branch, and the timer that bounds the wait for it or sends another one. */
  within(frame: number, entry: number, timer: number, activation: number): void {
    this.frames.ints[frame * FIELDS + NEED] = 1;
    this.frames.ints[frame * FIELDS + SPARE] = 0;
    this.arm(timer, frame);
    this.spawn(frame, entry, activation);
  }

  /** SPAWN_DUE: starts one branch that knows until when it is waited for; then the wait ends for this reason. */
  until(frame: number, entry: number, due: number, reason: number, activation: number): void {
    this.frames.ints[frame * FIELDS + NEED] = 1;
    this.frames.ints[frame * FIELDS + SPARE] = 0;
    if (due < Number.POSITIVE_INFINITY) {
      if (this.alarms.isFull) this.sweep(this.alarms, 1);
      this.calendar.push(due, TIMER + 8 * (this.timers.length + 2 * this.alarms.set(frame, reason) + 1));
    }
    const branch = this.spawn(frame, entry, activation);
    if (branch !== NONE) this.frames.deadlines![branch] = due;
  }

  /** The HEDGE at `place`: starts one branch, and the delay after which a policy lets another one go. */
  hedge(frame: number, place: number, policy: number): void {
    this.frames.ints[frame * FIELDS + NEED] = 1;
    this.frames.ints[frame * FIELDS + SPARE] = 0;
    if (this.hedges.isFull) this.sweep(this.hedges, 0);
    this.delay(this.hedges.begin(policy, frame, place));
    this.spawn(frame, this.code[place + 1]!, this.code[place + 3]!);
  }

  /** Delays of hedges and alarms come after the rings among the timers, in turn. */
  private delay(delay: number): void {
    if (delay === NONE) return;
    const due = (this.calendar.now[0]! + this.hedges.seconds(delay)) * LENIENCE;
    this.calendar.push(due, TIMER + 8 * (this.timers.length + 2 * delay));
  }

  /** Before a pool grows: timers whose wait is over are taken off the calendar, where they are many. */
  private sweep(pool: FrameWaits, remainder: number): void {
    const { calendar, timers } = this;
    if (!isWorthSweeping(pool.over, pool.room, calendar.size)) return;
    calendar.sweep((payload) => {
      const further = (payload >>> 3) - timers.length - remainder;
      return (payload & 7) === TIMER && further >= 0 && further % 2 === 0 && pool.forget(further / 2);
    });
  }

  private sendByPolicy(delay: number): void {
    const { hedges } = this;
    if (!hedges.sends(delay, this.calendar.now[0]!)) return;
    const frame = hedges.frame(delay);
    const place = hedges.place(delay);
    this.frames.ints[frame * FIELDS + SPARE]!++;
    this.delay(hedges.next(delay));
    this.countFurther(frame);
    this.spawn(frame, this.code[place + 1]!, this.code[place + 3]!);
  }

  /** A retry or a hedge sends another request for what a frame is a part of. */
  countFurther(frame: number): void {
    const traffic = this.frames.ints[frame * FIELDS + TRAFFIC]!;
    this.accounts.further[traffic]!++;
  }

  /** LATE: the branch of a request has its answer, and whoever asked may have gone. */
  countLate(frame: number): void {
    const { ints } = this.frames;
    const at = frame * FIELDS;
    const parent = ints[at + PARENT]!;
    const hasGone = parent < 0 || ints[parent * FIELDS + STAMP] !== ints[at + PARENT_STAMP];
    if (hasGone && ints[at + STATUS] === 0) this.accounts.late[ints[at + TRAFFIC]!]!++;
  }

  private arm(timer: number, frame: number): void {
    const ring = this.timers[timer]!;
    const due = (this.calendar.now[0]! + ring.seconds) * LENIENCE;
    ring.add(due, frame, this.frames.ints[frame * FIELDS + STAMP]!);
    if (!ring.armed) {
      ring.armed = true;
      this.calendar.push(due, TIMER + 8 * timer);
    }
  }

  /** A hedge: another request beside those that have not answered; the wait goes on. */
  private sendAnother(frame: number, { at, next }: HedgeSpec): void {
    this.frames.ints[frame * FIELDS + SPARE]!++;
    if (next !== null) this.arm(next, frame);
    this.countFurther(frame);
    this.spawn(frame, this.code[at + 1]!, this.code[at + 3]!);
  }

  /** A branch has ended: its parent goes on once enough of them succeeded, or too many failed. */
  answer(frame: number): void {
    const ints = this.frames.ints;
    const at = frame * FIELDS;
    const status = ints[at + STATUS]!;
    const miss = ints[at + MISS]!;
    const parent = ints[at + PARENT]!;
    const from = parent * FIELDS;
    const due = ints[from + STAMP] === ints[at + PARENT_STAMP];
    const { waits } = this.frames;
    if (waits !== null && due) waits[parent] = waits[frame]!;
    if (this.versions !== null && due && status === 0) this.versions.pass(frame, parent);
    if (this.waits !== null) this.waits.answered(frame);
    this.frames.release(frame);
    if (!due) return;
    if (status === 0) {
      if (--ints[from + NEED]! > 0) return;
    } else if (--ints[from + SPARE]! >= 0) return;
    ints[from + STATUS] = status;
    ints[from + MISS] = miss;
    ints[from + NEED] = 0;
    ints[from + STAMP]!++;
    this.ready.add(parent);
    if (this.waits !== null) this.waits.ended(parent);
  }

  /** VANISH: the frame ends; where it was a branch, whoever waits for it is as dead, and is told so. */
  vanish(frame: number): void {
    if (this.waits !== null) this.waits.vanished(frame);
    if (this.frames.ints[frame * FIELDS + PARENT]! < 0) this.frames.release(frame);
    else this.answer(frame);
  }

  /** The oldest timer of a ring is due, and those whose answer came in time are passed over; or the delay of a hedge or an alarm is. */
  expire(timer: number): void {
    if (timer >= this.timers.length) {
      const further = timer - this.timers.length;
      if (further % 2 === 0) this.sendByPolicy(further / 2);
      else this.rouse((further - 1) / 2);
      return;
    }
    const ring = this.timers[timer]!;
    const now = this.calendar.now[0]!;
    for (; !ring.isEmpty; ring.dropOldest()) {
      if (ring.isAnswered) continue;
      if (ring.due > now) {
        this.calendar.push(ring.due, TIMER + 8 * timer);
        return;
      }
      const hedge = this.furtherRequests[timer]!;
      if (hedge !== null) {
        this.sendAnother(ring.frame, hedge);
        continue;
      }
      this.giveUp(ring.frame, TIMEOUT);
    }
    ring.armed = false;
  }

  private rouse(alarm: number): void {
    const reason = this.alarms.ring(alarm);
    if (reason !== NONE) this.giveUp(this.alarms.frame(alarm), reason);
  }

  /** A frame has waited long enough. */
  private giveUp(frame: number, reason: number): void {
    const at = frame * FIELDS;
    this.frames.ints[at + STATUS] = reason;
    this.frames.ints[at + NEED] = 0;
    this.frames.ints[at + STAMP]!++;
    this.ready.add(frame);
    if (this.waits !== null) this.waits.ended(frame);
  }

  /** A frame of its own for a branch of `parent`; it starts when the present frame has come to rest. */
  private spawn(parent: number, entry: number, activation: number): number {
    const frame = this.frames.take();
    if (frame === NONE) return NONE;
    this.frames.startBranch(frame, parent, entry, activation);
    if (this.waits !== null) this.waits.began(parent, frame);
    this.ready.add(frame);
    return frame;
  }
}
