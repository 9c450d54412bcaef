import { BoundedBuffer, type BoundedBufferOptions } from '../deliver/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { type Call, type CallOptions, callOf, deadlineIsOver, throwIfAborted } from './call.ts';
import { type Clock, systemClock } from './clock.ts';
import { DEADLINE_OVER, RefusedError } from './errors.ts';
import { Listeners, type Subscription } from './listeners.ts';
import { Waiter } from './waiter.ts';

/** How much fits, what happens to one value more, and the clock of the deadlines. */
export interface AsyncBufferOptions extends BoundedBufferOptions {
  readonly clock?: Clock;
}

/** What became of a value that was put: it is in, it is in for the oldest one, or it was thrown away. */
export type PutOutcome = 'accepted' | 'dropped-oldest' | 'dropped-newest';

/** Why a value was not taken in. */
export type PutRefusal = 'buffer-full' | 'deadline' | 'closed';

/** Decisions of a buffer about what was put into it. */
export type AsyncBufferEvent<T> =
  /** A sender waits for room. */
  | { readonly guard: 'buffer'; readonly type: 'queued'; readonly waiting: number }
  /** A value was thrown away: time to release what it holds. */
  | {
      readonly guard: 'buffer';
      readonly type: 'dropped';
      readonly reason: 'oldest' | 'newest';
      readonly value: T;
    }
  | {
      readonly guard: 'buffer';
      readonly type: 'refused';
      readonly reason: PutRefusal;
      readonly size: number;
      readonly waiting: number;
    };

/** One who waits for a value; null when there will be none. */
interface Taker<T> {
  readonly waiter: Waiter;
  taken: { readonly value: T } | null;
}

const OPTIONS: OptionNames<AsyncBufferOptions> = {
  clock: true,
  capacity: true,
  whenFull: true,
  waitingCapacity: true,
};

/**
 * A bounded buffer between those who put values in and those who take them out, first in, first out; see
 * {@link BoundedBuffer} for what it does when it is full. Senders and takers are served in turn. Every value put is taken
 * once, or its sender or a listener learns that it is not.
 *
 * `put` and `take` act before they return their promise: a value that fits is in, whether or not it is awaited.
 */
export class AsyncBuffer<T> implements AsyncIterable<T> {
  private readonly core: BoundedBuffer;
  private readonly clock: Clock;
  /** Values inside, and those whose senders wait, by the number that the core knows them by. */
  private readonly values = new Map<number, T>();
  private readonly senders = new Map<number, Waiter>();
  private readonly takers = new Set<Taker<T>>();
  private readonly listeners = new Listeners<AsyncBufferEvent<T>>();
  private last = 0;
  private isClosed = false;

  /** @throws RangeError when an option is out of range */
  constructor(options: AsyncBufferOptions) {
    requireOptions('AsyncBuffer', options, OPTIONS);
    const { clock = systemClock, ...sizes } = options;
    this.core = new BoundedBuffer(sizes);
    this.clock = clock;
  }

  /** Values inside. */
  get size(): number {
    return this.core.size;
  }

  /** Senders that wait for room. */
  get waiting(): number {
    return this.core.waitingCount;
  }

  /** Whether nothing more comes in. */
  get closed(): boolean {
    return this.isClosed;
  }

  listen(listener: (event: AsyncBufferEvent<T>) => void): Subscription {
    return this.listeners.add(listener);
  }

  /**
   * Puts a value in, or does what the policy says; with `block` it waits for room until the deadline.
   *
   * @throws RefusedError `'buffer-full'`, `'deadline'`, or `'closed'`; then the value is not in
   */
  async put(value: T, options?: CallOptions): Promise<PutOutcome> {
    const call = callOf(options);
    throwIfAborted(call);
    if (deadlineIsOver(call, this.clock)) throw this.refused('deadline', DEADLINE_OVER);
    if (this.isClosed) throw this.refused('closed', CLOSED);
    const outcome = this.offer(value);
    if (outcome === 'rejected') throw this.refused('buffer-full', 'the buffer is full');
    if (outcome !== 'blocked') return outcome;
    await this.place(this.last, call);
    return 'accepted';
  }

  /** As `put`, but never waits, and returns why a value is refused. */
  tryPut(value: T): PutOutcome | Exclude<PutRefusal, 'deadline'> {
    if (this.isClosed) return this.tellRefused('closed');
    const outcome = this.offer(value);
    if (outcome === 'blocked') this.withdraw(this.last);
    return outcome === 'blocked' || outcome === 'rejected' ? this.tellRefused('buffer-full') : outcome;
  }

