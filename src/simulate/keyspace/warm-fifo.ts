import {
  characteristicTime,
  expiringStay,
  fifoAge,
  fifoCycle,
  fifoStayNeeded,
  residency,
} from '../../blocks/index.ts';
import { type Candidates, drawCandidates, lowestThatFit } from './candidates.ts';
import { type History, marginOf, put } from './history.ts';
import type { Lifetimes } from './lifetimes.ts';
import { ascending } from './order.ts';

/**
 * Contents of probability proportional to the product of their popularities, in random order (Gelenbe 1973).
 * Drawn as a Pareto sample (Rosén 1997): it keeps to the capacity, and the probability of each key differs
 * from the exact one by a term of the order of 1 / capacity.
 */
export function warmFifo(history: History): void {
  const { space, capacity, requestRate, random } = history;
  const horizon = stayOf(history, capacity + marginOf(history));
  const candidates = drawCandidates(
    space,
    random,
    (popularity) => residency('fifo', popularity * requestRate * horizon),
    (popularity, u) => u / (1 - u) / (popularity * requestRate),
  );
  putByAge(history, candidates, null);
}

/**
 * Contents and ages by the renewal argument of `fifo-cycle.ts`, with a Pareto sample as in {@link warmFifo}.
 */
export function warmExpiringFifo(history: History, lifetimes: Lifetimes): void {
  const { space, capacity, requestRate, random } = history;
  const { perKey, keys } = space.classes;
  const rates = perKey.map((popularity) => popularity * requestRate);
  const stay = expiringStay('fifo', rates, keys, capacity, lifetimes.typical);
  const horizon = stayOf(history, capacity + marginOf(history));
  const lived: number[] = [];
  const candidates = drawCandidates(
    space,
    random,
    // Expiry makes a key surer to be there, but never surer than under LRU.
    (popularity) => residency('lru', popularity * requestRate * horizon),
    (popularity, u) => {
      const rate = popularity * requestRate;
      const lifetime = lifetimes.pick((other) => fifoCycle.length(rate, other, stay));
      lived.push(lifetime);
      return fifoStayNeeded(rate, lifetime, u);
    },
  );
  putByAge(history, candidates, lived);
}

/** @param lived lifetimes of the candidates; null = for ever */
function putByAge(history: History, candidates: Candidates, lived: readonly number[] | null): void {
  const { space, capacity, requestRate, random } = history;
  const residents = lowestThatFit(candidates, space, capacity);
  if (residents.length === 0) return;
  const stay = candidates.scores[residents[residents.length - 1]!]!;
  const lifetimeOf = (at: number) => (lived === null ? Number.POSITIVE_INFINITY : lived[at]!);
  const ages = new Float64Array(residents.length);
  for (let i = 0; i < residents.length; i++) {
    const at = residents[i]!;
    const rate = space.probabilityPerKey(candidates.groups[at]!) * requestRate;
    ages[i] = fifoAge(rate, lifetimeOf(at), stay, random.next());
  }
  const youngest = ascending(ages);
  for (let i = youngest.length - 1; i >= 0; i--) {
    const at = residents[youngest[i]!]!;
    put(history, candidates.keys[at]!, candidates.groups[at]!, lifetimeOf(at) - ages[youngest[i]!]!, 1);
  }
}

/** Seconds after which entries are pushed out that do not expire. */
function stayOf({ space, requestRate }: History, capacity: number): number {
  const { perKey, keys } = space.classes;
  return characteristicTime('fifo', perKey, keys, capacity) / requestRate;
}
