import { FLIGHT, Leases, SingleFlight } from '../../blocks/index.ts';
import type { FlightSpec } from '../model.ts';

/** As many as there can be frames: none is ever turned away. */
const MOST = 1 << 22;

/** Another is at it. */
export const JOIN = -1;
/** Nobody joins this one. */
export const ALONE = 0;

/**
 * The keys that are being fetched, of one cache or of one instance of a caller, as the blocks know them, with the
 * number of the fetch that is current for each.
 */
interface Keys {
  readonly leases: Leases | null;
  readonly single: SingleFlight<number> | null;
  readonly current: Map<number, number>;
}

/**
 * Fetches in progress that others wait for. A fetch is a number from 1; the frames that wait for it are a list
 * through an array.
 *
 * With leases (`by: 'cache'`), who waits for a fetch that fails asks for the lease again, and a key that is dropped
 * meanwhile ends it; with single flight, who waits shares the failure too.
 */
export class SharedFetches {
  private readonly of: readonly Keys[];
  private owners = new Int32Array(64);
  private keys = new Int32Array(64);
  private tokens = new Float64Array(64);
  private first = new Int32Array(64);
  private last = new Int32Array(64);
  private nextFree = new Int32Array(64);
  /** By frame: the one that waits behind it. */
  private following = new Int32Array(64);
  private used = 0;
  private free = ALONE;

  constructor(flights: readonly FlightSpec[]) {
    this.of = flights.flatMap(({ by, instances }) =>
      Array.from({ length: instances }, () => ({
        leases: by === 'cache' ? new Leases({ timeout: Number.POSITIVE_INFINITY, maxLeases: MOST }) : null,
        single:
          by === 'cache' ? null : new SingleFlight({ maxKeys: MOST, leadFor: Number.POSITIVE_INFINITY }),
        current: new Map(),
      })),
    );
  }

  /**
   * Somebody is about to fetch a key.
   *
   * @param whose which keys in progress, by number
   * @param own false for a key that another stands for: it waits for that, and leads nobody
   * @returns the number of its fetch, {@link JOIN}, or {@link ALONE}
   */
  begin(whose: number, key: number, own: boolean, now: number): number {
    const { leases, single, current } = this.of[whose]!;
    if (!own) return current.has(key) ? JOIN : ALONE;
    const token = leases !== null ? leases.acquire(key, now) : single!.arrive(key, now);
    if (token === (leases !== null ? 0 : FLIGHT.join)) return JOIN;
    const fetch = this.take();
    this.owners[fetch] = whose;
    this.keys[fetch] = key;
    this.tokens[fetch] = token;
    this.first[fetch] = -1;
    current.set(key, fetch);
    return fetch;
  }

  /** A frame waits for the fetch of a key that is in progress. */
  wait(whose: number, key: number, frame: number): void {
    const fetch = this.of[whose]!.current.get(key)!;
    while (frame >= this.following.length) this.following = twice(this.following);
    this.following[frame] = -1;
    this.append(fetch, frame, frame);
  }

  /** As `wait`, for those from one frame to the last of those who waited for the same fetch before. */
  waitOn(whose: number, key: number, first: number, last: number): void {
    this.append(this.of[whose]!.current.get(key)!, first, last);
  }

  /** Among whose keys in progress a fetch is. */
  ownerOf(fetch: number): number {
    return this.owners[fetch]!;
  }

  keyOf(fetch: number): number {
    return this.keys[fetch]!;
  }

  /** Whether what a fetch brought may be kept: not when its key was dropped meanwhile. */
  isCurrent(fetch: number): boolean {
    return this.of[this.owners[fetch]!]!.current.get(this.keys[fetch]!) === fetch;
  }

  /** Of those who wait for a fetch that failed: whether they try again. */
  triesAgain(fetch: number): boolean {
    return this.of[this.owners[fetch]!]!.leases !== null;
  }

  /** The first frame that waits for a fetch, and the one after a frame; −1 = none. */
  firstOf(fetch: number): number {
    return this.first[fetch]!;
  }

  after(frame: number): number {
    return this.following[frame]!;
  }

  /** The last frame that waits for a fetch that has some. */
  lastOf(fetch: number): number {
    return this.last[fetch]!;
  }

  /** A fetch has ended, and its number is free; those who wait must have been told. */
  end(fetch: number, succeeded: boolean): void {
    const { leases, single, current } = this.of[this.owners[fetch]!]!;
    const key = this.keys[fetch]!;
    if (this.isCurrent(fetch)) {
      current.delete(key);
      if (single !== null) single.finished(key, this.tokens[fetch]!);
      else if (succeeded) leases!.fill(key, this.tokens[fetch]!);
      else leases!.invalidate(key);
    }
    this.nextFree[fetch] = this.free;
    this.free = fetch;
  }

  /** The key has changed: what is being fetched is out of date, and who comes now fetches anew. */
  dropped(whose: number, key: number): void {
    const { leases, current } = this.of[whose]!;
    if (leases?.invalidate(key)) current.delete(key);
  }

  private append(fetch: number, first: number, last: number): void {
    if (this.first[fetch]! < 0) this.first[fetch] = first;
    else this.following[this.last[fetch]!] = first;
    this.last[fetch] = last;
  }

  private take(): number {
    const fetch = this.free;
    if (fetch !== ALONE) {
      this.free = this.nextFree[fetch]!;
      return fetch;
    }
    if (this.used + 1 === this.keys.length) {
      this.owners = twice(this.owners);
      this.keys = twice(this.keys);
      this.first = twice(this.first);
      this.last = twice(this.last);
      this.nextFree = twice(this.nextFree);
      const tokens = new Float64Array(2 * this.tokens.length);
      tokens.set(this.tokens);
      this.tokens = tokens;
    }
    return ++this.used;
  }
}

function twice(values: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const more = new Int32Array(2 * values.length);
  more.set(values);
  return more;
}
