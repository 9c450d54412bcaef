import { requireFinite, requireInstant, requirePositive, requireState, requireWhole } from '../require.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { type BackPressure, backPressures, type OfferOutcome } from './bounded-buffer.ts';
import { NumberRing } from './number-ring.ts';
import { SlotHeap } from './slot-heap.ts';

export interface MessageQueueOptions {
  /** Messages held at most, in flight and delayed ones included: 1 to 2^20. Beyond, sending is refused. */
  readonly capacity: number;
  /** How long a received message is hidden from others, > 0, in the unit of `now`. */
  readonly visibilityTimeout: number;
  /**
   * Receives after which a message that comes back goes to the dead letters instead, a whole number ≥ 1, or
   * Infinity (default) for never.
   */
  readonly maxReceives?: number;
  /** Dead letters kept, 0 to 2^20, default 1024: of more, the oldest is dropped and counted. */
  readonly deadLetterCapacity?: number;
  /** Priorities there are, 1 (default) to 64: 0 to priorities − 1, the greatest first. */
  readonly priorities?: number;
  /** What `offer` does when there is no room, default `reject`. */
  readonly whenFull?: BackPressure;
  /** With `block`: messages whose senders may wait, 0 to 2^24, default the capacity; more are rejected. */
  readonly waitingCapacity?: number;
}

/** One message held. */
export interface QueuedMessageState {
  readonly slot: number;
  readonly message: number;
  readonly priority: number;
  readonly order: number;
  readonly receives: number;
  /** When it becomes visible; null when it is. */
  readonly visibleAt: number | null;
  readonly inFlight: boolean;
}

export interface MessageQueueState {
  readonly version: 1;
  /** The latest time seen; null when none was. */
  readonly clock: number | null;
  /** Messages sent so far. */
  readonly order: number;
  readonly deadLettersDropped: number;
  readonly deadLetters: readonly number[];
  readonly messages: readonly QueuedMessageState[];
  /** How often each slot was received; none for slots that were never used. */
  readonly generations: readonly number[];
  /** Messages whose senders wait for room, in their order. */
  readonly waiting: readonly number[];
}

/** Slots a receipt can tell apart. */
const SLOTS = 2 ** 20;
/** Messages in one priority; the order of sending stays exact below it. */
const ORDERS = 2 ** 46;
/** Slots that are there at once; more come by doubling. */
const SLOTS_AT_ONCE = 1024;

const OPTIONS: OptionNames<MessageQueueOptions> = {
  capacity: true,
  visibilityTimeout: true,
  maxReceives: true,
  deadLetterCapacity: true,
  priorities: true,
  whenFull: true,
  waitingCapacity: true,
};

/**
 * A queue that delivers at least once: a received message is hidden for a while, and comes back unless it is
 * acknowledged by then. Those that come back too often go to the dead letters. Messages are the caller's numbers.
 *
 * Order: the highest priority first, then as sent; a message that comes back takes its old place. A receipt is
 * void once its message is visible again, so that of two receivers one at most acknowledges. Time that goes back
 * counts as standing still: nothing comes back early, nothing is hidden longer.
 */
export class MessageQueue {
  /** Dead letters dropped for want of room. */
  deadLettersDropped = 0;
  /** After `offer` gave `dropped-oldest`: the message thrown away for the new one; −1 otherwise. */
  dropped = -1;

  private readonly capacity: number;
  private readonly visibilityTimeout: number;
  private readonly maxReceives: number;
  private readonly deadLetterCapacity: number;
  private readonly priorities: number;
  private readonly whenFull: BackPressure;
  private readonly waiting: NumberRing;
  private messages: Float64Array;
  /** Place in the order of delivery. */
  private ranks: Float64Array;
  private counts: Float64Array;
  /** Receives of each slot, whatever message was in it, modulo 2^32: what a receipt carries. */
  private generations: Uint32Array;
  private flying: Uint8Array;
  private readonly visible: SlotHeap;
  /** Delayed ones and those in flight, by the time they become visible. */
  private readonly hidden: SlotHeap;
  private free: Int32Array;
  private freeCount: number;
  private room: number;
  private readonly dead: number[] = [];
  private clock = Number.NEGATIVE_INFINITY;
  private order = 0;
  private flights = 0;

