/**
 * Virtual time and chance: the event calendar, seeded random streams and samplers, mergeable histograms,
 * confidence intervals and the search for the end of the warm-up. Pure: no clock, no `Math.random`.
 */
export { Calendar } from './calendar.ts';
export {
  around,
  type Interval,
  meanInterval,
  studentQuantile975,
  studentTail,
  wilson,
} from './confidence.ts';
export { BUCKETS, bucketLow, bucketOf, countOf, quantileOf, shareAtMost } from './histogram.ts';
export { mix32 } from './mix.ts';
export { createRandom, type Random, RandomStream } from './random.ts';
export { Sampler } from './sampler.ts';
export { exponential, gamma, normal, poisson } from './variates.ts';
export { correlationTime, findWarmUp } from './warm-up.ts';
