/**
 * Where keys live: hashes, locators (key to node), shard maps (key to shard) and plans of what moves between two
 * of them, hot keys, and the arithmetic of quorums.
 *
 * A new locator extends `AvailabilityLocator`, joins the table in `create-locator.ts`, and from then on runs the
 * conformance suite.
 */

export { mix32 } from '../../kernel/index.ts';
export { BoundedLoadRing, type BoundedLocator } from './bounded-load.ts';
export { createLocator, type LocatorName, locators, restoreLocator } from './create-locator.ts';
export {
  createShardMap,
  type Sharding,
  type ShardMapOptions,
  shardings,
} from './create-shard-map.ts';
export {
  DirectoryShards,
  type DirectoryShardsOptions,
  type DirectoryShardsState,
} from './directory-shards.ts';
export { fnv1a, hashBytes, hashInteger, hashString } from './hash.ts';
export { HashRing } from './hash-ring.ts';
export { placeHeaviestFirst } from './heaviest-first.ts';
export { type HotKey, HotKeys, type HotKeysOptions, type HotKeysState } from './hot-keys.ts';
export { JumpLocator } from './jump.ts';
export { jumpHash, jumpHash64 } from './jump-hash.ts';
export { kafkaHash, kafkaPartition } from './kafka-hash.ts';
export type { Locator, LocatorOptions, LocatorState, TrackingLocator } from './locator.ts';
export { locatorShards } from './locator-shards.ts';
export { fillMaglevTable, MaglevLocator, type MaglevNodes } from './maglev.ts';
export { ModuloLocator } from './modulo.ts';
export {
  type Move,
  type MovePlan,
  planRangeMoves,
  planSampledMoves,
  planSlotMoves,
  type RangeMove,
  type RangeMovePlan,
} from './move-plan.ts';
export {
  expectedVersionsBehind,
  freshWithin,
  majority,
  type QuorumFacts,
  type QuorumSizes,
  quorumAvailability,
  quorumFacts,
  quorumUnavailability,
  versionsWithin,
} from './quorum.ts';
export { type RangeShards, type RangeShardsState, rangeShards, restoreRangeShards } from './range-shards.ts';
export { RendezvousLocator } from './rendezvous.ts';
export { hashKey, type ShardKey, type ShardMap } from './shard-map.ts';
export { evenSlots, restoreSlotShards, SlotShards, type SlotShardsState } from './slot-shards.ts';
