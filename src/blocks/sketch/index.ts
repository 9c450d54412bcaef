/**
 * Sketches: answers about a stream in little memory, right within known bounds. Was it there (`BloomFilter`), how
 * often (`CountMin`), how many different (`HyperLogLog`), which most often (`SpaceSaving`).
 *
 * Keys come in as hashes of 32 bits, any number that `| 0` takes to an int32; they are mixed further inside, so
 * that consecutive numbers will do. Different keys with the same hash are one key: with n keys, another one is
 * taken for one of them with chance n / 2^32, on top of what each sketch states.
 */
export { BloomFilter, type BloomFilterOptions, bloomHashes, bloomSize } from './bloom-filter.ts';
export { CountMin, type CountMinOptions, countMinSize } from './count-min.ts';
export { HyperLogLog, type HyperLogLogOptions } from './hyper-log-log.ts';
export {
  type HeavyHitter,
  SpaceSaving,
  type SpaceSavingOptions,
  type SpaceSavingState,
} from './space-saving.ts';
