import type { HedgePolicy } from '../../blocks/index.ts';
import { enlarged, FrameWaits, NONE } from '../frame-waits.ts';
import type { Frames } from '../frames.ts';
import type { Model } from '../model.ts';
import { forEachInstance, hedgePolicy, renewInstance } from './protection-blocks.ts';

/**
 * Hedged calls whose policy is asked each time: those after a live percentile, and those with a budget. One policy
 * for each instance of the caller. Their delays differ from call to call, so that each is an event of its own rather
 * than one of a ring.
 */
export class Hedges extends FrameWaits {
  private readonly model: Model;
  private readonly policies: HedgePolicy[];
  /** Further requests of one call, at most, by policy. */
  private readonly most: readonly number[];
  private length = new Float64Array(this.room);
  private policy = new Int32Array(this.room);
  /** Where the HEDGE instruction stands. */
  private places = new Int32Array(this.room);
  /** Requests sent so far. */
  private sent = new Int32Array(this.room);

  /** @param waiting the frames that wait for the answers */
  constructor(model: Model, waiting: Frames) {
    super(waiting);
    this.model = model;
    this.policies = forEachInstance(model.hedges, hedgePolicy);
    this.most = forEachInstance(model.hedges, ({ most }) => most);
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
    const delay = this.take(frame);
    this.length[delay] = seconds;
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

  place(delay: number): number {
    return this.places[delay]!;
  }

  protected grow(room: number): void {
    const { length } = this;
    this.length = new Float64Array(room);
    this.length.set(length);
    this.policy = enlarged(this.policy, room);
    this.places = enlarged(this.places, room);
    this.sent = enlarged(this.sent, room);
  }
}
