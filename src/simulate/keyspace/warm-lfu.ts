import { expiringStay, lfuCycle, lfuEntry } from '../../blocks/index.ts';
import { drawCandidates, lowestThatFit } from './candidates.ts';
import { type History, put } from './history.ts';
import type { Lifetimes } from './lifetimes.ts';

/** Accesses of the most popular key that a warm cache has counted; leaves it room to count on. */
const LONG_HISTORY = 2 ** 30;

/**
 * The most popular keys that fit, with frequencies in proportion to their popularity. This is a choice: LFU
 * without expiry never forgets what once was frequent, so that no state is the one that all pasts lead to.
 */
export function warmLfu(history: History): void {
  const { space, capacity } = history;
  const scale = LONG_HISTORY / space.probabilityPerKey(0);
  for (let key = space.keysThatFit(capacity) - 1; key >= 0; key--) {
    const group = space.groupOf(key);
    // Frequency 1 is left to newcomers.
    put(history, key, group, Number.POSITIVE_INFINITY, 2 + scale * space.probabilityPerKey(group));
  }
}

/** Expiry makes it forget: each key by itself is in the state that `lfu-cycle.ts` describes. */
export function warmExpiringLfu(history: History, lifetimes: Lifetimes): void {
  const { space, capacity, requestRate, random } = history;
  const { perKey, keys } = space.classes;
  const rates = perKey.map((popularity) => popularity * requestRate);
  const stay = expiringStay('lfu', rates, keys, capacity, lifetimes.typical);
  const uniform = () => random.next();
  const frequencies: number[] = [];
  const expiries: number[] = [];
  const candidates = drawCandidates(
    space,
    random,
    (popularity) => presence(popularity * requestRate, stay, lifetimes.typical),
    (popularity) => {
      const rate = popularity * requestRate;
      const lifetime = lifetimes.pick((other) => lfuCycle.residence(rate, other, stay));
      const { age, frequency } = lfuEntry(rate, lifetime, stay, uniform);
      frequencies.push(Math.min(frequency, LONG_HISTORY));
      expiries.push(lifetime - age);
      // The reverse of the order of eviction: by frequency, and among those of frequency 1 by age.
      return frequency === 1 ? 1 + age : 1 / frequency;
    },
  );
  const residents = lowestThatFit(candidates, space, capacity);
  for (let i = residents.length - 1; i >= 0; i--) {
    const at = residents[i]!;
    put(history, candidates.keys[at]!, candidates.groups[at]!, expiries[at]!, frequencies[at]!);
  }
}

/** Probability that a key is in the cache. */
function presence(rate: number, stay: number, lifetimes: Float64Array): number {
  let residence = 0;
  let length = 0;
  for (const lifetime of lifetimes) {
    residence += lfuCycle.residence(rate, lifetime, stay);
    length += lfuCycle.length(rate, lifetime, stay);
  }
  return residence / length;
}
