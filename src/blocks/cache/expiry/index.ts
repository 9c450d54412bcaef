/**
 * When an entry is too old, who fetches it anew, and what makes many entries old at once. Times are in whatever
 * unit the caller counts in, the same everywhere.
 */
export { type EarlyRefreshOptions, refreshesEarly } from './early-refresh.ts';
export { type Freshness, type FreshnessOptions, freshness } from './freshness.ts';
export { jitteredTtl } from './jitter.ts';
export { Leases, type LeasesOptions, type LeasesState } from './leases.ts';
export {
  NamespaceVersions,
  type NamespaceVersionsOptions,
  type NamespaceVersionsState,
} from './namespace-versions.ts';
export { NegativeCache, type NegativeCacheOptions, type NegativeCacheState } from './negative-cache.ts';
export { lookupSliding } from './sliding.ts';
export { TagIndex, type TagIndexOptions, type TagIndexState } from './tag-index.ts';
