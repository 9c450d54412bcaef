import { requireTime } from './require.ts';

/** How long an entry may be used, counted from when it was stored. */
export interface FreshnessOptions {
  /** Older than this, it is used but fetched anew; from 0 to `ttl`, default `ttl`: never. */
  readonly softTtl?: number;
  /** Older than this, it is not used any more; ≥ 0. */
  readonly ttl: number;
  /** For so long beyond `ttl` it is still used when the origin fails; ≥ 0, default 0. */
  readonly staleIfError?: number;
}

/** What may be done with an entry: see {@link freshness}. */
export type Freshness = 'fresh' | 'refresh' | 'stale' | 'gone';

/**
 * What an entry of some age is good for (after RFC 5861: stale-while-revalidate and stale-if-error).
 *
 * - FR-1 `fresh`: age < softTtl. Use it.
 * - FR-2 `refresh`: softTtl ≤ age < ttl. Use it, and have one caller fetch it anew meanwhile.
 * - FR-3 `stale`: ttl ≤ age < ttl + staleIfError. Fetch it; use what is there only when that fails.
 * - FR-4 `gone`: older. Fetch it.
 * - FR-5 An entry from the future, because the clock went back, has age 0.
 */
export function freshness(storedAt: number, now: number, options: FreshnessOptions): Freshness {
  const { ttl, softTtl = ttl, staleIfError = 0 } = options;
  requireTime('ttl', ttl);
  if (!(softTtl >= 0 && softTtl <= ttl)) {
    throw new RangeError(`softTtl must be from 0 to ttl = ${ttl}, got ${softTtl}`);
  }
  requireTime('staleIfError', staleIfError);
  if (Number.isNaN(storedAt) || Number.isNaN(now)) {
    throw new RangeError(`storedAt and now must be numbers, got ${storedAt} and ${now}`);
  }
  const age = Math.max(0, now - storedAt);
  if (age < softTtl) return 'fresh';
  if (age < ttl) return 'refresh';
  return age < ttl + staleIfError ? 'stale' : 'gone';
}
