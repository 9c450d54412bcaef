/**
 * Keys: how the simulator handles data sets of any size in bounded memory, and how it fills a cache with
 * what would be there in the long run.
 */
export {
  createKeySpace,
  type KeySpace,
  type PopularityClasses,
} from './key-space.ts';
export { MissingKeys } from './missing-keys.ts';
export type { KeySpaceOptions } from './strata.ts';
export { isSettled } from './warm-by-use.ts';
export { hasTheory, type WarmStartOptions, warmStart } from './warm-start.ts';
