import {
  type QueuePolicy,
  queueCycle,
  queueEntry,
  queueResidence,
  stationaryStay,
} from '../../blocks/index.ts';
import { drawCandidates, lowestThatFit } from './candidates.ts';
import { demandAt, type History, marginOf, put } from './history.ts';

/** Accesses of the most popular key that a warm LFU cache has counted; leaves it room to count on. */
const LONG_HISTORY = 2 ** 30;

/**
 * FIFO and LFU: each key by itself is in the state that `queue-life.ts` describes, and entries are taken in
 * the reverse order of eviction until the cache is full. (FIFO without expiry and removal is exactly a product
 * law in random order, Gelenbe 1973; this differs from it by terms of the order of 1 / capacity.)
 */
export function warmQueue(history: History, policy: QueuePolicy): void {
  const { space, capacity, random, lifetimes, rate, removals } = history;
  const demand = demandAt(history, capacity);
  const stay = stationaryStay(policy, demand);
  const demandOf = (popularity: number) => ({
    rate: popularity * rate,
    removal: popularity * rate * removals,
  });
  const cycle = (popularity: number) =>
    mean(demand.lifetimes, (lifetime) => queueCycle(policy, demandOf(popularity), lifetime, stay));
  let insertionRate = 0;
  for (let i = 0; i < demand.keys.length; i++) {
    if (demand.perKey[i]! > 0) insertionRate += demand.keys[i]! / cycle(demand.perKey[i]! / rate);
  }
  // Twice the time that it takes to insert what may be lacking, for some of that will be hit meanwhile.
  const reach = stay + (2 * marginOf(history)) / insertionRate;
  const uniform = () => random.next();
  const frequencies: number[] = [];
  const expiries: number[] = [];
  const candidates = drawCandidates(
    space,
    random,
    (popularity) =>
      mean(demand.lifetimes, (lifetime) =>
        queueResidence(policy, demandOf(popularity), lifetime, stay, reach),
      ) / cycle(popularity),
    (popularity) => {
      const key = demandOf(popularity);
      const lifetime =
        lifetimes === null
          ? Number.POSITIVE_INFINITY
          : lifetimes.pick((other) => queueResidence(policy, key, other, stay, reach));
      const { age, frequency } = queueEntry(policy, key, lifetime, stay, reach, uniform);
      frequencies.push(Math.min(frequency, LONG_HISTORY));
      expiries.push(lifetime === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : lifetime - age);
      // By frequency, and among those of frequency 1, which are all for FIFO, by age.
      return frequency === 1 ? 1 + age : 1 / frequency;
    },
  );
  const residents = lowestThatFit(candidates, space, capacity);
  for (let i = residents.length - 1; i >= 0; i--) {
    const at = residents[i]!;
    put(history, candidates.keys[at]!, candidates.groups[at]!, expiries[at]!, frequencies[at]!);
  }
}

/**
 * The most popular keys that fit, with frequencies in proportion to their popularity.
 *
 * For LFU that nothing makes forget this is a choice: it goes on counting what once was frequent, so that no
 * state is the one that all pasts lead to.
 */
export function warmMostPopular(history: History): void {
  const { space, capacity } = history;
  const scale = LONG_HISTORY / space.probabilityPerKey(0);
  for (let key = space.keysThatFit(capacity) - 1; key >= 0; key--) {
    const group = space.groupOf(key);
    if (space.probabilityPerKey(group) === 0) continue;
    // Frequency 1 is left to newcomers.
    put(history, key, group, Number.POSITIVE_INFINITY, 2 + scale * space.probabilityPerKey(group));
  }
}

function mean(lifetimes: Float64Array, of: (lifetime: number) => number): number {
  let sum = 0;
  for (let i = 0; i < lifetimes.length; i++) sum += of(lifetimes[i]!);
  return sum / lifetimes.length;
}