  /**
   * @param state goes on where a {@link MessageQueue.snapshot} stood
   * @throws RangeError when an option or the state is impossible
   */
  constructor(options: MessageQueueOptions, state?: MessageQueueState) {
    requireOptions('MessageQueue', options, OPTIONS);
    const { maxReceives = Number.POSITIVE_INFINITY, deadLetterCapacity = 1024, priorities = 1 } = options;
    this.capacity = requireWhole('capacity', options.capacity, 1, SLOTS);
    this.visibilityTimeout = requirePositive('visibilityTimeout', options.visibilityTimeout);
    if (maxReceives !== Number.POSITIVE_INFINITY) requireWhole('maxReceives', maxReceives, 1);
    this.maxReceives = maxReceives;
    this.deadLetterCapacity = requireWhole('deadLetterCapacity', deadLetterCapacity, 0, SLOTS);
    this.priorities = requireWhole('priorities', priorities, 1, 64);
    const { whenFull = 'reject', waitingCapacity = this.capacity } = options;
    if (!backPressures.includes(whenFull)) {
      throw new RangeError(`whenFull must be one of ${backPressures.join(', ')}, got ${whenFull}`);
    }
    this.whenFull = whenFull;
    requireWhole('waitingCapacity', waitingCapacity, 0, 2 ** 24);
    this.waiting = new NumberRing(whenFull === 'block' ? waitingCapacity : 0);
    this.room = Math.min(this.capacity, SLOTS_AT_ONCE);
    this.messages = new Float64Array(this.room);
    this.ranks = new Float64Array(this.room);
    this.counts = new Float64Array(this.room);
    this.generations = new Uint32Array(this.room);
    this.flying = new Uint8Array(this.room);
    this.visible = new SlotHeap(this.room);
    this.hidden = new SlotHeap(this.room);
    this.free = Int32Array.from({ length: this.room }, (_, i) => this.room - 1 - i);
    this.freeCount = this.room;
    if (state !== undefined) this.restore(state);
  }

  /** Messages held: visible, delayed and in flight. Dead letters do not count. */
  get size(): number {
    return this.room - this.freeCount;
  }

  /** Messages whose senders wait for room. */
  get waitingCount(): number {
    return this.waiting.size;
  }

  /** The message whose sender has waited longest; −1 when none waits. */
  get firstWaiting(): number {
    return this.waiting.first;
  }

  /** Messages that could be received at `now`. */
  ready(now: number): number {
    this.advance(now);
    return this.visible.size;
  }

  /** Messages received and neither acknowledged nor visible again at `now`. */
  inFlight(now: number): number {
    this.advance(now);
    return this.flights;
  }

  /** Dead letters waiting to be taken at `now`. */
  deadLetters(now: number): number {
    this.advance(now);
    return this.dead.length;
  }

  /**
   * Puts a message in.
   *
   * @param message whole number from 0 to 2^53 − 1
   * @param delay how long it stays hidden, ≥ 0
   * @returns false when the queue is full
   */
  send(message: number, now: number, delay = 0, priority = 0): boolean {
    requireWhole('message', message, 0);
    requireWhole('priority', priority, 0, this.priorities - 1);
    requireDelay('delay', delay);
    this.advance(now);
    if (this.freeCount === 0 && !this.grow()) return false;
    const slot = this.free[--this.freeCount]!;
    this.messages[slot] = message;
    this.ranks[slot] = (this.priorities - 1 - priority) * ORDERS + this.order++;
    this.counts[slot] = 0;
    if (delay > 0) this.hidden.add(slot, this.clock + delay);
    else this.visible.add(slot, this.ranks[slot]!);
    return true;
  }

  /**
   * Puts a message in, as `send`, or does what the policy for a full queue says. Who comes while others wait waits
   * behind them. The oldest that can be dropped is the one to be received next; where all are in flight or delayed,
   * the new one is dropped.
   */
  offer(message: number, now: number, delay = 0, priority = 0): OfferOutcome {
    this.dropped = -1;
    if (this.waiting.size === 0 && this.send(message, now, delay, priority)) return 'accepted';
    if (this.whenFull === 'block') return this.waiting.push(message) ? 'blocked' : 'rejected';
    if (this.whenFull === 'reject') return 'rejected';
    const oldest = this.visible.first;
    if (this.whenFull === 'drop-newest' || oldest < 0) return 'dropped-newest';
    this.visible.remove(oldest);
    this.free[this.freeCount++] = oldest;
    this.dropped = this.messages[oldest]!;
    this.send(message, now, delay, priority);
    return 'dropped-oldest';
  }

  /** Lets the message in whose sender has waited longest; false when none waits, or there is no room. */
  admit(now: number, delay = 0, priority = 0): boolean {
    if (this.waiting.size === 0 || !this.send(this.waiting.first, now, delay, priority)) return false;
    this.waiting.shift();
    return true;
  }

