/**
 * Caches whose entries expire: the life of one key, from insertion to insertion, under each policy. It gives
 * hit ratios, and the state in which a cache is found.
 */
export { expiringHitRatio, expiringStay } from './expiring-hit-ratio.ts';
export { fifoAge, fifoCycle, fifoStayNeeded } from './fifo-cycle.ts';
export { type LfuEntry, lfuCycle, lfuEntry, lfuReach } from './lfu-cycle.ts';
export { LruCycle } from './lru-cycle.ts';
