/**
 * Queueing, scaling and availability in closed form: pure functions, each with its paper. What is only an
 * approximation says so. Any unit of time serves, as long as rates and times agree.
 */
export { atLeastDrawn, downtime, failedParts, kOfEqual, kOfN, parallel, series } from './availability.ts';
export { batchQueue } from './batch-arrivals.ts';
export { type BulkQueue, bulkService } from './bulk-service.ts';
export {
  type ClosedClass,
  type ClosedClassSolution,
  exactStatesMax,
  meanValueClasses,
} from './closed-classes.ts';
export {
  asymptoticBounds,
  type ClosedBounds,
  type ClosedSolution,
  type ClosedStation,
  lastMeanValues,
  meanValueAnalysis,
} from './closed-network.ts';
export { type CustomerClass, cobham, mg1Sharing, sharingResponse } from './disciplines.ts';
export {
  erlangB,
  erlangC,
  type LossQueue,
  mm1,
  mm1ResponseQuantile,
  mmc,
  mmck,
  mmcWaitingCdf,
  mmcWaitingQuantile,
} from './erlang.ts';
export { forkJoin, forkJoinOfTwo } from './fork-join.ts';
export {
  batchMm1,
  constantGaps,
  erlangGaps,
  gim1,
  gim1Root,
  gimc,
  hyperexponentialGaps,
  kingman,
  kingmanBound,
  type LaplaceTransform,
} from './general-arrivals.ts';
export { allenCunneen, kimuraMgc, md1WaitingCdf, md1WaitingQuantile, mg1 } from './general-service.ts';
export {
  fanOutTail,
  harmonicNumber,
  kthOfExponentialsMean,
  maxOfExponentialsMean,
  maxOfExponentialsQuantile,
} from './order-statistics.ts';
export {
  fastestWith,
  type ProductFormSolution,
  productForm,
  repairman,
  type Servers,
  speedWith,
  stationWeights,
  withStation,
} from './product-form.ts';
export { little, type QueueMeans } from './queue-means.ts';
export { withinQuota } from './quota.ts';
export { amdahl, gustafson } from './scaling.ts';
export { withinTokenBucket } from './token-bucket.ts';
export { type TruncatedGeometric, truncatedGeometric } from './truncated-geometric.ts';
