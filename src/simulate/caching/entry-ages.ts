import { type Cache, freshness, refreshesEarly } from '../../blocks/index.ts';
import type { Random } from '../../kernel/index.ts';
import type { RefreshSpec } from '../model.ts';

/** An entry may be served as it is. */
export const FRESH = 0;
/** It is past its soft time to live: one who asks fetches it anew. */
export const AGED = 1;
/** This request is the one to fetch it anew before it expires. */
export const EARLY = 2;

/**
 * When the entries of one cache came in, when they expire, and how long it took to fetch them: what a reader needs
 * to tell whether to fetch one anew although it is served. Keys are simulated keys; times are seconds.
 */
export class EntryAges {
  private readonly spec: RefreshSpec;
  private readonly random: Random;
  private readonly storedAt: Float64Array;
  private readonly expiresAt: Float64Array;
  private readonly fetchTimes: Float64Array;
  // One of each for all calls: nothing is allocated for a request.
  private readonly lifetime = { softTtl: 0, ttl: 0 };
  private readonly eagerness: { fetchTime: number; readonly beta: number };
  /** Of the latest fetch of any key, for entries of which no fetch has been seen. */
  private latest = 0;

  constructor(keys: number, spec: RefreshSpec, random: Random) {
    this.spec = spec;
    this.random = random;
    this.eagerness = { fetchTime: 0, beta: spec.beta };
    this.storedAt = new Float64Array(keys).fill(Number.NaN);
    this.expiresAt = new Float64Array(keys).fill(Number.NaN);
    this.fetchTimes = new Float64Array(spec.beta > 0 ? keys : 0).fill(Number.NaN);
  }

  stored(key: number, now: number, expiresAt: number): void {
    this.storedAt[key] = now;
    this.expiresAt[key] = expiresAt;
  }

  /**
   * Entries known so far came in as if they lived no longer than the soft time to live: gives each its own.
   *
   * @param draw a time to live
   */
  prolong(cache: Cache, draw: () => number): void {
    const softTtl = this.spec.softTtl!;
    for (let key = 0; key < this.storedAt.length; key++) {
      if (Number.isNaN(this.storedAt[key]!)) continue;
      this.expiresAt[key] = this.storedAt[key]! + Math.max(softTtl, draw());
      if (!cache.expireAt(key, this.expiresAt[key]!)) this.storedAt[key] = Number.NaN;
    }
  }

  /** Entries known so far expire when they are to be fetched anew: lets each be served for `staleFor` longer. */
  keepStale(cache: Cache, staleFor: number): void {
    for (let key = 0; key < this.storedAt.length; key++) {
      if (Number.isNaN(this.storedAt[key]!)) continue;
      this.expiresAt[key]! += staleFor;
      if (!cache.expireAt(key, this.expiresAt[key]!)) this.storedAt[key] = Number.NaN;
    }
  }

  fetched(key: number, seconds: number): void {
    if (this.spec.beta === 0) return;
    this.latest = seconds;
    this.fetchTimes[key] = seconds;
  }

  /** What is to be done about an entry that was just served: one of the three constants. */
  due(key: number, now: number): number {
    const { softTtl, staleFor, beta } = this.spec;
    const storedAt = this.storedAt[key]!;
    const expiresAt = this.expiresAt[key]!;
    if (Number.isNaN(storedAt)) return FRESH;
    if (softTtl !== null || staleFor !== undefined) {
      const { lifetime } = this;
      lifetime.ttl = expiresAt - storedAt;
      const soft = staleFor === undefined ? softTtl! : Math.max(0, lifetime.ttl - staleFor);
      lifetime.softTtl = Math.min(soft, lifetime.ttl);
      // One that expired on the way to who asked is fetched anew as well.
      if (freshness(storedAt, now, lifetime) !== 'fresh') return AGED;
    }
    if (beta === 0) return FRESH;
    const known = this.fetchTimes[key]!;
    this.eagerness.fetchTime = Number.isNaN(known) ? this.latest : known;
    return refreshesEarly(expiresAt, now, this.eagerness, this.random) ? EARLY : FRESH;
  }
}
