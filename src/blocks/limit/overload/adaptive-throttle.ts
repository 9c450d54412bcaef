import type { Random } from '../../../kernel/index.ts';
import { type OptionNames, requireOptions } from '../../require-options.ts';
import { requireArray, requireFinite, requirePositive, requireWhole, requireWithin } from '../require.ts';

/** How a client holds back. */
export interface AdaptiveThrottleOptions {
  /** How far it looks back, in units of time, > 0: the source takes two minutes. */
  readonly window: number;
  /** Parts in which the window moves on, a whole number from 1 to 2^16, default 120. */
  readonly slots?: number;
  /** K, ≥ 1, default 2 as in the source: how many requests it makes for one that is accepted. */
  readonly multiplier?: number;
}

/** What a throttle remembers. */
export interface AdaptiveThrottleState {
  readonly version: 1;
  /** Number of the current slot; null before the first request. */
  readonly slot: number | null;
  /** Counts by slot, the ring as it lies. */
  readonly requests: readonly number[];
  readonly accepts: readonly number[];
}

const OPTIONS: OptionNames<AdaptiveThrottleOptions> = { window: true, slots: true, multiplier: true };

/**
 * A client that notices that its server refuses, and then refuses itself part of what it would send:
 *
 *     probability = max(0, (requests − K · accepts) / (requests + 1))
 *
 * over a window that slides in slots; requests are all that were wanted, those refused here included, accepts
 * those that the server took. (Beyer et al., Site Reliability Engineering, chapter 21, "Handling Overload",
 * 2016.) A request that was sent counts when it has ended: counted when it is sent, the first ones of a client, or a
 * burst after a pause, would be held back while nobody has refused anything yet. Calls that never end are therefore
 * never seen: give them a timeout. The counts span at least (slots − 1) / slots of the window. An earlier time than
 * the latest seen counts as that one.
 */
export class AdaptiveThrottle {
  private readonly slotLength: number;
  private readonly slots: number;
  private readonly multiplier: number;
  private readonly requests: Float64Array;
  private readonly accepts: Float64Array;
  private slot = Number.NEGATIVE_INFINITY;
  private requestsInWindow = 0;
  private acceptsInWindow = 0;

  /** @throws RangeError when an option is impossible or the state does not fit them */
  constructor(options: AdaptiveThrottleOptions, state?: AdaptiveThrottleState) {
    requireOptions('AdaptiveThrottle', options, OPTIONS);
    const { window, slots = 120, multiplier = 2 } = options;
    requirePositive('window', window);
    requireWhole('slots', slots, 1, 2 ** 16);
    requireWithin('multiplier', multiplier, 1, Number.MAX_VALUE);
    this.slotLength = window / slots;
    this.slots = slots;
    this.multiplier = multiplier;
    this.requests = new Float64Array(slots);
    this.accepts = new Float64Array(slots);
    if (state !== undefined) this.restore(state);
  }

  /** A request is wanted: true when it may be sent, which then ends in one of `accepted` and `refused`, or is forgotten. */
  tryPass(now: number, random: Random): boolean {
    const probability = this.refusalProbability(now);
    if (probability === 0 || random.next() >= probability) return true;
    this.count();
    return false;
  }

  /** A request that was sent has been accepted: the server did its work, however that went. */
  accepted(now: number): void {
    this.moveTo(now);
    this.count();
    const at = this.position();
    this.accepts[at] = this.accepts[at]! + 1;
    this.acceptsInWindow++;
  }

  /** A request that was sent has not been accepted: the server refused it, or there was no answer in time. */
  refused(now: number): void {
    this.moveTo(now);
    this.count();
  }

  /** The share of requests that it would refuse, from 0, below 1. */
  refusalProbability(now: number): number {
    this.moveTo(now);
    const refused = this.requestsInWindow - this.multiplier * this.acceptsInWindow;
    return Math.max(0, refused / (this.requestsInWindow + 1));
  }

  snapshot(): AdaptiveThrottleState {
    const slot = this.slot === Number.NEGATIVE_INFINITY ? null : this.slot;
    return { version: 1, slot, requests: [...this.requests], accepts: [...this.accepts] };
  }

  private count(): void {
    const at = this.position();
    this.requests[at] = this.requests[at]! + 1;
    this.requestsInWindow++;
  }

  private position(): number {
    const rest = this.slot % this.slots;
    return rest < 0 ? rest + this.slots : rest;
  }

  private moveTo(now: number): void {
    requireFinite('now', now);
    const slot = Math.floor(now / this.slotLength);
    if (!(slot > this.slot)) return;
    const stale = Math.min(this.slots, slot - this.slot);
    this.slot = slot;
    const last = this.position();
    for (let back = 0; back < stale; back++) {
      const at = last >= back ? last - back : last - back + this.slots;
      this.requestsInWindow -= this.requests[at]!;
      this.acceptsInWindow -= this.accepts[at]!;
      this.requests[at] = 0;
      this.accepts[at] = 0;
    }
  }

  private restore(state: AdaptiveThrottleState): void {
    const { version, slot, requests, accepts } = state;
    const areCounts = (counts: readonly number[]): boolean =>
      counts.every((count) => Number.isSafeInteger(count) && count >= 0);
    if (version !== 1 || !(slot === null || Number.isInteger(slot))) {
      throw new RangeError(`state must be of version 1 with a whole slot, got version ${version}, ${slot}`);
    }
    requireArray('state.requests', requests, this.slots);
    requireArray('state.accepts', accepts, this.slots);
    if (!areCounts(requests) || !areCounts(accepts)) {
      throw new RangeError('state must hold counts, whole numbers ≥ 0');
    }
    this.slot = slot ?? Number.NEGATIVE_INFINITY;
    this.requests.set(requests);
    this.accepts.set(accepts);
    this.requestsInWindow = requests.reduce((sum, count) => sum + count, 0);
    this.acceptsInWindow = accepts.reduce((sum, count) => sum + count, 0);
  }
}
