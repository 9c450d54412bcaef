import { LruLife, stationaryStay } from '../../blocks/index.ts';
import { type Candidates, drawCandidates, lowestThatFit } from './candidates.ts';
import { demandAt, type History, marginOf, put } from './history.ts';

/**
 * The most recently requested keys that fit. The time since the last request for a key is exponential, so that
 * this draws from the exact stationary law (King 1971; Fagin 1977). Removals thin out what is old. Expiry does
 * not change the contents, for an expired entry is removed only by the request that renews it; how old an entry
 * was at that request, `LruLife` tells; where expiry is sliding, the request renewed it.
 */
export function warmLru(history: History): void {
  const { space, capacity, random, rate, removals } = history;
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
  const expiries = expiriesOf(history, candidates, residents, stay);
  for (let i = residents.length - 1; i >= 0; i--) {
    const at = residents[i]!;
    put(history, candidates.keys[at]!, candidates.groups[at]!, expiries[at]!, 1);
  }
}

/** When each resident expires, by candidate. Keys of a group are alike and stand in a row: they share one life. */
function expiriesOf(
  { space, random, lifetimes, sliding, rate, removals }: History,
  { groups, scores }: Candidates,
  residents: Int32Array,
  stay: number,
): Float64Array {
  const expiries = new Float64Array(scores.length).fill(Number.POSITIVE_INFINITY);
  if (lifetimes === null) return expiries;
  const isResident = new Uint8Array(scores.length);
  for (const at of residents) isResident[at] = 1;
  const uniform = () => random.next();
  let group = -1;
  let life: LruLife | null = null;
  // Hits come ever more rarely as an entry grows old: their number is concave in its lifetime.
  const weight = (lifetime: number) => (life === null ? 1 : 1 + life.hits(lifetime));
  for (let at = 0; at < scores.length; at++) {
    if (isResident[at] === 0) continue;
    if (sliding) {
      expiries[at] = lifetimes.pick(weight, true) - scores[at]!;
      continue;
    }
    if (group !== groups[at]!) {
      group = groups[at]!;
      const perKey = space.probabilityPerKey(group) * rate;
      life = new LruLife({ rate: perKey, removal: perKey * removals }, stay);
    }
    const lifetime = lifetimes.pick(weight, true);
    expiries[at] = lifetime - life!.ageAtRequest(lifetime, uniform) - scores[at]!;
  }
  return expiries;
}