  /**
   * Takes the oldest value out, as soon as there is one.
   *
   * @throws RefusedError `'deadline'` when none came in time, `'closed'` when there will be none
   */
  async take(options?: CallOptions): Promise<T> {
    const taken = await this.next(callOf(options));
    if (taken === null) throw new RefusedError('closed', CLOSED);
    return taken.value;
  }

  /** Takes the oldest value out; undefined when there is none. */
  tryTake(): T | undefined {
    return this.poll()?.value;
  }

  /** Takes out all that is there, oldest first, with the values of senders that wait, who go on. */
  takeAll(): T[] {
    const all: T[] = [];
    for (let taken = this.poll(); taken !== null; taken = this.poll()) all.push(taken.value);
    return all;
  }

  /**
   * Takes one value after the other, until the buffer is closed and empty. Several may do so at once, each value goes
   * to one of them.
   *
   * @throws what `take` does, but for `'closed'`
   */
  async *drain(options?: CallOptions): AsyncGenerator<T, void, undefined> {
    const call = callOf(options);
    for (let taken = await this.next(call); taken !== null; taken = await this.next(call)) yield taken.value;
  }

  [Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    return this.drain();
  }

  /** Nothing more comes in, and senders that wait are refused; what is inside can be taken. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const [message, waiter] of this.senders) {
      this.withdraw(message);
      waiter.turnAway(this.refused('closed', CLOSED));
    }
    for (const taker of this.takers) taker.waiter.letIn();
    this.takers.clear();
  }

  private offer(value: T): PutOutcome | 'blocked' | 'rejected' {
    const { core } = this;
    const message = ++this.last;
    const outcome = core.offer(message);
    if (outcome === 'rejected') return outcome;
    if (outcome === 'dropped-newest') {
      if (this.listeners.any) this.tellDropped('newest', value);
      return outcome;
    }
    this.values.set(message, value);
    if (outcome === 'dropped-oldest') {
      const oldest = this.valueOf(core.dropped);
      if (this.listeners.any) this.tellDropped('oldest', oldest);
    }
    for (const taker of this.takers) {
      this.takers.delete(taker);
      taker.taken = this.poll();
      taker.waiter.letIn();
      break;
    }
    return outcome;
  }

  /** The oldest value, after which the first sender that waits comes in; null when there is none. */
  private poll(): { readonly value: T } | null {
    const { core } = this;
    const message = core.poll();
    if (message < 0) return null;
    const sender = this.senders.get(core.unblocked);
    this.senders.delete(core.unblocked);
    sender?.letIn();
    return { value: this.valueOf(message) };
  }

  private async next(call: Call): Promise<{ readonly value: T } | null> {
    throwIfAborted(call);
    if (deadlineIsOver(call, this.clock)) throw new RefusedError('deadline', DEADLINE_OVER);
    const taken = this.poll();
    if (taken !== null || this.isClosed) return taken;
    const taker: Taker<T> = {
      taken: null,
      waiter: new Waiter(call, call.deadlineMs - this.clock.now(), this.clock, {
        late: () => {
          this.takers.delete(taker);
          taker.waiter.turnAway(new RefusedError('deadline', 'the deadline came before a value'));
        },
        gone: () => this.takers.delete(taker),
      }),
    };
    this.takers.add(taker);
    await taker.waiter.entered;
    return taker.taken;
  }

  private place(message: number, call: Call): Promise<void> {
    const waiter: Waiter = new Waiter(call, call.deadlineMs - this.clock.now(), this.clock, {
      late: () => {
        this.withdraw(message);
        waiter.turnAway(this.refused('deadline', 'the deadline came before room in the buffer'));
      },
      gone: () => this.withdraw(message),
    });
    this.senders.set(message, waiter);
    if (this.listeners.any) {
      this.listeners.tell({ guard: 'buffer', type: 'queued', waiting: this.waiting });
    }
    return waiter.entered;
  }

  private withdraw(message: number): void {
    this.senders.delete(message);
    this.core.withdraw(message);
    this.values.delete(message);
  }

  private valueOf(message: number): T {
    const value = this.values.get(message) as T;
    this.values.delete(message);
    return value;
  }

  private tellDropped(reason: 'oldest' | 'newest', value: T): void {
    this.listeners.tell({ guard: 'buffer', type: 'dropped', reason, value });
  }

  private tellRefused<Reason extends PutRefusal>(reason: Reason): Reason {
    if (this.listeners.any) {
      const { size, waiting } = this;
      this.listeners.tell({ guard: 'buffer', type: 'refused', reason, size, waiting });
    }
    return reason;
  }

  private refused(reason: PutRefusal, message: string): RefusedError {
    return new RefusedError(this.tellRefused(reason), message);
  }
}

const CLOSED = 'the buffer is closed';
