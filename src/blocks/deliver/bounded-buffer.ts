import { requireState, requireWhole } from '../require.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { NumberRing } from './number-ring.ts';

/**
 * What a full buffer does with one more message:
 * - `reject`: refuses it, and its sender knows;
 * - `block`: keeps its sender waiting, in turn, until there is room;
 * - `drop-oldest`: throws away the message that has waited longest, for state that is soon overwritten;
 * - `drop-newest`: throws away the one that came, and its sender does not mind.
 */
export type BackPressure = 'reject' | 'block' | 'drop-oldest' | 'drop-newest';

/** Every {@link BackPressure}, in the order of the documentation. */
export const backPressures: readonly BackPressure[] = Object.freeze([
  'reject',
  'block',
  'drop-oldest',
  'drop-newest',
] as const);

/** What became of a message offered. */
export type OfferOutcome = 'accepted' | 'rejected' | 'blocked' | 'dropped-oldest' | 'dropped-newest';

export interface BoundedBufferOptions {
  /** Messages that fit, 1 to 2^24. */
  readonly capacity: number;
  readonly whenFull: BackPressure;
  /** With `block`: senders that may wait, 0 to 2^24; more are rejected. Default: the capacity. */
  readonly waitingCapacity?: number;
}

export interface BoundedBufferState {
  readonly version: 1;
  /** Oldest first. */
  readonly messages: readonly number[];
  readonly waiting: readonly number[];
  readonly rejected: number;
  readonly droppedCount: number;
}

const OPTIONS: OptionNames<BoundedBufferOptions> = { capacity: true, whenFull: true, waitingCapacity: true };

/**
 * First in, first out, up to so many messages (the caller's numbers), and a policy for one more. Every message
 * offered is delivered once, in order, or is accounted for: rejected, dropped, or waiting.
 */
export class BoundedBuffer {
  /** Messages refused so far. */
  rejected = 0;
  /** Messages thrown away so far. */
  droppedCount = 0;
  /** After `dropped-oldest`: the message thrown away for the new one; −1 otherwise. */
  dropped = -1;
  /** After `poll`: the waiting message that came in, whose sender goes on now; −1 when there was none. */
  unblocked = -1;

  private readonly whenFull: BackPressure;
  private readonly messages: NumberRing;
  private readonly waiting: NumberRing;

  /**
   * @param state goes on where a {@link BoundedBuffer.snapshot} stood
   * @throws RangeError when an option or the state is impossible
   */
  constructor(options: BoundedBufferOptions, state?: BoundedBufferState) {
    requireOptions('BoundedBuffer', options, OPTIONS);
    const { capacity, whenFull, waitingCapacity = capacity } = options;
    requireWhole('capacity', capacity, 1, 2 ** 24);
    requireWhole('waitingCapacity', waitingCapacity, 0, 2 ** 24);
    if (!backPressures.includes(whenFull)) {
      throw new RangeError(`whenFull must be one of ${backPressures.join(', ')}, got ${whenFull}`);
    }
    this.whenFull = whenFull;
    this.messages = new NumberRing(capacity);
    this.waiting = new NumberRing(whenFull === 'block' ? waitingCapacity : 0);
    if (state !== undefined) this.restore(state);
  }

  /** Messages to be polled. */
  get size(): number {
    return this.messages.size;
  }

  /** Messages whose senders wait. */
  get waitingCount(): number {
    return this.waiting.size;
  }

  /** Puts a message (a whole number from 0 to 2^53 − 1) in, or does what the policy says. */
  offer(message: number): OfferOutcome {
    requireWhole('message', message, 0);
    this.dropped = -1;
    if (this.messages.push(message)) return 'accepted';
    if (this.whenFull === 'drop-oldest') {
      this.dropped = this.messages.shift();
      this.droppedCount++;
      this.messages.push(message);
      return 'dropped-oldest';
    }
    if (this.whenFull === 'drop-newest') {
      this.droppedCount++;
      return 'dropped-newest';
    }
    if (this.waiting.push(message)) return 'blocked';
    this.rejected++;
    return 'rejected';
  }

  /** Takes the oldest message out; −1 when there is none. The first that waits comes in: see `unblocked`. */
  poll(): number {
    const message = this.messages.shift();
    this.unblocked = message < 0 ? -1 : this.waiting.shift();
    if (this.unblocked >= 0) this.messages.push(this.unblocked);
    return message;
  }

  /** A sender waits no longer: its message does not come in. False when it was not waiting. */
  withdraw(message: number): boolean {
    return this.waiting.remove(message);
  }

  snapshot(): BoundedBufferState {
    return {
      version: 1,
      messages: this.messages.toArray(),
      waiting: this.waiting.toArray(),
      rejected: this.rejected,
      droppedCount: this.droppedCount,
    };
  }

  private restore(state: BoundedBufferState): void {
    requireState('state', state, Array.isArray(state.messages) && Array.isArray(state.waiting));
    for (const message of state.messages) {
      requireState('state', state, this.messages.push(requireWhole('state.messages', message, 0)));
    }
    for (const message of state.waiting) {
      requireState('state', state, this.waiting.push(requireWhole('state.waiting', message, 0)));
    }
    this.rejected = requireWhole('state.rejected', state.rejected, 0);
    this.droppedCount = requireWhole('state.droppedCount', state.droppedCount, 0);
  }
}
