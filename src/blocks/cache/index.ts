/**
 * Caches: which entry stays, and how often that pays.
 *
 * A policy is a file: it extends `SlotOrder`, which owns the slots and their weights, and says only how slots are
 * ordered; it joins the table in `create-cache.ts`, and from then on runs the conformance suite. `KeyedCache`
 * finds slots by integer keys; the adapter `CacheMap` finds them by any. Beside them, the hit ratios that theory
 * gives, and `expiry/`: when an entry is too old, and who fetches it anew.
 */
export { beladyMisses } from './belady.ts';
export type { Cache, CacheOptions } from './cache.ts';
export {
  type AgingPolicy,
  characteristicTime,
  type HitRatioPolicy,
  hitRatio,
  residency,
} from './characteristic-time.ts';
export {
  type CachePolicy,
  cachePolicies,
  createCache,
  createOrder,
  type EvictionOptions,
  type EvictionPolicy,
  evictionPolicies,
} from './create-cache.ts';
export * from './expiry/index.ts';
export { KeyedCache } from './keyed-cache.ts';
export * from './life/index.ts';
export { NONE as NO_SLOT, type SlotOrder } from './slot-order.ts';
