import type { Random } from '../../../kernel/index.ts';
import { requireSpan } from './require.ts';

/** What early expiry depends on. */
export interface EarlyRefreshOptions {
  /** How long it takes to fetch the entry anew, ≥ 0: best the time it took last. */
  readonly fetchTime: number;
  /** How eagerly, ≥ 0; default 1, which the paper shows to be best for exponential gaps. 0 = only when expired. */
  readonly beta?: number;
}

/**
 * Whether this request should fetch the entry anew although it has not expired: XFetch (Vattani, Chierichetti &
 * Lowenstein, "Optimal probabilistic cache stampede prevention", PVLDB 8(8), 2015). Yes when
 * `now − D·β·ln U ≥ expiry`, D the time to fetch and U uniform on (0, 1]: each request decides for itself, the
 * likelier the nearer the expiry, so that one of many is early and the others find the new value.
 *
 * - XF-1 An entry that has expired is always to be fetched, and that draws nothing.
 * - XF-2 One that never expires, or with D·β = 0, is fetched only when it has expired.
 * - XF-3 The chance at a time a before expiry is e^(−a / (D·β)).
 */
export function refreshesEarly(
  expiresAt: number,
  now: number,
  options: EarlyRefreshOptions,
  random: Random,
): boolean {
  const { fetchTime, beta = 1 } = options;
  requireSpan('fetchTime', fetchTime);
  requireSpan('beta', beta);
  if (Number.isNaN(expiresAt) || Number.isNaN(now)) {
    throw new RangeError(`expiresAt and now must be numbers, got ${expiresAt} and ${now}`);
  }
  if (now >= expiresAt) return true;
  if (fetchTime * beta === 0 || expiresAt === Number.POSITIVE_INFINITY) return false;
  return now - fetchTime * beta * Math.log(1 - random.next()) >= expiresAt;
}
