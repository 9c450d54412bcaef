/**
 * Caches: which entry stays, and how often that pays.
 */
export {
  type AgingPolicy,
  characteristicTime,
  type HitRatioPolicy,
  hitRatio,
  residency,
} from './characteristic-time.ts';
