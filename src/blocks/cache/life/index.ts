/**
 * What becomes of one key in a cache: asked for, put in, expired, removed, evicted, asked for again. It gives hit
 * ratios where entries do not live until they are evicted, and the state in which a cache is found.
 */
export type { KeyDemand } from './demand.ts';
export { LruLife } from './lru-life.ts';
export {
  type QueueEntry,
  type QueuePolicy,
  queueCycle,
  queueEntry,
  queueHits,
  queueResidence,
} from './queue-life.ts';
export { type CacheDemand, stationaryHitRatio, stationaryStay } from './stationary.ts';
