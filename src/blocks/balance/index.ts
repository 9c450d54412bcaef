/**
 * Load balancers: which of several targets takes the next request, which targets are fit to be asked, and which
 * one a session belongs to.
 *
 * One file per algorithm; a new one extends `CountingBalancer`, joins the table in `create-balancer.ts`, and from
 * then on runs the conformance suite. Health is apart from choice: `RiseFall` (probes), `OutlierEjection` (what
 * requests came to) and `SlowStart` each know one thing, and `TargetHealth` puts them in front of a balancer.
 */
export { type Balancer, type BalancerState, CountingBalancer } from './balancer.ts';
export {
  type BalanceAlgorithm,
  type BalancerOptions,
  balanceAlgorithms,
  createBalancer,
  keyedAlgorithms,
  restoreBalancer,
} from './create-balancer.ts';
export {
  TargetHealth,
  type TargetHealthOptions,
  type TargetHealthState,
  type TargetState,
} from './health.ts';
export { LeaseList, type LeaseListState } from './lease-list.ts';
export { OutlierEjection, type OutlierOptions, type OutlierState } from './outlier-ejection.ts';
export { RiseFall, type RiseFallOptions, type RiseFallState } from './rise-fall.ts';
export { SlowStart, type SlowStartOptions, type SlowStartState } from './slow-start.ts';
export { Stickiness, type StickinessOptions, type StickinessState } from './stickiness.ts';