  /** A sender waits no longer: its message does not come in. False when it was not waiting. */
  withdraw(message: number): boolean {
    return this.waiting.remove(message);
  }

  /**
   * The next visible message, which is hidden from then on.
   *
   * @returns its receipt; −1 when none is visible
   */
  receive(now: number): number {
    this.advance(now);
    const slot = this.visible.first;
    if (slot < 0) return -1;
    this.visible.remove(slot);
    this.hidden.add(slot, this.clock + this.visibilityTimeout);
    this.flying[slot] = 1;
    this.flights++;
    this.counts[slot] = this.counts[slot]! + 1;
    const generation = (this.generations[slot]! + 1) >>> 0;
    this.generations[slot] = generation;
    return generation * SLOTS + slot;
  }

  /** How long until there is something to receive: 0 when there is now, Infinity when nothing is held. */
  readyIn(now: number): number {
    this.advance(now);
    if (this.visible.size > 0) return 0;
    return this.hidden.size === 0 ? Number.POSITIVE_INFINITY : this.hidden.firstKey - now;
  }

  /** When the next hidden message becomes visible, after `now`; Infinity when none is hidden. */
  nextVisibleAt(now: number): number {
    this.advance(now);
    return this.hidden.firstKey;
  }

  /** The message of a receipt; −1 when that is void. Asks for no time: goes by the last one seen. */
  messageOf(receipt: number): number {
    const slot = this.slotOf(receipt);
    return slot < 0 ? -1 : this.messages[slot]!;
  }

  /** How often the message of a receipt was received, this time included; 0 when the receipt is void. */
  receivesOf(receipt: number): number {
    const slot = this.slotOf(receipt);
    return slot < 0 ? 0 : this.counts[slot]!;
  }

  /** The message is done with. False when the receipt is void: the message has come back, or will not. */
  ack(receipt: number, now: number): boolean {
    this.advance(now);
    const slot = this.slotOf(receipt);
    if (slot < 0) return false;
    this.land(slot);
    this.free[this.freeCount++] = slot;
    return true;
  }

  /** Hides the message for `timeout` (≥ 0) from now, for work that takes long. False when the receipt is void. */
  extend(receipt: number, now: number, timeout = this.visibilityTimeout): boolean {
    requireDelay('timeout', timeout);
    this.advance(now);
    const slot = this.slotOf(receipt);
    if (slot < 0) return false;
    this.hidden.remove(slot);
    this.hidden.add(slot, this.clock + timeout);
    return true;
  }

  /**
   * The message failed: it comes back after `delay` (≥ 0), or goes to the dead letters when it was received
   * often enough. False when the receipt is void.
   */
  release(receipt: number, now: number, delay = 0): boolean {
    requireDelay('delay', delay);
    this.advance(now);
    const slot = this.slotOf(receipt);
    if (slot < 0) return false;
    this.land(slot);
    if (this.counts[slot]! >= this.maxReceives) this.bury(slot);
    else if (delay > 0) this.hidden.add(slot, this.clock + delay);
    else this.visible.add(slot, this.ranks[slot]!);
    return true;
  }

  /** Takes the oldest dead letter out; −1 when there is none. */
  takeDeadLetter(now: number): number {
    this.advance(now);
    return this.dead.shift() ?? -1;
  }

  snapshot(): MessageQueueState {
    const messages: QueuedMessageState[] = [];
    for (let slot = 0; slot < this.room; slot++) {
      const hidden = this.hidden.has(slot);
      if (!hidden && !this.visible.has(slot)) continue;
      const rank = this.ranks[slot]!;
      messages.push({
        slot,
        message: this.messages[slot]!,
        priority: this.priorities - 1 - Math.floor(rank / ORDERS),
        order: rank % ORDERS,
        receives: this.counts[slot]!,
        visibleAt: hidden ? this.hidden.keyOf(slot) : null,
        inFlight: this.flying[slot] === 1,
      });
    }
    return {
      version: 1,
      clock: this.clock === Number.NEGATIVE_INFINITY ? null : this.clock,
      order: this.order,
      deadLettersDropped: this.deadLettersDropped,
      deadLetters: [...this.dead],
      messages,
      generations: Array.from(this.generations),
      waiting: this.waiting.toArray(),
    };
  }

