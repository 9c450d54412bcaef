import type { Cache } from '../cache.ts';
import { requireTime } from './require.ts';

/**
 * As `cache.lookup`, and a hit renews the entry: it expires `ttl` after now.
 *
 * - SL-1 A hit at `now` sets the expiry to `now + ttl`, or to `latest` when that is sooner.
 * - SL-2 A miss renews nothing: what has expired stays expired.
 * - SL-3 A clock that went back renews from the time it shows, so that no entry lives longer for it.
 *
 * @param ttl ≥ 0, in the unit of `now`
 * @param latest no renewal goes beyond this instant; default Infinity
 */
export function lookupSliding(
  cache: Cache,
  key: number,
  now: number,
  ttl: number,
  latest: number = Number.POSITIVE_INFINITY,
): boolean {
  requireTime('ttl', ttl);
  if (!cache.lookup(key, now)) return false;
  cache.expireAt(key, Math.min(now + ttl, latest));
  return true;
}
