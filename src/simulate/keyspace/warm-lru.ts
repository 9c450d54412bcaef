import { characteristicTime, LruCycle, residency } from '../../blocks/index.ts';
import { drawCandidates, lowestThatFit } from './candidates.ts';
import { type History, marginOf, put } from './history.ts';
import type { Lifetimes } from './lifetimes.ts';

/**
 * The most recently requested keys that fit. The time since the last request for a key is exponential, so that
 * this draws from the exact stationary law (King 1971; Fagin 1977). Expiry does not change it, for an expired
 * entry is removed only by the request that renews it; how old an entry was at that request, `LruCycle` tells.
 */
export function warmLru(history: History, lifetimes: Lifetimes | null): void {
  const { space, capacity, requestRate, random } = history;
  const { perKey, keys } = space.classes;
  const horizon = characteristicTime('lru', perKey, keys, capacity + marginOf(history)) / requestRate;
  const stay = characteristicTime('lru', perKey, keys, capacity) / requestRate;
  const candidates = drawCandidates(
    space,
    random,
    (popularity) => residency('lru', popularity * requestRate * horizon),
    (popularity, u) => -Math.log1p(-u) / (popularity * requestRate),
  );
  const residents = lowestThatFit(candidates, space, capacity);
  const cycles: LruCycle[] = [];
  for (let i = residents.length - 1; i >= 0; i--) {
    const at = residents[i]!;
    const group = candidates.groups[at]!;
    let expiresAt = Number.POSITIVE_INFINITY;
    if (lifetimes !== null) {
      cycles[group] ??= new LruCycle(space.probabilityPerKey(group) * requestRate, stay);
      const cycle = cycles[group];
      const lifetime = lifetimes.pick((other) => cycle.requests(other));
      expiresAt = lifetime - cycle.ageAtRequest(lifetime, random.next()) - candidates.scores[at]!;
    }
    put(history, candidates.keys[at]!, group, expiresAt, 1);
  }
}