  /** Lets come back what is due. */
  private advance(now: number): void {
    requireInstant(now);
    if (now > this.clock) this.clock = now;
    while (this.hidden.firstKey <= this.clock) {
      const slot = this.hidden.first;
      if (this.flying[slot] === 1) {
        this.land(slot);
        if (this.counts[slot]! >= this.maxReceives) {
          this.bury(slot);
          continue;
        }
      } else this.hidden.remove(slot);
      this.visible.add(slot, this.ranks[slot]!);
    }
  }

  /** No longer in flight. */
  private land(slot: number): void {
    this.hidden.remove(slot);
    this.flying[slot] = 0;
    this.flights--;
  }

  private bury(slot: number): void {
    this.free[this.freeCount++] = slot;
    this.dead.push(this.messages[slot]!);
    if (this.dead.length <= this.deadLetterCapacity) return;
    this.dead.shift();
    this.deadLettersDropped++;
  }

  /** The slot of a receipt whose message is in flight under it; −1 else. */
  private slotOf(receipt: number): number {
    const slot = receipt % SLOTS;
    const valid =
      receipt >= 0 &&
      slot < this.room &&
      this.flying[slot] === 1 &&
      this.generations[slot] === Math.floor(receipt / SLOTS);
    return valid ? slot : -1;
  }

  /** False when it has grown to its capacity. */
  private grow(): boolean {
    const { room } = this;
    if (room === this.capacity) return false;
    this.room = Math.min(this.capacity, 2 * room);
    this.messages = grown(this.messages, new Float64Array(this.room));
    this.ranks = grown(this.ranks, new Float64Array(this.room));
    this.counts = grown(this.counts, new Float64Array(this.room));
    this.generations = grown(this.generations, new Uint32Array(this.room));
    this.flying = grown(this.flying, new Uint8Array(this.room));
    this.visible.grow(this.room);
    this.hidden.grow(this.room);
    this.free = grown(this.free, new Int32Array(this.room));
    for (let slot = this.room - 1; slot >= room; slot--) this.free[this.freeCount++] = slot;
    return true;
  }

  private restore(state: MessageQueueState): void {
    const { messages, generations, deadLetters, waiting } = state;
    const fits =
      Array.isArray(messages) &&
      Array.isArray(generations) &&
      generations.length <= this.capacity &&
      Array.isArray(waiting) &&
      Array.isArray(deadLetters) &&
      deadLetters.length <= this.deadLetterCapacity;
    requireState('state', state, fits);
    if (state.clock !== null) requireInstant(state.clock);
    this.clock = state.clock ?? this.clock;
    this.order = requireWhole('state.order', state.order, 0, ORDERS - 1);
    this.deadLettersDropped = requireWhole('state.deadLettersDropped', state.deadLettersDropped, 0);
    for (const message of deadLetters) this.dead.push(requireWhole('state.deadLetters', message, 0));
    for (const message of waiting) {
      requireState('state', state, this.waiting.push(requireWhole('state.waiting', message, 0)));
    }
    while (this.room < generations.length) this.grow();
    for (const [slot, generation] of generations.entries()) {
      this.generations[slot] = requireWhole('state.generations', generation, 0, 2 ** 32 - 1);
    }
    for (const message of messages) this.restoreMessage(message);
    this.freeCount = 0;
    for (let slot = this.room - 1; slot >= 0; slot--) {
      if (!this.hidden.has(slot) && !this.visible.has(slot)) this.free[this.freeCount++] = slot;
    }
  }

  private restoreMessage(state: QueuedMessageState): void {
    const slot = requireWhole('state.messages slot', state.slot, 0, this.room - 1);
    if (this.hidden.has(slot) || this.visible.has(slot)) {
      throw new RangeError(`state.messages slot must be there once, got ${slot} twice`);
    }
    this.messages[slot] = requireWhole('state.messages message', state.message, 0);
    this.counts[slot] = requireWhole('state.messages receives', state.receives, 0);
    const priority = requireWhole('state.messages priority', state.priority, 0, this.priorities - 1);
    const order = requireWhole('state.messages order', state.order, 0, ORDERS - 1);
    this.ranks[slot] = (this.priorities - 1 - priority) * ORDERS + order;
    if (state.visibleAt === null) {
      this.visible.add(slot, this.ranks[slot]!);
      return;
    }
    this.hidden.add(slot, requireFinite('state.messages visibleAt', state.visibleAt));
    if (state.inFlight) {
      this.flying[slot] = 1;
      this.flights++;
    }
  }
}

function requireDelay(name: string, value: number): void {
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name} must be a number ≥ 0, got ${value}`);
  }
}

function grown<Numbers extends { set(from: Numbers): void }>(from: Numbers, into: Numbers): Numbers {
  into.set(from);
  return into;
}
