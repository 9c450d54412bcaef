import { requireInstant, requireState, requireWhole } from '../require.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';

export interface DedupWindowOptions {
  /** How long a message is remembered after it was first seen, > 0, in the unit of `now`; or Infinity. */
  readonly span: number;
  /** Messages remembered at most, 1 to 2^24: one more, and the oldest is forgotten before its time. */
  readonly capacity: number;
}

export interface DedupWindowState<Id> {
  readonly version: 1;
  /** The latest time seen; null when none was. */
  readonly clock: number | null;
  readonly forgottenEarly: number;
  /** Oldest first. */
  readonly seen: readonly (readonly [id: Id, at: number])[];
}

const OPTIONS: OptionNames<DedupWindowOptions> = { span: true, capacity: true };

/**
 * Tells messages that came before from those that did not, as far back as a span of time and a number of messages
 * reach. A repeat does not lengthen the memory of its message. Time that goes back counts as standing still.
 *
 * What is remembered is never taken for new; what is new is never taken for a repeat. A repeat that comes after
 * the span, or after more messages than fit, passes as new: `forgottenEarly` counts messages that left before
 * their span was over, and is 0 as long as the capacity is enough.
 */
export class DedupWindow<Id extends string | number = string | number> {
  /** Messages forgotten for want of room. */
  forgottenEarly = 0;

  private readonly span: number;
  private readonly capacity: number;
  /** The number that each message remembered has: messages are numbered as they are first seen. */
  private readonly numbers = new Map<Id, number>();
  /** By number modulo the capacity: the message, and when it was first seen. */
  private readonly ids: Id[] = [];
  private readonly times: number[] = [];
  /** Number of the oldest message in the ring, and the number of the next. */
  private oldest = 0;
  private next = 0;
  private clock = Number.NEGATIVE_INFINITY;

  /**
   * @param state goes on where a {@link DedupWindow.snapshot} stood
   * @throws RangeError when an option or the state is impossible
   */
  constructor(options: DedupWindowOptions, state?: DedupWindowState<Id>) {
    requireOptions('DedupWindow', options, OPTIONS);
    if (!(options.span > 0)) throw new RangeError(`span must be a number > 0, got ${options.span}`);
    this.span = options.span;
    this.capacity = requireWhole('capacity', options.capacity, 1, 2 ** 24);
    if (state !== undefined) this.restore(state);
  }

  /** Messages remembered, expired ones included until they are noticed. */
  get size(): number {
    return this.numbers.size;
  }

  /** True when the message is not remembered: it is from now on. False for a repeat. */
  firstSeen(id: Id, now: number): boolean {
    requireInstant(now);
    if (typeof id === 'number' && Number.isNaN(id))
      throw new RangeError('id must be a number or text, got NaN');
    if (now > this.clock) this.clock = now;
    this.forgetExpired();
    if (this.numbers.has(id)) return false;
    if (this.next - this.oldest === this.capacity && this.forgetOldest()) this.forgottenEarly++;
    this.put(id, this.clock);
    return true;
  }

  /**
   * Forgets a message whose work failed, so that its repeat passes; false when it was not remembered. Its room
   * comes free in its turn.
   */
  forget(id: Id): boolean {
    return this.numbers.delete(id);
  }

  snapshot(): DedupWindowState<Id> {
    const seen: [Id, number][] = [];
    for (let number = this.oldest; number < this.next; number++) {
      const place = number % this.capacity;
      const id = this.ids[place]!;
      if (this.numbers.get(id) === number) seen.push([id, this.times[place]!]);
    }
    return {
      version: 1,
      clock: this.clock === Number.NEGATIVE_INFINITY ? null : this.clock,
      forgottenEarly: this.forgottenEarly,
      seen,
    };
  }

  private put(id: Id, at: number): void {
    const place = this.next % this.capacity;
    this.ids[place] = id;
    this.times[place] = at;
    this.numbers.set(id, this.next++);
  }

  private forgetExpired(): void {
    while (this.oldest < this.next && this.clock - this.times[this.oldest % this.capacity]! >= this.span) {
      this.forgetOldest();
    }
  }

  /** False when it had been forgotten before. */
  private forgetOldest(): boolean {
    const id = this.ids[this.oldest % this.capacity]!;
    const remembered = this.numbers.get(id) === this.oldest;
    if (remembered) this.numbers.delete(id);
    this.oldest++;
    return remembered;
  }

  private restore(state: DedupWindowState<Id>): void {
    requireState('state', state, Array.isArray(state.seen) && state.seen.length <= this.capacity);
    if (state.clock !== null) requireInstant(state.clock);
    this.clock = state.clock ?? this.clock;
    this.forgottenEarly = requireWhole('state.forgottenEarly', state.forgottenEarly, 0);
    let last = Number.NEGATIVE_INFINITY;
    for (const [id, at] of state.seen) {
      requireInstant(at);
      if (at < last || at > this.clock)
        throw new RangeError(`state.seen must be in order of time, got ${at}`);
      last = at;
      if (this.numbers.has(id)) throw new RangeError(`state.seen must be different, got ${id}`);
      this.put(id, at);
    }
  }
}
