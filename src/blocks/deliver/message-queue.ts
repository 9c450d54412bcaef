import { requireFinite, requireInstant, requirePositive, requireState, requireWhole } from '../require.ts';
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
  /** How often each slot was received. */
  readonly generations: readonly number[];
}

/** Slots a receipt can tell apart. */
const SLOTS = 2 ** 20;
/** Messages in one priority; the order of sending stays exact below it. */
const ORDERS = 2 ** 46;

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

  private readonly capacity: number;
  private readonly visibilityTimeout: number;
  private readonly maxReceives: number;
  private readonly deadLetterCapacity: number;
  private readonly priorities: number;
  private readonly messages: Float64Array;
  /** Place in the order of delivery. */
  private readonly ranks: Float64Array;
  private readonly counts: Float64Array;
  /** Receives of each slot, whatever message was in it, modulo 2^32: what a receipt carries. */
  private readonly generations: Uint32Array;
  private readonly flying: Uint8Array;
  private readonly visible: SlotHeap;
  /** Delayed ones and those in flight, by the time they become visible. */
  private readonly hidden: SlotHeap;
  private readonly free: Int32Array;
  private freeCount: number;
  private readonly dead: number[] = [];
  private clock = Number.NEGATIVE_INFINITY;
  private order = 0;
  private flights = 0;

  /**
   * @param state goes on where a {@link MessageQueue.snapshot} stood
   * @throws RangeError when an option or the state is impossible
   */
  constructor(options: MessageQueueOptions, state?: MessageQueueState) {
    const { maxReceives = Number.POSITIVE_INFINITY, deadLetterCapacity = 1024, priorities = 1 } = options;
    this.capacity = requireWhole('capacity', options.capacity, 1, SLOTS);
    this.visibilityTimeout = requirePositive('visibilityTimeout', options.visibilityTimeout);
    if (maxReceives !== Number.POSITIVE_INFINITY) requireWhole('maxReceives', maxReceives, 1);
    this.maxReceives = maxReceives;
    this.deadLetterCapacity = requireWhole('deadLetterCapacity', deadLetterCapacity, 0, SLOTS);
    this.priorities = requireWhole('priorities', priorities, 1, 64);
    this.messages = new Float64Array(this.capacity);
    this.ranks = new Float64Array(this.capacity);
    this.counts = new Float64Array(this.capacity);
    this.generations = new Uint32Array(this.capacity);
    this.flying = new Uint8Array(this.capacity);
    this.visible = new SlotHeap(this.capacity);
    this.hidden = new SlotHeap(this.capacity);
    this.free = Int32Array.from({ length: this.capacity }, (_, i) => this.capacity - 1 - i);
    this.freeCount = this.capacity;
    if (state !== undefined) this.restore(state);
  }

  /** Messages held: visible, delayed and in flight. Dead letters do not count. */
  get size(): number {
    return this.capacity - this.freeCount;
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
    if (this.freeCount === 0) return false;
    const slot = this.free[--this.freeCount]!;
    this.messages[slot] = message;
    this.ranks[slot] = (this.priorities - 1 - priority) * ORDERS + this.order++;
    this.counts[slot] = 0;
    if (delay > 0) this.hidden.add(slot, this.clock + delay);
    else this.visible.add(slot, this.ranks[slot]!);
    return true;
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
    for (let slot = 0; slot < this.capacity; slot++) {
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
      slot < this.capacity &&
      this.flying[slot] === 1 &&
      this.generations[slot] === Math.floor(receipt / SLOTS);
    return valid ? slot : -1;
  }

  private restore(state: MessageQueueState): void {
    const { messages, generations, deadLetters } = state;
    const fits =
      Array.isArray(messages) &&
      Array.isArray(generations) &&
      generations.length === this.capacity &&
      Array.isArray(deadLetters) &&
      deadLetters.length <= this.deadLetterCapacity;
    requireState('state', state, fits);
    if (state.clock !== null) requireInstant(state.clock);
    this.clock = state.clock ?? this.clock;
    this.order = requireWhole('state.order', state.order, 0, ORDERS - 1);
    this.deadLettersDropped = requireWhole('state.deadLettersDropped', state.deadLettersDropped, 0);
    for (const message of deadLetters) this.dead.push(requireWhole('state.deadLetters', message, 0));
    for (const [slot, generation] of generations.entries()) {
      this.generations[slot] = requireWhole('state.generations', generation, 0, 2 ** 32 - 1);
    }
    for (const message of messages) this.restoreMessage(message);
    this.freeCount = 0;
    for (let slot = this.capacity - 1; slot >= 0; slot--) {
      if (!this.hidden.has(slot) && !this.visible.has(slot)) this.free[this.freeCount++] = slot;
    }
  }

  private restoreMessage(state: QueuedMessageState): void {
    const slot = requireWhole('state.messages slot', state.slot, 0, this.capacity - 1);
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
