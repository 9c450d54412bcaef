import type { HedgePolicy } from '../../blocks/index.ts';
import { FIELDS, type Frames, STAMP } from '../frames.ts';
import type { Model } from '../model.ts';
import { forEachInstance, hedgePolicy, renewInstance } from './protection-blocks.ts';

const NONE = -1;

/**
 * Hedged calls whose policy is asked each time: those after a live percentile, and those with a budget. One policy
 * for each instance of the caller. Their delays differ from call to call, so that each is an event of its own rather
 * than one of a ring: a number in a pool that grows by doubling.
 */
export class Hedges {
  private readonly model: Model;
  private readonly policies: HedgePolicy[];
  /** Further requests of one call, at most, by policy. */
  private readonly most: readonly number[];
  private readonly waiting: Frames;
  private length = new Float64Array(1024);
  private frames = new Int32Array(1024);
  private stamps = new Int32Array(1024);
  private policy = new Int32Array(1024);
  /** Where the HEDGE instruction stands. */
  private places = new Int32Array(1024);
  /** Requests sent so far; of a delay that is not in use, the next such one. */
  private sent = new Int32Array(1024);
  private used = 0;
  private free = NONE;

  /** @param waiting the frames that wait for the answers */
  constructor(model: Model, waiting: Frames) {
    this.model = model;
    this.policies = forEachInstance(model.hedges, hedgePolicy);
    this.most = forEachInstance(model.hedges, ({ most }) => most);
    this.waiting = waiting;
  }

  /** Room for delays at present. */
  get room(): number {
    return this.frames.length;
  }

  /** Whether it grows with the next delay. */
  get isFull(): boolean {
    return this.free === NONE && this.used === this.frames.length;
  }

  /** How many delays are of waits that are over, when it is full. */
  get over(): number {
    let over = 0;
    for (let delay = 0; delay < this.used; delay++) if (this.isOver(delay)) over++;
    return over;
  }

  /** Gives the number of a delay back whose wait is over; false where it is not. */
  forget(delay: number): boolean {
    if (!this.isOver(delay)) return false;
    this.release(delay);
    return true;
  }

  /** An instance of a component has been started again. */
  renew(component: number, instance: number): void {
    renewInstance(this.model.hedges, this.policies, hedgePolicy, component, instance);
  }

  /** A call begins. */
  started(policy: number, now: number): void {
    this.policies[policy]!.started(now);
  }

  /** A call was answered, so many seconds after it began. */
  answered(policy: number, seconds: number): void {
    this.policies[policy]!.observe(seconds);
  }

  /**
   * The first request of a call goes out, by the HEDGE instruction at `place`; its frame waits.
   * @returns the delay until the next one, −1 for none
   */
  begin(policy: number, frame: number, place: number): number {
    const seconds = this.policies[policy]!.delay();
    if (seconds === Number.POSITIVE_INFINITY) return NONE;
    const delay = this.take();
    this.length[delay] = seconds;
    this.frames[delay] = frame;
    this.stamps[delay] = this.waiting.ints[frame * FIELDS + STAMP]!;
    this.policy[delay] = policy;
    this.places[delay] = place;
    this.sent[delay] = 1;
    return delay;
  }

  /** Whether another request goes, now that a delay is over: not where the answer has come, or the budget is spent. */
  sends(delay: number, now: number): boolean {
    if (!this.isOver(delay) && this.policies[this.policy[delay]!]!.tryHedge(now, this.sent[delay]!))
      return true;
    this.release(delay);
    return false;
  }

  /** Another request goes. Gives the delay until the one after it, −1 for none. */
  next(delay: number): number {
    const policy = this.policy[delay]!;
    const sent = this.sent[delay]! + 1;
    const seconds = sent > this.most[policy]! ? Number.POSITIVE_INFINITY : this.policies[policy]!.delay();
    if (seconds === Number.POSITIVE_INFINITY) {
      this.release(delay);
      return NONE;
    }
    this.sent[delay] = sent;
    this.length[delay] = seconds;
    return delay;
  }

  seconds(delay: number): number {
    return this.length[delay]!;
  }

  frame(delay: number): number {
    return this.frames[delay]!;
  }

  place(delay: number): number {
    return this.places[delay]!;
  }

  private isOver(delay: number): boolean {
    return this.stamps[delay] !== this.waiting.ints[this.frames[delay]! * FIELDS + STAMP];
  }

  private take(): number {
    const delay = this.free;
    if (delay !== NONE) {
      this.free = this.sent[delay]!;
      return delay;
    }
    if (this.used === this.frames.length) this.grow();
    return this.used++;
  }

  private release(delay: number): void {
    this.sent[delay] = this.free;
    this.free = delay;
  }

  private grow(): void {
    const { length, frames, stamps, policy, places, sent } = this;
    const room = 2 * frames.length;
    this.length = new Float64Array(room);
    this.length.set(length);
    this.frames = grown(frames, room);
    this.stamps = grown(stamps, room);
    this.policy = grown(policy, room);
    this.places = grown(places, room);
    this.sent = grown(sent, room);
  }
}

function grown(values: Int32Array, room: number): Int32Array<ArrayBuffer> {
  const more = new Int32Array(room);
  more.set(values);
  return more;
}
