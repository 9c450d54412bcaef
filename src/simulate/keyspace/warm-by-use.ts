import { lookupSliding } from '../../blocks/index.ts';
import type { Random } from '../../kernel/index.ts';
import type { History } from './history.ts';

/**
 * Lookups for each entry that fits until the hit ratio stands, as measured with a tenth of 10,000 keys under Zipf 0.8:
 * the others are within a third of a point after 200, SIEVE climbs on until some 2,000.
 */
const LOOKUPS_EACH = { sieve: 2000, others: 200 };
const LOOKUPS_MIN = 10_000;
const LOOKUPS_MAX = 20_000_000;
/** An entry that expires takes what was known of it along: beyond so many lifetimes of all entries nothing is left. */
const LIFETIMES = 20;

/**
 * Policies whose contents no theory tells: the cache is used, before time 0, as it will be afterwards, for so long
 * that its beginning is forgotten.
 *
 * @param ttl draws a lifetime in seconds; null = entries never expire
 */
export function warmByUse(
  { cache, space, capacity, itemWeight, rate, removals, lifetimes, sliding, noted, random }: History,
  policy: string,
  ttl: (() => number) | null,
): void {
  const entries = space.keysThatFit(capacity);
  const settled = lookupsUntilSettled(policy, entries);
  const longest = lifetimes === null || sliding ? Number.POSITIVE_INFINITY : Math.max(...lifetimes.typical);
  const forgotten = Math.max(entries * LOOKUPS_EACH.others, LIFETIMES * longest * rate);
  const lookups = Math.min(LOOKUPS_MAX, Math.max(LOOKUPS_MIN, Math.min(settled, forgotten)));
  const gap = 1 / rate;
  for (let left = lookups; left > 0; left--) {
    const now = -left * gap;
    const key = ownKey(space.sample(random));
    const life = sliding && key >= 0 ? ttl!() : null;
    if (key >= 0 && !(life === null ? cache.lookup(key, now) : lookupSliding(cache, key, now, life))) {
      const expires = ttl === null ? Number.POSITIVE_INFINITY : now + ttl();
      noted?.(key, expires);
      cache.insert(key, itemWeight * space.sizeOf(key), now, expires);
    }
    if (removals > 0)
      remove(removals, random, () => {
        const dropped = ownKey(space.sample(random));
        if (dropped >= 0) cache.remove(dropped);
      });
  }
}

/** Whether a cache of so many entries, used beforehand as long as we do, has come to its hit ratio. */
export function isSettled(policy: string, entries: number): boolean {
  return lookupsUntilSettled(policy, entries) <= LOOKUPS_MAX;
}

function lookupsUntilSettled(policy: string, entries: number): number {
  return entries * (policy === 'sieve' ? LOOKUPS_EACH.sieve : LOOKUPS_EACH.others);
}

/** The simulated key that a request is for; −1 for one that another key stands for, which leaves no trace. */
function ownKey(code: number): number {
  return (code & 1) === 1 ? code >> 1 : -1;
}

/** Does something so often on average. */
function remove(often: number, random: Random, once: () => void): void {
  for (let left = often; left > 0; left--) if (left >= 1 || random.next() < left) once();
}
