import {
  type CacheDemand,
  type QueuePolicy,
  queueCycle,
  queueEntry,
  queueResidence,
  stationaryStay,
} from '../../blocks/index.ts';
import { drawCandidates, lowestThatFit } from './candidates.ts';
import { demandAt, type History, marginOf, put } from './history.ts';
import { ascending } from './order.ts';

/** Accesses of the most popular key that a warm LFU cache has counted; leaves it room to count on. */
const LONG_HISTORY = 2 ** 30;

/**
 * The stays to choose among, as those of caches that are smaller or larger by these parts of the margin; in
 * between, straight lines. The one in the middle is that of the cache itself.
 */
const STAYS = [-1 / 4, 0, 1 / 4, 1];
const MEAN = 1;

/**
 * FIFO and LFU: each key by itself is in the state that `queue-life.ts` describes.
 *
 * How long entries stay is not quite the same at all times, but what fills the cache at the time. So for each
 * key a quantile is drawn, and it is there if it would be with a stay that its quantile asks for; those which
 * ask for the least are taken until the cache is full. (For FIFO without expiry and removal that comes to a
 * Pareto sample, Rosén 1997, from the exact product law of Gelenbe 1973, up to terms of the order of
 * 1 / capacity.)
 */
export function warmQueue(history: History, policy: QueuePolicy): void {
  const { space, capacity, random, lifetimes, rate, removals } = history;
  const demand = demandAt(history, capacity);
  const stays = Float64Array.from(STAYS, (share) =>
    stationaryStay(policy, demandAt(history, Math.max(0, capacity + share * marginOf(history)))),
  );
  const present = new Float64Array(stays.length);
  const candidates = drawCandidates(
    space,
    random,
    (popularity) => {
      for (let i = 0; i < stays.length; i++)
        present[i] = presence(policy, demand, popularity * rate, stays[i]!);
      return present[present.length - 1]!;
    },
    (_, u) => {
      let i = 0;
      while (u >= present[i]!) i++;
      const before = i === 0 ? 0 : present[i - 1]!;
      return i + (u - before) / (present[i]! - before);
    },
  );
  const residents = lowestThatFit(candidates, space, capacity);
  const stay = stays[MEAN]!;
  const uniform = () => random.next();
  const coldness = new Float64Array(residents.length);
  const frequencies = new Float64Array(residents.length);
  const expiries = new Float64Array(residents.length).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < residents.length; i++) {
    const perKey = space.probabilityPerKey(candidates.groups[residents[i]!]!) * rate;
    const key = { rate: perKey, removal: perKey * removals };
    const lifetime =
      lifetimes?.pick((other) => queueResidence(policy, key, other, stay)) ?? Number.POSITIVE_INFINITY;
    const { age, frequency } = queueEntry(policy, key, lifetime, stay, uniform);
    // The reverse of the order of eviction: by frequency, and among those of frequency 1 by age.
    coldness[i] = frequency === 1 ? 1 + age : 1 / frequency;
    frequencies[i] = Math.min(frequency, LONG_HISTORY);
    if (lifetimes !== null) expiries[i] = lifetime - age;
  }
  const hottest = ascending(coldness);
  for (let i = hottest.length - 1; i >= 0; i--) {
    const one = hottest[i]!;
    const at = residents[one]!;
    put(history, candidates.keys[at]!, candidates.groups[at]!, expiries[one]!, frequencies[one]!);
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
  const scale = LONG_HISTORY / space.classes.perKey.reduce((most, each) => Math.max(most, each), 0);
  for (let key = space.keysThatFit(capacity) - 1; key >= 0; key--) {
    const group = space.groupOf(key);
    if (space.probabilityPerKey(group) === 0) continue;
    // Frequency 1 is left to newcomers.
    put(history, key, group, Number.POSITIVE_INFINITY, 2 + scale * space.probabilityPerKey(group));
  }
}

/** Probability that a key of this rate is in the cache when entries stay so long. */
function presence(policy: QueuePolicy, demand: CacheDemand, rate: number, stay: number): number {
  const key = { rate, removal: rate * demand.removalsPerRequest };
  let residence = 0;
  let cycle = 0;
  for (let i = 0; i < demand.lifetimes.length; i++) {
    residence += queueResidence(policy, key, demand.lifetimes[i]!, stay);
    cycle += queueCycle(policy, key, demand.lifetimes[i]!, stay);
  }
  return cycle === Number.POSITIVE_INFINITY ? 1 : residence / cycle;
}
