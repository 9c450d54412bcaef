import { requireFinite, requireInstant, requirePositive, requireState, requireWhole } from '../require.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { type InLine, WaitingLine } from './waiting-line.ts';

export interface IdempotencyKeysOptions {
  /** Keys held at most, a whole number ≥ 1, in progress and done together. */
  readonly capacity: number;
  /** How long a request may be in progress before another may take it over, > 0, in the unit of `now`. */
  readonly lease: number;
  /** How long a result is kept after it was stored, > 0: longer than any client goes on retrying. */
  readonly keep: number;
}

/**
 * What a request is:
 * - `first`: do the work, then `complete` it with the token;
 * - `in-progress`: another is at work; `retryIn` says when to ask again at the latest;
 * - `done`: answer with `result`;
 * - `mismatch`: the key was used for another request: refuse it, whatever state that is in;
 * - `full`: all keys are in use and none has expired; `retryIn` says when the first will.
 */
export type IdempotencyDecision = 'first' | 'in-progress' | 'done' | 'mismatch' | 'full';

/** One key in a snapshot. */
export interface IdempotencyEntryState<Key, Result> {
  readonly key: Key;
  readonly fingerprint: string | number;
  readonly token: number;
  readonly expiresAt: number;
  readonly done: boolean;
  readonly result: Result | null;
}

export interface IdempotencyKeysState<Key, Result> {
  readonly version: 1;
  /** The latest time seen; null when none was. */
  readonly clock: number | null;
  readonly token: number;
  /** Oldest first. */
  readonly entries: readonly IdempotencyEntryState<Key, Result>[];
}

interface Entry<Key, Result> extends InLine<Entry<Key, Result>> {
  readonly key: Key;
  readonly fingerprint: string | number;
  token: number;
  expiresAt: number;
  done: boolean;
  result: Result | null;
}

const OPTIONS: OptionNames<IdempotencyKeysOptions> = { capacity: true, lease: true, keep: true };

/**
 * Which of several requests with the same idempotency key does the work, and what the others are answered.
 * The first one gets a lease; while it holds, others are told to wait; once the result is stored, they get it.
 * A lease that ends without a result lets the next request in: the work may then be done twice unless what it
 * changes checks the token, which only grows.
 *
 * Bounded: a key that is in use is never forgotten to make room, as its request could then be done twice; a new
 * one is refused. Time that goes back counts as standing still.
 */
export class IdempotencyKeys<Key extends string | number = string, Result = unknown> {
  /** After `first`: the token to complete it with. */
  token = 0;
  /** After `done`: the stored result; null otherwise. */
  result: Result | null = null;
  /** After `in-progress` and `full`: how long until it is worth asking again. 0 otherwise. */
  retryIn = 0;

  private readonly capacity: number;
  private readonly lease: number;
  private readonly keep: number;
  private readonly entries = new Map<Key, Entry<Key, Result>>();
  /** In progress, and done: each in the order of expiry, as leases are of one length, and so is keeping. */
  private readonly running = new WaitingLine<Entry<Key, Result>>();
  private readonly finished = new WaitingLine<Entry<Key, Result>>();
  private clock = Number.NEGATIVE_INFINITY;
  private lastToken = 0;

  /**
   * @param state goes on where a {@link IdempotencyKeys.snapshot} stood
   * @throws RangeError when an option or the state is impossible
   */
  constructor(options: IdempotencyKeysOptions, state?: IdempotencyKeysState<Key, Result>) {
    requireOptions('IdempotencyKeys', options, OPTIONS);
    this.capacity = requireWhole('capacity', options.capacity, 1, 2 ** 24);
    this.lease = requirePositive('lease', options.lease);
    this.keep = requirePositive('keep', options.keep);
    if (state !== undefined) this.restore(state);
  }

  /** Keys held, expired ones included until they are noticed. */
  get size(): number {
    return this.entries.size;
  }

  /**
   * A request with `key` has come.
   *
   * @param fingerprint says what is asked, such as a hash of method, path and body: equal for a retry
   */
  begin(key: Key, fingerprint: string | number, now: number): IdempotencyDecision {
    this.advance(now);
    this.result = null;
    this.retryIn = 0;
    const entry = this.find(key);
    if (entry !== undefined) {
      if (entry.fingerprint !== fingerprint) return 'mismatch';
      if (entry.done) {
        this.result = entry.result;
        return 'done';
      }
      this.retryIn = entry.expiresAt - now;
      return 'in-progress';
    }
    const soonest = this.makeRoom();
    if (soonest !== null) {
      this.retryIn = soonest - now;
      return 'full';
    }
    this.token = ++this.lastToken;
    const expiresAt = this.clock + this.lease;
    this.add({ key, fingerprint, token: this.token, expiresAt, done: false, result: null });
    return 'first';
  }

