import { type OptionNames, requireOptions } from '../../require-options.ts';
import { requireFinite, requirePositive, requireWhole } from '../require.ts';

/** What CoDel aims at. RFC 8289 advises 5 ms and 100 ms for packets. */
export interface CodelOptions {
  /** Wait that is acceptable to persist, > 0. */
  readonly target: number;
  /** How long waits must stay above the target to be a standing queue, > 0: some round trips. */
  readonly interval: number;
}

/** What CoDel remembers. */
export interface CodelState {
  readonly version: 1;
  /** When a standing queue would be certain; null while waits are below the target. */
  readonly certainAt: number | null;
  readonly isDropping: boolean;
  readonly nextDrop: number;
  readonly count: number;
  readonly lastCount: number;
}

/** Intervals since the last drop within which it goes on where it was (RFC 8289, section 5). */
const MEMORY_INTERVALS = 16;

const OPTIONS: OptionNames<CodelOptions> = { target: true, interval: true };

/**
 * Controlled delay (RFC 8289; Nichols & Jacobson, ACM Queue 10(5), 2012): tells a queue that stands from one
 * that is a burst by the shortest wait over an interval, and drops at a rate that rises until the queue gives
 * in. The first drop comes when waits have been above the target for a whole interval, and the n-th is
 * followed by the next after interval / √n.
 *
 * The caller asks for each item it takes off the queue, drops it when told to, and takes the next. As in the
 * RFC, the queue should not be asked about its last item: call {@link emptied} when nothing is left.
 * A time before the latest seen counts as that one.
 */
export class Codel {
  private readonly target: number;
  private readonly interval: number;
  private latest = Number.NEGATIVE_INFINITY;
  private certainAt = Number.POSITIVE_INFINITY;
  private isDropping = false;
  private nextDrop = Number.NEGATIVE_INFINITY;
  private count = 0;
  private lastCount = 0;

  /** @throws RangeError when an option is impossible or the state is faulty */
  constructor(options: CodelOptions, state?: CodelState) {
    requireOptions('Codel', options, OPTIONS);
    requirePositive('target', options.target);
    requirePositive('interval', options.interval);
    this.target = options.target;
    this.interval = options.interval;
    if (state !== undefined) this.restore(state);
  }

  /**
   * An item was taken off the queue at `now` after it had waited for `sojourn`.
   *
   * @returns true when it is to be dropped
   * @throws RangeError when `now` is not finite or the sojourn is not ≥ 0
   */
  dequeued(now: number, sojourn: number): boolean {
    requireFinite('now', now);
    if (!(sojourn >= 0)) throw new RangeError(`sojourn must be ≥ 0, got ${sojourn}`);
    if (now > this.latest) this.latest = now;
    const time = this.latest;
    if (!this.isStanding(time, sojourn)) {
      this.isDropping = false;
      return false;
    }
    if (!this.isDropping) {
      this.isDropping = true;
      this.beginDropping(time);
      return true;
    }
    if (time < this.nextDrop) return false;
    this.count++;
    this.nextDrop += this.interval / Math.sqrt(this.count);
    return true;
  }

  /** Nothing is left to take: no queue stands. */
  emptied(): void {
    this.certainAt = Number.POSITIVE_INFINITY;
    this.isDropping = false;
  }

  snapshot(): CodelState {
    const { certainAt, nextDrop } = this;
    return {
      version: 1,
      certainAt: certainAt === Number.POSITIVE_INFINITY ? null : certainAt,
      isDropping: this.isDropping,
      nextDrop: nextDrop === Number.NEGATIVE_INFINITY ? 0 : nextDrop,
      count: this.count,
      lastCount: this.lastCount,
    };
  }

  private isStanding(time: number, sojourn: number): boolean {
    if (sojourn < this.target) {
      this.certainAt = Number.POSITIVE_INFINITY;
      return false;
    }
    if (this.certainAt === Number.POSITIVE_INFINITY) {
      this.certainAt = time + this.interval;
      return false;
    }
    return time >= this.certainAt;
  }

  private beginDropping(time: number): void {
    const drops = this.count - this.lastCount;
    // Soon after the last time, the rate that was enough then is where it begins.
    const isSoon = time - this.nextDrop < MEMORY_INTERVALS * this.interval;
    this.count = drops > 1 && isSoon ? drops : 1;
    this.lastCount = this.count;
    this.nextDrop = time + this.interval / Math.sqrt(this.count);
  }

  private restore(state: CodelState): void {
    const { version, certainAt, isDropping, nextDrop, count, lastCount } = state;
    if (version !== 1 || typeof isDropping !== 'boolean') {
      throw new RangeError(`state must be of version 1, got ${version}`);
    }
    if (certainAt !== null) requireFinite('state.certainAt', certainAt);
    requireFinite('state.nextDrop', nextDrop);
    requireWhole('state.count', count, 0);
    requireWhole('state.lastCount', lastCount, 0, count);
    this.certainAt = certainAt ?? Number.POSITIVE_INFINITY;
    this.isDropping = isDropping;
    // Before the first drop there is no next one to remember.
    this.nextDrop = count === 0 ? Number.NEGATIVE_INFINITY : nextDrop;
    this.count = count;
    this.lastCount = lastCount;
  }
}
