import { LruLife, stationaryStay } from '../../blocks/index.ts';
import { drawCandidates, lowestThatFit } from './candidates.ts';
import { demandAt, type History, marginOf, put } from './history.ts';

/**
 * The most recently requested keys that fit. The time since the last request for a key is exponential, so that
 * this draws from the exact stationary law (King 1971; Fagin 1977). Removals thin out what is old. Expiry does
 * not change the contents, for an expired entry is removed only by the request that renews it; how old an entry
 * was at that request, `LruLife` tells; where expiry is sliding, the request renewed it.
 */
export function warmLru(history: History): void {
  const { space, capacity, random, lifetimes, rate, removals } = history;
  const stay = stationaryStay('lru', demandAt(history, capacity));
  const horizon = stationaryStay('lru', demandAt(history, capacity + marginOf(history)));
  // Of the events of a key, requests and removals, this share are requests.
  const requests = 1 / (1 + removals);
  const candidates = drawCandidates(
    space,
    random,
    (popularity) => -requests * Math.expm1((-popularity * rate * horizon) / requests),
    (popularity, u) => (-Math.log1p(-u / requests) * requests) / (popularity * rate),
  );
  const residents = lowestThatFit(candidates, space, capacity);
  const uniform = () => random.next();
  const lives: LruLife[] = [];
  for (let i = residents.length - 1; i >= 0; i--) {
    const at = residents[i]!;
    const group = candidates.groups[at]!;
    let expiresAt = Number.POSITIVE_INFINITY;
    if (lifetimes !== null) {
      if (history.sliding) {
        const renewed = lifetimes.pick(() => 1) - candidates.scores[at]!;
        put(history, candidates.keys[at]!, group, renewed, 1);
        continue;
      }
      const perKey = space.probabilityPerKey(group) * rate;
      lives[group] ??= new LruLife({ rate: perKey, removal: perKey * removals }, stay);
      const life = lives[group];
      const lifetime = lifetimes.pick((other) => 1 + life.hits(other));
      expiresAt = lifetime - life.ageAtRequest(lifetime, uniform) - candidates.scores[at]!;
    }
    put(history, candidates.keys[at]!, group, expiresAt, 1);
  }
}
