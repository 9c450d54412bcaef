import type { Random } from '../../kernel/index.ts';
import type { History } from './history.ts';

/** Lookups for each entry that fits: with twenty, policies that learn have learnt. */
const LOOKUPS_EACH = 20;
const LOOKUPS_MIN = 10_000;
const LOOKUPS_MAX = 20_000_000;

/**
 * Policies whose contents no theory tells: the cache is used, before time 0, as it will be afterwards, for so long
 * that its beginning is forgotten.
 *
 * @param ttl draws a lifetime in seconds; null = entries never expire
 */
export function warmByUse(
  { cache, space, capacity, itemWeight, rate, removals, random }: History,
  ttl: (() => number) | null,
): void {
  const entries = space.keysThatFit(capacity);
  const lookups = Math.min(LOOKUPS_MAX, Math.max(LOOKUPS_MIN, LOOKUPS_EACH * entries));
  const gap = 1 / rate;
  for (let left = lookups; left > 0; left--) {
    const now = -left * gap;
    const key = ownKey(space.sample(random));
    if (key >= 0 && !cache.lookup(key, now)) {
      const expires = ttl === null ? Number.POSITIVE_INFINITY : now + ttl();
      cache.insert(key, itemWeight * space.sizeOf(key), now, expires);
    }
    if (removals > 0)
      remove(removals, random, () => {
        const dropped = ownKey(space.sample(random));
        if (dropped >= 0) cache.remove(dropped);
      });
  }
}

/** The simulated key that a request is for; −1 for one that another key stands for, which leaves no trace. */
function ownKey(code: number): number {
  return (code & 1) === 1 ? code >> 1 : -1;
}

/** Does something so often on average. */
function remove(often: number, random: Random, once: () => void): void {
  for (let left = often; left > 0; left--) if (left >= 1 || random.next() < left) once();
}
