import type { Cache, CacheDemand } from '../../blocks/index.ts';
import type { Random } from '../../kernel/index.ts';
import type { KeySpace } from './key-space.ts';
import type { Contents } from './known-contents.ts';
import type { Lifetimes } from './lifetimes.ts';

/** A cache to fill, and the past that it is to look like. */
export interface History {
  readonly cache: Cache;
  readonly space: KeySpace;
  /** Keys of the data set that fit, ≥ 1, whole. */
  readonly capacity: number;
  /** Weight of one key of the data set. */
  readonly itemWeight: number;
  /** Lookups per second, > 0. */
  readonly rate: number;
  /** Removals per lookup, ≥ 0. */
  readonly removals: number;
  /** null = entries never expire. */
  readonly lifetimes: Lifetimes | null;
  /** A hit gives an entry a new lifetime. */
  readonly sliding: boolean;
  /** Told of each entry put in. */
  readonly noted: ((key: number, expiresAt: number) => void) | null;
  readonly random: Random;
  /** Keeps what is put in; null = nothing does. */
  readonly contents: Contents | null;
}

/** Standard deviations by which candidates must exceed the capacity, so that it is filled for sure. */
const MARGIN = 6;

/** What the expected weight of the candidates must be above the capacity, in keys, for them to fill it. */
export function marginOf({ capacity, space }: History): number {
  // The variance of the weight is at most that of as many entries of the heaviest kind as fill the cache.
  return MARGIN * Math.sqrt(capacity * space.heaviest);
}

/** This past, for a cache of the given size, in the terms of the theory. */
export function demandAt({ space, rate, removals, lifetimes }: History, capacityItems: number): CacheDemand {
  const { perKey, keys } = space.classes;
  return {
    perKey: perKey.map((popularity) => popularity * rate),
    keys,
    capacityItems,
    lifetimes: lifetimes?.typical ?? Float64Array.of(Number.POSITIVE_INFINITY),
    removalsPerRequest: removals,
  };
}

/** Puts a simulated key in as the most recent one. */
export function put(
  history: History,
  key: number,
  group: number,
  expiresAt: number,
  frequency: number,
): void {
  history.contents?.add(key, group, expiresAt, frequency);
  putAgain(history, key, group, expiresAt, frequency);
}

/** The same of what is known to have been put into such a cache. */
export function putAgain(
  { cache, space, itemWeight, noted }: Omit<History, 'contents'>,
  key: number,
  group: number,
  expiresAt: number,
  frequency: number,
): void {
  const weight = itemWeight * space.standsFor(group);
  noted?.(key, expiresAt);
  // Weights that add up in another order may not fit by a rounding error; then the coldest makes room.
  if (!cache.restore(key, weight, expiresAt, frequency)) cache.insert(key, weight, 0, expiresAt);
}
