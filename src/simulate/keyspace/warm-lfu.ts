import { expiringStay, lfuCycle, lfuEntry, lfuReach } from '../../blocks/index.ts';
import { drawCandidates, lowestThatFit } from './candidates.ts';
import { type History, marginOf, put } from './history.ts';
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
  let insertionRate = 0;
  for (let i = 0; i < rates.length; i++) insertionRate += keys[i]! / meanLength(rates[i]!, stay, lifetimes);
  // Twice the time that it takes to insert what may be lacking, for some of that will have been hit.
  const reach = stay + (2 * marginOf(history)) / insertionRate;
  const uniform = () => random.next();
  const frequencies: number[] = [];
  const expiries: number[] = [];
  const candidates = drawCandidates(
    space,
    random,
    (popularity) => {
      const rate = popularity * requestRate;
      const present = mean(lifetimes.typical, (lifetime) => lfuReach(rate, lifetime, stay, reach));
      return present / meanLength(rate, stay, lifetimes);
    },
    (popularity) => {
      const rate = popularity * requestRate;
      const lifetime = lifetimes.pick((other) => lfuReach(rate, other, stay, reach));
      const { age, frequency } = lfuEntry(rate, lifetime, stay, reach, uniform);
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

function meanLength(rate: number, stay: number, lifetimes: Lifetimes): number {
  return mean(lifetimes.typical, (lifetime) => lfuCycle.length(rate, lifetime, stay));
}

function mean(lifetimes: Float64Array, of: (lifetime: number) => number): number {
  let sum = 0;
  for (const lifetime of lifetimes) sum += of(lifetime);
  return sum / lifetimes.length;
}