  /**
   * Stores the result of a request that was `first`.
   *
   * @returns false when its lease has ended: another may have taken it over, and its result counts
   */
  complete(key: Key, token: number, result: Result, now: number): boolean {
    const entry = this.leased(key, token, now);
    if (entry === null) return false;
    this.running.remove(entry);
    entry.done = true;
    entry.result = result;
    entry.expiresAt = this.clock + this.keep;
    this.finished.append(entry);
    return true;
  }

  /** Lengthens the lease of work that takes long, to its whole length from now; false when it has ended. */
  renew(key: Key, token: number, now: number): boolean {
    const entry = this.leased(key, token, now);
    if (entry === null) return false;
    entry.expiresAt = this.clock + this.lease;
    this.running.remove(entry);
    this.running.append(entry);
    return true;
  }

  /** The work failed without effect: the next request with this key is `first` again. False when the lease had ended. */
  abandon(key: Key, token: number, now: number): boolean {
    const entry = this.leased(key, token, now);
    if (entry === null) return false;
    this.drop(entry);
    return true;
  }

  /** Whether the lease of a request that was `first` still holds. */
  holds(key: Key, token: number, now: number): boolean {
    return this.leased(key, token, now) !== null;
  }

  /** Results are handed out as they are: JSON-safe when they are. */
  snapshot(): IdempotencyKeysState<Key, Result> {
    const entries = [...this.running, ...this.finished].map(({ older, newer, ...entry }) => entry);
    return {
      version: 1,
      clock: this.clock === Number.NEGATIVE_INFINITY ? null : this.clock,
      token: this.lastToken,
      entries,
    };
  }

  private advance(now: number): void {
    requireInstant(now);
    if (now > this.clock) this.clock = now;
  }

  private leased(key: Key, token: number, now: number): Entry<Key, Result> | null {
    this.advance(now);
    const entry = this.entries.get(key);
    const holds = entry !== undefined && !entry.done && entry.token === token && this.clock < entry.expiresAt;
    return holds ? entry : null;
  }

  /** The entry of a key that has not expired. */
  private find(key: Key): Entry<Key, Result> | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined || this.clock < entry.expiresAt) return entry;
    this.drop(entry);
    return undefined;
  }

  /** Takes expired entries out; when there is still no room, the time when there will be. */
  private makeRoom(): number | null {
    if (this.size < this.capacity) return null;
    const running = this.dropExpired(this.running);
    const finished = this.dropExpired(this.finished);
    return this.size < this.capacity ? null : Math.min(running, finished);
  }

  /** @returns when the first one left expires */
  private dropExpired(line: WaitingLine<Entry<Key, Result>>): number {
    for (let entry = line.oldest; entry !== null; entry = line.oldest) {
      if (this.clock < entry.expiresAt) return entry.expiresAt;
      this.drop(entry);
    }
    return Number.POSITIVE_INFINITY;
  }

  private add(state: IdempotencyEntryState<Key, Result>): void {
    const entry: Entry<Key, Result> = { ...state, older: null, newer: null };
    this.entries.set(entry.key, entry);
    (entry.done ? this.finished : this.running).append(entry);
  }

  private drop(entry: Entry<Key, Result>): void {
    this.entries.delete(entry.key);
    (entry.done ? this.finished : this.running).remove(entry);
  }

  private restore(state: IdempotencyKeysState<Key, Result>): void {
    requireState('state', state, Array.isArray(state.entries) && state.entries.length <= this.capacity);
    if (state.clock !== null) this.advance(state.clock);
    this.lastToken = requireWhole('state.token', state.token, 0);
    const inOrder = [...state.entries].sort((a, b) => a.expiresAt - b.expiresAt);
    for (const entry of inOrder) {
      requireFinite('state.entries', entry.expiresAt);
      requireWhole('state.entries', entry.token, 1, this.lastToken);
      if (this.entries.has(entry.key))
        throw new RangeError(`state.entries must be different, got ${entry.key}`);
      this.add(entry);
    }
  }
}
