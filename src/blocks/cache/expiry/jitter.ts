import type { Random } from '../../../kernel/index.ts';
import { requireTime } from './require.ts';

/**
 * A lifetime that differs from entry to entry, so that what was filled together does not expire together.
 *
 * - JT-1 It is `ttl · (1 − share · U)`, U uniform on [0, 1): never longer than `ttl`, always longer than
 *   `ttl · (1 − share)`, on average `ttl · (1 − share / 2)`.
 * - JT-2 A share of 0 draws nothing.
 *
 * @param ttl ≥ 0
 * @param share from 0 to 1
 */
export function jitteredTtl(ttl: number, share: number, random: Random): number {
  requireTime('ttl', ttl);
  if (!(share >= 0 && share <= 1)) throw new RangeError(`share must be from 0 to 1, got ${share}`);
  if (share === 0 || ttl === Number.POSITIVE_INFINITY) return ttl;
  return ttl * (1 - share * random.next());
}
