/**
 * One key in a FIFO cache with expiry counted from insertion, requested at random with rate λ, in a cache that
 * pushes entries out after a time t.
 *
 * An entry hits until its lifetime T is over, then waits to be noticed: the next request removes it and begins
 * a new cycle, unless it is pushed out before. Either way a cycle takes min(T, t) + 1/λ, and the key lies in
 * the cache for R of it: R = t when T ≥ t, otherwise R = T + (1 − e^(−λ·(t − T)))/λ. Without expiry that is the
 * well-known share λt/(1 + λt); with T = 0 it is that of LRU.
 *
 * Rates are requests for the key per second, > 0; lifetimes and stays are seconds, and may be Infinity.
 */
import type { Cycle } from './cycle.ts';

export const fifoCycle: Cycle = {
  residence(rate, lifetime, stay) {
    return lifetime >= stay ? stay : lifetime - Math.expm1(-rate * (stay - lifetime)) / rate;
  },
  length(rate, lifetime, stay) {
    return Math.min(lifetime, stay) + 1 / rate;
  },
  hits(rate, lifetime, stay) {
    return rate * Math.min(lifetime, stay);
  },
};

/**
 * The time up to which the cache must keep entries for this key to be in it at a random instant: its
 * distribution function is residence over length.
 *
 * @param u uniform on [0, 1)
 */
export function fifoStayNeeded(rate: number, lifetime: number, u: number): number {
  const fresh = u / (1 - u) / rate;
  // While t < T the cycle is shorter; the two forms meet at t = T.
  return fresh <= lifetime ? fresh : lifetime - Math.log((1 - u) * (1 + rate * lifetime)) / rate;
}

/**
 * Seconds since insertion of an entry that is in the cache at a random instant.
 *
 * @param stay may be Infinity only when the lifetime is not
 * @param u uniform on [0, 1)
 */
export function fifoAge(rate: number, lifetime: number, stay: number, u: number): number {
  if (lifetime >= stay) return u * stay;
  const part = u * fifoCycle.residence(rate, lifetime, stay);
  return part <= lifetime ? part : lifetime - Math.log1p(-rate * (part - lifetime)) / rate;
}
