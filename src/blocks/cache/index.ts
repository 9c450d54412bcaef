/**
 * Caches: which entry stays, and how often that pays.
 *
 * A policy is a file: it extends `SlottedCache`, which owns the slots and the hash index, and says only how
 * slots are ordered; it joins the table in `create-cache.ts`, and from then on runs the conformance suite.
 * Beside them, the hit ratios that theory gives.
 */
export type { Cache, CacheOptions } from './cache.ts';
export {
  type AgingPolicy,
  characteristicTime,
  type HitRatioPolicy,
  hitRatio,
  residency,
} from './characteristic-time.ts';
export { type CachePolicy, cachePolicies, createCache } from './create-cache.ts';
export * from './life/index.ts';
