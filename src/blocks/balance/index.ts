/**
 * Load balancers: which of several equal targets takes the next request.
 * One file per algorithm; a new one extends `CountingBalancer`, joins the table in `create-balancer.ts`, and
 * from then on runs the conformance suite.
 */
export type { Balancer } from './balancer.ts';
export { type BalanceAlgorithm, balanceAlgorithms, createBalancer } from './create-balancer.ts';
