/**
 * What becomes of one key between an insertion and the next, under a policy whose entries leave after a
 * certain stay unless something keeps them. All in expectation.
 *
 * @see `fifo-cycle.ts` for the units of the arguments
 */
export interface Cycle {
  /** Seconds in the cache, expired ones included. */
  residence(rate: number, lifetime: number, stay: number): number;
  /** Seconds from insertion to insertion. */
  length(rate: number, lifetime: number, stay: number): number;
  /** Requests that hit. */
  hits(rate: number, lifetime: number, stay: number): number;
}
